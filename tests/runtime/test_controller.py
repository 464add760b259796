"""The controller: what it orders and when, what it copies, and what it tells."""

import time

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import KeyState, Overview
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.runtime.account_state import AccountState
from guarddog_gui.runtime.controller import NETWORK_GRACE_S
from guarddog_gui.runtime.jobs import RefreshTokens
from tests.fakes import OFFLINE_FAILURE, error_reply, token_reply
from tests.runtime.harness import (
    CAFE,
    CARD,
    CARDS,
    GAME,
    SECRET,
    SHOP,
    TICKET,
    TOKEN,
    RuntimeHarness,
    runtime_harness,
    started,
)

HOUR, DAY = 3600.0, 86_400.0


def results(harness: RuntimeHarness) -> list[tuple[str, AttemptResult, Trigger]]:
    return [(o.kind.value, o.entry.result, o.entry.trigger) for o in harness.refresh_results]


# -- starting -------------------------------------------------------------------------------------


def test_a_start_without_files_fetches_the_token_and_the_ticket_with_it(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert results(harness) == [(TOKEN, AttemptResult.NEW, Trigger.START), (TICKET, AttemptResult.NEW, Trigger.START)]
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    assert harness.key_status(SHOP, TICKET).state is KeyState.FRESH
    assert harness.transport.requests[1].query[0] == ("access_token", harness.value(SHOP, TOKEN))


def test_a_start_with_fresh_files_asks_nobody_for_a_token(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    assert harness.transport.endpoints == []
    assert harness.secrets.lookup_count == 0
    assert harness.controller.overview().usable_count == 2


def test_what_is_on_the_disk_is_shown_before_anything_is_asked(harness: RuntimeHarness) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.reload_from_disk()
    assert harness.controller.overview().usable_count == 2
    assert harness.secrets.lookup_count == 0
    assert harness.transport.requests == []


@pytest.mark.usefixtures("qapp")
def test_a_mini_program_has_no_ticket_to_fetch(qtbot: QtBot) -> None:
    with runtime_harness(GAME) as harness:
        started(harness, qtbot)
        assert harness.transport.endpoints == ["stable_token"]


def test_while_an_order_is_in_flight_its_keys_say_so(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    assert [key.state for key in harness.controller.overview().keys] == [KeyState.REFRESHING] * 2
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


@pytest.mark.usefixtures("qapp")
def test_an_account_that_hangs_delays_no_other(qtbot: QtBot) -> None:
    with runtime_harness(SHOP, CAFE, worker_count=2) as harness:
        harness.wechat.hanging_appids.add(SHOP.appid)
        harness.controller.start()
        qtbot.waitUntil(lambda: harness.key_status(CAFE, TICKET).state is KeyState.FRESH)
        assert harness.key_status(SHOP, TOKEN).state is KeyState.REFRESHING


def test_before_the_start_and_after_the_stop_nothing_is_ordered(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.reload_from_disk()
    harness.tick()
    harness.controller.on_system_resumed()
    harness.controller.on_network_restored()
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 2
    harness.controller.stop()
    harness.advance(DAY)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 2


# -- time -----------------------------------------------------------------------------------------


def test_nothing_is_asked_before_it_is_due_and_a_due_token_is_replaced_by_the_timer(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_value(SHOP, TOKEN, "OLD-TOKEN", age_s=7200 - 291)
    harness.put_value(SHOP, TICKET, "OLD-TICKET", age_s=10)
    started(harness, qtbot)
    assert harness.transport.requests == []
    harness.advance(2)
    harness.wait_until_idle(qtbot)
    assert results(harness) == [(TOKEN, AttemptResult.NEW, Trigger.TIMER)]


def test_after_a_day_of_sleep_a_beat_refreshes_what_has_died(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.refresh_results.clear()
    harness.jump_wall_clock(DAY)
    harness.wait_until_idle(qtbot)
    assert results(harness) == [(TOKEN, AttemptResult.NEW, Trigger.RESUME), (TICKET, AttemptResult.NEW, Trigger.RESUME)]
    assert harness.key_status(SHOP, TOKEN).usable_record(harness.clock())


def test_after_waking_up_the_network_gets_a_moment(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(DAY)
    harness.controller.on_system_resumed()
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 2
    harness.advance(NETWORK_GRACE_S + 0.1)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 4
    assert harness.refresh_results[-1].entry.trigger is Trigger.RESUME


def test_that_moment_also_stands_when_the_timer_notices_the_sleep_in_it(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(DAY)
    harness.controller.on_system_resumed()
    harness.advance(1)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 2


def test_a_network_that_is_up_ends_the_wait(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(DAY)
    harness.controller.on_system_resumed()
    harness.controller.on_network_restored()
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 4


def test_the_timer_is_set_to_the_end_of_the_wait_and_not_to_its_shortest(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(DAY)
    harness.controller.on_system_resumed()
    harness.wait_until_idle(qtbot)
    assert harness.scheduler._timer.interval() == NETWORK_GRACE_S * 1000


def test_a_clock_that_was_set_back_after_waking_up_holds_nothing(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.controller.on_system_resumed()
    harness.jump_wall_clock(-8 * HOUR)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 4


def test_a_value_whose_end_is_not_known_any_more_is_asked_for_again(harness: RuntimeHarness, qtbot: QtBot) -> None:
    """Set back by an hour, a value of two hours seems to live for three."""
    harness.put_value(SHOP, TOKEN, "OLD-TOKEN", age_s=2 * HOUR - 600)
    harness.put_value(SHOP, TICKET, "OLD-TICKET", age_s=2 * HOUR - 600)
    started(harness, qtbot)
    harness.jump_wall_clock(-1.5 * HOUR)
    harness.wait_until_idle(qtbot)
    assert TOKEN in [outcome.kind for outcome in harness.refresh_results]
    assert harness.value(SHOP, TOKEN) != "OLD-TOKEN"


def test_a_ticket_is_not_relied_on_for_longer_than_it_lives_after_the_clock_was_set_back(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started(harness, qtbot)
    harness.jump_wall_clock(-30 * 60)
    harness.wait_until_idle(qtbot)
    entries = [outcome.entry for outcome in harness.refresh_results if outcome.kind is TICKET]
    assert entries[-1].detail == retries.CLOCK_SET_BACK


def test_a_failure_that_a_wrong_clock_timed_holds_nothing_for_hours(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    started(harness, qtbot)
    harness.wechat.forced_token_reply = None
    harness.jump_wall_clock(-8 * HOUR)
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH


def test_a_pause_never_lasts_longer_than_was_asked_for(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.pause(harness.clock() + 1800)
    harness.controller.start()
    harness.jump_wall_clock(-8 * HOUR)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []
    harness.advance(1801)
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH


# -- back-off -------------------------------------------------------------------------------------


def test_a_failure_is_waited_for_and_tried_again_and_a_person_need_not_wait(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.wechat.forced_token_reply = error_reply(-1, "system error")
    for _ in range(6):
        harness.advance(600)
        if not harness.controller.is_running:
            harness.controller.start()
        harness.wait_until_idle(qtbot)
    tried = len(harness.transport.requests)
    harness.advance(1)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == tried
    next_at = harness.key_status(SHOP, TOKEN).next_attempt_at
    assert next_at is not None
    assert next_at > harness.clock() + 5
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == tried + 1


def test_what_a_person_must_put_right_is_not_tried_again_by_itself(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40125, "invalid appsecret")
    started(harness, qtbot)
    harness.advance(DAY)
    harness.advance(DAY)
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.requests) == 1
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    assert harness.key_status(SHOP, TOKEN).next_attempt_at is None


def test_offline_is_over_when_the_network_says_so(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    started(harness, qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.OFFLINE
    harness.wechat.forced_token_reply = None
    harness.controller.on_network_restored()
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


def test_a_restart_goes_on_waiting_where_the_last_run_was(harness: RuntimeHarness, qtbot: QtBot) -> None:
    entry = HistoryEntry(
        harness.clock() - 5, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED,
        calls=1, errcode=45009, endpoint="stable_token",
    )  # fmt: skip
    harness.history.append(entry)
    started(harness, qtbot)
    assert harness.transport.requests == []


# -- requests of the user -------------------------------------------------------------------------


def test_a_person_asks_wechat_even_if_all_is_fresh(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.refresh_results.clear()
    harness.controller.refresh(SHOP.appid, TICKET)
    harness.wait_until_idle(qtbot)
    assert results(harness) == [(TICKET, AttemptResult.NEW, Trigger.USER)]


@pytest.mark.usefixtures("qapp")
def test_refresh_without_a_name_means_every_account(qtbot: QtBot) -> None:
    with runtime_harness(SHOP, CAFE, GAME) as harness:
        harness.put_fresh_values(SHOP, CAFE, GAME)
        started(harness, qtbot)
        harness.controller.refresh()
        harness.wait_until_idle(qtbot)
        assert sorted(harness.transport.endpoints) == ["getticket"] * 2 + ["stable_token"] * 3


def test_clicks_while_an_order_is_in_flight_become_one_order_more_and_force_wins(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.refresh(SHOP.appid, TOKEN)
    for _ in range(5):
        harness.controller.refresh(SHOP.appid, TICKET)
        harness.controller.force_new_token(SHOP.appid)
    qtbot.waitUntil(lambda: len(harness.transport.requests) == 1)
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "stable_token", "getticket"]
    forced = [dict(request.body)["force_refresh"] for request in harness.transport.requests if request.body]
    assert forced == [False, True]


def test_wishes_about_an_account_that_nobody_knows_do_nothing(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.controller.refresh("wx-nobody")
    harness.controller.force_new_token("wx-nobody")
    harness.controller.copies.request("wx-nobody", TOKEN)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []
    assert harness.copied_values == []


# -- other programs -------------------------------------------------------------------------------


def test_a_newer_file_of_another_program_is_adopted(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    asked = len(harness.transport.requests)
    harness.clock.advance(100)
    harness.put_value(SHOP, TOKEN, "FOREIGN-TOKEN", age_s=1, is_foreign=True)
    harness.wechat.forced_token_reply = token_reply("FOREIGN-TOKEN")
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.value(SHOP, TOKEN) == "FOREIGN-TOKEN"
    assert [(o.kind, o.entry.result) for o in harness.refresh_results[2:]] == [(TOKEN, AttemptResult.ADOPTED)]
    assert len(harness.transport.requests) == asked + 1


def test_a_newer_file_that_comes_between_the_decision_and_the_job_is_adopted(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_value(SHOP, TOKEN, "DYING-TOKEN", age_s=7000)
    harness.put_value(SHOP, TICKET, "TICKET", age_s=10)
    harness.controller.start()
    # the job is submitted; the file changes before the worker reads it
    (job,) = harness.worker_pool.running_jobs()
    assert isinstance(job, RefreshTokens)
    outcomes = harness.make_context().refresher  # the same fakes
    harness.wait_until_idle(qtbot)
    harness.put_value(SHOP, TOKEN, "FOREIGN-TOKEN", age_s=0)
    (outcome,) = outcomes.refresh(replace(job.request, kinds=(TOKEN,)))
    assert outcome.entry.result is AttemptResult.ADOPTED


def test_a_file_that_is_damaged_or_gone_is_replaced(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    held = dog_format.parse_token_record(harness.dogs.files[SHOP.appid, TOKEN])
    for text in ('{"data":"half', None):
        if text is None:
            del harness.dogs.files[SHOP.appid, TOKEN]
        else:
            harness.dogs.put_text(SHOP, TOKEN, text)
        harness.tick()
        harness.wait_until_idle(qtbot)
        back = dog_format.parse_token_record(harness.dogs.files[SHOP.appid, TOKEN])
        assert held is not None
        assert back is not None
        assert (back.value, back.generated_ms) == (held.value, held.generated_ms)
    assert harness.transport.endpoints == []  # the value is valid: WeChat need not be asked


def test_an_expired_file_that_is_gone_is_fetched(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_value(SHOP, TOKEN, "T1", age_s=7190)
    started(harness, qtbot)
    before = len(harness.transport.endpoints)
    harness.clock.advance(7300)
    del harness.dogs.files[SHOP.appid, TOKEN]
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert "stable_token" in harness.transport.endpoints[before:]
    assert (SHOP.appid, TOKEN) in harness.dogs.files


def test_a_file_that_is_gone_again_at_once_is_missed(harness: RuntimeHarness, qtbot: QtBot) -> None:
    """Remove it between the write of the job and the check of the controller."""
    harness.put_value(SHOP, TOKEN, "T1", age_s=7190)
    harness.controller.refresh_attempted.connect(lambda _outcome: None)
    write = harness.dogs.write

    def write_and_lose(account: Account, kind: TokenKind, record: TokenRecord) -> None:
        write(account, kind, record)
        del harness.dogs.files[account.appid, kind]
        harness.dogs.write = write  # type: ignore[method-assign]  # removed once

    harness.dogs.write = write_and_lose  # type: ignore[method-assign]
    started(harness, qtbot)
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert (SHOP.appid, TOKEN) in harness.dogs.files


def test_what_another_program_made_of_an_account_is_shown(harness: RuntimeHarness, qtbot: QtBot) -> None:
    """As after `guarddogctl refresh`: a failure writes no file, a success may bring the same value."""
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)

    def line(result: AttemptResult, errcode: int | None = None) -> HistoryEntry:
        return HistoryEntry(
            harness.clock(), SHOP.appid, TOKEN, Trigger.USER, result,
            calls=1, errcode=errcode, endpoint="stable_token",
        )  # fmt: skip

    harness.history.append(line(AttemptResult.REFUSED, 40125))
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    harness.advance(60)
    harness.history.append(line(AttemptResult.SAME))
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    harness.history.append(line(AttemptResult.KEYRING_DOWN))  # a cron job has none
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    assert harness.transport.endpoints == []


def test_accounts_that_another_program_adds_are_picked_up(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.secrets.stored[GAME.appid] = Secret(SECRET)
    harness.accounts.update(lambda known: (*known, GAME))
    harness.advance(30)
    harness.wait_until_idle(qtbot)
    assert harness.key_status(GAME, TOKEN).state is KeyState.FRESH


def test_an_account_that_comes_back_remembers_why_it_was_waiting(harness: RuntimeHarness, qtbot: QtBot) -> None:
    entry = HistoryEntry(
        harness.clock() - 5, GAME.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED,
        calls=1, errcode=45009, endpoint="stable_token",
    )  # fmt: skip
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.history.append(entry)
    harness.accounts.update(lambda known: (*known, GAME))
    harness.advance(30)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def card_ticket_switched(harness: RuntimeHarness, qtbot: QtBot, account: Account) -> None:
    """By another program, for example the command line."""
    harness.accounts.update(lambda _: (account,))
    harness.controller.tick()
    harness.wait_until_idle(qtbot)


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_by_itself(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    card_ticket_switched(harness, qtbot, CARDS)
    assert [dict(request.query)["type"] for request in harness.transport.requests] == ["wx_card"]
    assert harness.key_status(SHOP, CARD).state is KeyState.FRESH
    assert harness.controller.overview().usable_count == 3


def test_a_disabled_card_ticket_keeps_its_file_and_is_not_fetched(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.accounts.update(lambda _: (CARDS,))
    started(harness, qtbot)
    before = harness.dogs.files[SHOP.appid, CARD]
    card_ticket_switched(harness, qtbot, SHOP)
    harness.transport.requests.clear()
    for _ in range(10):
        harness.advance(HOUR)
        harness.wait_until_idle(qtbot)
    assert harness.transport.requests
    assert {dict(request.query).get("type") for request in harness.transport.requests} == {None, "jsapi"}
    assert harness.dogs.files[SHOP.appid, CARD] == before
    assert len(harness.controller.overview().keys) == 2
    harness.controller.copies.request(SHOP.appid, CARD)
    assert harness.copied_values == []


def test_a_refused_card_ticket_is_ignored_when_disabled_and_tried_when_enabled(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.wechat.forced_ticket_reply = error_reply(48001)
    card_ticket_switched(harness, qtbot, CARDS)
    assert harness.controller.overview().state is KeyState.FAILED
    card_ticket_switched(harness, qtbot, SHOP)
    assert harness.controller.overview().state is KeyState.FRESH
    harness.wechat.forced_ticket_reply = None
    card_ticket_switched(harness, qtbot, CARDS)
    assert harness.controller.overview().usable_count == 3


def test_an_account_that_is_removed_while_its_order_is_in_flight_stays_away(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.accounts.update(lambda _: ())
    harness.tick()
    assert harness.controller.overview().accounts == ()
    harness.wechat.release()
    qtbot.waitUntil(lambda: len(harness.refresh_results) == 2)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().accounts == ()
    assert harness.copied_values == []


def test_an_account_that_moved_to_another_folder_in_mid_flight_shows_what_lies_there(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    class Folders(dict[tuple[str, TokenKind], str]):
        """One file per folder, as on a disk."""

    files: dict[tuple[str, TokenKind], str] = Folders()

    def read(account: Account, kind: TokenKind) -> TokenRecord | None:
        text = files.get((harness.dogs.directory(account), kind))
        return None if text is None else dog_format.parse_token_record(text)

    def write(account: Account, kind: TokenKind, record: TokenRecord) -> None:
        files[harness.dogs.directory(account), kind] = dog_format.format_token_record(record)

    def stamp(account: Account, kind: TokenKind) -> object:
        return files.get((harness.dogs.directory(account), kind))

    harness.dogs.read, harness.dogs.write, harness.dogs.stamp = read, write, stamp  # type: ignore[method-assign]
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    moved = replace(SHOP, dog_dir="/elsewhere")
    harness.accounts.update(lambda _: (moved,))
    harness.controller.reload_from_disk()
    harness.controller.stop()  # what comes back is looked at alone
    harness.wechat.release()
    qtbot.waitUntil(lambda: len(harness.refresh_results) == 2)
    assert harness.value(moved, TOKEN) is None


# -- pause ----------------------------------------------------------------------------------------


def test_a_pause_stops_the_timer_but_not_the_person(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.pause(harness.clock() + HOUR)
    started(harness, qtbot)
    overview = harness.controller.overview()
    assert harness.transport.requests == []
    assert overview.paused_until == harness.clock() + HOUR
    assert [key.state for key in overview.keys] == [KeyState.PAUSED] * 2
    assert overview.next_attempt_at is None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().usable_count == 2


def test_a_pause_ends_by_itself(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.pause(harness.clock() + HOUR)
    started(harness, qtbot)
    harness.advance(HOUR - 1)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []
    assert harness.scheduler._timer.interval() == 1000
    harness.advance(1)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().paused_until is None
    assert harness.controller.overview().usable_count == 2


def test_a_pause_can_be_ended(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.pause(float("inf"))
    started(harness, qtbot)
    assert harness.transport.requests == []
    harness.controller.pause(None)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().usable_count == 2


# -- keyring and disk -----------------------------------------------------------------------------


def test_a_locked_keyring_is_said_and_is_tried_again_after_waking_up(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.secrets.lookup_result = KeyringIsLocked()
    started(harness, qtbot)
    for _ in range(5):
        harness.advance(600)
        harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.KEYRING_LOCKED
    assert harness.key_status(SHOP, TICKET).state is KeyState.KEYRING_LOCKED
    asked = harness.secrets.lookup_count
    harness.advance(DAY)
    harness.wait_until_idle(qtbot)
    assert harness.secrets.lookup_count == asked  # the keyring is not asked again all night
    harness.secrets.lookup_result = None
    harness.controller.on_system_resumed()
    harness.advance(NETWORK_GRACE_S)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


@pytest.mark.parametrize("failure", [KeyringIsLocked(), KeyringIsDown("no answer")])
def test_a_keyring_that_is_available_again_is_tried_at_once(
    harness: RuntimeHarness, qtbot: QtBot, failure: KeyringIsLocked | KeyringIsDown
) -> None:
    harness.secrets.lookup_result = failure
    started(harness, qtbot)
    for _ in range(5):
        harness.advance(600)
        harness.wait_until_idle(qtbot)
    harness.secrets.lookup_result = None
    harness.controller.on_keyring_available()
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


@pytest.mark.parametrize(
    ("looked", "result"),
    [(SecretMissing(), AttemptResult.NO_SECRET), (KeyringIsDown("no bus"), AttemptResult.KEYRING_DOWN)],
)
def test_what_the_keyring_said_is_in_the_trouble(
    harness: RuntimeHarness, qtbot: QtBot, looked: SecretMissing | KeyringIsDown, result: AttemptResult
) -> None:
    harness.secrets.lookup_result = looked
    started(harness, qtbot)
    trouble = harness.key_status(SHOP, TOKEN).failure
    assert trouble is not None
    assert trouble.result is result
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    assert harness.transport.requests == []


def test_a_full_disk_is_said_and_the_value_can_be_copied_all_the_same(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.dogs.is_disk_full = True
    started(harness, qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    value = harness.value(SHOP, TOKEN)
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert value is not None
    assert harness.copied_values == [(SHOP.appid, TOKEN, value)]


def test_a_failure_after_a_full_disk_does_not_lose_the_value(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.dogs.is_disk_full = True
    started(harness, qtbot)
    value = harness.value(SHOP, TOKEN)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.advance(600)
    harness.wait_until_idle(qtbot)
    assert harness.refresh_results[-1].entry.result is AttemptResult.NO_ANSWER
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert harness.copied_values == [(SHOP.appid, TOKEN, value)]


def test_a_disk_that_has_room_again_gets_the_value(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.dogs.is_disk_full = True
    started(harness, qtbot)
    harness.dogs.is_disk_full = False
    harness.advance(700)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH
    record = harness.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == harness.value(SHOP, TOKEN)


# -- our own mistakes -----------------------------------------------------------------------------


def test_a_mistake_of_ours_in_a_refresh_is_shown_and_waited_for(
    harness: RuntimeHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(harness.dogs, "directory", broken)
    started(harness, qtbot)
    assert "the job RefreshTokens failed" in caplog.text
    assert results(harness) == [(TOKEN, AttemptResult.INTERNAL_ERROR, Trigger.START)]
    next_at = harness.key_status(SHOP, TOKEN).next_attempt_at
    assert next_at is not None
    assert next_at > harness.clock() + 30


def test_a_result_that_cannot_be_applied_leaves_the_account_alive(
    harness: RuntimeHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(AccountState, "apply_result", broken)
        started(harness, qtbot)
        assert "could not be applied" in caplog.text
        calls = len(harness.transport.endpoints)
        harness.advance(1)
        harness.wait_until_idle(qtbot)
        assert len(harness.transport.endpoints) == calls, "the retry waits"
    harness.advance(700)
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


# -- telling --------------------------------------------------------------------------------------


def many(number: int) -> tuple[Account, ...]:
    return tuple(Account(f"wx{index:016x}", f"Account {index}") for index in range(number))


@pytest.mark.usefixtures("qapp")
def test_what_happens_together_is_told_together(qtbot: QtBot) -> None:
    with runtime_harness(*many(1000)) as harness:
        harness.put_fresh_values(*harness.accounts.stored)
        started(harness, qtbot)
        harness.overviews.clear()
        harness.controller.refresh()
        qtbot.waitUntil(lambda: len(harness.refresh_results) == 2000, timeout=60_000)
        harness.wait_until_idle(qtbot)
        assert len(harness.overviews) < 500
        assert harness.overviews[-1].usable_count == 2000


@pytest.mark.usefixtures("qapp")
def test_an_overview_of_a_thousand_accounts_does_not_hold_the_main_thread_up(qtbot: QtBot) -> None:
    with runtime_harness(*many(1000)) as harness:
        harness.put_fresh_values(*harness.accounts.stored)
        started(harness, qtbot)
        took: list[float] = []
        for _ in range(5):
            begin = time.thread_time()
            overview = harness.controller.overview()
            took.append(time.thread_time() - begin)
            assert isinstance(overview, Overview)
        assert min(took) < 0.05


def test_many_accounts_do_not_keep_the_window_waiting_at_the_start(qtbot: QtBot) -> None:
    with runtime_harness(*many(100)) as harness:
        harness.put_fresh_values(*harness.accounts.stored)
        harness.controller.start()
        assert not harness.controller.is_running  # the past of some was read, and the window has its turn
        qtbot.waitUntil(lambda: harness.controller.is_running)
        harness.wait_until_idle(qtbot)


def test_a_program_that_is_stopped_at_its_start_orders_nothing(qtbot: QtBot) -> None:
    with runtime_harness(*many(100)) as harness:
        harness.controller.start()
        harness.controller.stop()
        qtbot.wait(100)
        assert not harness.controller.is_running
        assert harness.transport.endpoints == []
