"""Waiting until a window is on the screen, where the window manager knows it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget


class _ExposureFilter(QObject):
    """Event filter of one window, which ends with the first exposure or with the window."""

    def __init__(self, window: QWindow, call: Callable[[int], None]) -> None:
        super().__init__(window)
        self._call = call
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWindow) and event.type() in (QEvent.Type.Expose, QEvent.Type.Hide):
            if watched.isExposed():
                self._call(int(watched.winId()))
            watched.removeEventFilter(self)
            self.deleteLater()
        return False


def call_when_exposed(widget: QWidget, call: Callable[[int], None]) -> None:
    """Call `call(window id)` when a widget's window is exposed, now or later; never if it is hidden before.

    On X11, the window manager ignores what is requested for a window that it has not mapped yet.
    """
    window: QWindow | None = widget.window().windowHandle()  # None until it is shown for the first time
    if window is None or not window.isVisible():
        return
    if window.isExposed():
        call(int(window.winId()))
    else:
        _ExposureFilter(window, call)
