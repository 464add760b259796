"""Field of a form: its label with a note at the right, and below it a hint or what is wrong."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QLayout, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row, set_label
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel


class LabelledField(ThemedMixin, QWidget):
    """Field with its texts; an error takes the place of the hint and is read with the field by screen readers."""

    def __init__(self, name: str, field: QWidget, content: QWidget | QLayout | None = None) -> None:
        """Take the object name of the field; `content` is what is shown for it, if that is more than the field."""
        super().__init__()
        self.field = field
        field.setObjectName(name)
        self.label = QLabel()
        self.label.setBuddy(field)
        self.note = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.note.setObjectName(f"{name}-note")
        self.hint = WrappedLabel(f"{name}-hint")
        self.error = WrappedLabel(f"{name}-error")
        for label in (self.note, self.hint, self.error):
            label.hide()
        head = make_row(self.label, STRETCH, self.note)
        self.setLayout(make_column(head, content or field, self.hint, self.error, spacing=4))
        self.apply_palette()

    def set_label(self, text: str) -> None:
        set_label(self.label, text, self.field)

    def set_note(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)
        self._update()

    def set_error(self, text: str) -> None:
        self.error.setText(text)
        self._update()

    def _update(self) -> None:
        error = self.error.text()
        self.error.setVisible(bool(error))
        self.hint.setVisible(bool(self.hint.text()) and not error)
        self.field.setAccessibleDescription(error or self.hint.text())

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        for label, colour in ((self.note, colours.dim), (self.hint, colours.dim), (self.error, colours.bad)):
            palette = QPalette(label.palette())
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            label.setPalette(palette)
            label.setFont(scaled_font(self.font(), SMALL))
