"""Base class of the pages of the main window, which sets the keyboard focus, and their search field."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


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
