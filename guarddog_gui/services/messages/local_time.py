"""Unix seconds as the clock on this person's wall shows them."""

from datetime import datetime

from guarddog_gui.services.ports import Clock

INVALID_TIME = "–"  # a file can carry a moment that no calendar has


class ShortTimeFormat:
    """Says moments in the local time zone; `clock` tells which day is today."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, timestamp: float) -> str:
        """`16:05`, or `2026-11-03 16:05` where it is another day."""
        moment, today = to_local_datetime(timestamp), to_local_datetime(self._clock())
        if moment is None:
            return INVALID_TIME
        same_day = today is not None and moment.date() == today.date()
        return f"{moment:%H:%M}" if same_day else f"{moment:%Y-%m-%d %H:%M}"


def format_timestamp(timestamp: float) -> str:
    """`2026-11-03 16:05:09`."""
    moment = to_local_datetime(timestamp)
    return INVALID_TIME if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def format_iso(timestamp: float) -> str | None:
    """`2026-11-03T16:05:09+08:00`; None for a moment that no calendar has."""
    moment = to_local_datetime(timestamp)
    return None if moment is None else moment.isoformat(timespec="seconds")


def to_local_datetime(timestamp: float) -> datetime | None:
    """The moment with its offset; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
