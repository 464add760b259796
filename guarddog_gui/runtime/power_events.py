"""Signals of the operating system: resume from suspend, network restored."""

import logging
import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtNetwork import QNetworkInformation

LOGIND_MANAGER = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")

log = logging.getLogger(__name__)


class PowerEvents(QObject):
    """Early hints. Without logind or a network backend the scheduler notices a suspend later."""

    system_suspending = Signal()
    system_resumed = Signal()
    network_restored = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_online = True
        self._network: QNetworkInformation | None = None

    def start(self) -> None:
        """Connect to logind and the network backend, as far as they are available."""
        if sys.platform == "linux":
            self._connect_to_logind()
        if QNetworkInformation.loadDefaultBackend():
            self._network = QNetworkInformation.instance()
            self._was_online = self._is_online(self._network.reachability())
            self._network.reachabilityChanged.connect(self._on_reachability_changed)

    def _connect_to_logind(self) -> None:
        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return
        # WORKAROUND: PYSIDE-2524: the slot has to be a str although the stubs say bytes
        slot = SLOT("_on_prepare_for_sleep(bool)")
        if not bus.connect(*LOGIND_MANAGER, "PrepareForSleep", self, slot):  # type: ignore[call-overload]
            log.info("logind does not report suspends here")

    @Slot(bool)
    def _on_prepare_for_sleep(self, is_starting: bool) -> None:  # noqa: FBT001 - the signal's own argument
        if is_starting:
            self.system_suspending.emit()
        else:
            self.system_resumed.emit()

    @Slot(QNetworkInformation.Reachability)
    def _on_reachability_changed(self, reachability: QNetworkInformation.Reachability) -> None:
        online = self._is_online(reachability)
        if online and not self._was_online:
            self.network_restored.emit()
        self._was_online = online

    @staticmethod
    def _is_online(reachability: QNetworkInformation.Reachability) -> bool:
        states = QNetworkInformation.Reachability
        return reachability in (states.Online, states.Site, states.Unknown)
