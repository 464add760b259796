"""The choice of an account on the pages about signatures; it outlives changes of the list and of names."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.widgets.elided_combo import ElidedComboBox


class AccountComboBox(ElidedComboBox):
    """`currentIndexChanged` tells of a person's choice alone, not of changes in the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts: dict[str, Account] = {}

    @property
    def account(self) -> Account | None:
        """The one that is chosen, as it is now; None while there is none."""
        appid: str | None = self.currentData()
        return self._accounts.get(appid) if appid is not None else None

    def select_account(self, appid: str) -> None:
        """Choose this account, or keep the choice if there is no such account."""
        row = self.findData(appid)
        if row >= 0:
            self.setCurrentIndex(row)

    def update_accounts(self, overview: Overview) -> None:
        """Offer these."""
        accounts = {status.account.appid: status.account for status in overview.accounts}
        if accounts == self._accounts:
            return
        chosen = self.currentData()
        self._accounts = accounts
        with QSignalBlocker(self):
            self.clear()
            for appid, account in accounts.items():
                self.add_item_with_tooltip(f"{account.name} · {account.short_appid}", appid)
            self.setCurrentIndex(max(0, self.findData(chosen)))
