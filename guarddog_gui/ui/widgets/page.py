"""Base class of the pages of the main window, their scroll area and their search field."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from guarddog_gui.ui.widgets.toast import END_ROOM

MARGIN = 24  # pixels around the content of a page
CARD_GAP = 14  # pixels between two cards


class Page(QWidget):
    """One page of the window; its constructor has to call `set_focus_widgets`."""

    def set_focus_widgets(self, initial: QWidget, search_field: QLineEdit | None = None) -> None:
        """Set the widget that gets the focus first, and the one that Ctrl+F moves it to."""
        # not a focus proxy: with a child as its proxy, the page itself becomes a stop for the Tab key
        self._initial_focus_widget = initial
        if search_field is None:
            return
        self._search_field = search_field
        find = QAction(self, shortcut=QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self._on_find_triggered)
        self.addAction(find)  # the shortcut is inactive while the page is hidden

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        raise NotImplementedError

    def filters(self) -> str:
        """Return the filters as a text for `set_filters`; empty if everything is shown."""
        return ""

    def set_filters(self, text: str) -> None:
        """Restore the filters; a text that the page does not understand changes nothing."""

    def focus(self) -> None:
        self._initial_focus_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_find_triggered(self) -> None:
        self._search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search_field.selectAll()


class PageScrollArea(QScrollArea):
    """Content of a page that scrolls vertically where the window is too low; it is never cut off at the side."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        width = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and watched is self._content:
            self.updateGeometry()
            fit_end_room(self)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_end_room(self)


def fit_end_room(area: QScrollArea) -> None:
    """Leave room for a toast below the content if it is scrolled; else it would be scrolled for that room alone."""
    content = area.widget()
    layout = content.layout() if content is not None else None
    if layout is None:
        return
    margins, width = layout.contentsMargins(), area.viewport().width()
    height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalMinimumSize().height()
    bottom = MARGIN if height - margins.bottom() + MARGIN <= area.viewport().height() else END_ROOM
    if bottom != margins.bottom():
        margins.setBottom(bottom)
        layout.setContentsMargins(margins)


class SearchField(QLineEdit):
    """Input field with a button that clears it; Escape clears it too, unless it is already empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        # accept Escape here, or the shortcut of the window gets it
        if event.type() is QEvent.Type.ShortcutOverride and self._is_clear_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_clear_key(event):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _is_clear_key(self, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.text() != ""
