"""Signals from the machine: sleep, waking up, and a network that comes back."""

import subprocess
import sys

import pytest
from PySide6.QtNetwork import QNetworkInformation

from guarddog_gui.runtime.power_events import PowerEvents

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
