"""The line at the bottom of the window: what has no room is told whole in a tooltip."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizeGrip, QStatusBar, QStyle, QStyleOption, QWidget

from guarddog_gui.ui.widgets.plain_text import plain_tooltip

PAD = 16


class StatusLine(QStatusBar):
    """WORKAROUND: QStatusBar cuts a message where the window ends, and nothing says that there is more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = self._end = ""
        self.messageChanged.connect(self._fit)
        self.hide()  # until there is something to say

    def say(self, text: str, end: str = "", *, news_ms: int = 0) -> None:
        """A sentence; what changes every second is its `end`, which is never cut off and not read aloud.

        After `news_ms` it goes by itself, unless that is 0.
        """
        self._text, self._end = text, end
        self.setAccessibleName(text)
        if text:
            self.show()
        self.showMessage(f"{text} · {end}" if end else text, news_ms)

    def shown(self) -> str:
        """The message as far as there is room for it."""
        whole = self.currentMessage()
        end = f" · {self._end}" if self._end and whole == f"{self._text} · {self._end}" else ""
        letters = self.fontMetrics()
        room = self._room() - letters.horizontalAdvance(end)
        return letters.elidedText(whole.removesuffix(end), Qt.TextElideMode.ElideRight, room) + end

    def _room(self) -> int:
        grip = self.findChild(QSizeGrip)
        return self.width() - 2 * PAD - (grip.width() if grip is not None and grip.isVisible() else 0)

    @Slot()
    def _fit(self) -> None:
        whole = self.currentMessage()
        if not whole:  # its time is over
            self.setAccessibleName("")
        self.setToolTip(plain_tooltip(whole) if self.shown() != whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        place = QStyle.visualRect(self.layoutDirection(), self.rect(), self.rect().adjusted(PAD, 0, -PAD, 0))
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().windowText().color())
        painter.drawText(place, side | Qt.TextFlag.TextSingleLine, self.shown())
        painter.end()
