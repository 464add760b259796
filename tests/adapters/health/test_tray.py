"""Check for tray icons without a desktop, without a bus and with a bus that hangs."""

import socket
import tempfile
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.session import check_tray
from guarddog_gui.domain.health import TrayProbeResult

pytestmark = pytest.mark.only_on("linux")
DESKTOP = {"DISPLAY": ":0"}


def test_without_a_desktop_the_bus_is_not_asked() -> None:
    assert check_tray({}, address="unix:path=/nowhere") is TrayProbeResult.NO_DESKTOP


@pytest.mark.parametrize("address", ["disabled:", "unix:path=/nowhere", "", "SESSION"])
def test_a_desktop_without_a_bus(address: str) -> None:
    assert check_tray(DESKTOP, address=address) is TrayProbeResult.NO_BUS


def test_a_bus_that_hangs_is_left_at_the_deadline() -> None:
    with tempfile.TemporaryDirectory(prefix="gd-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder, "bus")))
        listener.listen()  # accepts no connection
        started = time.monotonic()

        result = check_tray(DESKTOP, address=f"unix:path={folder}/bus", timeout_s=0.3)
    assert result is TrayProbeResult.NOT_ANSWERING
    assert time.monotonic() - started < 2
