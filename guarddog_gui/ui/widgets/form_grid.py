"""The rows of a form: names at the left, fields at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget


class FormRows(QGridLayout):
    """WORKAROUND: QFormLayout gives rows a wrong height as soon as one of them is a wrapped text."""

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalSpacing(8)
        self.setHorizontalSpacing(16)
        self.setColumnStretch(1, 1)
        self._rows = 0

    def add(self, label: QLabel, field: QWidget | QLayout) -> None:
        """A field with its name, which stands beside the first line of several."""
        several = isinstance(field, QVBoxLayout)
        beside = Qt.AlignmentFlag.AlignTop if several else Qt.AlignmentFlag.AlignVCenter
        self.addWidget(label, self._rows, 0, beside)
        if isinstance(field, QLayout):
            self.addLayout(field, self._rows, 1)
        else:
            self.addWidget(field, self._rows, 1)
            label.setBuddy(field)
        self._rows += 1

    def add_below(self, text: QWidget) -> None:
        """What is to be said about the field before."""
        self.addWidget(text, self._rows, 1)
        self._rows += 1

    def add_across(self, text: QWidget) -> None:
        """The same where it wants the whole width."""
        self.addWidget(text, self._rows, 0, 1, 2)
        self._rows += 1
