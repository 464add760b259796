"""Values of options that need more than a string: paths, export targets, times."""

import re
from datetime import datetime
from pathlib import Path

from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.domain.errors import BadInput, FileTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm, command_in


def typed_path(text: str) -> str:
    """The full path, ~ being the home. Raises FileTrouble in a folder that is gone, and for a ~ of nobody."""
    try:
        with troubles_of(text):
            return str(Path(text).expanduser().absolute())
    except RuntimeError as homeless:  # what pathlib raises for a user without a home
        raise FileTrouble(text, "nobody here has such a home") from homeless


def outlet_in(form: OutletForm, text: str) -> Outlet:
    """The outlet, with full paths. Raises FileTrouble, and BadInput for a command that is none."""
    if form is not OutletForm.COMMAND:
        return Outlet(form, text and typed_path(text))
    words = command_in(text)
    if not words:
        raise BadInput("bad-outlet-quote" if text.strip() else "outlet-command-empty")
    program = typed_path(words[0]) if Path(words[0]).name != words[0] else words[0]
    return Outlet(form, command=(program, *words[1:]))


_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_UNIX = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def moment(text: str, now: float) -> float | None:
    """Unix seconds for `2h`, `7d`, Unix seconds, or ISO 8601 (local where it has no offset); else None."""
    ago = _AGO.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _SECONDS[ago[2]]
    if _UNIX.fullmatch(text):
        return float(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
