"""One HTTP call on its way: how far it has come, and when it is ended whatever it waits for."""

import socket
import threading
import time
from enum import IntEnum
from types import TracebackType
from typing import Protocol, Self


class RequestStage(IntEnum):
    """How far the call has come. From SENT on, WeChat may have counted it."""

    CONNECTING_TO_PROXY = 0
    CONNECTING_TO_SERVER = 1  # name, connection and TLS
    SENT = 2


class SocketLike(Protocol):
    """A plain or TLS socket."""

    def fileno(self) -> int: ...


class Deadline:
    """Shuts its connection down after `seconds`; the thread that waits for it then gets an end of file.

    The timeouts of a socket start anew with each byte: a server that drips, be it in the TLS handshake, the
    headers or the body, would hold a lane for ever.
    """

    def __init__(self, timeout_s: float, stage: RequestStage = RequestStage.CONNECTING_TO_SERVER) -> None:
        self.stage = stage
        self.is_expired = False  # ended before its time: by the deadline or by `end`
        self._end_monotonic_s = time.monotonic() + timeout_s
        self._lock = threading.Lock()
        self._dup_socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self.expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._close_dup_socket()

    @property
    def remaining_s(self) -> float:
        """Seconds until the end; never negative."""
        return max(0.0, self._end_monotonic_s - time.monotonic())

    def attach_socket(self, connection: SocketLike) -> None:
        """Have this connection shut down at the end, instead of the one watched before."""
        # a twin of the descriptor: TLS takes the socket object over, and `Connection: close` closes it early
        twin = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._close_dup_socket()
            self._dup_socket = twin
            if self.is_expired:
                _shut_down_socket(twin)

    def expire(self) -> None:
        """End the call now. From any thread."""
        with self._lock:
            self.is_expired = True
            if self._dup_socket is not None:
                _shut_down_socket(self._dup_socket)

    def _close_dup_socket(self) -> None:
        if self._dup_socket is not None:
            self._dup_socket.close()
            self._dup_socket = None


def _shut_down_socket(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already
