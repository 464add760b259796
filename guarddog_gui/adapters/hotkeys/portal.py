"""Global hotkey of the desktop: the portal org.freedesktop.portal.GlobalShortcuts, in a thread.

Documented at https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html.
"""

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from guarddog_gui.domain.hotkeys import Hotkey, HotkeyState, HotkeyStatus

SERVICE = "org.freedesktop.portal.Desktop"
OBJECT_PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REGISTRY = "org.freedesktop.host.portal.Registry"
SHORTCUT_ID = "open"
REPLY_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 1.0
_SUCCESS, _CANCELLED = 0, 1  # of the signal Response
_HANDLE = "guarddog"  # beginning of the last part of object paths

log = logging.getLogger(__name__)


class PortalError(Exception):
    """Raised for a call that the portal refuses, with the state that follows."""

    def __init__(self, status: HotkeyStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class PortalHotkey:
    """One session with one shortcut.

    The callbacks run in the thread of the bus: `on_pressed` gets the token with which a window may come to the front
    (Wayland), or an empty text where the portal gives none.
    """

    def __init__(
        self,
        app_id: str,
        on_pressed: Callable[[str], None],
        on_state: Callable[[HotkeyState], None],
        address: str = "SESSION",
    ) -> None:
        self._app_id = app_id
        self._on_pressed = on_pressed
        self._on_state = on_state
        self._address = address
        self._stopping = threading.Event()
        self._wake_sender, self._wake_receiver = socket.socketpair()
        self._thread: threading.Thread | None = None
        self._connection: Any = None
        self._received: deque[Any] = deque()

    def start(self, hotkey: Hotkey, description: str) -> None:
        """Ask the desktop for these keys; it may ask the user or give others. `description` is what they do."""
        run = threading.Thread(target=self._run, args=(hotkey, description), name="guarddog-hotkey", daemon=True)
        self._thread = run
        run.start()

    def stop(self) -> None:
        """End the session; wait for it at most STOP_TIMEOUT_S."""
        self._stopping.set()
        with suppress(OSError):
            self._wake_sender.send(b".")
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)

    # -- in the thread ----------------------------------------------------------------------------

    def _run(self, hotkey: Hotkey, description: str) -> None:
        try:
            self._connect()
            self._on_state(HotkeyState(HotkeyStatus.ASKING, hotkey.text))
            session = self._create_session()
            keys = self._bind(session, hotkey, description)
            self._on_state(HotkeyState(HotkeyStatus.ACTIVE, keys or hotkey.text))
            self._listen(session)
        except PortalError as error:
            log.info("no global hotkey: %s", error)
            self._report(HotkeyState(error.status, hotkey.text))
        except Exception as error:  # noqa: BLE001 - jeepney raises many kinds when there is no usable bus
            log.info("no global hotkey: %r", error)
            self._report(HotkeyState(HotkeyStatus.UNAVAILABLE, hotkey.text))
        finally:
            if self._connection is not None:
                self._connection.close()
            self._wake_sender.close()
            self._wake_receiver.close()

    def _report(self, state: HotkeyState) -> None:
        if not self._stopping.is_set():
            self._on_state(state)

    def _connect(self) -> None:
        """Connect, subscribe to the signals before anything can send one, and name this application.

        Since xdg-desktop-portal 1.21 a program outside of a sandbox gets no session without the latter (its pull
        request 1817), and it has to be the first call of the connection.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._connection = open_dbus_connection(self._address)
        try:
            self._call(REGISTRY, "Register", "sa{sv}", (self._app_id, {}))
        except PortalError as error:  # an older portal finds out by itself
            log.info("the portal does not register applications: %s", error)
        for interface, member in (
            ("org.freedesktop.portal.Request", "Response"),
            ("org.freedesktop.portal.Session", "Closed"),
            (SHORTCUTS, "Activated"),
        ):
            rule = MatchRule(type="signal", interface=interface, member=member)
            self._connection.filter(rule, queue=self._received)
            self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=REPLY_TIMEOUT_S)

    def _create_session(self) -> str:
        options = {"handle_token": ("s", f"{_HANDLE}1"), "session_handle_token": ("s", _HANDLE)}
        results = self._request("CreateSession", "a{sv}", (options,))
        return str(results["session_handle"][1])

    def _bind(self, session: str, hotkey: Hotkey, description: str) -> str:
        """Bind the keys and return how the desktop names those that it has given.

        GNOME may return an empty list although the keys work.
        """
        fields = {"description": ("s", description), "preferred_trigger": ("s", hotkey.portal_trigger)}
        options = {"handle_token": ("s", f"{_HANDLE}2")}
        body = (session, [(SHORTCUT_ID, fields)], "", options)
        results = self._request("BindShortcuts", "oa(sa{sv})sa{sv}", body)
        _, shortcuts = results.get("shortcuts", ("", []))
        given: dict[str, Any] = next((properties for name, properties in shortcuts if name == SHORTCUT_ID), {})
        return str(given.get("trigger_description", ("s", ""))[1])

    def _request(self, member: str, signature: str, body: tuple[Any, ...]) -> dict[str, Any]:
        """Call a method whose result comes in a signal, for which the user may have to be asked."""
        (handle,) = self._call(SHORTCUTS, member, signature, body)
        while (message := self._next_signal()) is not None:
            if _path_of(message) == handle:
                code, results = message.body
                if code != _SUCCESS:
                    reason = "cancelled" if code == _CANCELLED else f"response {code}"
                    raise PortalError(HotkeyStatus.REFUSED, f"{member}: {reason}")
                return dict(results)
        raise PortalError(HotkeyStatus.OFF, "stopped")

    def _listen(self, session: str) -> None:
        own = [session, SHORTCUT_ID]
        while (message := self._next_signal()) is not None:
            match _member_of(message), message.body:
                case "Activated", (of_session, shortcut, _, options) if [of_session, shortcut] == own:
                    self._on_pressed(str(options.get("activation_token", ("s", ""))[1]))
                case "Closed", _ if _path_of(message) == session:
                    raise PortalError(HotkeyStatus.REFUSED, "the desktop ended the session")

    def _next_signal(self) -> Any:
        """Wait for a signal and return it; None when the thread has to end. Raise OSError without a bus."""
        self._read_waiting()
        while not self._received:
            with selectors.DefaultSelector() as selector:
                selector.register(self._wake_receiver, selectors.EVENT_READ)
                selector.register(self._connection.sock, selectors.EVENT_READ)
                selector.select()
            if self._stopping.is_set():
                return None
            self._read_waiting()
        return self._received.popleft()

    def _read_waiting(self) -> None:
        """Read all that has arrived: what jeepney has already read from the socket wakes no selector."""
        with suppress(TimeoutError):
            while True:
                self._connection.recv_messages(timeout=0)

    def _call(self, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> tuple[Any, ...]:
        from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call

        message = new_method_call(DBusAddress(OBJECT_PATH, SERVICE, interface), member, signature, body)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=REPLY_TIMEOUT_S)
        except TimeoutError:
            raise PortalError(HotkeyStatus.UNAVAILABLE, f"{member}: no answer") from None
        if reply.header.message_type is MessageType.error:
            name = str(reply.header.fields.get(HeaderFields.error_name, ""))
            is_unknown_app = name.endswith("portal.Error.NotAllowed")
            status = HotkeyStatus.NOT_INSTALLED if is_unknown_app else HotkeyStatus.UNAVAILABLE
            raise PortalError(status, f"{member}: {name}")
        return tuple(reply.body)


def _path_of(message: Any) -> str:
    from jeepney import HeaderFields

    return str(message.header.fields.get(HeaderFields.path))


def _member_of(message: Any) -> str:
    from jeepney import HeaderFields

    return str(message.header.fields.get(HeaderFields.member))
