"""Combo boxes of accounts and other names."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.widgets.controls.combo_boxes import AccountComboBox, ElidedComboBox
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip
from tests.fakes import NOW
from tests.runtime.harness import CAFE, GAME, SHOP
from tests.ui.account_statuses import make_account_status

LONG = "深圳市某某科技有限公司官方商城服务号（生产环境）Production shop"


def test_an_elided_name_in_a_combo_box_keeps_its_end(qtbot: QtBot) -> None:
    box = ElidedComboBox()
    qtbot.addWidget(box)
    box.add_item_with_tooltip("Shop", 1)
    box.add_item_with_tooltip(f"{LONG} · wx5a…ee01", 2)
    box.resize(box.sizeHint())
    box.show()
    assert box.elided_text() == "Shop"
    box.setCurrentIndex(1)
    assert box.elided_text().startswith("深圳")
    assert box.elided_text().endswith("ee01")
    assert len(box.elided_text()) < len(box.currentText())
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert box.toolTip() == plain_tooltip(box.currentText())
    before = box.grab().toImage()
    box.setItemText(1, f"{LONG} · wx5a…ee02")
    assert box.grab().toImage() != before, "the end is visible"


@pytest.fixture
def accounts(qtbot: QtBot) -> AccountComboBox:
    accounts = AccountComboBox()
    qtbot.addWidget(accounts)
    accounts.update_accounts(overview_of(SHOP, CAFE))
    return accounts


def overview_of(*accounts: Account) -> Overview:
    return Overview(NOW, tuple(make_account_status(account) for account in accounts))


def test_accounts_are_offered_by_name_and_short_appid(accounts: AccountComboBox) -> None:
    assert [accounts.itemText(row) for row in range(accounts.count())] == ["Shop · wx00…00a1", "Café · wx00…00b2"]
    assert accounts.account == SHOP


def test_an_account_is_selected_by_its_appid_and_an_unknown_one_is_ignored(accounts: AccountComboBox) -> None:
    accounts.select_account(CAFE.appid)
    assert accounts.account == CAFE

    accounts.select_account(GAME.appid)
    assert accounts.account == CAFE


def test_the_selected_account_stays_selected_and_changes_with_its_settings(
    accounts: AccountComboBox, qtbot: QtBot
) -> None:
    renamed = Account(CAFE.appid, "Corner café")
    accounts.select_account(CAFE.appid)

    with qtbot.assertNotEmitted(accounts.currentIndexChanged):
        accounts.update_accounts(overview_of(GAME, SHOP, renamed))

    assert accounts.account == renamed
    assert accounts.currentText().startswith("Corner café · ")


def test_the_first_account_replaces_a_removed_one(accounts: AccountComboBox) -> None:
    accounts.select_account(CAFE.appid)

    accounts.update_accounts(overview_of(SHOP))
    assert accounts.account == SHOP

    accounts.update_accounts(overview_of())
    assert accounts.account is None


def test_a_selection_by_the_user_is_signalled(accounts: AccountComboBox, qtbot: QtBot) -> None:
    accounts.show()
    with qtbot.waitSignal(accounts.currentIndexChanged):
        QTest.keyClick(accounts, Qt.Key.Key_Down)
    assert accounts.account == CAFE


def test_a_long_name_does_not_widen_the_box(qtbot: QtBot) -> None:
    widths = []
    for length in (100, 1000):
        box = ElidedComboBox()
        qtbot.addWidget(box)
        box.add_item_with_tooltip("W" * length, 1)
        widths.append((box.sizeHint().width(), box.minimumSizeHint().width()))

    assert widths[0] == widths[1]
    assert widths[0][1] < widths[0][0]
