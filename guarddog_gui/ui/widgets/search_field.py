"""Field to search or filter with, which Escape clears."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


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
