"""Areas: frames of lists and texts, menus and tooltips, rows of lists, tabs."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionFrame, QStyleOptionTab, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded

_State = QStyle.StateFlag


def draw_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return
    colours = colours_of(option.palette)
    has_focus = bool(option.state & _State.State_HasFocus) and widget is not None
    painter.save()
    painter.setPen(colours.accent if has_focus else colours.line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
    painter.restore()


def draw_popup_frame(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    """Draw the border of a menu or a tooltip, whose area has the colour of cards."""
    colours = colours_of(option.palette)
    painter.save()
    painter.setBrush(colours.card)
    painter.setPen(colours.control_border)
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
    painter.restore()


def draw_item(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    colours = colours_of(option.palette)
    if option.state & _State.State_Selected:
        painter.fillRect(option.rect, colours.accent_tint)
    elif option.state & _State.State_MouseOver and option.state & _State.State_Enabled:
        painter.fillRect(option.rect, colours.hover)


def draw_tab(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    colours = colours_of(option.palette)
    rect = option.rect.adjusted(0, 1, -4, -1)
    if option.state & _State.State_Selected:
        fill_rounded(painter, rect, CONTROL_RADIUS, colours.card, colours.control_border)
    elif option.state & _State.State_MouseOver:
        fill_rounded(painter, rect, CONTROL_RADIUS, colours.hover)
    if isinstance(option, QStyleOptionTab) and option.state & _State.State_HasFocus:
        draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)
