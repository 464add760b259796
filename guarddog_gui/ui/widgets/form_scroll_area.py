"""The part of a dialog that scrolls where the screen is too low for all of it."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

HEIGHT_MIN = 96  # pixels: a field and what is said about it
SCROLL_MARGIN = 8  # pixels that are kept free around what is scrolled to
_QWIDGETSIZE_MAX = 16_777_215  # the most that Qt knows


class FormScrollArea(QScrollArea):
    """As high as its texts want it at the width that there is, and no higher than `most` pixels."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.height_max = _QWIDGETSIZE_MAX
        self._form = form
        self._scroll_target: QWidget | None = None  # the part that is scrolled to in a moment
        self._last_geometry: tuple[QRect, QSize] | None = (
            None  # where it was when we last looked, in which room
        )
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def scroll_to(self, widget: QWidget) -> None:
        """Scroll to a part of the form, once all that was said with it has its room."""
        self._scroll_target, self._last_geometry = widget, None
        QTimer.singleShot(0, self._scroll_to_target)

    @Slot()
    def _scroll_to_target(self) -> None:
        """The layouts tell one another in turns; once nothing has moved any more, they are done."""
        part = self._scroll_target
        if part is None or not part.isVisible():
            return
        self.ensureWidgetVisible(part, 0, SCROLL_MARGIN)
        before, self._last_geometry = self._last_geometry, (part.geometry(), self.viewport().size())
        if self._last_geometry != before:
            QTimer.singleShot(0, self._scroll_to_target)

    def heightForWidth(self, width: int) -> int:
        return max(HEIGHT_MIN, min(self._form.heightForWidth(width), self.height_max))

    def sizeHint(self) -> QSize:
        width = self._form.sizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = self._form.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, HEIGHT_MIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()  # which Qt does not do for what lies in a scroll area
            self._update_scroll_bar_policy()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._update_scroll_bar_policy()
        super().resizeEvent(event)

    def _update_scroll_bar_policy(self) -> None:
        """WORKAROUND: once there, Qt's own bar stays where the texts fit but for the width that it takes."""
        fits = self._form.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
