"""Client side of the Wayland wire protocol: requests, events and file descriptors over the compositor's socket.

The format is described at https://wayland.freedesktop.org/docs/html/ch04.html: each message starts with the id of
its object, its opcode and its length; numbers are 32 bits in the byte order of the machine.
"""

import array
import os
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

DISPLAY_ID = 1  # the only object that exists from the beginning
_FIRST_OWN_ID = 2
_BYTE_ORDER = sys.byteorder
_HEADER = struct.Struct("=IHH")  # object id, opcode, length in bytes including the header
_FDS_MAX = 28  # more are never sent with one message
_READ_BYTES = 4096


class WaylandError(OSError):
    """The compositor has closed the connection or reported an error."""


def find_socket_path(environ: Mapping[str, str]) -> Path | None:
    """Return the path of the compositor's socket, or None outside of a Wayland session."""
    display, runtime_dir = environ.get("WAYLAND_DISPLAY", ""), environ.get("XDG_RUNTIME_DIR", "")
    if not display or not (display.startswith("/") or runtime_dir):
        return None
    return Path(runtime_dir, display)  # an absolute name replaces the folder


class EventArguments:
    """Reader of the arguments of an event, in their order. Raise WaylandError for a message that is too short."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._offset = 0

    def read_uint(self) -> int:
        return int.from_bytes(self._take(4), _BYTE_ORDER)

    def read_string(self) -> str:
        length = self.read_uint()
        text = self._take(length)[:-1]  # with a NUL at its end
        self._take(-length % 4)
        return text.decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        part = self._payload[self._offset : self._offset + count]
        if len(part) < count:
            raise WaylandError("a message of the compositor is too short")
        self._offset += count
        return part


Event = tuple[int, int, EventArguments]  # object id, opcode, arguments


def _make_socket() -> socket.socket:
    if sys.platform == "win32":
        raise WaylandError("Windows has no Wayland")
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


class WaylandConnection:
    """Connection for one thread; every method raises OSError when it is lost or the compositor does not answer."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        self._socket = _make_socket()
        self._next_id = _FIRST_OWN_ID
        self._received = b""
        self._fds: deque[int] = deque()
        try:
            self._socket.settimeout(timeout_s)  # for sending too: a stopped compositor does not read
            self._socket.connect(os.fspath(path))
        except BaseException:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()
        while self._fds:
            os.close(self._fds.popleft())

    def new_id(self) -> int:
        """Return an unused object id. Ids are not used again: a connection lives for one copied value."""
        self._next_id += 1
        return self._next_id - 1

    def send(self, object_id: int, opcode: int, *arguments: bytes) -> None:
        payload = b"".join(arguments)
        self._socket.sendall(_HEADER.pack(object_id, opcode, _HEADER.size + len(payload)) + payload)

    def read_events(self, timeout_s: float | None = 0.0) -> Iterator[Event]:
        """Wait for up to `timeout_s` seconds for data (None: without limit) and yield the complete events."""
        self._receive(timeout_s)
        while len(self._received) >= _HEADER.size:
            object_id, opcode, length = _HEADER.unpack_from(self._received)
            if length < _HEADER.size:
                raise WaylandError("a message of the compositor has no length")
            if len(self._received) < length:
                return
            payload, self._received = self._received[_HEADER.size : length], self._received[length:]
            yield object_id, opcode, EventArguments(payload)

    def read_events_until(self, deadline_monotonic_s: float) -> Iterator[Event]:
        """Yield events until the deadline; then raise TimeoutError."""
        while (left := deadline_monotonic_s - time.monotonic()) > 0:
            yield from self.read_events(left)
        raise TimeoutError("the compositor does not answer")

    def take_fd(self) -> int:
        """Return the file descriptor that belongs to the current event; the caller closes it."""
        if not self._fds:
            raise WaylandError("a message of the compositor lacks its file descriptor")
        return self._fds.popleft()

    def _receive(self, timeout_s: float | None) -> None:
        if sys.platform != "linux":
            return
        timeout_before = self._socket.gettimeout()
        self._socket.settimeout(timeout_s)
        ancillary: list[tuple[int, int, bytes]] = []
        data = b""
        try:
            with suppress(TimeoutError, BlockingIOError):
                data, ancillary, _, _ = self._socket.recvmsg(
                    _READ_BYTES, socket.CMSG_SPACE(_FDS_MAX * array.array("i").itemsize), socket.MSG_CMSG_CLOEXEC
                )
                if not data:
                    raise WaylandError("the compositor has closed the connection")
        finally:
            self._socket.settimeout(timeout_before)
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                numbers = array.array("i")
                numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
                self._fds.extend(numbers)
        self._received += data


def encode_uint(number: int) -> bytes:
    return number.to_bytes(4, _BYTE_ORDER)


def encode_string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return encode_uint(len(data)) + data + bytes(-len(data) % 4)
