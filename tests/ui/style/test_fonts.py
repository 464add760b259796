"""Fonts follow the system's in size, whatever its unit."""

from PySide6.QtGui import QFont

from guarddog_gui.ui.style.fonts import TITLE, code_font, scaled_font, tabular_font


def test_sizes_in_pixels_and_in_points_are_scaled() -> None:
    pixels, points = QFont(), QFont()
    pixels.setPixelSize(13)
    points.setPointSizeF(9.75)
    assert scaled_font(pixels, TITLE).pixelSize() == 20
    assert scaled_font(points, TITLE).pointSizeF() == 15
    assert scaled_font(pixels, 1.0, QFont.Weight.Bold).weight() == QFont.Weight.Bold


def test_code_and_countdowns_have_their_fonts() -> None:
    assert code_font(QFont()).families() != QFont().families()
    assert tabular_font(QFont()).featureValue(QFont.Tag("tnum")) == 1
