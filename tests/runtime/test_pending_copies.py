"""Copies to the clipboard: at once, after a refresh, or not at all."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from tests.fakes import OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CARD, CARDS, SHOP, TICKET, TOKEN, RuntimeHarness, started


def test_a_value_that_works_is_copied_at_once_and_without_the_network(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.controller.copies.request(SHOP.appid, TICKET)
    assert harness.copied_values == [(SHOP.appid, TICKET, harness.value(SHOP, TICKET))]
    assert harness.copied_values[0][1] is TICKET  # and not only its text: Qt likes to turn one into the other
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def test_a_value_that_has_died_since_it_was_shown_is_never_copied(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    shown = harness.overviews[-1]
    assert shown.usable_count == 2
    old = harness.value(SHOP, TOKEN)
    harness.clock.advance(7200)  # without a tick since
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert harness.copied_values == []
    harness.wait_until_idle(qtbot)
    assert harness.copied_values == [(SHOP.appid, TOKEN, harness.value(SHOP, TOKEN))]
    assert harness.copied_values[0][2] != old
    assert harness.refresh_results[-1].entry.trigger is Trigger.COPY


def test_a_value_that_another_program_has_just_replaced_is_copied_as_it_is_now(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.put_value(SHOP, TOKEN, "NEWER-TOKEN", age_s=1)
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert harness.copied_values == [(SHOP.appid, TOKEN, "NEWER-TOKEN")]


def test_a_dead_ticket_brings_its_token_along_and_is_copied_once(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.reload_from_disk()
    for _ in range(3):
        harness.controller.copies.request(SHOP.appid, TICKET)
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    assert harness.copied_values == [(SHOP.appid, TICKET, harness.value(SHOP, TICKET))]


def test_a_wish_that_was_granted_from_the_disk_is_not_granted_again(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.reload_from_disk()
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.put_value(SHOP, TOKEN, "THE-OTHERS-TOKEN", age_s=0)
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    assert [value for _, _, value in harness.copied_values] == ["THE-OTHERS-TOKEN"]


def test_a_copy_that_cannot_be_had_says_why(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.7, not in whitelist")
    harness.controller.reload_from_disk()
    harness.controller.copies.request(SHOP.appid, TICKET)
    harness.wait_until_idle(qtbot)
    assert harness.copied_values == []
    ((appid, kind, entry),) = harness.failed_copies
    assert (appid, kind, entry.errcode, entry.ip) == (SHOP.appid, TICKET, 40164, "203.0.113.7")


def test_a_copy_that_failed_is_not_made_up_for_later(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.controller.reload_from_disk()
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    assert harness.copied_values == []


def test_a_copy_while_another_order_hangs_waits_for_its_own(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    assert harness.copied_values == [(SHOP.appid, TOKEN, harness.value(SHOP, TOKEN))]


def test_a_busy_account_whose_value_came_from_the_other_program_is_copied(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.controller.reload_from_disk()
    harness.lock.is_busy = True
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.put_value(SHOP, TOKEN, "THE-OTHERS-TOKEN", age_s=0)
    harness.wait_until_idle(qtbot)
    assert [value for _, _, value in harness.copied_values] == ["THE-OTHERS-TOKEN"]


def test_a_copy_of_a_ticket_that_is_switched_off_is_not_made_when_it_is_on_again(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.accounts.update(lambda _: (CARDS,))
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    harness.controller.copies.request(SHOP.appid, CARD)
    for account in (SHOP, CARDS):
        harness.accounts.update(lambda _, account=account: (account,))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        harness.tick()
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, CARD).state is KeyState.FRESH
    assert harness.copied_values == []


def test_a_copy_of_a_removed_account_is_not_made_when_it_comes_back(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.hanging_appids.add(SHOP.appid)
    harness.controller.start()
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.accounts.update(lambda _: ())
    harness.tick()
    harness.accounts.update(lambda _: (SHOP,))
    harness.tick()
    harness.wechat.release()
    harness.wait_until_idle(qtbot)
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    assert harness.copied_values == []


# -- forms ----------------------------------------------------------------------------------------


def test_a_form_is_remembered_for_one_account_and_given_up_with_the_value_alone(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    copies = harness.controller.copies
    with qtbot.waitSignal(copies.formats_changed) as changed:
        copies.request_as(SHOP.appid, TOKEN, CopyFormat.CURL)
    assert changed.args == [{SHOP.appid: CopyFormat.CURL}]
    assert copies.format_for(SHOP.appid, TOKEN) is CopyFormat.CURL
    assert copies.format_for(SHOP.appid, TICKET) is CopyFormat.VALUE  # a ticket has no curl line
    assert copies.format_for("wx-another", TOKEN) is CopyFormat.VALUE
    with qtbot.assertNotEmitted(copies.formats_changed):
        copies.request_as(SHOP.appid, TOKEN, CopyFormat.CURL)
    copies.request_as(SHOP.appid, TOKEN, CopyFormat.VALUE)
    assert copies.formats == {}
    assert [kind for _, kind, _ in harness.copied_values] == [TOKEN] * 3


def test_the_appid_needs_no_value_and_is_not_remembered(harness: RuntimeHarness, qtbot: QtBot) -> None:
    copies = harness.controller.copies
    with qtbot.waitSignal(copies.appid_requested) as requested:
        copies.request_as(SHOP.appid, TOKEN, CopyFormat.APPID)
    assert requested.args == [SHOP.appid]
    assert (copies.formats, harness.copied_values) == ({}, [])


def test_a_copy_that_waits_for_a_refresh_is_announced(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.start()
    with qtbot.waitSignal(harness.controller.copies.copy_delayed) as delayed:
        harness.controller.copies.request(SHOP.appid, TICKET)
    assert delayed.args == [SHOP.appid, TICKET]
    harness.wait_until_idle(qtbot)
    with qtbot.assertNotEmitted(harness.controller.copies.copy_delayed):
        harness.controller.copies.request(SHOP.appid, TICKET)
