"""The controller: what it orders and when, what it copies, and what it tells."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import Found, Locked, Missing, Unavailable
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.status import Overview, State
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime.controller import AFTER_WAKE_S, merged
from guarddog_gui.runtime.jobs import Check, Crash, Job, Remove, Save, Trouble
from guarddog_gui.services.accounts import NotSaved, Removed, Saved, Verdict
from guarddog_gui.services.refresh import Eagerness, Order
from tests.fakes import OFFLINE, refusal
from tests.runtime.stage import CAFE, CARD, GAME, SECRET, SHOP, TICKET, TOKEN, Stage, stage_with

HOUR, DAY = 3600.0, 86_400.0


def results(stage: Stage) -> list[tuple[str, Result, Trigger]]:
    return [(o.kind.value, o.entry.result, o.entry.trigger) for o in stage.attempts]


def started(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    stage.settle(qtbot)


# -- starting -------------------------------------------------------------------------------------


def test_a_start_without_files_fetches_the_token_and_the_ticket_with_it(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    assert stage.transport.paths == ["stable_token", "getticket"]
    assert results(stage) == [
        (TOKEN, Result.NEW, Trigger.START),
        (TICKET, Result.NEW, Trigger.START),
    ]
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    assert stage.key(SHOP, TICKET).state is State.FRESH
    assert stage.transport.requests[1].query[0] == ("access_token", stage.value(SHOP, TOKEN))


def test_a_start_with_fresh_files_asks_nobody_for_a_token(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    assert stage.transport.paths == []
    assert stage.secrets.looked_up == 0
    assert stage.controller.overview().fresh == 2


def test_what_is_on_the_disk_is_shown_before_anything_is_asked(stage: Stage) -> None:
    stage.put_fresh(SHOP)
    stage.controller.read()
    assert stage.controller.overview().fresh == 2
    assert stage.secrets.looked_up == 0
    assert stage.transport.requests == []


@pytest.mark.usefixtures("qapp")
def test_a_mini_program_has_no_ticket_to_fetch(qtbot: QtBot) -> None:
    with stage_with(GAME) as stage:
        started(stage, qtbot)
        assert stage.transport.paths == ["stable_token"]


def test_while_an_order_is_in_flight_its_keys_say_so(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    assert [key.state for key in stage.controller.overview().keys] == [State.REFRESHING] * 2
    stage.wechat.go_on()
    stage.settle(qtbot)
    assert stage.controller.overview().state is State.FRESH


@pytest.mark.usefixtures("qapp")
def test_an_account_that_hangs_delays_no_other(qtbot: QtBot) -> None:
    with stage_with(SHOP, CAFE, lanes=2) as stage:
        stage.wechat.hanging.add(SHOP.appid)
        stage.controller.start()
        qtbot.waitUntil(lambda: stage.key(CAFE, TICKET).state is State.FRESH)
        assert stage.key(SHOP, TOKEN).state is State.REFRESHING


def test_before_the_start_and_after_the_stop_nothing_is_ordered(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.read()
    stage.beat()
    stage.controller.on_woke()
    stage.controller.on_network_up()
    stage.controller.start()
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 2
    stage.controller.stop()
    stage.later(DAY)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 2


# -- time -----------------------------------------------------------------------------------------


def test_nothing_is_asked_before_it_is_due_and_a_due_token_is_replaced_by_the_timer(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.put(SHOP, TOKEN, "OLD-TOKEN", age=7200 - 291)
    stage.put(SHOP, TICKET, "OLD-TICKET", age=10)
    started(stage, qtbot)
    assert stage.transport.requests == []
    stage.later(2)
    stage.settle(qtbot)
    assert results(stage) == [(TOKEN, Result.NEW, Trigger.TIMER)]


def test_after_a_day_of_sleep_a_beat_refreshes_what_has_died(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.attempts.clear()
    stage.jump(DAY)
    stage.settle(qtbot)
    assert results(stage) == [
        (TOKEN, Result.NEW, Trigger.RESUME),
        (TICKET, Result.NEW, Trigger.RESUME),
    ]
    assert stage.key(SHOP, TOKEN).usable(stage.clock())


def test_after_waking_up_the_network_gets_a_moment(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(DAY)
    stage.controller.on_woke()
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 2
    stage.later(AFTER_WAKE_S + 0.1)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 4
    assert stage.attempts[-1].entry.trigger is Trigger.RESUME


def test_that_moment_also_stands_when_the_timer_notices_the_sleep_in_it(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(DAY)
    stage.controller.on_woke()
    stage.later(1)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 2


def test_a_network_that_is_up_ends_the_wait(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(DAY)
    stage.controller.on_woke()
    stage.controller.on_network_up()
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 4


def test_the_timer_is_set_to_the_end_of_the_wait_and_not_to_its_shortest(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(DAY)
    stage.controller.on_woke()
    stage.settle(qtbot)
    assert stage.scheduler._timer.interval() == AFTER_WAKE_S * 1000


def test_a_clock_that_was_set_back_after_waking_up_holds_nothing(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.controller.on_woke()
    stage.jump(-8 * HOUR)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 4


def test_a_value_whose_end_is_not_known_any_more_is_asked_for_again(stage: Stage, qtbot: QtBot) -> None:
    """Set back by an hour, a value of two hours seems to live for three."""
    stage.put(SHOP, TOKEN, "OLD-TOKEN", age=2 * HOUR - 600)
    stage.put(SHOP, TICKET, "OLD-TICKET", age=2 * HOUR - 600)
    started(stage, qtbot)
    stage.jump(-1.5 * HOUR)
    stage.settle(qtbot)
    assert TOKEN in [outcome.kind for outcome in stage.attempts]
    assert stage.value(SHOP, TOKEN) != "OLD-TOKEN"


def test_a_failure_that_a_wrong_clock_timed_holds_nothing_for_hours(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = OFFLINE
    started(stage, qtbot)
    stage.wechat.refuses = None
    stage.jump(-8 * HOUR)
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH


def test_a_pause_never_lasts_longer_than_was_asked_for(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.pause(stage.clock() + 1800)
    stage.controller.start()
    stage.jump(-8 * HOUR)
    stage.settle(qtbot)
    assert stage.transport.requests == []
    stage.later(1801)
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH


# -- back-off -------------------------------------------------------------------------------------


def test_a_failure_is_waited_for_and_tried_again_and_a_person_need_not_wait(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.wechat.refuses = refusal(-1, "system error")
    for _ in range(6):
        stage.later(600)
        if not stage.controller._awake:
            stage.controller.start()
        stage.settle(qtbot)
    tried = len(stage.transport.requests)
    stage.later(1)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == tried
    next_at = stage.key(SHOP, TOKEN).next_at
    assert next_at is not None
    assert next_at > stage.clock() + 5
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == tried + 1


def test_what_a_person_must_put_right_is_not_tried_again_by_itself(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(40125, "invalid appsecret")
    started(stage, qtbot)
    stage.later(DAY)
    stage.later(DAY)
    stage.settle(qtbot)
    assert len(stage.transport.requests) == 1
    assert stage.key(SHOP, TOKEN).state is State.FAILED
    assert stage.key(SHOP, TOKEN).next_at is None


def test_offline_is_over_when_the_network_says_so(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = OFFLINE
    started(stage, qtbot)
    assert stage.key(SHOP, TOKEN).state is State.OFFLINE
    stage.wechat.refuses = None
    stage.controller.on_network_up()
    stage.settle(qtbot)
    assert stage.controller.overview().state is State.FRESH


def test_a_restart_goes_on_waiting_where_the_last_run_was(stage: Stage, qtbot: QtBot) -> None:
    entry = Entry(
        stage.clock() - 5, SHOP.appid, TOKEN, Trigger.TIMER, Result.REFUSED,
        calls=1, errcode=45009, endpoint="stable_token",
    )  # fmt: skip
    stage.history.append(entry)
    started(stage, qtbot)
    assert stage.transport.requests == []


# -- a person's wishes ----------------------------------------------------------------------------


def test_a_person_asks_wechat_even_if_all_is_fresh(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.attempts.clear()
    stage.controller.refresh(SHOP.appid, TICKET)
    stage.settle(qtbot)
    assert results(stage) == [(TICKET, Result.NEW, Trigger.PERSON)]


@pytest.mark.usefixtures("qapp")
def test_refresh_without_a_name_means_every_account(qtbot: QtBot) -> None:
    with stage_with(SHOP, CAFE, GAME) as stage:
        stage.put_fresh(SHOP, CAFE, GAME)
        started(stage, qtbot)
        stage.controller.refresh()
        stage.settle(qtbot)
        assert sorted(stage.transport.paths) == ["getticket"] * 2 + ["stable_token"] * 3


def test_clicks_while_an_order_is_in_flight_become_one_order_more_and_force_wins(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.refresh(SHOP.appid, TOKEN)
    for _ in range(5):
        stage.controller.refresh(SHOP.appid, TICKET)
        stage.controller.force(SHOP.appid)
    qtbot.waitUntil(lambda: len(stage.transport.requests) == 1)
    stage.wechat.go_on()
    stage.settle(qtbot)
    assert stage.transport.paths == ["stable_token", "stable_token", "getticket"]
    forced = [dict(request.body)["force_refresh"] for request in stage.transport.requests if request.body]
    assert forced == [False, True]


def test_two_wishes_make_an_order_that_does_what_both_want() -> None:
    timer = Order(SHOP, (TICKET,), Trigger.TIMER, Eagerness.IF_NEEDED)
    copy = Order(SHOP, (TICKET,), Trigger.COPY, Eagerness.IF_NEEDED)
    force = Order(SHOP, (TOKEN,), Trigger.PERSON, Eagerness.FORCE)
    both = merged(force, timer)
    assert (both.kinds, both.eagerness, both.trigger) == ((TOKEN, TICKET), Eagerness.FORCE, Trigger.PERSON)
    assert merged(timer, force) == replace(both)
    assert merged(timer, copy).trigger is Trigger.COPY
    assert merged(timer, timer) == timer


def test_a_forced_token_is_counted_and_the_next_one_has_to_wait(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    assert stage.controller.may_force(SHOP.appid).allowed
    stage.controller.force(SHOP.appid)
    stage.settle(qtbot)
    may = stage.controller.may_force(SHOP.appid)
    assert not may.allowed
    assert may.from_at == stage.clock() + 30
    stage.clock.advance(31)
    assert stage.controller.may_force(SHOP.appid).left_today == 19


def test_wishes_about_an_account_that_nobody_knows_do_nothing(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.controller.refresh("wx-nobody")
    stage.controller.force("wx-nobody")
    stage.controller.copy("wx-nobody", TOKEN)
    stage.settle(qtbot)
    assert stage.transport.requests == []
    assert stage.copied == []


# -- copying --------------------------------------------------------------------------------------


def test_a_value_that_works_is_copied_at_once_and_without_the_network(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.controller.copy(SHOP.appid, TICKET)
    assert stage.copied == [(SHOP.appid, TICKET, stage.value(SHOP, TICKET))]
    assert stage.copied[0][1] is TICKET  # and not only its text: Qt likes to turn one into the other
    stage.settle(qtbot)
    assert stage.transport.requests == []


def test_a_value_that_has_died_since_it_was_shown_is_never_copied(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    shown = stage.published[-1]
    assert shown.fresh == 2
    old = stage.value(SHOP, TOKEN)
    stage.clock.advance(7200)  # no beat has come since
    stage.controller.copy(SHOP.appid, TOKEN)
    assert stage.copied == []
    stage.settle(qtbot)
    assert stage.copied == [(SHOP.appid, TOKEN, stage.value(SHOP, TOKEN))]
    assert stage.copied[0][2] != old
    assert stage.attempts[-1].entry.trigger is Trigger.COPY


def test_a_value_that_another_program_has_just_replaced_is_copied_as_it_is_now(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.put(SHOP, TOKEN, "NEWER-TOKEN", age=1)
    stage.controller.copy(SHOP.appid, TOKEN)
    assert stage.copied == [(SHOP.appid, TOKEN, "NEWER-TOKEN")]


def test_a_dead_ticket_brings_its_token_along_and_is_copied_once(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.read()
    for _ in range(3):
        stage.controller.copy(SHOP.appid, TICKET)
    stage.wechat.go_on()
    stage.settle(qtbot)
    assert stage.copied == [(SHOP.appid, TICKET, stage.value(SHOP, TICKET))]


def test_a_wish_that_was_granted_from_the_disk_is_not_granted_again(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.read()
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.put(SHOP, TOKEN, "THE-OTHERS-TOKEN", age=0)
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.wechat.go_on()
    stage.settle(qtbot)
    assert [value for _, _, value in stage.copied] == ["THE-OTHERS-TOKEN"]


def test_a_copy_that_cannot_be_had_says_why(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(40164, "invalid ip 203.0.113.7, not in whitelist")
    stage.controller.read()
    stage.controller.copy(SHOP.appid, TICKET)
    stage.settle(qtbot)
    assert stage.copied == []
    ((appid, kind, entry),) = stage.not_copied
    assert (appid, kind, entry.errcode, entry.ip) == (SHOP.appid, TICKET, 40164, "203.0.113.7")


def test_a_copy_that_failed_is_not_made_up_for_later(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = OFFLINE
    stage.controller.read()
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    stage.wechat.refuses = None
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    assert stage.copied == []


def test_a_copy_while_another_order_hangs_waits_for_its_own(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.wechat.go_on()
    stage.settle(qtbot)
    assert stage.copied == [(SHOP.appid, TOKEN, stage.value(SHOP, TOKEN))]


def test_a_busy_account_whose_value_came_from_the_other_program_is_copied(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.read()
    stage.lock.busy = True
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.put(SHOP, TOKEN, "THE-OTHERS-TOKEN", age=0)
    stage.settle(qtbot)
    assert [value for _, _, value in stage.copied] == ["THE-OTHERS-TOKEN"]


# -- other programs -------------------------------------------------------------------------------


def test_a_newer_file_of_another_program_is_adopted(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    asked = len(stage.transport.requests)
    stage.clock.advance(100)
    stage.put(SHOP, TOKEN, "FOREIGN-TOKEN", age=1)
    stage.beat()
    stage.settle(qtbot)
    assert stage.value(SHOP, TOKEN) == "FOREIGN-TOKEN"
    assert [(o.kind, o.entry.result) for o in stage.attempts[2:]] == [(TOKEN, Result.ADOPTED)]
    assert len(stage.transport.requests) == asked


def test_a_newer_file_that_comes_between_the_decision_and_the_lane_is_adopted(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.put(SHOP, TOKEN, "DYING-TOKEN", age=7000)
    stage.put(SHOP, TICKET, "TICKET", age=10)
    stage.controller.start()
    # the order is given; the file changes before the lane reads it
    order = stage.controller._known[SHOP.appid].order
    assert order is not None
    outcomes = stage.engine().refresher  # the same fakes
    stage.settle(qtbot)
    stage.put(SHOP, TOKEN, "FOREIGN-TOKEN", age=0)
    (outcome,) = outcomes.refresh(replace(order, kinds=(TOKEN,)))
    assert outcome.entry.result is Result.ADOPTED


def test_a_file_that_is_damaged_or_gone_is_replaced(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    held = dogfile.from_text(stage.dogs.files[SHOP.appid, TOKEN])
    for text in ('{"data":"half', None):
        if text is None:
            del stage.dogs.files[SHOP.appid, TOKEN]
        else:
            stage.dogs.put(SHOP, TOKEN, text)
        stage.beat()
        stage.settle(qtbot)
        back = dogfile.from_text(stage.dogs.files[SHOP.appid, TOKEN])
        assert held is not None
        assert back is not None
        assert (back.value, back.generated_ms) == (held.value, held.generated_ms)
    assert stage.transport.paths == []  # the value lives: nobody has to be asked


def test_a_dead_one_that_is_gone_is_asked_for(stage: Stage, qtbot: QtBot) -> None:
    stage.put(SHOP, TOKEN, "T1", age=7190)
    started(stage, qtbot)
    before = len(stage.transport.paths)
    stage.clock.advance(7300)
    del stage.dogs.files[SHOP.appid, TOKEN]
    stage.beat()
    stage.settle(qtbot)
    assert "stable_token" in stage.transport.paths[before:]
    assert (SHOP.appid, TOKEN) in stage.dogs.files


def test_a_file_that_is_gone_again_at_once_is_missed(stage: Stage, qtbot: QtBot) -> None:
    """Between the lane's write and our look at it."""
    stage.put(SHOP, TOKEN, "T1", age=7190)
    stage.controller.attempted.connect(lambda _outcome: None)
    write = stage.dogs.write

    def write_and_lose(account: Account, kind: TokenKind, record: TokenRecord) -> None:
        write(account, kind, record)
        del stage.dogs.files[account.appid, kind]
        stage.dogs.write = write  # type: ignore[method-assign]  # somebody removes it, once

    stage.dogs.write = write_and_lose  # type: ignore[method-assign]
    started(stage, qtbot)
    stage.beat()
    stage.settle(qtbot)
    assert (SHOP.appid, TOKEN) in stage.dogs.files


def test_what_another_program_made_of_an_account_is_shown(stage: Stage, qtbot: QtBot) -> None:
    """As after `guarddogctl refresh`: a failure writes no file, a success may bring the same value."""
    stage.put_fresh(SHOP)
    started(stage, qtbot)

    def line(result: Result, errcode: int | None = None) -> Entry:
        return Entry(
            stage.clock(), SHOP.appid, TOKEN, Trigger.PERSON, result,
            calls=1, errcode=errcode, endpoint="stable_token",
        )  # fmt: skip

    stage.history.append(line(Result.REFUSED, 40125))
    stage.beat()
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FAILED
    stage.later(60)
    stage.history.append(line(Result.SAME))
    stage.beat()
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    stage.history.append(line(Result.KEYRING_DOWN))  # a cron job has none
    stage.beat()
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    assert stage.transport.paths == []


def test_accounts_that_another_program_adds_are_picked_up(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.secrets.stored[GAME.appid] = Secret(SECRET)
    stage.accounts.change(lambda known: (*known, GAME))
    stage.later(30)
    stage.settle(qtbot)
    assert stage.key(GAME, TOKEN).state is State.FRESH


def test_an_account_that_comes_back_remembers_why_it_was_waiting(stage: Stage, qtbot: QtBot) -> None:
    entry = Entry(
        stage.clock() - 5, GAME.appid, TOKEN, Trigger.TIMER, Result.REFUSED,
        calls=1, errcode=45009, endpoint="stable_token",
    )  # fmt: skip
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.history.append(entry)
    stage.accounts.change(lambda known: (*known, GAME))
    stage.later(30)
    stage.settle(qtbot)
    assert stage.transport.requests == []


CARDS = replace(SHOP, card_ticket=True)


def card_ticket_switched(stage: Stage, qtbot: QtBot, account: Account) -> None:
    """By another program, for example the command line."""
    stage.accounts.change(lambda _: (account,))
    stage.controller.on_list_changed("")
    stage.settle(qtbot)


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_by_itself(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    card_ticket_switched(stage, qtbot, CARDS)
    assert [dict(request.query)["type"] for request in stage.transport.requests] == ["wx_card"]
    assert stage.key(SHOP, CARD).state is State.FRESH
    assert stage.controller.overview().fresh == 3


def test_a_ticket_for_cards_that_is_switched_off_keeps_its_file_and_is_asked_for_no_more(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.accounts.change(lambda _: (CARDS,))
    started(stage, qtbot)
    before = stage.dogs.files[SHOP.appid, CARD]
    card_ticket_switched(stage, qtbot, SHOP)
    stage.transport.requests.clear()
    for _ in range(10):
        stage.later(HOUR)
        stage.settle(qtbot)
    assert stage.transport.requests
    assert {dict(request.query).get("type") for request in stage.transport.requests} == {None, "jsapi"}
    assert stage.dogs.files[SHOP.appid, CARD] == before
    assert len(stage.controller.overview().keys) == 2
    stage.controller.copy(SHOP.appid, CARD)
    assert stage.copied == []


def test_a_refused_ticket_for_cards_counts_no_more_once_it_is_off_and_is_tried_again_once_it_is_on(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.wechat.refuses_ticket = refusal(48001)
    card_ticket_switched(stage, qtbot, CARDS)
    assert stage.controller.overview().state is State.FAILED
    card_ticket_switched(stage, qtbot, SHOP)
    assert stage.controller.overview().state is State.FRESH
    stage.wechat.refuses_ticket = None
    card_ticket_switched(stage, qtbot, CARDS)
    assert stage.controller.overview().fresh == 3


def test_a_copy_of_a_ticket_that_is_switched_off_is_not_made_when_it_is_on_again(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.accounts.change(lambda _: (CARDS,))
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    stage.controller.copy(SHOP.appid, CARD)
    for account in (SHOP, CARDS):
        stage.accounts.change(lambda _, account=account: (account,))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        stage.beat()
    stage.wechat.go_on()
    stage.settle(qtbot)
    stage.beat()
    stage.settle(qtbot)
    assert stage.key(SHOP, CARD).state is State.FRESH
    assert stage.copied == []


def test_an_account_that_is_removed_while_its_order_is_in_flight_stays_away(
    stage: Stage, qtbot: QtBot
) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.accounts.change(lambda _: ())
    stage.beat()
    assert stage.controller.overview().accounts == ()
    stage.wechat.go_on()
    qtbot.waitUntil(lambda: len(stage.attempts) == 2)
    stage.settle(qtbot)
    assert stage.controller.overview().accounts == ()
    assert stage.copied == []


def test_a_copy_of_a_removed_account_is_not_made_when_it_comes_back(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    stage.controller.copy(SHOP.appid, TOKEN)
    stage.accounts.change(lambda _: ())
    stage.beat()
    stage.accounts.change(lambda _: (SHOP,))
    stage.beat()
    stage.wechat.go_on()
    stage.settle(qtbot)
    stage.beat()
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    assert stage.copied == []


def test_an_account_that_moved_to_another_folder_in_mid_flight_shows_what_lies_there(
    stage: Stage, qtbot: QtBot
) -> None:
    class Folders(dict[tuple[str, TokenKind], str]):
        """One file per folder, as on a disk."""

    files: dict[tuple[str, TokenKind], str] = Folders()

    def read(account: Account, kind: TokenKind) -> TokenRecord | None:
        text = files.get((stage.dogs.directory(account), kind))
        return None if text is None else dogfile.from_text(text)

    def write(account: Account, kind: TokenKind, record: TokenRecord) -> None:
        files[stage.dogs.directory(account), kind] = dogfile.to_text(record)

    def stamp(account: Account, kind: TokenKind) -> object:
        return files.get((stage.dogs.directory(account), kind))

    stage.dogs.read, stage.dogs.write, stage.dogs.stamp = read, write, stamp  # type: ignore[method-assign]
    stage.wechat.hanging.add(SHOP.appid)
    stage.controller.start()
    moved = replace(SHOP, dog_dir="/elsewhere")
    stage.accounts.change(lambda _: (moved,))
    stage.controller.read()
    stage.controller.stop()  # what comes back is looked at alone
    stage.wechat.go_on()
    qtbot.waitUntil(lambda: len(stage.attempts) == 2)
    assert stage.value(moved, TOKEN) is None


# -- pause ----------------------------------------------------------------------------------------


def test_a_pause_stops_the_timer_but_not_the_person(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.pause(stage.clock() + HOUR)
    started(stage, qtbot)
    overview = stage.controller.overview()
    assert stage.transport.requests == []
    assert overview.paused_until == stage.clock() + HOUR
    assert [key.state for key in overview.keys] == [State.PAUSED] * 2
    assert overview.next_at is None
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert stage.controller.overview().fresh == 2


def test_a_pause_ends_by_itself(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.pause(stage.clock() + HOUR)
    started(stage, qtbot)
    stage.later(HOUR - 1)
    stage.settle(qtbot)
    assert stage.transport.requests == []
    assert stage.scheduler._timer.interval() == 1000
    stage.later(1)
    stage.settle(qtbot)
    assert stage.controller.overview().paused_until is None
    assert stage.controller.overview().fresh == 2


def test_a_pause_can_be_ended(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.pause(float("inf"))
    started(stage, qtbot)
    assert stage.transport.requests == []
    stage.controller.pause(None)
    stage.settle(qtbot)
    assert stage.controller.overview().fresh == 2


# -- keyring and disk -----------------------------------------------------------------------------


def test_a_locked_keyring_is_said_and_is_tried_again_after_waking_up(stage: Stage, qtbot: QtBot) -> None:
    stage.secrets.trouble = Locked()
    started(stage, qtbot)
    for _ in range(5):
        stage.later(600)
        stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.KEYRING_LOCKED
    assert stage.key(SHOP, TICKET).state is State.KEYRING_LOCKED
    asked = stage.secrets.looked_up
    stage.later(DAY)
    stage.settle(qtbot)
    assert stage.secrets.looked_up == asked  # nobody is nagged all night
    stage.secrets.trouble = None
    stage.controller.on_woke()
    stage.later(AFTER_WAKE_S)
    stage.settle(qtbot)
    assert stage.controller.overview().state is State.FRESH


@pytest.mark.parametrize(
    ("looked", "result"),
    [(Missing(), Result.NO_SECRET), (Unavailable("no bus"), Result.KEYRING_DOWN)],
)
def test_what_the_keyring_said_is_in_the_trouble(
    stage: Stage, qtbot: QtBot, looked: Missing | Unavailable, result: Result
) -> None:
    stage.secrets.trouble = looked
    started(stage, qtbot)
    trouble = stage.key(SHOP, TOKEN).trouble
    assert trouble is not None
    assert trouble.result is result
    assert stage.key(SHOP, TOKEN).state is State.FAILED
    assert stage.transport.requests == []


def test_a_full_disk_is_said_and_the_value_can_be_copied_all_the_same(stage: Stage, qtbot: QtBot) -> None:
    stage.dogs.full = True
    started(stage, qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FAILED
    value = stage.value(SHOP, TOKEN)
    stage.controller.copy(SHOP.appid, TOKEN)
    assert value is not None
    assert stage.copied == [(SHOP.appid, TOKEN, value)]


def test_a_failure_after_a_full_disk_does_not_lose_the_value(stage: Stage, qtbot: QtBot) -> None:
    stage.dogs.full = True
    started(stage, qtbot)
    value = stage.value(SHOP, TOKEN)
    stage.wechat.refuses = OFFLINE
    stage.later(600)
    stage.settle(qtbot)
    assert stage.attempts[-1].entry.result is Result.UNHEARD
    stage.controller.copy(SHOP.appid, TOKEN)
    assert stage.copied == [(SHOP.appid, TOKEN, value)]


def test_a_disk_that_has_room_again_gets_the_value(stage: Stage, qtbot: QtBot) -> None:
    stage.dogs.full = True
    started(stage, qtbot)
    stage.dogs.full = False
    stage.later(700)
    stage.settle(qtbot)
    assert stage.controller.overview().state is State.FRESH
    record = stage.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == stage.value(SHOP, TOKEN)


# -- accounts -------------------------------------------------------------------------------------


def test_a_check_answers_with_the_job_that_asked(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    check = stage.controller.check(CAFE, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    ((job, verdict),) = stage.jobs_done
    assert job is check
    assert isinstance(verdict, Verdict)
    assert verdict.is_good
    assert stage.controller.overview().account(CAFE.appid) is None


def test_a_check_that_fails_changes_nothing(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(40125)
    stage.controller.check(CAFE, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    verdict = stage.jobs_done[0][1]
    assert isinstance(verdict, Verdict)
    assert isinstance(verdict.answer, Refusal)
    assert stage.history.entries == []


def test_a_saved_account_is_there_and_fetched_at_once(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    save = stage.controller.save(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert stage.jobs_done == [(save, Saved(GAME))]
    stage.settle(qtbot)
    assert stage.key(GAME, TOKEN).state is State.FRESH
    assert stage.secrets.look_up(GAME.appid) == Found(Secret(SECRET))


def test_a_saved_account_with_its_verdict_costs_no_second_token(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.controller.check(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: len(stage.jobs_done) == 1)
    verdict = stage.jobs_done[0][1]
    assert isinstance(verdict, Verdict)
    stage.controller.save(GAME, Secret(SECRET), verdict)
    qtbot.waitUntil(lambda: len(stage.jobs_done) == 2)
    stage.settle(qtbot)
    assert stage.transport.paths == ["stable_token"]
    assert stage.key(GAME, TOKEN).state is State.FRESH


def test_saving_again_ends_what_was_waiting_for_a_person(stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(40125)
    started(stage, qtbot)
    stage.wechat.refuses = None
    stage.controller.save(SHOP, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    stage.settle(qtbot)
    assert stage.controller.overview().state is State.FRESH


def test_an_account_that_could_not_be_saved_is_not_there(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.secrets.keeps = Locked()
    save = stage.controller.save(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert stage.jobs_done == [(save, NotSaved(GAME, Locked()))]
    assert stage.controller.overview().account(GAME.appid) is None


def test_input_that_cannot_be_used_comes_back_as_trouble(stage: Stage, qtbot: QtBot) -> None:
    save = stage.controller.save(replace(GAME, appid="no appid"), Secret(SECRET))
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    ((job, trouble),) = stage.jobs_done
    assert job is save
    assert isinstance(trouble, Trouble)
    assert str(trouble.reason) == "bad-appid"


def test_a_removed_account_is_gone_at_once(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    remove = stage.controller.remove(SHOP, purge=False)
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert stage.jobs_done == [(remove, Removed(SHOP))]
    assert stage.controller.overview().accounts == ()
    assert stage.secrets.stored == {}
    assert (SHOP.appid, TOKEN) in stage.dogs.files


@pytest.mark.parametrize("kind", [Check, Save, Remove])
def test_a_mistake_of_ours_in_a_job_is_told_as_such(
    stage: Stage, qtbot: QtBot, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stage.lanes, "_make_engine", broken)
    acts: dict[type, Callable[[], Job]] = {
        Check: lambda: stage.controller.check(CAFE, Secret(SECRET)),
        Save: lambda: stage.controller.save(CAFE, Secret(SECRET)),
        Remove: lambda: stage.controller.remove(SHOP, purge=False),
    }
    job = acts[kind]()
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert stage.jobs_done == [(job, Crash("ZeroDivisionError"))]
    assert stage.crashes == ["ZeroDivisionError"]


def test_a_mistake_of_ours_in_a_refresh_is_shown_and_waited_for(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stage.dogs, "directory", broken)
    started(stage, qtbot)
    assert stage.crashes == ["ZeroDivisionError"]
    assert results(stage) == [(TOKEN, Result.BUG, Trigger.START)]
    next_at = stage.key(SHOP, TOKEN).next_at
    assert next_at is not None
    assert next_at > stage.clock() + 30


# -- telling --------------------------------------------------------------------------------------


def many(number: int) -> tuple[Account, ...]:
    return tuple(Account(f"wx{index:016x}", f"Account {index}") for index in range(number))


@pytest.mark.usefixtures("qapp")
def test_what_happens_together_is_told_together(qtbot: QtBot) -> None:
    with stage_with(*many(1000)) as stage:
        stage.put_fresh(*stage.accounts.known)
        started(stage, qtbot)
        stage.published.clear()
        stage.controller.refresh()
        qtbot.waitUntil(lambda: len(stage.attempts) == 2000, timeout=60_000)
        stage.settle(qtbot)
        assert len(stage.published) < 500
        assert stage.published[-1].fresh == 2000


@pytest.mark.usefixtures("qapp")
def test_an_overview_of_a_thousand_accounts_does_not_hold_the_main_thread_up(
    qtbot: QtBot,
) -> None:
    with stage_with(*many(1000)) as stage:
        stage.put_fresh(*stage.accounts.known)
        started(stage, qtbot)
        took: list[float] = []
        for _ in range(5):
            begin = time.thread_time()
            overview = stage.controller.overview()
            took.append(time.thread_time() - begin)
            assert isinstance(overview, Overview)
        assert min(took) < 0.05


def test_many_accounts_do_not_keep_the_window_waiting_at_the_start(qtbot: QtBot) -> None:
    with stage_with(*many(100)) as stage:
        stage.put_fresh(*stage.accounts.known)
        stage.controller.start()
        assert not stage.controller._awake  # the past of some was read, and the window has its turn
        qtbot.waitUntil(lambda: stage.controller._awake)
        stage.settle(qtbot)
        known = stage.controller._known.values()
        assert all(set(one.standings) == set(one.account.kinds) for one in known)


def test_a_program_that_is_stopped_at_its_start_orders_nothing(qtbot: QtBot) -> None:
    with stage_with(*many(100)) as stage:
        stage.controller.start()
        stage.controller.stop()
        qtbot.wait(100)
        assert not stage.controller._awake
        assert stage.transport.paths == []
