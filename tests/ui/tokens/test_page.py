"""The tokens page: selecting, copying, refreshing, filtering, dragging, painting."""

from collections.abc import Callable, Iterator

import pytest
from guarddog_gui.ui.tokens.delegate import RowButton
from guarddog_gui.ui.tokens.model import TokenColumn
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from guarddog_gui.domain.accounts.account import Platform, Secret
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN
from tests.ui import find
from tests.ui.tokens.tokens_page_setup import TokensPageSetup, add_accounts

# -- copying --------------------------------------------------------------------------------------


def by_enter(page: TokensPageSetup) -> None:
    page.select(page.index(0, 1))
    page.press(Qt.Key.Key_Return)


def by_enter_of_the_number_pad(page: TokensPageSetup) -> None:
    page.select(page.index(0, 1))
    page.press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)


def by_ctrl_c(page: TokensPageSetup) -> None:
    page.select(page.index(0, 1))
    page.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def by_button(page: TokensPageSetup) -> None:
    page.click_button(0, 1, RowButton.COPY)


def by_double_click(page: TokensPageSetup) -> None:
    middle = page.view.visualRect(page.index(0, 1)).center()
    viewport, left, none = page.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(viewport, left, none, middle)
    QTest.mouseDClick(viewport, left, none, middle)


@pytest.mark.parametrize("copy", [by_enter, by_enter_of_the_number_pad, by_ctrl_c, by_button, by_double_click])
def test_a_value_is_copied_once(setup: TokensPageSetup, copy: Callable[[TokensPageSetup], None]) -> None:
    copy(setup)
    assert setup.harness.copied_values == [(SHOP.appid, TICKET, setup.harness.value(SHOP, TICKET))]


def test_copying_an_account_copies_its_access_token(setup: TokensPageSetup) -> None:
    setup.select(setup.index(0))
    setup.press(Qt.Key.Key_Return)
    assert [kind for _, kind, _ in setup.harness.copied_values] == [TOKEN]


def test_without_a_selection_shortcuts_do_nothing(setup: TokensPageSetup) -> None:
    setup.view.setCurrentIndex(QModelIndex())
    setup.view.clearSelection()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F5, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        setup.press(key)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.copied_values == []
    assert setup.harness.transport.requests == []


# -- the other actions ----------------------------------------------------------------------------


def test_f5_refreshes_the_selected_row(setup: TokensPageSetup) -> None:
    setup.select(setup.index(0, 1))
    setup.press(Qt.Key.Key_F5)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.endpoints == ["getticket"]
    setup.select(setup.index(0))
    setup.view.clearSelection()
    setup.view.setCurrentIndex(setup.index(0))
    setup.press(Qt.Key.Key_F5)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.endpoints[1:] == ["stable_token", "getticket"]


def test_f5_refreshes_every_selected_account(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, CAFE, GAME)
    setup.view.selectAll()
    setup.press(Qt.Key.Key_F5)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.endpoints.count("stable_token") >= 3


def test_actions_with_a_dialog_are_requested_with_their_account(setup: TokensPageSetup) -> None:
    setup.select(setup.index(0, 1))
    with setup.qtbot.waitSignal(setup.page.edit_requested) as edit:
        setup.press(Qt.Key.Key_F2)
    with setup.qtbot.waitSignal(setup.page.remove_requested) as remove:
        setup.press(Qt.Key.Key_Delete)
    with setup.qtbot.waitSignal(setup.page.force_requested) as force:
        setup.trigger("Force a new token…")
    with setup.qtbot.waitSignal(setup.page.history_requested) as history:
        setup.trigger("Show history")
    assert [s.args for s in (edit, remove, force, history)] == [[SHOP], [SHOP], [SHOP.appid], [SHOP.appid]]


def test_a_double_click_on_an_account_edits_it(setup: TokensPageSetup) -> None:
    middle = setup.view.visualRect(setup.index(0)).center()
    viewport, left, none = setup.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with setup.qtbot.waitSignal(setup.page.edit_requested):
        QTest.mouseClick(viewport, left, none, middle)
        QTest.mouseDClick(viewport, left, none, middle)
    assert setup.harness.copied_values == []


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


@pytest.fixture
def menus() -> Iterator[None]:
    yield
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


@pytest.mark.usefixtures("menus")
@pytest.mark.parametrize("way", ["right click", "more button"])
def test_the_context_menu_offers_every_action(setup: TokensPageSetup, way: str) -> None:
    if way == "right click":
        setup.select(setup.index(0, 0))
        setup.view.customContextMenuRequested.emit(setup.view.visualRect(setup.index(0, 0)).center())
    else:
        setup.click_button(0, 0, RowButton.MORE)
    menu = open_menu()
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Copy", "Refresh now", "Check this token", "Force a new token…",
        "Show history", "Edit account…", "Remove account…",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    assert [kind for _, kind, _ in setup.harness.copied_values] == [TOKEN]


@pytest.mark.usefixtures("menus")
def test_there_is_no_context_menu_beside_the_rows(setup: TokensPageSetup) -> None:
    setup.view.customContextMenuRequested.emit(QPoint(5, setup.view.viewport().height() - 5))
    assert QApplication.activePopupWidget() is None


# -- dragging -------------------------------------------------------------------------------------


def test_a_dragged_row_contains_its_value_as_text(setup: TokensPageSetup) -> None:
    index = setup.index(0, 0)
    assert index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    data = setup.view.model().mimeData([index, setup.index(0, 0, TokenColumn.VALUE)])
    assert data.text() == setup.harness.value(SHOP, TOKEN)
    assert data.formats() == ["text/plain"]


def test_an_account_cannot_be_dragged(setup: TokensPageSetup) -> None:
    assert not setup.index(0).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_a_value_that_expires_while_dragging_is_not_dragged(setup: TokensPageSetup) -> None:
    index = setup.index(0, 0)
    setup.harness.clock.advance(8000)
    assert setup.view.model().mimeData([index]).text() == ""


# -- the list -------------------------------------------------------------------------------------


def test_all_rows_are_expanded(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME)
    assert setup.rows == ["Shop", TOKEN, TICKET, "Game", TOKEN]


def test_rows_are_expanded_after_an_account_is_replaced(setup: TokensPageSetup) -> None:
    harness = setup.harness
    harness.secrets.stored[CAFE.appid] = Secret(SECRET)
    harness.put_fresh_values(CAFE)
    harness.accounts.update(lambda _: (CAFE,))
    harness.tick()
    harness.wait_until_idle(setup.qtbot)
    assert setup.rows == ["Café", TOKEN, TICKET]


def test_rows_are_expanded_after_a_change_of_platform(setup: TokensPageSetup) -> None:
    setup.harness.accounts.update(lambda _: (replace(SHOP, platform=Platform.MINI_PROGRAM),))
    setup.harness.tick()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.rows == ["Shop", TOKEN]


def test_the_selection_stays_while_values_change(setup: TokensPageSetup) -> None:
    setup.select(setup.index(0, 1))
    setup.harness.controller.refresh(SHOP.appid)
    setup.harness.wait_until_idle(setup.qtbot)
    assert [index.data() for index in setup.view.selectionModel().selectedRows()] == [TICKET]


@pytest.mark.parametrize("typed", ["caf", "CAF", CAFE.appid, "  Café ", CAFE.appid[-6:]])
def test_the_filter_finds_by_name_and_by_appid(setup: TokensPageSetup, typed: str) -> None:
    add_accounts(setup.harness, setup.qtbot, CAFE, GAME)
    setup.filter.setText(typed)
    assert setup.rows == ["Café", TOKEN, TICKET]
    setup.filter.clear()
    assert len(setup.rows) == 8


def test_the_filter_searches_its_text_literally(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, replace(CAFE, name="a.c (1) [x*"))
    setup.filter.setText("(1) [x*")
    assert setup.rows[0] == "a.c (1) [x*"
    setup.filter.setText(".*")
    assert setup.rows == []


def test_ctrl_f_focuses_the_filter(setup: TokensPageSetup) -> None:
    setup.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert setup.filter.hasFocus()


@pytest.mark.parametrize("order", Qt.SortOrder)
def test_sorting_moves_accounts_and_keeps_the_order_of_their_values(
    setup: TokensPageSetup, order: Qt.SortOrder
) -> None:
    add_accounts(setup.harness, setup.qtbot, CAFE, GAME)
    setup.view.sortByColumn(TokenColumn.NAME, order)
    names = [row for row in setup.rows if row not in (TOKEN, TICKET)]
    assert names == sorted(names, reverse=order is Qt.SortOrder.DescendingOrder)
    assert setup.rows.index(TOKEN) < setup.rows.index(TICKET)
    setup.select(setup.index(2, 0))
    setup.press(Qt.Key.Key_Return)
    last = CAFE if order is Qt.SortOrder.DescendingOrder else SHOP
    assert setup.harness.copied_values[-1][0] == last.appid


def test_accounts_are_listed_in_the_order_in_which_they_were_added(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, GAME, CAFE)
    assert [row for row in setup.rows if row not in (TOKEN, TICKET)] == ["Shop", "Game", "Café"]


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
    assert setup.index(0, 0, TokenColumn.TIME_LEFT).data() == "1:59:00"
    setup.harness.clock.advance(1)
    setup.page.update_countdowns()
    assert setup.index(0, 0, TokenColumn.TIME_LEFT).data() == "1:58:59"
    setup.harness.clock.advance(8000)
    setup.page.update_countdowns()
    assert setup.index(0, 0, TokenColumn.TIME_LEFT).data() == "–"


def test_a_hidden_page_is_updated_when_it_is_shown(setup: TokensPageSetup) -> None:
    setup.page.hide()
    shown: list[object] = []
    setup.model.dataChanged.connect(lambda *_: shown.append(1))
    setup.harness.controller.refresh(SHOP.appid)
    setup.harness.wait_until_idle(setup.qtbot)
    assert shown == []
    setup.page.show()
    assert shown


def test_screen_readers_read_account_key_and_state_without_a_countdown(setup: TokensPageSetup) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    before = setup.index(0, 0).data(role)
    assert before.startswith("Shop ACCESS_TOKEN: fresh until")
    setup.harness.clock.advance(1)
    setup.page.update_countdowns()
    assert setup.index(0, 0).data(role) == before
    assert setup.index(0).data(role) == f"Shop, {SHOP.appid}, fresh"


# -- many accounts --------------------------------------------------------------------------------
