"""Base class of the pages of the main window, which sets the keyboard focus."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
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
        find = QAction(self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self._on_find_triggered)
        self.addAction(find)  # the shortcut is inactive while the page is hidden

    def focus(self) -> None:
        self._initial_focus_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_find_triggered(self) -> None:
        self._search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search_field.selectAll()
