"""Tokens page as a user uses it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.account_card import AccountCard
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.tokens.key_row import KeyRow
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
        self.list = find.widget(self.page, CardList)
        self.filter = find.field(self.page, "Filter accounts")

    def show(self) -> None:
        self.page.resize(900, 600)
        self.page.show()
        self.qtbot.waitExposed(self.page)
        self.page.activateWindow()

    def settle(self) -> None:
        self.harness.wait_until_idle(self.qtbot)
        QApplication.processEvents()

    @property
    def names(self) -> list[str]:
        """The names of the listed accounts, from the top, whether or not they are visible."""
        statuses = self.harness.controller.overview().accounts
        names = {status.account.appid: status.account.name for status in statuses}
        return [names[appid] for appid in self.list.appids]

    @property
    def visible_names(self) -> list[str]:
        """The accessible names of the cards in the visible part, from the top."""
        height = self.list.viewport().height()
        cards = [card for card in self.list.cards.values() if card.isVisible()]
        tops = {card: card.mapTo(self.list.viewport(), QPoint(0, 0)).y() for card in cards}
        visible = [card for card in cards if -card.height() < tops[card] < height]
        return [card.accessibleName() for card in sorted(visible, key=tops.__getitem__)]

    def card(self, account: Account) -> AccountCard:
        return self.list.cards[account.appid]

    def row(self, account: Account, number: int = 0) -> KeyRow:
        return self.card(account).rows[number]

    def button(self, name: str) -> QAbstractButton:
        return find.button(self.page, name)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def press(
        self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Give the keyboard to a widget and press a key."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(widget, key, modifier)

    def open_menu(self, name: str) -> QMenu:
        """Click a button that opens a menu, and return the menu."""
        self.click(name)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu


def add_accounts(harness: RuntimeHarness, qtbot: QtBot, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored[account.appid] = Secret(SECRET)
        harness.put_fresh_values(account)
    harness.accounts.update(lambda known: (*known, *accounts))
    harness.tick()
    harness.wait_until_idle(qtbot)
