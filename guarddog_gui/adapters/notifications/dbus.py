"""Notifications with buttons on a Linux desktop, sent from a thread of their own.

Raw D-Bus is used instead of Qt, because QSystemTrayIcon.showMessage offers neither buttons nor replacement.
The thread keeps a bus or a notification server that hangs from blocking the window.
"""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue

from guarddog_gui.adapters.notifications.dbus_connection import DBusConnection, NotShownError
from guarddog_gui.services.messages.notifications import NotificationText

STOP_TIMEOUT_S = 1.0  # for the thread to close its notifications; it is abandoned if the bus hangs

log = logging.getLogger(__name__)

DBusActionCallback = Callable[[str, str, str], None]
QueuedCall = Callable[[], None]


class DBusNotifications:
    """Shows one notification per key (an appid); a newer one replaces the older one.

    The public methods neither block nor raise, except that `stop` waits for up to STOP_TIMEOUT_S. While no notification
    server runs, notifications stay pending until one starts; without a session bus, nothing happens.
    """

    def __init__(self, *, app_name: str, desktop_entry: str, icon: str, address: str = "SESSION") -> None:
        """Take an icon as a name in the icon theme or a path, and as `desktop_entry` the application's id."""
        self._connect = partial(DBusConnection, address, app_name=app_name, icon=icon, desktop_entry=desktop_entry)
        self._on_action: DBusActionCallback | None = None
        self._queue: SimpleQueue[QueuedCall] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._wake_sender, self._wake_receiver = socket.socketpair()
        # the attributes below are used by the thread only
        self._connection: DBusConnection | None = None
        self._ids_by_key: dict[str, int] = {}  # of the notifications that are shown
        self._pending: dict[str, NotificationText] = {}  # not shown yet
        self._activation_tokens: dict[int, str] = {}  # let the window that opens come to the front (Wayland)
        self._has_logged_failure = False

    def set_action_callback(self, on_action: DBusActionCallback) -> None:
        """Call `on_action(key, action, activation_token)` for every click, in the thread of the bus."""
        self._on_action = on_action

    def show(self, key: str, text: NotificationText) -> None:
        self._enqueue(lambda: self._show_in_thread(key, text))

    def close(self, key: str) -> None:
        if self._thread is not None:
            self._enqueue(lambda: self._close_in_thread(key))

    def stop(self) -> None:
        """Close all notifications and end the thread; wait for it at most STOP_TIMEOUT_S."""
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
        with suppress(OSError):  # the thread has ended
            self._wake_sender.send(b".")

    # -- in the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wait_for_input()
            while not self._stopping.is_set() and not self._queue.empty():
                self._run_safely(self._queue.get())
            self._run_safely(self._handle_signals)
        self._run_safely(self._close_everything)
        self._close_wake_sockets()

    def _run_safely(self, call: QueuedCall) -> None:
        """Log exceptions instead of raising them; drop the connection after an OSError."""
        try:
            call()
        except OSError as error:
            log.info("the notification bus is gone: %s", error)
            self._close_connection()
        except Exception:
            log.exception("a notification failed")

    def _wait_for_input(self) -> None:
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
        connection = self._get_connection()
        if connection is None:
            return
        for key, text in list(self._pending.items()):
            try:
                self._ids_by_key[key] = connection.show(text, self._ids_by_key.get(key, 0))
            except OSError:
                raise  # the connection is lost: this notification stays pending for the next one
            except NotShownError as error:
                if error.can_retry:
                    log.info("no notification server: %s", error)
                    return
                log.warning("a notification was not shown: %s", error)
            except Exception as error:  # noqa: BLE001 - a text that jeepney cannot encode must not block the others
                log.warning("a notification was not shown: %s", type(error).__name__)
            del self._pending[key]

    def _close_in_thread(self, key: str) -> None:
        self._pending.pop(key, None)
        notification_id = self._ids_by_key.pop(key, None)
        if notification_id is not None and self._connection is not None:
            self._connection.close_notification(notification_id)

    def _close_everything(self) -> None:
        for key in list(self._ids_by_key):
            self._close_in_thread(key)
        self._close_connection()

    def _handle_signals(self) -> None:
        for signal in () if self._connection is None else self._connection.read_signals():
            match signal:
                case "ActivationToken", "us", (notification_id, token):  # sent right before its ActionInvoked
                    self._activation_tokens[notification_id] = token
                case "ActionInvoked", "us", (notification_id, action):
                    token = self._activation_tokens.pop(notification_id, "")
                    key = self._key_for_id(notification_id)
                    if key is not None and self._on_action is not None:
                        self._on_action(key, action, token)
                case "NotificationClosed", "uu", (notification_id, _):
                    self._activation_tokens.pop(notification_id, None)
                    key = self._key_for_id(notification_id)
                    if key is not None:
                        del self._ids_by_key[key]
                case "NameOwnerChanged", "sss", (_, old_server, new_server):
                    if old_server:
                        self._ids_by_key.clear()  # the next server assigns the same ids to other programs
                    if new_server:
                        self._show_pending()

    def _key_for_id(self, notification_id: int) -> str | None:
        """Return None for a notification of another program: the server's signals go to all programs."""
        return next((key for key, own_id in self._ids_by_key.items() if own_id == notification_id), None)

    def _get_connection(self) -> DBusConnection | None:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except Exception as error:  # noqa: BLE001 - jeepney raises many kinds when there is no session bus
                if not self._has_logged_failure:
                    self._has_logged_failure = True
                    log.info("no session bus, so no notifications: %r", error)
                return None
            self._has_logged_failure = False
        return self._connection

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        self._ids_by_key.clear()
        self._activation_tokens.clear()
        if connection is not None:
            connection.close()
