"""Status bar that elides a long message and shows it in full in a tooltip."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizeGrip, QStatusBar, QStyle, QStyleOption, QWidget

from guarddog_gui.ui.widgets.plain_text import plain_tooltip

SIDE_PADDING = 16


class StatusBar(QStatusBar):
    """Status bar that is hidden until its first message.

    WORKAROUND: QStatusBar cuts off a long message without an ellipsis.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message_text = self._message_suffix = ""
        self.messageChanged.connect(self._update_tooltip)
        self.hide()

    def show_text(self, text: str, suffix: str = "", *, timeout_ms: int = 0) -> None:
        """Show a message; with a `timeout_ms` it disappears after this many milliseconds.

        `suffix` is for a countdown: it is never elided, and screen readers do not read it every second.
        """
        self._message_text, self._message_suffix = text, suffix
        self.setAccessibleName(text)
        if text:
            self.show()
        self.showMessage(f"{text} · {suffix}" if suffix else text, timeout_ms)

    def elided_message(self) -> str:
        """Return the message as it fits, with the whole suffix."""
        message = self.currentMessage()
        suffix = f" · {self._message_suffix}" if self._message_suffix else ""
        if message != self._message_text + suffix:  # a message of Qt, such as a status tip
            suffix = ""
        metrics = self.fontMetrics()
        width = self._message_width() - metrics.horizontalAdvance(suffix)
        return metrics.elidedText(message.removesuffix(suffix), Qt.TextElideMode.ElideRight, width) + suffix

    def _message_width(self) -> int:
        grip = self.findChild(QSizeGrip)
        grip_width = grip.width() if grip is not None and grip.isVisible() else 0
        return self.width() - 2 * SIDE_PADDING - grip_width

    @Slot()
    def _update_tooltip(self) -> None:
        message = self.currentMessage()
        if not message:  # its timeout is over
            self.setAccessibleName("")
        self.setToolTip(plain_tooltip(message) if self.elided_message() != message else "")

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
        inner = self.rect().adjusted(SIDE_PADDING, 0, -SIDE_PADDING, 0)
        text_rect = QStyle.visualRect(self.layoutDirection(), self.rect(), inner)
        alignment = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().windowText().color())
        painter.drawText(text_rect, alignment | Qt.TextFlag.TextSingleLine, self.elided_message())
        painter.end()
