"""Opens a TCP connection within a deadline, the look-up of the name included."""

import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from guarddog_gui.adapters.http.deadline import Deadline

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
Resolver = Callable[[str, int], Sequence[AddressInfo]]
_SocketOption = tuple[int, int, int | bytes]


class Connector:
    """Belongs to one thread.

    The system's look-up of a name cannot be interrupted and may take half a minute, so it has a thread of its
    own. One that hangs is waited for again by the next call instead of being asked a second time.
    """

    def __init__(self, resolve: Resolver | None = None) -> None:
        self._resolve = resolve or resolve_addresses
        self._pending_lookups: dict[tuple[str, int], Future[Sequence[AddressInfo]]] = {}

    def connect(
        self,
        host: str,
        port: int,
        deadline: Deadline,
        attempt_timeout_s: float,
        options: Iterable[_SocketOption],
    ) -> socket.socket:
        """A connection to the first address that answers, each tried for at most `connect_s` seconds.

        Raises OSError: socket.gaierror for an unknown name, TimeoutError, or what the last address said.
        """
        trouble: OSError = TimeoutError("no time left")
        for family, kind, protocol, _, address in self._resolve_within(host, port, deadline.remaining_s):
            if deadline.remaining_s <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                for option in options:
                    connection.setsockopt(*option)
                connection.settimeout(
                    max(0.001, min(attempt_timeout_s, deadline.remaining_s))
                )  # 0 would mean: do not wait
                connection.connect(address)
            except OSError as error:
                connection.close()
                trouble = error
            else:
                return connection
        raise trouble

    def _resolve_within(self, host: str, port: int, timeout_s: float) -> Sequence[AddressInfo]:
        key = host, port
        asked = self._pending_lookups.get(key)
        if asked is None or asked.done():  # what came after its caller had left may be hours old
            asked = self._pending_lookups[key] = Future()
            thread = threading.Thread(
                target=_resolve_into, args=(self._resolve, key, asked), name="name look-up", daemon=True
            )
            thread.start()
        addresses = asked.result(timeout_s)
        del self._pending_lookups[key]
        return addresses


def _resolve_into(
    resolve: Resolver,
    key: tuple[str, int],
    future: Future[Sequence[AddressInfo]],
) -> None:
    try:
        future.set_result(resolve(*key))
    except Exception as error:  # noqa: BLE001  # it belongs to the thread that waits
        future.set_exception(error)


def resolve_addresses(host: str, port: int) -> Sequence[AddressInfo]:
    """What the system knows of this name. Raises OSError; may take long."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror("not a host name") from None
