"""Table model of the history: newest first, loaded in pages while the user scrolls."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.runtime.jobs import HistoryPageQuery
from guarddog_gui.services.messages.texts import format_timestamp
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

PAGE_SIZE = 256
ROWS_KEPT_MAX = 2048  # unless the user has loaded more; older ones are loaded again when they are scrolled to
EntryRole = FIRST_CUSTOM_ROLE


class HistoryColumn(IntEnum):
    """Columns of the table."""

    TIME = 0
    ACCOUNT = 1
    KEY = 2
    TRIGGER = 3
    RESULT = 4
    ERRCODE = 5
    DURATION = 6


NUMERIC_COLUMNS = (HistoryColumn.ERRCODE, HistoryColumn.DURATION)
_ALIGN_RIGHT = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value


class HistoryModel(QAbstractTableModel):
    """Table of the rows that were loaded so far, so that even a million rows open like one page.

    The model requests rows with `rows_requested` and receives them in `apply_rows`, so that the window does
    not wait for the disk. There is one request at a time: a new one replaces it, and the rows of a replaced
    request are ignored.
    """

    rows_requested = Signal(object)  # HistoryPageQuery

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._filter = HistoryFilter()
        self._rows: list[HistoryRow] = []
        self._has_more = False
        self._rows_max = ROWS_KEPT_MAX
        self._pending_query: HistoryPageQuery | None = None
        self._is_reloading = True  # the pending rows replace all others
        self._has_missed_changes = False  # there may be rows newer than the pending request
        self._account_names: dict[str, str] = {}

    def set_account_names(self, names: dict[str, str]) -> None:
        """Set the names by AppID; a removed account is shown with its AppID."""
        if names != self._account_names:
            self._account_names = names
            if self._rows:
                last = self.index(len(self._rows) - 1, HistoryColumn.ACCOUNT)
                self.dataChanged.emit(self.index(0, HistoryColumn.ACCOUNT), last)

    def set_filter(self, history_filter: HistoryFilter) -> None:
        self._filter = history_filter
        self.reload()

    def reload(self) -> None:
        self._is_reloading = True
        self._request_rows(None)

    def load_newer(self) -> None:
        """Insert newer rows at the top, without changing the selection or the existing rows."""
        if self._pending_query is not None:
            self._has_missed_changes = True
        else:
            self._request_rows(None)

    def _request_rows(self, before_id: int | None) -> None:
        self._has_missed_changes = False
        self._pending_query = HistoryPageQuery(self._filter, before_id, PAGE_SIZE)
        self.rows_requested.emit(self._pending_query)

    def apply_rows(self, query: HistoryPageQuery, rows: tuple[HistoryRow, ...]) -> None:
        """Show the result of a request, unless another one has replaced it."""
        if query is not self._pending_query:
            return
        self._pending_query = None
        if query.before_id is not None:
            self._append_rows(list(rows))
        elif self._is_reloading:
            self._replace_rows(list(rows))
        else:
            self._prepend_new_rows(list(rows))
        if self._has_missed_changes:
            self._request_rows(None)

    def _replace_rows(self, newest_rows: list[HistoryRow]) -> None:
        self._is_reloading = False
        self.beginResetModel()
        self._rows = newest_rows
        self._rows_max = ROWS_KEPT_MAX
        self._has_more = len(self._rows) == PAGE_SIZE
        self.endResetModel()

    def _append_rows(self, older_rows: list[HistoryRow]) -> None:
        self._has_more = len(older_rows) == PAGE_SIZE
        if older_rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(older_rows) - 1)
            self._rows += older_rows
            self.endInsertRows()
            self._rows_max = max(ROWS_KEPT_MAX, len(self._rows))

    def _prepend_new_rows(self, newest_rows: list[HistoryRow]) -> None:
        known_ids = {row.id for row in self._rows[:PAGE_SIZE]}
        new_rows = [row for row in newest_rows if row.id not in known_ids]
        if len(new_rows) == len(newest_rows):  # there may be more between them and the known rows
            self._replace_rows(newest_rows)
        elif new_rows:
            self.beginInsertRows(QModelIndex(), 0, len(new_rows) - 1)
            self._rows[:0] = new_rows
            self.endInsertRows()
            self._drop_oldest_rows()

    def _drop_oldest_rows(self) -> None:
        """Keep a page that is left open for days from growing without an end."""
        last = len(self._rows) - 1
        if last >= self._rows_max:
            self.beginRemoveRows(QModelIndex(), self._rows_max, last)
            del self._rows[self._rows_max :]
            self._has_more = True
            self.endRemoveRows()

    def entry_at(self, index: Index) -> HistoryEntry | None:
        return self._rows[index.row()].entry if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(HistoryColumn)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more and self._pending_query is None

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._rows:
            self._request_rows(self._rows[-1].id)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY_ROLE) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMERIC_COLUMNS:
            return _ALIGN_RIGHT
        if orientation is not Qt.Orientation.Horizontal or role != DISPLAY_ROLE:
            return None
        attempt = (self.tr("Time"), self.tr("Account"), self.tr("Key"), self.tr("Trigger"))
        return (*attempt, self.tr("Result"), self.tr("errcode"), self.tr("ms"))[section]

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        entry = self.entry_at(index)
        if entry is None:
            return None
        column = index.column()
        if role == DISPLAY_ROLE:
            return self._cell_text(entry, column)
        if role == EntryRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMERIC_COLUMNS:
            return _ALIGN_RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.RESULT:
            return plain_tooltip(entry.errmsg) if entry.errmsg else None
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.ACCOUNT:
            return plain_tooltip(self._cell_text(entry, column))  # the column may be too narrow for the name
        return None

    def _cell_text(self, entry: HistoryEntry, column: int) -> str:
        messages = self._formatter.messages
        match column:
            case HistoryColumn.TIME:
                return format_timestamp(entry.at)
            case HistoryColumn.ACCOUNT:
                return self._account_names.get(entry.appid, entry.appid)
            case HistoryColumn.KEY:
                return entry.key
            case HistoryColumn.TRIGGER:
                return messages.trigger_name(entry.trigger)
            case HistoryColumn.RESULT:
                return messages.result_name(entry.result)
            case HistoryColumn.ERRCODE:
                return "" if entry.errcode is None else str(entry.errcode)
            case _:
                return str(entry.took_ms)
