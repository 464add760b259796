"""The ways in which the embedded WeChat can be told to fail, and the list of failures to come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

_HTTP_NAME = re.compile(r"http-([3-5][0-9]{2})")
_ERRCODE_NAME = re.compile(r"-?[0-9]{1,9}")


class FaultKind(StrEnum):
    """What goes wrong with a call. Those marked * happen after WeChat has done and counted it."""

    ERRCODE = "errcode"
    HTTP_STATUS = "http"
    CAPTIVE_PORTAL = "html"  # a captive portal: HTTP 200 with its own page
    CUSTOM_BODY = "say"  # HTTP 200 with a given body
    EMPTY_BODY = "empty"  # HTTP 200 with nothing
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

    kind: FaultKind
    number: int = 0
    seconds: float = 30.0
    text: str = ""


class FaultPlan:
    """The failures to come, first planned, first taken. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._plans: list[_PlannedFault] = []

    def add(self, fault: Fault, times: int = 1, endpoint: str | None = None) -> None:
        """Let the next `times` calls fail; with `endpoint`, a path or its last part, only those to it."""
        with self._lock:
            self._plans.append(_PlannedFault(fault, times, endpoint))

    def pop_next(self, path: str) -> Fault | None:
        """How this call has to fail, if it has to; it counts as done."""
        with self._lock:
            plan = next((plan for plan in self._plans if plan.applies_to(path)), None)
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

    def pending(self) -> Iterator[tuple[Fault, int, str | None]]:
        """What is still to come: fault, times, endpoint."""
        with self._lock:
            plans = [(plan.fault, plan.times, plan.endpoint) for plan in self._plans]
        yield from plans


@dataclass(slots=True, eq=False)
class _PlannedFault:
    fault: Fault
    times: int
    endpoint: str | None

    def applies_to(self, path: str) -> bool:
        return self.endpoint in {None, path, path.rpartition("/")[2]}


def parse_fault(name: str, seconds: float = 30.0, text: str = "") -> Fault | None:
    """The fault with this name: an errcode such as `45009`, `http-503`, or a word of How; None for others."""
    if _ERRCODE_NAME.fullmatch(name):
        return Fault(FaultKind.ERRCODE, number=int(name))
    if status := _HTTP_NAME.fullmatch(name):
        return Fault(FaultKind.HTTP_STATUS, number=int(status.group(1)))
    if name in {FaultKind.ERRCODE, FaultKind.HTTP_STATUS} or name not in set(FaultKind):
        return None
    return Fault(FaultKind(name), seconds=seconds, text=text)
