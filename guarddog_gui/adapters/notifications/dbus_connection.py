"""Client of the D-Bus service org.freedesktop.Notifications, for one thread and with a timeout per call.

The service is specified at https://specifications.freedesktop.org/notification-spec/latest/.
"""

import html
from collections import deque
from collections.abc import Iterator
from typing import Any

from guarddog_gui.domain.refresh.notifications import Urgency
from guarddog_gui.services.messages.notifications import NotificationText

SERVICE_NAME = "org.freedesktop.Notifications"
OBJECT_PATH = "/org/freedesktop/Notifications"
REPLY_TIMEOUT_S = 5.0
DEFAULT_ACTION = "default"  # a click on the notification itself
SERVER_DEFAULT_TIMEOUT_MS = -1  # the server decides how long it shows a notification

# Errors that mean that the server is missing, not that it rejects this notification. "NoReply" and
# "Disconnected" come if it ends during the call, "Spawn.…" if the bus cannot start it.
_SERVER_MISSING_ERRORS = ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Spawn.", "Disconnected", "TimedOut")


class NotShownError(Exception):
    """The server did not show it; `can_retry` is True if only the server is missing and one may start later."""

    def __init__(self, reason: str, *, can_retry: bool = False) -> None:
        super().__init__(reason)
        self.can_retry = can_retry


Signal = tuple[str, str, tuple[Any, ...]]  # member, signature and arguments


class DBusConnection:
    """Connection to the session bus, made by the constructor; every method raises OSError if it is lost."""

    def __init__(self, address: str, *, app_name: str, icon: str, desktop_entry: str) -> None:
        """Connect to the bus and subscribe to the server's signals.

        `address` is a D-Bus address, or "SESSION" for the one in the environment. Raises OSError if the bus
        does not answer, and RuntimeError, KeyError or ValueError if there is no usable address.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._app_name, self._icon, self._desktop_entry = app_name, icon, desktop_entry
        self._connection = open_dbus_connection(address)
        self._received: deque[Any] = deque()
        self._capabilities: frozenset[str] | None = None
        own_signals = MatchRule(type="signal", interface=SERVICE_NAME, path=OBJECT_PATH)
        owner_changes = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        owner_changes.add_arg_condition(0, SERVICE_NAME)
        try:
            for rule in (own_signals, owner_changes):
                self._connection.filter(rule, queue=self._received)
                self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=REPLY_TIMEOUT_S)
        except BaseException:
            self._connection.close()
            raise

    def fileno(self) -> int:
        """Return the descriptor for a selector.

        Call `read_signals` before waiting: signals that arrived during a method call are already read from the
        socket, so a selector does not report them.
        """
        return int(self._connection.sock.fileno())

    def close(self) -> None:
        self._connection.close()

    def show(self, text: NotificationText, replaces_id: int) -> int:
        """Show a notification, in place of `replaces_id` unless 0, and return its id. Raises NotShownError."""
        if self._capabilities is None:
            self._capabilities = frozenset(self._call_method("GetCapabilities")[0])
        body = html.escape(text.body, quote=False) if "body-markup" in self._capabilities else text.body
        actions: list[str] = []
        if text.actions and "actions" in self._capabilities:
            # without a default action, a click on the notification only closes it
            for name, label in ((DEFAULT_ACTION, text.actions[-1][1]), *text.actions):
                actions += [name, label]
        hints = {
            "urgency": ("y", int(text.urgency)),
            "desktop-entry": ("s", self._desktop_entry),
            "transient": ("b", text.urgency is Urgency.LOW),  # not kept in the desktop's notification list
        }
        content = (text.title, body, actions, hints, SERVER_DEFAULT_TIMEOUT_MS)
        reply = self._call_method("Notify", "susssasa{sv}i", (self._app_name, replaces_id, self._icon, *content))
        return int(reply[0])

    def close_notification(self, notification_id: int) -> None:
        """Close a notification without waiting for the reply."""
        self._connection.send(_make_message("CloseNotification", "u", (notification_id,)))

    def read_signals(self) -> Iterator[Signal]:
        """Yield the signals that have arrived, without waiting; methods may be called between two of them."""
        from jeepney import HeaderFields

        may_have_more = True
        while may_have_more:
            try:
                self._connection.recv_messages(timeout=0)
            except TimeoutError:
                may_have_more = False
            while self._received:
                # a method that the caller calls for this signal reads further ones from the socket
                may_have_more = True
                message = self._received.popleft()
                fields = message.header.fields
                if fields.get(HeaderFields.member) == "NameOwnerChanged":
                    self._capabilities = None
                yield fields.get(HeaderFields.member), fields.get(HeaderFields.signature), message.body

    def _call_method(self, member: str, signature: str | None = None, arguments: tuple[Any, ...] = ()) -> Any:
        """Return the body of the server's reply. Raises NotShownError: jeepney returns error replies as messages."""
        from jeepney import HeaderFields, MessageType

        message = _make_message(member, signature, arguments)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=REPLY_TIMEOUT_S)
        except TimeoutError:
            raise NotShownError(f"{member}: no answer in {REPLY_TIMEOUT_S:g} s") from None
        if reply.header.message_type is not MessageType.error:
            return reply.body
        name = str(reply.header.fields.get(HeaderFields.error_name, ""))
        can_retry = name.removeprefix("org.freedesktop.DBus.Error.").startswith(_SERVER_MISSING_ERRORS)
        raise NotShownError(f"{member}: {name}", can_retry=can_retry)


def _make_message(member: str, signature: str | None, arguments: tuple[Any, ...]) -> Any:
    from jeepney import DBusAddress, new_method_call

    return new_method_call(DBusAddress(OBJECT_PATH, SERVICE_NAME, SERVICE_NAME), member, signature, arguments)
