"""The place for a tray icon, which may come late, vanish and return."""

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER_SERVICE = "org.kde.StatusNotifierWatcher"
POLL_INTERVAL_MS = 1000
SLOW_POLL_INTERVAL_MS = 30_000
FAST_POLLS_MAX = 60  # a session that has no tray after a minute gets one by D-Bus or rarely
RESTART_GRACE_MS = 10_000  # a shell that restarts is back by then; the icon registers again by itself


class TrayAvailability(QObject):
    """Says when an icon can be made and when there is none any more.

    WORKAROUND: QTBUG-61898: an icon that was made before its host exists never appears, whatever is called
    on it later; so `appeared` means: make a new object now.
    """

    became_available = Signal()
    became_unavailable = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_available = False
        self._poll_count = 0
        self._poll_timer = QTimer(self)
        self._poll_timer.setInterval(POLL_INTERVAL_MS)
        self._poll_timer.timeout.connect(self._check)
        self._grace_timer = QTimer(self)
        self._grace_timer.setSingleShot(True)
        self._grace_timer.setInterval(RESTART_GRACE_MS)
        self._grace_timer.timeout.connect(self._on_grace_timeout)
        self._watcher: QDBusServiceWatcher | None = None

    @property
    def is_available(self) -> bool:
        """Whether an icon can be seen now, as far as anybody can know."""
        return self._is_available

    @property
    def uses_dbus(self) -> bool:
        """Whether the icon and its menu go to the panel over D-Bus, so that the panel draws the menu."""
        interface = QDBusConnection.sessionBus().interface()
        return self._watcher is not None and bool(interface.isServiceRegistered(WATCHER_SERVICE).value())

    def start(self) -> None:
        """Look now, and go on looking until there is a host."""
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
            self._is_available = True
            self.became_available.emit()
            return
        self._poll_count += 1
        if self._poll_count == FAST_POLLS_MAX:
            self._poll_timer.setInterval(SLOW_POLL_INTERVAL_MS)

    @Slot(str)
    def _on_service_registered(self, _name: str) -> None:
        if self._grace_timer.isActive():  # back in time: Qt registers the icon that there is
            self._grace_timer.stop()
            return
        self._check()

    @Slot(str)
    def _on_service_unregistered(self, _name: str) -> None:
        if self._is_available:
            self._grace_timer.start()

    @Slot()
    def _on_grace_timeout(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._is_available = False
        self.became_unavailable.emit()
        self._poll_count = 0
        self._poll_timer.setInterval(POLL_INTERVAL_MS)
        self._poll_timer.start()
