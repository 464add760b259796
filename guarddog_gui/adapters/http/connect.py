"""Opens a TCP connection within a deadline, the look-up of the name included."""

import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from guarddog_gui.adapters.http.deadline import Call

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
Resolve = Callable[[str, int], Sequence[Address]]
_Option = tuple[int, int, int | bytes]


class Dialler:
    """Belongs to one thread.

    The system's look-up of a name cannot be interrupted and may take half a minute, so it has a thread of its
    own. One that hangs is waited for again by the next call instead of being asked a second time.
    """

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve or addresses_of
        self._look_ups: dict[tuple[str, int], Future[Sequence[Address]]] = {}

    def dial(
        self, host: str, port: int, call: Call, connect_s: float, options: Iterable[_Option]
    ) -> socket.socket:
        """A connection to the first address that answers, each tried for at most `connect_s` seconds.

        Raises OSError: socket.gaierror for an unknown name, TimeoutError, or what the last address said.
        """
        trouble: OSError = TimeoutError("no time left")
        for family, kind, protocol, _, address in self._look_up(host, port, call.left):
            if call.left <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                for option in options:
                    connection.setsockopt(*option)
                connection.settimeout(max(0.001, min(connect_s, call.left)))  # 0 would mean: do not wait
                connection.connect(address)
            except OSError as error:
                connection.close()
                trouble = error
            else:
                return connection
        raise trouble

    def _look_up(self, host: str, port: int, seconds: float) -> Sequence[Address]:
        key = host, port
        asked = self._look_ups.get(key)
        if asked is None or asked.done():  # what came after its caller had left may be hours old
            asked = self._look_ups[key] = Future()
            thread = threading.Thread(
                target=_ask, args=(self._resolve, key, asked), name="name look-up", daemon=True
            )
            thread.start()
        addresses = asked.result(seconds)
        del self._look_ups[key]
        return addresses


def _ask(
    resolve: Resolve,
    key: tuple[str, int],
    asked: Future[Sequence[Address]],
) -> None:
    try:
        asked.set_result(resolve(*key))
    except Exception as error:  # noqa: BLE001  # it belongs to the thread that waits
        asked.set_exception(error)


def addresses_of(host: str, port: int) -> Sequence[Address]:
    """What the system knows of this name. Raises OSError; may take long."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror("not a host name") from None
