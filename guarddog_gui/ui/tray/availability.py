"""The place for a tray icon, which may come late, vanish and return."""

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER = "org.kde.StatusNotifierWatcher"
POLL_MS = 1000
SLOW_POLL_MS = 30_000
POLLS = 60  # a session that has no tray after a minute gets one by D-Bus or rarely
GRACE_MS = 10_000  # a shell that restarts is back by then; the icon registers again by itself


class TrayHost(QObject):
    """Says when an icon can be made and when there is none any more.

    WORKAROUND: QTBUG-61898: an icon that was made before its host exists never appears, whatever is called
    on it later; so `appeared` means: make a new object now.
    """

    appeared = Signal()
    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._there = False
        self._polls = 0
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.setInterval(GRACE_MS)
        self._grace.timeout.connect(self._on_grace)
        self._watcher: QDBusServiceWatcher | None = None

    @property
    def is_there(self) -> bool:
        """Whether an icon can be seen now, as far as anybody can know."""
        return self._there

    @property
    def speaks_bus(self) -> bool:
        """Whether the icon and its menu go to the panel over D-Bus, so that the panel draws the menu."""
        interface = QDBusConnection.sessionBus().interface()
        return self._watcher is not None and bool(interface.isServiceRegistered(WATCHER).value())

    def start(self) -> None:
        """Look now, and go on looking until there is a host."""
        bus = QDBusConnection.sessionBus()
        if sys.platform == "linux" and bus.isConnected():
            self._watcher = QDBusServiceWatcher(WATCHER, bus, parent=self)
            self._watcher.serviceRegistered.connect(self._on_registered)
            self._watcher.serviceUnregistered.connect(self._on_unregistered)
        self._poll.start()
        self._look()

    @Slot()
    def _look(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._poll.stop()
            self._there = True
            self.appeared.emit()
            return
        self._polls += 1
        if self._polls == POLLS:
            self._poll.setInterval(SLOW_POLL_MS)

    @Slot(str)
    def _on_registered(self, _name: str) -> None:
        if self._grace.isActive():  # back in time: Qt registers the icon that there is
            self._grace.stop()
            return
        self._look()

    @Slot(str)
    def _on_unregistered(self, _name: str) -> None:
        if self._there:
            self._grace.start()

    @Slot()
    def _on_grace(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._there = False
        self.lost.emit()
        self._polls = 0
        self._poll.setInterval(POLL_MS)
        self._poll.start()
