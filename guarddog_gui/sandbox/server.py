"""HTTP server of the sandbox, on a port of 127.0.0.1 only."""

import logging
import secrets
import socket
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Self

from msgspec.structs import replace
from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

from guarddog_gui.domain.errors import InternalError, UsageError
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S, SandboxAccount, demo_accounts
from guarddog_gui.sandbox.faults.fault import FaultPlan
from guarddog_gui.sandbox.faults.raw_connection import RawConnectionChannel
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.sandbox.wsgi_app import SandboxApp

_THREADS = 24  # a hanging call occupies one; other calls still have to be answered
_CONNECTIONS_MAX = 1000  # clients that keep many connections open must not lock others out
_STOP_TIMEOUT_S = 0.4  # for running calls to end, and again for the loop
_BODY_MAX = 12 * 1024 * 1024  # WeChat takes files of 10 MB
_BUFFER_MAX = 64 * 1024
_POLL_TIMEOUT_S = 60  # longest wait of the server's loop for input


class SandboxServer:
    """Embedded WeChat as a local server, at `base_url`; `control_key` is the key to /_sandbox/.

    Its tokens and tickets live for `lifetime_s` seconds. Use it in a `with`, or call start and stop once each.
    """

    def __init__(self, clock: Callable[[], float], port: int = 0, lifetime_s: int = FULL_LIFETIME_S) -> None:
        self.accounts: tuple[SandboxAccount, ...] = tuple(
            replace(account, life=lifetime_s) for account in demo_accounts(lambda: secrets.token_hex(16))
        )
        self.rules = SandboxRules(clock, _make_token_value, self.accounts)
        self.faults = FaultPlan()
        self.control_key = secrets.token_urlsafe(32)
        self._stopping = Event()
        self._app = SandboxApp(self.rules, self.faults, self.control_key, self._stopping, clock)
        self._requested_port = port
        self._server: TcpWSGIServer | None = None
        self._sockets: dict[int, object] = {}  # watched by the loop
        self._loop_thread: Thread | None = None
        self._loop_stopped = Event()

    @property
    def base_url(self) -> str:
        """Address to use instead of WeChat's, without a slash at the end."""
        if self._server is None:
            raise InternalError("the sandbox was not started")
        return f"http://127.0.0.1:{self._server.effective_port}"

    def start(self) -> Self:
        """Start to serve. Raises UsageError if the port cannot be used."""
        # Overload and closed connections are normal in a sandbox: the user needs no warnings about them.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        try:
            listener = socket.create_server(("127.0.0.1", self._requested_port))
        except (OSError, OverflowError) as error:
            raise UsageError(f"port {self._requested_port} of 127.0.0.1 cannot be used: {error}") from error
        server = create_server(  # type: ignore[no-untyped-call] # waitress carries no types
            self._app,
            map=self._sockets,
            sockets=[listener],
            threads=_THREADS,
            connection_limit=_CONNECTIONS_MAX,
            ident=None,
            channel_request_lookahead=1,  # otherwise a client's disconnect is not noticed during its call
            log_socket_errors=False,
            max_request_body_size=_BODY_MAX,
            outbuf_high_watermark=_BUFFER_MAX,
        )
        server.channel_class = RawConnectionChannel
        self._server = server
        self._loop_thread = Thread(target=self._run, name="sandbox", daemon=True)
        self._loop_thread.start()
        return self

    def stop(self) -> None:
        """Close all connections and free the port, within a second. A second call does nothing."""
        if self._server is None or self._loop_thread is None or self._stopping.is_set():
            return
        server = self._server
        self._stopping.set()
        # WORKAROUND: waitress cannot be stopped from another thread. So the loop closes its sockets itself,
        # and only the pipe that wakes it is closed here, after the last write to it: closed earlier, its
        # file descriptor could already belong to another file at that write.
        call_in_loop: Callable[[Callable[[], None]], None] = server.trigger.pull_trigger
        call_in_loop(partial(_close_connections, server))
        server.task_dispatcher.shutdown(timeout=_STOP_TIMEOUT_S)
        call_in_loop(self._loop_stopped.set)
        self._loop_thread.join(_STOP_TIMEOUT_S)
        server.trigger.close()  # type: ignore[no-untyped-call] # waitress

    def _run(self) -> None:
        loop: Callable[..., None] = wasyncore.loop
        while not self._loop_stopped.is_set():
            loop(_POLL_TIMEOUT_S, use_poll=True, map=self._sockets, count=1)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _close_connections(server: TcpWSGIServer) -> None:
    wasyncore.dispatcher.close(server)  # type: ignore[no-untyped-call] # waitress
    for channel in list(server.active_channels.values()):
        channel.handle_close()


def _make_token_value() -> str:
    """Return a value that looks like WeChat's, which begin with a counter of two digits."""
    return f"91_{secrets.token_urlsafe(96)}"
