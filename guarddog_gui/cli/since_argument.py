"""The moment that `--since` names."""

import re
from datetime import datetime

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
