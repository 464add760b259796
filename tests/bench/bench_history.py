"""The history with 1,000,000 rows against one with 1,000: open, page, filter, append, count, search."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.adapters.history.queries import insert
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_times

NOW = 1_700_000_000.0
SMALL_ROWS, LARGE_ROWS = 1_000, 1_000_000
CALLS = 10  # of each query in a round


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


def time_query(query: Callable[[], object], calls: int) -> float:
    """Return the milliseconds that the fastest of some calls took."""
    durations = []
    for _ in range(calls):
        started_at = time.perf_counter()
        query()
        durations.append((time.perf_counter() - started_at) * 1000)
    return min(durations)


def time_queries(path: Path, history: SqliteHistoryStore, calls: int) -> Figures:
    opening = reopen_and_page(path)
    return {
        **{name: time_query(lambda: query(history), calls) for name, query in QUERIES.items()},  # noqa: B023 - called at once
        **{name: time_query(lambda: query(history), 1) for name, query in UNLIMITED_QUERIES.items()},  # noqa: B023
        "open, first page, close": time_query(lambda: opening(history), calls),
    }


@contextmanager
def open_histories(size: Size) -> Iterator[Sides]:
    calls = size.choose(CALLS, CALLS, 1)
    with tempfile.TemporaryDirectory() as folder:
        few_path, many_path = Path(folder, "few.sqlite3"), Path(folder, "many.sqlite3")
        few = create_history(few_path, size.choose(SMALL_ROWS, SMALL_ROWS, 600))
        many = create_history(many_path, size.choose(LARGE_ROWS, LARGE_ROWS // 10, 700))
        yield Sides(lambda: time_queries(many_path, many, calls), lambda: time_queries(few_path, few, calls))
        few.close()
        many.close()


SMALL = "the same with 1,000 rows"
NOT_IN_MAIN_THREAD = "1,000,000 rows of history, never in the main thread"
HISTORY = Bench(
    "history",
    (
        *(
            Row(name, f"1,000,000 rows of history: {name}", SMALL, "ms", at_most_times(3))
            for name in (*QUERIES, "open, first page, close")
        ),
        *(Row(name, f"{NOT_IN_MAIN_THREAD}: {name}", SMALL, "ms") for name in UNLIMITED_QUERIES),
    ),
    rounds=30,
    quick_rounds=5,
    open=open_histories,
)
