"""Searchable list in which the user checks the names for jsApiList and openTagList."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from guarddog_gui.domain.signing.js_apis import search_names
from guarddog_gui.ui.widgets.check_box import CheckBoxDelegate
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import SearchField


class SearchableCheckList(QWidget):
    """List of names with check boxes and a search field; a checked name stays checked while the search hides it."""

    checked_names_changed = Signal()

    def __init__(self, names: tuple[str, ...], checked: tuple[str, ...]) -> None:
        super().__init__()
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
        self.setLayout(make_column(self.search_field, (self.list_widget, 1), spacing=4))

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    def checked_names(self) -> tuple[str, ...]:
        items = (self.list_widget.item(row) for row in range(self.list_widget.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        matches = set(search_names(self._names, text))
        for row, name in enumerate(self._names):
            self.list_widget.item(row).setHidden(name not in matches)
        first_match = next((row for row, name in enumerate(self._names) if name in matches), None)
        if first_match is not None:
            self.list_widget.setCurrentRow(first_match)
