"""Open a TCP connection within a deadline that includes the name resolution."""

import functools
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from guarddog_gui.adapters.blocking_call import start_blocking_call
from guarddog_gui.adapters.http.deadline import Deadline

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
Resolver = Callable[[str, int], Sequence[AddressInfo]]
_SocketOption = tuple[int, int, int | bytes]


class Connector:
    """Opens connections for one thread.

    The system's name resolution cannot be interrupted and may take half a minute, so it runs in a thread of
    its own. If it is still pending at the next call for the same host, that call waits for the same result
    instead of starting another resolution: otherwise a name server that hangs would fill the process with
    threads.
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
