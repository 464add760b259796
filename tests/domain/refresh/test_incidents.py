"""Incidents and renewals, folded from the rows of the history."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, HistoryRow, Trigger
from guarddog_gui.domain.refresh.incidents import HistoryFold, Incident, Renewals
from tests.fakes import NOW

MINUTE, HOUR = 60.0, 3600.0
TOKEN, TICKET = "ACCESS_TOKEN", "JSAPI_TICKET"


def success(minute: float, appid: str = "wx1", key: str = TOKEN, **fields: object) -> HistoryEntry:
    at = NOW + minute * MINUTE
    entry = HistoryEntry(at, appid, key, Trigger.TIMER, AttemptResult.NEW, took_ms=100, expires_at=at + 2 * HOUR)
    return replace(entry, **fields)


def failure(minute: float, appid: str = "wx1", key: str = TOKEN, errcode: int | None = 40164) -> HistoryEntry:
    result = AttemptResult.REFUSED if errcode is not None else AttemptResult.NO_ANSWER
    return success(minute, appid, key, result=result, errcode=errcode, expires_at=None)


def rows_of(*entries: HistoryEntry) -> list[HistoryRow]:
    """Return rows with their outcomes, newest first, as the store returns them."""
    ordered = sorted(entries, key=lambda entry: entry.at)
    rows = []
    for number, entry in enumerate(ordered):
        successes = [e for e in ordered if e.is_success and (e.appid, e.key) == (entry.appid, entry.key)]
        recovered_at = min((e.at for e in successes if e.at >= entry.at), default=None)
        valid_until = max((e.expires_at or 0 for e in successes if e.at <= entry.at), default=None)
        last_success_at = max((e.at for e in successes if e.at <= entry.at), default=None)
        row = HistoryRow(number, entry, last_success_at, recovered_at, valid_until)
        rows.append(HistoryRow(number, entry) if entry.is_success else row)
    return rows[::-1]


def new_fold() -> HistoryFold:
    return HistoryFold(lambda at: int(at // (6 * HOUR)))


def folded(*entries: HistoryEntry) -> HistoryFold:
    fold = new_fold()
    fold.add_older(rows_of(*entries))
    return fold


def incidents(fold: HistoryFold) -> list[Incident]:
    return [item for item in fold.items if isinstance(item, Incident)]


def only_incident(*entries: HistoryEntry) -> Incident:
    (incident,) = incidents(folded(*entries))
    return incident


def minutes(incident: Incident) -> tuple[float, float]:
    return (incident.started_at - NOW) / MINUTE, (incident.ended_at - NOW) / MINUTE


# -- one incident ---------------------------------------------------------------------------------


def test_retries_are_one_incident_with_start_end_and_tries() -> None:
    incident = only_incident(success(-30), failure(0), failure(2), failure(4), success(5))
    assert minutes(incident) == (0, 4)
    assert len(incident.rows) == 3
    assert incident.recovered_at == NOW + 5 * MINUTE
    assert incident.duration_s() == 5 * MINUTE
    assert not incident.is_open


def test_an_incident_without_a_later_success_is_open() -> None:
    incident = only_incident(success(-30), failure(0), failure(4))
    assert incident.is_open
    assert incident.duration_s() == 4 * MINUTE


def test_a_value_that_outlives_the_incident_stayed_valid() -> None:
    incident = only_incident(success(-30), failure(0), success(5))
    assert incident.without_value_s(NOW + HOUR) == 0


def test_the_time_without_a_value_ends_with_the_recovery_or_now() -> None:
    recovered = only_incident(success(-150), failure(-60), failure(-10), success(5))
    assert recovered.without_value_s(NOW + HOUR) == 35 * MINUTE  # it expired at -30
    still_open = only_incident(success(-150), failure(-60))
    assert still_open.without_value_s(NOW) == 30 * MINUTE
    first_ever = only_incident(failure(0), success(3))
    assert first_ever.without_value_s(NOW + HOUR) == 3 * MINUTE


def test_both_keys_of_an_account_are_in_one_incident_until_both_recover() -> None:
    entries = (failure(0), failure(1, key=TICKET), failure(2), success(3), failure(4, key=TICKET))
    incident = only_incident(*entries)
    assert len(incident.rows) == 4
    assert incident.is_open
    assert only_incident(*entries, success(6, key=TICKET)).recovered_at == NOW + 6 * MINUTE


def test_a_success_in_between_makes_two_incidents() -> None:
    newer, older = incidents(folded(failure(0), success(1), failure(60), failure(61)))
    assert (minutes(newer), minutes(older)) == ((60, 61), (0, 0))
    assert newer.is_open
    assert older.recovered_at == NOW + MINUTE


@pytest.mark.parametrize(
    "other", [failure(1, "wx2"), failure(1, errcode=-1), failure(1, errcode=None)], ids=["account", "errcode", "result"]
)
def test_other_accounts_and_reasons_are_other_incidents(other: HistoryEntry) -> None:
    assert len(incidents(folded(failure(0), other, failure(2)))) == 2


def test_a_refused_reset_of_the_counters_is_never_open() -> None:
    refused = [failure(minute, key=CLEAR_QUOTA_KEY, errcode=48006) for minute in (0, 1)]
    found = incidents(folded(*refused))
    assert [incident.is_open for incident in found] == [False, False]


# -- renewals -------------------------------------------------------------------------------------


def test_successes_of_some_hours_are_one_item() -> None:
    start = -(NOW % (6 * HOUR)) / MINUTE
    fold = folded(
        success(start + 1, "wx1", took_ms=239), success(start + 2, "wx1", TICKET), success(start + 9, "wx2", took_ms=70)
    )
    (renewals,) = fold.items
    assert isinstance(renewals, Renewals)
    assert renewals.appids == {"wx1", "wx2"}
    assert renewals.took_ms == (70, 239)
    assert renewals.count(AttemptResult.NEW) == 3


def test_what_the_user_did_on_purpose_stands_for_itself() -> None:
    cleared = success(3, key=CLEAR_QUOTA_KEY, result=AttemptResult.QUOTA_CLEARED)
    fold = folded(success(1), success(2, forced=True), cleared, success(4))
    assert sorted(len(item.rows) for item in fold.items) == [1, 1, 2]


# -- page by page ---------------------------------------------------------------------------------


def test_an_older_page_continues_the_incident_that_it_grows() -> None:
    rows = rows_of(failure(0), failure(1), failure(2), success(-90))
    fold = new_fold()
    assert fold.add_older(rows[:2]) == []
    assert fold.add_older(rows[2:]) == [fold.items[0]]
    assert [len(item.rows) for item in fold.items] == [3, 1]


def test_a_new_failure_moves_its_incident_to_the_top() -> None:
    entries = [failure(0), failure(1, "wx2"), success(2, "wx3")]
    fold = folded(*entries)
    fold.add_newer(rows_of(*entries, failure(3)))
    assert minutes(incidents(fold)[0]) == (0, 3)
    assert isinstance(fold.items[0], Incident)


def test_a_new_success_ends_the_open_incident() -> None:
    entries = [success(-90), failure(0)]
    fold = folded(*entries)
    fold.add_newer(rows_of(*entries, success(5)))
    assert incidents(fold)[0].recovered_at == NOW + 5 * MINUTE


def test_a_recovery_is_noticed_where_only_failures_are_shown() -> None:
    entries = [failure(0), failure(1)]
    fold = folded(*entries)
    failures = [row for row in rows_of(*entries, success(5)) if not row.entry.is_success]
    fold.add_newer(failures)
    assert not incidents(fold)[0].is_open


some_entries = st.lists(
    st.tuples(st.sampled_from(["wx1", "wx2"]), st.sampled_from([TOKEN, TICKET]), st.sampled_from([0, 0, 40164, -1])),
    max_size=40,
).map(lambda drawn: [success(n, a, k) if not c else failure(n, a, k, c) for n, (a, k, c) in enumerate(drawn)])


def summary(fold: HistoryFold) -> list[tuple[object, ...]]:
    return [(type(item), [row.id for row in item.rows]) for item in fold.items]


@given(some_entries, st.integers(1, 10))
def test_pages_of_any_size_fold_to_the_same_items(entries: list[HistoryEntry], size: int) -> None:
    rows = rows_of(*entries)
    fold = new_fold()
    for start in range(0, len(rows), size):
        fold.add_older(rows[start : start + size])
    assert summary(fold) == summary(folded(*entries))


@given(some_entries, st.integers(0, 40))
def test_every_row_is_in_one_item_and_the_newest_item_is_first(entries: list[HistoryEntry], known: int) -> None:
    fold = folded(*entries[:known])
    fold.add_newer(rows_of(*entries))
    ids: Sequence[int] = sorted(row.id for item in fold.items for row in item.rows)
    assert ids == list(range(len(entries)))
    ends = [item.ended_at for item in fold.items]
    assert ends == sorted(ends, reverse=True)
    for item in fold.items:
        times = [row.entry.at for row in item.rows]
        assert times == sorted(times, reverse=True)


@given(some_entries)
def test_an_incident_is_open_as_long_as_one_of_its_keys_fails(entries: list[HistoryEntry]) -> None:
    fold = new_fold()
    for number in range(1, len(entries) + 1):  # as the program sees them, one after the other
        fold.add_newer(rows_of(*entries[:number]))
    last = {(entry.appid, entry.key): entry for entry in entries}
    failing = {appid for (appid, _), entry in last.items() if not entry.is_success}
    assert {incident.newest.appid for incident in incidents(fold) if incident.is_open} == failing
