"""A real `guarddogctl serve`, and clients that speak to its socket as they like."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit

from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

if TYPE_CHECKING:
    from guarddog_gui.sandbox.server import SandboxServer

TIMEOUT_S = 15.0


class ServeProcess:
    """The program with one account and a key for it, until the end of a `with`."""

    def __init__(self, home: Path, wechat: SandboxServer, *options: str, trust: str | None = None) -> None:
        self.ctl = SubprocessCli(home, wechat)
        assert self.ctl.add_account().returncode == 0
        self.appid = self.ctl.shop.appid
        self.key = self.add_key("tester")
        self.lines: list[str] = []
        self._options = options
        self._trust = trust

    def add_key(self, name: str, *options: str) -> str:
        added = self.ctl("serve", "keys", "add", name, *options)
        assert added.returncode == 0, added.stderr
        return added.stdout.strip()

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [GUARDDOGCTL, "serve", "--listen", "127.0.0.1:0", *self._options],
            env=self.ctl.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.base = self.process.stdout.readline().strip()
        self.port = urlsplit(self.base).port or 0
        self._reader = Thread(target=self._read)
        self._reader.start()
        return self

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self._reader.join()
            assert self.process.stderr is not None
            self.errors = self.process.stderr.read()
            self.process.stderr.close()
            self.process.stdout.close()  # type: ignore[union-attr]

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)
        if self._trust is None:
            return connection
        context = ssl.create_default_context(cafile=self._trust)
        return context.wrap_socket(connection, server_hostname="127.0.0.1")

    def send(self, data: bytes) -> bytes:
        """Send these bytes and return everything until the server closes the connection or is silent."""
        with self.connect() as connection:
            try:
                connection.sendall(data)
            except OSError:  # it has refused and closed already
                pass
            return read_all(connection)

    def get(self, path: str, *headers: str, **query: str) -> tuple[int, bytes]:
        """Return status and body."""
        target = f"{path}?{urlencode(query)}" if query else path
        lines = (f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close", *headers, "", "")
        return parse(self.send("\r\n".join(lines).encode()))

    def get_token(self) -> tuple[int, bytes]:
        return self.get("/v1/token", f"Authorization: Bearer {self.key}")

    def assert_serves(self, within_s: float = 2.0) -> float:
        """Check that a client with a key gets its token in time; return the seconds that it took."""
        started = time.monotonic()
        status, body = self.get_token()
        seconds = time.monotonic() - started
        assert (status, b"seconds_left" in body) == (200, True), body
        assert seconds < within_s
        return seconds


def read_all(connection: socket.socket) -> bytes:
    received = bytearray()
    try:
        while part := connection.recv(65_536):
            received += part
    except OSError:
        pass
    return bytes(received)


def parse(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head.startswith(b"HTTP/1.") else 0), body
