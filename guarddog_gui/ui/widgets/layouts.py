"""Layouts: rows and columns made from their items, rows that wrap, and forms with labels on the left."""

from typing import TypeVar

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QLayout, QLayoutItem, QVBoxLayout, QWidget

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


class FlowLayout(QLayout):
    """Row that continues in further rows where there is no room.

    A widget that expands takes the rest of its row, so that what follows stands at the right.
    """

    def __init__(self, spacing: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []  # in Python, because Qt does not own the items of a layout in Python
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Add a widget in front of the one with this number."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), is_applied=False)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._visible_items()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._visible_items()]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, is_applied=True)

    def _visible_items(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, is_applied: bool) -> int:
        """Return the height of all rows in this rectangle; set the geometry of the items if it is applied."""
        top, rows = rect.top(), self._rows(rect.width())
        for row in rows:
            height = max(size.height() for _, size in row)
            if is_applied:
                self._place_row(row, QRect(rect.left(), top, rect.width(), height))
            top += height + self.spacing()
        return max(0, top - rect.top() - self.spacing())

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._visible_items():
            size = item.sizeHint()
            if size.width() > width:
                size = QSize(width, item.heightForWidth(width) if item.hasHeightForWidth() else size.height())
            if not rows or used + self.spacing() + size.width() > width:
                rows.append([])
                used = -self.spacing()
            rows[-1].append((item, size))
            used += self.spacing() + size.width()
        return rows

    def _place_row(self, row: list[tuple[QLayoutItem, QSize]], rect: QRect) -> None:
        spare = rect.width() - sum(size.width() for _, size in row) - self.spacing() * (len(row) - 1)
        left = rect.left()
        for item, size in row:
            width = size.width()
            if item.expandingDirections() & Qt.Orientation.Horizontal:
                width, spare = width + spare, 0
            top = rect.top() + (rect.height() - size.height()) // 2
            item.setGeometry(QRect(left, top, width, size.height()))
            left += width + self.spacing()
