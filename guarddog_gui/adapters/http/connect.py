"""TCP connections within the deadline of one request, which includes the name resolution."""

import functools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from enum import IntEnum
from typing import Self

from guarddog_gui.adapters.blocking_call import start_blocking_call

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
Resolver = Callable[[str, int], Sequence[AddressInfo]]
_SocketOption = tuple[int, int, int | bytes]


class RequestStage(IntEnum):
    """Progress of a request. From SENT on, WeChat may have counted it against the quota."""

    CONNECTING_TO_PROXY = 0
    CONNECTING_TO_SERVER = 1  # name resolution, TCP and TLS
    SENT = 2


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

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._close_dup_socket()

    @property
    def remaining_s(self) -> float:
        return max(0.0, self._end_monotonic_s - time.monotonic())

    def attach_socket(self, connection: socket.socket) -> None:
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


class Connector:
    """Opens connections for one thread.

    The system's name resolution cannot be interrupted and may take half a minute, so it runs in a thread of its own. If
    it is still pending at the next call for the same host, that call waits for the same result instead of starting
    another resolution: otherwise a name server that hangs would fill the process with threads.
    """

    def __init__(self, resolve: Resolver | None = None) -> None:
        self._resolve = resolve or resolve_addresses
        self._pending_lookups: dict[tuple[str, int], Future[Sequence[AddressInfo]]] = {}

    def connect(
        self, host: str, port: int, deadline: Deadline, attempt_timeout_s: float, options: Iterable[_SocketOption]
    ) -> socket.socket:
        """Connect to the first address that accepts; each is tried for at most `attempt_timeout_s`.

        Raises socket.gaierror for an unknown name, TimeoutError, or the OSError of the last address.
        """
        last_error: OSError = TimeoutError("no time left")
        for family, kind, protocol, _, address in self._resolve_within(host, port, deadline.remaining_s):
            if deadline.remaining_s <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                for option in options:
                    connection.setsockopt(*option)
                # not 0, which would make the socket non-blocking
                connection.settimeout(max(0.001, min(attempt_timeout_s, deadline.remaining_s)))
                connection.connect(address)
            except OSError as error:
                connection.close()
                last_error = error
            else:
                return connection
        raise last_error

    def _resolve_within(self, host: str, port: int, timeout_s: float) -> Sequence[AddressInfo]:
        key = host, port
        lookup = self._pending_lookups.get(key)
        if lookup is None or lookup.done():  # done after its caller had given up: it may be hours old
            lookup = start_blocking_call(functools.partial(self._resolve, host, port), thread_name="name look-up")
            self._pending_lookups[key] = lookup
        addresses = lookup.result(timeout_s)
        del self._pending_lookups[key]
        return addresses


def resolve_addresses(host: str, port: int) -> Sequence[AddressInfo]:
    """Resolve a host name with the system's resolver, which may block for long. Raises OSError."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror("not a host name") from None


def _shut_down_socket(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        connection.shutdown(socket.SHUT_RDWR)
