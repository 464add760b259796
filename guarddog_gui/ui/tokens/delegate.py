"""Paints the rows of the tokens page: ring, state in its colour, and the buttons at the end of each row."""

from enum import IntEnum
from textwrap import wrap

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from guarddog_gui.domain.refresh.status import KeyState, KeyStatus
from guarddog_gui.ui.icons import Icons, state_colour
from guarddog_gui.ui.tokens.model import AccountStatusRole, KeyStatusRole, StateRole, TokenColumn, TokensModel
from guarddog_gui.ui.widgets.padded_delegate import ROW_HEIGHT, PaddedDelegate

RING_SIZE = 20
BUTTON_SIZE = 28
BUTTONS_MARGIN = 8
REVEALED_LINE_CHARS = 48  # characters in a line of a revealed value

Index = QModelIndex | QPersistentModelIndex


class RowButton(IntEnum):
    """The buttons at the end of a row, from the left."""

    COPY = 0
    REFRESH = 1
    MORE = 2


_ICON_NAMES = {RowButton.COPY: "copy", RowButton.REFRESH: "refresh", RowButton.MORE: "more"}


class TokenDelegate(PaddedDelegate):
    """One delegate for all columns; everything it paints is also in the model's text for screen readers."""

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

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(KeyStatusRole) is None:
            option.font.setBold(index.column() == TokenColumn.NAME)
            if index.column() != TokenColumn.NAME:
                colour = option.palette.color(QPalette.ColorRole.PlaceholderText)
                if index.data(AccountStatusRole).failed_exports:
                    colour = state_colour(KeyState.FAILED, dark=_is_dark(option.palette))
                option.palette.setColor(QPalette.ColorRole.Text, colour)
            return
        if index.column() == TokenColumn.NAME:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(RING_SIZE, RING_SIZE)
        if index.column() == TokenColumn.STATE and not option.state & QStyle.StateFlag.State_Selected:
            option.palette.setColor(
                QPalette.ColorRole.Text, state_colour(index.data(StateRole), dark=_is_dark(option.palette))
            )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        key = index.data(KeyStatusRole)
        if index.column() == TokenColumn.NAME and key is not None:
            self._paint_ring(painter, self.padded_option(option), index, key)
        elif index.column() == TokenColumn.ACTIONS:
            self._paint_buttons(painter, option, index)

    def _paint_ring(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, key: KeyStatus
    ) -> None:
        """The share of the life that is left, as an arc around the shape of the state."""
        style = option.widget.style()
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, styled, option.widget)
        square = QRect(0, 0, RING_SIZE, RING_SIZE)
        square.moveCenter(place.center())
        dark = _is_dark(option.palette)
        colour = state_colour(key.state, dark=dark)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = option.palette.color(QPalette.ColorRole.Mid)
        arc = square.adjusted(1, 1, -1, -1)
        painter.setPen(QPen(track, 2))
        painter.drawEllipse(arc)
        share = self._tokens_model(index).fraction_left(key)
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(arc, 90 * 16, round(share * 360 * 16))
        inner = square.adjusted(5, 5, -5, -5)
        self._icons.state_icon(key.state, dark=dark, size=inner.width()).paint(painter, inner)
        painter.restore()

    def _paint_buttons(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        key = index.data(KeyStatusRole)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        on_row = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        for button in RowButton:
            if key is None and button is RowButton.COPY:
                continue
            place = button_rect(option.rect, button)
            is_hovered = self._hovered_button == (QPersistentModelIndex(index), button)
            if is_hovered:
                painter.fillRect(place, option.palette.color(QPalette.ColorRole.Midlight))
            enabled = button is not RowButton.COPY or (key is not None and key.record is not None)
            painter.setOpacity(1.0 if enabled else 0.35)
            ink = option.palette.color(QPalette.ColorRole.ButtonText if is_hovered else on_row)
            picture = self._icons.action_icon(_ICON_NAMES[button], ink)
            picture.paint(painter, place.adjusted(6, 6, -6, -6))
            painter.setOpacity(1.0)

    def editorEvent(  # noqa: N802 - Qt's own name
        self, event: QEvent, _model: object, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        if index.column() == TokenColumn.VALUE:
            self._show_full_value(event, index)
            return False
        if index.column() != TokenColumn.ACTIONS:
            return False
        hit = next(
            (b for b in RowButton if button_rect(option.rect, b).contains(event.position().toPoint())), None
        )
        if event.type() is QEvent.Type.MouseMove:
            self._set_hovered_button(
                (QPersistentModelIndex(index), hit) if hit is not None else None, option.widget
            )
            return False
        left = event.button() is Qt.MouseButton.LeftButton
        if event.type() is QEvent.Type.MouseButtonRelease and left and hit is not None:
            self.button_clicked.emit(index, int(hit))
            return True
        return False

    @staticmethod
    def _show_full_value(event: QMouseEvent, index: Index) -> None:
        """The whole value, for as long as the button is held on it."""
        key = index.data(KeyStatusRole)
        if event.type() is QEvent.Type.MouseButtonPress and key is not None and key.record is not None:
            lines = wrap(key.record.value, REVEALED_LINE_CHARS)
            QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines))
        elif event.type() is QEvent.Type.MouseButtonRelease:
            QToolTip.hideText()

    def _set_hovered_button(
        self, hovered_button: tuple[QPersistentModelIndex, RowButton] | None, view: QWidget
    ) -> None:
        if hovered_button != self._hovered_button and isinstance(view, QAbstractItemView):
            self._hovered_button = hovered_button
            view.viewport().update()

    @staticmethod
    def _tokens_model(index: Index) -> TokensModel:
        model = index.model()
        source = model.sourceModel() if hasattr(model, "sourceModel") else model
        assert isinstance(source, TokensModel)  # noqa: S101 - the only model that this delegate is given
        return source


def button_rect(row_rect: QRect, button: RowButton) -> QRect:
    """Where a button of a row is, in the coordinates of `row`."""
    top = row_rect.top() + (row_rect.height() - BUTTON_SIZE) // 2
    return QRect(
        row_rect.left() + BUTTONS_MARGIN // 2 + int(button) * BUTTON_SIZE, top, BUTTON_SIZE, BUTTON_SIZE
    )


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128
