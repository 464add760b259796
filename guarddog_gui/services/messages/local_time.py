"""Formats Unix seconds in the local time zone."""

from datetime import datetime

from guarddog_gui.services.ports import Clock

INVALID_TIME = "–"  # shown for a time in a file that no calendar has


class ShortTimeFormat:
    """Format for times of today and of other days; `clock` returns the current time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, timestamp: float) -> str:
        """Return `16:05`, or `2026-11-03 16:05` for another day."""
        moment, today = to_local_datetime(timestamp), to_local_datetime(self._clock())
        if moment is None:
            return INVALID_TIME
        same_day = today is not None and moment.date() == today.date()
        return f"{moment:%H:%M}" if same_day else f"{moment:%Y-%m-%d %H:%M}"


def format_timestamp(timestamp: float) -> str:
    """Return `2026-11-03 16:05:09`."""
    moment = to_local_datetime(timestamp)
    return INVALID_TIME if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def format_iso(timestamp: float) -> str | None:
    """Return `2026-11-03T16:05:09+08:00`; None for a time that no calendar has."""
    moment = to_local_datetime(timestamp)
    return None if moment is None else moment.isoformat(timespec="seconds")


def to_local_datetime(timestamp: float) -> datetime | None:
    """Return the time with its UTC offset; None for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
