"""Check that the history can be written, without changing it."""

import os
import sqlite3
from pathlib import Path

from guarddog_gui.adapters.history.database import HistoryDatabase
from guarddog_gui.domain.health.results import HistoryProbeResult
from guarddog_gui.services.ports import Clock


def check_history(path: Path, clock: Clock) -> HistoryProbeResult:
    """Take the write lock of the database and give it back. A missing file is not created.

    A damaged database is moved aside, as each program does that opens it.
    """
    if not os.path.lexists(path):
        return HistoryProbeResult()
    database = HistoryDatabase(path, clock)
    try:
        database.write(_take_write_lock)
    finally:
        database.close()
    moved = database.quarantined_path
    return HistoryProbeResult(database.last_error, "" if moved is None else os.fspath(moved))


def _take_write_lock(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")
