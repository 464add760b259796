"""Detect whether the desktop can show a tray icon, which can change while the program runs."""

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER_SERVICE = "org.kde.StatusNotifierWatcher"
POLL_INTERVAL_MS = 1000
SLOW_POLL_INTERVAL_MS = 30_000
FAST_POLLS_MAX = 60  # after a minute D-Bus reports a new tray, or there will hardly be one
RESTART_GRACE_MS = 10_000  # within this time a shell restarts, and Qt registers the icon again


class TrayAvailability(QObject):
    """Signal when a tray icon can be shown and when it no longer can.

    WORKAROUND: QTBUG-61898: a QSystemTrayIcon that was created before there is a tray never appears.
    Receivers of `became_available` have to create a new one.
    """

    became_available = Signal()
    became_unavailable = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_available = False  # as far as Qt can tell
        self._poll_count = 0
        self._poll_timer = QTimer(self, interval=POLL_INTERVAL_MS)
        self._poll_timer.timeout.connect(self._check)
        self._grace_timer = QTimer(self, singleShot=True, interval=RESTART_GRACE_MS)
        self._grace_timer.timeout.connect(self._on_grace_timeout)
        self._watcher: QDBusServiceWatcher | None = None

    @property
    def uses_dbus(self) -> bool:
        """Return whether icon and menu are sent over D-Bus, so that the panel draws the menu."""
        interface = QDBusConnection.sessionBus().interface()
        return self._watcher is not None and bool(interface.isServiceRegistered(WATCHER_SERVICE).value())

    def start(self) -> None:
        """Check for a tray, and repeat it until there is one."""
        bus = QDBusConnection.sessionBus()
        if sys.platform == "linux" and bus.isConnected():
            self._watcher = QDBusServiceWatcher(WATCHER_SERVICE, bus, parent=self)
            self._watcher.serviceRegistered.connect(self._on_service_registered)
            self._watcher.serviceUnregistered.connect(self._on_service_unregistered)
        self._poll_timer.start()
        self._check()

    @Slot()
    def _check(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._poll_timer.stop()
            self.is_available = True
            self.became_available.emit()
            return
        self._poll_count += 1
        if self._poll_count == FAST_POLLS_MAX:
            self._poll_timer.setInterval(SLOW_POLL_INTERVAL_MS)

    @Slot(str)
    def _on_service_registered(self, _name: str) -> None:
        if self._grace_timer.isActive():  # the shell has restarted, and Qt registers the existing icon
            self._grace_timer.stop()
            return
        self._check()

    @Slot(str)
    def _on_service_unregistered(self, _name: str) -> None:
        if self.is_available:
            self._grace_timer.start()

    @Slot()
    def _on_grace_timeout(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            return
        self.is_available = False
        self.became_unavailable.emit()
        self._poll_count = 0
        self._poll_timer.setInterval(POLL_INTERVAL_MS)
        self._poll_timer.start()
