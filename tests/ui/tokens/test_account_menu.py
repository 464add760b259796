"""The menu of an account or of one of its keys."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard.copy_as_menu import CopyAsMenu
from guarddog_gui.ui.tokens.account_menu import AccountMenu
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from tests.runtime.harness import CARD, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui import find


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def texts(menu: AccountMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_menu_of_an_account_offers_every_action(window: QWidget) -> None:
    assert texts(AccountMenu(Target(SHOP.appid), SHOP, TokenRequests(), window)) == [
        "Copy access_token", "Copy AppID", "Sign a page…", "Refresh now", "Check this token", "IP address that WeChat sees…", "Force a new token…",
        "Show history", "Open folder", "Edit account…", "Share…", "Remove account…",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "copy", "missing"),
    [
        (TOKEN, "Copy access_token", {"Sign a page…"}),
        (TICKET, "Copy jsapi_ticket", {"Check this token", "Force a new token…"}),
        (CARD, "Copy wx_card ticket", {"Sign a page…", "Check this token", "Force a new token…"}),
    ],
)
def test_the_menu_of_a_key_offers_what_the_key_can_do(
    window: QWidget, kind: TokenKind, copy: str, missing: set[str]
) -> None:
    offered = texts(AccountMenu(Target(SHOP.appid, kind), SHOP, TokenRequests(), window))
    assert offered[0] == copy
    assert not missing & set(offered)


def test_a_row_requests_its_action_for_its_target(window: QWidget, qtbot: QtBot) -> None:
    requests = TokenRequests()
    menu = AccountMenu(Target(SHOP.appid, TOKEN), SHOP, requests, window)
    with qtbot.waitSignal(requests.action_requested) as requested:
        find.action(menu, "Force a new token…").trigger()
    assert requested.args == [Target(SHOP.appid, TOKEN), AccountAction.FORCE]


def test_the_forms_of_a_copy_stand_below_the_row_that_copies(window: QWidget, harness: RuntimeHarness) -> None:
    menu = AccountMenu(Target(SHOP.appid, TICKET), SHOP, TokenRequests(), window)
    menu.add_copy_as(harness.controller.copies)
    assert texts(menu)[:3] == ["Copy jsapi_ticket", "Copy as", "Copy AppID"]
    forms = find.widget(menu, CopyAsMenu)
    assert [action.text() for action in forms.actions() if action.isCheckable()] == ["value", "env line", "JSON"]


def test_a_follower_cannot_force_a_token_and_its_sharing_can_be_changed(window: QWidget) -> None:
    follower = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://localhost"))
    offered = texts(AccountMenu(Target(SHOP.appid), follower, TokenRequests(), window))
    assert "Force a new token…" not in offered
    assert "Sharing…" in offered
