"""The ways in which the embedded WeChat can be told to fail, and the list of failures to come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

_HTTP = re.compile(r"http-([3-5][0-9]{2})")
_ERRCODE = re.compile(r"-?[0-9]{1,9}")


class How(StrEnum):
    """What goes wrong with a call. Those marked * happen after WeChat has done and counted it."""

    ERRCODE = "errcode"
    HTTP = "http"
    HTML = "html"  # a captive portal: HTTP 200 with its own page
    SAY = "say"  # HTTP 200 with a given body
    EMPTY = "empty"  # HTTP 200 with nothing
    REDIRECT = "redirect"
    HANG = "hang"  # nothing for some seconds, then the ordinary answer *
    STALL = "stall"  # half of the answer, nothing for some seconds, then the rest *
    DRIP = "drip"  # the answer spread over some seconds, byte for byte *
    CUT_OFF = "cut-off"  # half of the answer, then the end *
    WRONG_LENGTH = "wrong-length"  # a Content-Length that is one too small *
    RESET = "reset"  # TCP RST instead of an answer
    GARBAGE = "garbage"  # bytes that are no HTTP
    FLOOD = "flood"  # a body without end


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. `number` is the errcode or HTTP status, `text` the body to say or the place to go."""

    how: How
    number: int = 0
    seconds: float = 30.0
    text: str = ""


class Faults:
    """The failures to come, first planned, first taken. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._plans: list[_Plan] = []

    def fail(self, fault: Fault, times: int = 1, endpoint: str | None = None) -> None:
        """Let the next `times` calls fail; with `endpoint`, a path or its last part, only those to it."""
        with self._lock:
            self._plans.append(_Plan(fault, times, endpoint))

    def take(self, path: str) -> Fault | None:
        """How this call has to fail, if it has to; it counts as done."""
        with self._lock:
            plan = next((plan for plan in self._plans if plan.is_about(path)), None)
            if plan is None:
                return None
            plan.times -= 1
            if plan.times <= 0:
                self._plans.remove(plan)
            return plan.fault

    def clear(self) -> None:
        """Forget all that was planned; calls that hang already go on hanging."""
        with self._lock:
            self._plans.clear()

    def planned(self) -> Iterator[tuple[Fault, int, str | None]]:
        """What is still to come: fault, times, endpoint."""
        with self._lock:
            plans = [(plan.fault, plan.times, plan.endpoint) for plan in self._plans]
        yield from plans


@dataclass(slots=True, eq=False)
class _Plan:
    fault: Fault
    times: int
    endpoint: str | None

    def is_about(self, path: str) -> bool:
        return self.endpoint in {None, path, path.rpartition("/")[2]}


def named_fault(name: str, seconds: float = 30.0, text: str = "") -> Fault | None:
    """The fault with this name: an errcode such as `45009`, `http-503`, or a word of How; None for others."""
    if _ERRCODE.fullmatch(name):
        return Fault(How.ERRCODE, number=int(name))
    if status := _HTTP.fullmatch(name):
        return Fault(How.HTTP, number=int(status.group(1)))
    if name in {How.ERRCODE, How.HTTP} or name not in set(How):
        return None
    return Fault(How(name), seconds=seconds, text=text)
