"""Execution of a planned fault on one call."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.faults.raw_connection import CloseConnection, RawConnection
from guarddog_gui.sandbox.http_messages import HttpResponse

_CAPTIVE_PORTAL_HTML = "<!DOCTYPE html><title>Wi-Fi</title><h1>Welcome! Please sign in to use this network.</h1>"
_REDIRECT_URL = "https://elsewhere.invalid/login"
_GARBAGE = bytes(range(128, 256))
_FLOOD_CHUNK = b" " * 65536
_POLL_S = 0.05  # interval at which a waiting call checks if its client or the server has gone


class FaultInjector:
    """Simulation of each fault as the client sees it. `stopping` ends every waiting call."""

    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping

    def inject(
        self, make_response: Callable[[], HttpResponse], fault: Fault, connection: RawConnection
    ) -> HttpResponse:
        """Return the response to send. Raises CloseConnection if everything has been sent already."""
        match fault.kind:
            case (
                FaultKind.HTTP_STATUS
                | FaultKind.CAPTIVE_PORTAL
                | FaultKind.CUSTOM_BODY
                | FaultKind.EMPTY_BODY
                | FaultKind.REDIRECT
            ):
                return _replacement_response(fault)
            case FaultKind.HANG:
                response = make_response()
                self._wait(fault.seconds, connection)
                return response
            case FaultKind.RESET:
                connection.reset_at_close()
            case FaultKind.GARBAGE:
                connection.send(_GARBAGE)
            case FaultKind.FLOOD:
                connection.send(_response_head(None))
                while not self._stopping.is_set():
                    connection.send(_FLOOD_CHUNK)
            case _:
                self._send_broken(make_response().body, fault, connection)
        raise CloseConnection

    def _send_broken(self, body: bytes, fault: Fault, connection: RawConnection) -> None:
        half = len(body) // 2
        match fault.kind:
            case FaultKind.STALL:
                connection.send(_response_head(len(body)) + body[:half])
                self._wait(fault.seconds, connection)
                connection.send(body[half:])
            case FaultKind.DRIP:
                connection.send(_response_head(len(body)))
                for byte in body:
                    self._wait(fault.seconds / len(body), connection)
                    connection.send(bytes([byte]))
            case FaultKind.CUT_OFF:
                connection.send(_response_head(len(body)) + body[:half])
            case FaultKind.WRONG_LENGTH:
                connection.send(_response_head(len(body) - 1) + body)

    def _wait(self, seconds: float, connection: RawConnection) -> None:
        deadline = monotonic() + seconds
        while (remaining := deadline - monotonic()) > 0:
            if self._stopping.wait(min(remaining, _POLL_S)) or connection.is_disconnected:
                raise CloseConnection


def _replacement_response(fault: Fault) -> HttpResponse:
    match fault.kind:
        case FaultKind.HTTP_STATUS:
            return HttpResponse(fault.number, f"<h1>{fault.number}</h1>".encode() if fault.number >= 400 else b"")
        case FaultKind.CAPTIVE_PORTAL:
            return HttpResponse(200, _CAPTIVE_PORTAL_HTML.encode())
        case FaultKind.REDIRECT:
            return HttpResponse(302, b"", headers=(("Location", fault.text or _REDIRECT_URL),))
        case _:
            return HttpResponse(200, fault.text.encode("utf-8", "surrogatepass"), "application/json")


def _response_head(length: int | None) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json; encoding=utf-8", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()
