"""Delegate that paints the rows of the history: days, items with their outcome, and attempts."""

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.incidents import HistoryItem
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.model import HistoryModel, ListRow, RowRole
from guarddog_gui.ui.model_index import Index
from guarddog_gui.ui.style.account_marks import badge_size, environment_colours, paint_badge
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import CAPTION, SMALL, code_font, scaled_font, tabular_font
from guarddog_gui.ui.style.shapes import draw_chevron, draw_focus_ring

ROW_HEIGHT = 40
PADDING = 16
GAP = 10
ICON_SIZE = 18
CHEVRON_SIZE = 16
_NAME_WIDTH_MIN = 130  # pixels of a long name that stay, rather than the outcome
_WIDEST_TIME = "00:00–00:00"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Fonts:
    """Fonts and measures of the rows, which are made once for a font and not once per row."""

    def __init__(self, font: QFont) -> None:
        self.base = font
        self.small = scaled_font(font, SMALL)
        self.bold = scaled_font(font, 1.0, QFont.Weight.DemiBold)
        self.code = code_font(font)
        self.time = tabular_font(font, 1.0, QFont.Weight.Normal)
        self.small_time = tabular_font(font, SMALL, QFont.Weight.Normal)
        self.heading = scaled_font(font, CAPTION, QFont.Weight.DemiBold)
        self.time_width = QFontMetrics(self.time).horizontalAdvance(_WIDEST_TIME) + 2


class _Cursor:
    """Painter that places texts side by side, from both ends of a row."""

    def __init__(self, painter: QPainter, rect: QRect) -> None:
        self.painter = painter
        self.rect = QRect(rect)

    def text(self, text: str, font: QFont, colour: QColor, width: int | None = None, *, middle: bool = False) -> None:
        """Paint a text at the left, elided to this width or to the rest of the row."""
        metrics = QFontMetrics(font)
        room = self.rect.width() if width is None else min(width, self.rect.width())
        if not text or room <= 0:
            return
        mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        shown = metrics.elidedText(text, mode, room)
        self.painter.setFont(font)
        self.painter.setPen(colour)
        self.painter.drawText(self.rect, int(_LEFT) | Qt.TextFlag.TextSingleLine.value, shown)
        self.rect.setLeft(self.rect.left() + metrics.horizontalAdvance(shown) + GAP)

    def text_right(self, text: str, font: QFont, colour: QColor) -> None:
        self.painter.setFont(font)
        self.painter.setPen(colour)
        self.painter.drawText(self.rect, int(_RIGHT) | Qt.TextFlag.TextSingleLine.value, text)
        self.rect.setRight(self.rect.right() - QFontMetrics(font).horizontalAdvance(text) - GAP)

    def skip(self, width: int) -> None:
        self.rect.setLeft(self.rect.left() + width)


class HistoryDelegate(QStyledItemDelegate):
    """Delegate for rows of one height; the model has a text for screen readers for everything painted here."""

    def __init__(self, model: HistoryModel, formatter: Formatter, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._texts = model.texts
        self._formatter = formatter
        self._fonts: _Fonts | None = None

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, max(ROW_HEIGHT, option.fontMetrics.height() + 16))

    def chevron_rect(self, rect: QRect) -> QRect:
        """Return the area of the arrow that expands the item in this row."""
        return QRect(rect.right() - PADDING - CHEVRON_SIZE + 4, rect.top(), CHEVRON_SIZE + PADDING, rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListRow | None = index.data(RowRole)
        if row is None:
            return
        painter.save()
        colours, rect = colours_of(option.palette), option.rect
        if row.item is None:
            self._paint_heading(painter, option, row)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, colours.accent_tint)
            elif option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, colours.hover)
            cursor = _Cursor(painter, rect.adjusted(PADDING, 0, -PADDING - CHEVRON_SIZE, 0))
            if row.attempt is None:
                self._paint_item(cursor, option, row.item)
            else:
                self._paint_attempt(cursor, option, row.item, row.attempt.entry)
            if self._model.can_expand(index):
                down, right = Qt.ArrowType.DownArrow, Qt.ArrowType.RightArrow
                direction = down if self._model.is_expanded(index) else right
                draw_chevron(painter, self.chevron_rect(rect).adjusted(0, 0, -12, 0), colours.dim, direction=direction)
            painter.setPen(colours.line)
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            if option.state & QStyle.StateFlag.State_HasFocus:
                draw_focus_ring(painter, rect, 4, colours.accent)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, row: ListRow) -> None:
        colours, rect = colours_of(option.palette), option.rect
        cursor = _Cursor(painter, rect.adjusted(PADDING, 4, -PADDING, 0))
        cursor.text(self._texts.heading(row.day).upper(), self._fonts_of(option.font).heading, colours.dim)
        painter.setPen(colours.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_item(self, cursor: _Cursor, option: QStyleOptionViewItem, item: HistoryItem) -> None:
        colours, fonts = colours_of(option.palette), self._fonts_of(option.font)
        state = self._texts.state(item)
        ink = _ink(state, colours)
        self._paint_time(cursor, fonts, self._texts.time(item), colours)
        self._icon(state, ink).paint(
            cursor.painter,
            QRect(cursor.rect.left(), cursor.rect.center().y() - ICON_SIZE // 2 + 1, ICON_SIZE, ICON_SIZE),
        )
        cursor.skip(ICON_SIZE + GAP)
        outcome = self._texts.outcome(item)
        title_font = scaled_font(
            option.font, 1.0, QFont.Weight.DemiBold if state is not KeyState.FRESH else option.font.weight()
        )
        code = self._texts.code(item)
        code_width = QFontMetrics(fonts.code).horizontalAdvance(code) + GAP if code else 0
        title = self._texts.title(item)
        title_width = QFontMetrics(title_font).horizontalAdvance(title)
        badge_width = self._badge_width(item, option.font)
        name = self._texts.subject(item)
        name_min = min(_NAME_WIDTH_MIN, option.fontMetrics.horizontalAdvance(name))
        room = cursor.rect.width() - name_min - badge_width - title_width - code_width - 3 * GAP
        outcome = shortened_outcome(outcome, QFontMetrics(fonts.small), room)
        if outcome:
            cursor.text_right(outcome, fonts.small, colours.dim)
        name_room = cursor.rect.width() - title_width - code_width - badge_width - GAP
        name_width = max(name_min, name_room)
        cursor.text(name, option.font, colours.ink, name_width, middle=True)
        self._paint_badge(cursor, item, option.font, colours)
        cursor.text(
            title, title_font, ink if state is not KeyState.FRESH else colours.ink, cursor.rect.width() - code_width
        )
        cursor.text(code, fonts.code, colours.dim)

    def _paint_attempt(
        self, cursor: _Cursor, option: QStyleOptionViewItem, item: HistoryItem, entry: HistoryEntry
    ) -> None:
        colours, fonts = colours_of(option.palette), self._fonts_of(option.font)
        time, description, duration = self._texts.attempt(entry)
        cursor.skip(fonts.time_width + GAP)
        cursor.text_right(duration, fonts.small, colours.dim)
        cursor.text(time, fonts.small_time, colours.dim)
        if self._texts.account_of(item) is None:
            cursor.text(
                self._texts.account_name(entry.appid), fonts.small, colours.ink, cursor.rect.width() // 3, middle=True
            )
        cursor.text(description, fonts.small, colours.ink if entry.is_success else colours.dim)

    @staticmethod
    def _paint_time(cursor: _Cursor, fonts: _Fonts, text: str, colours: Colours) -> None:
        left = cursor.rect.left()
        cursor.text(text, fonts.time, colours.dim, fonts.time_width)
        cursor.rect.setLeft(left + fonts.time_width + GAP)

    def _fonts_of(self, font: QFont) -> _Fonts:
        if self._fonts is None or self._fonts.base != font:
            self._fonts = _Fonts(QFont(font))
        return self._fonts

    def _badge_text(self, item: HistoryItem) -> str:
        account = self._texts.account_of(item)
        return "" if account is None else self._formatter.environment_badge(account.environment)

    def _badge_width(self, item: HistoryItem, font: QFont) -> int:
        text = self._badge_text(item)
        return badge_size(text, font).width() + GAP if text else 0

    def _paint_badge(self, cursor: _Cursor, item: HistoryItem, font: QFont, colours: Colours) -> None:
        text, account = self._badge_text(item), self._texts.account_of(item)
        if not text or account is None:
            return
        size = badge_size(text, font)
        top = cursor.rect.center().y() - size.height() // 2 + 1
        cursor.painter.setFont(font)
        rect = QRect(cursor.rect.left(), top, size.width(), size.height())
        paint_badge(cursor.painter, rect, text, *environment_colours(account.environment, colours))
        cursor.skip(size.width() + GAP)

    def _icon(self, state: KeyState, ink: QColor) -> QIcon:
        if state is KeyState.DUE_SOON:
            return self._formatter.icons.action_icon("warning", ink, ICON_SIZE)
        return self._formatter.icons.state_icon(state, dark=False, size=ICON_SIZE, colour=ink)


def _ink(state: KeyState, colours: Colours) -> QColor:
    inks = {KeyState.FAILED: colours.bad, KeyState.DUE_SOON: colours.warn, KeyState.OFFLINE: colours.dim}
    return inks.get(state, colours.ok)


def shortened_outcome(outcome: str, metrics: QFontMetrics, room: int) -> str:
    """Return the parts of the outcome that fit, from the first on."""
    parts = outcome.split(" · ")
    while parts and metrics.horizontalAdvance(" · ".join(parts)) > room:
        parts.pop()
    return " · ".join(parts)
