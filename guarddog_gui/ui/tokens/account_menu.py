"""Menu of an account or of one of its keys."""

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.pending_copies import PendingCopies
from guarddog_gui.ui.clipboard.copy_as_menu import CopyAsMenu
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests

SHORTCUTS: dict[AccountAction, QKeySequence.StandardKey | Qt.Key] = {
    # of the page, for the account or key that has the keyboard focus
    AccountAction.COPY: QKeySequence.StandardKey.Copy,
    AccountAction.REFRESH: Qt.Key.Key_F5,
    AccountAction.EDIT: Qt.Key.Key_F2,
    AccountAction.REMOVE: QKeySequence.StandardKey.Delete,
}


class AccountMenu(QMenu):
    """Menu that deletes itself; its rows send their requests through the page's `TokenRequests`."""

    def __init__(self, target: Target, account: Account, requests: TokenRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._target = target
        self._account = account
        self._requests = requests
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows: dict[AccountAction, QAction] = {}
        kind = target.kind
        self._add(AccountAction.COPY, AccountAction.COPY_APPID)
        if kind in (None, TokenKind.JSAPI_TICKET):
            self._add(AccountAction.SIGN)
        self.addSeparator()
        self._add(AccountAction.REFRESH)
        if kind in (None, TokenKind.ACCESS_TOKEN):
            self._add(AccountAction.CHECK_TOKEN, AccountAction.ADDRESS)
            if not account.is_follower:  # it never asks WeChat
                self._add(AccountAction.FORCE)
        self.addSeparator()
        self._add(AccountAction.HISTORY, AccountAction.OPEN_FOLDER, AccountAction.EDIT, AccountAction.SHARE)
        self.addSeparator()
        self._add(AccountAction.REMOVE)
        self._retranslate()

    def add_copy_as(self, copies: PendingCopies) -> None:
        """Offer the forms of a copy below the row that copies."""
        menu = CopyAsMenu(copies, self._target.appid, self._target.kind or TokenKind.ACCESS_TOKEN, self)
        self.insertMenu(self.actions()[1], menu)

    def _add(self, *actions: AccountAction) -> None:
        for action in actions:
            row = self.addAction("")
            row.triggered.connect(partial(self._requests.request, self._target, action))
            shortcut = SHORTCUTS.get(action)
            if shortcut is not None:
                row.setShortcut(QKeySequence(shortcut))
                row.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # else it would be ambiguous with the page's
            self._rows[action] = row

    def _retranslate(self) -> None:
        is_card_ticket = self._target.kind is TokenKind.CARD_TICKET
        kind = self._target.kind or TokenKind.ACCESS_TOKEN
        key_name = self.tr("wx_card ticket") if is_card_ticket else kind.lower()
        texts = {
            AccountAction.COPY: self.tr("Copy {key}").format(key=key_name),
            AccountAction.COPY_APPID: self.tr("Copy AppID"),
            AccountAction.SIGN: self.tr("Sign a page…"),
            AccountAction.REFRESH: self.tr("Refresh now"),
            AccountAction.CHECK_TOKEN: self.tr("Check this token"),
            AccountAction.ADDRESS: self.tr("IP address that WeChat sees…"),
            AccountAction.FORCE: self.tr("Force a new token…"),
            AccountAction.HISTORY: self.tr("Show history"),
            AccountAction.OPEN_FOLDER: self.tr("Open folder"),
            AccountAction.EDIT: self.tr("Edit account…"),
            AccountAction.SHARE: self.tr("Share…") if self._account.sharing is None else self.tr("Sharing…"),
            AccountAction.REMOVE: self.tr("Remove account…"),
        }
        for action, row in self._rows.items():
            row.setText(texts[action])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
