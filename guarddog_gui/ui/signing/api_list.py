"""Names to choose from, with a search: those of jsApiList and openTagList."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from guarddog_gui.domain.signing.js_apis import search_names
from guarddog_gui.ui.widgets.check_box import CheckBoxDelegate
from guarddog_gui.ui.widgets.search_field import SearchField


class SearchableCheckList(QWidget):
    """What is ticked stays ticked while a search hides it."""

    checked_names_changed = Signal()

    def __init__(
        self, names: tuple[str, ...], checked: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = names
        self.search_field = SearchField()
        self.search_field.textChanged.connect(self._on_search_text_changed)
        self.list_widget = QListWidget()
        self.list_widget.setUniformItemSizes(True)
        self.list_widget.setItemDelegate(CheckBoxDelegate(self.list_widget))
        for name in names:
            item = QListWidgetItem(name, self.list_widget)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in checked else Qt.CheckState.Unchecked)
        self.list_widget.setCurrentRow(0)
        self.list_widget.itemChanged.connect(self.checked_names_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.search_field)
        layout.addWidget(self.list_widget, 1)

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    def checked_names(self) -> tuple[str, ...]:
        """In the order of the list."""
        items = (self.list_widget.item(row) for row in range(self.list_widget.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        hits = set(search_names(self._names, text))
        first: int | None = None
        for row, name in enumerate(self._names):
            self.list_widget.item(row).setHidden(name not in hits)
            first = row if first is None and name in hits else first
        if first is not None:
            self.list_widget.setCurrentRow(first)
