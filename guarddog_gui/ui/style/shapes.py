"""Shapes that the style and the painted rows have in common: rounded areas, focus rings, chevrons, check marks."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

CARD_RADIUS = 10
CONTROL_RADIUS = 6
BADGE_RADIUS = 4
FOCUS_WIDTH = 2


def fill_rounded(painter: QPainter, rect: QRect, radius: float, fill: QColor, border: QColor | None = None) -> None:
    """Fill a rectangle with round corners; the border is one pixel wide and inside of it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(rect), radius, radius)
    else:
        painter.setPen(QPen(border, 1))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def draw_focus_ring(painter: QPainter, rect: QRect, radius: float, colour: QColor) -> None:
    """Draw the ring around the widget that has the keyboard, inside of the rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, FOCUS_WIDTH))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def draw_chevron(painter: QPainter, rect: QRect, colour: QColor, *, direction: Qt.ArrowType) -> None:
    """Draw a small arrow in the centre of the rectangle."""
    centre = QRectF(rect).center()
    points = [QPointF(-3.5, -1.75), QPointF(0, 1.75), QPointF(3.5, -1.75)]
    if direction is Qt.ArrowType.UpArrow:
        points = [QPointF(p.x(), -p.y()) for p in points]
    elif direction is Qt.ArrowType.RightArrow:
        points = [QPointF(p.y(), p.x()) for p in points]
    elif direction is Qt.ArrowType.LeftArrow:
        points = [QPointF(-p.y(), p.x()) for p in points]
    _draw_stroke(painter, [centre + point for point in points], colour, 1.5)


def draw_check_mark(painter: QPainter, rect: QRect, colour: QColor) -> None:
    side = min(rect.width(), rect.height()) / 16
    origin = QRectF(rect).center() - QPointF(8, 8) * side
    points = [origin + QPointF(x, y) * side for x, y in ((4, 8.5), (7, 11.5), (12.25, 5.25))]
    _draw_stroke(painter, points, colour, 2 * side)


def _draw_stroke(painter: QPainter, points: list[QPointF], colour: QColor, width: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(points)
    painter.restore()
