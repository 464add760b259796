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

Scene = Callable[[socket.socket], None]  # what happens on one connection

OK = b"HTTP/1.1 200 OK\r\n"
GRANT = b'{"access_token":"NEWTOKEN-0123456789","expires_in":7200}'


class FaultServer:
    """Plays one scene for each connection, the last one for ever. `heard` has the requests."""

    def __init__(self, *scenes: Scene, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self._scenes = scenes
        self._tls = tls
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shut(self._listener)
        for connection in list(self._open):
            shut(connection)
        for thread in list(self._threads):
            thread.join(5)
            assert not thread.is_alive(), "a scene of the fault server does not end"

    def _start(self, target: Callable[..., None], *args: object) -> None:
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
            scene = self._scenes[min(self.connections, len(self._scenes) - 1)]
            self.connections += 1
            self._open.append(connection)
            self._start(self._play, scene, connection)

    def _play(self, scene: Scene, connection: socket.socket) -> None:
        used = connection
        try:
            if self._tls:
                used = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(used)
            scene(_Noting(used, self.heard))  # type: ignore[arg-type]  # it does all that scenes need
        except (OSError, ValueError):
            pass  # the client has gone
        finally:
            shut(used)
            self._open = [one for one in self._open if one.fileno() != -1]


class _Noting:
    """A connection that notes what it hears."""

    def __init__(self, connection: socket.socket, heard: list[bytes]) -> None:
        self._connection = connection
        self._heard = heard

    def recv(self, size: int) -> bytes:
        piece = self._connection.recv(size)
        self._heard.append(piece)
        return piece

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def shut(connection: socket.socket) -> None:
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


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed reply; a header given here takes the place of Content-Length."""
    lines = [f"HTTP/1.1 {status}", *(headers or (f"Content-Length: {len(body)}",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def say(raw: bytes) -> Scene:
    """Hear the request, say this, close."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)

    return scene


def say_on_and_on(*raws: bytes) -> Scene:
    """One connection, one request for each of these, then close."""

    def scene(connection: socket.socket) -> None:
        for raw in raws:
            if not read_request(connection):
                return
            connection.sendall(raw)

    return scene


def say_and_hang(raw: bytes = b"") -> Scene:
    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        hang(connection)

    return scene


def say_and_reset(raw: bytes = b"") -> Scene:
    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)
        reset(connection)

    return scene


def drip(raw: bytes, after: bytes = b"", *, every_s: float = 0.05) -> Scene:
    """Say `after` at once, then the rest byte by byte without end."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(after)
        while True:
            for each in raw:
                connection.sendall(bytes([each]))
                time.sleep(every_s)

    return scene


def pour(raw: bytes, after: bytes) -> Scene:
    """Say `after`, then `raw` as fast as it goes, 10 GB of it."""

    def scene(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(after)
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


def tunnel_to(port: int) -> Scene:
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
