"""DBusNotifications without a bus, with a dead one and with one that hangs: no call blocks or raises."""

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


def make_notifications(address: str) -> DBusNotifications:
    return DBusNotifications(app_name="Guard Dog", desktop_entry="org.example.GuardDog", icon="x", address=address)


@pytest.fixture
def silent_bus(tmp_path: Path) -> Iterator[str]:
    """Start a bus that accepts connections and never answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        yield f"unix:path={tmp_path}/bus"


@pytest.mark.parametrize(
    "address", ["SESSION", "disabled:", "", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=/nowhere/bus"]
)
def test_without_a_bus_nothing_happens_but_one_log_record(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    notifications = make_notifications(address)
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


def test_a_session_without_a_bus_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    notifications = make_notifications("SESSION")
    notifications.show("wxShop", TEXT)
    notifications.stop()


def test_a_bus_that_hangs_blocks_no_caller(silent_bus: str) -> None:
    notifications = make_notifications(silent_bus)
    started = time.monotonic()
    for number in range(100):
        notifications.show(f"wx{number}", TEXT)
    assert time.monotonic() - started < 0.5
    notifications.stop()
    assert time.monotonic() - started < 2
    for thread in threads():  # the attempt to connect times out
        thread.join(10)
        assert not thread.is_alive()


def test_the_thread_is_started_by_the_first_notification() -> None:
    notifications = make_notifications("disabled:")
    notifications.close("wxShop")
    assert threads() == []
    notifications.stop()
