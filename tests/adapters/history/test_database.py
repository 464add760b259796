"""The history's file while something takes long to read: nobody waits for it, and it can be broken off."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlite3 import Connection

import pytest

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from tests.fakes import NOW

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
ALL = HistoryFilter()


def entry(at: float) -> HistoryEntry:
    return HistoryEntry(at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[SqliteHistoryStore]:
    history = SqliteHistoryStore(tmp_path / "history.sqlite3", lambda: NOW)
    history.append(entry(NOW))
    yield history
    history.close()


@pytest.fixture
def reader() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as reader:
        yield reader


def test_nobody_waits_for_a_long_read_and_it_sees_what_was_there_when_it_began(
    history: SqliteHistoryStore, reader: ThreadPoolExecutor
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow_count(db: Connection | None, held: int) -> tuple[int, int]:
        assert db is not None
        begun.set()
        assert go_on.wait(20)
        return db.execute("SELECT count(*) FROM attempt").fetchone()[0], held

    long_read = reader.submit(history._database.read_snapshot, lambda: history.buffered_count, slow_count)
    assert begun.wait(20)
    history.append(entry(NOW + 1))
    assert history.count_calls("wx1", NOW).automatic == 2
    assert len(history.latest("wx1", "ACCESS_TOKEN", 5)) == 2
    assert history.count(ALL) == 2
    assert not long_read.done()
    go_on.set()
    assert long_read.result(20) == (1, 0)
    assert len(history.read_page(ALL, None, 5)) == 2  # the next one sees what is now


def test_a_long_read_that_nobody_waits_for_any_more_ends_at_once(
    history: SqliteHistoryStore, reader: ThreadPoolExecutor
) -> None:
    begun = threading.Event()

    def endless(db: Connection | None, _held: int) -> int | None:
        if db is None:
            return None
        begun.set()
        count: int = db.execute(ENDLESS).fetchone()[0]
        return count

    long_read = reader.submit(history._database.read_snapshot, lambda: 0, endless)
    assert begun.wait(20)
    while not long_read.done():  # it may have been a moment before its query began
        history.interrupt()
    assert long_read.result() is None
    assert history.quarantined_path is None
    assert len(history.read_page(ALL, None, 5)) == 1


def test_breaking_off_without_a_long_read_changes_nothing(history: SqliteHistoryStore) -> None:
    history.interrupt()
    assert len(history.read_page(ALL, None, 5)) == 1
    history.interrupt()
    assert len(history.read_page(ALL, None, 5)) == 1
    history.close()
    history.interrupt()
