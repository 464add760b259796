"""Scroll bars: a thin handle without arrows, which uses the whole length."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.shapes import fill_rounded

SCROLL_BAR_WIDTH = 10
SLIDER_LENGTH_MIN = 32
_SubControl = QStyle.SubControl


def draw_scroll_bar(option: QStyleOptionSlider, painter: QPainter, _widget: QWidget | None) -> None:
    if option.minimum == option.maximum:
        return
    colours = colours_of(option.palette)
    handle = scroll_bar_rect(option, _SubControl.SC_ScrollBarSlider).adjusted(2, 2, -2, -2)
    is_active = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Sunken)
    colour = colours.dim if is_active else colours.field_border
    fill_rounded(painter, handle, min(handle.width(), handle.height()) / 2, colour)


def scroll_bar_rect(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Return a part of a scroll bar; the arrows are empty."""
    rect = option.rect
    is_horizontal = option.orientation is Qt.Orientation.Horizontal
    length = rect.width() if is_horizontal else rect.height()
    steps = option.maximum - option.minimum
    handle_length = length
    if steps > 0:
        handle_length = min(length, max(SLIDER_LENGTH_MIN, length * option.pageStep // (steps + option.pageStep)))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - handle_length, option.upsideDown
    )
    spans = {
        _SubControl.SC_ScrollBarGroove: (0, length),
        _SubControl.SC_ScrollBarSlider: (start, handle_length),
        _SubControl.SC_ScrollBarSubPage: (0, start),
        _SubControl.SC_ScrollBarAddPage: (start + handle_length, length - start - handle_length),
    }
    offset, extent = spans.get(part, (0, 0))
    if is_horizontal:
        horizontal = QRect(rect.left() + offset, rect.top(), extent, rect.height())
        return QStyle.visualRect(option.direction, rect, horizontal)
    return QRect(rect.left(), rect.top() + offset, rect.width(), extent)
