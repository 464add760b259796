"""Submenu of one account in the menu of the tray icon."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from guarddog_gui.domain.refresh.status import AccountStatus, KeyState
from guarddog_gui.domain.tokens.record import TokenKind

if TYPE_CHECKING:
    from guarddog_gui.ui.tray.icon import TrayIcon


class AccountMenu(QObject):
    """Submenu of one account, which can be reused for another one."""

    def __init__(self, tray: "TrayIcon") -> None:
        super().__init__(tray)
        self._tray = tray
        self.status: AccountStatus | None = None  # as it is shown
        self._shown_state: KeyState | None = None
        self.menu = QMenu()
        self._copy_actions = {kind: self.menu.addAction("") for kind in TokenKind}
        self._refresh_action = self.menu.addAction("")
        self._force_action = self.menu.addAction("")
        self.menu.triggered.connect(self._on_triggered)

    def retranslate(self, copy_texts: dict[TokenKind, str]) -> None:
        for kind, text in copy_texts.items():
            self._copy_actions[kind].setText(text)
        self._refresh_action.setText(self.tr("Refresh now"))
        self._force_action.setText(self.tr("Force a new token…"))

    def show_status(self, status: AccountStatus, text: str) -> None:
        self.status = status
        set_text(self.menu.menuAction(), text)
        for kind, action in self._copy_actions.items():
            set_visible(action, kind in status.account.token_kinds)
        set_visible(self._force_action, not status.account.is_follower)

    def show_state(self, state: KeyState, icon: QIcon) -> None:
        """Show the shape of a state; the same one again is not sent to the panel."""
        if state is not self._shown_state:
            self._shown_state = state
            self.menu.menuAction().setIcon(icon)

    def forget_state(self) -> None:
        """Set the icon anew with the next state, because its colours have changed."""
        self._shown_state = None

    def remove(self) -> None:
        self.menu.deleteLater()
        self.deleteLater()

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        if self.status is None:
            return
        appid, kind = self.status.account.appid, kind_to_copy(self._copy_actions, action)
        if kind is not None:
            self._tray.copy_value(appid, kind)
        elif action is self._refresh_action:
            self._tray.refresh(appid)
        else:
            self._tray.force_requested.emit(appid)


def kind_to_copy(copy_actions: dict[TokenKind, QAction], action: QAction) -> TokenKind | None:
    return next((kind for kind, each in copy_actions.items() if each is action), None)


def set_text(action: QAction, text: str) -> None:
    if action.text() != text:
        action.setText(text)


def set_visible(action: QAction, visible: bool) -> None:  # noqa: FBT001 - as Qt's own setter
    if action.isVisible() != visible:
        action.setVisible(visible)
