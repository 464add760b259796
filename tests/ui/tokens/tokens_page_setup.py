"""Tokens page as a user uses it."""

from guarddog_gui.ui.tokens.delegate import RowButton, TokenDelegate, button_rect
from guarddog_gui.ui.tokens.model import TokenColumn, TokensModel
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.page import TokensPage
from tests.runtime.harness import SECRET, RuntimeHarness
from tests.ui import find


class TokensPageSetup:
    """The shown page, and methods to use it like a user."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.page = TokensPage(harness.controller, formatter)
        qtbot.addWidget(self.page)
        self.view = find.widget(self.page, QTreeView)
        self.filter = find.field(self.page, "Filter accounts")

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

    def select(self, *indexes: QModelIndex) -> None:
        flag = QItemSelectionModel.SelectionFlag
        self.view.setCurrentIndex(indexes[0])
        for index in indexes:
            self.view.selectionModel().select(index, flag.Select | flag.Rows)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)

    def click_button(self, account: int, key: int | None, button: RowButton) -> None:
        rect = self.view.visualRect(self.index(account, key, TokenColumn.ACTIONS))
        middle = button_rect(rect, button).center()
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)

    @property
    def model(self) -> TokensModel:
        proxy = self.view.model()
        assert isinstance(proxy, QSortFilterProxyModel)
        model = proxy.sourceModel()
        assert isinstance(model, TokensModel)
        return model

    @property
    def delegate(self) -> TokenDelegate:
        delegate = self.view.itemDelegate()
        assert isinstance(delegate, TokenDelegate)
        return delegate

    def trigger(self, text: str) -> None:
        (action,) = [action for action in self.page.actions() if action.text() == text]
        action.trigger()

    @property
    def rows(self) -> list[str]:
        """The texts of all visible rows, from the top."""
        texts: list[str] = []
        index = self.view.model().index(0, 0)
        while index.isValid():
            texts.append(str(index.data()))
            index = self.view.indexBelow(index)
        return texts


def add_accounts(harness: RuntimeHarness, qtbot: QtBot, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored[account.appid] = Secret(SECRET)
        harness.put_fresh_values(account)
    harness.accounts.update(lambda known: (*known, *accounts))
    harness.tick()
    harness.wait_until_idle(qtbot)
