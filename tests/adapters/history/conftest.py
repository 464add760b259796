"""The history of a test, in a folder that does not exist yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from tests.adapters.history.history_entries import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[SqliteHistoryStore]:
    db = SqliteHistoryStore(path, lambda: NOW)
    yield db
    db.close()
