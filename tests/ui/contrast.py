"""Contrast of colours as WCAG 2 defines it."""

from PySide6.QtGui import QColor

TEXT_CONTRAST_MIN = 4.5  # WCAG 2.2, level AA
SIGN_CONTRAST_MIN = 3.0  # WCAG 1.4.11


def luminance(colour: QColor) -> float:
    """Return the relative luminance."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luminance_contrast(one: float, other: float) -> float:
    """Return the contrast ratio of two luminances, 1 to 21."""
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    return luminance_contrast(luminance(one), luminance(other))
