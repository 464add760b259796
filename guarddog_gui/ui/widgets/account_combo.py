"""Combo box to select an account, which keeps its selection while accounts and names change."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.widgets.elided_combo import ElidedComboBox


class AccountComboBox(ElidedComboBox):
    """Combo box of accounts that emits `currentIndexChanged` only when the user selects another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts: dict[str, Account] = {}

    @property
    def account(self) -> Account | None:
        """Return the selected account with its current settings, or None if there is no account."""
        appid: str | None = self.currentData()
        return self._accounts.get(appid) if appid is not None else None

    def select_account(self, appid: str) -> None:
        """Select this account; keep the selection if it does not exist."""
        row = self.findData(appid)
        if row >= 0:
            self.setCurrentIndex(row)

    def update_accounts(self, overview: Overview) -> None:
        """Offer the accounts of this overview and keep the selected one."""
        accounts = {status.account.appid: status.account for status in overview.accounts}
        if accounts == self._accounts:
            return
        selected_appid = self.currentData()
        self._accounts = accounts
        with QSignalBlocker(self):
            self.clear()
            for appid, account in accounts.items():
                self.add_item_with_tooltip(f"{account.name} · {account.short_appid}", appid)
            self.setCurrentIndex(max(0, self.findData(selected_appid)))
