"""A row of the popover: what it says of an account, and the menu with the forms of a copy."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Renewal
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.ui.clipboard.copy_as_menu import CopyAsMenu
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.popover_row import PopoverRow
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.account_statuses import make_account_status


@pytest.fixture
def row(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> PopoverRow:
    row = PopoverRow(harness.controller.copies, formatter)
    qtbot.addWidget(row)
    return row


def texts(row: PopoverRow) -> list[str]:
    return [label.text() for label in row.findChildren(ElidedLabel)]


def with_keys(status: AccountStatus, **changes: object) -> AccountStatus:
    return replace(status, keys=tuple(replace(key, **changes) for key in status.keys))


def test_it_counts_down(row: PopoverRow, harness: RuntimeHarness) -> None:
    row.show_status(make_account_status(SHOP, left=4324))
    assert texts(row) == ["Shop", "1:12:04"]
    harness.clock.advance(1)
    row.update_countdown()
    assert texts(row) == ["Shop", "1:12:03"]


def test_a_value_that_works_is_not_called_failed(
    row: PopoverRow, formatter: Formatter, harness: RuntimeHarness
) -> None:
    status = with_keys(make_account_status(SHOP, left=600), state=KeyState.FAILED, renewal=Renewal.STOPPED)
    row.show_status(status)
    until = formatter.format_time(harness.clock() + 600)
    assert texts(row)[1] == f"works until {until} · renewal failing"


def test_without_a_value_the_state_is_named(row: PopoverRow) -> None:
    row.show_status(with_keys(make_account_status(SHOP), record=None, state=KeyState.KEYRING_LOCKED))
    assert texts(row)[1] == "keyring locked"


def test_a_right_click_offers_the_forms_and_remembers_the_choice(
    row: PopoverRow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    row.show_status(harness.controller.overview().accounts[0])
    row.show()
    button = find.widget(row, QPushButton, "Copy access_token of Shop")
    button.customContextMenuRequested.emit(QPoint(2, 2))
    menu = find.widget(row, CopyAsMenu)
    next(action for action in menu.actions() if action.text() == "env line").trigger()
    menu.close()
    assert harness.controller.copies.format_for(SHOP.appid, TOKEN) is CopyFormat.ENV
    assert [copied[:2] for copied in harness.copied_values] == [(SHOP.appid, TOKEN)]


def test_what_is_wrong_with_redis_is_told_while_the_value_works(
    row: PopoverRow, formatter: Formatter, harness: RuntimeHarness
) -> None:
    shared = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://localhost"))
    status = make_account_status(shared, left=600)
    row.show_status(status)
    assert texts(row)[1] == "10:00"
    row.show_status(replace(status, sharing=SharingStatus(harness.clock(), SharingProblem.UNREACHABLE)))
    until = formatter.format_time(harness.clock() + 600)
    assert texts(row)[1] == f"works until {until} · Redis cannot be reached."
    row.show_status(replace(status, sharing=SharingStatus(harness.clock())))
    assert texts(row)[1] == "10:00"
