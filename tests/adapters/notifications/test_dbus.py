"""Without a bus, with a dead one or with one that hangs: nothing happens, and nobody waits for it."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.notifications.dbus import DBusNotifications
from guarddog_gui.services.messages.notifications import NotificationText
from tests.desktop.processes import wait_until

pytestmark = pytest.mark.only_on("linux")
TEXT = NotificationText("Shop · needs you", "body")


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "guarddog-notifications"]


def made(address: str) -> DBusNotifications:
    return DBusNotifications(
        app_name="Guard Dog", desktop_entry="org.example.GuardDog", icon="x", address=address
    )


@pytest.fixture
def silent_bus(tmp_path: Path) -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "bus"))
        listening.listen()
        yield f"unix:path={tmp_path}/bus"


@pytest.mark.parametrize(
    "address", ["SESSION", "disabled:", "", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=/nowhere/bus"]
)
def test_without_a_bus_everything_can_be_called_and_one_line_is_logged(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    notifications = made(address)
    for _ in range(3):
        notifications.show("wxShop", TEXT)
    notifications.close("wxShop")
    notifications.close("wxOther")
    wait_until(lambda: caplog.records, "the line")
    notifications.show("wxShop", TEXT)
    notifications.stop()
    notifications.show("wxShop", TEXT)
    notifications.stop()
    assert threads() == []
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "no session bus" in caplog.text


def test_a_session_without_an_address_is_no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    notifications = made("SESSION")
    notifications.show("wxShop", TEXT)
    notifications.stop()


def test_a_bus_that_hangs_holds_nobody_up(silent_bus: str) -> None:
    notifications = made(silent_bus)
    began = time.monotonic()
    for number in range(100):
        notifications.show(f"wx{number}", TEXT)
    assert time.monotonic() - began < 0.5
    notifications.stop()
    assert time.monotonic() - began < 2
    for thread in threads():  # it gives up on the connection by itself
        thread.join(10)
        assert not thread.is_alive()


def test_no_thread_is_started_before_there_is_something_to_show() -> None:
    notifications = made("disabled:")
    notifications.close("wxShop")
    assert threads() == []
    notifications.stop()
