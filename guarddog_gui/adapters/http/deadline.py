"""Deadline of one HTTP request: shuts the socket down in time, and records how far the request has come."""

import socket
import threading
import time
from enum import IntEnum
from types import TracebackType
from typing import Protocol, Self


class RequestStage(IntEnum):
    """Progress of a request. From SENT on, WeChat may have counted it against the quota."""

    CONNECTING_TO_PROXY = 0
    CONNECTING_TO_SERVER = 1  # name resolution, TCP and TLS
    SENT = 2


class SocketLike(Protocol):
    """Plain or TLS socket."""

    def fileno(self) -> int: ...


class Deadline:
    """Context manager that shuts the attached socket down when the time is over; then reads return at once.

    The timeout of a socket is not enough. It starts anew with each byte, so a server that sends one byte now
    and then, in the TLS handshake, the headers or the body, could block its worker thread for ever.

    The request itself runs in the thread of the caller, unlike the calls of `start_blocking_call`: a request
    that was merely left behind in a thread of its own would keep its connection open, and could still reach
    WeChat and be counted there after its failure was reported. Shutting the socket down really ends it.
    """

    def __init__(self, timeout_s: float, stage: RequestStage = RequestStage.CONNECTING_TO_SERVER) -> None:
        self.stage = stage
        self.is_expired = False  # the time is over, or `expire` was called
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
        """Return the seconds that are left; never negative."""
        return max(0.0, self._end_monotonic_s - time.monotonic())

    def attach_socket(self, connection: SocketLike) -> None:
        """Shut this connection down at the deadline, instead of the one that was attached before."""
        # Keep a duplicate of the descriptor, not the socket object: `SSLContext.wrap_socket` detaches the
        # object that it is given, and urllib3 closes it early after `Connection: close`. A shutdown through
        # the duplicate affects the connection itself. The address family does not matter for it.
        duplicate = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._close_dup_socket()
            self._dup_socket = duplicate
            if self.is_expired:
                _shut_down_socket(duplicate)

    def expire(self) -> None:
        """Cancel the request now. May be called from any thread."""
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
