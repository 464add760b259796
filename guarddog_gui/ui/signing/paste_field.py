"""A field into which anybody may paste anything: a whole minified script does not keep the window waiting."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from guarddog_gui.domain.diagnosis.config_parser import trim_to_config

CHARS_MAX = 40_000  # characters; some 30 ms to lay out


class PasteField(QPlainTextEdit):
    """Of a long text only the part that is worth reading is taken."""

    submitted = Signal()  # Ctrl+Enter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        # WORKAROUND: Qt lays a line without a space out in the square of its length when it looks for words:
        # a megabyte takes minutes
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def set_text(self, text: str) -> None:
        """Take this text in place of what is there."""
        self.setPlainText(trim_to_config(text, CHARS_MAX))

    def insertFromMimeData(self, source: QMimeData) -> None:
        data = QMimeData()
        data.setText(trim_to_config(source.text(), CHARS_MAX))
        super().insertFromMimeData(data)
        if len(self.toPlainText()) > 2 * CHARS_MAX:  # pasted again and again
            self.set_text(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
