"""Variants a second of a diagnosis, against SHA-1 of as many strings on one core."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.diagnosis.search import NoMatch, diagnose
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_times

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
SHORT_URL = "https://shop.example.cn/goods/list/?b=2&a=1&from=timeline"
LONG_URL = SHORT_URL + "&isappinstalled=0&utm_source=x&utm_medium=y&c=3#/detail?id=7"


def make_tickets(count: int) -> tuple[CandidateTicket, ...]:
    others = (CandidateTicket(f"{n:086}", TicketOrigin.OTHER_ACCOUNT, f"wx{n:016x}", f"{n}") for n in range(count))
    return (CandidateTicket(TICKET, TicketOrigin.CURRENT, "wx1234567890abcdef", "Shop"), *others)


def make_diagnosis_input(page: str, accounts: int) -> DiagnosisInput:
    return DiagnosisInput(page, "0" * 40, "Wm3WZYTPz0wzccnW", "1414587457", make_tickets(accounts))


CASES = {  # page and number of tickets of other accounts
    "one account, a short URL": (SHORT_URL, 0),
    "ten accounts, a long URL": (LONG_URL, 20),
    "a hundred accounts, a long URL": (LONG_URL, 200),
    "a thousand accounts, a long URL": (LONG_URL, 2_000),
}
GENERATION = (
    "hashing takes 0.9 of bare SHA-1 (`_index_of_match` hashes the common beginning once), the rest is making the "
    "variants: 2 µs for each URL, of which every template is then hashed. With SHA-1 in hardware that is half of the time."
)
TINY_URL = "https://a.cn/"


def time_diagnosis(case: DiagnosisInput) -> tuple[float, int]:
    started_at = time.thread_time()
    result = diagnose(case)
    took = time.thread_time() - started_at
    assert isinstance(result, NoMatch)
    return took, result.tried_count


def time_sha1(case: DiagnosisInput, count: int) -> float:
    """Measure the time to hash and compare `count` prepared strings of a typical length."""
    begin = f"jsapi_ticket={TICKET}&noncestr={case.nonce}&timestamp={case.timestamp}&url={case.page_url}".encode()
    strings = [begin + b"%d" % n for n in range(count)]
    expected = bytes.fromhex(case.signature)
    started_at = time.thread_time()
    for string in strings:
        assert sha1(string, usedforsecurity=False).digest() != expected
    return time.thread_time() - started_at


@contextmanager
def open_diagnosis(size: Size) -> Iterator[Sides]:
    cases = {name: make_diagnosis_input(url, ticket_count) for name, (url, ticket_count) in CASES.items()}
    if size is Size.TINY:
        cases = {name: make_diagnosis_input(TINY_URL, 0) for name in list(CASES)[:1]}
    counts: dict[str, int] = {}  # of variants, which the first search tells

    def ours() -> Figures:
        figures = dict.fromkeys(CASES, 0.0)
        for name, case in cases.items():
            took, counts[name] = time_diagnosis(case)
            figures[name] = took / counts[name] * 1e6
        return figures

    def other() -> Figures:
        figures = {name: time_sha1(case, counts[name]) / counts[name] * 1e6 for name, case in cases.items()}
        return {**dict.fromkeys(CASES, 0.0), **figures}

    was_automatic = gc.isenabled()
    gc.disable()  # as in the tray app, which collects when its main thread is idle
    yield Sides(ours, other)
    if was_automatic:
        gc.enable()


DIAGNOSIS = Bench(
    "diagnosis",
    tuple(
        # a search of less than a tenth of a second has to be fast, not fast per variant
        Row(
            name,
            f"diagnosis: {name}",
            "SHA-1 of as many strings",
            "µs a variant",
            None if count == 0 else at_most_times(1.5),
            GENERATION,
        )
        for name, (_, count) in CASES.items()
    ),
    rounds=7,
    quick_rounds=2,
    open=open_diagnosis,
)
