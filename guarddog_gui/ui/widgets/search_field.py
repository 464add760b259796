"""A line to search or filter with: Escape empties it, and once it is empty does what it does elsewhere."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class SearchField(QLineEdit):
    """Has a button that empties it, too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        # else a shortcut of the window takes the key
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
