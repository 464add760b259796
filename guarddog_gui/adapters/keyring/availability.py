"""Find out from the Secret Service's own signals that the keyring can be used again.

The service is specified at https://specifications.freedesktop.org/secret-service/latest/.
"""

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_SERVICE_NAME = "org.freedesktop.secrets"
_OBJECT_PATH = "/org/freedesktop/secrets"
_SERVICE_INTERFACE = "org.freedesktop.Secret.Service"
_COLLECTION_INTERFACE = "org.freedesktop.Secret.Collection"
_PROPERTIES_INTERFACE = "org.freedesktop.DBus.Properties"
CONNECT_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 0.5
HANG_S = 2.0  # a service that answers a query only after this time was stopped or overloaded

log = logging.getLogger(__name__)


class KeyringAvailability:
    """Waits, after a keyring call has failed, until the keyring is unlocked, restarted or answers again.

    It has a thread and a bus connection from the first failure on, and sleeps until a message arrives: it neither
    polls nor opens a prompt nor starts a service. There are three signs:

    * `PropertiesChanged` with `Locked` false, or `CollectionChanged` of a collection that is no longer locked;
    * `NameOwnerChanged`: a service has started, and its default collection is not locked;
    * the late answer to a query that was sent to a hanging service: a process that continues sends no signal.
    """

    def __init__(self, on_available: Callable[[], None], address: str = "SESSION") -> None:
        """Call `on_available`, in another thread, when the keyring can be used again."""
        self._on_available = on_available
        self._address = address
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self._wake_sender, self._wake_receiver = socket.socketpair()

    def watch(self) -> None:
        """Wait for the keyring, because a call has just failed. Returns immediately."""
        if self._is_stopping:
            return
        if self._thread is None or not self._thread.is_alive():  # it ends when the bus goes
            self._thread = threading.Thread(target=self._run, name="guarddog-keyring-signals", daemon=True)
            self._thread.start()
        self._wake()

    def stop(self) -> None:
        self._is_stopping = True
        self._wake()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)
        if self._thread is None or not self._thread.is_alive():
            self._wake_sender.close()
            self._wake_receiver.close()

    def _wake(self) -> None:
        with suppress(OSError):
            self._wake_sender.send(b".")

    def _run(self) -> None:
        try:
            signals = _SecretServiceSignals(self._address, self._on_available)
        except Exception as error:  # noqa: BLE001 - jeepney raises many kinds when there is no session bus
            log.info("no session bus, so no signals of a keyring: %s", type(error).__name__)
            return
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._wake_receiver, selectors.EVENT_READ)
                selector.register(signals, selectors.EVENT_READ)
                while not self._is_stopping:
                    if any(key.fileobj is self._wake_receiver for key, _ in selector.select()):
                        self._wake_receiver.recv(4096)
                        signals.query(counts_when_quick=False)
                    signals.handle_messages()
        except OSError as error:
            log.info("the session bus is gone: %s", error)
        finally:
            signals.close()


class _SecretServiceSignals:
    """Connection to the session bus, for one thread."""

    def __init__(self, address: str, on_available: Callable[[], None]) -> None:
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._on_available = on_available
        self._queries: dict[int, tuple[str, float, bool]] = {}  # by serial: step, when sent, counts when quick
        self._connection = open_dbus_connection(address, auth_timeout=CONNECT_TIMEOUT_S)
        rules = (
            MatchRule(type="signal", sender=_SERVICE_NAME, interface=_PROPERTIES_INTERFACE),
            MatchRule(type="signal", sender=_SERVICE_NAME, interface=_SERVICE_INTERFACE, member="CollectionChanged"),
            MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged"),
        )
        rules[-1].add_arg_condition(0, _SERVICE_NAME)
        try:
            for rule in rules:
                self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=CONNECT_TIMEOUT_S)
        except BaseException:
            self._connection.close()
            raise

    def fileno(self) -> int:
        return int(self._connection.sock.fileno())

    def close(self) -> None:
        self._connection.close()

    def query(self, *, counts_when_quick: bool) -> None:
        """Ask if the default collection is locked; the answer comes as a message.

        With `counts_when_quick` False only a late answer counts: a quick one right after a failure means that the
        failure had another reason, and a retry because of it would fail and ask again, for ever.
        """
        from jeepney import DBusAddress, new_method_call

        if not counts_when_quick and self._queries:
            return  # the pending one will be answered as soon as the service can
        service = DBusAddress(_OBJECT_PATH, _SERVICE_NAME, _SERVICE_INTERFACE)
        message = new_method_call(service, "ReadAlias", "s", ("default",))
        self._send(message, "alias", time.monotonic(), counts_when_quick=counts_when_quick)

    def handle_messages(self) -> None:
        while True:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            self._handle(message)

    def _send(self, message: Any, step: str, sent_at: float, *, counts_when_quick: bool) -> None:
        from jeepney import MessageFlag

        message.header.flags |= MessageFlag.no_auto_start  # starting a service could open a prompt
        serial = next(self._connection.outgoing_serial)
        self._queries[serial] = (step, sent_at, counts_when_quick)
        self._connection.send(message, serial=serial)

    def _handle(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        fields, body = message.header.fields, message.body
        if message.header.message_type is MessageType.signal:
            match fields.get(HeaderFields.member), body:
                case "PropertiesChanged", (str(interface), {"Locked": (_, False)}, *_) if (
                    interface == _COLLECTION_INTERFACE
                ):
                    self._on_available()
                case ("CollectionChanged", _) | ("NameOwnerChanged", (_, _, str(_))) if body[-1]:
                    self.query(counts_when_quick=True)
            return
        serial = fields.get(HeaderFields.reply_serial, -1)
        step, sent_at, counts_when_quick = self._queries.pop(serial, ("", 0.0, False))
        if message.header.message_type is MessageType.error or not body:
            return
        if step == "alias" and body[0] != "/":  # without a default collection the next call would open a prompt
            from jeepney import DBusAddress, Properties

            collection = DBusAddress(str(body[0]), _SERVICE_NAME, _COLLECTION_INTERFACE)
            self._send(Properties(collection).get("Locked"), "locked", sent_at, counts_when_quick=counts_when_quick)
        elif step == "locked" and body[0] == ("b", False):
            has_hung = time.monotonic() - sent_at > HANG_S
            if counts_when_quick or has_hung:
                self._on_available()
