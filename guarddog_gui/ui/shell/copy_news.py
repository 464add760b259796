"""News about copies in the window: whose value was copied, and when the clipboard is cleared."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, copied_message, copy_failed_message
from guarddog_gui.ui.widgets.toast import Toast


class CopyNews(QObject):
    """Show each copy in the toast, with a countdown while the toast is shown."""

    def __init__(self, clipboard: Clipboard, toast: Toast, format_time: Callable[[float], str]) -> None:
        super().__init__(toast)
        self._format_time = format_time
        self._toast = toast
        self._subject: CopySubject | None = None  # of the message in the toast
        self._clears_in_s = 0  # seconds until the clipboard is cleared
        clipboard.copied.connect(self._on_copied)
        clipboard.countdown_changed.connect(self.on_countdown_changed)

    def forget(self) -> None:
        """Leave the toast to other news."""
        self._subject, self._clears_in_s = None, 0

    def retranslate(self) -> None:
        """Show the message in the current language if it is still on the screen; other news go away."""
        if not self._toast.isHidden():
            self._show()

    def show_failure(self, subject: CopySubject) -> None:
        self.forget()
        self._toast.show_text(copy_failed_message(subject))

    @Slot(object)
    def _on_copied(self, subject: CopySubject) -> None:
        """Show what was copied; the seconds until it is cleared follow."""
        self._subject, self._clears_in_s = subject, 0
        self._show()

    def _show(self) -> None:
        text = copied_message(self._subject, self._format_time) if self._subject else ""
        self._toast.show_text(text, self._countdown_text())

    def _countdown_text(self) -> str:
        time_left = f"{self._clears_in_s // 60}:{self._clears_in_s % 60:02}"
        return self.tr("cleared in {time}").format(time=time_left) if self._clears_in_s else ""

    @Slot(int)
    def on_countdown_changed(self, seconds: int) -> None:
        """Count down in the message about the copy, if that is still shown, until the clipboard is cleared."""
        if self._subject is None or not (seconds or self._clears_in_s):
            return
        self._clears_in_s = seconds
        if seconds:
            self._toast.set_suffix(self._countdown_text())
        else:
            self._subject = None
            self._toast.hide()
