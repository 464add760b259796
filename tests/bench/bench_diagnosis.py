"""The diagnosis against one core's bare SHA-1 of as many strings. Run it by hand.

python tests/bench/bench_diagnosis.py

Prints the seconds of both, measured in turns, and their ratio; exits with 1 when the ratio of a search of
hundreds of thousands of variants is above 3.
"""

import statistics
import sys
import time
from hashlib import sha1

from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket, TicketSource
from guarddog_gui.domain.diagnosis.search import Evidence, NoMatch, diagnose

AT_MOST = 3.0
ROUNDS = 5
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
PAGE = "https://shop.example.cn/goods/list/?b=2&a=1&from=timeline"
LONG = PAGE + "&isappinstalled=0&utm_source=x&utm_medium=y&c=3#/detail?id=7"


def tickets(count: int) -> tuple[KnownTicket, ...]:
    others = (KnownTicket(f"{n:086}", TicketSource.OTHER, f"wx{n:016x}", f"{n}") for n in range(count))
    return (KnownTicket(TICKET, TicketSource.CURRENT, "wx1234567890abcdef", "Shop"), *others)


def evidence(page: str, accounts: int) -> Evidence:
    return Evidence(page, "0" * 40, "Wm3WZYTPz0wzccnW", "1414587457", tickets(accounts))


CASES = {
    "one account, a short URL": evidence(PAGE, 0),
    "ten accounts, a long URL": evidence(LONG, 20),
    "a hundred accounts, a long URL": evidence(LONG, 200),
    "a thousand accounts, a long URL": evidence(LONG, 2_000),
}


def searched(case: Evidence) -> tuple[float, int]:
    begun = time.perf_counter()
    result = diagnose(case)
    took = time.perf_counter() - begun
    assert isinstance(result, NoMatch)
    return took, result.tried


def bare(case: Evidence, count: int) -> float:
    """SHA-1 of so many ready-made strings of a usual length, and a comparison."""
    begin = f"jsapi_ticket={TICKET}&noncestr={case.nonce}&timestamp={case.timestamp}&url={case.page}".encode()
    strings = [begin + b"%d" % n for n in range(count)]
    wanted = bytes.fromhex(case.signature)
    begun = time.perf_counter()
    for string in strings:
        assert sha1(string, usedforsecurity=False).digest() != wanted
    return time.perf_counter() - begun


def compare(name: str, case: Evidence) -> tuple[int, float]:
    _, count = searched(case)
    pairs = [(searched(case)[0], bare(case, count)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    print(f"{name:34} {count:9,} variants {ours:6.2f} s, bare {theirs:6.2f} s {ours / theirs:6.2f} x")  # noqa: T201 - its job
    return count, ours / theirs


def main() -> int:
    ratios = [compare(name, case) for name, case in CASES.items()]
    return int(max(ratio for count, ratio in ratios if count > 100_000) > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
