"""The timeline above the history: a lane per account, ticks for refreshes, red for failures, hatched gaps."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineMark, TimelineRow
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import state_colour

HEIGHT = 96
NAME_COLUMN_WIDTH = 120
TIME_AXIS_HEIGHT = 16
LANES_MAX = 5  # as many as can be told apart at this height


class TimelineView(QWidget):
    """A picture that can be clicked: `chosen` says the span of time and the account under the mouse."""

    time_span_selected = Signal(str, float, float)  # appid, since, until (Unix seconds)

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._timeline = Timeline(0.0, 1.0, 1)
        self._account_names: dict[str, str] = {}
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def show_timeline(self, timeline: Timeline, account_names: dict[str, str]) -> None:
        """Paint this one; names by appid."""
        self._timeline = timeline
        self._account_names = account_names
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setAccessibleDescription(self._summary_text())
        self.update()

    def column_count(self) -> int:
        """How many columns there is room for, each two pixels wide."""
        return max(24, (self.width() - NAME_COLUMN_WIDTH) // 2)

    def _summary_text(self) -> str:
        good = sum(mark.success_count for lane in self._timeline.rows for mark in lane.marks)
        bad = sum(mark.failure_count for lane in self._timeline.rows for mark in lane.marks)
        return self.tr("{good} went well, {bad} failed").format(good=good, bad=bad)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.base())
        for row, lane in enumerate(self._timeline.rows[:LANES_MAX]):
            self._paint_lane(painter, self._lane_rect(row), lane)
        self._paint_time_axis(painter)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _lane_rect(self, row: int) -> QRectF:
        lanes = max(1, min(LANES_MAX, len(self._timeline.rows)))
        height = (HEIGHT - TIME_AXIS_HEIGHT - 8) / lanes
        return QRectF(NAME_COLUMN_WIDTH, 4 + row * height, self.width() - NAME_COLUMN_WIDTH - 8, height)

    def _paint_lane(self, painter: QPainter, lane_rect: QRectF, lane: TimelineRow) -> None:
        dark = self.palette().base().color().lightness() < 128
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        metrics = QFontMetricsF(self.font())
        name = metrics.elidedText(
            self._account_names.get(lane.appid, lane.appid),
            Qt.TextElideMode.ElideRight,
            NAME_COLUMN_WIDTH - 16,
        )
        painter.drawText(QPointF(8, lane_rect.center().y() + metrics.capHeight() / 2), name)
        painter.setPen(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawLine(
            QPointF(lane_rect.left(), lane_rect.center().y()),
            QPointF(lane_rect.right(), lane_rect.center().y()),
        )
        failed = state_colour(KeyState.FAILED, dark=dark)
        for gap in lane.gaps:
            left, right = self._x_of_timestamp(lane_rect, gap.start), self._x_of_timestamp(lane_rect, gap.end)
            painter.fillRect(
                QRectF(left, lane_rect.top() + 2, max(1.0, right - left), lane_rect.height() - 4),
                QBrush(failed, Qt.BrushStyle.BDiagPattern),
            )
        fresh = QPen(state_colour(KeyState.FRESH, dark=dark), 1)
        for mark in lane.marks:
            x = lane_rect.left() + (mark.column + 0.5) * lane_rect.width() / self._timeline.column_count
            if mark.success_count:
                painter.setPen(fresh)
                painter.drawLine(
                    QPointF(x, lane_rect.center().y() - 4), QPointF(x, lane_rect.center().y() + 4)
                )
            if mark.failure_count:
                self._paint_failure(painter, x, lane_rect, QPen(failed, 2))

    @staticmethod
    def _paint_failure(painter: QPainter, x: float, lane_rect: QRectF, pen: QPen) -> None:
        """A cross, so that it is not the colour alone that tells it from a tick."""
        painter.setPen(pen)
        y = lane_rect.center().y()
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))

    def _paint_time_axis(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        place = QRectF(
            NAME_COLUMN_WIDTH,
            HEIGHT - TIME_AXIS_HEIGHT - 2,
            self.width() - NAME_COLUMN_WIDTH - 8,
            TIME_AXIS_HEIGHT,
        )
        since = self._formatter.format_time(self._timeline.since)
        until = self._formatter.format_time(self._timeline.until)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, since)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, until)

    def _x_of_timestamp(self, lane_rect: QRectF, timestamp: float) -> float:
        line = self._timeline
        return lane_rect.left() + (timestamp - line.since) / (line.until - line.since) * lane_rect.width()

    # -- the mouse --------------------------------------------------------------------------------

    def _lane_and_column_at(self, point: QPointF) -> tuple[TimelineRow, int] | None:
        for row, lane in enumerate(self._timeline.rows[:LANES_MAX]):
            place = self._lane_rect(row)
            if place.contains(point):
                share = (point.x() - place.left()) / place.width()
                return lane, int(share * self._timeline.column_count)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._lane_and_column_at(event.position())
        if found is None:
            return
        lane, column = found
        width = (self._timeline.until - self._timeline.since) / self._timeline.column_count
        spread = max(8, self._timeline.column_count // 48)  # a hit of two pixels would be luck
        middle = self._timeline.since + (column + 0.5) * width
        self.time_span_selected.emit(lane.appid, middle - spread * width / 2, middle + spread * width / 2)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._lane_and_column_at(QPointF(event.pos()))
            text = self._tooltip(*found) if found is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tooltip(self, lane: TimelineRow, column: int) -> str:
        near = [mark for mark in lane.marks if abs(mark.column - column) <= 2]
        width = (self._timeline.until - self._timeline.since) / self._timeline.column_count
        lines = [self._formatter.format_time(self._timeline.since + column * width)]
        lines += [self._mark_text(mark) for mark in near]
        return "\n".join(lines)

    def _mark_text(self, mark: TimelineMark) -> str:
        text = self.tr("{good} went well, {bad} failed").format(
            good=mark.success_count, bad=mark.failure_count
        )
        return f"{text} · {mark.errcode}" if mark.errcode is not None else text
