"""TLS in front of waitress, which has none.

waitress calls `recv` and `send` of sockets when `poll` reports them. A wrapped socket does not fit: a handshake in
`accept` stops the server for all clients while one of them is slow (so it is in cheroot, its issue 748), and what
OpenSSL has decrypted already is invisible to `poll`. So the TLS is that of asyncio, which does handshakes side by side
and with a deadline; the plain bytes go through a pair of connected sockets, one of which waitress serves like any
other connection. No port without TLS is open, and HTTP is read in one place only.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

HANDSHAKE_MAX_S = 5.0
SHUTDOWN_MAX_S = 1.0
WRITE_MAX_S = 30.0  # for a client to take a part of an answer
FILES_EACH = 3  # the connection and the two ends of the pair
_PART = 16 * 1024  # bytes
_CROWDED_PAUSE_S = 0.1
_OUT_OF_FILES_PAUSE_S = 0.2
_STOP_TIMEOUT_S = 2.0

HandOver = Callable[[socket.socket, tuple[Any, ...]], None]

log = logging.getLogger(__name__)


class TlsFront:
    """Accepts connections with TLS and hands each over as a plain one, with the address of the client."""

    def __init__(
        self,
        listener: socket.socket,
        make_context: Callable[[], ssl.SSLContext],
        hand_over: HandOver,
        connections_max: int,
    ) -> None:
        self._listener = listener
        self._make_context = make_context
        self._hand_over = hand_over
        self._connections_max = connections_max
        self._tasks: set[asyncio.Task[None]] = set()
        self._handshakes: dict[asyncio.Task[None], None] = {}  # the tasks whose handshake has not ended, oldest first
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_ignore_broken_connections)
        self._accepting: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="serve-tls", daemon=True)

    def start(self) -> None:
        self._listener.setblocking(False)
        self._thread.start()

    def stop_accepting(self) -> None:
        self._loop.call_soon_threadsafe(self._cancel_accepting)

    def stop(self) -> None:
        """Close what is open. The server has closed the other ends before."""
        asyncio.run_coroutine_threadsafe(self._end_tasks(), self._loop)
        self._thread.join(_STOP_TIMEOUT_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._accepting = self._loop.create_task(self._accept())
        self._loop.run_forever()
        self._loop.close()

    def _cancel_accepting(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
        self._listener.close()

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SHUTDOWN_MAX_S)
        self._loop.stop()

    async def _accept(self) -> None:
        while True:
            await self._make_room()
            try:
                connection, address = await self._loop.sock_accept(self._listener)
            except OSError:  # too many open files, or the client has gone already
                await asyncio.sleep(_OUT_OF_FILES_PAUSE_S)
                continue
            task = self._loop.create_task(self._serve(connection, address))
            self._tasks.add(task)
            self._handshakes[task] = None
            task.add_done_callback(self._forget)
            # The task has to begin before it can be cancelled: only then it closes its socket. To close the socket
            # elsewhere would free a file descriptor that asyncio goes on using, and that the next connection gets.
            await asyncio.sleep(0)

    async def _make_room(self) -> None:
        """Wait until there is room for one more connection.

        The oldest of those that have not even ended their handshake gives it; where there is none, the server will
        close idle ones (`ServeServer`). New clients wait in the system's queue meanwhile.
        """
        while len(self._tasks) >= self._connections_max:
            oldest = next(iter(self._handshakes), None)
            if oldest is not None:
                del self._handshakes[oldest]
                oldest.cancel()
            await asyncio.sleep(0 if oldest is not None else _CROWDED_PAUSE_S)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._handshakes.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a connection with TLS failed", exc_info=error)

    async def _serve(self, connection: socket.socket, address: tuple[Any, ...]) -> None:
        """Serve one connection to its end. Whatever a client does wrong in TLS ends it without a word."""
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):  # ssl.SSLError is an OSError
            reader = asyncio.StreamReader(limit=_PART)
            protocol = asyncio.StreamReaderProtocol(reader)
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol, connection, ssl=self._make_context(),
                ssl_handshake_timeout=HANDSHAKE_MAX_S, ssl_shutdown_timeout=SHUTDOWN_MAX_S,
            )  # fmt: skip
            if (task := asyncio.current_task()) is not None:
                self._handshakes.pop(task, None)
            client = asyncio.StreamWriter(transport, protocol, reader, self._loop)
            try:
                await self._connect_with_waitress(reader, client, address)
            finally:
                client.close()

    async def _connect_with_waitress(
        self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, address: tuple[Any, ...]
    ) -> None:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._hand_over(theirs, address)
        answers, requests = await asyncio.open_connection(sock=ours, limit=_PART)
        try:
            pumps = [self._loop.create_task(_pump(reader, requests)), self._loop.create_task(_pump(answers, client))]
            try:
                # what ends first ends the other: TLS has no half of a connection
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            requests.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while part := await source.read(_PART):
        target.write(part)
        async with asyncio.timeout(WRITE_MAX_S):
            await target.drain()


def _ignore_broken_connections(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what is a mistake of ours; asyncio also reports each handshake that a client breaks off."""
    error = context.get("exception")
    if error is not None and not isinstance(error, OSError | TimeoutError):
        log.error("asyncio: %s", context.get("message", ""), exc_info=error)
