"""Notifications as balloons of the tray icon, for desktops without a notification service."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSystemTrayIcon

from guarddog_gui.domain.refresh.notifications import NotificationAction, Urgency
from guarddog_gui.services.messages.notifications import NotificationText

DISPLAY_MS = 10_000


class BalloonNotifications(QObject):
    """Notification backend that shows balloons.

    A balloon has no buttons and cannot be replaced or closed; a click on it opens the window. Call `set_icon`
    for every new icon, and with None when there is none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._on_action: Callable[[str, str, str], None] | None = None
        self._last_key = ""

    def set_icon(self, icon: QSystemTrayIcon | None) -> None:
        self._icon = icon
        if icon is not None:
            icon.messageClicked.connect(self._on_message_clicked)

    def set_action_callback(self, on_action: Callable[[str, str, str], None]) -> None:
        """Call `on_action(key, "open", "")` for every click; the key is that of the last balloon."""
        self._on_action = on_action

    def show(self, key: str, text: NotificationText) -> None:
        """Show a balloon for ten seconds, or as long as the system decides."""
        if self._icon is not None:
            self._last_key = key
            icons = QSystemTrayIcon.MessageIcon
            icon = icons.Information if text.urgency is Urgency.LOW else icons.Warning
            self._icon.showMessage(text.title, text.body, icon, DISPLAY_MS)

    def close(self, key: str) -> None:
        """Do nothing: a balloon disappears by itself."""

    def stop(self) -> None:
        self._icon = None

    @Slot()
    def _on_message_clicked(self) -> None:
        if self._on_action is not None:
            self._on_action(self._last_key, NotificationAction.OPEN.value, "")
