"""Notifications of a Linux desktop, with buttons; a thread of its own talks to the bus, nobody else waits."""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from queue import SimpleQueue

from guarddog_gui.adapters.notifications.dbus_connection import (
    ActionInvoked,
    DBusConnection,
    NotificationClosed,
    NotificationEvent,
    NotShown,
    ServerChanged,
)
from guarddog_gui.services.messages.notifications import NotificationText

STOP_TIMEOUT_S = 1.0  # for the thread to take its notifications away; a bus that hangs is left behind

log = logging.getLogger(__name__)

DBusActionCallback = Callable[[str, str, str], None]
QueuedCall = Callable[[], None]


class DBusNotifications:
    """One notification per slot (an appid), a newer one in place of the older.

    No call waits or raises. What cannot be shown because nobody is there to show it waits for somebody;
    without a bus nothing happens.
    """

    def __init__(self, *, app_name: str, desktop_entry: str, icon: str, address: str = "SESSION") -> None:
        """`icon` is a name of the icon theme or a path; `desktop_entry` the id without `.desktop`."""
        self._app_name = app_name
        self._desktop_entry = desktop_entry
        self._icon = icon
        self._address = address
        self._on_action: DBusActionCallback = _ignore_action
        self._queue: SimpleQueue[QueuedCall] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._wake_sender, self._wake_receiver = socket.socketpair()
        # from here on the thread's alone
        self._connection: DBusConnection | None = None
        self._ids_by_key: dict[str, int] = {}  # of what is shown, by slot
        self._pending: dict[str, NotificationText] = {}  # to be shown as soon as somebody can
        self._has_logged_failure = False

    def set_action_callback(self, on_action: DBusActionCallback) -> None:
        """Call `on_action(slot, action, activation_token)` for every click, in the thread of the bus."""
        self._on_action = on_action

    def show(self, key: str, text: NotificationText) -> None:
        """Show it soon, in place of the one that this slot has."""
        self._enqueue(lambda: self._show_in_thread(key, text))

    def close(self, key: str) -> None:
        """Take the notification of this slot away."""
        if self._thread is not None:
            self._enqueue(lambda: self._close_in_thread(key))

    def stop(self) -> None:
        """Take everything away, and end; waits a second at most."""
        self._stopping.set()
        if self._thread is not None:
            self._wake()
            self._thread.join(STOP_TIMEOUT_S)
            if self._thread.is_alive():
                log.warning("the notification bus hangs; its thread is left behind")
        else:
            self._close_wake_sockets()

    def _close_wake_sockets(self) -> None:
        self._wake_sender.close()
        self._wake_receiver.close()

    def _enqueue(self, call: QueuedCall) -> None:
        if self._stopping.is_set():
            return
        self._queue.put(call)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="guarddog-notifications", daemon=True)
            self._thread.start()
        self._wake()

    def _wake(self) -> None:
        try:
            self._wake_sender.send(b".")
        except OSError:
            pass  # the thread has ended

    # -- in the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wait_for_input()
            while not self._stopping.is_set() and not self._queue.empty():
                self._run_safely(self._queue.get())
            self._run_safely(self._handle_events)
        self._run_safely(self._close_everything)
        self._close_wake_sockets()

    def _run_safely(self, call: QueuedCall) -> None:
        """A notification that fails is a line in the log and nothing else."""
        try:
            call()
        except OSError as gone:
            log.info("the notification bus is gone: %s", gone)
            self._close_connection()
        except Exception:
            log.exception("a notification failed")

    def _wait_for_input(self) -> None:
        """Until there is a command, or something came over the bus."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_receiver, selectors.EVENT_READ)
            if self._connection is not None:
                selector.register(self._connection, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select()]
        if self._wake_receiver in ready:
            self._wake_receiver.recv(4096)

    def _show_in_thread(self, key: str, text: NotificationText) -> None:
        self._pending[key] = text
        self._show_pending()

    def _show_pending(self) -> None:
        bus = self._get_connection()
        if bus is None:
            return
        for slot in list(self._pending):
            answer = self._send_notification(bus, slot)
            if not isinstance(answer, NotShown):
                self._ids_by_key[slot] = answer
            elif answer.can_retry:
                log.info("no notification server: %s", answer.reason)
                return
            else:
                log.warning("a notification was not shown: %s", answer.reason)
            del self._pending[slot]

    def _send_notification(self, connection: DBusConnection, key: str) -> int | NotShown:
        try:
            return connection.show(
                self._pending[key],
                app_name=self._app_name,
                icon=self._icon,
                desktop_entry=self._desktop_entry,
                replaces_id=self._ids_by_key.get(key, 0),
            )
        except OSError:
            raise  # the connection is gone, this one waits for the next
        except Exception as surprise:  # noqa: BLE001 - a text that cannot be sent must not hold up the others
            return NotShown(type(surprise).__name__)

    def _close_in_thread(self, key: str) -> None:
        self._pending.pop(key, None)
        number = self._ids_by_key.pop(key, None)
        if number is not None and self._connection is not None:
            self._connection.close_notification(number)

    def _close_everything(self) -> None:
        for slot in list(self._ids_by_key):
            self._close_in_thread(slot)
        self._close_connection()

    def _handle_events(self) -> None:
        if self._connection is None:
            return
        for event in self._connection.read_events():
            self._handle_event(event)

    def _handle_event(self, event: NotificationEvent) -> None:
        match event:
            case ActionInvoked(number, action, token):
                slot = self._key_for_id(number)
                if slot is not None:
                    self._on_action(slot, action, token)
            case NotificationClosed(number):
                slot = self._key_for_id(number)
                if slot is not None:
                    del self._ids_by_key[slot]
            case ServerChanged(lost, came):
                if lost:
                    self._ids_by_key.clear()  # the next server gives these numbers to others
                if came:
                    self._show_pending()

    def _key_for_id(self, notification_id: int) -> str | None:
        """Every program hears of every notification; None for those of others."""
        return next((slot for slot, mine in self._ids_by_key.items() if mine == notification_id), None)

    def _get_connection(self) -> DBusConnection | None:
        if self._connection is None:
            try:
                self._connection = DBusConnection(self._address)
            except Exception as reason:  # noqa: BLE001 - no bus, no notifications, whatever jeepney says about it
                if not self._has_logged_failure:
                    self._has_logged_failure = True
                    log.info("no session bus, so no notifications: %r", reason)
                return None
            self._has_logged_failure = False
        return self._connection

    def _close_connection(self) -> None:
        bus, self._connection = self._connection, None
        self._ids_by_key.clear()
        if bus is not None:
            bus.close()


def _ignore_action(_key: str, _action: str, _token: str) -> None:
    """Until somebody does."""
