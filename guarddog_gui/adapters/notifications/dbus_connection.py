"""One connection to the D-Bus service that shows notifications; for one thread, every call has a deadline."""

import html
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guarddog_gui.domain.refresh.notifications import Urgency
from guarddog_gui.services.messages.notifications import NotificationText

SERVICE_NAME = "org.freedesktop.Notifications"
OBJECT_PATH = "/org/freedesktop/Notifications"
REPLY_TIMEOUT_S = 5.0
DEFAULT_ACTION = "default"  # the action that a click on the notification itself is
SERVER_DEFAULT_TIMEOUT_MS = -1  # how long it stays, in milliseconds

_SERVER_MISSING_ERRORS = ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Spawn.", "Disconnected", "TimedOut")


@dataclass(frozen=True, slots=True)
class NotShown:
    """Why not; `later` says that only the server is missing, and that another may come."""

    reason: str
    can_retry: bool = False


@dataclass(frozen=True, slots=True)
class ActionInvoked:
    """A person clicked. `token` lets the window that opens come to the front."""

    id: int
    action: str
    activation_token: str


@dataclass(frozen=True, slots=True)
class NotificationClosed:
    """It is no longer shown."""

    id: int


@dataclass(frozen=True, slots=True)
class ServerChanged:
    """The old server went (`lost`), or a new one came, or both."""

    is_old_server_gone: bool
    is_new_server_available: bool


NotificationEvent = ActionInvoked | NotificationClosed | ServerChanged


class DBusConnection:
    """Making it connects. What is wrong with the connection itself comes as OSError from every call."""

    def __init__(self, address: str) -> None:
        """Connect to the bus with this address; "SESSION" is the one of the environment.

        Raises OSError for a bus that does not answer, RuntimeError, KeyError or ValueError for no address.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._connection = open_dbus_connection(address)
        self._received: deque[Any] = deque()
        self._activation_tokens: dict[int, str] = {}
        self._capabilities: frozenset[str] | None = None
        clicks = MatchRule(type="signal", interface=SERVICE_NAME, path=OBJECT_PATH)
        owner = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        owner.add_arg_condition(0, SERVICE_NAME)
        try:
            for rule in (clicks, owner):
                self._connection.filter(rule, queue=self._received)
                self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=REPLY_TIMEOUT_S)
        except BaseException:
            self._connection.close()
            raise

    def fileno(self) -> int:
        """For a selector; look with `events` first, some may have been read already."""
        return int(self._connection.sock.fileno())

    def close(self) -> None:
        self._connection.close()

    def show(
        self, text: NotificationText, *, app_name: str, icon: str, desktop_entry: str, replaces_id: int = 0
    ) -> int | NotShown:
        """Show it and return its number, by which a later one can replace it."""
        capabilities = self._get_capabilities()
        if isinstance(capabilities, NotShown):
            return capabilities
        body = html.escape(text.body, quote=False) if "body-markup" in capabilities else text.body
        actions: list[str] = []
        if text.actions and "actions" in capabilities:
            # without a default action a click on it only makes it go
            for name, label in ((DEFAULT_ACTION, text.actions[-1][1]), *text.actions):
                actions += [name, label]
        hints = {
            "urgency": ("y", int(text.urgency)),
            "desktop-entry": ("s", desktop_entry),
            "transient": ("b", text.urgency is Urgency.LOW),  # not kept in the list of the desktop
        }
        values = (app_name, replaces_id, icon, text.title, body, actions, hints, SERVER_DEFAULT_TIMEOUT_MS)
        answer = self._call_method("Notify", "susssasa{sv}i", values)
        return answer if isinstance(answer, NotShown) else int(answer[0])

    def _get_capabilities(self) -> frozenset[str] | NotShown:
        if self._capabilities is None:
            answer = self._call_method("GetCapabilities")
            if isinstance(answer, NotShown):
                return answer
            self._capabilities = frozenset(answer[0])
        return self._capabilities

    def close_notification(self, notification_id: int) -> None:
        """Take it away; does not wait for the answer."""
        self._connection.send(self._make_message("CloseNotification", "u", (notification_id,)))

    def read_events(self) -> Iterator[NotificationEvent]:
        """What has come in since the last look, without waiting; the bus may be used meanwhile."""
        looking = True
        while looking:
            try:
                self._connection.recv_messages(timeout=0)
            except TimeoutError:
                looking = False
            while self._received:
                looking = True  # calls that are made on this event may have read more
                event = self._parse_event(self._received.popleft())
                if event is not None:
                    yield event

    def _parse_event(self, message: Any) -> NotificationEvent | None:
        from jeepney import HeaderFields

        fields, body = message.header.fields, message.body
        match fields.get(HeaderFields.member), fields.get(HeaderFields.signature):
            case "ActivationToken", "us":  # comes right before its ActionInvoked
                self._activation_tokens[body[0]] = body[1]
            case "ActionInvoked", "us":
                return ActionInvoked(body[0], body[1], self._activation_tokens.pop(body[0], ""))
            case "NotificationClosed", "uu":
                self._activation_tokens.pop(body[0], None)
                return NotificationClosed(body[0])
            case "NameOwnerChanged", "sss":
                lost, came = bool(body[1]), bool(body[2])
                if lost:
                    self._capabilities = None
                return ServerChanged(lost, came)
        return None

    def _call_method(self, member: str, signature: str | None = None, arguments: tuple[Any, ...] = ()) -> Any:
        """The body of the answer, or NotShown."""
        from jeepney import HeaderFields, MessageType

        message = self._make_message(member, signature, arguments)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=REPLY_TIMEOUT_S)
        except TimeoutError:
            return NotShown(f"{member}: no answer in {REPLY_TIMEOUT_S:g} s")
        if reply.header.message_type is not MessageType.error:
            return reply.body
        name = str(reply.header.fields.get(HeaderFields.error_name, ""))
        later = name.removeprefix("org.freedesktop.DBus.Error.").startswith(_SERVER_MISSING_ERRORS)
        return NotShown(f"{member}: {name}", later)

    @staticmethod
    def _make_message(member: str, signature: str | None, arguments: tuple[Any, ...]) -> Any:
        from jeepney import DBusAddress, new_method_call

        return new_method_call(
            DBusAddress(OBJECT_PATH, SERVICE_NAME, SERVICE_NAME), member, signature, arguments
        )
