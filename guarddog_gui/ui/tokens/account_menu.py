"""Menu of an account or of one of its keys."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from guarddog_gui.domain.tokens.record import TokenKind
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

    def __init__(self, target: Target, requests: TokenRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._target = target
        self._requests = requests
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = (target.kind or TokenKind.ACCESS_TOKEN).lower()
        copy = self.tr("Copy {key}").format(key="wx_card ticket" if target.kind is TokenKind.CARD_TICKET else key)
        self._add(copy, AccountAction.COPY)
        self._add(self.tr("Copy AppID"), AccountAction.COPY_APPID)
        if target.kind in (None, TokenKind.JSAPI_TICKET):
            self._add(self.tr("Sign a page…"), AccountAction.SIGN)
        self.addSeparator()
        self._add(self.tr("Refresh now"), AccountAction.REFRESH)
        if target.kind in (None, TokenKind.ACCESS_TOKEN):
            self._add(self.tr("Check this token"), AccountAction.CHECK_TOKEN)
            self._add(self.tr("Force a new token…"), AccountAction.FORCE)
        self.addSeparator()
        self._add(self.tr("Show history"), AccountAction.HISTORY)
        self._add(self.tr("Open folder"), AccountAction.OPEN_FOLDER)
        self._add(self.tr("Edit account…"), AccountAction.EDIT)
        self.addSeparator()
        self._add(self.tr("Remove account…"), AccountAction.REMOVE)

    def _add(self, text: str, action: AccountAction) -> None:
        row = self.addAction(text)
        row.triggered.connect(partial(self._requests.request, self._target, action))
        shortcut = SHORTCUTS.get(action)
        if shortcut is not None:
            row.setShortcut(QKeySequence(shortcut))
            row.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # else it would be ambiguous with the page's
