"""A server on 127.0.0.1 that answers as badly as it is told to."""

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

ConnectionScript = Callable[[socket.socket], None]  # what happens on one connection

STATUS_OK = b"HTTP/1.1 200 OK\r\n"
TOKEN_BODY = b'{"access_token":"NEWTOKEN-0123456789","expires_in":7200}'


class FaultServer:
    """Plays one scene for each connection, the last one for ever. `heard` has the requests."""

    def __init__(self, *scenes: ConnectionScript, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self._scripts = scenes
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
            assert not thread.is_alive(), "a scene of the fault server does not end"

    def _start_thread(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            scene = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            self._sockets.append(connection)
            self._start_thread(self._run_script, scene, connection)

    def _run_script(self, script: ConnectionScript, connection: socket.socket) -> None:
        used = connection
        try:
            if self._tls:
                used = self._tls.wrap_socket(connection, server_side=True)
                self._sockets.append(used)
            script(_RecordingSocket(used, self.received))  # type: ignore[arg-type]  # it does all that scenes need
        except (OSError, ValueError):
            pass  # the client has gone
        finally:
            close_socket(used)
            self._sockets = [one for one in self._sockets if one.fileno() != -1]


class _RecordingSocket:
    """A connection that notes what it hears."""

    def __init__(self, connection: socket.socket, received: list[bytes]) -> None:
        self._connection = connection
        self._received = received

    def recv(self, size: int) -> bytes:
        piece = self._connection.recv(size)
        self._received.append(piece)
        return piece

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def close_socket(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Headers and body; empty if the client has gone."""
    text = b""
    while b"\r\n\r\n" not in text:
        piece = connection.recv(65536)
        if not piece:
            return b""
        text += piece
    head, _, body = text.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    ]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http_response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed reply; a header given here takes the place of Content-Length."""
    lines = [f"HTTP/1.1 {status}", *(headers or (f"Content-Length: {len(body)}",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def reply_with(raw: bytes) -> ConnectionScript:
    """Hear the request, say this, close."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)

    return scene


def reply_to_each(*replies: bytes) -> ConnectionScript:
    """One connection, one request for each of these, then close."""

    def scene(connection: socket.socket) -> None:
        for raw in replies:
            if not read_request(connection):
                return
            connection.sendall(raw)

    return scene


def reply_then_hang(raw: bytes = b"") -> ConnectionScript:
    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        hang(connection)

    return scene


def reply_then_reset(raw: bytes = b"") -> ConnectionScript:
    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        reset(connection)

    return scene


def drip(raw: bytes, prefix: bytes = b"", *, interval_s: float = 0.05) -> ConnectionScript:
    """Say `after` at once, then the rest byte by byte without end."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(prefix)
        while True:
            for each in raw:
                connection.sendall(bytes([each]))
                time.sleep(interval_s)

    return scene


def flood(raw: bytes, prefix: bytes) -> ConnectionScript:
    """Say `after`, then `raw` as fast as it goes, 10 GB of it."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(prefix)
        block = raw * (1_000_000 // len(raw))
        for _ in range(10_000):
            connection.sendall(block)

    return scene


def hang(connection: socket.socket) -> None:
    """Until the client or the test ends it."""
    while connection.recv(65536):
        pass


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip_tls(connection: socket.socket) -> None:
    """The start of a TLS record that takes its time."""
    connection.recv(65536)
    connection.sendall(b"\x16\x03\x03\x3f\xff\x02")
    while True:
        connection.sendall(b"\x00")
        time.sleep(0.05)


def connect_proxy_to(port: int) -> ConnectionScript:
    """A CONNECT proxy for which every host is 127.0.0.1 with that port."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as target:
            ways = {connection.fileno(): (connection, target), target.fileno(): (target, connection)}
            while True:
                for ready in select.select(list(ways), [], [])[0]:
                    source, sink = ways[ready]
                    piece = source.recv(65536)
                    if not piece:
                        return
                    sink.sendall(piece)

    return scene
