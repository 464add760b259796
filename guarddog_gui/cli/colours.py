"""Colours of a terminal, for states only, and only where somebody sees them."""

from collections.abc import Mapping
from typing import TextIO

from guarddog_gui.domain.health import CheckStatus
from guarddog_gui.domain.refresh.status import KeyState

_SGR_CODES: dict[KeyState | CheckStatus, int] = {
    KeyState.FRESH: 32,
    KeyState.DUE_SOON: 33,
    KeyState.REFRESHING: 34,
    KeyState.EXPIRED: 31,
    KeyState.FAILED: 31,
    KeyState.OFFLINE: 90,
    KeyState.KEYRING_LOCKED: 35,
    KeyState.PAUSED: 90,
    CheckStatus.OK: 32,
    CheckStatus.WARNING: 33,
    CheckStatus.FAILED: 31,
    CheckStatus.NOT_CHECKED: 90,
}


def should_use_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether this stream shows colours: a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def colourize(text: str, state: KeyState | CheckStatus) -> str:
    """The text in the colour of a state."""
    return f"\x1b[{_SGR_CODES[state]}m{text}\x1b[0m"
