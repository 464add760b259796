"""The table behind the history page: newest first, asked for in pages as somebody scrolls."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from guarddog_gui.domain.refresh.history import Entry, HistoryFilter, HistoryRow
from guarddog_gui.runtime.jobs import Leaf
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

PAGE = 256
Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)

EntryRole = int(Qt.ItemDataRole.UserRole) + 1


class HistoryColumn(IntEnum):
    """The columns of the table."""

    TIME = 0
    ACCOUNT = 1
    KEY = 2
    TRIGGER = 3
    RESULT = 4
    ERRCODE = 5
    TOOK = 6


NUMBERS = (HistoryColumn.ERRCODE, HistoryColumn.TOOK)
_RIGHT = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value


class HistoryModel(QAbstractTableModel):
    """Holds what was scrolled to so far; a million rows cost as much as the first page.

    It asks with `wanted` and gets its rows by `take`, so that nobody waits for the disk. One question is
    under way at a time; a new choice takes its place, and an answer to an old one is not heard.
    """

    wanted = Signal(object)  # Leaf

    def __init__(self, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._filter = HistoryFilter()
        self._rows: list[HistoryRow] = []
        self._more = False
        self._asked: Leaf | None = None
        self._begins = True  # what comes takes the place of all rows
        self._missed = False  # something happened while a question was under way
        self._names: dict[str, str] = {}

    def name_accounts(self, names: dict[str, str]) -> None:
        """Names by appid; an account that is gone shows its appid."""
        if names != self._names:
            self._names = names
            if self._rows:
                self.dataChanged.emit(
                    self.index(0, HistoryColumn.ACCOUNT),
                    self.index(len(self._rows) - 1, HistoryColumn.ACCOUNT),
                )

    def choose(self, wanted: HistoryFilter) -> None:
        """Show other rows."""
        self._filter = wanted
        self.reload()

    def reload(self) -> None:
        """Begin again with the newest."""
        self._begins = True
        self._ask(None)

    def catch_up(self) -> None:
        """Put what is new since the newest row on top, without moving what somebody reads."""
        if self._asked is not None:
            self._missed = True
        else:
            self._ask(None)

    @property
    def is_waiting(self) -> bool:
        """Whether rows are on their way."""
        return self._asked is not None

    def _ask(self, before_id: int | None) -> None:
        self._missed = False
        self._asked = Leaf(self._filter, before_id, PAGE)
        self.wanted.emit(self._asked)

    def take(self, leaf: Leaf, rows: tuple[HistoryRow, ...]) -> None:
        """The rows that were asked for."""
        if leaf is not self._asked:
            return
        self._asked = None
        if leaf.before_id is not None:
            self._append(list(rows))
        elif self._begins:
            self._begin_with(list(rows))
        else:
            self._put_on_top(list(rows))
        if self._missed:
            self._ask(None)

    def _begin_with(self, newest: list[HistoryRow]) -> None:
        self._begins = False
        self.beginResetModel()
        self._rows = newest
        self._more = len(self._rows) == PAGE
        self.endResetModel()

    def _append(self, older: list[HistoryRow]) -> None:
        self._more = len(older) == PAGE
        if older:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(older) - 1)
            self._rows += older
            self.endInsertRows()

    def _put_on_top(self, newest: list[HistoryRow]) -> None:
        known = {row.id for row in self._rows[:PAGE]}
        fresh = [row for row in newest if row.id not in known]
        if len(fresh) == len(newest):
            self._begin_with(newest)
        elif fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._rows[:0] = fresh
            self.endInsertRows()

    def entry_at(self, index: Index) -> Entry | None:
        """The entry of a row."""
        return self._rows[index.row()].entry if index.isValid() else None

    # -- Qt's questions ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(HistoryColumn)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and self._asked is None

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._rows:
            self._ask(self._rows[-1].id)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS:
            return _RIGHT
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY:
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

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        entry = self.entry_at(index)
        if entry is None:
            return None
        column = index.column()
        if role == _DISPLAY:
            return self._text(entry, column)
        if role == EntryRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.RESULT:
            return plain_tooltip(entry.errmsg) if entry.errmsg else None
        if role == Qt.ItemDataRole.ToolTipRole and column == HistoryColumn.ACCOUNT:
            return plain_tooltip(self._text(entry, column))  # there may be no room for the whole
        return None

    def _text(self, entry: Entry, column: int) -> str:
        sentences = self._voice.sentences
        match column:
            case HistoryColumn.TIME:
                return self._voice.moments.stamp(entry.at)
            case HistoryColumn.ACCOUNT:
                return self._names.get(entry.appid, entry.appid)
            case HistoryColumn.KEY:
                return entry.key
            case HistoryColumn.TRIGGER:
                return sentences.trigger(entry.trigger)
            case HistoryColumn.RESULT:
                return sentences.result(entry.result)
            case HistoryColumn.ERRCODE:
                return "" if entry.errcode is None else str(entry.errcode)
            case _:
                return str(entry.took_ms)
