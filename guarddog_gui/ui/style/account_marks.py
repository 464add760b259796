"""Marks by which accounts are told apart: the tile with a letter, the environment, the ring of a key, the dot."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from guarddog_gui.domain.accounts.account import Account, AccountColour, Environment
from guarddog_gui.ui.style.colours import Colours
from guarddog_gui.ui.style.fonts import scaled_font
from guarddog_gui.ui.style.shapes import BADGE_RADIUS, CONTROL_RADIUS, fill_rounded

BADGE_PADDING = 8
BADGE_HEIGHT = 20
RING_WIDTH = 2.5

_TILE_INK = QColor("#ffffff")
_TILE_COLOURS = {  # white text has at least 4.5 : 1 on each
    AccountColour.RED: QColor("#b3422e"),
    AccountColour.ORANGE: QColor("#a05a0c"),
    AccountColour.BROWN: QColor("#8a5a2b"),
    AccountColour.OLIVE: QColor("#66702c"),
    AccountColour.GREEN: QColor("#2c7a3f"),
    AccountColour.TEAL: QColor("#1f7a74"),
    AccountColour.BLUE: QColor("#2f6bb8"),
    AccountColour.INDIGO: QColor("#3f55c6"),
    AccountColour.PURPLE: QColor("#6b47ab"),
    AccountColour.PINK: QColor("#a83a78"),
}


def tile_colour(colour: AccountColour) -> QColor:
    return _TILE_COLOURS[colour]


def paint_tile(painter: QPainter, rect: QRect, account: Account) -> None:
    """Paint the tile: the first letter of the name on the colour of the account."""
    fill_rounded(painter, rect, min(CONTROL_RADIUS, rect.width() / 4), tile_colour(account.tile_colour))
    painter.save()
    font = QFont(painter.font())
    font.setPixelSize(max(8, round(rect.height() * 0.5)))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(_TILE_INK)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, account.initial)
    painter.restore()


def environment_colours(environment: Environment, colours: Colours) -> tuple[QColor, QColor]:
    """Return the colours of the text and of the area of a badge."""
    if environment is Environment.PRODUCTION:
        return colours.bad, colours.bad_tint
    return colours.info, colours.info_tint


def badge_size(text: str, font: QFont) -> QSize:
    metrics = QFontMetrics(badge_font(font))
    return QSize(metrics.horizontalAdvance(text) + 2 * BADGE_PADDING, max(BADGE_HEIGHT, metrics.height() + 4))


def badge_font(font: QFont) -> QFont:
    return scaled_font(font, 11 / 13, QFont.Weight.Bold)


def paint_badge(painter: QPainter, rect: QRect, text: str, ink: QColor, tint: QColor) -> None:
    """Paint a short text in capitals on an area of its colour; the painter has the font of the widget."""
    fill_rounded(painter, rect, BADGE_RADIUS, tint)
    painter.save()
    painter.setFont(badge_font(painter.font()))
    painter.setPen(ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_ring(
    painter: QPainter, rect: QRect, fraction: float, ink: QColor, track: QColor, width: float = RING_WIDTH
) -> None:
    """Paint a circle of which the given fraction (0 to 1) is in `ink`, clockwise from the top."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2
    circle = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, width))
    painter.drawEllipse(circle)
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    span = round(min(1.0, max(0.0, fraction)) * 360 * 16)  # Qt counts sixteenths of a degree
    painter.drawArc(circle, 90 * 16, span)
    painter.restore()


def paint_dot(painter: QPainter, centre_x: int, centre_y: int, colour: QColor) -> None:
    fill_rounded(painter, QRect(centre_x - 4, centre_y - 4, 8, 8), 4, colour)
