"""A dialog that is always high enough for its wrapped texts, and never higher than the screen."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog

from guarddog_gui.ui.widgets.form_scroll_area import FormArea

TITLE_BAR = 40  # pixels that are kept free for it; how high it is, a window learns only once it is shown


class WrappingDialog(QDialog):
    """Windows ask their layout for a height once and for no width in particular; this one asks again.

    `scrolls` is the part that gives way on a low screen. With `keeps_height` it does not become lower
    for now, so that the buttons at its lower edge do not move away from under the pointer.
    """

    scrolls: FormArea | None = None
    keeps_height = False
    _fitted = 0  # the height that we last asked for

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        layout = self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return
        room = self.screen().availableGeometry().height() - TITLE_BAR
        if self.scrolls is not None:
            margins = layout.contentsMargins()
            inner = self.width() - margins.left() - margins.right()
            fixed = layout.totalHeightForWidth(self.width()) - self.scrolls.heightForWidth(inner)
            if self.scrolls.most != room - fixed:
                self.scrolls.most = room - fixed
                self.scrolls.updateGeometry()
        height = layout.totalHeightForWidth(self.width())
        is_ours = self.height() <= self._fitted  # and not one that a person has dragged it to
        before = self._fitted
        self.setMinimumHeight(height)
        if self.keeps_height and height < before:
            return
        self._fitted = height
        if is_ours and height < before:
            self.resize(self.width(), height)
        elif height > before:
            self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """What grows beyond the lower edge takes its buttons along."""
        below = self.frameGeometry().bottom() - self.screen().availableGeometry().bottom()
        if self.isVisible() and below > 0:
            top = self.screen().availableGeometry().top()
            self.move(self.x(), max(top, self.frameGeometry().top() - below))
