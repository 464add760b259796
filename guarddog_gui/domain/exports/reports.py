"""Outcome of the last write to each export target, and the file that stores it. No token is in it."""

import json
from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.exports.targets import ExportTarget, target_from_dict, target_to_dict
from guarddog_gui.domain.tokens.record import TokenKind

STATUS_FILE_SIZE_MAX = 256 * 1024  # bytes
_VERSION = 1
_WRITTEN_AT_MAX = 1e11  # Unix seconds; beyond the year 5000


class ExportErrorKind(StrEnum):
    """Reason why an export target did not get the current values."""

    FILE = "file"
    NOT_STARTED = "not-started"
    EXIT = "exit"
    DEADLINE = "deadline"
    CUT_OFF = "cut-off"  # Guard Dog was quit before the command ended


class ExportError(Struct, frozen=True):
    """Failure of a write; `detail` is a path and reason, a reason, or the exit code of the command."""

    kind: ExportErrorKind
    detail: str = ""


class ExportStatus(Struct, frozen=True):
    """Status of one export target.

    written_at             when it last received new values (Unix seconds); None if never
    generated_ms_by_kind   which values it has, identified by the `gen_time` of each
    error                  outcome of the last attempt; None if it succeeded
    """

    target: ExportTarget
    written_at: float | None = None
    generated_ms_by_kind: tuple[tuple[TokenKind, int], ...] = ()
    error: ExportError | None = None

    def is_up_to_date(self, generated_ms_by_kind: tuple[tuple[TokenKind, int], ...]) -> bool:
        return self.error is None and self.written_at is not None and self.generated_ms_by_kind == generated_ms_by_kind


def export_statuses(targets: tuple[ExportTarget, ...], stored: tuple[ExportStatus, ...]) -> tuple[ExportStatus, ...]:
    """Return a status for each of these targets from the stored ones; a new target gets an empty one."""
    known = {report.target: report for report in stored}
    return tuple(known.get(target, ExportStatus(target)) for target in targets)


def format_statuses(statuses: tuple[ExportStatus, ...]) -> str:
    items = [
        {
            **target_to_dict(report.target),
            "written_at": report.written_at,
            "gen_time": {kind.value: generated_ms for kind, generated_ms in report.generated_ms_by_kind},
            "fault": report.error.kind.value if report.error else None,
            "detail": report.error.detail if report.error else "",
        }
        for report in statuses
    ]
    return json.dumps({"version": _VERSION, "outlets": items}, ensure_ascii=False, indent=2) + "\n"


def parse_statuses(text: str) -> tuple[ExportStatus, ...]:
    """Read what can be read of the status file. A damaged file counts as empty: every target is written again."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    items = fields.get("outlets") if isinstance(fields, dict) else None
    read = map(_parse_status, items if isinstance(items, list) else ())
    return tuple(filter(None, read))


def _parse_status(item: object) -> ExportStatus | None:
    target = target_from_dict(item)
    if target is None or not isinstance(item, dict):
        return None
    at, gen_times, error_kind, detail = (item.get(name) for name in ("written_at", "gen_time", "fault", "detail"))
    if at is not None and (type(at) not in (int, float) or not 0 <= at < _WRITTEN_AT_MAX):
        return None
    if not isinstance(gen_times, dict) or not all(type(ms) is int for ms in gen_times.values()):
        return None
    generated_ms = tuple((kind, gen_times[kind.value]) for kind in TokenKind if kind.value in gen_times)
    if error_kind is None:
        return ExportStatus(target, at, generated_ms)
    if not isinstance(error_kind, str) or error_kind not in set(ExportErrorKind) or not isinstance(detail, str):
        return None
    return ExportStatus(target, at, generated_ms, ExportError(ExportErrorKind(error_kind), detail))
