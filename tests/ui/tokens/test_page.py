"""The page that is open all day: choosing, copying, refreshing, filtering, dragging."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTreeView
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.theme import make_palette
from guarddog_gui.ui.tokens.delegate import BUTTON_SIZE, RowButton, TokenDelegate, button_rect
from guarddog_gui.ui.tokens.model import TokenColumn
from guarddog_gui.ui.tokens.page import TokensPage
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter


class TokensPageSetup:
    """The page on the screen, and hands to use it."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.page = TokensPage(harness.controller, formatter)
        qtbot.addWidget(self.page)
        self.view: QTreeView = self.page._view
        self.filter: QLineEdit = self.page._filter_field

    def show(self) -> None:
        self.page.resize(900, 600)
        self.page.show()
        self.qtbot.waitExposed(self.page)
        self.page.activateWindow()
        self.view.setFocus()

    def index(self, account: int, key: int | None = None, column: int = TokenColumn.NAME) -> QModelIndex:
        model = self.view.model()
        if key is None:
            return model.index(account, column)
        return model.index(key, column, model.index(account, 0))

    def choose(self, *indexes: QModelIndex) -> None:
        flag = QItemSelectionModel.SelectionFlag
        self.view.setCurrentIndex(indexes[0])
        for index in indexes:
            self.view.selectionModel().select(index, flag.Select | flag.Rows)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)

    def click_button(self, account: int, key: int | None, button: RowButton) -> None:
        place = self.view.visualRect(self.index(account, key, TokenColumn.ACTIONS))
        middle = button_rect(place, button).center()
        QTest.mouseClick(
            self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle
        )

    @property
    def rows(self) -> list[str]:
        """Every row that can be seen, from the top."""
        seen: list[str] = []
        index = self.view.model().index(0, 0)
        while index.isValid():
            seen.append(str(index.data()))
            index = self.view.indexBelow(index)
        return seen


@pytest.fixture
def shop(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> TokensPageSetup:
    """One account with fresh values."""
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    page = TokensPageSetup(harness, formatter, qtbot)
    page.show()
    return page


def add(harness: RuntimeHarness, qtbot: QtBot, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored[account.appid] = Secret(SECRET)
        harness.put_fresh_values(account)
    harness.accounts.update(lambda known: (*known, *accounts))
    harness.tick()
    harness.wait_until_idle(qtbot)


# -- copying --------------------------------------------------------------------------------------


def by_enter(page: TokensPageSetup) -> None:
    page.choose(page.index(0, 1))
    page.press(Qt.Key.Key_Return)


def by_enter_of_the_number_pad(page: TokensPageSetup) -> None:
    page.choose(page.index(0, 1))
    page.press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)


def by_ctrl_c(page: TokensPageSetup) -> None:
    page.choose(page.index(0, 1))
    page.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def by_button(page: TokensPageSetup) -> None:
    page.click_button(0, 1, RowButton.COPY)


def by_double_click(page: TokensPageSetup) -> None:
    middle = page.view.visualRect(page.index(0, 1)).center()
    viewport, left, none = page.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(viewport, left, none, middle)
    QTest.mouseDClick(viewport, left, none, middle)


@pytest.mark.parametrize(
    "copy", [by_enter, by_enter_of_the_number_pad, by_ctrl_c, by_button, by_double_click]
)
def test_a_value_is_copied_once(shop: TokensPageSetup, copy: Callable[[TokensPageSetup], None]) -> None:
    copy(shop)
    assert shop.harness.copied_values == [(SHOP.appid, TICKET, shop.harness.value(SHOP, TICKET))]


def test_on_an_account_copy_means_its_token(shop: TokensPageSetup) -> None:
    shop.choose(shop.index(0))
    shop.press(Qt.Key.Key_Return)
    assert [kind for _, kind, _ in shop.harness.copied_values] == [TOKEN]


def test_on_an_account_there_is_no_copy_button(shop: TokensPageSetup) -> None:
    shop.click_button(0, None, RowButton.COPY)
    assert shop.harness.copied_values == []


def test_with_nothing_chosen_nothing_happens(shop: TokensPageSetup) -> None:
    shop.view.setCurrentIndex(QModelIndex())
    shop.view.clearSelection()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F5, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        shop.press(key)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.copied_values == []
    assert shop.harness.transport.requests == []


# -- the other actions ----------------------------------------------------------------------------


def test_f5_refreshes_what_is_chosen(shop: TokensPageSetup) -> None:
    shop.choose(shop.index(0, 1))
    shop.press(Qt.Key.Key_F5)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.transport.endpoints == ["getticket"]
    shop.choose(shop.index(0))
    shop.view.clearSelection()
    shop.view.setCurrentIndex(shop.index(0))
    shop.press(Qt.Key.Key_F5)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.transport.endpoints[1:] == ["stable_token", "getticket"]


def test_f5_refreshes_every_chosen_account(shop: TokensPageSetup) -> None:
    add(shop.harness, shop.qtbot, CAFE, GAME)
    shop.view.selectAll()
    shop.press(Qt.Key.Key_F5)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.transport.endpoints.count("stable_token") >= 3


def test_the_refresh_button_refreshes_its_row(shop: TokensPageSetup) -> None:
    shop.click_button(0, 0, RowButton.REFRESH)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.transport.endpoints == ["stable_token"]


def test_a_right_click_on_a_button_does_nothing(shop: TokensPageSetup) -> None:
    place = shop.view.visualRect(shop.index(0, 0, TokenColumn.ACTIONS))
    middle = button_rect(place, RowButton.REFRESH).center()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(shop.view.viewport(), Qt.MouseButton.RightButton, none, middle)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.harness.transport.requests == []


def test_what_needs_a_dialog_is_asked_for_with_its_account(shop: TokensPageSetup) -> None:
    shop.choose(shop.index(0, 1))
    with shop.qtbot.waitSignal(shop.page.edit_requested) as edit:
        shop.press(Qt.Key.Key_F2)
    with shop.qtbot.waitSignal(shop.page.remove_requested) as remove:
        shop.press(Qt.Key.Key_Delete)
    with shop.qtbot.waitSignal(shop.page.force_requested) as force:
        shop.page._force_action.trigger()
    with shop.qtbot.waitSignal(shop.page.history_requested) as history:
        shop.page._history_action.trigger()
    assert [s.args for s in (edit, remove, force, history)] == [[SHOP], [SHOP], [SHOP.appid], [SHOP.appid]]


def test_a_double_click_on_an_account_edits_it(shop: TokensPageSetup) -> None:
    middle = shop.view.visualRect(shop.index(0)).center()
    viewport, left, none = shop.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with shop.qtbot.waitSignal(shop.page.edit_requested):
        QTest.mouseClick(viewport, left, none, middle)
        QTest.mouseDClick(viewport, left, none, middle)
    assert shop.harness.copied_values == []


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
def test_the_menu_of_a_row_offers_everything(shop: TokensPageSetup, way: str) -> None:
    if way == "right click":
        shop.choose(shop.index(0, 0))
        shop.view.customContextMenuRequested.emit(shop.view.visualRect(shop.index(0, 0)).center())
    else:
        shop.click_button(0, 0, RowButton.MORE)
    menu = open_menu()
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Copy", "Refresh now", "Check this token", "Force a new token…",
        "Show history", "Edit account…", "Remove account…",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    assert [kind for _, kind, _ in shop.harness.copied_values] == [TOKEN]


@pytest.mark.usefixtures("menus")
def test_beside_the_rows_there_is_no_menu(shop: TokensPageSetup) -> None:
    shop.view.customContextMenuRequested.emit(QPoint(5, shop.view.viewport().height() - 5))
    assert QApplication.activePopupWidget() is None


# -- dragging -------------------------------------------------------------------------------------


def test_a_dragged_row_is_its_value_as_text(shop: TokensPageSetup) -> None:
    index = shop.index(0, 0)
    assert index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    data = shop.view.model().mimeData([index, shop.index(0, 0, TokenColumn.VALUE)])
    assert data.text() == shop.harness.value(SHOP, TOKEN)
    assert data.formats() == ["text/plain"]


def test_an_account_cannot_be_dragged(shop: TokensPageSetup) -> None:
    assert not shop.index(0).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_a_value_that_died_under_the_mouse_is_not_dragged(shop: TokensPageSetup) -> None:
    index = shop.index(0, 0)
    shop.harness.clock.advance(8000)
    assert shop.view.model().mimeData([index]).text() == ""


# -- the list -------------------------------------------------------------------------------------


def test_accounts_and_keys_are_all_open(shop: TokensPageSetup) -> None:
    add(shop.harness, shop.qtbot, GAME)
    assert shop.rows == ["Shop", TOKEN, TICKET, "Game", TOKEN]


def test_they_stay_open_when_one_account_takes_the_place_of_another(shop: TokensPageSetup) -> None:
    harness = shop.harness
    harness.secrets.stored[CAFE.appid] = Secret(SECRET)
    harness.put_fresh_values(CAFE)
    harness.accounts.update(lambda _: (CAFE,))
    harness.tick()
    harness.wait_until_idle(shop.qtbot)
    assert shop.rows == ["Café", TOKEN, TICKET]


def test_they_stay_open_when_an_account_turns_into_a_mini_program(shop: TokensPageSetup) -> None:
    shop.harness.accounts.update(lambda _: (replace(SHOP, platform=Platform.MINI_PROGRAM),))
    shop.harness.tick()
    shop.harness.wait_until_idle(shop.qtbot)
    assert shop.rows == ["Shop", TOKEN]


def test_what_is_chosen_stays_chosen_while_values_change(shop: TokensPageSetup) -> None:
    shop.choose(shop.index(0, 1))
    shop.harness.controller.refresh(SHOP.appid)
    shop.harness.wait_until_idle(shop.qtbot)
    assert [index.data() for index in shop.view.selectionModel().selectedRows()] == [TICKET]


@pytest.mark.parametrize("typed", ["caf", "CAF", CAFE.appid, "  Café ", CAFE.appid[-6:]])
def test_the_filter_finds_by_name_and_by_appid(shop: TokensPageSetup, typed: str) -> None:
    add(shop.harness, shop.qtbot, CAFE, GAME)
    shop.filter.setText(typed)
    assert shop.rows == ["Café", TOKEN, TICKET]
    shop.filter.clear()
    assert len(shop.rows) == 8


def test_the_filter_takes_every_letter_as_it_is(shop: TokensPageSetup) -> None:
    add(shop.harness, shop.qtbot, replace(CAFE, name="a.c (1) [x*"))
    shop.filter.setText("(1) [x*")
    assert shop.rows[0] == "a.c (1) [x*"
    shop.filter.setText(".*")
    assert shop.rows == []


def test_ctrl_f_goes_to_the_filter(shop: TokensPageSetup) -> None:
    shop.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert shop.filter.hasFocus()


@pytest.mark.parametrize("order", Qt.SortOrder)
def test_sorting_moves_accounts_and_leaves_their_keys_in_order(
    shop: TokensPageSetup, order: Qt.SortOrder
) -> None:
    add(shop.harness, shop.qtbot, CAFE, GAME)
    shop.view.sortByColumn(TokenColumn.NAME, order)
    names = [row for row in shop.rows if row not in (TOKEN, TICKET)]
    assert names == sorted(names, reverse=order is Qt.SortOrder.DescendingOrder)
    assert shop.rows.index(TOKEN) < shop.rows.index(TICKET)
    shop.choose(shop.index(2, 0))
    shop.press(Qt.Key.Key_Return)
    last = CAFE if order is Qt.SortOrder.DescendingOrder else SHOP
    assert shop.harness.copied_values[-1][0] == last.appid


def test_accounts_come_in_the_order_in_which_they_were_added(shop: TokensPageSetup) -> None:
    add(shop.harness, shop.qtbot, GAME, CAFE)
    assert [row for row in shop.rows if row not in (TOKEN, TICKET)] == ["Shop", "Game", "Café"]


# -- the second -----------------------------------------------------------------------------------


def test_the_seconds_tick_only_while_somebody_looks(shop: TokensPageSetup) -> None:
    second = shop.page._countdown_timer
    assert second.isActive()
    assert second.interval() == 1000
    shop.page.hide()
    assert not second.isActive()
    shop.page.show()
    assert second.isActive()


def test_a_tick_shows_the_time_that_is_left(shop: TokensPageSetup) -> None:
    assert shop.index(0, 0, TokenColumn.TIME_LEFT).data() == "1:59:00"
    shop.harness.clock.advance(1)
    shop.page._on_countdown_timeout()
    assert shop.index(0, 0, TokenColumn.TIME_LEFT).data() == "1:58:59"
    shop.harness.clock.advance(8000)
    shop.page._on_countdown_timeout()
    assert shop.index(0, 0, TokenColumn.TIME_LEFT).data() == "–"


def test_while_hidden_nothing_is_computed_and_on_showing_it_is_up_to_date(shop: TokensPageSetup) -> None:
    shop.page.hide()
    shown: list[object] = []
    shop.page._model.dataChanged.connect(lambda *_: shown.append(1))
    shop.harness.controller.refresh(SHOP.appid)
    shop.harness.wait_until_idle(shop.qtbot)
    assert shown == []
    shop.page.show()
    assert shown


def test_the_rows_can_be_painted_in_every_state(shop: TokensPageSetup) -> None:
    add(shop.harness, shop.qtbot, CAFE)
    shop.harness.secrets.stored.clear()
    shop.harness.advance(7200)
    shop.choose(shop.index(0, 0))
    picture = shop.page.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, 900, 3) for y in range(0, 300, 3)}
    assert len(colours) > 10


def test_the_button_below_the_mouse_lights_up(shop: TokensPageSetup) -> None:
    rows = shop.view.itemDelegate()
    assert isinstance(rows, TokenDelegate)
    place = button_rect(shop.view.visualRect(shop.index(0, 0, TokenColumn.ACTIONS)), RowButton.REFRESH)
    QTest.mouseMove(shop.view.viewport(), place.center())
    shop.qtbot.waitUntil(lambda: rows._hovered_button is not None)
    assert rows._hovered_button is not None
    assert rows._hovered_button[1] is RowButton.REFRESH


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_the_button_below_the_mouse_can_be_seen_in_the_row_that_is_chosen(
    shop: TokensPageSetup, theme: Theme
) -> None:
    shop.page.setPalette(make_palette(theme))
    shop.choose(shop.index(0, 0))
    rows = shop.view.itemDelegate()
    assert isinstance(rows, TokenDelegate)
    row = shop.view.visualRect(shop.index(0, 0, TokenColumn.ACTIONS))
    for button in (RowButton.COPY, RowButton.MORE):  # where the mouse is already, it does not move
        place = button_rect(row, button)
        QTest.mouseMove(shop.view.viewport(), place.center())
    shop.qtbot.waitUntil(
        lambda: rows._hovered_button is not None and rows._hovered_button[1] is RowButton.MORE
    )
    picture = shop.view.viewport().grab(place).toImage()
    fill = picture.pixelColor(1, 1).lightness()
    inks = [picture.pixelColor(x, y).lightness() for x in range(BUTTON_SIZE) for y in range(BUTTON_SIZE)]
    assert fill == make_palette(theme).midlight().color().lightness()
    assert max(abs(ink - fill) for ink in inks) > 100


def test_a_screen_reader_hears_account_key_and_state_but_no_seconds(shop: TokensPageSetup) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    before = shop.index(0, 0).data(role)
    assert before.startswith("Shop ACCESS_TOKEN: fresh until")
    shop.harness.clock.advance(1)
    shop.page._on_countdown_timeout()
    assert shop.index(0, 0).data(role) == before
    assert shop.index(0).data(role) == f"Shop, {SHOP.appid}, fresh"


# -- many -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("qapp")
def test_a_thousand_accounts_are_painted_as_cheaply_as_a_screenful(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accounts = [Account(f"wx{number:016x}", f"Account {number}") for number in range(1000)]
    with runtime_harness(*accounts) as harness:
        harness.put_fresh_values(*accounts)
        harness.controller.start()
        harness.wait_until_idle(qtbot)
        page = TokensPageSetup(harness, make_formatter(harness), qtbot)
        page.show()
        painted: list[int] = []
        paint = TokenDelegate._paint_ring

        def counted(*words: object) -> None:
            painted.append(1)
            paint(*words)  # type: ignore[arg-type]  # what it was called with

        monkeypatch.setattr(TokenDelegate, "_paint_ring", counted)
        changed: list[int] = []
        page.page._model.dataChanged.connect(lambda *_: changed.append(1))
        harness.clock.advance(1)
        page.page._on_countdown_timeout()
        page.page.grab()
        assert 0 < len(painted) < 100
        assert changed == []  # no account has changed, so no view is told so
        page.page.hide()
