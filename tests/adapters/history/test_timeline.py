"""Timeline of the last hours from the history: marks by column, and gaps without a token."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.timeline import TimelineMark, TimelineRow, TokenGap

NOW = 1_790_000_000.0
HOUR = 3600.0
SINCE = NOW - 24 * HOUR
COLUMNS = 24  # an hour each


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[SqliteHistoryStore]:
    db = SqliteHistoryStore(path, lambda: NOW)
    yield db
    db.close()


def good(hour: float, *, life: float = 2.0, **fields: object) -> HistoryEntry:
    """Return the entry of a new access token: start after the beginning of the timeline and life in hours."""
    at = SINCE + hour * HOUR
    made = HistoryEntry(
        at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1, expires_at=at + life * HOUR
    )
    return replace(made, **fields)  # the names of Entry's fields


def bad(hour: float, errcode: int | None = 40164, **fields: object) -> HistoryEntry:
    result = AttemptResult.REFUSED if errcode is not None else AttemptResult.NO_ANSWER
    changes = {"result": result, "errcode": errcode, "expires_at": None, **fields}
    return replace(good(hour), **changes)  # the names of Entry's fields


def drawn(history: SqliteHistoryStore, *entries: HistoryEntry, appid: str = "wx1") -> TimelineRow:
    for entry in entries:
        history.append(entry)
    timeline = history.read_timeline((appid,), SINCE, NOW, COLUMNS)
    assert (timeline.since, timeline.until, timeline.column_count) == (SINCE, NOW, COLUMNS)
    (row,) = timeline.rows
    assert row.appid == appid
    return row


def hours(row: TimelineRow) -> list[tuple[float, float]]:
    return [((gap.start - SINCE) / HOUR, (gap.end - SINCE) / HOUR) for gap in row.gaps]


def test_missing_history_gives_an_empty_timeline(history: SqliteHistoryStore, path: Path) -> None:
    assert history.read_timeline(("wx1", "wx2"), SINCE, NOW, COLUMNS).rows == ()
    assert not path.exists()


def test_attempts_are_counted_in_the_column_of_their_time(history: SqliteHistoryStore) -> None:
    row = drawn(history, good(0), good(0.9), bad(1.0), good(5.5), bad(5.6), bad(5.7), good(23.99))
    assert row.marks == (
        TimelineMark(0, 2, 0),
        TimelineMark(1, 0, 1, 40164),
        TimelineMark(5, 1, 2, 40164),
        TimelineMark(23, 1, 0),
    )


def test_failure_without_errcode_counts(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(3, None)).marks == (TimelineMark(3, 0, 1, None),)


def test_column_has_the_errcode_of_its_own_failures_only(history: SqliteHistoryStore) -> None:
    row = drawn(history, bad(3, 40001), bad(3.1, None), bad(4, 45009), bad(5, None))
    assert [(mark.column, mark.errcode) for mark in row.marks] == [(3, 40001), (4, 45009), (5, None)]


def test_attempts_outside_the_time_span_have_no_mark(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(-0.01), bad(24), bad(30)).marks == ()


def test_tickets_have_marks_and_end_no_gap(history: SqliteHistoryStore) -> None:
    row = drawn(history, good(0), good(10, key="JSAPI_TICKET"))
    assert [mark.column for mark in row.marks] == [0, 10]
    assert hours(row) == [(2, 24)]


def test_gap_lasts_from_the_end_of_a_token_to_the_next(history: SqliteHistoryStore) -> None:
    row = drawn(history, good(0), good(1.9), bad(3.8), good(7), good(9), *map(good, range(11, 24, 2)))
    assert row.gaps == (TokenGap(SINCE + 3.9 * HOUR, SINCE + 7 * HOUR),)


def test_expired_token_leaves_a_gap_until_now(history: SqliteHistoryStore) -> None:
    assert hours(drawn(history, good(20))) == [(22, 24)]


def test_token_from_before_the_time_span_counts(history: SqliteHistoryStore) -> None:
    assert hours(drawn(history, good(-1, life=2), good(3, life=40))) == [(1, 3)]


def test_token_expired_before_the_time_span_leaves_a_gap_from_its_start(history: SqliteHistoryStore) -> None:
    assert hours(drawn(history, good(-50), good(-9, life=2), good(3, life=40))) == [(0, 3)]


def test_new_account_has_no_gap(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(19), good(20, life=40)).gaps == ()


def test_token_of_another_program_is_no_gap(history: SqliteHistoryStore) -> None:
    row = drawn(history, good(0), good(2, result=AttemptResult.ADOPTED, life=40))
    assert row.gaps == ()


def test_failure_with_an_expiry_is_no_token_life(history: SqliteHistoryStore) -> None:
    refused = good(2, result=AttemptResult.REFUSED, errcode=40164)
    assert hours(drawn(history, good(0), refused)) == [(2, 24)]


def test_accounts_are_separate_and_in_the_requested_order(history: SqliteHistoryStore) -> None:
    history.append(good(1, life=40))
    history.append(bad(2, appid="wx2"))
    timeline = history.read_timeline(("wx2", "wx1", "wx3"), SINCE, NOW, COLUMNS)
    assert [row.appid for row in timeline.rows] == ["wx2", "wx1", "wx3"]
    assert [[mark.column for mark in row.marks] for row in timeline.rows] == [[2], [1], []]


def test_ten_thousand_attempts_are_counted_quickly(history: SqliteHistoryStore, path: Path) -> None:
    history.append(good(-1))
    rows = 10_000
    with closing(sqlite3.connect(path)) as other, other:
        other.executemany(
            "INSERT INTO attempt (at, appid, key, trigger, result, good, calls, forced, errmsg, took_ms,"
            " fingerprint, detail, endpoint, expires_at)"
            " VALUES (?, 'wx1', 'ACCESS_TOKEN', 'timer', 'new', 1, 1, 0, '', 0, '', '', '', ?)",
            [(SINCE + n * 24 * HOUR / rows, NOW + HOUR) for n in range(rows)],
        )
    began = time.thread_time()
    (row,) = history.read_timeline(("wx1",), SINCE, NOW, 600).rows
    assert time.thread_time() - began < 0.5
    assert sum(mark.success_count for mark in row.marks) == rows
    assert len(row.marks) == 600
    assert row.gaps == ()
