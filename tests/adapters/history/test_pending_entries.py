import sqlite3
from pathlib import Path

import pytest

from guarddog_gui.adapters.history.pending_entries import PendingEntryFiles
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger

NOW = 1_790_000_000.0


def make_entry(at: float) -> HistoryEntry:
    return HistoryEntry(at, "wx1", "ACCESS_TOKEN", Trigger.COMMAND, AttemptResult.NEW, calls=1, fingerprint="a…b(9)")


def times(history: SqliteHistoryStore) -> list[float]:
    return [row.entry.at for row in history.read_page(HistoryFilter(), None, 100)]


def open_history(path: Path) -> SqliteHistoryStore:
    return SqliteHistoryStore(path, lambda: NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "history.sqlite3"
    history = open_history(path)
    history.append(make_entry(NOW))
    history.close()
    return path


def test_what_a_busy_database_refuses_at_the_end_is_added_by_the_next_process(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    history = open_history(path)
    for at in (NOW + 1, NOW + 2):
        history.append(make_entry(at))
    history.close()
    (pending,) = PendingEntryFiles(path).paths()
    assert pending.stat().st_mode & 0o777 == 0o600
    other.close()

    history = open_history(path)
    history.append(make_entry(NOW + 3))
    assert sorted(times(history)) == [NOW, NOW + 1, NOW + 2, NOW + 3]
    assert not PendingEntryFiles(path).paths()
    history.close()


def test_the_daily_maintenance_adds_them_without_a_new_entry(path: Path) -> None:
    history = open_history(path)
    history.append(make_entry(NOW + 1))
    PendingEntryFiles(path).save([make_entry(NOW + 2)], NOW)
    history.trim(NOW)
    assert sorted(times(history)) == [NOW, NOW + 1, NOW + 2]
    history.close()


def test_an_entry_of_a_process_that_was_killed_after_adding_it_is_not_added_twice(path: Path) -> None:
    PendingEntryFiles(path).save([make_entry(NOW), make_entry(NOW + 1)], NOW)
    history = open_history(path)
    history.flush()
    assert sorted(times(history)) == [NOW, NOW + 1]
    history.close()


def test_a_damaged_file_is_removed_and_delays_no_entry(path: Path) -> None:
    PendingEntryFiles(path).save([], NOW)
    (pending,) = PendingEntryFiles(path).paths()
    pending.write_text('[{"at": "yesterday"}]')
    history = open_history(path)
    history.append(make_entry(NOW + 1))
    assert sorted(times(history)) == [NOW, NOW + 1]
    assert not PendingEntryFiles(path).paths()
    history.close()


def test_an_entry_is_added_without_waiting_for_the_database(path: Path) -> None:
    history = open_history(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    history.enqueue(make_entry(NOW + 1))
    assert sorted(times(history)) == [NOW, NOW + 1]
    other.close()
    history.flush()
    assert (history.buffered_count, sorted(times(history))) == (0, [NOW, NOW + 1])
    history.close()


def test_a_flush_with_nothing_to_write_creates_no_database(tmp_path: Path) -> None:
    history = open_history(tmp_path / "history.sqlite3")
    history.flush()
    history.close()
    assert not list(tmp_path.iterdir())
