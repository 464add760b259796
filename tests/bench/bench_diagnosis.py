"""Benchmark of the diagnosis against plain SHA-1 of as many strings on one core.

python tests/bench/bench_diagnosis.py

Prints the seconds of both, measured alternately, and their ratio; exits with 1 if the ratio of a search of
hundreds of thousands of variants is above 3.
"""

import statistics
import sys
import time
from hashlib import sha1

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.diagnosis.search import NoMatch, diagnose

RATIO_MAX = 3.0
ROUNDS = 5
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
SHORT_URL = "https://shop.example.cn/goods/list/?b=2&a=1&from=timeline"
LONG_URL = SHORT_URL + "&isappinstalled=0&utm_source=x&utm_medium=y&c=3#/detail?id=7"


def make_tickets(count: int) -> tuple[CandidateTicket, ...]:
    others = (CandidateTicket(f"{n:086}", TicketOrigin.OTHER_ACCOUNT, f"wx{n:016x}", f"{n}") for n in range(count))
    return (CandidateTicket(TICKET, TicketOrigin.CURRENT, "wx1234567890abcdef", "Shop"), *others)


def make_diagnosis_input(page: str, accounts: int) -> DiagnosisInput:
    return DiagnosisInput(page, "0" * 40, "Wm3WZYTPz0wzccnW", "1414587457", make_tickets(accounts))


CASES = {
    "one account, a short URL": make_diagnosis_input(SHORT_URL, 0),
    "ten accounts, a long URL": make_diagnosis_input(LONG_URL, 20),
    "a hundred accounts, a long URL": make_diagnosis_input(LONG_URL, 200),
    "a thousand accounts, a long URL": make_diagnosis_input(LONG_URL, 2_000),
}


def time_diagnosis(case: DiagnosisInput) -> tuple[float, int]:
    started_at = time.perf_counter()
    result = diagnose(case)
    took = time.perf_counter() - started_at
    assert isinstance(result, NoMatch)
    return took, result.tried_count


def time_sha1(case: DiagnosisInput, count: int) -> float:
    """Measure the time to hash and compare `count` prepared strings of a typical length."""
    begin = f"jsapi_ticket={TICKET}&noncestr={case.nonce}&timestamp={case.timestamp}&url={case.page_url}".encode()
    strings = [begin + b"%d" % n for n in range(count)]
    expected = bytes.fromhex(case.signature)
    started_at = time.perf_counter()
    for string in strings:
        assert sha1(string, usedforsecurity=False).digest() != expected
    return time.perf_counter() - started_at


def compare(name: str, case: DiagnosisInput) -> tuple[int, float]:
    _, count = time_diagnosis(case)
    pairs = [(time_diagnosis(case)[0], time_sha1(case, count)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    print(f"{name:34} {count:9,} variants {ours:6.2f} s, bare {theirs:6.2f} s {ours / theirs:6.2f} x")  # noqa: T201 - its job
    return count, ours / theirs


def main() -> int:
    ratios = [compare(name, case) for name, case in CASES.items()]
    return int(max(ratio for count, ratio in ratios if count > 100_000) > RATIO_MAX)


if __name__ == "__main__":
    sys.exit(main())
