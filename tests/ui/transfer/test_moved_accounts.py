"""Rows of the accounts in a file, with their names for screen readers."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.transfer.moved_accounts import MovedAccountList


def test_each_row_says_what_becomes_of_the_account(formatter: Formatter, qtbot: QtBot) -> None:
    shop, cafe = Account("wx1", "Shop"), Account("wx2", "Café")
    view = MovedAccountList(formatter)
    qtbot.addWidget(view)
    view.show_plan(ImportPlan((MovedAccount(shop, Secret("s")),), (), (MovedAccount(cafe, None),)))
    view.retranslate()

    names = [row.accessibleName() for row in view._rows]
    assert names == ["Shop, wx1, new here", "Café, wx2, exists here · no AppSecret"]
