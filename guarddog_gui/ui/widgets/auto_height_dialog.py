"""A dialog that is always high enough for its wrapped texts, and never higher than the screen."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog

from guarddog_gui.ui.widgets.form_scroll_area import FormScrollArea

TITLE_BAR_HEIGHT = (
    40  # pixels that are kept free for it; how high it is, a window learns only once it is shown
)


class AutoHeightDialog(QDialog):
    """Windows ask their layout for a height once and for no width in particular; this one asks again.

    `scrolls` is the part that gives way on a low screen. With `keeps_height` it does not become lower
    for now, so that the buttons at its lower edge do not move away from under the pointer.
    """

    scroll_area: FormScrollArea | None = None
    should_keep_height = False
    _fitted_height = 0  # the height that we last asked for

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit_height()
        return done

    def _fit_height(self) -> None:
        layout = self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return
        room = self.screen().availableGeometry().height() - TITLE_BAR_HEIGHT
        if self.scroll_area is not None:
            margins = layout.contentsMargins()
            inner = self.width() - margins.left() - margins.right()
            fixed = layout.totalHeightForWidth(self.width()) - self.scroll_area.heightForWidth(inner)
            if self.scroll_area.height_max != room - fixed:
                self.scroll_area.height_max = room - fixed
                self.scroll_area.updateGeometry()
        height = layout.totalHeightForWidth(self.width())
        is_ours = self.height() <= self._fitted_height  # and not one that a person has dragged it to
        before = self._fitted_height
        self.setMinimumHeight(height)
        if self.should_keep_height and height < before:
            return
        self._fitted_height = height
        if is_ours and height < before:
            self.resize(self.width(), height)
        elif height > before:
            self._move_onto_screen()

    def _move_onto_screen(self) -> None:
        """What grows beyond the lower edge takes its buttons along."""
        below = self.frameGeometry().bottom() - self.screen().availableGeometry().bottom()
        if self.isVisible() and below > 0:
            top = self.screen().availableGeometry().top()
            self.move(self.x(), max(top, self.frameGeometry().top() - below))
