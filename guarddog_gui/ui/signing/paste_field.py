"""Input field for a pasted `wx.config`, which may come with a whole minified script around it."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from guarddog_gui.domain.diagnosis.config_parser import trim_to_config

CHARS_MAX = 40_000  # takes about 30 ms to lay out


class PasteField(QPlainTextEdit):
    """Text field that cuts a long text down to the part around its `wx.config`."""

    submitted = Signal()  # Ctrl+Enter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        # WORKAROUND: with word wrap, Qt's layout time grows with the square of the length of a line without
        # spaces: one megabyte takes minutes.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def set_text(self, text: str) -> None:
        """Replace the text, cut down to `CHARS_MAX` characters around its `wx.config`."""
        self.setPlainText(trim_to_config(text, CHARS_MAX))

    def insertFromMimeData(self, source: QMimeData) -> None:
        data = QMimeData()
        data.setText(trim_to_config(source.text(), CHARS_MAX))
        super().insertFromMimeData(data)
        if len(self.toPlainText()) > 2 * CHARS_MAX:  # several pastes in a row
            self.set_text(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
