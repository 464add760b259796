"""What a person sees at a glance."""

from dataclasses import replace

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.refresh.status import (
    AccountStatus,
    KeyState,
    KeyStatus,
    Overview,
    build_account_status,
    state_of_key,
    worst_accounts_first,
    worst_state,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
SHOP = Account("wx1", "Shop")
FRESH = TokenRecord("fresh", 7200, int(NOW * 1000), "/dogs", 290)
DUE = TokenRecord("due", 7200, int((NOW - 7000) * 1000), "/dogs", 290)
DEAD = TokenRecord("dead", 7200, int((NOW - 8000) * 1000), "/dogs", 290)


def failed(
    result: AttemptResult, *, detail: str = "", errcode: int | None = None, times: int = 1
) -> RetryState:
    entry = HistoryEntry(
        NOW, "wx1", TOKEN, Trigger.TIMER, result, detail=detail, errcode=errcode, endpoint="stable_token"
    )
    standing = RetryState()
    for _ in range(times):
        standing = policy.next_retry_state(standing, entry, CATALOGUE, 0.5)
    return standing


WELL = RetryState()
OFFLINE = failed(AttemptResult.NO_ANSWER, detail="offline no route")
STOPPED = failed(AttemptResult.REFUSED, errcode=40125)


def state(
    record: TokenRecord | None, standing: RetryState = WELL, *, refreshing: bool = False, paused: bool = False
) -> KeyState:
    return state_of_key(record, standing, NOW, is_refreshing=refreshing, is_paused=paused)


def test_a_value_is_fresh_due_soon_or_expired() -> None:
    assert [state(r) for r in (FRESH, DUE, DEAD, None)] == [
        KeyState.FRESH,
        KeyState.DUE_SOON,
        KeyState.EXPIRED,
        KeyState.EXPIRED,
    ]


def test_a_refresh_that_runs_is_shown_above_all() -> None:
    assert state(DEAD, STOPPED, refreshing=True, paused=True) is KeyState.REFRESHING


def test_a_value_that_works_hides_a_failure_that_time_will_mend() -> None:
    assert state(FRESH, OFFLINE) is KeyState.FRESH
    assert state(DUE, OFFLINE) is KeyState.OFFLINE
    assert state(DEAD, OFFLINE) is KeyState.OFFLINE


def test_what_waits_for_a_person_is_shown_at_once() -> None:
    assert state(FRESH, STOPPED) is KeyState.FAILED


def test_after_a_start_it_is_shown_until_it_has_been_tried_once_more() -> None:
    started = policy.after_restart(STOPPED)
    assert state(FRESH, started) is KeyState.FAILED
    tried = HistoryEntry(NOW + 1, "wx1", TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1)
    assert state(FRESH, policy.next_retry_state(started, tried, CATALOGUE, 0.5)) is KeyState.FRESH
    assert state(FRESH, policy.after_user_action(started)) is KeyState.FRESH


def test_a_value_that_is_not_on_disk_is_a_failure_although_it_works() -> None:
    assert state(FRESH, failed(AttemptResult.NOT_WRITTEN, detail="/dogs: no space")) is KeyState.FAILED


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        (failed(AttemptResult.NO_ANSWER, detail="timeout read"), KeyState.OFFLINE),
        (failed(AttemptResult.NO_ANSWER, detail="proxy 407"), KeyState.OFFLINE),
        (failed(AttemptResult.NO_ANSWER, detail="not-json"), KeyState.FAILED),
        (failed(AttemptResult.REFUSED, errcode=-1), KeyState.FAILED),
        (failed(AttemptResult.KEYRING_LOCKED), KeyState.KEYRING_LOCKED),
        (failed(AttemptResult.KEYRING_LOCKED, times=9), KeyState.KEYRING_LOCKED),
        (failed(AttemptResult.KEYRING_DOWN), KeyState.FAILED),
        (failed(AttemptResult.NO_SECRET), KeyState.FAILED),
        (failed(AttemptResult.BUDGET_EXCEEDED), KeyState.FAILED),
    ],
)
def test_each_trouble_has_its_state(standing: RetryState, shown: KeyState) -> None:
    assert state(DEAD, standing) is shown


def test_a_pause_shows_where_a_refresh_would_be_due_and_hides_no_trouble() -> None:
    assert state(FRESH, paused=True) is KeyState.FRESH
    assert state(DUE, paused=True) is KeyState.PAUSED
    assert state(DEAD, paused=True) is KeyState.PAUSED
    assert state(DEAD, STOPPED, paused=True) is KeyState.FAILED


def test_one_icon_shows_the_worst_of_all() -> None:
    assert (
        worst_state((KeyState.FRESH, KeyState.DUE_SOON, KeyState.FAILED, KeyState.OFFLINE)) is KeyState.FAILED
    )
    assert worst_state((KeyState.FRESH, KeyState.PAUSED)) is KeyState.PAUSED
    assert worst_state(()) is KeyState.FRESH


def test_an_account_is_told_with_its_keys_the_token_first() -> None:
    told = build_account_status(SHOP, {TOKEN: FRESH, TICKET: DUE}, {TOKEN: WELL, TICKET: OFFLINE}, NOW)

    assert [key.kind for key in told.keys] == [TOKEN, TICKET]
    assert told.state is KeyState.OFFLINE
    assert told.first_failure is OFFLINE.last_failure
    assert told.valid_until == DUE.expires_at
    assert [key.next_attempt_at for key in told.keys] == [FRESH.refresh_at, OFFLINE.not_before]
    key = told.key(TICKET)
    assert key is not None
    assert key.usable_record(NOW) is DUE
    assert key.usable_record(NOW + 300) is None


def test_a_ticket_without_a_live_token_says_what_is_wrong_with_the_token() -> None:
    told = build_account_status(SHOP, {TOKEN: DEAD}, {TOKEN: STOPPED, TICKET: WELL}, NOW)

    assert [key.state for key in told.keys] == [KeyState.FAILED, KeyState.FAILED]
    assert [key.failure for key in told.keys] == [STOPPED.last_failure] * 2
    assert [key.next_attempt_at for key in told.keys] == [None, None]
    assert told.valid_until is None


def test_nothing_is_known_of_an_account_that_is_new() -> None:
    told = build_account_status(SHOP, {}, {}, NOW)

    assert [key.state for key in told.keys] == [KeyState.EXPIRED, KeyState.EXPIRED]
    assert [key.next_attempt_at for key in told.keys] == [NOW, NOW]
    assert told.first_failure is None


def test_a_mini_program_has_no_ticket_to_tell_about() -> None:
    mini = replace(SHOP, platform=Platform.MINI_PROGRAM)
    told = build_account_status(mini, {TOKEN: FRESH}, {}, NOW)

    assert told.key(TICKET) is None
    assert told.valid_until == FRESH.expires_at


def test_a_pause_has_no_next_attempt_and_a_refresh_that_runs_shows_no_old_trouble_as_state() -> None:
    told = build_account_status(
        SHOP, {TOKEN: DUE}, {TOKEN: OFFLINE}, NOW, refreshing_kinds=frozenset({TOKEN}), is_paused=True
    )

    assert told.keys[0].state is KeyState.REFRESHING
    assert [key.next_attempt_at for key in told.keys] == [None, None]


def test_an_overview_counts_what_works_and_is_well_and_names_the_next_attempt() -> None:
    shop = build_account_status(SHOP, {TOKEN: FRESH, TICKET: DUE}, {}, NOW)
    paper = build_account_status(Account("wx2", "Paper"), {TOKEN: FRESH}, {}, NOW)
    stopped = build_account_status(Account("wx3", "Stopped"), {TOKEN: FRESH}, {TOKEN: STOPPED}, NOW)
    overview = Overview(NOW, (shop, paper, stopped))

    assert len(overview.keys) == 6
    assert overview.fresh_count == 3
    assert overview.state is KeyState.FAILED
    assert overview.next_attempt_at == DUE.generated_at + 1200  # a ticket of unknown age, overdue for a look
    assert overview.account("wx2") is paper
    assert overview.account("nobody") is None


def test_an_overview_of_nothing_is_fresh_and_has_nothing_to_do() -> None:
    assert Overview(NOW).state is KeyState.FRESH
    assert Overview(NOW).next_attempt_at is None
    assert Overview(NOW, (AccountStatus(SHOP, ()),)).accounts[0].valid_until is None
    assert KeyStatus(TOKEN, KeyState.EXPIRED, None, None, None).usable_record(NOW) is None


def test_the_account_that_needs_somebody_most_comes_first_and_equals_keep_their_order() -> None:
    told = [
        build_account_status(Account(appid, appid), {TOKEN: FRESH, TICKET: FRESH}, {TOKEN: standing}, NOW)
        for appid, standing in (("wx1", WELL), ("wx2", STOPPED), ("wx3", WELL), ("wx4", STOPPED))
    ]

    ordered = worst_accounts_first(Overview(NOW, tuple(told)))

    assert [status.account.appid for status in ordered] == ["wx2", "wx4", "wx1", "wx3"]
