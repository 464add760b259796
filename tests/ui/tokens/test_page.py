"""The tokens page: copying, refreshing, the other actions, filtering, the countdown, several troubles at once."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint, Environment, Platform
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.selection import AccountChip
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.fakes import NOW, error_reply
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.tokens.tokens_page_setup import TokensPageSetup, add_accounts

CTRL = Qt.KeyboardModifier.ControlModifier
IP_NOT_LISTED = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")


# -- copying --------------------------------------------------------------------------------------


def by_button(page: TokensPageSetup) -> None:
    page.click("Copy jsapi_ticket of Shop")


def by_space(page: TokensPageSetup) -> None:
    page.press(page.button("Copy jsapi_ticket of Shop"), Qt.Key.Key_Space)


def by_ctrl_c(page: TokensPageSetup) -> None:
    page.press(page.button("Refresh jsapi_ticket of Shop"), Qt.Key.Key_C, CTRL)


def by_menu(page: TokensPageSetup) -> None:
    find.action(page.open_menu("More for jsapi_ticket of Shop"), "Copy jsapi_ticket").trigger()


@pytest.mark.usefixtures("menus")
@pytest.mark.parametrize("copy", [by_button, by_space, by_ctrl_c, by_menu])
def test_a_value_is_copied_once(setup: TokensPageSetup, copy: Callable[[TokensPageSetup], None]) -> None:
    copy(setup)
    assert setup.harness.copied_values == [(SHOP.appid, TICKET, setup.harness.value(SHOP, TICKET))]


def test_copying_an_account_copies_its_access_token(setup: TokensPageSetup) -> None:
    setup.press(setup.card(CAFE), Qt.Key.Key_C, CTRL)
    assert [(appid, kind) for appid, kind, _ in setup.harness.copied_values] == [(CAFE.appid, TOKEN)]


def test_the_appid_is_shown_in_full_and_copied_by_a_click(setup: TokensPageSetup) -> None:
    assert setup.button("Copy AppID of Shop").text() == SHOP.appid
    with setup.qtbot.waitSignal(setup.page.text_copy_requested) as copied:
        setup.click("Copy AppID of Shop")
    assert copied.args == [SHOP.appid]


def test_shortcuts_do_nothing_while_the_focus_is_elsewhere(setup: TokensPageSetup) -> None:
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
        with setup.qtbot.assertNotEmitted(setup.page.edit_requested):
            setup.press(setup.button("Add account"), key)
    setup.settle()
    assert setup.harness.copied_values == []
    assert setup.harness.transport.requests == []


# -- the other actions ----------------------------------------------------------------------------


def test_f5_refreshes_the_focused_row_or_account(setup: TokensPageSetup) -> None:
    setup.press(setup.button("Copy jsapi_ticket of Shop"), Qt.Key.Key_F5)
    setup.settle()
    assert setup.harness.transport.endpoints == ["getticket"]
    setup.press(setup.card(CAFE), Qt.Key.Key_F5)
    setup.settle()
    assert setup.harness.transport.endpoints[1:] == ["stable_token", "getticket"]


def test_f5_refreshes_the_current_account_while_the_focus_is_elsewhere(setup: TokensPageSetup) -> None:
    setup.press(setup.filter, Qt.Key.Key_F5)
    setup.settle()
    assert setup.harness.transport.endpoints == ["stable_token", "getticket"]


def test_the_refresh_buttons_refresh_their_row_or_account(setup: TokensPageSetup) -> None:
    setup.click("Refresh access_token of Shop")
    setup.settle()
    assert setup.harness.transport.endpoints == ["stable_token"]
    setup.click("Refresh Café")
    setup.settle()
    assert setup.harness.transport.endpoints[1:] == ["stable_token", "getticket"]


@pytest.mark.usefixtures("menus")
def test_actions_with_a_dialog_are_requested_with_their_account(setup: TokensPageSetup) -> None:
    page = setup.page
    with setup.qtbot.waitSignal(page.edit_requested) as edit:
        setup.press(setup.card(CAFE), Qt.Key.Key_F2)
    with setup.qtbot.waitSignal(page.remove_requested) as remove:
        setup.press(setup.card(CAFE), Qt.Key.Key_Delete)
    requested = [edit, remove]
    for signal, text in (
        (page.force_requested, "Force a new token…"),
        (page.history_requested, "Show history"),
        (page.token_check_requested, "Check this token"),
        (page.folder_requested, "Open folder"),
        (page.sign_requested, "Sign a page…"),
    ):
        menu = setup.open_menu("More for Café")
        with setup.qtbot.waitSignal(signal) as blocker:
            find.action(menu, text).trigger()
        menu.close()
        requested.append(blocker)
    appid = CAFE.appid
    assert [blocker.args[0] for blocker in requested] == [CAFE, CAFE, appid, appid, CAFE, CAFE, appid]


def test_a_ticket_has_a_button_that_signs_with_its_account(setup: TokensPageSetup) -> None:
    with setup.qtbot.waitSignal(setup.page.sign_requested) as signed:
        setup.click("Sign a page with Café")
    assert signed.args == [CAFE.appid]


@pytest.mark.parametrize("way", ["double click", "enter"])
def test_a_double_click_or_enter_makes_an_account_the_current_one(setup: TokensPageSetup, way: str) -> None:
    current = setup.page._current_account
    assert current.appid == SHOP.appid
    if way == "enter":
        setup.press(setup.card(CAFE), Qt.Key.Key_Return)
    else:
        QTest.mouseDClick(setup.card(CAFE), Qt.MouseButton.LeftButton, pos=setup.card(CAFE).rect().center())
    assert current.appid == CAFE.appid
    assert setup.harness.copied_values == []


def test_adding_an_account_is_requested_from_the_window(setup: TokensPageSetup) -> None:
    with setup.qtbot.waitSignal(setup.page.add_requested):
        setup.click("Add account")


# -- filtering ------------------------------------------------------------------------------------


def test_accounts_are_listed_in_the_order_in_which_they_were_added(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    assert setup.names == ["Shop", "Café", "Game"]


@pytest.mark.parametrize("typed", ["caf", "CAF", CAFE.appid, "  Café ", CAFE.appid[-6:]])
def test_the_filter_finds_by_name_and_by_appid(setup: TokensPageSetup, typed: str) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    setup.filter.setText(typed)
    assert setup.names == ["Café"]
    setup.filter.clear()
    assert len(setup.names) == 3


def test_the_filter_searches_its_text_literally(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, replace(GAME, name="a.c (1) [x*"))
    setup.filter.setText("(1) [x*")
    assert setup.names == ["a.c (1) [x*"]
    setup.filter.setText(".*")
    assert setup.names == []


def test_without_a_match_the_page_says_so_and_shows_all_again(setup: TokensPageSetup) -> None:
    setup.filter.setText("nowhere")
    assert find.label(setup.page, "no-match").isVisible()
    assert find.label(setup.page, "no-match").text() == "No account matches “nowhere”."
    setup.click("Show all accounts")
    assert setup.filter.text() == ""
    assert setup.list.isVisible()
    assert setup.names == ["Shop", "Café"]


def test_ctrl_f_focuses_the_filter(setup: TokensPageSetup) -> None:
    setup.press(setup.card(SHOP), Qt.Key.Key_F, CTRL)
    assert setup.filter.hasFocus()


def test_what_is_typed_on_the_page_goes_into_the_filter(setup: TokensPageSetup) -> None:
    setup.card(SHOP).setFocus()
    QTest.keyClicks(setup.card(SHOP), "c")
    assert setup.filter.hasFocus()
    QTest.keyClicks(setup.filter, "af")
    assert setup.names == ["Café"]


def test_chips_are_offered_only_where_they_match_some_accounts(setup: TokensPageSetup) -> None:
    assert not find.has(setup.page, "Test", QPushButton)
    add_accounts(setup.harness, setup.qtbot, replace(GAME, environment=Environment.TEST))
    setup.settle()
    assert find.has(setup.page, "Test", QPushButton)
    assert find.has(setup.page, "Mini programs", QPushButton)
    assert not find.has(setup.page, "Production", QPushButton)
    setup.click("Mini programs")
    assert setup.names == ["Game"]
    assert setup.page.chip == AccountChip.MINI_PROGRAMS
    setup.page.choose_chip(AccountChip.ALL)
    assert len(setup.names) == 3


def test_a_chip_that_matches_nothing_any_more_gives_way_to_all(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    setup.settle()
    setup.click("Mini programs")
    setup.harness.accounts.update(lambda known: known[:2])
    setup.harness.tick()
    setup.settle()
    assert setup.names == ["Shop", "Café"]


# -- trouble --------------------------------------------------------------------------------------


def fail(setup: TokensPageSetup, *accounts: str) -> None:
    """Let WeChat refuse these accounts, and refresh them."""
    usual = setup.harness.transport.handler

    def answer(request: Request) -> Reply | TransportFailure:
        asked = {dict(request.body or ()).get("appid"), dict(request.query).get("appid")}
        return IP_NOT_LISTED if asked & set(accounts) else usual(request)

    setup.harness.transport.handler = answer
    for appid in accounts:
        setup.harness.controller.refresh(appid, TOKEN)
    setup.settle()


def test_accounts_in_trouble_come_first_and_are_seen_all_at_once(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    fail(setup, CAFE.appid, GAME.appid)
    assert setup.names == ["Café", "Game", "Shop"]
    for name in ("Café", "Game"):
        assert find.has(setup.page, f"Retry: {name}")
    summaries = [label.text() for label in setup.page.findChildren(ElidedLabel)]
    assert "2 accounts need you · everything else is usable" in summaries
    setup.click("Needs you")
    assert setup.names == ["Café", "Game"]


def test_a_failing_account_stays_where_it_is_while_it_is_tried_again(setup: TokensPageSetup) -> None:
    fail(setup, CAFE.appid)
    setup.harness.wechat.hanging_appids.add(CAFE.appid)
    setup.harness.transport.handler = setup.harness.wechat
    setup.click("Retry: Café")
    setup.qtbot.waitUntil(lambda: "refreshing…" in setup.row(CAFE).state_text)
    assert setup.names[0] == "Café"
    assert find.has(setup.page, "Retry: Café")
    setup.harness.wechat.release()
    setup.settle()
    assert setup.names == ["Shop", "Café"]
    assert not find.has(setup.page, "Retry: Café")


def test_the_buttons_of_a_failure_help(setup: TokensPageSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    fail(setup, SHOP.appid)
    with setup.qtbot.waitSignal(setup.page.text_copy_requested) as copied:
        setup.click("Copy IP: Shop")
    assert copied.args == ["203.0.113.9"]
    setup.click("Open WeChat console: Shop")
    assert opened[0].startswith("https://")
    with setup.qtbot.waitSignal(setup.page.errcode_help_requested) as explained:
        setup.click("How to fix: Shop")
    assert explained.args == [40164]
    calls = len(setup.harness.transport.requests)
    setup.click("Retry: Shop")
    setup.settle()
    assert len(setup.harness.transport.requests) > calls


def supersede(setup: TokensPageSetup) -> None:
    state = setup.harness.controller._states.find(SHOP.appid)
    assert state is not None
    state.mark_superseded(
        HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, errcode=40001, detail=policy.SUPERSEDED)
    )
    setup.harness.controller.publish()
    setup.settle()


def test_a_superseded_token_can_be_dismissed_or_replaced(setup: TokensPageSetup) -> None:
    supersede(setup)
    setup.click("Dismiss: Shop")
    setup.qtbot.waitUntil(lambda: not find.has(setup.page, "Dismiss: Shop"))
    assert setup.harness.transport.requests == []
    supersede(setup)
    setup.click("Get a new token: Shop")
    setup.settle()
    assert "stable_token" in setup.harness.transport.endpoints
    assert not find.has(setup.page, "Dismiss: Shop")


def test_a_classic_account_is_offered_the_stable_endpoint(setup: TokensPageSetup) -> None:
    classic = replace(SHOP, endpoint=Endpoint.CLASSIC)
    setup.harness.accounts.update(lambda _: (classic, CAFE))
    setup.harness.tick()
    setup.settle()
    supersede(setup)
    with setup.qtbot.waitSignal(setup.page.stable_token_requested) as wanted:
        setup.click("Use stable_token: Shop")
    assert wanted.args == [classic]


def test_another_writer_is_reported_with_the_loader_for_node(setup: TokensPageSetup) -> None:
    state = setup.harness.controller._states.find(SHOP.appid)
    assert state is not None
    state.foreign_write_times = {TokenKind.ACCESS_TOKEN: (NOW, NOW, NOW)}
    setup.harness.controller.publish()
    setup.settle()
    with setup.qtbot.waitSignal(setup.page.node_loader_requested) as wanted:
        setup.click("Copy the loader for Node: Shop")
    assert wanted.args == [SHOP, TOKEN]
    setup.click("Dismiss: Shop")
    setup.qtbot.waitUntil(lambda: not find.has(setup.page, "Dismiss: Shop"))


# -- one account, other accounts ------------------------------------------------------------------


def test_one_account_has_no_filters_and_no_list(single: TokensPageSetup) -> None:
    assert not single.filter.isVisible()
    assert not single.list.isVisible()
    single.click("Copy jsapi_ticket of Shop")
    assert [kind for _, kind, _ in single.harness.copied_values] == [TICKET]


def test_with_a_second_account_the_list_appears(setup: TokensPageSetup) -> None:
    assert setup.list.isVisible()
    assert setup.filter.isVisible()


def test_a_change_of_platform_changes_the_rows(setup: TokensPageSetup) -> None:
    setup.harness.accounts.update(lambda _: (replace(SHOP, platform=Platform.MINI_PROGRAM), CAFE))
    setup.harness.tick()
    setup.settle()
    assert find.has(setup.page, "Copy access_token of Shop")
    assert not find.has(setup.page, "Copy jsapi_ticket of Shop")


# -- the countdown --------------------------------------------------------------------------------


def test_the_countdown_runs_only_while_the_page_is_visible(setup: TokensPageSetup) -> None:
    timer = find.timer(setup.page, "countdown-timer")
    assert timer.isActive()
    assert timer.interval() == 1000
    setup.page.hide()
    assert not timer.isActive()
    setup.page.show()
    assert timer.isActive()


def test_the_countdown_shows_the_time_left(setup: TokensPageSetup) -> None:
    assert setup.row(SHOP).countdown_text == "1:59:00"
    setup.harness.clock.advance(1)
    setup.page.update_countdowns()
    assert setup.row(SHOP).countdown_text == "1:58:59"
    setup.harness.clock.advance(8000)
    setup.page.update_countdowns()
    assert setup.row(SHOP).countdown_text == "–"
    assert not setup.button("Copy access_token of Shop").isEnabled()


def test_a_hidden_page_is_updated_when_it_is_shown(setup: TokensPageSetup) -> None:
    setup.page.hide()
    before = setup.row(SHOP).countdown_text
    setup.harness.advance(100)
    setup.harness.controller.refresh(SHOP.appid)
    setup.settle()
    assert setup.row(SHOP).countdown_text == before
    setup.page.show()
    assert setup.row(SHOP).countdown_text != before


def test_no_name_for_screen_readers_changes_every_second(setup: TokensPageSetup) -> None:
    widgets = [setup.card(SHOP), *setup.card(SHOP).focus_widgets, setup.row(SHOP)]
    before = [widget.accessibleName() for widget in widgets]
    setup.harness.clock.advance(1)
    setup.page.update_countdowns()
    assert [widget.accessibleName() for widget in widgets] == before
    assert setup.row(SHOP).accessibleName().startswith("access_token of Shop: fresh until")


def test_a_copied_value_is_confirmed_on_its_button_for_two_seconds(setup: TokensPageSetup) -> None:
    setup.page.show_copied(SHOP.appid, TOKEN)
    assert setup.button("Copy access_token of Shop").text() == "Copied ✓"
    assert setup.button("Copy access_token of Café").text() == "Copy"
    timer = find.timer(setup.page, "copied-timer")
    assert timer.interval() == 2000
    timer.timeout.emit()
    assert setup.button("Copy access_token of Shop").text() == "Copy"


def test_the_keyboard_goes_to_the_current_account_when_the_page_is_chosen(setup: TokensPageSetup) -> None:
    setup.page._current_account.choose(CAFE.appid)
    setup.page.focus()
    assert QApplication.focusWidget() is setup.card(CAFE)


@pytest.mark.parametrize(
    ("current", "focused", "removed", "left"),
    [(CAFE, CAFE, CAFE, SHOP), (SHOP, SHOP, SHOP, CAFE), (GAME, CAFE, CAFE, GAME), (CAFE, GAME, CAFE, GAME)],
)
def test_after_a_removal_the_current_account_has_the_keyboard(
    setup: TokensPageSetup, current: Account, focused: Account, removed: Account, left: Account
) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    setup.page._current_account.choose(current.appid)
    setup.card(focused).rows[0].focus_widgets[0].setFocus()
    setup.harness.accounts.update(lambda known: tuple(each for each in known if each.appid != removed.appid))
    setup.harness.tick()
    setup.settle()
    target = setup.page._focused_target
    assert target is not None
    assert setup.page._current_account.appid == left.appid == target.appid


def test_another_language_is_shown_at_once(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    harness.controller.start()
    page = TokensPageSetup(harness, formatter, qtbot)
    page.show()
    page.page.retranslate()
    assert find.has(page.page, "Tokens", ElidedLabel)
