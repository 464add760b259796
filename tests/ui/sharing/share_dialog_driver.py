"""The dialog that shares an account as a user uses it."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find

URL = "redis://redis.example.com"
COMPUTER = "build-server"


class ShareDialogDriver:
    """Opens the dialog for SHOP, fills it in and presses its buttons."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self._formatter = formatter
        self._qtbot = qtbot

    def open(self, account: Account = SHOP) -> ShareDialog:
        dialog = ShareDialog(self.harness.controller, self._formatter, account)
        self._qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    @property
    def shop(self) -> Account:
        """Return the account as it is in the list."""
        return next(account for account in self.harness.accounts.load() if account.appid == SHOP.appid)

    def share(self, url: str = URL) -> None:
        """Share SHOP as a leader."""
        dialog = self.open()
        find.field(dialog, "url").setText(url)
        find.button(dialog, "Share").click()
        self._qtbot.waitUntil(lambda: not dialog.isVisible())
        self.settle()

    def settle(self) -> None:
        self.harness.controller.tick()
        self.harness.wait_until_idle(self._qtbot)
        QApplication.processEvents()
