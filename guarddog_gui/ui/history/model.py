"""List model of the history: days, items and their attempts, newest first, loaded in pages while the user scrolls."""

from collections.abc import Hashable
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.incidents import HistoryFold, HistoryItem
from guarddog_gui.runtime.jobs import HistoryPageQuery, IncidentPageQuery
from guarddog_gui.services.messages.texts import to_local_datetime
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.item_texts import ItemTexts
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

PAGE_SIZE = 256
FOLDED_HOURS = 6  # successes of so many hours are one item
LOADED_ROWS_MAX = 16 * PAGE_SIZE  # until the user asks for more; a page that is open for days keeps no more either
RowRole = FIRST_CUSTOM_ROLE  # ListRow


class ListRow(Struct, frozen=True, eq=False):
    """Row of the list: the heading of a day, an item, or an attempt of the item above it.

    day   number of the day, see `date.toordinal`
    """

    day: int
    item: HistoryItem | None = None
    attempt: HistoryRow | None = None

    @property
    def key(self) -> Hashable:
        """Return what stays the same while rows move."""
        if self.item is None:
            return self.day
        return id(self.item), self.attempt.id if self.attempt is not None else None

    @property
    def newest_key(self) -> Hashable:
        """Return what stays the same while items are made anew from the same newest attempts."""
        if self.item is None:
            return self.day
        return self.item.rows[0].id, self.attempt.id if self.attempt is not None else None

    @property
    def entry(self) -> HistoryEntry | None:
        """Return the attempt, or the newest one of the item; None for a heading."""
        if self.attempt is not None:
            return self.attempt.entry
        return self.item.newest if self.item is not None else None


class HistoryModel(QAbstractListModel):
    """List of what was loaded so far, so that even a million attempts open like one page.

    The model requests attempts with `rows_requested` and receives them in `apply_rows`, so that the window does
    not wait for the disk. There is one request at a time: a new one replaces it, and the answer to a replaced
    request is ignored. `loaded` is emitted after each answer.
    """

    rows_requested = Signal(object)  # IncidentPageQuery
    loaded = Signal()

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts = ItemTexts(formatter)
        self._filter = HistoryFilter()
        self._fold = HistoryFold(_slot_of)
        self._rows: list[ListRow] = []
        self._expanded_ids: set[int] = set()  # id() of items
        self._has_more = False
        self._rows_max = LOADED_ROWS_MAX
        self._pending_query: HistoryPageQuery | None = None
        self._oldest_id: int | None = None
        self._is_reloading = True  # the pending attempts replace all others
        self._has_missed_changes = False  # there may be attempts newer than the pending request

    def set_accounts(self, accounts: dict[str, Account]) -> None:
        """Set the accounts by AppID, whose names and environments are shown."""
        if accounts != self.texts.accounts:
            self.texts.accounts = accounts
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def set_filter(self, history_filter: HistoryFilter) -> None:
        self._filter = history_filter
        self.reload()

    def reload(self) -> None:
        self._is_reloading = True
        self._request_rows(None)

    def load_newer(self) -> None:
        """Add newer attempts at the top, without changing the selection or the other rows."""
        if self._pending_query is not None:
            self._has_missed_changes = True
        else:
            self._request_rows(None)

    @property
    def is_loading(self) -> bool:
        """Return True before the first answer to the current filter."""
        return self._is_reloading

    @property
    def waits_for_user(self) -> bool:
        """Return True if there are older attempts that are loaded only when the user wants them."""
        return self._has_more and len(self._fold) >= self._rows_max

    def allow_more(self) -> None:
        """Let the view load further pages."""
        self._rows_max = len(self._fold) + LOADED_ROWS_MAX

    def _request_rows(self, before_id: int | None) -> None:
        self._has_missed_changes = False
        self._pending_query = IncidentPageQuery(self._filter, before_id, PAGE_SIZE)
        self.rows_requested.emit(self._pending_query)

    def apply_rows(self, query: HistoryPageQuery, rows: tuple[HistoryRow, ...]) -> None:
        """Show the answer to a request, unless another one has replaced it."""
        if query is not self._pending_query:
            return
        self._pending_query = None
        if query.before_id is not None:
            self._append_older(rows)
        elif self._is_reloading or (rows and not any(row in self._fold for row in rows)):
            self._replace_all(rows)  # also if there may be attempts between the new and the known ones
        else:
            self._fold.add_newer(rows)
            self._arrange_rows()
            if len(self._fold) > self._rows_max + PAGE_SIZE:
                self._drop_oldest()
        if self._has_missed_changes:
            self._request_rows(None)
        self.loaded.emit()

    def _replace_all(self, rows: tuple[HistoryRow, ...]) -> None:
        self._is_reloading = False
        self._rows_max = LOADED_ROWS_MAX
        self.beginResetModel()
        self._fold = HistoryFold(_slot_of)
        self._fold.add_older(rows)
        self._expanded_ids.clear()
        self._rows = self._make_rows(self._fold.items)
        self._note_page(rows)
        self.endResetModel()

    def _drop_oldest(self) -> None:
        """Keep a page that is left open for days from growing without an end; selected and expanded items stay."""
        rows = sorted(
            (row for item in self._fold.items for row in item.rows), key=lambda row: row.entry.at, reverse=True
        )
        kept = rows[: self._rows_max]
        expanded = {item.rows[0].id for item in self._fold.items if id(item) in self._expanded_ids}
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        keys = [self._rows[index.row()].newest_key for index in persistent]
        self._fold = HistoryFold(_slot_of)
        self._fold.add_older(kept)
        self._expanded_ids = {id(item) for item in self._fold.items if item.rows[0].id in expanded}
        self._rows = self._make_rows(self._fold.items)
        positions = {row.newest_key: number for number, row in enumerate(self._rows)} if keys else {}
        self.changePersistentIndexList(persistent, [self.index(positions.get(key, -1)) for key in keys])
        self._oldest_id, self._has_more = kept[-1].id, True
        self.layoutChanged.emit()

    def _note_page(self, rows: tuple[HistoryRow, ...]) -> None:
        self._has_more = len(rows) == PAGE_SIZE
        if rows:
            self._oldest_id = rows[-1].id

    def _append_older(self, rows: tuple[HistoryRow, ...]) -> None:
        self._note_page(rows)
        item_count = len(self._fold.items)
        for item in self._fold.add_older(rows):
            self._update_item(item)
        last_day = self._rows[-1].day if self._rows else None
        new_rows = self._make_rows(self._fold.items[item_count:], last_day)
        if new_rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new_rows) - 1)
            self._rows += new_rows
            self.endInsertRows()

    def _update_item(self, item: HistoryItem) -> None:
        """Show the attempts that were added at the end of an item."""
        position = next(number for number, row in enumerate(self._rows) if row.item is item)
        self.dataChanged.emit(self.index(position), self.index(position))
        if id(item) in self._expanded_ids:
            shown = sum(1 for row in self._rows[position:] if row.item is item) - 1
            self._insert_attempts(position, item, shown)

    def _insert_attempts(self, position: int, item: HistoryItem, shown: int) -> None:
        """Insert the attempts of the item at this position of which the first ones are shown already."""
        attempts = [ListRow(self._rows[position].day, item, attempt) for attempt in item.rows[shown:]]
        first = position + 1 + shown
        if attempts:
            self.beginInsertRows(QModelIndex(), first, first + len(attempts) - 1)
            self._rows[first:first] = attempts
            self.endInsertRows()

    def _arrange_rows(self) -> None:
        """Follow the items, which may have moved; selection and expanded items stay."""
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        keys = [self._rows[index.row()].key for index in persistent]
        self._rows = self._make_rows(self._fold.items)
        positions = {row.key: number for number, row in enumerate(self._rows)} if keys else {}
        self.changePersistentIndexList(persistent, [self.index(positions.get(key, -1)) for key in keys])
        self.layoutChanged.emit()

    def _make_rows(self, items: list[HistoryItem], last_day: int | None = None) -> list[ListRow]:
        rows: list[ListRow] = []
        for item in items:
            day = _day_of(item.ended_at)
            if day != last_day:
                rows.append(ListRow(day))
                last_day = day
            rows.append(ListRow(day, item))
            if id(item) in self._expanded_ids:
                rows += [ListRow(day, item, attempt) for attempt in item.rows]
        return rows

    # -- expanding -----------------------------------------------------------------------------------

    def row_at(self, index: Index) -> ListRow | None:
        return self._rows[index.row()] if index.isValid() else None

    def entry_at(self, index: Index) -> HistoryEntry | None:
        row = self.row_at(index)
        return row.entry if row is not None else None

    def can_expand(self, index: Index) -> bool:
        """Return True for an item of several attempts."""
        row = self.row_at(index)
        return row is not None and row.item is not None and row.attempt is None and len(row.item.rows) > 1

    def is_expanded(self, index: Index) -> bool:
        row = self.row_at(index)
        return row is not None and row.attempt is None and id(row.item) in self._expanded_ids

    def set_expanded(self, index: Index, *, expanded: bool) -> None:
        """Show or hide the attempts of the item at this index."""
        row = self.row_at(index)
        if row is None or row.item is None or not self.can_expand(index) or expanded == self.is_expanded(index):
            return
        position = index.row()
        if expanded:
            self._expanded_ids.add(id(row.item))
            self._insert_attempts(position, row.item, 0)
        else:
            self._expanded_ids.discard(id(row.item))
            count = sum(1 for each in self._rows[position + 1 : position + 1 + len(row.item.rows)] if each.attempt)
            self.beginRemoveRows(QModelIndex(), position + 1, position + count)
            del self._rows[position + 1 : position + 1 + count]
            self.endRemoveRows()
        self.dataChanged.emit(self.index(position), self.index(position))

    def item_index(self, index: Index) -> QModelIndex:
        """Return the index of the item to which an attempt belongs."""
        position = index.row()
        while self._rows[position].attempt is not None:
            position -= 1
        return self.index(position)

    # -- Qt's interface ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_at(index)
        if row is None or row.item is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def canFetchMore(self, parent: Index) -> bool:
        is_allowed = self._has_more and len(self._fold) < self._rows_max
        return not parent.isValid() and is_allowed and self._pending_query is None

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._oldest_id is not None:
            self._request_rows(self._oldest_id)

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == RowRole:
            return row
        if role == DISPLAY_ROLE:
            return self._row_text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._accessible_text(row, index)
        if role == Qt.ItemDataRole.ToolTipRole and row.entry is not None:
            name = self.texts.subject(row.item) if row.item is not None else ""
            return plain_tooltip("\n".join(filter(None, (name, row.entry.errmsg))))
        return None

    def _row_text(self, row: ListRow) -> str:
        if row.item is None:
            return self.texts.heading(row.day)
        if row.attempt is None:
            return self.texts.accessible(row.item)
        return ", ".join((self.texts.account_name(row.attempt.entry.appid), *self.texts.attempt(row.attempt.entry)))

    def _accessible_text(self, row: ListRow, index: Index) -> str:
        text = self._row_text(row)
        if not self.can_expand(index):
            return text
        return f"{text}, {self.tr('expanded') if self.is_expanded(index) else self.tr('collapsed')}"


def _day_of(at: float) -> int:
    moment = to_local_datetime(at)
    return moment.toordinal() if moment is not None else 1


def _slot_of(at: float) -> Hashable:
    """Return the part of a day whose successes are folded."""
    moment = to_local_datetime(at)
    return (moment.toordinal(), moment.hour // FOLDED_HOURS) if moment is not None else None
