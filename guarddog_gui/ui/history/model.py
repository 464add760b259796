"""The table behind the history page: newest first, asked for in pages as somebody scrolls."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.runtime.jobs import HistoryPageQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

PAGE_SIZE = 256
Index = QModelIndex | QPersistentModelIndex
_DISPLAY_ROLE = int(Qt.ItemDataRole.DisplayRole)

EntryRole = int(Qt.ItemDataRole.UserRole) + 1


class HistoryColumn(IntEnum):
    """The columns of the table."""

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
    """Holds what was scrolled to so far; a million rows cost as much as the first page.

    It asks with `wanted` and gets its rows by `take`, so that nobody waits for the disk. One question is
    under way at a time; a new choice takes its place, and an answer to an old one is not heard.
    """

    rows_requested = Signal(object)  # Leaf

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._filter = HistoryFilter()
        self._rows: list[HistoryRow] = []
        self._has_more = False
        self._pending_query: HistoryPageQuery | None = None
        self._is_reloading = True  # what comes takes the place of all rows
        self._has_missed_changes = False  # something happened while a question was under way
        self._account_names: dict[str, str] = {}

    def set_account_names(self, names: dict[str, str]) -> None:
        """Names by appid; an account that is gone shows its appid."""
        if names != self._account_names:
            self._account_names = names
            if self._rows:
                self.dataChanged.emit(
                    self.index(0, HistoryColumn.ACCOUNT),
                    self.index(len(self._rows) - 1, HistoryColumn.ACCOUNT),
                )

    def set_filter(self, history_filter: HistoryFilter) -> None:
        """Show other rows."""
        self._filter = history_filter
        self.reload()

    def reload(self) -> None:
        """Begin again with the newest."""
        self._is_reloading = True
        self._request_rows(None)

    def load_newer(self) -> None:
        """Put what is new since the newest row on top, without moving what somebody reads."""
        if self._pending_query is not None:
            self._has_missed_changes = True
        else:
            self._request_rows(None)

    @property
    def is_loading(self) -> bool:
        """Whether rows are on their way."""
        return self._pending_query is not None

    def _request_rows(self, before_id: int | None) -> None:
        self._has_missed_changes = False
        self._pending_query = HistoryPageQuery(self._filter, before_id, PAGE_SIZE)
        self.rows_requested.emit(self._pending_query)

    def apply_rows(self, query: HistoryPageQuery, rows: tuple[HistoryRow, ...]) -> None:
        """The rows that were asked for."""
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
        self._has_more = len(self._rows) == PAGE_SIZE
        self.endResetModel()

    def _append_rows(self, older_rows: list[HistoryRow]) -> None:
        self._has_more = len(older_rows) == PAGE_SIZE
        if older_rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(older_rows) - 1)
            self._rows += older_rows
            self.endInsertRows()

    def _prepend_new_rows(self, newest_rows: list[HistoryRow]) -> None:
        known = {row.id for row in self._rows[:PAGE_SIZE]}
        fresh = [row for row in newest_rows if row.id not in known]
        if len(fresh) == len(newest_rows):
            self._replace_rows(newest_rows)
        elif fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._rows[:0] = fresh
            self.endInsertRows()

    def entry_at(self, index: Index) -> HistoryEntry | None:
        """The entry of a row."""
        return self._rows[index.row()].entry if index.isValid() else None

    # -- Qt's questions ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(HistoryColumn)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more and self._pending_query is None

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._rows:
            self._request_rows(self._rows[-1].id)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY_ROLE) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMERIC_COLUMNS:
            return _ALIGN_RIGHT
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY_ROLE:
            return None
        return (
            self.tr("Time"),
            self.tr("Account"),
            self.tr("Key"),
            self.tr("Trigger"),
            self.tr("Result"),
            self.tr("errcode"),
            self.tr("ms"),
        )[section]

    def data(self, index: Index, role: int = _DISPLAY_ROLE) -> Any:
        entry = self.entry_at(index)
        if entry is None:
            return None
        column = index.column()
        if role == _DISPLAY_ROLE:
            return self._cell_text(entry, column)
        if role == EntryRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMERIC_COLUMNS:
            return _ALIGN_RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.RESULT:
            return plain_tooltip(entry.errmsg) if entry.errmsg else None
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.ACCOUNT:
            return plain_tooltip(self._cell_text(entry, column))  # there may be no room for the whole
        return None

    def _cell_text(self, entry: HistoryEntry, column: int) -> str:
        sentences = self._formatter.messages
        match column:
            case HistoryColumn.TIME:
                return self._formatter.time_format.format_full(entry.at)
            case HistoryColumn.ACCOUNT:
                return self._account_names.get(entry.appid, entry.appid)
            case HistoryColumn.KEY:
                return entry.key
            case HistoryColumn.TRIGGER:
                return sentences.trigger_name(entry.trigger)
            case HistoryColumn.RESULT:
                return sentences.result_name(entry.result)
            case HistoryColumn.ERRCODE:
                return "" if entry.errcode is None else str(entry.errcode)
            case _:
                return str(entry.took_ms)
