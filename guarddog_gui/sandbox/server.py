"""The embedded WeChat on a port of 127.0.0.1, and on that alone."""

import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from typing import Self

from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

from guarddog_gui.domain.errors import InternalError, UsageError
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S, SandboxAccount, demo_accounts
from guarddog_gui.sandbox.control import ControlApi
from guarddog_gui.sandbox.faults.fault import FaultPlan
from guarddog_gui.sandbox.faults.injector import FaultInjector
from guarddog_gui.sandbox.faults.raw_connection import RawConnectionChannel
from guarddog_gui.sandbox.jssdk.pages import JssdkPages
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.sandbox.wsgi_app import SandboxApp

_THREADS = 24  # a hanging call holds one; the others still have to be answered
_CONNECTIONS_MAX = 1000  # clients that keep many open must not shut the others out
_STOP_TIMEOUT_S = 0.4  # for the calls to end, and again for the loop
_BODY_MAX = 64 * 1024
_POLL_TIMEOUT_S = 60  # between two looks of the server's loop when nothing comes in


class SandboxServer:
    """A running sandbox: `base` is its address, `control_key` the key to /_sandbox/.

    Tokens and tickets live `life` seconds. Use it in a `with`, or call start and stop; it starts once.
    """

    def __init__(self, clock: Callable[[], float], port: int = 0, lifetime_s: int = FULL_LIFETIME_S) -> None:
        ready = demo_accounts(lambda: secrets.token_hex(16))
        self.accounts: tuple[SandboxAccount, ...] = tuple(replace(account, life=lifetime_s) for account in ready)
        self.rules = SandboxRules(clock, _make_token_value, self.accounts)
        self.faults = FaultPlan()
        self.control_key = secrets.token_urlsafe(32)
        stopping = Event()
        control = ControlApi(self.rules, self.faults, self.control_key)
        jssdk = JssdkPages(self.rules)
        self.app = SandboxApp(self.rules, self.faults, control, FaultInjector(stopping), jssdk, clock)
        self._requested_port = port
        self._stopping = stopping
        self._server: TcpWSGIServer | None = None
        self._sockets: dict[int, object] = {}  # what the loop watches
        self._loop_thread: Thread | None = None
        self._loop_stopped = Event()

    @property
    def base_url(self) -> str:
        """The address to use in place of WeChat's, without a slash at the end."""
        if self._server is None:
            raise InternalError("the sandbox was not started")
        return f"http://127.0.0.1:{self._server.effective_port}"

    def start(self) -> Self:
        """Begin to answer. Raises UsageError if the port cannot be had."""
        # A sandbox is made to be asked too much at once and to be hung up on: that is no news for a person.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        try:
            listener = socket.create_server(("127.0.0.1", self._requested_port))
        except (OSError, OverflowError) as taken:
            raise UsageError(f"port {self._requested_port} of 127.0.0.1 cannot be used: {taken}") from taken
        server = create_server(  # type: ignore[no-untyped-call] # waitress carries no types
            self.app,
            map=self._sockets,
            sockets=[listener],
            threads=_THREADS,
            connection_limit=_CONNECTIONS_MAX,
            ident=None,
            channel_request_lookahead=1,  # else a client that hangs up is not noticed during its call
            log_socket_errors=False,
            max_request_body_size=_BODY_MAX,
            outbuf_high_watermark=_BODY_MAX,
        )
        server.channel_class = RawConnectionChannel
        self._server = server
        self._loop_thread = Thread(target=self._run, name="sandbox", daemon=True)
        self._loop_thread.start()
        return self

    def stop(self) -> None:
        """Hang up on everybody and free the port, within a second; a second stop does nothing."""
        if self._server is None or self._loop_thread is None or self._stopping.is_set():
            return
        server = self._server
        self._stopping.set()
        # WORKAROUND: waitress has no stop for another thread. The loop closes its own sockets; only the pipe
        # that wakes it is closed here, after the last write: it must not be gone, or another file, by then.
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
    """Looks like WeChat's, whose tokens begin with a counter of two digits."""
    return f"91_{secrets.token_urlsafe(96)}"
