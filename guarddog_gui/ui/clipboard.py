"""Copy secrets to the clipboard, hide them from clipboard histories, and clear them after a time."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from guarddog_gui.ui.macos_pasteboard import copy_concealed

# Formats that ask clipboard managers not to record a value; they are free to ignore the request.
_HISTORY_EXCLUSION_FORMATS = {
    "linux": (("x-kde-passwordManagerHint", b"secret"),),
    "win32": (
        ("ExcludeClipboardContentFromMonitorProcessing", b"1"),
        ("CanIncludeInClipboardHistory", b"\0\0\0\0"),
        ("CanUploadToCloudClipboard", b"\0\0\0\0"),
    ),
}


class Clipboard(QObject):
    """The clipboard for tokens, tickets and signed strings; the AppSecret is never copied.

    The value is cleared only if the clipboard still contains it, never what another program copied later.
    """

    countdown_changed = Signal(int)  # whole seconds until the value is cleared; 0: cleared

    def __init__(self, monotonic: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._text_hash = b""  # recognises the copied text without keeping the secret in memory
        self._clear_deadline = 0.0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.update_countdown)

    def copy(self, text: str, clear_after_s: int) -> None:
        """Copy `text` and clear it after `clear_after_s` seconds; with 0 it is cleared only on quit."""
        self._text_hash = _hash_text(text)
        if sys.platform != "darwin" or not copy_concealed(text):
            data = QMimeData()
            data.setText(text)
            for name, value in _HISTORY_EXCLUSION_FORMATS.get(sys.platform, ()):
                data.setData(name, QByteArray(value))
            QGuiApplication.clipboard().setMimeData(data, QClipboard.Mode.Clipboard)
        self._timer.stop()
        if clear_after_s > 0:
            self._clear_deadline = self._monotonic() + clear_after_s
            self._timer.start()
            self.countdown_changed.emit(clear_after_s)

    @Slot()
    def clear(self) -> None:
        """Clear the value if the clipboard still contains it.

        Call this on quit: Qt can crash when its own QMimeData is still on the clipboard.
        """
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text_hash and _hash_text(clipboard.text(QClipboard.Mode.Clipboard)) == self._text_hash:
            clipboard.clear(QClipboard.Mode.Clipboard)
        self._text_hash = b""
        self.countdown_changed.emit(0)

    @Slot()
    def update_countdown(self) -> None:
        """Report the remaining seconds, or clear the value when its time is over."""
        left = round(self._clear_deadline - self._monotonic())
        if left <= 0:
            self.clear()
        else:
            self.countdown_changed.emit(left)


def _hash_text(text: str) -> bytes:
    from hashlib import sha256  # loads OpenSSL, which would delay the tray icon by 3 ms

    return sha256(text.encode("utf-8", "surrogatepass")).digest()
