"""The picture of the last hours, drawn from the history: marks by column, and gaps without a token."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

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
    """A new access token, so many hours after the beginning of the picture, that lives that many hours."""
    at = SINCE + hour * HOUR
    made = HistoryEntry(
        at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1, expires_at=at + life * HOUR
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # the names of Entry's fields


def bad(hour: float, errcode: int | None = 40164, **fields: object) -> HistoryEntry:
    result = AttemptResult.REFUSED if errcode is not None else AttemptResult.NO_ANSWER
    changes = {"result": result, "errcode": errcode, "expires_at": None, **fields}
    return replace(good(hour), **changes)  # type: ignore[arg-type]  # the names of Entry's fields


def drawn(history: SqliteHistoryStore, *entries: HistoryEntry, appid: str = "wx1") -> TimelineRow:
    for entry in entries:
        history.append(entry)
    timeline = history.read_timeline((appid,), SINCE, NOW, COLUMNS)
    assert (timeline.since, timeline.until, timeline.column_count) == (SINCE, NOW, COLUMNS)
    (lane,) = timeline.rows
    assert lane.appid == appid
    return lane


def hours(lane: TimelineRow) -> list[tuple[float, float]]:
    return [((gap.start - SINCE) / HOUR, (gap.end - SINCE) / HOUR) for gap in lane.gaps]


def test_without_a_history_there_is_an_empty_picture(history: SqliteHistoryStore, path: Path) -> None:
    assert history.read_timeline(("wx1", "wx2"), SINCE, NOW, COLUMNS).rows == ()
    assert not path.exists()


def test_attempts_are_counted_in_the_column_of_their_time(history: SqliteHistoryStore) -> None:
    lane = drawn(history, good(0), good(0.9), bad(1.0), good(5.5), bad(5.6), bad(5.7), good(23.99))
    assert lane.marks == (
        TimelineMark(0, 2, 0),
        TimelineMark(1, 0, 1, 40164),
        TimelineMark(5, 1, 2, 40164),
        TimelineMark(23, 1, 0),
    )


def test_a_failure_without_a_number_is_a_failure(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(3, None)).marks == (TimelineMark(3, 0, 1, None),)


def test_a_column_names_a_number_of_its_own_failures_only(history: SqliteHistoryStore) -> None:
    lane = drawn(history, bad(3, 40001), bad(3.1, None), bad(4, 45009), bad(5, None))
    assert [(mark.column, mark.errcode) for mark in lane.marks] == [(3, 40001), (4, 45009), (5, None)]


def test_what_lies_outside_the_span_has_no_mark(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(-0.01), bad(24), bad(30)).marks == ()


def test_tickets_have_marks_and_end_no_gap(history: SqliteHistoryStore) -> None:
    lane = drawn(history, good(0), good(10, key="JSAPI_TICKET"))
    assert [mark.column for mark in lane.marks] == [0, 10]
    assert hours(lane) == [(2, 24)]


def test_a_gap_is_from_the_end_of_a_token_to_the_next(history: SqliteHistoryStore) -> None:
    lane = drawn(history, good(0), good(1.9), bad(3.8), good(7), good(9), *map(good, range(11, 24, 2)))
    assert lane.gaps == (TokenGap(SINCE + 3.9 * HOUR, SINCE + 7 * HOUR),)


def test_a_token_that_has_ended_leaves_a_gap_until_now(history: SqliteHistoryStore) -> None:
    assert hours(drawn(history, good(20))) == [(22, 24)]


def test_the_token_from_before_the_span_counts(history: SqliteHistoryStore) -> None:
    assert hours(drawn(history, good(-1, life=2), good(3, life=40))) == [(1, 3)]


def test_a_token_that_had_ended_before_the_span_leaves_a_gap_from_its_beginning(
    history: SqliteHistoryStore,
) -> None:
    assert hours(drawn(history, good(-50), good(-9, life=2), good(3, life=40))) == [(0, 3)]


def test_an_account_that_has_just_begun_had_no_gap(history: SqliteHistoryStore) -> None:
    assert drawn(history, bad(19), good(20, life=40)).gaps == ()


def test_a_token_that_another_program_fetched_is_no_gap(history: SqliteHistoryStore) -> None:
    lane = drawn(history, good(0), good(2, result=AttemptResult.ADOPTED, life=40))
    assert lane.gaps == ()


def test_a_failure_that_says_when_it_would_have_ended_is_no_life(history: SqliteHistoryStore) -> None:
    refused = good(2, result=AttemptResult.REFUSED, errcode=40164)
    assert hours(drawn(history, good(0), refused)) == [(2, 24)]


def test_accounts_do_not_mix_and_come_in_the_order_that_was_asked_for(history: SqliteHistoryStore) -> None:
    history.append(good(1, life=40))
    history.append(bad(2, appid="wx2"))
    timeline = history.read_timeline(("wx2", "wx1", "wx3"), SINCE, NOW, COLUMNS)
    assert [lane.appid for lane in timeline.rows] == ["wx2", "wx1", "wx3"]
    assert [[mark.column for mark in lane.marks] for lane in timeline.rows] == [[2], [1], []]


def test_ten_thousand_attempts_are_drawn_quickly_and_all_of_them(
    history: SqliteHistoryStore, path: Path
) -> None:
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
    (lane,) = history.read_timeline(("wx1",), SINCE, NOW, 600).rows
    assert time.thread_time() - began < 0.5
    assert sum(mark.success_count for mark in lane.marks) == rows
    assert len(lane.marks) == 600
    assert lane.gaps == ()
