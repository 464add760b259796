"""Connections of the history: long reads, their interruption, forks, and files of old versions."""

import os
import sqlite3
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


def test_long_read_blocks_nothing_and_sees_the_state_at_its_start(
    history: SqliteHistoryStore, reader: ThreadPoolExecutor
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow_count(db: Connection) -> int:
        begun.set()
        assert go_on.wait(20)
        count: int = db.execute("SELECT count(*) FROM attempt").fetchone()[0]
        return count

    long_read = reader.submit(history._database.read_snapshot, slow_count, lambda: history.buffered_count)
    assert begun.wait(20)
    history.append(entry(NOW + 1))
    assert history.count_calls("wx1", NOW).automatic == 2
    assert len(history.latest("wx1", "ACCESS_TOKEN", 5)) == 2
    assert history.count(ALL) == 2
    assert not long_read.done()
    go_on.set()
    assert long_read.result(20) == (1, 0)
    assert len(history.read_page(ALL, None, 5)) == 2  # the next one sees what is now


def test_interrupted_long_read_ends_at_once(history: SqliteHistoryStore, reader: ThreadPoolExecutor) -> None:
    begun = threading.Event()

    def endless(db: Connection) -> int:
        begun.set()
        count: int = db.execute(ENDLESS).fetchone()[0]
        return count

    long_read = reader.submit(history._database.read_snapshot, endless, lambda: 0, is_interruptible=True)
    assert begun.wait(20)
    while not long_read.done():  # it may have been a moment before its query began
        history.interrupt()
    assert long_read.result() == (None, 0)
    assert history.quarantined_path is None
    assert len(history.read_page(ALL, None, 5)) == 1


def test_interrupt_without_a_long_read_changes_nothing(history: SqliteHistoryStore) -> None:
    history.interrupt()
    assert len(history.read_page(ALL, None, 5)) == 1
    history.interrupt()
    assert len(history.read_page(ALL, None, 5)) == 1
    history.close()
    history.interrupt()


def test_database_with_a_rollback_journal_is_migrated_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    history = SqliteHistoryStore(path, lambda: NOW)
    history.append(entry(NOW))
    history.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    db.close()
    assert history.count(ALL) == 1
    history.append(entry(NOW + 1))
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
    history.close()
    assert [row.entry.at for row in history.read_page(ALL, None, 5)] == [NOW + 1, NOW]
    assert history.quarantined_path is None
    history.close()


def test_close_removes_the_wal_files_of_all_threads(
    tmp_path: Path, history: SqliteHistoryStore, reader: ThreadPoolExecutor
) -> None:
    assert reader.submit(history.count, ALL).result(20) == 1
    reader.submit(history.append, entry(NOW + 1)).result(20)
    assert len(list(tmp_path.iterdir())) == 3
    history.close()
    assert [file.name for file in tmp_path.iterdir()] == ["history.sqlite3"]
    assert reader.submit(history.count, ALL).result(20) == 2


@pytest.mark.only_on("linux", "darwin")
def test_forked_child_uses_a_connection_of_its_own(history: SqliteHistoryStore) -> None:
    inherited = history._database._connections.copy()
    pid = os.fork()
    if pid == 0:
        try:
            history.append(entry(NOW + 1))
            ours = history._database._connections.keys() - inherited.keys()
            history.close()
            is_untouched = all(connection.db is not None for connection in inherited.values())
            os._exit(0 if len(ours) == 1 and is_untouched and not history.buffered_count else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    history.append(entry(NOW + 2))
    assert [row.entry.at for row in history.read_page(ALL, None, 5)] == [NOW + 2, NOW + 1, NOW]
    assert (history.quarantined_path, history.write_error) == (None, None)
