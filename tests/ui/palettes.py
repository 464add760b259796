"""Palettes of the two themes."""

from PySide6.QtGui import QPalette

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette


def palette_of(theme: Theme) -> QPalette:
    return make_palette(DARK if theme is Theme.DARK else LIGHT)
