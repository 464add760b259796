"""Fake logind on a private system bus that announces suspend and resume."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jeepney import DBusAddress

from tests.desktop.bus_service import BusClient
from tests.desktop.processes import minimal_environment, start_process, stop_process, wait_until
from tests.desktop.session_bus import private_bus

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "org.freedesktop.login1"
SYSTEM_PYTHON = "/usr/bin/python3"  # for the distribution's dbusmock: the one from PyPI must be compiled


class FakeLogind:
    def __init__(self, bus: str) -> None:
        self.bus = bus

    def suspend(self) -> None:
        self._emit_prepare_for_sleep(is_starting=True)

    def resume(self) -> None:
        self._emit_prepare_for_sleep(is_starting=False)

    def _emit_prepare_for_sleep(self, *, is_starting: bool) -> None:
        client = BusClient(self.bus)
        mock = DBusAddress("/org/freedesktop/login1", SERVICE, "org.freedesktop.DBus.Mock")
        signal = (f"{SERVICE}.Manager", "PrepareForSleep", "b", [("b", is_starting)])
        client.call(mock, "EmitSignal", "sssav", signal)
        client.close()


@contextmanager
def private_logind(folder: Path) -> Iterator[FakeLogind]:
    if not list(Path("/usr/lib").glob("python3*/*-packages/dbusmock")):
        pytest.skip("python3-dbusmock is not installed")
    with private_bus(folder, "system") as bus:
        environment = minimal_environment(DBUS_SYSTEM_BUS_ADDRESS=bus)
        mock = start_process([SYSTEM_PYTHON, "-m", "dbusmock", "--system", "--template", "logind"], environment)
        client = BusClient(bus)
        try:
            wait_until(lambda: client.has_owner(SERVICE), "the mock of logind")
            yield FakeLogind(bus)
        finally:
            client.close()
            stop_process(mock)
