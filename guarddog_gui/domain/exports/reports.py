"""What came of an outlet the last time, and the text in which that is kept: no value is in it."""

import json
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.exports.targets import ExportTarget, target_from_dict, target_to_dict
from guarddog_gui.domain.tokens.record import TokenKind

STATUS_FILE_SIZE_MAX = 256 * 1024  # bytes
_VERSION = 1
_WRITTEN_AT_MAX = 1e11  # Unix seconds; no calendar goes further


class ExportErrorKind(StrEnum):
    """Why an outlet has not got what it should have."""

    FILE = "file"
    NOT_STARTED = "not-started"
    EXIT = "exit"
    DEADLINE = "deadline"
    CUT_OFF = "cut-off"  # Guard Dog was quit before the command had ended


@dataclass(frozen=True, slots=True)
class ExportError:
    """`detail` is the path and the reason, the reason, or the code that the command ended with."""

    kind: ExportErrorKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExportStatus:
    """How one outlet stands.

    `written_at` is when it last got something new (Unix seconds), None if never; `born_ms` says which values
    it has, by the `gen_time` of each; `trouble` is what came of the last attempt, None if that was good.
    """

    target: ExportTarget
    written_at: float | None = None
    generated_ms_by_kind: tuple[tuple[TokenKind, int], ...] = ()
    error: ExportError | None = None

    def is_up_to_date(self, generated_ms_by_kind: tuple[tuple[TokenKind, int], ...]) -> bool:
        """Whether it got just these values, and nothing went wrong since."""
        return (
            self.error is None
            and self.written_at is not None
            and self.generated_ms_by_kind == generated_ms_by_kind
        )


def export_statuses(
    targets: tuple[ExportTarget, ...], stored: tuple[ExportStatus, ...]
) -> tuple[ExportStatus, ...]:
    """One report for each of these outlets, of what is kept; a new one has nothing yet."""
    known = {report.target: report for report in stored}
    return tuple(known.get(outlet, ExportStatus(outlet)) for outlet in targets)


def format_statuses(statuses: tuple[ExportStatus, ...]) -> str:
    """What the file holds."""
    items = [
        {
            **target_to_dict(report.target),
            "written_at": report.written_at,
            "gen_time": {kind.value: born for kind, born in report.generated_ms_by_kind},
            "fault": report.error.kind.value if report.error else None,
            "detail": report.error.detail if report.error else "",
        }
        for report in statuses
    ]
    return json.dumps({"version": _VERSION, "outlets": items}, ensure_ascii=False, indent=2) + "\n"


def parse_statuses(text: str) -> tuple[ExportStatus, ...]:
    """What can be read of a file; nothing, where it is damaged: then everything is written once more."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    items = fields.get("outlets") if isinstance(fields, dict) else None
    read = map(_parse_status, items if isinstance(items, list) else ())
    return tuple(report for report in read if report is not None)


def _parse_status(item: object) -> ExportStatus | None:
    outlet = target_from_dict(item)
    if outlet is None or not isinstance(item, dict):
        return None
    at, born, fault, detail = (item.get(name) for name in ("written_at", "gen_time", "fault", "detail"))
    if at is not None and (type(at) not in (int, float) or not 0 <= at < _WRITTEN_AT_MAX):
        return None
    if not isinstance(born, dict) or not all(type(ms) is int for ms in born.values()):
        return None
    born_ms = tuple((kind, born[kind.value]) for kind in TokenKind if kind.value in born)
    if fault is None:
        return ExportStatus(outlet, at, born_ms)
    if not isinstance(fault, str) or fault not in set(ExportErrorKind) or not isinstance(detail, str):
        return None
    return ExportStatus(outlet, at, born_ms, ExportError(ExportErrorKind(fault), detail))
