"""What came of an outlet the last time, and the text in which that is kept: no value is in it."""

import json
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.exports.targets import Outlet, outlet_fields, outlet_of
from guarddog_gui.domain.tokens.record import TokenKind

SIZE_MAX = 256 * 1024  # bytes of a file
_VERSION = 1
_AT_MAX = 1e11  # Unix seconds; no calendar goes further


class OutletFault(StrEnum):
    """Why an outlet has not got what it should have."""

    FILE = "file"
    NOT_STARTED = "not-started"
    EXIT = "exit"
    DEADLINE = "deadline"
    CUT_OFF = "cut-off"  # Guard Dog was quit before the command had ended


@dataclass(frozen=True, slots=True)
class OutletTrouble:
    """`detail` is the path and the reason, the reason, or the code that the command ended with."""

    fault: OutletFault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutletReport:
    """How one outlet stands.

    `written_at` is when it last got something new (Unix seconds), None if never; `born_ms` says which values
    it has, by the `gen_time` of each; `trouble` is what came of the last attempt, None if that was good.
    """

    outlet: Outlet
    written_at: float | None = None
    born_ms: tuple[tuple[TokenKind, int], ...] = ()
    trouble: OutletTrouble | None = None

    def has(self, born_ms: tuple[tuple[TokenKind, int], ...]) -> bool:
        """Whether it got just these values, and nothing went wrong since."""
        return self.trouble is None and self.written_at is not None and self.born_ms == born_ms


def standing(outlets: tuple[Outlet, ...], kept: tuple[OutletReport, ...]) -> tuple[OutletReport, ...]:
    """One report for each of these outlets, of what is kept; a new one has nothing yet."""
    known = {report.outlet: report for report in kept}
    return tuple(known.get(outlet, OutletReport(outlet)) for outlet in outlets)


def to_text(reports: tuple[OutletReport, ...]) -> str:
    """What the file holds."""
    items = [
        {
            **outlet_fields(report.outlet),
            "written_at": report.written_at,
            "gen_time": {kind.value: born for kind, born in report.born_ms},
            "fault": report.trouble.fault.value if report.trouble else None,
            "detail": report.trouble.detail if report.trouble else "",
        }
        for report in reports
    ]
    return json.dumps({"version": _VERSION, "outlets": items}, ensure_ascii=False, indent=2) + "\n"


def from_text(text: str) -> tuple[OutletReport, ...]:
    """What can be read of a file; nothing, where it is damaged: then everything is written once more."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    items = fields.get("outlets") if isinstance(fields, dict) else None
    read = map(_report, items if isinstance(items, list) else ())
    return tuple(report for report in read if report is not None)


def _report(item: object) -> OutletReport | None:
    outlet = outlet_of(item)
    if outlet is None or not isinstance(item, dict):
        return None
    at, born, fault, detail = (item.get(name) for name in ("written_at", "gen_time", "fault", "detail"))
    if at is not None and (type(at) not in (int, float) or not 0 <= at < _AT_MAX):
        return None
    if not isinstance(born, dict) or not all(type(ms) is int for ms in born.values()):
        return None
    born_ms = tuple((kind, born[kind.value]) for kind in TokenKind if kind.value in born)
    if fault is None:
        return OutletReport(outlet, at, born_ms)
    if not isinstance(fault, str) or fault not in set(OutletFault) or not isinstance(detail, str):
        return None
    return OutletReport(outlet, at, born_ms, OutletTrouble(OutletFault(fault), detail))
