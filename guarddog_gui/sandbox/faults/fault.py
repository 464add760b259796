"""Faults that the sandbox can simulate, and the plan of faults for the next calls."""

import re
from enum import StrEnum
from threading import Lock

from msgspec import Struct

_HTTP_NAME = re.compile(r"http-([3-5][0-9]{2})")
_ERRCODE_NAME = re.compile(r"-?[0-9]{1,9}")


class FaultKind(StrEnum):
    """Kind of fault, by its name in the control interface. Marked *: WeChat executes and counts the call."""

    ERRCODE = "errcode"
    HTTP_STATUS = "http"
    CAPTIVE_PORTAL = "html"  # HTTP 200 with the login page of a captive portal
    CUSTOM_BODY = "say"  # HTTP 200 with a given body
    EMPTY_BODY = "empty"  # HTTP 200 with an empty body
    REDIRECT = "redirect"
    HANG = "hang"  # nothing for `seconds`, then the normal answer *
    STALL = "stall"  # half of the answer, nothing for `seconds`, then the rest *
    DRIP = "drip"  # the answer byte by byte over `seconds` *
    CUT_OFF = "cut-off"  # half of the answer, then the connection closes *
    WRONG_LENGTH = "wrong-length"  # Content-Length is one too small *
    RESET = "reset"  # TCP RST instead of an answer
    GARBAGE = "garbage"  # bytes that are not HTTP
    FLOOD = "flood"  # an endless body


NAMED_FAULTS = tuple(kind for kind in FaultKind if kind not in (FaultKind.ERRCODE, FaultKind.HTTP_STATUS))


class Fault(Struct, frozen=True):
    """A fault: `number` is the errcode or HTTP status, `text` the body to send or the URL to redirect to."""

    kind: FaultKind
    number: int = 0
    seconds: float = 30.0
    text: str = ""


class FaultPlan:
    """Queue of planned faults, first in, first out. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._plans: list[_PlannedFault] = []

    def add(self, fault: Fault, times: int = 1, endpoint: str | None = None) -> None:
        """Let the next `times` calls fail; with `endpoint` (a path or its last part), only calls to it."""
        with self._lock:
            self._plans.append(_PlannedFault(fault, times, endpoint))

    def pop_next(self, path: str) -> Fault | None:
        """Take the next fault planned for calls to `path` from the queue; None if there is none."""
        with self._lock:
            plan = next((plan for plan in self._plans if plan.applies_to(path)), None)
            if plan is None:
                return None
            plan.times -= 1
            if plan.times <= 0:
                self._plans.remove(plan)
            return plan.fault

    def clear(self) -> None:
        """Remove all planned faults; calls that are already failing continue to."""
        with self._lock:
            self._plans.clear()

    def pending(self) -> list[tuple[Fault, int, str | None]]:
        """Return the planned faults with their remaining number of times and their endpoint."""
        with self._lock:
            return [(plan.fault, plan.times, plan.endpoint) for plan in self._plans]


class _PlannedFault(Struct, eq=False):
    fault: Fault
    times: int
    endpoint: str | None

    def applies_to(self, path: str) -> bool:
        return self.endpoint in {None, path, path.rpartition("/")[2]}


def parse_fault(name: str, seconds: float = 30.0, text: str = "") -> Fault | None:
    """Parse an errcode such as `45009`, `http-503` or one of NAMED_FAULTS; None for anything else."""
    if _ERRCODE_NAME.fullmatch(name):
        return Fault(FaultKind.ERRCODE, number=int(name))
    if status := _HTTP_NAME.fullmatch(name):
        return Fault(FaultKind.HTTP_STATUS, number=int(status.group(1)))
    return None if name not in NAMED_FAULTS else Fault(FaultKind(name), seconds=seconds, text=text)
