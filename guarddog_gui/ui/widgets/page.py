"""What the pages of the window have in common: where the keyboard goes."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


class Page(QWidget):
    """One page; call `lead` once its parts are there."""

    def lead(self, chief: QWidget, search: QLineEdit | None = None) -> None:
        """The keyboard begins at `chief`; Ctrl+F goes to `search` from anywhere in the window."""
        self._chief = chief  # no focus proxy: with a child for a proxy, Tab stops at the page itself
        if search is None:
            return
        self._search_field = search
        find = QAction(self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self._on_find)
        self.addAction(find)  # while the page is hidden so is its shortcut

    def begin(self) -> None:
        """Take the keyboard."""
        self._chief.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_find(self) -> None:
        self._search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search_field.selectAll()
