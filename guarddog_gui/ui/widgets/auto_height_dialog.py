"""Dialog that is always high enough for its wrapped texts, and never higher than the screen."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog

from guarddog_gui.ui.widgets.form_scroll_area import FormScrollArea
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

TITLE_BAR_HEIGHT = 40  # pixels to keep free; the real height is known only once a window is shown


class AutoHeightDialog(QDialog):
    """Dialog that adapts its height whenever its layout changes.

    QDialog asks its layout for a height only once, and before its width is known. `scroll_area` is the part
    that becomes lower than its contents on a small screen. While `should_keep_height` is set the dialog does
    not become lower, so that the buttons at its bottom do not move away from the mouse pointer.
    """

    scroll_area: FormScrollArea | None = None
    should_keep_height = False
    _fitted_height = 0  # pixels, as set by the last `_fit_height`

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Set all texts in the current language."""

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
        available = available_geometry(self).height() - TITLE_BAR_HEIGHT
        if self.scroll_area is not None:
            margins = layout.contentsMargins()
            inner_width = self.width() - margins.left() - margins.right()
            fixed = layout.totalHeightForWidth(self.width()) - self.scroll_area.heightForWidth(inner_width)
            if self.scroll_area.height_max != available - fixed:
                self.scroll_area.height_max = available - fixed
                self.scroll_area.updateGeometry()
        height = layout.totalHeightForWidth(self.width())
        was_resized_by_user = self.height() > self._fitted_height
        before = self._fitted_height
        self.setMinimumHeight(height)
        if self.should_keep_height and height < before:
            return
        self._fitted_height = height
        if not was_resized_by_user and height < before:
            self.resize(self.width(), height)
        elif height > before:
            self._move_onto_screen()

    def _move_onto_screen(self) -> None:
        """Move the dialog up if it has grown beyond the lower edge of the screen, with its buttons."""
        below = self.frameGeometry().bottom() - available_geometry(self).bottom()
        if self.isVisible() and below > 0:
            top = available_geometry(self).top()
            self.move(self.x(), max(top, self.frameGeometry().top() - below))
