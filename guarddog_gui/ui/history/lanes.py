"""Lanes of the history: a row of blocks per account, whose colour and shape tell how its token was."""

from bisect import bisect_right

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.timeline import BlockState, Timeline, TimelineRow, block_states
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.item_texts import ItemTexts
from guarddog_gui.ui.history.lane_painting import axis_ticks, block_colours, label_flags, paint_block
from guarddog_gui.ui.style.account_marks import environment_colours
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.style.shapes import draw_focus_ring
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

LANE_HEIGHT = 24
LANES_MAX = 8  # more of them scroll
AXIS_HEIGHT = 20
NAME_WIDTH_MAX = 194
NAME_WIDTH_SHARE = 0.28
BLOCK_WIDTH_MIN = 6.0  # pixels with the space to the next block
_BLOCK_SPACING = 1.4
_LEGEND_STATES = (BlockState.VALID, BlockState.TROUBLE, BlockState.NEEDS_USER, BlockState.ASLEEP)
_LEGEND_BLOCK_WIDTH = 6
_LEGEND_GAP, _LEGEND_SPACING = 6, 16
_LEGEND_HEIGHT = 20
_RIGHT_MARGIN = 2


class LanesView(QAbstractScrollArea):
    """Blocks of all accounts; a click or Enter chooses the account and the time of a block."""

    block_chosen = Signal(str, float, float)  # appid, since, until in Unix seconds

    def __init__(self, formatter: Formatter, texts: ItemTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._texts = texts
        self.timeline = Timeline(0.0, 1.0, 1)
        self._states: list[tuple[BlockState, ...]] = []
        self._chosen: tuple[str, float, float] | None = None
        self._cursor = (0, 0)  # lane and column of the block that the keyboard is at
        self._lanes_max = LANES_MAX
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(LANE_HEIGHT)

    # -- content -------------------------------------------------------------------------------------

    def show_timeline(self, timeline: Timeline) -> None:
        self.timeline = timeline
        now = self._formatter.clock()
        needs_user = self._texts.count_needs_user
        self._states = [block_states(row, timeline, now, needs_user) for row in timeline.rows]
        lane, column = self._cursor
        self._cursor = min(lane, max(0, len(self._states) - 1)), min(column, timeline.column_count - 1)
        self._update_scroll_bar()
        self.updateGeometry()
        self.retranslate()

    def show_chosen(self, chosen: tuple[str, float, float] | None) -> None:
        """Mark the block of this account and time."""
        self._chosen = chosen
        self.viewport().update()

    def set_lanes_max(self, lanes: int) -> None:
        """Set how many lanes are visible without scrolling."""
        if lanes != self._lanes_max:
            self._lanes_max = lanes
            self._update_scroll_bar()
            self.updateGeometry()

    def retranslate(self) -> None:
        counts = {state: sum(states.count(state) for states in self._states) for state in BlockState}
        self.setAccessibleDescription(
            self.tr("{accounts} accounts; blocks: {valid} valid, {trouble} with trouble, {bad} that need you").format(
                accounts=len(self._states),
                valid=counts[BlockState.VALID],
                trouble=counts[BlockState.TROUBLE],
                bad=counts[BlockState.NEEDS_USER],
            )
        )
        self.viewport().update()

    def column_count_max(self) -> int:
        """Return how many blocks are wide enough to be told apart and hit."""
        return max(24, int(self._blocks_width() // BLOCK_WIDTH_MIN))

    # -- geometry ------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        lanes = max(1, min(self._lanes_max, len(self._states)))
        return QSize(480, lanes * LANE_HEIGHT + AXIS_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _name_width(self) -> int:
        return min(NAME_WIDTH_MAX, int(self.viewport().width() * NAME_WIDTH_SHARE))

    def _blocks_width(self) -> float:
        return max(1.0, self.viewport().width() - self._name_width() - _RIGHT_MARGIN)

    def _lanes_height(self) -> int:
        return max(LANE_HEIGHT, self.viewport().height() - AXIS_HEIGHT)

    def _update_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self._lanes_height())
        bar.setRange(0, max(0, len(self._states) * LANE_HEIGHT - self._lanes_height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scroll_bar()

    def lane_rect(self, lane: int) -> QRect:
        """Return the row of a lane in the viewport, with its name."""
        top = lane * LANE_HEIGHT - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), LANE_HEIGHT)

    def block_rect(self, lane: int, column: int) -> QRectF:
        """Return the area of a block in the viewport."""
        width = self._blocks_width() / self.timeline.column_count
        row = self.lane_rect(lane)
        return QRectF(self._name_width() + column * width, row.top(), width - _BLOCK_SPACING, row.height())

    def block_at(self, point: QPoint) -> tuple[int, int] | None:
        """Return lane and column at a point of the viewport; None beside the blocks."""
        x = point.x() - self._name_width()
        lane = (point.y() + self.verticalScrollBar().value()) // LANE_HEIGHT
        if not 0 <= x < self._blocks_width() or not 0 <= point.y() < self._lanes_height() or lane >= len(self._states):
            return None
        return lane, int(x / self._blocks_width() * self.timeline.column_count)

    def block_span(self, column: int) -> tuple[float, float]:
        """Return the time of a column in Unix seconds."""
        length = (self.timeline.until - self.timeline.since) / self.timeline.column_count
        return self.timeline.since + column * length, self.timeline.since + (column + 1) * length

    # -- painting ------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        first = self.verticalScrollBar().value() // LANE_HEIGHT
        last = min(len(self._states), first + self._lanes_height() // LANE_HEIGHT + 2)
        with QPainter(self.viewport()) as painter:
            self._paint_axis(painter, colours)
            painter.setClipRect(0, 0, self.viewport().width(), self._lanes_height())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for lane in range(first, last):
                self._paint_name(painter, lane, colours)
                self._paint_blocks(painter, lane, colours)
            if self.hasFocus() and self._states:
                rect = self.block_rect(*self._cursor).toAlignedRect().adjusted(-3, 0, 3, 0)
                draw_focus_ring(painter, rect, 4, colours.accent)

    def _paint_name(self, painter: QPainter, lane: int, colours: Colours) -> None:
        row = self.lane_rect(lane).adjusted(0, 0, self._name_width() - self.viewport().width() - 12, 0)
        account = self._account(lane)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if account is not None:
            word = self._formatter.environment_badge(account.environment)
            font = scaled_font(self.font(), SMALL, QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(environment_colours(account.environment, colours)[0])
            painter.drawText(row, flags, word)
            if word:
                row.setRight(row.right() - QFontMetrics(font).horizontalAdvance(word) - 10)
        painter.setFont(self.font())
        painter.setPen(colours.ink)
        name = self._texts.account_name(self.timeline.rows[lane].appid)
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, row.width())
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine.value, shown)

    def _paint_blocks(self, painter: QPainter, lane: int, colours: Colours) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        inks, first = block_colours(colours), self.block_rect(lane, 0)
        width = self._blocks_width() / self.timeline.column_count
        for column, state in enumerate(self._states[lane]):
            paint_block(painter, first.translated(column * width, 0), state, inks)
        if self._chosen is not None and self._chosen[0] == self.timeline.rows[lane].appid:
            since, until = self._chosen[1:]
            left, right = (self._x_of(at) for at in (since, until))
            row = self.lane_rect(lane)
            rect = QRect(round(left) - 2, row.top() + 1, round(right - left) + 3, row.height() - 2)
            draw_focus_ring(painter, rect, 4, colours.ink)

    def _x_of(self, at: float) -> float:
        fraction = (at - self.timeline.since) / (self.timeline.until - self.timeline.since)
        return self._name_width() + fraction * self._blocks_width()

    def _paint_axis(self, painter: QPainter, colours: Colours) -> None:
        font = scaled_font(self.font(), SMALL)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        top = self._lanes_height()
        for at, label in axis_ticks(self.timeline.since, self.timeline.until, self._blocks_width(), metrics):
            x = self._x_of(at)
            painter.setPen(colours.line)
            painter.drawLine(QPointF(x, 0), QPointF(x, top + 3))
            painter.setPen(colours.dim)
            width = metrics.horizontalAdvance(label) + 4
            left = min(x - width / 2, self.viewport().width() - width)
            painter.drawText(QRectF(left, top + 3, width, AXIS_HEIGHT - 3), label_flags(), label)

    # -- mouse and keyboard --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # else the release does not come here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        block = self.block_at(event.position().toPoint())
        if block is not None and event.button() == Qt.MouseButton.LeftButton:
            self._cursor = block
            self._choose(*block)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over_block = self.block_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over_block else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._states:
            self._choose(*self._cursor)
        elif key in steps and self._states:
            lanes, columns = steps[key]
            lane = min(max(0, self._cursor[0] + lanes), len(self._states) - 1)
            column = min(max(0, self._cursor[1] + columns), self.timeline.column_count - 1)
            self._move_cursor(lane, column)
        else:
            super().keyPressEvent(event)

    def _move_cursor(self, lane: int, column: int) -> None:
        self._cursor = lane, column
        bar = self.verticalScrollBar()
        top = lane * LANE_HEIGHT
        bar.setValue(min(max(bar.value(), top + LANE_HEIGHT - self._lanes_height()), top))
        self.viewport().update()
        text = self.block_text(lane, column).replace("\n", ", ")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _choose(self, lane: int, column: int) -> None:
        self.block_chosen.emit(self.timeline.rows[lane].appid, *self.block_span(column))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            block = self.block_at(event.pos())
            text = plain_tooltip(self.block_text(*block)) if block is not None else self._name_tooltip(event.pos())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def _name_tooltip(self, point: QPoint) -> str:
        lane = (point.y() + self.verticalScrollBar().value()) // LANE_HEIGHT
        if not 0 <= point.y() < self._lanes_height() or lane >= len(self._states):
            return ""
        appid = self.timeline.rows[lane].appid
        return plain_tooltip(f"{self._texts.account_name(appid)}\n{appid}")

    def block_text(self, lane: int, column: int) -> str:
        """Return account, time, state and what happened, one per line."""
        row = self.timeline.rows[lane]
        lines = [self._texts.account_name(row.appid), self._texts.span(*self.block_span(column))]
        lines.append(self.state_text(self._states[lane][column]))
        return "\n".join([*lines, *self._mark_texts(row, column)])

    def state_text(self, state: BlockState) -> str:
        """Return the meaning of a state as a sentence without a full stop."""
        return {
            BlockState.UNKNOWN: self.tr("nothing known"),
            BlockState.VALID: self.tr("token valid"),
            BlockState.TROUBLE: self.tr("trouble, token still valid"),
            BlockState.NEEDS_USER: self.tr("needs you"),
            BlockState.ASLEEP: self.tr("no valid token: computer asleep, or Guard Dog not running"),
        }[state]

    def _mark_texts(self, row: TimelineRow, column: int) -> list[str]:
        number = bisect_right(row.marks, column, key=lambda mark: mark.column) - 1
        if number < 0 or row.marks[number].column != column:
            return []
        mark = row.marks[number]
        lines = [self._texts.failure_count(failure) for failure in mark.failures]
        if mark.success_count:
            lines.append(self._texts.renewed_count(mark.success_count))
        return lines

    def _account(self, lane: int) -> Account | None:
        return self._texts.accounts.get(self.timeline.rows[lane].appid)


class Legend(QWidget):
    """Line with a block of each state and its meaning in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words: tuple[str, ...] = ()
        self.retranslate()

    def retranslate(self) -> None:
        words = (self.tr("token valid"), self.tr("trouble, token still valid"), self.tr("needs you"))
        self._words = (*words, self.tr("computer asleep"))
        self.setAccessibleName(", ".join(self._words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _LEGEND_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        inks = block_colours(colours)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(scaled_font(self.font(), SMALL))
            x = 0
            for state, word in zip(_LEGEND_STATES, self._words, strict=True):
                painter.setPen(Qt.PenStyle.NoPen)
                paint_block(painter, QRectF(x, 0, _LEGEND_BLOCK_WIDTH, self.height()), state, inks)
                x += _LEGEND_BLOCK_WIDTH + _LEGEND_GAP
                painter.setPen(colours.dim)
                rect = QRectF(x, 0, self.width() - x, self.height())
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, word)
                x += painter.fontMetrics().horizontalAdvance(word) + _LEGEND_SPACING


class LanesCard(Card):
    """Card with the lanes."""

    def __init__(self, view: LanesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend = Legend()
        self.setLayout(make_column(view, self._legend, spacing=6, margin=(16, 12)))

    def retranslate(self) -> None:
        self._legend.retranslate()
