"""Unix seconds as the clock on this person's wall shows them."""

from datetime import datetime

from guarddog_gui.services.ports import Clock

UNREADABLE = "–"  # a file can carry a moment that no calendar has


class LocalTime:
    """Says moments in the local time zone; `clock` tells which day is today."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, at: float) -> str:
        """`16:05`, or `2026-11-03 16:05` where it is another day."""
        moment, today = local(at), local(self._clock())
        if moment is None:
            return UNREADABLE
        same_day = today is not None and moment.date() == today.date()
        return f"{moment:%H:%M}" if same_day else f"{moment:%Y-%m-%d %H:%M}"


def stamp(at: float) -> str:
    """`2026-11-03 16:05:09`."""
    moment = local(at)
    return UNREADABLE if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def iso(at: float) -> str | None:
    """`2026-11-03T16:05:09+08:00`; None for a moment that no calendar has."""
    moment = local(at)
    return None if moment is None else moment.isoformat(timespec="seconds")


def local(at: float) -> datetime | None:
    """The moment with its offset; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(at).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
