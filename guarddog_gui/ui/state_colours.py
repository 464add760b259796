"""Colours of the states of a key, such as green for "fresh"."""

from PySide6.QtGui import QColor

from guarddog_gui.domain.refresh.status import KeyState

_STATE_COLOURS = {  # on a light and on a dark background
    KeyState.FRESH: ("#1a7f37", "#3fb950"),
    KeyState.DUE_SOON: ("#8a5a00", "#d29922"),
    KeyState.REFRESHING: ("#0969da", "#58a6ff"),
    KeyState.EXPIRED: ("#a40e26", "#ffa198"),
    KeyState.FAILED: ("#cf222e", "#ff7b72"),
    KeyState.OFFLINE: ("#57606a", "#9aa4ae"),
    KeyState.KEYRING_LOCKED: ("#7d3fd1", "#bc8cff"),
    KeyState.PAUSED: ("#57606a", "#9aa4ae"),
}


def state_colour(state: str, *, dark: bool) -> QColor:
    """Return the colour of a state on a light or dark background."""
    on_light, on_dark = _STATE_COLOURS[KeyState(state)]
    return QColor(on_dark if dark else on_light)
