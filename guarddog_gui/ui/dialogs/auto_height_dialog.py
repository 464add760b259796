"""Dialog that is always high enough for its wrapped texts and never higher than the screen, but scrolls then."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QSizePolicy, QWidget

from guarddog_gui.ui.widgets.focus_changes import follow_focus
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

TITLE_BAR_HEIGHT = 40  # pixels to keep free; the real height is known only once a window is shown
HEIGHT_MIN = 96  # pixels: a field and its hint
SCROLL_MARGIN = 8  # pixels around a widget that is scrolled to
_QWIDGETSIZE_MAX = 16_777_215  # Qt's own limit of the size of a widget


class FormScrollArea(QScrollArea):
    """Scroll area as high as its form needs at the current width, but at most `height_max` pixels."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.height_max = _QWIDGETSIZE_MAX
        self._form = form
        self._scroll_target: QWidget | None = None
        self._last_geometry: tuple[QRect, QSize] | None = None  # of the target and of the viewport
        self._has_settled = True
        self.verticalScrollBar().actionTriggered.connect(self._forget_scroll_target)  # the user scrolls
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow_focus(self._on_focus_changed)

    def _on_focus_changed(self, focused: QWidget) -> None:
        """Show the field that the Tab key reaches; Qt does so only if it comes from another field of the form."""
        if self._form.isAncestorOf(focused):
            if self._has_settled:
                self._forget_scroll_target()
            self._ensure_whole_visible(focused)

    def scroll_to(self, widget: QWidget) -> None:
        """Scroll to a widget of the form, and keep it visible until the user scrolls or moves the focus."""
        self._scroll_target, self._last_geometry, self._has_settled = widget, None, False
        QTimer.singleShot(0, self, self._scroll_to_target)

    @Slot()
    def _forget_scroll_target(self) -> None:
        self._scroll_target, self._has_settled = None, True

    @Slot()
    def _scroll_to_target(self) -> None:
        """Scroll to the target, and repeat it until its geometry no longer changes.

        Nested layouts need several passes of the event loop to settle, and Qt has no signal for the last one. A
        layout that changes once more, or another size, begins it again.
        """
        target = self._scroll_target
        if target is None or not target.isVisible():
            self._has_settled = True
            return
        place = self._ensure_whole_visible(target)
        before, self._last_geometry = self._last_geometry, (place, self.viewport().size())
        self._has_settled = self._last_geometry == before
        if not self._has_settled:
            QTimer.singleShot(0, self, self._scroll_to_target)

    def _ensure_whole_visible(self, widget: QWidget) -> QRect:
        """Scroll to the whole widget, and return its place in the form; its parents move, too.

        Of an input field, Qt's `ensureWidgetVisible` shows only the text cursor.
        """
        place = QRect(widget.mapTo(self._form, QPoint(0, 0)), widget.size())
        self.ensureVisible(place.center().x(), place.center().y(), 0, place.height() // 2 + SCROLL_MARGIN)
        return place

    def _keep_scroll_target(self) -> None:
        if self._scroll_target is not None:
            QTimer.singleShot(0, self, self._scroll_to_target)

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
            self.updateGeometry()  # Qt does not do so for the contents of a scroll area
            self._update_scroll_bar_policy()
            self._keep_scroll_target()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._update_scroll_bar_policy()
        super().resizeEvent(event)
        self._keep_scroll_target()

    def _update_scroll_bar_policy(self) -> None:
        """Show the scroll bar only if the form does not fit without it.

        WORKAROUND: a scroll bar that Qt has shown takes so much width that the form seems not to fit.
        """
        fits = self._form.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)


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

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001, N802 - Qt's own method
        """Show the dialog as high as its texts need at its width; Qt takes them to be higher, as in a narrow one."""
        layout = self.layout()
        if visible and not self.testAttribute(Qt.WidgetAttribute.WA_Resized) and layout is not None:
            self.ensurePolished()
            layout.activate()
            width = max(self.sizeHint().width(), self.minimumSizeHint().width(), self.minimumWidth())
            if layout.hasHeightForWidth():
                height_max = available_geometry(self).height() - TITLE_BAR_HEIGHT
                self.resize(width, min(height_max, layout.totalHeightForWidth(width)))
        super().setVisible(visible)

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
        # more than is available only until the next layout request, when `fixed` is that of old contents; a dialog that
        # keeps its height would stay so
        height = min(layout.totalHeightForWidth(self.width()), available)
        was_resized_by_user = self.height() > self._fitted_height
        before = self._fitted_height
        self.setMinimumHeight(height)
        if self.should_keep_height and height < before <= available:
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
