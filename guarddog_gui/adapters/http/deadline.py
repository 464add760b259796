"""One HTTP call on its way: how far it has come, and when it is ended whatever it waits for."""

import socket
import threading
import time
from enum import IntEnum
from types import TracebackType
from typing import Protocol, Self


class Stage(IntEnum):
    """How far the call has come. From SENT on, WeChat may have counted it."""

    TO_PROXY = 0
    TO_SERVER = 1  # name, connection and TLS
    SENT = 2


class Connected(Protocol):
    """A plain or TLS socket."""

    def fileno(self) -> int: ...


class Call:
    """Shuts its connection down after `seconds`; the thread that waits for it then gets an end of file.

    The timeouts of a socket start anew with each byte: a server that drips, be it in the TLS handshake, the
    headers or the body, would hold a lane for ever.
    """

    def __init__(self, seconds: float, stage: Stage = Stage.TO_SERVER) -> None:
        self.stage = stage
        self.is_over = False  # ended before its time: by the deadline or by `end`
        self._ends_at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._twin: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._drop_twin()

    @property
    def left(self) -> float:
        """Seconds until the end; never negative."""
        return max(0.0, self._ends_at - time.monotonic())

    def watch(self, connection: Connected) -> None:
        """Have this connection shut down at the end, instead of the one watched before."""
        # a twin of the descriptor: TLS takes the socket object over, and `Connection: close` closes it early
        twin = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._drop_twin()
            self._twin = twin
            if self.is_over:
                _shut_down(twin)

    def end(self) -> None:
        """End the call now. From any thread."""
        with self._lock:
            self.is_over = True
            if self._twin is not None:
                _shut_down(self._twin)

    def _drop_twin(self) -> None:
        if self._twin is not None:
            self._twin.close()
            self._twin = None


def _shut_down(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already
