"""The part of a screen that windows may use."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def available_geometry(widget: QWidget) -> QRect:
    """Return the area of the widget's screen without panels, in pixels.

    WORKAROUND: `QWidget.screen()` makes PySide6 (seen with 6.11) take the QScreen for a child of the widget. If
    the garbage collector finds both at once, it deletes Qt's own screen, and the next widget crashes the process.
    """
    screen = QGuiApplication.screenAt(widget.frameGeometry().center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()
