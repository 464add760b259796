"""A small D-Bus service that answers from a thread of its own: what the fakes of a desktop are made of."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message

BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
PROPERTIES = "org.freedesktop.DBus.Properties"
ANSWER_SECONDS = 5.0


class BusError(Exception):
    """The other side answered with an error."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal or a call that came in."""

    sender: str
    path: str
    member: str
    body: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    signature: str = ""
    body: tuple[Any, ...] = ()


class BusClient:
    """Calls methods and waits for the answer; a connection of its own, for one thread."""

    def __init__(self, bus: str) -> None:
        self.connection = open_dbus_connection(bus)

    def call(
        self, address: DBusAddress, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        message = new_method_call(address, member, signature or None, body)
        reply = self.connection.send_and_get_reply(message, timeout=ANSWER_SECONDS)
        if reply.header.message_type is MessageType.error:
            raise BusError(f"{reply.header.fields.get(HeaderFields.error_name)}: {reply.body}")
        return tuple(reply.body)

    def properties(self, service: str, path: str, interface: str) -> dict[str, Any]:
        address = DBusAddress(path, service, PROPERTIES)
        (values,) = self.call(address, "GetAll", "s", (interface,))
        return {name: value for name, (_, value) in values.items()}

    def has_owner(self, name: str) -> bool:
        return bool(self.call(BUS, "NameHasOwner", "s", (name,))[0])

    def close(self) -> None:
        self.connection.close()


class BusService:
    """Owns `name` on the bus. A subclass fills `methods` and `values` before `start()`.

    methods: (interface, member) -> function of the call, which gives the Answer
    values: (interface, property) -> (signature, value), read live
    """

    name: str
    path: str

    def __init__(self, bus: str) -> None:
        self.bus = bus
        self.methods: dict[tuple[str, str], Callable[[Heard], Answer]] = {}
        self.values: dict[tuple[str, str], Callable[[], tuple[str, Any]]] = {}
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._ending.clear()
        self._sending = threading.Lock()
        self._connection = open_dbus_connection(self.bus)
        for rule in self.rules():
            self._ask_bus("AddMatch", "s", (rule,))
        (got,) = self._ask_bus("RequestName", "su", (self.name, 4))  # 4: do not queue
        assert got == 1, f"{self.name} has an owner already"
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Goes from the bus, as when the process behind it dies; `start()` brings it back."""
        if self._thread is not None:
            self._ending.set()
            self._thread.join()
            self._connection.close()
            self._thread = None

    def rules(self) -> list[str]:
        """The match rules of the signals that are to reach `heard`."""
        return []

    def heard(self, signal: Heard) -> None:
        """A signal that one of the rules let through."""

    def emit(self, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()) -> None:
        self._send(new_signal(DBusAddress(self.path, interface=interface), member, signature or None, body))

    def _ask_bus(self, member: str, signature: str, body: tuple[Any, ...]) -> tuple[Any, ...]:
        message = new_method_call(BUS, member, signature, body)
        return tuple(self._connection.send_and_get_reply(message, timeout=ANSWER_SECONDS).body)

    def _send(self, message: Message) -> None:
        with self._sending:
            self._connection.send(message)

    def _serve(self) -> None:
        while not self._ending.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            except OSError:  # the bus has gone
                return
            self._take(message)

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        sender, path = fields.get(HeaderFields.sender, ""), fields.get(HeaderFields.path, "")
        interface, member = fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")
        what = Heard(sender, path, member, tuple(message.body))
        if message.header.message_type is MessageType.signal:
            self.heard(what)
        elif message.header.message_type is MessageType.method_call:
            answer = self._answer(interface, member, what)
            if answer is None:
                self._send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
            else:
                self._send(new_method_return(message, answer.signature or None, answer.body))

    def _answer(self, interface: str, member: str, call: Heard) -> Answer | None:
        if (interface, member) == (PROPERTIES, "Get") and call.body in self.values:
            return Answer("v", (self.values[call.body](),))
        if (interface, member) == (PROPERTIES, "GetAll"):
            mine = {name: value() for (owner, name), value in self.values.items() if owner == call.body[0]}
            return Answer("a{sv}", (mine,))
        method = self.methods.get((interface, member))
        return method(call) if method else None
