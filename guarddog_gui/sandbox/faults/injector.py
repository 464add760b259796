"""Carries a planned failure out on one call."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from guarddog_gui.sandbox.faults.fault import Fault, How
from guarddog_gui.sandbox.faults.raw_connection import HangUp, Wire
from guarddog_gui.sandbox.response import Page

_PORTAL = "<!DOCTYPE html><title>Wi-Fi</title><h1>Welcome! Please sign in to use this network.</h1>"
_ELSEWHERE = "https://elsewhere.invalid/login"
_GARBAGE = bytes(range(128, 256))
_FLOOD = b" " * 65536
_GLANCE_S = 0.05  # how often a waiting call looks whether its client or the server has gone


class Damage:
    """Knows how each failure looks to the client. `stopping` ends every call that waits."""

    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping

    def done_to(self, answer: Callable[[], Page], fault: Fault, wire: Wire) -> Page:
        """The page to send instead of the answer; HangUp when the wire has said all there is to say."""
        match fault.how:
            case How.HTTP | How.HTML | How.SAY | How.EMPTY | How.REDIRECT:
                return _other_page(fault)
            case How.HANG:
                page = answer()
                self._wait(fault.seconds, wire)
                return page
            case How.RESET:
                wire.reset_at_close()
            case How.GARBAGE:
                wire.send(_GARBAGE)
            case How.FLOOD:
                wire.send(_head(None))
                while not self._stopping.is_set():
                    wire.send(_FLOOD)
            case _:
                self._send_badly(answer().body, fault, wire)
        raise HangUp

    def _send_badly(self, body: bytes, fault: Fault, wire: Wire) -> None:
        half = len(body) // 2
        match fault.how:
            case How.STALL:
                wire.send(_head(len(body)) + body[:half])
                self._wait(fault.seconds, wire)
                wire.send(body[half:])
            case How.DRIP:
                wire.send(_head(len(body)))
                for byte in body:
                    self._wait(fault.seconds / len(body), wire)
                    wire.send(bytes([byte]))
            case How.CUT_OFF:
                wire.send(_head(len(body)) + body[:half])
            case How.WRONG_LENGTH:
                wire.send(_head(len(body) - 1) + body)

    def _wait(self, seconds: float, wire: Wire) -> None:
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if self._stopping.wait(min(left, _GLANCE_S)) or wire.is_gone:
                raise HangUp


def _other_page(fault: Fault) -> Page:
    match fault.how:
        case How.HTTP:
            return Page(fault.number, f"<h1>{fault.number}</h1>".encode() if fault.number >= 400 else b"")
        case How.HTML:
            return Page(200, _PORTAL.encode())
        case How.REDIRECT:
            return Page(302, b"", headers=(("Location", fault.text or _ELSEWHERE),))
        case _:
            return Page(200, fault.text.encode("utf-8", "surrogatepass"), "application/json")


def _head(length: int | None) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json; encoding=utf-8", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()
