"""Names to choose from, with a search: those of jsApiList and openTagList."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from guarddog_gui.domain.signing.js_apis import found
from guarddog_gui.ui.widgets.check_box import TickCells
from guarddog_gui.ui.widgets.search_field import SearchField


class NameList(QWidget):
    """What is ticked stays ticked while a search hides it."""

    changed = Signal()

    def __init__(
        self, names: tuple[str, ...], ticked: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = names
        self.search = SearchField()
        self.search.textChanged.connect(self._on_search)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(TickCells(self.list))
        for name in names:
            item = QListWidgetItem(name, self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
        self.list.setCurrentRow(0)
        self.list.itemChanged.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    def ticked(self) -> tuple[str, ...]:
        """In the order of the list."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        hits = set(found(self._names, text))
        first: int | None = None
        for row, name in enumerate(self._names):
            self.list.item(row).setHidden(name not in hits)
            first = row if first is None and name in hits else first
        if first is not None:
            self.list.setCurrentRow(first)
