"""Timeline above the history: a row per account, ticks for refreshes, crosses for failures, hatched gaps."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineMark, TimelineRow
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import is_dark

HEIGHT = 96
NAME_COLUMN_WIDTH = 120
TIME_AXIS_HEIGHT = 16
ROWS_MAX = 5  # more rows are not legible at this height


class TimelineView(QWidget):
    """Timeline of several accounts; a click selects an account and a time span."""

    time_span_selected = Signal(str, float, float)  # appid, since, until in Unix seconds

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self.timeline = Timeline(0.0, 1.0, 1)
        self._account_names: dict[str, str] = {}
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def show_timeline(self, timeline: Timeline, account_names: dict[str, str]) -> None:
        self.timeline = timeline
        self._account_names = account_names
        self.retranslate()

    def retranslate(self) -> None:
        marks = [mark for row in self.timeline.rows for mark in row.marks]
        good, bad = sum(mark.success_count for mark in marks), sum(mark.failure_count for mark in marks)
        self.setAccessibleDescription(self.tr("{good} went well, {bad} failed").format(good=good, bad=bad))
        self.update()

    def column_count(self) -> int:
        """Return how many columns of two pixels fit into the widget."""
        return max(24, (self.width() - NAME_COLUMN_WIDTH) // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.base())
        for number, row in enumerate(self.timeline.rows[:ROWS_MAX]):
            self._paint_row(painter, self.row_rect(number), row)
        self._paint_time_axis(painter)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def row_rect(self, number: int) -> QRectF:
        """Return the rectangle of a row without its name, counted from 0 at the top."""
        row_count = max(1, min(ROWS_MAX, len(self.timeline.rows)))
        height = (HEIGHT - TIME_AXIS_HEIGHT - 8) / row_count
        return QRectF(NAME_COLUMN_WIDTH, 4 + number * height, self.width() - NAME_COLUMN_WIDTH - 8, height)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: TimelineRow) -> None:
        dark = is_dark(self.palette(), QPalette.ColorRole.Base)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        metrics = QFontMetricsF(self.font())
        name = metrics.elidedText(
            self._account_names.get(row.appid, row.appid), Qt.TextElideMode.ElideRight, NAME_COLUMN_WIDTH - 16
        )
        painter.drawText(QPointF(8, rect.center().y() + metrics.capHeight() / 2), name)
        painter.setPen(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
        failed = state_colour(KeyState.FAILED, dark=dark)
        for gap in row.gaps:
            left, right = self._x_of_timestamp(rect, gap.start), self._x_of_timestamp(rect, gap.end)
            painter.fillRect(
                QRectF(left, rect.top() + 2, max(1.0, right - left), rect.height() - 4),
                QBrush(failed, Qt.BrushStyle.BDiagPattern),
            )
        fresh = QPen(state_colour(KeyState.FRESH, dark=dark), 1)
        for mark in row.marks:
            x = rect.left() + (mark.column + 0.5) * rect.width() / self.timeline.column_count
            if mark.success_count:
                painter.setPen(fresh)
                painter.drawLine(QPointF(x, rect.center().y() - 4), QPointF(x, rect.center().y() + 4))
            if mark.failure_count:
                self._paint_failure(painter, x, rect, QPen(failed, 2))

    @staticmethod
    def _paint_failure(painter: QPainter, x: float, rect: QRectF, pen: QPen) -> None:
        """Paint a cross, so that a failure differs from a success not only by its colour."""
        painter.setPen(pen)
        y = rect.center().y()
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))

    def _paint_time_axis(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        rect = QRectF(
            NAME_COLUMN_WIDTH, HEIGHT - TIME_AXIS_HEIGHT - 2, self.width() - NAME_COLUMN_WIDTH - 8, TIME_AXIS_HEIGHT
        )
        since = self._formatter.format_time(self.timeline.since)
        until = self._formatter.format_time(self.timeline.until)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, since)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, until)

    def _x_of_timestamp(self, rect: QRectF, timestamp: float) -> float:
        since, until = self.timeline.since, self.timeline.until
        return rect.left() + (timestamp - since) / (until - since) * rect.width()

    def row_and_column_at(self, point: QPointF) -> tuple[TimelineRow, int] | None:
        """Return the row and the number of the column at a point, or None beside all rows."""
        for number, row in enumerate(self.timeline.rows[:ROWS_MAX]):
            rect = self.row_rect(number)
            if rect.contains(point):
                fraction = (point.x() - rect.left()) / rect.width()
                return row, int(fraction * self.timeline.column_count)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.row_and_column_at(event.position())
        if position is None:
            return
        row, column = position
        width = (self.timeline.until - self.timeline.since) / self.timeline.column_count
        spread = max(8, self.timeline.column_count // 48)  # one column is too small to hit
        middle = self.timeline.since + (column + 0.5) * width
        self.time_span_selected.emit(row.appid, middle - spread * width / 2, middle + spread * width / 2)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = self.row_and_column_at(QPointF(event.pos()))
            text = self._tooltip(*position) if position is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tooltip(self, row: TimelineRow, column: int) -> str:
        width = (self.timeline.until - self.timeline.since) / self.timeline.column_count
        at = self._formatter.format_time(self.timeline.since + column * width)
        return "\n".join([at, *(self._mark_text(mark) for mark in row.marks if abs(mark.column - column) <= 2)])

    def _mark_text(self, mark: TimelineMark) -> str:
        text = self.tr("{good} went well, {bad} failed").format(good=mark.success_count, bad=mark.failure_count)
        return f"{text} · {mark.errcode}" if mark.errcode is not None else text
