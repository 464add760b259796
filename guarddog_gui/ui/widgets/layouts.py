"""Layouts: rows and columns made from their items, and forms with labels on the left."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

BoxLayout = TypeVar("BoxLayout", bound=QBoxLayout)
STRETCH = None  # item that takes the remaining space
Item = QWidget | QLayout | tuple[QWidget | QLayout, int] | None  # with a stretch factor if it is a pair
Margin = int | tuple[int, int]  # the same on all sides, or at the sides and above and below


def make_row(*items: Item, spacing: int = 8, margin: Margin = 0) -> QHBoxLayout:
    """Return a horizontal layout with these items; spacing and margin are pixels."""
    return _add_items(QHBoxLayout(), items, spacing, margin)


def make_column(*items: Item, spacing: int = 8, margin: Margin = 0) -> QVBoxLayout:
    """Return a vertical layout with these items; spacing and margin are pixels."""
    return _add_items(QVBoxLayout(), items, spacing, margin)


def _add_items(layout: BoxLayout, items: tuple[Item, ...], spacing: int, margin: Margin) -> BoxLayout:
    layout.setSpacing(spacing)
    side, edge = margin if isinstance(margin, tuple) else (margin, margin)
    layout.setContentsMargins(side, edge, side, edge)
    for item in items:
        widget, factor = item if isinstance(item, tuple) else (item, 0)
        if widget is None:
            layout.addStretch()
        elif isinstance(widget, QLayout):
            layout.addLayout(widget, factor)
        else:
            layout.addWidget(widget, factor)
    return layout


def set_label(label: QLabel, text: str, *fields: QWidget) -> None:
    """Set the text of a label, which is also the name of its fields for screen readers."""
    label.setText(text)
    for field in fields:
        field.setAccessibleName(text)


class FormGrid(QGridLayout):
    """Form layout in a grid.

    WORKAROUND: QFormLayout gives its rows a wrong height if one of them contains a wrapped text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
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
        self.addWidget(widget, self._next_row, 1)
        self._next_row += 1

    def add_full_width(self, widget: QWidget) -> None:
        self.addWidget(widget, self._next_row, 0, 1, 2)
        self._next_row += 1
