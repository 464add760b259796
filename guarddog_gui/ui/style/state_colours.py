"""Colours of the states of a key, such as green for "fresh"."""

from PySide6.QtGui import QColor

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.ui.style.colours import DARK, LIGHT

_COLOUR_NAMES = {
    KeyState.FRESH: "ok",
    KeyState.DUE_SOON: "warn",
    KeyState.REFRESHING: "info",
    KeyState.EXPIRED: "bad",
    KeyState.FAILED: "bad",
    KeyState.OFFLINE: "dim",
    KeyState.KEYRING_LOCKED: "locked",
    KeyState.PAUSED: "dim",
}


def state_colour(state: str, *, dark: bool) -> QColor:
    """Return the colour of a state on a light or dark background."""
    colour: QColor = getattr(DARK if dark else LIGHT, _COLOUR_NAMES[KeyState(state)])
    return colour
