"""D-Bus client, and the base class of the fake D-Bus services of a desktop."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_call, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message

BUS_DAEMON = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
PROPERTIES_INTERFACE = "org.freedesktop.DBus.Properties"
REPLY_TIMEOUT_S = 5.0
BATCH_MAX = 100  # calls that wait for a reply at once

Call = tuple[DBusAddress, str, str, tuple[Any, ...]]  # address, member, signature, body


class DBusCallError(Exception):
    """Raised when a D-Bus call is answered with an error."""


@dataclass(frozen=True, slots=True)
class BusMessage:
    """An incoming signal or method call."""

    sender: str
    path: str
    member: str
    body: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MethodReply:
    signature: str = ""
    body: tuple[Any, ...] = ()


class BusClient:
    """Blocking D-Bus client with a separate connection, for use by one thread."""

    def __init__(self, bus: str) -> None:
        self.connection = open_dbus_connection(bus)

    def call(
        self, address: DBusAddress, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        message = new_method_call(address, member, signature or None, body)
        reply = self.connection.send_and_get_reply(message, timeout=REPLY_TIMEOUT_S)
        if reply.header.message_type is MessageType.error:
            raise DBusCallError(f"{reply.header.fields.get(HeaderFields.error_name)}: {reply.body}")
        return tuple(reply.body)

    def call_all(self, calls: list[Call]) -> list[tuple[Any, ...] | None]:
        """Send many calls before the first reply is read; None stands for an error."""
        replies: list[tuple[Any, ...] | None] = []
        for start in range(0, len(calls), BATCH_MAX):
            places: dict[int, int] = {}
            batch = calls[start : start + BATCH_MAX]
            for place, (address, member, signature, body) in enumerate(batch):
                serial = next(self.connection.outgoing_serial)
                places[serial] = place
                self.connection.send(new_method_call(address, member, signature or None, body), serial=serial)
            answers: list[tuple[Any, ...] | None] = [None] * len(batch)
            while places:
                reply = self.connection.receive(timeout=REPLY_TIMEOUT_S)
                answered = places.pop(reply.header.fields.get(HeaderFields.reply_serial, -1), None)
                if answered is not None and reply.header.message_type is MessageType.method_return:
                    answers[answered] = tuple(reply.body)
            replies += answers
        return replies

    def properties(self, service: str, path: str, interface: str) -> dict[str, Any]:
        address = DBusAddress(path, service, PROPERTIES_INTERFACE)
        (values,) = self.call(address, "GetAll", "s", (interface,))
        return {name: value for name, (_, value) in values.items()}

    def has_owner(self, name: str) -> bool:
        return bool(self.call(BUS_DAEMON, "NameHasOwner", "s", (name,))[0])

    def close(self) -> None:
        self.connection.close()


class BusService:
    """D-Bus service that owns `name` and answers in a thread. Subclasses fill these before `start()`.

    methods      (interface, member) -> function that takes the call and returns its reply
    properties   (interface, property) -> function that returns (signature, value)
    error_name   of the answer to every other call
    """

    name: str
    path: str
    error_name = "org.freedesktop.DBus.Error.UnknownMethod"

    def __init__(self, bus: str) -> None:
        self.bus = bus
        self.methods: dict[tuple[str, str], Callable[[BusMessage], MethodReply]] = {}
        self.properties: dict[tuple[str, str], Callable[[], tuple[str, Any]]] = {}
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._stopping.clear()
        self._send_lock = threading.Lock()
        self._connection = open_dbus_connection(self.bus)
        for rule in self.match_rules():
            self._call_bus_daemon("AddMatch", "s", (rule,))
        (result,) = self._call_bus_daemon("RequestName", "su", (self.name, 4))  # 4: do not queue
        assert result == 1, f"{self.name} has an owner already"
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the bus, as if the process had died; `start()` reconnects."""
        if self._thread is not None:
            self._stopping.set()
            self._thread.join()
            self._connection.close()
            self._thread = None

    def match_rules(self) -> list[str]:
        """Return the match rules of the signals to pass to `on_signal`; subclasses override this."""
        return []

    def on_signal(self, signal: BusMessage) -> None:
        """Handle a signal that matches one of the rules; subclasses override this."""

    def emit(self, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()) -> None:
        self._send(new_signal(DBusAddress(self.path, interface=interface), member, signature or None, body))

    def _call_bus_daemon(self, member: str, signature: str, body: tuple[Any, ...]) -> tuple[Any, ...]:
        message = new_method_call(BUS_DAEMON, member, signature, body)
        return tuple(self._connection.send_and_get_reply(message, timeout=REPLY_TIMEOUT_S).body)

    def _send(self, message: Message) -> None:
        with self._send_lock:
            self._connection.send(message)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            except OSError:  # the bus is gone
                return
            self._handle_message(message)

    def _handle_message(self, message: Message) -> None:
        fields = message.header.fields
        sender, path = fields.get(HeaderFields.sender, ""), fields.get(HeaderFields.path, "")
        interface, member = fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")
        request = BusMessage(sender, path, member, tuple(message.body))
        if message.header.message_type is MessageType.signal:
            self.on_signal(request)
        elif message.header.message_type is MessageType.method_call:
            reply = self._reply_to(interface, member, request)
            if reply is None:
                self._send(new_error(message, self.error_name))
            else:
                self._send(new_method_return(message, reply.signature or None, reply.body))

    def _reply_to(self, interface: str, member: str, call: BusMessage) -> MethodReply | None:
        if (interface, member) == (PROPERTIES_INTERFACE, "Get") and call.body in self.properties:
            return MethodReply("v", (self.properties[call.body](),))
        if (interface, member) == (PROPERTIES_INTERFACE, "GetAll"):
            values = {name: value() for (owner, name), value in self.properties.items() if owner == call.body[0]}
            return MethodReply("a{sv}", (values,))
        method = self.methods.get((interface, member))
        return method(call) if method else None
