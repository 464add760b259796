"""Copying with Qt's clipboard, and the check that the desktop has accepted the value."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from guarddog_gui.ui.clipboard.macos_pasteboard import CONCEALED_TYPE, copy_concealed

ANNOUNCEMENT_TIMEOUT_MS = 500  # compositors announce an accepted value within milliseconds


class QtClipboard(QObject):
    """Copies one text at a time and reports if it is on the clipboard.

    Qt reports no failure. On Windows, macOS and X11 the text is read back: another program may hold the clipboard.
    On Wayland Qt always returns its own data, and `ownsClipboard` is True, even if the compositor has dropped the
    value because no window had the focus or none had got a key or a click. But a compositor sends an accepted value
    back to the window with the focus, upon which Qt emits `dataChanged` once more.
    """

    def __init__(self, *, is_wayland: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_wayland = is_wayland
        self._on_result: Callable[[bool], None] | None = None
        self._is_setting = False
        self._timer = QTimer(self, interval=ANNOUNCEMENT_TIMEOUT_MS, singleShot=True)
        self._timer.timeout.connect(self._on_timeout)
        if is_wayland:
            QGuiApplication.clipboard().dataChanged.connect(self._on_data_changed)

    def copy(self, text: str, extra_formats: Mapping[str, bytes], on_result: Callable[[bool], None]) -> None:
        """Copy a text, and call `on_result` with True when it is on the clipboard, else with False."""
        data = QMimeData()
        data.setText(text)
        for name, value in extra_formats.items():
            data.setData(name, QByteArray(value))
        self._timer.stop()
        self._on_result = on_result
        self._is_setting = True
        if CONCEALED_TYPE not in extra_formats or not copy_concealed(text):
            QGuiApplication.clipboard().setMimeData(data, QClipboard.Mode.Clipboard)
        self._is_setting = False
        if self._is_wayland:
            self._timer.start()
        else:
            self._report(is_copied=self.text() == text)

    def text(self) -> str:
        return QGuiApplication.clipboard().text(QClipboard.Mode.Clipboard)

    def clear(self) -> None:
        QGuiApplication.clipboard().clear(QClipboard.Mode.Clipboard)

    @Slot()
    def _on_data_changed(self) -> None:
        if self._timer.isActive() and not self._is_setting:
            self._report(is_copied=QGuiApplication.clipboard().ownsClipboard())

    @Slot()
    def _on_timeout(self) -> None:
        self._report(is_copied=False)

    def _report(self, *, is_copied: bool) -> None:
        self._timer.stop()
        on_result, self._on_result = self._on_result, None
        if on_result is not None:
            on_result(is_copied)
