"""Benchmark of the history with 1,000,000 rows and with 1,000 rows: open, page, filter, append, count.

python tests/bench/bench_history.py [ROWS]

Prints the median times and their ratio, measured alternately; exits with 1 if a limited ratio is above 3.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from guarddog_gui.adapters.history.queries import insert
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger

NOW = 1_700_000_000.0
SMALL_ROWS, LARGE_ROWS = 1_000, 1_000_000
RATIO_MAX = 3.0
ROUNDS = 200


def make_entry(number: int) -> HistoryEntry:
    """Return an entry of one of 20 accounts and two keys; one in ten is a failure, and 40164 is rare."""
    failed = number % 10 == 0
    return HistoryEntry(
        at=NOW + number * 15,
        appid=f"wx{number % 20:016x}",
        key="ACCESS_TOKEN" if number // 20 % 2 else "JSAPI_TICKET",
        trigger=Trigger.USER if number % 500 == 7 else Trigger.TIMER,
        result=AttemptResult.REFUSED if failed else AttemptResult.NEW,
        calls=1,
        errcode=(40164 if number % 200 == 0 else -1) if failed else None,
        errmsg="system error rid: 6512c7d1-1a2b3c4d-5e6f7a8b" if failed else "",
        took_ms=120,
        fingerprint="" if failed else "90_a…7Qz4 (136)",
        endpoint="stable_token",
    )


def create_history(path: Path, rows: int) -> SqliteHistoryStore:
    history = SqliteHistoryStore(path, lambda: NOW)
    history.append(make_entry(0))
    db = sqlite3.connect(path)
    insert(db, [make_entry(number) for number in range(1, rows)])
    db.commit()
    db.close()
    return history


def reopen_and_page(path: Path) -> Callable[[SqliteHistoryStore], object]:
    def open_and_page(_history: SqliteHistoryStore) -> object:
        fresh = SqliteHistoryStore(path, lambda: NOW)
        shown = fresh.read_page(HistoryFilter(), None, 100)
        fresh.close()
        return shown

    return open_and_page


def page_query(
    history_filter: HistoryFilter, *, after: int | None = None, limit: int = 100
) -> Callable[[SqliteHistoryStore], object]:
    return lambda history: history.read_page(history_filter, after, limit)


QUERIES: dict[str, Callable[[SqliteHistoryStore], object]] = {
    "page": page_query(HistoryFilter()),
    "page, far down": page_query(HistoryFilter(), after=500),
    "page of an errcode": page_query(HistoryFilter(errcode=-1)),
    "page of a rare errcode": page_query(HistoryFilter(errcode=40164), limit=3),
    "page of an errcode that never came": page_query(HistoryFilter(errcode=48001)),
    "page of failures": page_query(HistoryFilter(only_failures=True)),
    "page of an account": page_query(HistoryFilter(appid="wx0000000000000003"), limit=20),
    "page of an account's failures": page_query(
        HistoryFilter(appid="wx000000000000000a", only_failures=True), limit=20
    ),
    "page of a key": page_query(HistoryFilter(key="JSAPI_TICKET")),
    "page of the user's clicks": page_query(HistoryFilter(trigger="person"), limit=2),
    "page of an hour": page_query(HistoryFilter(since=NOW + 3600, until=NOW + 7200)),
    "latest of a key": lambda history: history.latest("wx0000000000000003", "ACCESS_TOKEN", 20),
    "calls of the last day": lambda history: history.count_calls(
        "wx0000000000000003", history.read_page(HistoryFilter(), None, 1)[0].entry.at - 2000
    ),
    "append": lambda history: history.append(make_entry(LARGE_ROWS * 2)),
}
UNLIMITED_QUERIES: dict[str, Callable[[SqliteHistoryStore], object]] = {
    "count all": lambda history: history.count(HistoryFilter()),
    "count failures": lambda history: history.count(HistoryFilter(only_failures=True)),
    "page of a text that is nowhere": page_query(HistoryFilter(text="no such words")),
}


def time_query(query: Callable[[SqliteHistoryStore], object], history: SqliteHistoryStore) -> float:
    started_at = time.perf_counter()
    query(history)
    return time.perf_counter() - started_at


def compare(
    name: str,
    small_case: tuple[Callable[[SqliteHistoryStore], object], SqliteHistoryStore],
    large_case: tuple[Callable[[SqliteHistoryStore], object], SqliteHistoryStore],
    rounds: int,
) -> float:
    pairs = [(time_query(*small_case), time_query(*large_case)) for _ in range(rounds)]
    small = statistics.median(pair[0] for pair in pairs)
    large = statistics.median(pair[1] for pair in pairs)
    ratio = large / small
    print(f"{name:36} {small * 1000:9.3f} ms {large * 1000:9.3f} ms {ratio:7.2f} x")  # noqa: T201 - its job
    return ratio


def main(rows: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "few.sqlite3"), Path(folder, "many.sqlite3")
        few, many = create_history(paths[0], SMALL_ROWS), create_history(paths[1], rows)
        ratios = [compare(name, (question, few), (question, many), ROUNDS) for name, question in QUERIES.items()]
        for name, question in UNLIMITED_QUERIES.items():
            compare(name, (question, few), (question, many), 5)
        few.close()
        many.close()
        opening = (reopen_and_page(paths[0]), few), (reopen_and_page(paths[1]), many)
        ratios.append(compare("open, first page, close", *opening, ROUNDS))
        size = paths[1].stat().st_size / 2**20
        started_at = time.perf_counter()
        many.trim(NOW + rows * 15 + 90 * 86400)
        many.close()
        left = many.count(HistoryFilter())
        print(f"{size:.0f} MB; trimmed to {left} rows in {time.perf_counter() - started_at:.1f} s")  # noqa: T201 - its job
    return int(max(ratios) > RATIO_MAX)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LARGE_ROWS))
