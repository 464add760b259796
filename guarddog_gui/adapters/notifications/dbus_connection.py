"""One connection to the D-Bus service that shows notifications; for one thread, every call has a deadline."""

import html
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guarddog_gui.domain.refresh.notifications import Urgency
from guarddog_gui.services.messages.notifications import NoticeText

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
ANSWER_S = 5.0
DEFAULT = "default"  # the action that a click on the notification itself is
AS_THE_SERVER_LIKES = -1  # how long it stays, in milliseconds

_NOBODY_THERE = ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Spawn.", "Disconnected", "TimedOut")


@dataclass(frozen=True, slots=True)
class NotShown:
    """Why not; `later` says that only the server is missing, and that another may come."""

    reason: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person clicked. `token` lets the window that opens come to the front."""

    id: int
    action: str
    token: str


@dataclass(frozen=True, slots=True)
class Closed:
    """It is no longer shown."""

    id: int


@dataclass(frozen=True, slots=True)
class ServerChanged:
    """The old server went (`lost`), or a new one came, or both."""

    lost: bool
    came: bool


Event = Chosen | Closed | ServerChanged


class NotificationBus:
    """Making it connects. What is wrong with the connection itself comes as OSError from every call."""

    def __init__(self, address: str) -> None:
        """Connect to the bus with this address; "SESSION" is the one of the environment.

        Raises OSError for a bus that does not answer, RuntimeError, KeyError or ValueError for no address.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._connection = open_dbus_connection(address)
        self._heard: deque[Any] = deque()
        self._tokens: dict[int, str] = {}
        self._capabilities: frozenset[str] | None = None
        clicks = MatchRule(type="signal", interface=SERVICE, path=PATH)
        owner = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        owner.add_arg_condition(0, SERVICE)
        try:
            for rule in (clicks, owner):
                self._connection.filter(rule, queue=self._heard)
                self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_S)
        except BaseException:
            self._connection.close()
            raise

    def fileno(self) -> int:
        """For a selector; look with `events` first, some may have been read already."""
        return int(self._connection.sock.fileno())

    def close(self) -> None:
        self._connection.close()

    def show(
        self, text: NoticeText, *, program: str, icon: str, desktop_entry: str, replaces: int = 0
    ) -> int | NotShown:
        """Show it and return its number, by which a later one can replace it."""
        capabilities = self._capabilities_of_server()
        if isinstance(capabilities, NotShown):
            return capabilities
        body = html.escape(text.body, quote=False) if "body-markup" in capabilities else text.body
        actions: list[str] = []
        if text.actions and "actions" in capabilities:
            # without a default action a click on it only makes it go
            for name, label in ((DEFAULT, text.actions[-1][1]), *text.actions):
                actions += [name, label]
        hints = {
            "urgency": ("y", int(text.urgency)),
            "desktop-entry": ("s", desktop_entry),
            "transient": ("b", text.urgency is Urgency.LOW),  # not kept in the list of the desktop
        }
        values = (program, replaces, icon, text.title, body, actions, hints, AS_THE_SERVER_LIKES)
        answer = self._call("Notify", "susssasa{sv}i", values)
        return answer if isinstance(answer, NotShown) else int(answer[0])

    def _capabilities_of_server(self) -> frozenset[str] | NotShown:
        if self._capabilities is None:
            answer = self._call("GetCapabilities")
            if isinstance(answer, NotShown):
                return answer
            self._capabilities = frozenset(answer[0])
        return self._capabilities

    def withdraw(self, number: int) -> None:
        """Take it away; does not wait for the answer."""
        self._connection.send(self._message("CloseNotification", "u", (number,)))

    def events(self) -> Iterator[Event]:
        """What has come in since the last look, without waiting; the bus may be used meanwhile."""
        looking = True
        while looking:
            try:
                self._connection.recv_messages(timeout=0)
            except TimeoutError:
                looking = False
            while self._heard:
                looking = True  # calls that are made on this event may have read more
                event = self._event(self._heard.popleft())
                if event is not None:
                    yield event

    def _event(self, message: Any) -> Event | None:
        from jeepney import HeaderFields

        fields, body = message.header.fields, message.body
        match fields.get(HeaderFields.member), fields.get(HeaderFields.signature):
            case "ActivationToken", "us":  # comes right before its ActionInvoked
                self._tokens[body[0]] = body[1]
            case "ActionInvoked", "us":
                return Chosen(body[0], body[1], self._tokens.pop(body[0], ""))
            case "NotificationClosed", "uu":
                self._tokens.pop(body[0], None)
                return Closed(body[0])
            case "NameOwnerChanged", "sss":
                lost, came = bool(body[1]), bool(body[2])
                if lost:
                    self._capabilities = None
                return ServerChanged(lost, came)
        return None

    def _call(self, member: str, signature: str | None = None, values: tuple[Any, ...] = ()) -> Any:
        """The body of the answer, or NotShown."""
        from jeepney import HeaderFields, MessageType

        message = self._message(member, signature, values)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=ANSWER_S)
        except TimeoutError:
            return NotShown(f"{member}: no answer in {ANSWER_S:g} s")
        if reply.header.message_type is not MessageType.error:
            return reply.body
        name = str(reply.header.fields.get(HeaderFields.error_name, ""))
        later = name.removeprefix("org.freedesktop.DBus.Error.").startswith(_NOBODY_THERE)
        return NotShown(f"{member}: {name}", later)

    @staticmethod
    def _message(member: str, signature: str | None, values: tuple[Any, ...]) -> Any:
        from jeepney import DBusAddress, new_method_call

        return new_method_call(DBusAddress(PATH, SERVICE, SERVICE), member, signature, values)
