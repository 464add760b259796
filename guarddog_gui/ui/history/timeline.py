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

from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.refresh.timeline import Mark, Timeline, TimelineLane
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.icons import state_colour

HEIGHT = 96
NAME_WIDTH = 120
FOOT = 16
LANES_MAX = 5  # as many as can be told apart at this height


class TimelineView(QWidget):
    """A picture that can be clicked: `chosen` says the span of time and the account under the mouse."""

    chosen = Signal(str, float, float)  # appid, since, until (Unix seconds)

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._timeline = Timeline(0.0, 1.0, 1)
        self._names: dict[str, str] = {}
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def show_timeline(self, timeline: Timeline, names: dict[str, str]) -> None:
        """Paint this one; names by appid."""
        self._timeline = timeline
        self._names = names
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setAccessibleDescription(self._in_words())
        self.update()

    def columns(self) -> int:
        """How many columns there is room for, each two pixels wide."""
        return max(24, (self.width() - NAME_WIDTH) // 2)

    def _in_words(self) -> str:
        good = sum(mark.good for lane in self._timeline.lanes for mark in lane.marks)
        bad = sum(mark.bad for lane in self._timeline.lanes for mark in lane.marks)
        return self.tr("{good} went well, {bad} failed").format(good=good, bad=bad)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.base())
        for row, lane in enumerate(self._timeline.lanes[:LANES_MAX]):
            self._paint_lane(painter, self._lane_rect(row), lane)
        self._paint_foot(painter)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _lane_rect(self, row: int) -> QRectF:
        lanes = max(1, min(LANES_MAX, len(self._timeline.lanes)))
        height = (HEIGHT - FOOT - 8) / lanes
        return QRectF(NAME_WIDTH, 4 + row * height, self.width() - NAME_WIDTH - 8, height)

    def _paint_lane(self, painter: QPainter, place: QRectF, lane: TimelineLane) -> None:
        dark = self.palette().base().color().lightness() < 128
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        metrics = QFontMetricsF(self.font())
        name = metrics.elidedText(
            self._names.get(lane.appid, lane.appid), Qt.TextElideMode.ElideRight, NAME_WIDTH - 16
        )
        painter.drawText(QPointF(8, place.center().y() + metrics.capHeight() / 2), name)
        painter.setPen(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawLine(
            QPointF(place.left(), place.center().y()), QPointF(place.right(), place.center().y())
        )
        failed = state_colour(State.FAILED, dark=dark)
        for gap in lane.gaps:
            left, right = self._x(place, gap.start), self._x(place, gap.end)
            painter.fillRect(
                QRectF(left, place.top() + 2, max(1.0, right - left), place.height() - 4),
                QBrush(failed, Qt.BrushStyle.BDiagPattern),
            )
        fresh = QPen(state_colour(State.FRESH, dark=dark), 1)
        for mark in lane.marks:
            x = place.left() + (mark.column + 0.5) * place.width() / self._timeline.columns
            if mark.good:
                painter.setPen(fresh)
                painter.drawLine(QPointF(x, place.center().y() - 4), QPointF(x, place.center().y() + 4))
            if mark.bad:
                self._paint_failure(painter, x, place, QPen(failed, 2))

    @staticmethod
    def _paint_failure(painter: QPainter, x: float, place: QRectF, pen: QPen) -> None:
        """A cross, so that it is not the colour alone that tells it from a tick."""
        painter.setPen(pen)
        y = place.center().y()
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))

    def _paint_foot(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        place = QRectF(NAME_WIDTH, HEIGHT - FOOT - 2, self.width() - NAME_WIDTH - 8, FOOT)
        since = self._voice.when(self._timeline.since)
        until = self._voice.when(self._timeline.until)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, since)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, until)

    def _x(self, place: QRectF, at: float) -> float:
        line = self._timeline
        return place.left() + (at - line.since) / (line.until - line.since) * place.width()

    # -- the mouse --------------------------------------------------------------------------------

    def _under(self, point: QPointF) -> tuple[TimelineLane, int] | None:
        for row, lane in enumerate(self._timeline.lanes[:LANES_MAX]):
            place = self._lane_rect(row)
            if place.contains(point):
                share = (point.x() - place.left()) / place.width()
                return lane, int(share * self._timeline.columns)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is None:
            return
        lane, column = found
        width = (self._timeline.until - self._timeline.since) / self._timeline.columns
        spread = max(8, self._timeline.columns // 48)  # a hit of two pixels would be luck
        middle = self._timeline.since + (column + 0.5) * width
        self.chosen.emit(lane.appid, middle - spread * width / 2, middle + spread * width / 2)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._under(QPointF(event.pos()))
            text = self._tooltip(*found) if found is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tooltip(self, lane: TimelineLane, column: int) -> str:
        near = [mark for mark in lane.marks if abs(mark.column - column) <= 2]
        width = (self._timeline.until - self._timeline.since) / self._timeline.columns
        lines = [self._voice.when(self._timeline.since + column * width)]
        lines += [self._tip_of(mark) for mark in near]
        return "\n".join(lines)

    def _tip_of(self, mark: Mark) -> str:
        text = self.tr("{good} went well, {bad} failed").format(good=mark.good, bad=mark.bad)
        return f"{text} · {mark.errcode}" if mark.errcode is not None else text
