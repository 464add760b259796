"""Rows of the accounts in a file, with their names for screen readers."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment, Secret
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.transfer.moved_accounts import MovedAccountList
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel


def test_each_row_says_what_becomes_of_the_account(formatter: Formatter, qtbot: QtBot) -> None:
    shop, cafe = Account("wx1", "Shop"), Account("wx2", "Café")
    view = MovedAccountList(formatter)
    qtbot.addWidget(view)
    view.show_plan(ImportPlan((MovedAccount(shop, Secret("s")),), (), (MovedAccount(cafe, None),)))
    view.retranslate()

    names = [label.accessibleName() for label in view.findChildren(ElidedLabel) if label.isVisibleTo(view)]
    assert names == ["Shop, wx1, new here", "Café, wx2, exists here · no AppSecret"]


def test_the_states_stand_below_each_other(formatter: Formatter, qtbot: QtBot) -> None:
    view = MovedAccountList(formatter)
    qtbot.addWidget(view)
    accounts = (Account("wx1", "A"), Account("wx2", "A very long name of an account", environment=Environment.TEST))
    view.show_plan(ImportPlan(tuple(MovedAccount(account, Secret("s")) for account in accounts), (), ()))
    view.resize(480, view.heightForWidth(480))
    view.show()

    states = [label for label in view.findChildren(QLabel) if label.text() == "new here"]
    assert len({label.x() for label in states}) == 1
    assert states[-1].geometry().bottom() <= view.height()


def test_a_name_has_all_of_the_width_that_is_free(formatter: Formatter, qtbot: QtBot) -> None:
    account = Account("wx00000000000000aa", "Museum guide of the city", environment=Environment.TEST)
    accounts = MovedAccountList(formatter)
    qtbot.addWidget(accounts)
    accounts.show_plan(ImportPlan((MovedAccount(account, Secret("s")),), (), ()))
    accounts.resize(532, 100)
    accounts.show()
    (name,) = accounts.findChildren(ElidedLabel)
    assert name.shown_text() == account.name
