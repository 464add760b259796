"""QtCore as far as the background work needs it: Qt's own, or `without_qt` on a server where Qt is not installed.

Only what costs nothing at the start of the tray app is here: not the namespace `Qt`, whose enums take 10 ms.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

__all__ = [
    "HAS_QT",
    "QCoreApplication",
    "QDeadlineTimer",
    "QObject",
    "QSocketNotifier",
    "QThread",
    "QTimer",
    "Signal",
    "Slot",
]

HAS_QT = find_spec("PySide6") is not None

if TYPE_CHECKING or HAS_QT:
    from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject, QSocketNotifier, QThread, QTimer, Signal, Slot
else:
    from guarddog_gui.runtime.without_qt.core import (
        QCoreApplication,
        QDeadlineTimer,
        QObject,
        QSocketNotifier,
        QThread,
        QTimer,
        Signal,
        Slot,
    )
