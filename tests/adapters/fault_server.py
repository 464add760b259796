"""Server on 127.0.0.1 with faults that tests choose."""

from __future__ import annotations

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

ConnectionScript = Callable[[socket.socket], None]  # the behaviour on one connection

STATUS_OK = b"HTTP/1.1 200 OK\r\n"
TOKEN_BODY = b'{"access_token":"NEWTOKEN-0123456789","expires_in":7200}'


class FaultServer:
    """Server that runs one script per connection; the last script serves all further connections."""

    def __init__(self, *scripts: ConnectionScript, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self._scripts = scripts
        self._tls = tls
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start_thread(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        close_socket(self._listener)
        for connection in list(self._sockets):
            close_socket(connection)
        for thread in list(self._threads):
            thread.join(5)
            assert not thread.is_alive(), "a script of the fault server does not end"

    def _start_thread(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads = [running for running in self._threads if running.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            self._sockets.append(connection)
            self._start_thread(self._run_script, script, connection)

    def _run_script(self, script: ConnectionScript, connection: socket.socket) -> None:
        used = connection
        try:
            if self._tls:
                used = self._tls.wrap_socket(connection, server_side=True)
                self._sockets.append(used)
            script(_RecordingSocket(used, self.received))  # type: ignore[arg-type]  # has the methods that scripts use
        except (OSError, ValueError):
            pass  # the client has gone
        finally:
            close_socket(used)
            self._sockets = [open_socket for open_socket in self._sockets if open_socket.fileno() != -1]


class _RecordingSocket:
    """Socket that records the received data."""

    def __init__(self, connection: socket.socket, received: list[bytes]) -> None:
        self._connection = connection
        self._received = received

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = self._connection.recv(size, flags)
        if not flags & socket.MSG_PEEK:
            self._received.append(data)
        return data

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def close_socket(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Read the headers and the body; return nothing if the client closes the connection."""
    text = b""
    while b"\r\n\r\n" not in text:
        data = connection.recv(65536)
        if not data:
            return b""
        text += data
    head, _, body = text.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http_response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a well-formed reply; headers given here replace Content-Length."""
    lines = [f"HTTP/1.1 {status}", *(headers or (f"Content-Length: {len(body)}",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def reply_with(raw: bytes) -> ConnectionScript:
    """Read the request, send these bytes and close the connection."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)

    return script


def reply_to_each(*replies: bytes) -> ConnectionScript:
    """Answer one request with each of these replies on the same connection, then close it."""

    def script(connection: socket.socket) -> None:
        for raw in replies:
            if not read_request(connection):
                return
            connection.sendall(raw)

    return script


def reply_then_hang(raw: bytes = b"") -> ConnectionScript:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        hang(connection)

    return script


def reply_then_reset(raw: bytes = b"") -> ConnectionScript:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        reset(connection)

    return script


def drip(raw: bytes, prefix: bytes = b"", *, interval_s: float = 0.05) -> ConnectionScript:
    """Send `prefix` at once, then `raw` byte by byte without end."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(prefix)
        while True:
            for byte in raw:
                connection.sendall(bytes([byte]))
                time.sleep(interval_s)

    return script


def flood(raw: bytes, prefix: bytes) -> ConnectionScript:
    """Send `prefix`, then 10 GB of `raw` as fast as possible."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(prefix)
        block = raw * (1_000_000 // len(raw))
        for _ in range(10_000):
            connection.sendall(block)

    return script


def hang(connection: socket.socket) -> None:
    """Send nothing until the client or the test closes the connection."""
    while connection.recv(65536):
        pass


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip_tls(connection: socket.socket) -> None:
    """Send a TLS record byte by byte."""
    connection.recv(65536)
    connection.sendall(b"\x16\x03\x03\x3f\xff\x02")
    while True:
        connection.sendall(b"\x00")
        time.sleep(0.05)


def connect_proxy_to(port: int) -> ConnectionScript:
    """Act as a CONNECT proxy that connects every host to this port of 127.0.0.1."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as target:
            routes = {connection.fileno(): (connection, target), target.fileno(): (target, connection)}
            while True:
                for ready in select.select(list(routes), [], [])[0]:
                    source, sink = routes[ready]
                    data = source.recv(65536)
                    if not data:
                        return
                    sink.sendall(data)

    return script
