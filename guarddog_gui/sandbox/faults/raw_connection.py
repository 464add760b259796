"""A hand on the raw connection below WSGI, for answers that no HTTP server would give."""

import socket
import struct
import sys
from typing import Any, Protocol

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

RAW_CONNECTION = "sandbox.wire"  # the key in the WSGI environment
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # on, for 0 seconds


class CloseConnection(OSError):
    """Raised by the app: end this connection now, without another word.

    waitress takes an OSError from an application as the end: it sends what was written and closes.
    """


class _WaitressChannel(Protocol):
    """What is used of waitress's HTTPChannel, which carries no types."""

    connected: bool
    socket: socket.socket

    def write_soon(self, data: bytes) -> int: ...


class RawConnection:
    """One connection as the server holds it."""

    def __init__(self, channel: _WaitressChannel) -> None:
        self._channel = channel

    def send(self, data: bytes) -> None:
        """Send these bytes as they are; waits while the client does not read."""
        self._channel.write_soon(data)

    def reset_at_close(self) -> None:
        """Let the close become a TCP RST."""
        self._channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)

    @property
    def is_disconnected(self) -> bool:
        """Whether the client has hung up."""
        return not self._channel.connected


class RawConnectionTask(WSGITask):
    """Puts the Wire into the environment of every call."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()  # type: ignore[no-untyped-call] # waitress
        environ[RAW_CONNECTION] = RawConnection(self.channel)
        return environ


class RawConnectionChannel(HTTPChannel):
    """A connection whose calls can reach down to it."""

    task_class = RawConnectionTask
