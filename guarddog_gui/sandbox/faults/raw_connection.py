"""Access to the TCP connection below WSGI, for answers that an HTTP server cannot produce."""

import socket
import struct
import sys
from typing import Any, Protocol

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

RAW_CONNECTION = "sandbox.raw_connection"  # key in the WSGI environment
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # on, for 0 seconds


class CloseConnection(OSError):
    """Raised by the WSGI application to close the connection without a further response.

    On an OSError from an application, waitress sends the pending bytes and closes.
    """


class _WaitressChannel(Protocol):
    """Part of waitress's HTTPChannel that is used here; waitress has no type annotations."""

    connected: bool
    socket: socket.socket

    def write_soon(self, data: bytes) -> int: ...


class RawConnection:
    """Connection of one call to the sandbox."""

    def __init__(self, channel: _WaitressChannel) -> None:
        self._channel = channel

    def send(self, data: bytes) -> None:
        """Send these bytes as they are. Block while the client does not read."""
        self._channel.write_soon(data)

    def reset_at_close(self) -> None:
        self._channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)

    @property
    def is_disconnected(self) -> bool:
        return not self._channel.connected


class RawConnectionTask(WSGITask):
    """Task that puts the RawConnection into the WSGI environment of every call."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()  # type: ignore[no-untyped-call] # waitress
        environ[RAW_CONNECTION] = RawConnection(self.channel)
        return environ


class RawConnectionChannel(HTTPChannel):
    """Channel whose tasks are RawConnectionTasks."""

    task_class = RawConnectionTask
