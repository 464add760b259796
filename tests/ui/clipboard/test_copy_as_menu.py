"""The menu with the forms of a copy."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard.copy_as_menu import CopyAsMenu
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness


@pytest.fixture
def harness(qtbot: QtBot) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - menus need an application
    with runtime_harness(SHOP) as harness:
        harness.put_fresh_values(SHOP)
        yield harness


def make_menu(harness: RuntimeHarness, kind: TokenKind, qtbot: QtBot) -> CopyAsMenu:
    menu = CopyAsMenu(harness.controller.copies, SHOP.appid, kind)
    qtbot.addWidget(menu)
    return menu


def labels(menu: CopyAsMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_a_token_has_every_form_and_a_ticket_no_curl_line(harness: RuntimeHarness, qtbot: QtBot) -> None:
    assert labels(make_menu(harness, TOKEN, qtbot)) == ["value", "curl line", "env line", "JSON", "AppID"]
    assert labels(make_menu(harness, TICKET, qtbot)) == ["value", "env line", "JSON", "AppID"]


def test_the_current_form_is_checked(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.copies.formats = {SHOP.appid: CopyFormat.JSON}
    menu = make_menu(harness, TOKEN, qtbot)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["JSON"]


def test_the_appid_is_copied_without_being_remembered(harness: RuntimeHarness, qtbot: QtBot) -> None:
    copies = harness.controller.copies
    menu = make_menu(harness, TOKEN, qtbot)
    with qtbot.waitSignal(copies.appid_requested) as requested, qtbot.assertNotEmitted(copies.formats_changed):
        menu.actions()[-1].trigger()
    assert requested.args == [SHOP.appid]
