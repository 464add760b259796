"""Long histories in files, and the steps that SQLite takes to query them."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.history import database, queries
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from tests.adapters.history.history_entries import DAY, NOW, entry

ACCOUNTS = 100
KEYS = ("ACCESS_TOKEN", "JSAPI_TICKET")
SMALL, LARGE = 10_000, 100_000  # both have more than RETRY_HISTORY_MAX rows of each key
TODAY = beijing_day_start(NOW)

Query = Callable[[SqliteHistoryStore], object]


class StepCounter:
    """Count of the steps that SQLite's virtual machine takes in all connections."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        connect = database._connect

        def connect_and_count(*arguments: object, **options: object) -> sqlite3.Connection:
            db = connect(*arguments, **options)  # type: ignore[arg-type]
            db.set_progress_handler(self._on_step, 1)
            return db

        monkeypatch.setattr(database, "_connect", connect_and_count)

    def _on_step(self) -> int:
        self.steps += 1
        return 0

    def count(self, query: Query, history: SqliteHistoryStore) -> int:
        query(history)  # opens the file
        before = self.steps
        query(history)
        return self.steps - before


def make_entry(number: int, row_count: int) -> HistoryEntry:
    """Return one of `row_count` entries of the days before today, evenly spread over accounts and keys."""
    at = TODAY - DAY * (row_count - number) / row_count
    fields: dict[str, Any] = {
        "appid": f"wx{number % ACCOUNTS:016x}",
        "key": KEYS[number // ACCOUNTS % 2],
        "expires_at": at + 7200,
    }
    return entry(at, fingerprint=f"{number:08x}", **fields)


def create_long_history(path: Path, row_count: int, appid: str = "") -> None:
    """Create a history; with `appid` all rows are of this account."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    queries.create_schema(db)
    db.execute("BEGIN")
    entries = (make_entry(number, row_count) for number in range(row_count))
    queries.insert(db, [replace(made, appid=appid) if appid else made for made in entries])
    db.execute("COMMIT")
    db.close()
