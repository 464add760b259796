"""The part of a dialog that scrolls where the screen is too low for all of it."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST_HEIGHT = 96  # pixels: a field and what is said about it
MARGIN = 8  # pixels that are kept free around what is scrolled to
_ANY_HEIGHT = 16_777_215  # the most that Qt knows


class FormArea(QScrollArea):
    """As high as its texts want it at the width that there is, and no higher than `most` pixels."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.most = _ANY_HEIGHT
        self._form = form
        self._wanted: QWidget | None = None  # the part that is scrolled to in a moment
        self._settled: tuple[QRect, QSize] | None = None  # where it was when we last looked, in which room
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def turn_to(self, part: QWidget) -> None:
        """Scroll to a part of the form, once all that was said with it has its room."""
        self._wanted, self._settled = part, None
        QTimer.singleShot(0, self._turn)

    @Slot()
    def _turn(self) -> None:
        """The layouts tell one another in turns; once nothing has moved any more, they are done."""
        part = self._wanted
        if part is None or not part.isVisible():
            return
        self.ensureWidgetVisible(part, 0, MARGIN)
        before, self._settled = self._settled, (part.geometry(), self.viewport().size())
        if self._settled != before:
            QTimer.singleShot(0, self._turn)

    def heightForWidth(self, width: int) -> int:
        return max(LEAST_HEIGHT, min(self._form.heightForWidth(width), self.most))

    def sizeHint(self) -> QSize:
        width = self._form.sizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = self._form.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, LEAST_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()  # which Qt does not do for what lies in a scroll area
            self._show_bar()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_bar()
        super().resizeEvent(event)

    def _show_bar(self) -> None:
        """WORKAROUND: once there, Qt's own bar stays where the texts fit but for the width that it takes."""
        fits = self._form.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
