"""The rows of a form: names at the left, fields at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget


class FormGrid(QGridLayout):
    """WORKAROUND: QFormLayout gives rows a wrong height as soon as one of them is a wrapped text."""

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalSpacing(8)
        self.setHorizontalSpacing(16)
        self.setColumnStretch(1, 1)
        self._next_row = 0

    def add_row(self, label: QLabel, field: QWidget | QLayout) -> None:
        """A field with its name, which stands beside the first line of several."""
        several = isinstance(field, QVBoxLayout)
        beside = Qt.AlignmentFlag.AlignTop if several else Qt.AlignmentFlag.AlignVCenter
        self.addWidget(label, self._next_row, 0, beside)
        if isinstance(field, QLayout):
            self.addLayout(field, self._next_row, 1)
        else:
            self.addWidget(field, self._next_row, 1)
            label.setBuddy(field)
        self._next_row += 1

    def add_below_field(self, widget: QWidget) -> None:
        """What is to be said about the field before."""
        self.addWidget(widget, self._next_row, 1)
        self._next_row += 1

    def add_full_width(self, widget: QWidget) -> None:
        """The same where it wants the whole width."""
        self.addWidget(widget, self._next_row, 0, 1, 2)
        self._next_row += 1
