"""Delegate that paints the rows of the tokens page: ring, coloured state, and buttons at the end."""

from enum import IntEnum
from textwrap import wrap

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from guarddog_gui.domain.refresh.status import KeyState, KeyStatus
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.model_index import Index
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import is_dark
from guarddog_gui.ui.tokens.model import AccountStatusRole, FractionLeftRole, KeyStatusRole, StateRole, TokenColumn
from guarddog_gui.ui.widgets.tables import ROW_HEIGHT, PaddedDelegate

RING_SIZE = 20
BUTTON_SIZE = 28
BUTTONS_MARGIN = 8
REVEALED_LINE_CHARS = 48  # characters per line of the tooltip with the full value


class RowButton(IntEnum):
    """Buttons at the end of a row, from the left; their icons have the same names."""

    COPY = 0
    REFRESH = 1
    MORE = 2


class TokenDelegate(PaddedDelegate):
    """Delegate for all columns; the model has a text for screen readers for everything painted here."""

    button_clicked = Signal(QModelIndex, int)  # index, RowButton

    def __init__(self, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._icons = icons
        self._hovered_button: tuple[QPersistentModelIndex, RowButton] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        if index.column() == TokenColumn.ACTIONS:
            return QSize(len(RowButton) * BUTTON_SIZE + BUTTONS_MARGIN, ROW_HEIGHT)
        return QSize(size.width(), ROW_HEIGHT)

    def is_name_cell(self, index: Index) -> bool:
        return index.column() == TokenColumn.NAME and index.data(KeyStatusRole) is None

    @property
    def hovered_button(self) -> RowButton | None:
        return self._hovered_button[1] if self._hovered_button is not None else None

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(KeyStatusRole) is None:
            option.font.setBold(index.column() == TokenColumn.NAME)
            if index.column() != TokenColumn.NAME:
                colour = option.palette.color(QPalette.ColorRole.PlaceholderText)
                if index.data(AccountStatusRole).failed_exports:
                    colour = _state_colour(KeyState.FAILED, option.palette)
                option.palette.setColor(QPalette.ColorRole.Text, colour)
            return
        if index.column() == TokenColumn.NAME:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(RING_SIZE, RING_SIZE)
        if index.column() == TokenColumn.STATE and not option.state & QStyle.StateFlag.State_Selected:
            colour = _state_colour(index.data(StateRole), option.palette)
            option.palette.setColor(QPalette.ColorRole.Text, colour)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        key = index.data(KeyStatusRole)
        if index.column() == TokenColumn.NAME and key is not None:
            self._paint_ring(painter, self.padded_option(option), index, key)
        elif index.column() == TokenColumn.ACTIONS:
            self._paint_buttons(painter, option, index)

    def _paint_ring(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, key: KeyStatus) -> None:
        """Paint the remaining part of the lifetime as an arc around the icon of the state."""
        item = QStyleOptionViewItem(option)
        self.initStyleOption(item, index)
        decoration = QStyle.SubElement.SE_ItemViewItemDecoration
        square = QRect(0, 0, RING_SIZE, RING_SIZE)
        square.moveCenter(option.widget.style().subElementRect(decoration, item, option.widget).center())
        ring = square.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Mid), 2))
        painter.drawEllipse(ring)
        fraction = index.data(FractionLeftRole)
        colour = _state_colour(key.state, option.palette)
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(ring, 90 * 16, round(fraction * 360 * 16))  # Qt counts sixteenths of a degree
        inner = square.adjusted(5, 5, -5, -5)
        dark = is_dark(option.palette, QPalette.ColorRole.Base)
        self._icons.state_icon(key.state, dark=dark, size=inner.width()).paint(painter, inner)
        painter.restore()

    def _paint_buttons(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        key = index.data(KeyStatusRole)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        text_role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        for button in RowButton:
            if key is None and button is RowButton.COPY:
                continue
            rect = button_rect(option.rect, button)
            is_hovered = self._hovered_button == (QPersistentModelIndex(index), button)
            if is_hovered:
                painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Midlight))
            enabled = button is not RowButton.COPY or (key is not None and key.record is not None)
            painter.setOpacity(1.0 if enabled else 0.35)
            colour = option.palette.color(QPalette.ColorRole.ButtonText if is_hovered else text_role)
            icon = self._icons.action_icon(button.name.lower(), colour)
            icon.paint(painter, rect.adjusted(6, 6, -6, -6))
            painter.setOpacity(1.0)

    def editorEvent(  # noqa: N802 - Qt's own name
        self, event: QEvent, _model: object, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if isinstance(event, QMouseEvent) and index.column() == TokenColumn.VALUE:
            self._show_full_value(event, index)
        if not isinstance(event, QMouseEvent) or index.column() != TokenColumn.ACTIONS:
            return False
        position = event.position().toPoint()
        button = next((b for b in RowButton if button_rect(option.rect, b).contains(position)), None)
        if event.type() is QEvent.Type.MouseMove:
            hovered = (QPersistentModelIndex(index), button) if button is not None else None
            if hovered != self._hovered_button and isinstance(option.widget, QAbstractItemView):
                self._hovered_button = hovered
                option.widget.viewport().update()
            return False
        is_left = event.button() is Qt.MouseButton.LeftButton
        if event.type() is QEvent.Type.MouseButtonRelease and is_left and button is not None:
            self.button_clicked.emit(index, int(button))
            return True
        return False

    @staticmethod
    def _show_full_value(event: QMouseEvent, index: Index) -> None:
        """Show the whole value in a tooltip while the mouse button is pressed on it."""
        key = index.data(KeyStatusRole)
        if event.type() is QEvent.Type.MouseButtonPress and key is not None and key.record is not None:
            lines = wrap(key.record.value, REVEALED_LINE_CHARS)
            QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines))
        elif event.type() is QEvent.Type.MouseButtonRelease:
            QToolTip.hideText()


def button_rect(row_rect: QRect, button: RowButton) -> QRect:
    """Return the rectangle of a button, in the coordinates of `row_rect`."""
    top = row_rect.top() + (row_rect.height() - BUTTON_SIZE) // 2
    return QRect(row_rect.left() + BUTTONS_MARGIN // 2 + int(button) * BUTTON_SIZE, top, BUTTON_SIZE, BUTTON_SIZE)


def _state_colour(state: KeyState, palette: QPalette) -> QColor:
    return state_colour(state, dark=is_dark(palette, QPalette.ColorRole.Base))
