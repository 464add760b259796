"""Queries of the history: filters, pages, counts, and the timeline of the last hours."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.history import queries
from guarddog_gui.adapters.history.queries import matches_filter
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import (
    AttemptResult,
    CallCount,
    HistoryEntry,
    HistoryFilter,
    HistoryRow,
    TextMatches,
    Trigger,
)
from guarddog_gui.domain.refresh.timeline import FailureCount, TimelineMark, TimelineRow, TokenGap
from tests.adapters.history.history_entries import ALL, DAY, NOW, entry, everything


def test_values_that_sqlite_refuses_are_converted(history: SqliteHistoryStore) -> None:
    history.append(entry(errcode=10**30, errmsg="half \ud800", detail="nul \0 inside", took_ms=-(10**30)))
    (stored,) = history.latest("wx1", "ACCESS_TOKEN", 5)
    assert (stored.errcode, stored.errmsg, stored.detail) == (2**63 - 1, "half \\ud800", "nul \0 inside")
    assert history.write_error is None


def test_latest_entries_of_a_key_are_in_insertion_order(history: SqliteHistoryStore) -> None:
    wrong_clock = entry(NOW + 30 * DAY, AttemptResult.SAME)
    for made in (entry(NOW), wrong_clock, entry(NOW + 1), entry(key="JSAPI_TICKET"), entry(appid="wx2")):
        history.append(made)
    assert history.latest("wx1", "ACCESS_TOKEN", 2) == (wrong_clock, entry(NOW + 1))
    assert history.latest("wx1", "ACCESS_TOKEN", 0) == ()


def test_calls_are_counted_by_trigger(history: SqliteHistoryStore) -> None:
    for made in (
        entry(NOW, calls=2),
        entry(NOW + 1, trigger=Trigger.COMMAND),
        entry(NOW + 2, trigger=Trigger.USER),
        entry(NOW + 3, trigger=Trigger.USER, forced=True),
        entry(NOW + 4, trigger=Trigger.COMMAND, forced=True),
        entry(NOW + 5, trigger=Trigger.USER, forced=True, calls=0),  # it never got out
        entry(NOW - 1, calls=50),
        entry(NOW, appid="wx2", calls=50),
    ):
        history.append(made)
    history.append(entry(NOW + 6, key="JSAPI_TICKET", calls=3))
    assert history.count_calls("wx1", NOW) == CallCount(
        automatic=6, forced=2, last_forced_at=NOW + 4, by_key=(("ACCESS_TOKEN", 6), ("JSAPI_TICKET", 3))
    )
    assert history.count_calls("nobody", NOW) == CallCount()


def test_pages_are_sorted_by_time_and_continue_each_other(history: SqliteHistoryStore) -> None:
    times = [NOW, NOW + 5, NOW + 5, NOW - 3, NOW + 5, NOW + 1, NOW + 9]
    for n, at in enumerate(times):
        history.append(entry(at, took_ms=n))
    assert [made.took_ms for made in everything(history)] == [6, 4, 2, 1, 5, 0, 3]
    assert history.read_page(ALL, 10**9, 3) == ()
    assert history.read_page(ALL, None, 0) == ()


FAILED = entry(NOW + 1, AttemptResult.REFUSED, errcode=40164, errmsg="invalid ip 10_0%", appid="wx2")
TICKET = entry(NOW + 2, key="JSAPI_TICKET", trigger=Trigger.USER)
SILENT = entry(NOW + 3, AttemptResult.NO_ANSWER, detail="timeout")
GOOD = entry(NOW)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (HistoryFilter(), [SILENT, TICKET, FAILED, GOOD]),
        (HistoryFilter(appid="wx2"), [FAILED]),
        (HistoryFilter(key="JSAPI_TICKET"), [TICKET]),
        (HistoryFilter(trigger="person"), [TICKET]),
        (HistoryFilter(only_failures=True), [SILENT, FAILED]),
        (HistoryFilter(errcode=40164), [FAILED]),
        (HistoryFilter(errcode=10**40), []),
        (HistoryFilter(since=NOW + 2), [SILENT, TICKET]),
        (HistoryFilter(until=NOW + 1), [FAILED, GOOD]),
        (HistoryFilter(since=NOW + 1, until=NOW + 2), [TICKET, FAILED]),
        (HistoryFilter(text="INVALID"), [FAILED]),
        (HistoryFilter(text="0%"), [FAILED]),
        (HistoryFilter(text="1__0"), []),
        (HistoryFilter(text="\\"), []),
        (HistoryFilter(text="\ud800"), []),
        (HistoryFilter(appid="wx1", key="ACCESS_TOKEN", only_failures=True), [SILENT]),
        (HistoryFilter(appid="' OR 1 --"), []),
    ],
)
def test_filter_selects_the_same_on_disk_and_in_memory(
    path: Path, chosen: HistoryFilter, expected: list[HistoryEntry]
) -> None:
    on_disk = SqliteHistoryStore(path, lambda: NOW)
    (path.parent.parent / "file").touch()
    in_memory = SqliteHistoryStore(path.parent.parent / "file" / "history.sqlite3", lambda: NOW)
    for history in (on_disk, in_memory):
        for made in (GOOD, FAILED, TICKET, SILENT):
            history.append(made)
        assert everything(history, chosen) == expected
    assert (on_disk.buffered_count, in_memory.buffered_count) == (0, 4)
    on_disk.close()
    in_memory.close()


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        (HistoryFilter(), "by_time"),
        (HistoryFilter(appid="wx1"), "by_appid"),
        (HistoryFilter(key="ACCESS_TOKEN"), "by_key"),
        (HistoryFilter(trigger="timer"), "by_trigger"),
        (HistoryFilter(only_failures=True), "failures"),
        (HistoryFilter(errcode=1), "by_errcode"),
        (HistoryFilter(since=1.0, until=2.0), "by_time"),
        (HistoryFilter(appid="wx1", only_failures=True, since=1.0), "by_appid"),
        (HistoryFilter(text="x"), "failures"),
    ],
)
def test_no_page_reads_or_sorts_the_whole_table(
    history: SqliteHistoryStore, path: Path, chosen: HistoryFilter, index: str
) -> None:
    history.append(entry())
    history.close()
    statements: list[str] = []
    db = sqlite3.connect(path)
    db.set_trace_callback(statements.append)
    queries.newest_rows(db, chosen, (NOW, 1), 100)
    db.set_trace_callback(None)
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statements[0]}")]
    db.close()
    assert len(plan) == 1
    assert plan[0].startswith(f"SEARCH attempt USING INDEX {index} ")


def test_unknown_words_and_types_do_not_break_a_page(history: SqliteHistoryStore, path: Path) -> None:
    history.append(entry())
    db = sqlite3.connect(path)
    db.execute("UPDATE attempt SET result = 'teleported', trigger = X'ff', errcode = 'x', at = NULL, rid = 7")
    db.commit()
    db.close()
    (shown,) = history.read_page(ALL, None, 10)
    assert (shown.entry.result, shown.entry.detail) == (AttemptResult.INTERNAL_ERROR, "teleported")
    assert shown.entry.errcode is None


def test_changes_since_returns_newest_id_and_changed_keys(history: SqliteHistoryStore) -> None:
    assert history.changes_since(0) == (0, frozenset())
    history.append(entry())
    history.append(entry(appid="wx2"))
    newest, changed = history.changes_since(0)
    assert changed == {("wx1", "ACCESS_TOKEN"), ("wx2", "ACCESS_TOKEN")}
    assert history.changes_since(newest) == (newest, frozenset())
    history.append(entry(key="JSAPI_TICKET"))
    assert history.changes_since(newest)[1] == {("wx1", "JSAPI_TICKET")}
    assert history.changes_since(2**62)[1] == frozenset()


HOUR = 3600.0
SINCE = NOW - 24 * HOUR
COLUMNS = 24  # an hour each


def good(hour: float, *, life: float = 2.0, **fields: object) -> HistoryEntry:
    """Return the entry of a new access token: start after the beginning of the timeline and life in hours."""
    at = SINCE + hour * HOUR
    made = HistoryEntry(
        at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1, expires_at=at + life * HOUR
    )
    return replace(made, **fields)


def bad(hour: float, errcode: int | None = 40164, **fields: object) -> HistoryEntry:
    result = AttemptResult.REFUSED if errcode is not None else AttemptResult.NO_ANSWER
    changes = {"result": result, "errcode": errcode, "expires_at": None, **fields}
    return replace(good(hour), **changes)


def refusals(count: int, errcode: int) -> FailureCount:
    return FailureCount(AttemptResult.REFUSED, count, errcode)


def drawn(history: SqliteHistoryStore, *entries: HistoryEntry, appid: str = "wx1") -> TimelineRow:
    for made in entries:
        history.append(made)
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
        TimelineMark(0, 2),
        TimelineMark(1, 0, (refusals(1, 40164),)),
        TimelineMark(5, 1, (refusals(2, 40164),)),
        TimelineMark(23, 1),
    )


def test_failure_without_errcode_counts(history: SqliteHistoryStore) -> None:
    failures = (FailureCount(AttemptResult.NO_ANSWER, 1),)
    assert drawn(history, bad(3, None)).marks == (TimelineMark(3, 0, failures),)


def test_failures_of_a_column_are_counted_by_their_reason(history: SqliteHistoryStore) -> None:
    row = drawn(history, bad(3, 40001), bad(3.1, None), bad(3.2, 40001), bad(4, 45009), bad(5, None))
    assert [sorted((each.errcode or 0, each.count) for each in mark.failures) for mark in row.marks] == [
        [(0, 1), (40001, 2)],
        [(45009, 1)],
        [(0, 1)],
    ]


def test_account_with_a_token_before_the_timeline_is_known_from_its_start(history: SqliteHistoryStore) -> None:
    assert drawn(history, good(-1)).is_known_before
    assert not drawn(history, good(3, appid="wx2"), appid="wx2").is_known_before


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


# -- outcomes of failures -------------------------------------------------------------------------


Outcome = tuple[float | None, float | None, float | None]


def outcomes(history: SqliteHistoryStore, *entries: HistoryEntry) -> list[Outcome]:
    """Return last success, recovery and expiry of each failure in hours, the oldest failure first."""
    for each in entries:
        history.append(each)
    rows = history.add_outcomes(history.read_page(HistoryFilter(only_failures=True), None, 100))
    return [(_hour(r.last_success_at), _hour(r.recovered_at), _hour(r.valid_until)) for r in reversed(rows)]


def _hour(at: float | None) -> float | None:
    return None if at is None else round((at - SINCE) / HOUR, 3)


def test_failure_has_the_next_success_and_the_expiry_of_its_value(history: SqliteHistoryStore) -> None:
    entries = (good(0), bad(1), bad(1.5), good(3), good(4), bad(5))
    assert outcomes(history, *entries) == [(0, 3, 2), (0, 3, 2), (4, None, 6)]


def test_outcomes_of_other_keys_and_accounts_do_not_count(history: SqliteHistoryStore) -> None:
    others = (good(0, appid="wx2"), good(2, key="JSAPI_TICKET"))
    assert outcomes(history, bad(1), *others) == [(None, None, None)]


def test_every_failure_of_a_page_has_the_outcome_of_its_own_time(history: SqliteHistoryStore) -> None:
    entries = (bad(0), good(1), bad(2), bad(3), good(4), bad(5), bad(6, key="JSAPI_TICKET"), good(7))
    assert [(last, recovered) for last, recovered, _ in outcomes(history, *entries)] == [
        (None, 1),
        (1, 4),
        (1, 4),
        (4, 7),
        (None, None),
    ]


def test_success_that_kept_its_expiry_does_not_hide_it(history: SqliteHistoryStore) -> None:
    assert outcomes(history, good(0), good(1, expires_at=None), bad(1.5)) == [(1, None, 2)]


def test_missing_history_leaves_rows_as_they_are(history: SqliteHistoryStore) -> None:
    rows = (HistoryRow(1, bad(1)),)
    assert history.add_outcomes(rows) == rows


# -- searched text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matches", "text", "found"),
    [
        (TextMatches(), "6176A2E0", [1]),  # the rid
        (TextMatches(), "whitelist", [1]),  # the errmsg
        (TextMatches(appids=("wx2",)), "café", [3]),
        (TextMatches(errcodes=(45009,)), "45009", [2]),
        (TextMatches(keys=("JSAPI_TICKET",)), "jsapi", [0]),
        (TextMatches(results=(AttemptResult.NEW,)), "new", [0, 3]),
        (TextMatches(triggers=(Trigger.USER,)), "manual", [2]),
        (TextMatches(), "nothing of this", []),
    ],
)
def test_text_is_found_in_errmsg_and_rid_and_by_its_matches(
    history: SqliteHistoryStore, matches: TextMatches, text: str, found: list[int]
) -> None:
    entries = (
        good(0, key="JSAPI_TICKET"),
        bad(1, errmsg="invalid ip, not in whitelist", rid="6176a2e0-0a0b0c0d-00000001"),
        bad(2, 45009, trigger=Trigger.USER),
        good(3, appid="wx2"),
    )
    history_filter = HistoryFilter(text=text, text_matches=matches)
    for each in entries:
        history.append(each)
    shown = [round((row.entry.at - SINCE) / HOUR) for row in history.read_page(history_filter, None, 10)]
    assert sorted(shown) == found
    assert [n for n, each in enumerate(entries) if matches_filter(each, history_filter)] == found
