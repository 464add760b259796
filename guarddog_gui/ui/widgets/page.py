"""What the pages of the window have in common: where the keyboard goes."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


class Page(QWidget):
    """One page; call `lead` once its parts are there."""

    def set_focus_widgets(self, initial: QWidget, search_field: QLineEdit | None = None) -> None:
        """The keyboard begins at `chief`; Ctrl+F goes to `search` from anywhere in the window."""
        self._initial_focus_widget = (
            initial  # no focus proxy: with a child for a proxy, Tab stops at the page itself
        )
        if search_field is None:
            return
        self._find_field = search_field
        find = QAction(self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self._on_find_triggered)
        self.addAction(find)  # while the page is hidden so is its shortcut

    def focus(self) -> None:
        """Take the keyboard."""
        self._initial_focus_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_find_triggered(self) -> None:
        self._find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find_field.selectAll()
