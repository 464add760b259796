"""Colours of a terminal, for states only, and only where somebody sees them."""

from collections.abc import Mapping
from typing import TextIO

from guarddog_gui.domain.health import Health
from guarddog_gui.domain.refresh.status import State

_CODES: dict[State | Health, int] = {
    State.FRESH: 32,
    State.DUE_SOON: 33,
    State.REFRESHING: 34,
    State.EXPIRED: 31,
    State.FAILED: 31,
    State.OFFLINE: 90,
    State.KEYRING_LOCKED: 35,
    State.PAUSED: 90,
    Health.OK: 32,
    Health.DOUBTFUL: 33,
    Health.BAD: 31,
    Health.NOT_CHECKED: 90,
}


def are_wanted(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether this stream shows colours: a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def in_colour(text: str, state: State | Health) -> str:
    """The text in the colour of a state."""
    return f"\x1b[{_CODES[state]}m{text}\x1b[0m"
