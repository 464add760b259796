"""Server between Guard Dog and the sandbox that disturbs the requests of chosen accounts."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

from tests.adapters.fault_server import ConnectionScript, FaultServer, close_socket, read_request

_APPID = re.compile(rb'"appid": ?"(wx[0-9a-f]+)"|[?&]appid=(wx[0-9a-f]+)')
REQUEST_MAX = 65536


class FaultFront:
    """Runs `faults[appid]` for a request of that account, and `handshake` before anything else, if they are set."""

    def __init__(self, sandbox_port: int) -> None:
        self.faults: dict[str, ConnectionScript] = {}
        self.handshake: Callable[[socket.socket], socket.socket | None] | None = None
        self.disturbed: dict[str, int] = {}
        self._sandbox_port = sandbox_port
        self.server = FaultServer(self._serve)

    def _serve(self, connection: socket.socket) -> None:
        if self.handshake is None:
            while self._answer(connection):
                pass
            return
        raw: socket.socket = connection._connection  # type: ignore[attr-defined]  # of the recording socket
        handshake = self.handshake
        secured = handshake(raw)
        if secured is None:
            return
        try:
            while self.handshake is handshake and self._answer(secured):
                pass
        finally:
            close_socket(secured)

    def _answer(self, connection: socket.socket) -> bool:
        request = self._peek(connection) if self.handshake is None else read_request(connection)
        if not request:
            return False
        found = _APPID.search(request)
        appid = (found[1] or found[2]).decode() if found else ""
        fault = self.faults.get(appid)
        if fault is not None:
            self.disturbed[appid] = self.disturbed.get(appid, 0) + 1
            fault(connection)
            return False
        if self.handshake is None:
            read_request(connection)
        connection.sendall(self._ask_sandbox(request))
        return True

    def _peek(self, connection: socket.socket) -> bytes:
        """Return the beginning of the next request, and leave it there for the script of a fault."""
        request = b""
        while b"\r\n\r\n" not in request or (b'"appid"' not in request and b"appid=" not in request):
            seen = connection.recv(REQUEST_MAX, socket.MSG_PEEK)
            if not seen or (seen == request and b"\r\n\r\n" in seen and seen.startswith(b"GET")):
                return seen
            request = seen
        return request

    def _ask_sandbox(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._sandbox_port)) as sandbox:
            sandbox.sendall(request)
            reply = b""
            while b"\r\n\r\n" not in reply:
                reply += sandbox.recv(REQUEST_MAX)
            head, _, body = reply.partition(b"\r\n\r\n")
            length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])  # type: ignore[index]
            while len(body) < length:
                body += sandbox.recv(REQUEST_MAX)
        return head + b"\r\n\r\n" + body
