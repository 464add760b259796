"""Chooser of the current account, for the pages that work with one account."""

from collections import Counter

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.controls.combo_boxes import ElidedComboBox
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

_WIDTH_MIN = 112  # pixels


class AccountChooser(ElidedComboBox):
    """Combo box that shows and changes the account that all pages share, as `UniStore · TEST`."""

    account_changed = Signal()  # another account, or other settings of the same

    def __init__(
        self, controller: Controller, current: CurrentAccount, formatter: Formatter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._current = current
        self._formatter = formatter
        self._account: Account | None = None
        self.currentIndexChanged.connect(self._on_index_changed)
        current.changed.connect(self._on_current_changed)
        controller.overview_changed.connect(self._on_overview_changed)
        self._on_overview_changed(controller.overview())

    @property
    def account(self) -> Account | None:
        """Return the current account with its current settings, or None if there is no account."""
        return self._account

    def sizeHint(self) -> QSize:
        """Return room for the name and environment, also for a name of few letters."""
        size = super().sizeHint()
        return QSize(max(_WIDTH_MIN, size.width()), size.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH_MIN, super().minimumSizeHint().height())

    def retranslate(self) -> None:
        self._show_accounts(self._controller.overview())

    @Slot(int)
    def _on_index_changed(self, row: int) -> None:
        if row >= 0:
            self._current.choose(str(self.itemData(row)))

    @Slot(str)
    def _on_current_changed(self, _appid: str) -> None:
        self._update_account(self._controller.overview())

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._current.show_overview(overview)
        self._show_accounts(overview)
        self._update_account(overview)

    def _show_accounts(self, overview: Overview) -> None:
        accounts = [status.account for status in overview.accounts]
        texts = self._texts(accounts)
        shown = [(self.itemData(row), self.itemText(row)) for row in range(self.count())]
        if shown == [(account.appid, text) for account, text in zip(accounts, texts, strict=True)]:
            return
        with QSignalBlocker(self):
            self.clear()
            for account, text in zip(accounts, texts, strict=True):
                self.addItem(text, account.appid)
                tooltip = plain_tooltip(f"{account.name}\n{account.appid}")
                self.setItemData(self.count() - 1, tooltip, Qt.ItemDataRole.ToolTipRole)
        self._select_current()

    def _texts(self, accounts: list[Account]) -> list[str]:
        """Return name and environment of each account, and the AppID of those that have both in common."""
        badges = (self._formatter.environment_badge(account.environment) for account in accounts)
        texts = [" · ".join(filter(None, (a.name, badge))) for a, badge in zip(accounts, badges, strict=True)]
        counts = Counter(texts)
        return [
            f"{text} · {account.short_appid}" if counts[text] > 1 else text
            for account, text in zip(accounts, texts, strict=True)
        ]

    def _update_account(self, overview: Overview) -> None:
        self._select_current()
        status = overview.account(self._current.appid)
        account = status.account if status is not None else None
        if account != self._account:
            self._account = account
            self.account_changed.emit()

    def _select_current(self) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(self._current.appid))
