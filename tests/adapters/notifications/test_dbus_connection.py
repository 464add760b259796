"""DBusConnection on a private bus, with a fake notification server and without one."""

import select
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.notifications.dbus_connection import DBusConnection, NotShownError, Signal
from guarddog_gui.domain.refresh.notifications import NotificationAction, Urgency
from guarddog_gui.services.messages.notifications import NotificationText
from tests.desktop.notification_server import INTERFACE, NotificationServer
from tests.desktop.processes import wait_until
from tests.desktop.session_bus import private_bus

pytestmark = pytest.mark.only_on("linux")

ACTIONS = ((NotificationAction.COPY_IP, "Copy IP"), (NotificationAction.OPEN, "Open"))
TEXT = NotificationText("Shop · needs you", "203.0.113.7 <b>is</b> not listed", ACTIONS, Urgency.LOW)


@pytest.fixture
def bus() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gd-") as folder, private_bus(Path(folder)) as address:
        yield address


@pytest.fixture
def connection(bus: str) -> Iterator[DBusConnection]:
    connection = DBusConnection(bus, app_name="Guard Dog", icon="guarddog", desktop_entry="org.example.GuardDog")
    yield connection
    connection.close()


def read_until(connection: DBusConnection, is_wanted: Callable[[Signal], bool]) -> Signal:
    """Read signals as the notification thread does, and return the first that is wanted."""
    found: list[Signal] = []

    def look() -> bool:
        select.select([connection], [], [], 0.05)
        found.extend(filter(is_wanted, connection.read_signals()))
        return bool(found)

    wait_until(look, "a signal")
    return found[0]


def test_a_notification_is_shown_and_the_next_one_replaces_it(bus: str, connection: DBusConnection) -> None:
    with NotificationServer(bus) as server:
        first = connection.show(TEXT, 0)
        assert connection.show(TEXT, first) == first
        assert [shown.replaces_id for shown in server.shown] == [0, first]
        assert server.shown[0].text == "203.0.113.7 &lt;b&gt;is&lt;/b&gt; not listed"
        assert server.shown[0].actions == {"default": "Open", "copy-ip": "Copy IP", "open": "Open"}
        assert server.shown[0].hints["transient"] is True  # of low urgency


def test_a_server_without_markup_and_actions_gets_plain_text(bus: str, connection: DBusConnection) -> None:
    with NotificationServer(bus, capabilities=("body",)) as server:
        connection.show(TEXT, 0)
        assert (server.shown[0].text, server.shown[0].actions) == (TEXT.body, {})


def test_the_capabilities_of_the_next_server_are_read_again(bus: str, connection: DBusConnection) -> None:
    with NotificationServer(bus, capabilities=("body",)):
        connection.show(TEXT, 0)
    with NotificationServer(bus) as next_server:
        read_until(connection, lambda signal: signal[0] == "NameOwnerChanged" and bool(signal[2][2]))
        connection.show(TEXT, 0)
        assert next_server.shown[0].actions != {}


def test_without_a_server_a_notification_can_be_shown_later(connection: DBusConnection) -> None:
    with pytest.raises(NotShownError, match="ServiceUnknown") as caught:
        connection.show(TEXT, 0)
    assert caught.value.can_retry


def test_a_notification_that_the_server_rejects_is_not_tried_again(bus: str, connection: DBusConnection) -> None:
    with NotificationServer(bus) as server:
        del server.methods[INTERFACE, "Notify"]
        with pytest.raises(NotShownError) as caught:
            connection.show(TEXT, 0)
    assert not caught.value.can_retry


def test_clicks_and_closed_notifications_arrive_as_signals(bus: str, connection: DBusConnection) -> None:
    with NotificationServer(bus) as server:
        shown_id = connection.show(TEXT, 0)
        server.invoke_action(server.shown[0], "copy-ip")
        clicked = read_until(connection, lambda signal: signal[0] == "ActionInvoked")
        assert clicked == ("ActionInvoked", "us", (shown_id, "copy-ip"))

        connection.close_notification(shown_id)
        closed = read_until(connection, lambda signal: signal[2] == (shown_id, 3))
        assert closed == ("NotificationClosed", "uu", (shown_id, 3))
        assert server.closed_ids == [shown_id]


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", ""])
def test_an_address_without_a_bus_raises_an_error(address: str) -> None:
    with pytest.raises((OSError, RuntimeError, KeyError, ValueError)):
        DBusConnection(address, app_name="Guard Dog", icon="guarddog", desktop_entry="org.example.GuardDog")
