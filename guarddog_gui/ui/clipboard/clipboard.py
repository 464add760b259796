"""Copy secrets to the clipboard, hide them from clipboard histories, and clear them after a time."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.ui.clipboard.macos_pasteboard import CONCEALED_TYPE
from guarddog_gui.ui.clipboard.qt_clipboard import QtClipboard
from guarddog_gui.ui.clipboard.subject import CopySubject

if TYPE_CHECKING:
    from guarddog_gui.ui.clipboard.copy_window import CopyWindow

# Formats that ask clipboard managers not to record a value; they are free to ignore the request.
_HISTORY_EXCLUSION_FORMATS: Mapping[str, Mapping[str, bytes]] = {
    "linux": {"x-kde-passwordManagerHint": b"secret"},
    "win32": {
        "ExcludeClipboardContentFromMonitorProcessing": b"1",
        "CanIncludeInClipboardHistory": b"\0\0\0\0",
        "CanUploadToCloudClipboard": b"\0\0\0\0",
    },
    "darwin": {CONCEALED_TYPE: b"1"},
}
# names of the text format under Wayland; X11 programs ask for the last one
_TEXT_FORMATS = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING")
STOP_TIMEOUT_S = 0.5


class BackgroundClipboard(Protocol):
    """Clipboard of the desktop that needs no window; its methods return immediately."""

    def copy(self, formats: Mapping[str, bytes], on_result: Callable[[bool], None]) -> None:
        """Offer a value, and call `on_result`, in any thread, with True once it is on the clipboard."""

    def withdraw(self, wait_s: float = 0.0) -> None:
        """Remove the value, unless another program has copied something since."""


class _Copy(HiddenFields, Struct, frozen=True):
    hidden_fields = ("text",)

    text: str
    subject: CopySubject
    is_secret: bool
    clear_after_s: int


class Clipboard(QObject):
    """The clipboard for everything that the program copies; the AppSecret is never copied.

    A copy takes some milliseconds on Wayland, and there it may need the user: `copied` is emitted only when the
    value is on the clipboard. The value is cleared only if the clipboard still contains it, never what another
    program copied later.
    """

    copied = Signal(object)  # CopySubject
    copy_failed = Signal(object)  # CopySubject
    countdown_changed = Signal(int)  # whole seconds until the value is cleared; 0: cleared

    _background_copy_finished = Signal(int, bool)  # number of the copy

    def __init__(
        self,
        monotonic: Callable[[], float],
        background: BackgroundClipboard | None = None,
        *,
        is_wayland: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._background = background
        self._is_wayland = is_wayland
        self._qt_clipboard = QtClipboard(is_wayland=is_wayland, parent=self)
        self._copy: _Copy | None = None  # until it is on the clipboard
        self._copy_number = 0
        self._copy_window: CopyWindow | None = None
        self._is_in_background = False  # the last value was copied by `background`
        self._text_hash = b""  # recognises the copied secret without keeping it in memory
        self._clear_deadline = 0.0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.update_countdown)
        if background is not None:
            from PySide6.QtCore import Qt  # the first use of its enums takes 11 ms, which would delay the tray icon

            queued = Qt.ConnectionType.QueuedConnection
            self._background_copy_finished.connect(self._on_background_copy_finished, queued)

    def copy_secret(self, text: str, subject: CopySubject, clear_after_s: int) -> None:
        """Copy a secret and clear it after `clear_after_s` seconds; with 0 it is cleared only on quit."""
        self._start_copy(_Copy(text, subject, is_secret=True, clear_after_s=clear_after_s))

    def copy_text(self, text: str, subject: CopySubject) -> None:
        """Copy a text that is no secret and stays on the clipboard."""
        self._start_copy(_Copy(text, subject, is_secret=False, clear_after_s=0))

    @Slot()
    def clear(self) -> None:
        """Clear the secret if the clipboard still contains it."""
        self._timer.stop()
        if self._text_hash and self._is_in_background and self._background is not None:
            self._background.withdraw()
        elif self._text_hash and _hash_text(self._qt_clipboard.text()) == self._text_hash:
            self._qt_clipboard.clear()
        self._text_hash = b""
        self.countdown_changed.emit(0)

    def stop(self) -> None:
        """Clear the secret and drop a copy that waits for the user.

        Call this on quit: Qt can crash when its own QMimeData is still on the clipboard.
        """
        self._drop_pending_copy()
        self.clear()
        if self._background is not None:
            self._background.withdraw(STOP_TIMEOUT_S)

    @Slot()
    def update_countdown(self) -> None:
        """Report the remaining seconds, or clear the value when its time is over."""
        left = round(self._clear_deadline - self._monotonic())
        if left <= 0:
            self.clear()
        else:
            self.countdown_changed.emit(left)

    def _start_copy(self, copy: _Copy) -> None:
        self._drop_pending_copy()
        self._copy = copy
        self._copy_number += 1
        if self._background is None:
            self._copy_with_qt()
            return
        texts = dict.fromkeys(_TEXT_FORMATS, copy.text.encode("utf-8", "replace"))
        on_result = partial(self._background_copy_finished.emit, self._copy_number)
        self._background.copy({**texts, **_extra_formats(copy)}, on_result)

    def _drop_pending_copy(self) -> None:
        self._copy = None
        window, self._copy_window = self._copy_window, None  # first, because closing it calls this again
        if window is not None:
            window.close()
            window.deleteLater()

    @Slot(int, bool)
    def _on_background_copy_finished(self, number: int, is_copied: bool) -> None:  # noqa: FBT001 - the signal's arguments
        if self._copy is None or number != self._copy_number:
            return
        if is_copied:
            self._finish_copy(is_in_background=True)
        else:
            self._copy_with_qt()

    @Slot()
    def _copy_with_qt(self) -> None:
        """Copy with Qt. On Wayland that works only from a window with the focus, so it may have to be opened."""
        if self._copy is None:
            return
        if self._is_wayland and QGuiApplication.focusWindow() is None:
            self._open_copy_window(self._copy)
        else:
            self._qt_clipboard.copy(self._copy.text, _extra_formats(self._copy), self._on_qt_copy_finished)

    def _on_qt_copy_finished(self, is_copied: bool) -> None:  # noqa: FBT001 - a callback's argument
        if self._copy is None:
            return
        if is_copied:
            self._finish_copy(is_in_background=False)
        elif self._copy_window is not None:
            self._copy_window.show_failure()
        elif self._is_wayland:
            self._open_copy_window(self._copy)
        else:
            copy, self._copy = self._copy, None
            self.copy_failed.emit(copy.subject)

    def _open_copy_window(self, copy: _Copy) -> None:
        from guarddog_gui.ui.clipboard.copy_window import CopyWindow  # rarely needed

        self._copy_window = CopyWindow(copy.subject)
        self._copy_window.copy_requested.connect(self._copy_with_qt)
        self._copy_window.rejected.connect(self._drop_pending_copy)
        self._copy_window.show_and_activate()

    def _finish_copy(self, *, is_in_background: bool) -> None:
        copy = self._copy
        if copy is None:
            return
        self._drop_pending_copy()
        self._is_in_background = is_in_background
        self._timer.stop()
        self._text_hash = _hash_text(copy.text) if copy.is_secret else b""
        self.copied.emit(copy.subject)
        if copy.clear_after_s > 0:
            self._clear_deadline = self._monotonic() + copy.clear_after_s
            self._timer.start()
            self.countdown_changed.emit(copy.clear_after_s)


def _extra_formats(copy: _Copy) -> Mapping[str, bytes]:
    return _HISTORY_EXCLUSION_FORMATS.get(sys.platform, {}) if copy.is_secret else {}


def _hash_text(text: str) -> bytes:
    from hashlib import sha256  # loads OpenSSL, which would delay the tray icon by 3 ms

    return sha256(text.encode("utf-8", "surrogatepass")).digest()
