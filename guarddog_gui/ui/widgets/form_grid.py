"""Layout of a form: labels on the left, fields on the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget


class FormGrid(QGridLayout):
    """Form layout in a grid.

    WORKAROUND: QFormLayout gives its rows a wrong height if one of them contains a wrapped text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalSpacing(8)
        self.setHorizontalSpacing(16)
        self.setColumnStretch(1, 1)
        self._next_row = 0

    def add_row(self, label: QLabel, field: QWidget | QLayout) -> None:
        """Add a field and its label; the label of several stacked fields is aligned with the first one."""
        is_stacked = isinstance(field, QVBoxLayout)
        alignment = Qt.AlignmentFlag.AlignTop if is_stacked else Qt.AlignmentFlag.AlignVCenter
        self.addWidget(label, self._next_row, 0, alignment)
        if isinstance(field, QLayout):
            self.addLayout(field, self._next_row, 1)
        else:
            self.addWidget(field, self._next_row, 1)
            label.setBuddy(field)
        self._next_row += 1

    def add_below_field(self, widget: QWidget) -> None:
        """Add a hint below the previous field."""
        self.addWidget(widget, self._next_row, 1)
        self._next_row += 1

    def add_full_width(self, widget: QWidget) -> None:
        """Add a widget that takes both columns."""
        self.addWidget(widget, self._next_row, 0, 1, 2)
        self._next_row += 1
