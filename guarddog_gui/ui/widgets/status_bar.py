"""The line at the bottom of the window: what has no room is told whole in a tooltip."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizeGrip, QStatusBar, QStyle, QStyleOption, QWidget

from guarddog_gui.ui.widgets.plain_text import plain_tooltip

SIDE_PADDING = 16


class StatusBar(QStatusBar):
    """WORKAROUND: QStatusBar cuts a message where the window ends, and nothing says that there is more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message_text = self._message_suffix = ""
        self.messageChanged.connect(self._update_tooltip)
        self.hide()  # until there is something to say

    def show_text(self, text: str, suffix: str = "", *, timeout_ms: int = 0) -> None:
        """A sentence; what changes every second is its `end`, which is never cut off and not read aloud.

        After `news_ms` it goes by itself, unless that is 0.
        """
        self._message_text, self._message_suffix = text, suffix
        self.setAccessibleName(text)
        if text:
            self.show()
        self.showMessage(f"{text} · {suffix}" if suffix else text, timeout_ms)

    def elided_message(self) -> str:
        """The message as far as there is room for it."""
        whole = self.currentMessage()
        end = (
            f" · {self._message_suffix}"
            if self._message_suffix and whole == f"{self._message_text} · {self._message_suffix}"
            else ""
        )
        letters = self.fontMetrics()
        room = self._message_width() - letters.horizontalAdvance(end)
        return letters.elidedText(whole.removesuffix(end), Qt.TextElideMode.ElideRight, room) + end

    def _message_width(self) -> int:
        grip = self.findChild(QSizeGrip)
        return (
            self.width() - 2 * SIDE_PADDING - (grip.width() if grip is not None and grip.isVisible() else 0)
        )

    @Slot()
    def _update_tooltip(self) -> None:
        whole = self.currentMessage()
        if not whole:  # its time is over
            self.setAccessibleName("")
        self.setToolTip(plain_tooltip(whole) if self.elided_message() != whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._update_tooltip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        place = QStyle.visualRect(
            self.layoutDirection(), self.rect(), self.rect().adjusted(SIDE_PADDING, 0, -SIDE_PADDING, 0)
        )
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().windowText().color())
        painter.drawText(place, side | Qt.TextFlag.TextSingleLine, self.elided_message())
        painter.end()
