"""The submenu of an account: one object for whichever account stands at its place."""

from msgspec.structs import replace
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.account_menu import AccountMenu, kind_to_copy
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon
from tests.runtime.harness import GAME, SHOP, RuntimeHarness
from tests.ui.account_statuses import make_account_status


def make_menu(harness: RuntimeHarness, formatter: Formatter) -> AccountMenu:
    menu = AccountMenu(TrayIcon(harness.controller, TrayAvailability(harness), formatter))
    menu.retranslate({kind: f"Copy {kind}" for kind in TokenKind})
    return menu


def visible(menu: AccountMenu) -> list[str]:
    return [action.text() for action in menu.menu.actions() if action.isVisible()]


def test_it_can_be_reused_for_an_account_with_other_keys(harness: RuntimeHarness, formatter: Formatter) -> None:
    menu = make_menu(harness, formatter)
    menu.show_status(make_account_status(SHOP), "Shop · until 16:05")
    assert visible(menu)[:2] == ["Copy ACCESS_TOKEN", "Copy JSAPI_TICKET"]
    menu.show_status(make_account_status(GAME), "Game · until 16:05")
    assert visible(menu) == ["Copy ACCESS_TOKEN", "Refresh now", "Force a new token…"]
    assert menu.menu.title() == "Game · until 16:05"


def test_the_same_state_is_sent_to_the_panel_once(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    menu = make_menu(harness, formatter)
    icon = formatter.icons.state_icon(KeyState.FRESH, dark=False)
    with qtbot.waitSignal(menu.menu.menuAction().changed):
        menu.show_state(KeyState.FRESH, icon)
    with qtbot.assertNotEmitted(menu.menu.menuAction().changed):
        menu.show_state(KeyState.FRESH, icon)
    menu.forget_state()
    dark_icon = formatter.icons.state_icon(KeyState.FRESH, dark=True)
    menu.show_state(KeyState.FRESH, dark_icon)
    assert menu.menu.menuAction().icon().cacheKey() == dark_icon.cacheKey()


def test_an_action_that_copies_nothing_has_no_kind(qtbot: QtBot) -> None:  # noqa: ARG001 - actions need an application
    copy, other = QAction(), QAction()
    actions = {TokenKind.ACCESS_TOKEN: copy}
    assert kind_to_copy(actions, copy) is TokenKind.ACCESS_TOKEN
    assert kind_to_copy(actions, other) is None


def test_a_follower_cannot_force_a_token(harness: RuntimeHarness, formatter: Formatter) -> None:
    menu = make_menu(harness, formatter)
    follower = replace(GAME, sharing=Sharing(SharingRole.FOLLOWER, "redis://localhost"))
    menu.show_status(make_account_status(follower), "Game")
    assert visible(menu) == ["Copy ACCESS_TOKEN", "Refresh now"]
    menu.show_status(make_account_status(GAME), "Game")
    assert "Force a new token…" in visible(menu)
