"""The accounts in the rail: groups, order, choice."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_list import AccountList, AccountListModel, StatusRole
from tests.fakes import NOW
from tests.ui.account_statuses import make_account_status

SHOP = Account("wx1", "Shop")
TEST = Account("wx2", "Shop", environment=Environment.TEST, group="Uni")
CAFE = Account("wx3", "Café", group="Uni")


def overview(*accounts: Account) -> Overview:
    return Overview(NOW, tuple(map(make_account_status, accounts)))


def titles(model: AccountListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


@pytest.fixture
def accounts(formatter: Formatter, qtbot: QtBot) -> AccountList:
    accounts = AccountList(formatter)
    qtbot.addWidget(accounts)
    accounts.resize(220, 300)
    accounts.show_overview(overview(TEST, SHOP, CAFE), "wx1")
    accounts.show()
    return accounts


def test_accounts_without_a_group_come_first_and_groups_have_headings(accounts: AccountList) -> None:
    model = accounts.model()
    assert isinstance(model, AccountListModel)
    assert titles(model) == ["Shop", "Uni", "Shop", "Café"]
    assert accounts.currentIndex().data(StatusRole).account == SHOP
    assert not model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEnabled


def test_a_click_chooses_and_a_double_click_edits(accounts: AccountList, qtbot: QtBot) -> None:
    place = accounts.visualRect(accounts.model().index(3, 0)).center()
    with qtbot.waitSignal(accounts.account_chosen) as chosen:
        QTest.mouseClick(accounts.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["wx3"]
    with qtbot.waitSignal(accounts.edit_requested) as edited:
        QTest.mouseDClick(accounts.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert edited.args == ["wx3"]


@pytest.mark.parametrize(
    ("keys", "signal"), [("F2", "edit_requested"), ("Del", "remove_requested"), ("Ctrl+C", "token_copy_requested")]
)
def test_the_keys_of_the_cards_act_on_the_chosen_account(
    accounts: AccountList, qtbot: QtBot, keys: str, signal: str
) -> None:
    accounts.choose("wx2")
    QGuiApplication.clipboard().setText("before")
    with qtbot.waitSignal(getattr(accounts, signal)) as requested:
        QTest.keySequence(accounts, QKeySequence(keys))
    assert requested.args == ["wx2"]
    assert QGuiApplication.clipboard().text() == "before"
    accounts.choose("wx-unknown")
    with qtbot.assertNotEmitted(getattr(accounts, signal)):
        QTest.keySequence(accounts, QKeySequence(keys))


def test_a_choice_from_elsewhere_is_shown_and_not_reported(accounts: AccountList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(accounts.account_chosen):
        accounts.choose("wx2")
    assert accounts.currentIndex().row() == 2
    accounts.choose("wx-unknown")
    assert not accounts.currentIndex().isValid()


@pytest.mark.parametrize(
    ("dragged", "row", "order"),
    [("wx3", 0, ("wx3", "wx1", "wx2")), ("wx1", 4, ("wx2", "wx3", "wx1")), ("wx1", 0, None), ("unknown", 0, None)],
)
def test_a_drop_gives_the_new_order(
    accounts: AccountList, dragged: str, row: int, order: tuple[str, ...] | None
) -> None:
    model = accounts.model()
    assert isinstance(model, AccountListModel)
    data = model.mimeData([model.index(max(0, model.row_of(dragged)))])
    if dragged == "unknown":
        data.setData(model.mimeTypes()[0], b"unknown")
    reported: list[tuple[str, ...]] = []
    accounts.order_changed.connect(reported.append)
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, QModelIndex())
    assert reported == ([order] if order is not None else [])


def test_screen_readers_hear_environment_and_state(accounts: AccountList) -> None:
    text = accounts.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Shop, test, wx2, fresh"


def test_only_a_changed_row_is_painted_again(accounts: AccountList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(accounts.model().modelReset):
        accounts.show_overview(overview(replace(TEST, ahead=1), SHOP, CAFE), "wx1")


def test_a_narrow_list_shows_tiles_only(accounts: AccountList) -> None:
    wide = accounts.grab().toImage()
    accounts.set_compact(compact=True)
    assert accounts.grab().toImage() != wide
    assert accounts.visualRect(accounts.model().index(0, 0)).contains(QPoint(5, 5))
