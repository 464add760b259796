"""Parsers of option values: paths, export targets, times."""

import re
from datetime import datetime
from pathlib import Path

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget, split_command
from guarddog_gui.domain.problems import InputProblem


def resolve_path_argument(text: str) -> str:
    """Return the absolute path, with ~ expanded.

    Raises FileError if the working directory is gone or the user of a ~ is unknown.
    """
    try:
        with translate_os_errors(text):
            return str(Path(text).expanduser().absolute())
    except RuntimeError as error:  # what pathlib raises for a user without a home
        raise FileError(text, "nobody here has such a home") from error


def parse_export_target(export_format: ExportFormat, text: str) -> ExportTarget:
    """Return the export target, with absolute paths.

    Raises FileError for an unusable path and BadInput for an empty or wrongly quoted command.
    """
    if export_format is not ExportFormat.COMMAND:
        return ExportTarget(export_format, text and resolve_path_argument(text))
    words = split_command(text)
    if not words:
        raise BadInput(InputProblem.UNCLOSED_QUOTE if text.strip() else InputProblem.EMPTY_COMMAND)
    program = resolve_path_argument(words[0]) if Path(words[0]).name != words[0] else words[0]
    return ExportTarget(export_format, command=(program, *words[1:]))


_AGO_PATTERN = re.compile(r"([0-9]{1,6})([smhdw])")
_UNIX_PATTERN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_since(text: str, now: float) -> float | None:
    """Return Unix seconds for `2h`, `7d`, Unix seconds or ISO 8601 (local without an offset), or None."""
    ago = _AGO_PATTERN.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _UNIT_SECONDS[ago[2]]
    if _UNIX_PATTERN.fullmatch(text):
        return float(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
