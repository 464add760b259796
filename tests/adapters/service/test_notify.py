"""Reports to a service manager: real sockets, with a path and abstract."""

import socket
from pathlib import Path

import pytest

from guarddog_gui.adapters.service.notify import ServiceManager

pytestmark = pytest.mark.only_on("linux")


def receive(manager_socket: socket.socket) -> str:
    return manager_socket.recv(1000).decode()


@pytest.mark.parametrize("is_abstract", [False, True])
def test_each_report_reaches_the_socket_of_the_environment(tmp_path: Path, *, is_abstract: bool) -> None:
    name = f"{'@' if is_abstract else ''}{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name.replace("@", "\0"))
        listener.settimeout(5)
        manager = ServiceManager({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "120000000"})
        manager.report_ready()
        manager.report_status("2 of 2 usable\nREADY=0 " + "x" * 1000)
        manager.keep_alive()
        manager.report_stopping()
        assert receive(listener) == "READY=1"
        assert receive(listener).startswith("STATUS=2 of 2 usable READY=0 xxx"), "one line is one assignment"
        assert receive(listener) == "WATCHDOG=1"
        assert receive(listener) == "STOPPING=1"
    assert manager.watchdog_interval_s == 30


@pytest.mark.parametrize("name", ["", "relative", "/nowhere/at/all"])
def test_without_a_manager_nothing_happens(name: str) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": name})
    manager.report_ready()
    assert manager.watchdog_interval_s is None


@pytest.mark.parametrize("interval", ["", "soon", "-1", "²"])
def test_an_interval_that_is_no_number_counts_as_none(interval: str) -> None:
    assert ServiceManager({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": interval}).watchdog_interval_s is None
