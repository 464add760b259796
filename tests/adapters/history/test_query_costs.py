"""What the queries of a refresh cost in steps of SQLite: the same with a hundred rows and with a hundred thousand."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.history import database, queries
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryFilter
from tests.adapters.history.history_entries import DAY, NOW, entry
from tests.adapters.history.long_history import (
    ACCOUNTS,
    KEYS,
    LARGE,
    SMALL,
    TODAY,
    Query,
    StepCounter,
    create_long_history,
)

APPID = "wx0000000000000001"


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> StepCounter:
    return StepCounter(monkeypatch)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    files = {}
    for row_count in (SMALL, LARGE):
        files[row_count] = tmp_path_factory.mktemp("history") / "history.sqlite3"
        create_long_history(files[row_count], row_count)
    return files


@pytest.fixture
def histories(files: dict[int, Path]) -> Iterator[dict[int, SqliteHistoryStore]]:
    histories = {rows: SqliteHistoryStore(path, lambda: NOW, rows_max=2 * LARGE) for rows, path in files.items()}
    yield histories
    for history in histories.values():
        history.close()


REFRESH_QUERIES: dict[str, Query] = {
    "retry state": lambda history: history.latest(APPID, KEYS[0], 50),
    "last attempt": lambda history: history.latest(APPID, KEYS[1], 1),
    "origin of a value": lambda history: history.entries_of_value(APPID, KEYS[0], "00000001", 0.0),
    "origin of an unknown value": lambda history: history.entries_of_value(APPID, KEYS[0], "unknown", NOW - DAY),
    "calls of the day": lambda history: history.count_calls(APPID, TODAY),
    "no changes": lambda history: history.changes_since(LARGE),
    "first page": lambda history: history.read_page(HistoryFilter(), None, 100),
    "first page of a key": lambda history: history.read_page(HistoryFilter(appid=APPID), None, 20),
}


@pytest.mark.parametrize("name", REFRESH_QUERIES)
def test_a_query_costs_the_same_with_ten_times_the_history(
    name: str, histories: dict[int, SqliteHistoryStore], counter: StepCounter
) -> None:
    query = REFRESH_QUERIES[name]
    small, large = (counter.count(query, histories[rows]) for rows in (SMALL, LARGE))
    assert 0 < large <= small * 1.1 + 10


def test_an_attempt_costs_the_same_to_write(histories: dict[int, SqliteHistoryStore], counter: StepCounter) -> None:
    def append(history: SqliteHistoryStore) -> None:
        history.append(entry(NOW, appid=APPID, fingerprint="new"))

    small, large = (counter.count(append, histories[rows]) for rows in (SMALL, LARGE))
    assert 0 < large <= small * 1.1 + 10


def test_changes_are_read_by_their_ids_only(files: dict[int, Path]) -> None:
    db = sqlite3.connect(files[LARGE])
    steps = 0

    def on_step() -> int:
        nonlocal steps
        steps += 1
        return 0

    newest, _ = queries.changes_since(db, 2**62)
    db.set_progress_handler(on_step, 1)
    _, changed = queries.changes_since(db, newest - 20)
    db.close()
    assert 0 < len(changed) <= 20
    assert steps < 500


def test_finding_what_must_not_be_trimmed_depends_on_the_keys_only(files: dict[int, Path]) -> None:
    steps = {}
    for rows, path in files.items():
        db = sqlite3.connect(path)
        taken: list[int] = []
        db.set_progress_handler(lambda taken=taken: taken.append(1), 1)  # type: ignore[misc]
        assert len(queries.last_success_ids(db)) >= ACCOUNTS * len(KEYS)
        db.close()
        steps[rows] = len(taken)
    assert steps[LARGE] == steps[SMALL]


def test_trimming_a_history_below_the_limit_counts_no_rows(
    histories: dict[int, SqliteHistoryStore], counter: StepCounter
) -> None:
    small, large = (counter.count(lambda h: h.trim(NOW), histories[rows]) for rows in (SMALL, LARGE))
    assert large <= small * 1.1 + 10


def test_an_older_file_gets_the_missing_indexes_with_the_first_write(path: Path) -> None:
    path.parent.mkdir()
    db = sqlite3.connect(path, isolation_level=None)
    queries.create_schema(db)
    db.execute("DROP INDEX by_value")
    db.execute("DROP INDEX counted_calls")
    db.close()
    history = SqliteHistoryStore(path, lambda: NOW)
    assert history.latest("wx1", "ACCESS_TOKEN", 1) == ()  # it can be read before that
    history.append(entry(result=AttemptResult.NEW))
    history.close()
    db = sqlite3.connect(path)
    indexes = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    db.close()
    assert {"by_value", "counted_calls"} <= indexes


def test_a_connection_caches_few_pages_however_long_the_history_is(history: SqliteHistoryStore) -> None:
    history.append(entry())
    (connection,) = history._database._own_connections()
    assert connection.db is not None
    assert connection.db.execute("PRAGMA cache_size").fetchone() == (-database.PAGE_CACHE_KIB,)
