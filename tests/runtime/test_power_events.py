"""Signals from the machine: sleep, waking up, and a network that comes back."""

import ctypes
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from guarddog_gui.runtime.power_events import (
    DEVICE_NOTIFY_CALLBACK,
    PBT_APMRESUMEAUTOMATIC,
    PBT_APMSUSPEND,
    PowerEvents,
    WindowsPowerNotification,
)

Reachability = QNetworkInformation.Reachability

LISTENING = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from guarddog_gui.runtime.power_events import PowerEvents

app = QCoreApplication(sys.argv)
events = PowerEvents()
events.system_resumed.connect(lambda: print("woke", flush=True))
events.system_suspending.connect(lambda: print("slept", flush=True))
events.start()
print("listening", flush=True)
QTimer.singleShot(100, app.quit)
sys.exit(app.exec())
"""


def test_without_any_bus_nothing_breaks() -> None:
    done = subprocess.run([sys.executable, "-c", LISTENING], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "listening\n", "")


@pytest.mark.parametrize(
    ("steps", "ups"),
    [
        ([Reachability.Online], 0),
        ([Reachability.Disconnected], 0),
        ([Reachability.Disconnected, Reachability.Online], 1),
        ([Reachability.Disconnected, Reachability.Local, Reachability.Site], 1),
        ([Reachability.Disconnected, Reachability.Unknown], 1),
        ([Reachability.Disconnected, Reachability.Online, Reachability.Site, Reachability.Online], 1),
        ([Reachability.Disconnected, Reachability.Online, Reachability.Local, Reachability.Online], 2),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_the_network_is_up_when_it_was_not_and_now_is(steps: list[Reachability], ups: int) -> None:
    wakeups = PowerEvents()
    restored: list[int] = []
    wakeups.network_restored.connect(lambda: restored.append(1))
    for step in steps:
        wakeups._on_reachability_changed(step)
    assert len(restored) == ups


class FakePowrprof:
    """Windows' library, which calls the registered callback with the events that a test sends."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.callback = 0

    def PowerRegisterSuspendResumeNotification(self, flags: int, parameters: object, _handle: object) -> int:  # noqa: N802
        assert flags == DEVICE_NOTIFY_CALLBACK
        address = ctypes.cast(parameters, ctypes.POINTER(ctypes.c_void_p))  # type: ignore[arg-type]  # from byref
        self.callback = address[0] or 0
        return self.code

    def send(self, event: int) -> None:
        prototype = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)
        assert prototype(self.callback)(None, event, None) == 0


def test_windows_reports_suspend_and_resume_from_a_thread_of_its_own(qtbot: QtBot) -> None:
    events, library, received = PowerEvents(), FakePowrprof(), list[tuple[str, int]]()
    receiver = _Receiver(received)
    events.system_suspending.connect(receiver.on_suspending)
    events.system_resumed.connect(receiver.on_resumed)
    notification = WindowsPowerNotification(events.system_suspending.emit, events.system_resumed.emit, library)

    def run() -> None:
        for event in (PBT_APMSUSPEND, 0xA, PBT_APMRESUMEAUTOMATIC, 0x7):
            library.send(event)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(received) == 2)

    main = threading.get_ident()
    assert received == [("suspending", main), ("resumed", main)]
    del notification


def test_a_windows_without_such_reports_breaks_nothing() -> None:
    WindowsPowerNotification(lambda: None, lambda: None, FakePowrprof(code=87))


class _Receiver(QObject):
    """Object of the main thread that notes what it receives, and in which thread."""

    def __init__(self, received: list[tuple[str, int]]) -> None:
        super().__init__()
        self._received = received

    @Slot()
    def on_suspending(self) -> None:
        self._received.append(("suspending", threading.get_ident()))

    @Slot()
    def on_resumed(self) -> None:
        self._received.append(("resumed", threading.get_ident()))
