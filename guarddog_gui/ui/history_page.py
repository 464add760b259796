"""The history page: what was tried, what came of it, and for a failure what it means and what to do."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.history import HistoryFilter
from guarddog_gui.domain.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.services.ports import HistoryReader
from guarddog_gui.ui.entry_detail import EntryDetail
from guarddog_gui.ui.history_model import HistoryColumn, HistoryModel
from guarddog_gui.ui.token_rows import ROW_HEIGHT
from guarddog_gui.ui.voice import Voice


class HistoryPage(QWidget):
    """Reads only while it is visible."""

    copy_wanted = Signal(str)  # an IP or a rid

    def __init__(
        self, controller: Controller, reader: HistoryReader, voice: Voice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._model = HistoryModel(reader, voice, self)
        self._account = QComboBox()
        self._account.currentIndexChanged.connect(self._on_filter)
        self._failures = QCheckBox()
        self._failures.toggled.connect(self._on_filter)
        self._table = self._make_table()
        self._detail = EntryDetail(voice)
        self._detail.copy_wanted.connect(self.copy_wanted)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self._account)
        filters.addWidget(self._failures)
        filters.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(filters)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._detail)
        self._names: dict[str, str] = {}
        self.retranslate()
        controller.attempted.connect(self._on_attempted)
        controller.changed.connect(self._on_changed)
        self._on_changed(controller.overview())

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT - 8)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(HistoryColumn.RESULT, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(50)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.selectionModel().currentRowChanged.connect(self._on_row)
        return table

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._account.setAccessibleName(self.tr("Account"))
        self._failures.setText(self.tr("Only failures"))
        self._table.setAccessibleName(self.tr("History"))
        if self._account.count():
            self._account.setItemText(0, self.tr("All accounts"))
        if self.isVisible():
            self._model.reload()
        self._detail.retranslate()

    def show_account(self, appid: str) -> None:
        """Filter for one account."""
        found = self._account.findData(appid)
        self._account.setCurrentIndex(max(0, found))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.catch_up()

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        names = {status.account.appid: status.account.name for status in overview.accounts}
        if names == self._names and self._account.count():
            return
        self._names = names
        self._model.name_accounts(names)
        chosen = self._account.currentData()
        self._account.blockSignals(True)
        self._account.clear()
        self._account.addItem(self.tr("All accounts"), None)
        for appid, name in names.items():
            self._account.addItem(name, appid)
        self._account.setCurrentIndex(max(0, self._account.findData(chosen)))
        self._account.blockSignals(False)

    @Slot(object)
    def _on_attempted(self, _outcome: object) -> None:
        if self.isVisible():
            self._model.catch_up()

    @Slot()
    def _on_filter(self) -> None:
        self._model.choose(
            HistoryFilter(appid=self._account.currentData(), only_failures=self._failures.isChecked())
        )
        self._detail.show_entry(None)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._detail.show_entry(self._model.entry_at(current))
