"""Clipboard of a Wayland session for a program without the keyboard focus, by the data-control protocol.

The usual Wayland clipboard (`wl_data_device`) accepts a value only from the program whose window has the focus, and
drops all others without an answer. A click on a tray icon gives no window the focus, so Qt's QClipboard copies
nothing there, although its `ownsClipboard` says so. Clipboard managers have a protocol without that rule:

- https://wayland.app/protocols/ext-data-control-v1 (the standard), and
- https://wayland.app/protocols/wlr-data-control-unstable-v1 (older; the same requests under other names).

KWin, Sway, Hyprland, COSMIC and other compositors have one of them; GNOME's Mutter has neither.

Why no library and no `wl-copy`: seven requests are needed; pywayland would bring a C extension and libwayland, and
`wl-copy` is not installed everywhere, cannot add the hint for clipboard histories in version 2.1 and leaves a process
behind that keeps the value after we have ended.
"""

import logging
import os
import secrets
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.wayland.connection import (
    DISPLAY_ID,
    EventArguments,
    WaylandConnection,
    WaylandError,
    encode_string,
    encode_uint,
)
from guarddog_gui.adapters.wayland.registry import SEAT, raise_error, read_registry

ANSWER_TIMEOUT_S = 1.0  # compositors answer within milliseconds
PASTE_TIMEOUT_S = 5.0  # for a program that pastes and does not read

_VERSION = 1  # of both managers and of wl_seat: nothing of the later ones is needed

# requests and events by object, as the protocols number them
_DISPLAY_SYNC, _DISPLAY_ERROR = 0, 0
_REGISTRY_BIND = 0
_MANAGER_CREATE_SOURCE, _MANAGER_GET_DEVICE = 0, 1
_SOURCE_OFFER, _SOURCE_DESTROY, _SOURCE_SEND, _SOURCE_CANCELLED = 0, 1, 0, 1
_DEVICE_SET_SELECTION, _DEVICE_DATA_OFFER, _DEVICE_SELECTION, _DEVICE_FINISHED = 0, 0, 1, 2
_OFFER_DESTROY, _OFFER_MIME_TYPE = 1, 0

log = logging.getLogger(__name__)


class DataControlClipboard:
    """Copies values without a window. Each value has a thread and a connection, which end with it."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path
        self._owner: _SelectionOwner | None = None

    def copy(self, formats: Mapping[str, bytes], on_result: Callable[[bool], None]) -> None:
        """Offer one value in these formats (by MIME type) and return immediately.

        `on_result` is called in another thread: with True once the compositor has announced the value as the
        content of the clipboard, else with False.
        """
        self.withdraw()
        self._owner = _SelectionOwner(self._socket_path, formats, on_result)
        self._owner.start()

    def withdraw(self, wait_s: float = 0.0) -> None:
        """Remove the value from the clipboard, unless another program has copied something since.

        Wait for it for up to `wait_s` seconds. The compositor decides whose value it is, so that there is no moment
        in which the value of another program could be removed.
        """
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.withdraw(wait_s)


class _SelectionOwner:
    """One value on the clipboard, and the thread that hands it to programs that paste."""

    def __init__(self, socket_path: Path, formats: Mapping[str, bytes], on_result: Callable[[bool], None]) -> None:
        self._socket_path = socket_path
        # a name of ours among the formats: by it we recognise our own value in the compositor's announcement
        self._marker = f"application/x-guarddog-{secrets.token_hex(8)}"
        self._formats = {**formats, self._marker: b""}
        self._on_result = on_result
        self._stop_sender, self._stop_receiver = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="guarddog-clipboard", daemon=True)
        self._source_id = self._device_id = 0
        self._is_lost = False
        self._offers: dict[int, set[str]] = {}  # MIME types of the values that the compositor announces

    def start(self) -> None:
        self._thread.start()

    def withdraw(self, wait_s: float) -> None:
        with suppress(OSError):  # the thread has ended
            self._stop_sender.send(b".")
        if wait_s:
            self._thread.join(wait_s)

    def _run(self) -> None:
        connection: WaylandConnection | None = None
        is_copied = False
        try:
            connection = WaylandConnection(self._socket_path, ANSWER_TIMEOUT_S)
            self._offer_selection(connection)
            is_copied = self._wait_until_announced(connection)
            self._on_result(is_copied)
            if is_copied:
                self._serve(connection)
                self._destroy_source(connection)
        except OSError as error:
            log.info("nothing is copied by data-control: %s", error)
            if not is_copied:
                self._on_result(False)
        finally:
            if connection is not None:
                connection.close()  # the compositor drops the selection of a client that is gone
            self._stop_sender.close()
            self._stop_receiver.close()

    def _offer_selection(self, connection: WaylandConnection) -> None:
        registry = read_registry(connection, ANSWER_TIMEOUT_S)
        manager = registry.data_control_manager
        if manager is None:
            raise WaylandError("this compositor has no data-control protocol")
        manager_id, seat_id = (
            self._bind(connection, registry.id, registry.numbers[name], name) for name in (manager, SEAT)
        )
        self._source_id, self._device_id = connection.new_id(), connection.new_id()
        connection.send(manager_id, _MANAGER_CREATE_SOURCE, encode_uint(self._source_id))
        for mime_type in self._formats:
            connection.send(self._source_id, _SOURCE_OFFER, encode_string(mime_type))
        connection.send(manager_id, _MANAGER_GET_DEVICE, encode_uint(self._device_id), encode_uint(seat_id))
        connection.send(self._device_id, _DEVICE_SET_SELECTION, encode_uint(self._source_id))

    def _bind(self, connection: WaylandConnection, registry_id: int, number: int, interface: str) -> int:
        new_id = connection.new_id()
        connection.send(
            registry_id,
            _REGISTRY_BIND,
            encode_uint(number),
            encode_string(interface) + encode_uint(_VERSION) + encode_uint(new_id),
        )
        return new_id

    def _wait_until_announced(self, connection: WaylandConnection) -> bool:
        """Return True once the compositor announces our value, False if another program was faster.

        Compositors announce each new selection to every data-control client, also to the one that made it. The
        absence of an error is no proof: a request that is not obeyed is not answered.
        """
        for object_id, opcode, arguments in connection.read_events_until(time.monotonic() + ANSWER_TIMEOUT_S):
            if (object_id, opcode) == (self._device_id, _DEVICE_SELECTION):
                if self._marker in self._offers.get(arguments.read_uint(), ()):
                    return True
                continue
            self._handle_event(connection, object_id, opcode, arguments)
            if self._is_lost:
                break
        return False

    def _serve(self, connection: WaylandConnection) -> None:
        """Hand out the value until another program copies something or `withdraw` is called."""
        for offer_id in self._offers:
            connection.send(offer_id, _OFFER_DESTROY)
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._stop_receiver, selectors.EVENT_READ)
            while not self._is_lost:
                if any(key.fileobj is self._stop_receiver for key, _ in selector.select()):
                    return
                for object_id, opcode, arguments in connection.read_events():
                    self._handle_event(connection, object_id, opcode, arguments)

    def _destroy_source(self, connection: WaylandConnection) -> None:
        """Give the value up, and wait until the compositor has done it: `withdraw` may be followed by the exit."""
        connection.send(self._source_id, _SOURCE_DESTROY)
        callback_id = connection.new_id()
        connection.send(DISPLAY_ID, _DISPLAY_SYNC, encode_uint(callback_id))
        for object_id, _, _ in connection.read_events_until(time.monotonic() + ANSWER_TIMEOUT_S):
            if object_id == callback_id:
                return

    def _handle_event(
        self, connection: WaylandConnection, object_id: int, opcode: int, arguments: EventArguments
    ) -> None:
        event = (object_id, opcode)
        if event == (DISPLAY_ID, _DISPLAY_ERROR):
            raise_error(arguments)
        if event == (self._source_id, _SOURCE_SEND):
            self._write_value(arguments.read_string(), connection.take_fd())
        elif event in {(self._source_id, _SOURCE_CANCELLED), (self._device_id, _DEVICE_FINISHED)}:
            self._is_lost = True
        elif event == (self._device_id, _DEVICE_DATA_OFFER):
            self._offers[arguments.read_uint()] = set()
        elif object_id in self._offers and opcode == _OFFER_MIME_TYPE:
            self._offers[object_id].add(arguments.read_string())

    def _write_value(self, mime_type: str, fd: int) -> None:
        """Write the value to the pipe of a program that pastes, which may be slow or gone."""
        data = memoryview(self._formats.get(mime_type, b""))
        deadline = time.monotonic() + PASTE_TIMEOUT_S
        try:
            if sys.platform != "win32":  # where there is no Wayland
                os.set_blocking(fd, False)
            with selectors.DefaultSelector() as selector:
                selector.register(fd, selectors.EVENT_WRITE)
                while data and (left := deadline - time.monotonic()) > 0:
                    if selector.select(left):
                        data = data[os.write(fd, data) :]
        except OSError as error:
            log.info("a program did not read what it pastes: %s", error.strerror)
        finally:
            os.close(fd)
