"""Signals of the operating system: resume from suspend, network restored."""

import ctypes
import logging
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtNetwork import QNetworkInformation

LOGIND_MANAGER = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")

# of Windows' powrprof.h and winuser.h
DEVICE_NOTIFY_CALLBACK = 2
PBT_APMSUSPEND = 0x4
PBT_APMRESUMEAUTOMATIC = 0x12

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
        self._windows_notification: WindowsPowerNotification | None = None

    def start(self) -> None:
        """Connect to logind and the network backend, as far as they are available."""
        if sys.platform == "linux":
            self._connect_to_logind()
        elif sys.platform == "win32":
            self._windows_notification = WindowsPowerNotification(
                self.system_suspending.emit, self.system_resumed.emit, ctypes.WinDLL("powrprof")
            )
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


class _SubscribeParameters(ctypes.Structure):
    """DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS."""

    _fields_ = (("callback", ctypes.c_void_p), ("context", ctypes.c_void_p))


class WindowsPowerNotification:
    """Registration for suspend and resume, as Go's runtime does it.

    Windows also sends WM_POWERBROADCAST, but only to top-level windows: `guarddogctl watch` has none, and the tray
    app none that Qt's native event filters see until the main window is shown. The callback needs no window. It
    runs in a thread of Windows; Qt queues the signals that it emits.
    """

    def __init__(self, on_suspending: Callable[[], None], on_resumed: Callable[[], None], library: Any) -> None:
        self._on_suspending = on_suspending
        self._on_resumed = on_resumed
        # ULONG callback(PVOID context, ULONG type, PVOID setting); the same convention as cdecl on 64 bits
        prototype = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)
        self._callback = prototype(self._on_event)  # kept: Windows has only its address
        self._parameters = _SubscribeParameters(ctypes.cast(self._callback, ctypes.c_void_p), None)
        self._handle = ctypes.c_void_p()
        code = library.PowerRegisterSuspendResumeNotification(
            DEVICE_NOTIFY_CALLBACK, ctypes.byref(self._parameters), ctypes.byref(self._handle)
        )
        if code:
            log.info("Windows does not report suspends here: error %s", code)

    def _on_event(self, _context: int | None, event: int, _setting: int | None) -> int:
        if event == PBT_APMSUSPEND:
            self._on_suspending()
        elif event == PBT_APMRESUMEAUTOMATIC:
            self._on_resumed()
        return 0
