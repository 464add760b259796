"""The history is checked without being changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from guarddog_gui.adapters.health.history import check_history
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.health.results import HistoryProbeResult
from guarddog_gui.domain.refresh.history import AttemptResult
from tests.fakes import FakeClock
from tests.services.messages.languages import attempt

CLOCK = FakeClock()


def make_history(path: Path) -> None:
    store = SqliteHistoryStore(path, CLOCK)
    store.append(attempt(AttemptResult.NEW))
    store.close()


def test_a_missing_history_is_not_created(tmp_path: Path) -> None:
    assert check_history(tmp_path / "history.sqlite3", CLOCK) == HistoryProbeResult()
    assert list(tmp_path.iterdir()) == []


def test_a_sound_history_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    make_history(path)
    before = path.read_bytes()

    assert check_history(path, CLOCK) == HistoryProbeResult()
    assert path.read_bytes() == before


def test_a_history_that_another_program_writes_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    make_history(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = check_history(path, CLOCK).error

    assert error is not None
    assert error.reason == "another program is writing it"


def test_a_damaged_history_is_moved_aside_and_named(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_bytes(b"no database" * 100)

    result = check_history(path, CLOCK)

    assert result.quarantined_path.startswith(f"{path}.damaged-")
