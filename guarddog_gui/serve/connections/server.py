"""HTTP server of `serve`: waitress in a thread, with or without TLS in front of it."""

import logging
import math
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

from guarddog_gui.serve.connections.connection import Connection

if TYPE_CHECKING:
    import ssl

    from guarddog_gui.serve.connections.tls_front import TlsFront

THREADS = 64  # for requests; those that wait for a refresh are fewer, see `LiveValues`
CONNECTIONS_MAX = 1000
SPARE_FILES = 256  # open files for everything but connections
HEADER_MAX = 16 * 1024  # bytes of all headers with the path
BODY_MAX = 16 * 1024
_SWEEP_INTERVAL_S = 0.5
_CROWDED_SHARE = 0.9  # of the connections: from here on, idle ones are closed for new ones
_OWN_SOCKETS = 2  # the listening one and the pipe that wakes the loop: waitress counts them as connections
_STOP_GRACE_S = 2.0  # for running requests
_STOP_TIMEOUT_S = 0.5  # for threads and loop, after that

log = logging.getLogger(__name__)


class ServeServer:
    """Server on a listening socket. Call `start` and `stop` once each.

    With `make_tls` it serves HTTPS only: the function returns the context with the current certificate.
    """

    def __init__(
        self,
        app: WSGIApplication,
        listener: socket.socket,
        connections_max: int,
        make_tls: "Callable[[], ssl.SSLContext] | None" = None,
    ) -> None:
        # an overload is the client's business, and its log lines are ours
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        self._sockets: dict[int, object] = {}  # watched by the loop
        self._listener = listener
        self._connections_max = connections_max
        # with TLS in front, waitress gets connections and listens to nothing
        own_socket = listener if make_tls is None else socket.socket(listener.family)
        self._server: TcpWSGIServer = create_server(  # type: ignore[no-untyped-call] # waitress carries no types
            app,
            map=self._sockets,
            _start=make_tls is None,
            sockets=[own_socket],
            threads=THREADS,
            connection_limit=connections_max,
            backlog=1024,
            ident=None,
            log_socket_errors=False,
            max_request_header_size=HEADER_MAX,
            max_request_body_size=BODY_MAX,
            inbuf_overflow=BODY_MAX * 2,  # in memory: no temporary file holds a key
            channel_timeout=3600,  # see `Connection`
            url_scheme="http" if make_tls is None else "https",
        )
        self._server.channel_class = Connection
        self._front = None if make_tls is None else self._make_front(make_tls)
        self._thread = threading.Thread(target=self._run, name="serve", daemon=True)
        self._has_stopped = threading.Event()
        self._next_sweep = 0.0

    def _make_front(self, make_tls: "Callable[[], ssl.SSLContext]") -> "TlsFront":
        from guarddog_gui.serve.connections.tls_front import TlsFront  # asyncio takes a while

        return TlsFront(self._listener, make_tls, self._take_over, self._connections_max)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def count_connections(self) -> int:
        return len(self._server.active_channels)

    def start(self) -> None:
        self._thread.start()
        if self._front is not None:
            self._front.start()

    def stop(self) -> None:
        """Accept nothing more, let running requests end within two seconds, and close all connections."""
        call_in_loop: Callable[[Callable[[], None]], None] = self._server.trigger.pull_trigger
        if self._front is not None:
            self._front.stop_accepting()
        call_in_loop(self._stop_accepting)
        deadline = time.monotonic() + _STOP_GRACE_S
        while time.monotonic() < deadline and self._is_working():
            time.sleep(0.02)
        # WORKAROUND: waitress cannot be stopped from another thread. So the loop closes its sockets itself, and only
        # the pipe that wakes it is closed here, after the last write to it.
        call_in_loop(self._close_connections)
        self._server.task_dispatcher.shutdown(timeout=_STOP_TIMEOUT_S)
        call_in_loop(self._has_stopped.set)
        self._thread.join(_STOP_TIMEOUT_S)
        if self._front is not None:
            self._front.stop()
        self._server.trigger.close()  # type: ignore[no-untyped-call] # waitress

    def _take_over(self, connection: socket.socket, address: tuple[Any, ...]) -> None:
        """Hand a connection that speaks plain HTTP to waitress; from any thread."""
        create = partial(Connection, self._server, connection, address, self._server.adj, map=self._sockets)
        call_in_loop: Callable[[Callable[[], object]], None] = self._server.trigger.pull_trigger
        call_in_loop(create)

    def _is_working(self) -> bool:
        channels: list[Connection] = list(self._server.active_channels.values())
        return any(not channel.is_idle or channel.total_outbufs_len for channel in channels)

    def _stop_accepting(self) -> None:
        wasyncore.dispatcher.close(self._server)  # type: ignore[no-untyped-call] # waitress

    def _close_connections(self) -> None:
        channels: list[Connection] = list(self._server.active_channels.values())
        for channel in channels:
            channel.close_now()

    # -- in the thread of the loop -----------------------------------------------------------------

    def _run(self) -> None:
        loop: Callable[..., None] = wasyncore.loop
        while not self._has_stopped.is_set():
            try:
                loop(_SWEEP_INTERVAL_S, use_poll=True, map=self._sockets, count=1)
                self._sweep(time.monotonic())
            except Exception:  # one connection must not end the server
                log.exception("the loop of the server failed")
                time.sleep(_SWEEP_INTERVAL_S)  # should it fail each time

    def _sweep(self, now: float) -> None:
        """Close overdue connections; where there are too many, also idle ones."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_INTERVAL_S
        channels: list[Connection] = list(self._server.active_channels.values())
        for channel in channels:
            if channel.is_overdue(now):
                channel.close_now()
        excess = math.ceil(len(channels) - self._connections_max * _CROWDED_SHARE) + _OWN_SOCKETS
        if excess > 0:
            self._close_idle(channels, excess)

    def _close_idle(self, channels: "list[Connection]", count: int) -> None:
        """Close this many idle connections, and at least a third of those without a correct key, as in a flood."""
        idle = [channel for channel in channels if channel.connected and channel.is_idle]
        idle.sort(key=lambda channel: (channel.is_trusted, channel.idle_since))
        untrusted = sum(not channel.is_trusted for channel in idle)
        for channel in idle[: max(count, untrusted // 3)]:
            channel.close_now()


def limit_connections(files_each: int) -> int:
    """Return how many connections may be open, after the limit of open files was raised as far as it may be."""
    if sys.platform == "win32":  # has no such limit
        return CONNECTIONS_MAX
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX * files_each + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        except (OSError, ValueError):
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS_MAX
    return max(16, min(CONNECTIONS_MAX, (soft - SPARE_FILES) // files_each))
