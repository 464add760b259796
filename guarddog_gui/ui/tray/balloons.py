"""Notices through the tray icon, where the desktop has no notifications of its own to talk to."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSystemTrayIcon

from guarddog_gui.domain.refresh.notifications import NotificationAction, Urgency
from guarddog_gui.services.messages.notifications import NotificationText

DISPLAY_MS = 10_000

_ICONS = {
    Urgency.LOW: QSystemTrayIcon.MessageIcon.Information,
    Urgency.NORMAL: QSystemTrayIcon.MessageIcon.Warning,
    Urgency.CRITICAL: QSystemTrayIcon.MessageIcon.Warning,
}


class BalloonNotifications(QObject):
    """A balloon has no buttons and cannot be replaced or taken away; a click on it opens the window.

    Give every new icon to `set_icon`, and None when it is gone.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._on_action: Callable[[str, str, str], None] | None = None
        self._last_key = ""

    def set_icon(self, icon: QSystemTrayIcon | None) -> None:
        """Show everything through this icon from now on."""
        self._icon = icon
        if icon is not None:
            icon.messageClicked.connect(self._on_message_clicked)

    def set_action_callback(self, on_action: Callable[[str, str, str], None]) -> None:
        """Call `on_action(appid, "open", "")` for every click."""
        self._on_action = on_action

    def show(self, key: str, text: NotificationText) -> None:
        """Show it for ten seconds, or as long as the system likes."""
        if self._icon is not None:
            self._last_key = key
            self._icon.showMessage(text.title, text.body, _ICONS[text.urgency], DISPLAY_MS)

    def close(self, key: str) -> None:
        """It goes by itself."""

    def stop(self) -> None:
        """Show nothing any more."""
        self._icon = None

    @Slot()
    def _on_message_clicked(self) -> None:
        if self._on_action is not None:
            self._on_action(self._last_key, NotificationAction.OPEN.value, "")
