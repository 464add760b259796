"""Fonts in proportion to the system's: titles, small texts, code, and digits that do not dance."""

from PySide6.QtGui import QFont, QFontDatabase

TITLE = 20 / 13
CARD_TITLE = 15 / 13
SMALL = 12 / 13
CAPTION = 11 / 13


def scaled_font(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font in another size and weight; sizes in pixels and in points are both scaled."""
    result = QFont(font)
    if font.pixelSize() > 0:
        result.setPixelSize(max(1, round(font.pixelSize() * factor)))
    elif font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * factor)
    result.setWeight(weight)
    return result


def code_font(font: QFont, factor: float = SMALL) -> QFont:
    """Return the system's monospace font in proportion to this font."""
    result = scaled_font(font, factor)
    result.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
    return result


def tabular_font(font: QFont, factor: float = 1.0, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """Return the font with digits of one width, so that a countdown does not move."""
    result = scaled_font(font, factor, weight)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
