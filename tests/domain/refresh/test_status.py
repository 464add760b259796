"""Status of keys, accounts and the overview."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
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


def failed(result: AttemptResult, *, detail: str = "", errcode: int | None = None, times: int = 1) -> RetryState:
    entry = HistoryEntry(
        NOW, "wx1", TOKEN, Trigger.TIMER, result, detail=detail, errcode=errcode, endpoint="stable_token"
    )
    retry_state = RetryState()
    for _ in range(times):
        retry_state = retries.next_retry_state(retry_state, entry, CATALOGUE, 0.5)
    return retry_state


WELL = RetryState()
OFFLINE = failed(AttemptResult.NO_ANSWER, detail="offline no route")
STOPPED = failed(AttemptResult.REFUSED, errcode=40125)


def state(
    record: TokenRecord | None, retry_state: RetryState = WELL, *, refreshing: bool = False, paused: bool = False
) -> KeyState:
    return state_of_key(record, retry_state, NOW, is_refreshing=refreshing, is_paused=paused)


def test_a_value_is_fresh_due_soon_or_expired() -> None:
    assert [state(r) for r in (FRESH, DUE, DEAD, None)] == [
        KeyState.FRESH,
        KeyState.DUE_SOON,
        KeyState.EXPIRED,
        KeyState.EXPIRED,
    ]


def test_a_running_refresh_is_shown_first() -> None:
    assert state(DEAD, STOPPED, refreshing=True, paused=True) is KeyState.REFRESHING


def test_a_valid_value_hides_a_temporary_failure() -> None:
    assert state(FRESH, OFFLINE) is KeyState.FRESH
    assert state(DUE, OFFLINE) is KeyState.OFFLINE
    assert state(DEAD, OFFLINE) is KeyState.OFFLINE


def test_a_failure_that_needs_the_user_is_shown_at_once() -> None:
    assert state(FRESH, STOPPED) is KeyState.FAILED


def test_after_a_restart_it_is_shown_until_the_next_attempt() -> None:
    started = retries.after_restart(STOPPED)
    assert state(FRESH, started) is KeyState.FAILED
    tried = HistoryEntry(NOW + 1, "wx1", TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1)
    assert state(FRESH, retries.next_retry_state(started, tried, CATALOGUE, 0.5)) is KeyState.FRESH
    assert state(FRESH, retries.after_user_action(started)) is KeyState.FRESH


def test_an_unwritten_value_is_shown_as_failed() -> None:
    assert state(FRESH, failed(AttemptResult.NOT_WRITTEN, detail="/dogs: no space")) is KeyState.FAILED


@pytest.mark.parametrize(
    ("retry_state", "shown"),
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
def test_each_failure_has_its_state(retry_state: RetryState, shown: KeyState) -> None:
    assert state(DEAD, retry_state) is shown


def test_a_pause_replaces_due_states_and_hides_no_failure() -> None:
    assert state(FRESH, paused=True) is KeyState.FRESH
    assert state(DUE, paused=True) is KeyState.PAUSED
    assert state(DEAD, paused=True) is KeyState.PAUSED
    assert state(DEAD, STOPPED, paused=True) is KeyState.FAILED


def test_the_worst_state_is_shown_by_a_single_icon() -> None:
    assert worst_state((KeyState.FRESH, KeyState.DUE_SOON, KeyState.FAILED, KeyState.OFFLINE)) is KeyState.FAILED
    assert worst_state((KeyState.FRESH, KeyState.PAUSED)) is KeyState.PAUSED
    assert worst_state(()) is KeyState.FRESH


def test_the_status_of_an_account_begins_with_the_token() -> None:
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


def test_a_ticket_without_a_valid_token_shows_the_failure_of_the_token() -> None:
    told = build_account_status(SHOP, {TOKEN: DEAD}, {TOKEN: STOPPED, TICKET: WELL}, NOW)

    assert [key.state for key in told.keys] == [KeyState.FAILED, KeyState.FAILED]
    assert [key.failure for key in told.keys] == [STOPPED.last_failure] * 2
    assert [key.next_attempt_at for key in told.keys] == [None, None]
    assert told.valid_until is None


def test_a_new_account_has_no_values() -> None:
    told = build_account_status(SHOP, {}, {}, NOW)

    assert [key.state for key in told.keys] == [KeyState.EXPIRED, KeyState.EXPIRED]
    assert [key.next_attempt_at for key in told.keys] == [NOW, NOW]
    assert told.first_failure is None


def test_a_mini_program_has_only_the_token() -> None:
    mini = replace(SHOP, platform=Platform.MINI_PROGRAM)
    told = build_account_status(mini, {TOKEN: FRESH}, {}, NOW)

    assert told.key(TICKET) is None
    assert told.valid_until == FRESH.expires_at


def test_a_pause_has_no_next_attempt() -> None:
    told = build_account_status(
        SHOP, {TOKEN: DUE}, {TOKEN: OFFLINE}, NOW, refreshing_kinds=frozenset({TOKEN}), is_paused=True
    )

    assert told.keys[0].state is KeyState.REFRESHING
    assert [key.next_attempt_at for key in told.keys] == [None, None]


def test_an_overview_counts_usable_keys_and_has_the_next_attempt() -> None:
    shop = build_account_status(SHOP, {TOKEN: FRESH, TICKET: DUE}, {}, NOW)
    paper = build_account_status(Account("wx2", "Paper"), {TOKEN: FRESH}, {}, NOW)
    stopped = build_account_status(Account("wx3", "Stopped"), {TOKEN: FRESH}, {TOKEN: STOPPED}, NOW)
    overview = Overview(NOW, (shop, paper, stopped))

    assert len(overview.keys) == 6
    assert overview.usable_count == 4  # also the one whose renewal fails
    assert overview.state is KeyState.FAILED
    assert overview.next_attempt_at == DUE.generated_at + 1200  # a ticket of unknown age, overdue for a poll
    assert overview.account("wx2") is paper
    assert overview.account("nobody") is None


def test_an_empty_overview_is_fresh() -> None:
    assert Overview(NOW).state is KeyState.FRESH
    assert Overview(NOW).next_attempt_at is None
    assert Overview(NOW, (AccountStatus(SHOP, ()),)).accounts[0].valid_until is None
    assert KeyStatus(TOKEN, KeyState.EXPIRED, None, None, None).usable_record(NOW) is None


def test_accounts_are_sorted_by_state_the_worst_first() -> None:
    told = [
        build_account_status(Account(appid, appid), {TOKEN: FRESH, TICKET: FRESH}, {TOKEN: retry_state}, NOW)
        for appid, retry_state in (("wx1", WELL), ("wx2", STOPPED), ("wx3", WELL), ("wx4", STOPPED))
    ]

    ordered = worst_accounts_first(Overview(NOW, tuple(told)))

    assert [status.account.appid for status in ordered] == ["wx2", "wx4", "wx1", "wx3"]


# -- what the user is told ------------------------------------------------------------------------


def status_of(
    retry_state: RetryState, record: TokenRecord | None = FRESH, *, refreshing: bool = False
) -> AccountStatus:
    kinds = frozenset({TOKEN}) if refreshing else frozenset()
    mini_program = replace(SHOP, platform=Platform.MINI_PROGRAM)
    return build_account_status(mini_program, {TOKEN: record}, {TOKEN: retry_state}, NOW, refreshing_kinds=kinds)


def test_a_stopped_refresh_needs_the_user_even_while_the_value_works() -> None:
    status = status_of(STOPPED)
    assert status.failing_key is not None
    assert status.needs_user(NOW)
    assert status.keys[0].usable_record(NOW) == FRESH


def test_an_account_needs_the_user_until_the_attempt_of_the_user_ends() -> None:
    trying = status_of(retries.after_user_action(STOPPED), refreshing=True)
    assert trying.keys[0].state is KeyState.REFRESHING
    assert trying.failing_key is not None
    assert trying.needs_user(NOW)


def test_what_passes_by_itself_needs_the_user_only_without_a_value() -> None:
    busy = failed(AttemptResult.REFUSED, errcode=-1)
    assert status_of(busy).failing_key is None  # the value is fresh
    assert status_of(busy, DUE).failing_key is not None
    assert not status_of(busy, DUE).needs_user(NOW)
    assert status_of(busy, DEAD).needs_user(NOW)


@pytest.mark.parametrize("refreshing", [False, True])
def test_being_offline_is_no_failure_to_report(refreshing: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert status_of(OFFLINE, DEAD, refreshing=refreshing).failing_key is None


def test_the_failed_attempts_since_the_last_success_are_known() -> None:
    key = status_of(failed(AttemptResult.REFUSED, errcode=-1, times=3), DUE).keys[0]
    assert (key.failed_attempts, key.failing_since) == (3, NOW)
    well = status_of(WELL).keys[0]
    assert (well.failed_attempts, well.failing_since) == (0, None)


def test_an_overview_counts_usable_values_and_accounts_in_need() -> None:
    overview = Overview(NOW, (status_of(STOPPED), status_of(WELL, DEAD), status_of(WELL)))
    assert overview.usable_count == 2
    assert overview.accounts_needing_user == (overview.accounts[0],)


def test_an_overview_knows_when_time_alone_changes_a_state() -> None:
    assert Overview(NOW, (status_of(WELL),)).next_change_at == FRESH.refresh_at
    assert Overview(NOW, (status_of(WELL, DUE), status_of(WELL))).next_change_at == DUE.expires_at
    assert Overview(NOW, (status_of(WELL, DEAD),)).next_change_at is None
    assert Overview(NOW).next_change_at is None
