"""What a person sees at a glance."""

from dataclasses import replace

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.refresh.status import (
    AccountStatus,
    KeyStatus,
    Overview,
    State,
    account_status,
    state_of,
    worst,
    worst_accounts_first,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.catalogue import CATALOGUE
from tests.fakes import NOW

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
SHOP = Account("wx1", "Shop")
FRESH = TokenRecord("fresh", 7200, int(NOW * 1000), "/dogs", 290)
DUE = TokenRecord("due", 7200, int((NOW - 7000) * 1000), "/dogs", 290)
DEAD = TokenRecord("dead", 7200, int((NOW - 8000) * 1000), "/dogs", 290)


def failed(result: Result, *, detail: str = "", errcode: int | None = None, times: int = 1) -> Standing:
    entry = Entry(
        NOW, "wx1", TOKEN, Trigger.TIMER, result, detail=detail, errcode=errcode, endpoint="stable_token"
    )
    standing = Standing()
    for _ in range(times):
        standing = policy.standing_after(standing, entry, CATALOGUE, 0.5)
    return standing


WELL = Standing()
OFFLINE = failed(Result.UNHEARD, detail="offline no route")
STOPPED = failed(Result.REFUSED, errcode=40125)


def state(
    record: TokenRecord | None, standing: Standing = WELL, *, refreshing: bool = False, paused: bool = False
) -> State:
    return state_of(record, standing, NOW, refreshing=refreshing, paused=paused)


def test_a_value_is_fresh_due_soon_or_expired() -> None:
    assert [state(r) for r in (FRESH, DUE, DEAD, None)] == [
        State.FRESH,
        State.DUE_SOON,
        State.EXPIRED,
        State.EXPIRED,
    ]


def test_a_refresh_that_runs_is_shown_above_all() -> None:
    assert state(DEAD, STOPPED, refreshing=True, paused=True) is State.REFRESHING


def test_a_value_that_works_hides_a_failure_that_time_will_mend() -> None:
    assert state(FRESH, OFFLINE) is State.FRESH
    assert state(DUE, OFFLINE) is State.OFFLINE
    assert state(DEAD, OFFLINE) is State.OFFLINE


def test_what_waits_for_a_person_is_shown_at_once() -> None:
    assert state(FRESH, STOPPED) is State.FAILED


def test_after_a_start_it_is_shown_until_it_has_been_tried_once_more() -> None:
    started = policy.started(STOPPED)
    assert state(FRESH, started) is State.FAILED
    tried = Entry(NOW + 1, "wx1", TOKEN, Trigger.TIMER, Result.NEW, calls=1)
    assert state(FRESH, policy.standing_after(started, tried, CATALOGUE, 0.5)) is State.FRESH
    assert state(FRESH, policy.acted(started)) is State.FRESH


def test_a_value_that_is_not_on_disk_is_a_failure_although_it_works() -> None:
    assert state(FRESH, failed(Result.NOT_WRITTEN, detail="/dogs: no space")) is State.FAILED


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        (failed(Result.UNHEARD, detail="timeout read"), State.OFFLINE),
        (failed(Result.UNHEARD, detail="proxy 407"), State.OFFLINE),
        (failed(Result.UNHEARD, detail="not-json"), State.FAILED),
        (failed(Result.REFUSED, errcode=-1), State.FAILED),
        (failed(Result.KEYRING_LOCKED), State.KEYRING_LOCKED),
        (failed(Result.KEYRING_LOCKED, times=9), State.KEYRING_LOCKED),
        (failed(Result.KEYRING_DOWN), State.FAILED),
        (failed(Result.NO_SECRET), State.FAILED),
        (failed(Result.BUDGET), State.FAILED),
    ],
)
def test_each_trouble_has_its_state(standing: Standing, shown: State) -> None:
    assert state(DEAD, standing) is shown


def test_a_pause_shows_where_a_refresh_would_be_due_and_hides_no_trouble() -> None:
    assert state(FRESH, paused=True) is State.FRESH
    assert state(DUE, paused=True) is State.PAUSED
    assert state(DEAD, paused=True) is State.PAUSED
    assert state(DEAD, STOPPED, paused=True) is State.FAILED


def test_one_icon_shows_the_worst_of_all() -> None:
    assert worst((State.FRESH, State.DUE_SOON, State.FAILED, State.OFFLINE)) is State.FAILED
    assert worst((State.FRESH, State.PAUSED)) is State.PAUSED
    assert worst(()) is State.FRESH


def test_an_account_is_told_with_its_keys_the_token_first() -> None:
    told = account_status(SHOP, {TOKEN: FRESH, TICKET: DUE}, {TOKEN: WELL, TICKET: OFFLINE}, NOW)

    assert [key.kind for key in told.keys] == [TOKEN, TICKET]
    assert told.state is State.OFFLINE
    assert told.trouble is OFFLINE.last_failure
    assert told.until == DUE.expires_at
    assert [key.next_at for key in told.keys] == [FRESH.refresh_at, OFFLINE.not_before]
    key = told.key(TICKET)
    assert key is not None
    assert key.usable(NOW) is DUE
    assert key.usable(NOW + 300) is None


def test_a_ticket_without_a_live_token_says_what_is_wrong_with_the_token() -> None:
    told = account_status(SHOP, {TOKEN: DEAD}, {TOKEN: STOPPED, TICKET: WELL}, NOW)

    assert [key.state for key in told.keys] == [State.FAILED, State.FAILED]
    assert [key.trouble for key in told.keys] == [STOPPED.last_failure] * 2
    assert [key.next_at for key in told.keys] == [None, None]
    assert told.until is None


def test_nothing_is_known_of_an_account_that_is_new() -> None:
    told = account_status(SHOP, {}, {}, NOW)

    assert [key.state for key in told.keys] == [State.EXPIRED, State.EXPIRED]
    assert [key.next_at for key in told.keys] == [NOW, NOW]
    assert told.trouble is None


def test_a_mini_program_has_no_ticket_to_tell_about() -> None:
    mini = replace(SHOP, platform=Platform.MINI_PROGRAM)
    told = account_status(mini, {TOKEN: FRESH}, {}, NOW)

    assert told.key(TICKET) is None
    assert told.until == FRESH.expires_at


def test_a_pause_has_no_next_attempt_and_a_refresh_that_runs_shows_no_old_trouble_as_state() -> None:
    told = account_status(
        SHOP, {TOKEN: DUE}, {TOKEN: OFFLINE}, NOW, refreshing=frozenset({TOKEN}), paused=True
    )

    assert told.keys[0].state is State.REFRESHING
    assert [key.next_at for key in told.keys] == [None, None]


def test_an_overview_counts_what_works_and_is_well_and_names_the_next_attempt() -> None:
    shop = account_status(SHOP, {TOKEN: FRESH, TICKET: DUE}, {}, NOW)
    paper = account_status(Account("wx2", "Paper"), {TOKEN: FRESH}, {}, NOW)
    stopped = account_status(Account("wx3", "Stopped"), {TOKEN: FRESH}, {TOKEN: STOPPED}, NOW)
    overview = Overview(NOW, (shop, paper, stopped))

    assert len(overview.keys) == 6
    assert overview.fresh == 3
    assert overview.state is State.FAILED
    assert overview.next_at == DUE.generated_at + 1200  # a ticket of unknown age, overdue for a look
    assert overview.account("wx2") is paper
    assert overview.account("nobody") is None


def test_an_overview_of_nothing_is_fresh_and_has_nothing_to_do() -> None:
    assert Overview(NOW).state is State.FRESH
    assert Overview(NOW).next_at is None
    assert Overview(NOW, (AccountStatus(SHOP, ()),)).accounts[0].until is None
    assert KeyStatus(TOKEN, State.EXPIRED, None, None, None).usable(NOW) is None


def test_the_account_that_needs_somebody_most_comes_first_and_equals_keep_their_order() -> None:
    told = [
        account_status(Account(appid, appid), {TOKEN: FRESH, TICKET: FRESH}, {TOKEN: standing}, NOW)
        for appid, standing in (("wx1", WELL), ("wx2", STOPPED), ("wx3", WELL), ("wx4", STOPPED))
    ]

    ordered = worst_accounts_first(Overview(NOW, tuple(told)))

    assert [status.account.appid for status in ordered] == ["wx2", "wx4", "wx1", "wx3"]
