"""Copies a value with a hint for clipboard managers, counts down, and clears it if it is still ours."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

# what keeps a value out of clipboard histories; nobody has to honour it (desktop research, section 2.2)
_HISTORY_EXCLUSION_FORMATS = {
    "linux": (("x-kde-passwordManagerHint", b"secret"),),
    "win32": (
        ("ExcludeClipboardContentFromMonitorProcessing", b"1"),
        ("CanIncludeInClipboardHistory", b"\0\0\0\0"),
        ("CanUploadToCloudClipboard", b"\0\0\0\0"),
    ),
    "darwin": (("application/x-nspasteboard-concealed-type", b"1"),),
}


class Clipboard(QObject):
    """Only tokens and tickets come here; the AppSecret never does."""

    countdown_changed = Signal(
        int
    )  # whole seconds until it is cleared; 0 when there is nothing of ours any more

    def __init__(self, monotonic: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._text_hash = b""  # a hash of what we put there: enough to know it again, nothing to leak
        self._clear_deadline = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_timeout)

    def copy(self, text: str, clear_after_s: int) -> None:
        """Copy `text`; clear it after `seconds`, or never for 0 (it is cleared on quit all the same)."""
        data = QMimeData()
        data.setText(text)
        for name, value in _HISTORY_EXCLUSION_FORMATS.get(sys.platform, ()):
            data.setData(name, QByteArray(value))
        self._text_hash = _hash_text(text)
        QGuiApplication.clipboard().setMimeData(data, QClipboard.Mode.Clipboard)
        self._timer.stop()
        if clear_after_s > 0:
            self._clear_deadline = self._monotonic() + clear_after_s
            self._timer.start()
            self.countdown_changed.emit(clear_after_s)

    @Slot()
    def clear(self) -> None:
        """Clear it now, if it is still ours. On quit this also keeps Qt from crashing on its own data."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text_hash and _hash_text(clipboard.text(QClipboard.Mode.Clipboard)) == self._text_hash:
            clipboard.clear(QClipboard.Mode.Clipboard)
        self._text_hash = b""
        self.countdown_changed.emit(0)

    @Slot()
    def _on_timeout(self) -> None:
        left = round(self._clear_deadline - self._monotonic())
        if left <= 0:
            self.clear()
        else:
            self.countdown_changed.emit(left)


def _hash_text(text: str) -> bytes:
    from hashlib import sha256  # OpenSSL: 3 ms for which the tray does not wait

    return sha256(text.encode("utf-8", "surrogatepass")).digest()
