"""Answers to copies where the user is looking: in the window, in the popover, or else at the tray icon."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, copied_message
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.icon import TrayIcon


class CopyFeedback(QObject):
    """Answers with a notification and a check mark on the tray icon while no window of the program is active.

    An active window answers by itself: the main window with a toast, the popover at its foot. On Wayland the
    clipboard reports a copy only when the desktop has accepted it, so nothing is said too early.
    """

    notification_requested = Signal(str)
    window_requested = Signal(object)  # CopySubject that is not on the clipboard

    def __init__(
        self, controller: Controller, clipboard: Clipboard, formatter: Formatter, tray_icon: TrayIcon, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._tray_icon = tray_icon
        clipboard.copied.connect(self._on_copied)
        clipboard.copy_failed.connect(self._on_clipboard_failed)
        controller.copies.copy_failed.connect(self._on_refresh_failed)

    @Slot(object)
    def _on_copied(self, subject: CopySubject) -> None:
        if not _has_active_window():
            self._tray_icon.show_copied()
            self.notification_requested.emit(copied_message(subject, self._formatter.format_time))

    @Slot(object)
    def _on_clipboard_failed(self, subject: CopySubject) -> None:
        """Open the window: a notification may come too late, and the user is about to paste."""
        if not _has_active_window():
            self.window_requested.emit(subject)

    @Slot(str, object, object)
    def _on_refresh_failed(self, appid: str, _kind: TokenKind, entry: HistoryEntry) -> None:
        if not _has_active_window():
            status = self._controller.overview().account(appid)
            platform = status.account.platform if status is not None else None
            message = self._formatter.messages.for_entry(entry, platform=platform).text
            text = self._formatter.prefix_with_account(status.account, message) if status is not None else message
            self.notification_requested.emit(text)


def _has_active_window() -> bool:
    """Return whether the user looks at this program; a window that was just closed stays active for a moment."""
    window = QApplication.activeWindow()
    return window is not None and window.isVisible()
