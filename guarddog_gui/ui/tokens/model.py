"""Tree model of the tokens page: accounts, and below each its values with state, time left and mask."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QSortFilterProxyModel, Qt

from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint, mask
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

AccountStatusRole = FIRST_CUSTOM_ROLE  # AccountStatus
KeyStatusRole = FIRST_CUSTOM_ROLE + 1  # KeyStatus, None for the row of an account
FilterRole = FIRST_CUSTOM_ROLE + 2  # text to search in
SortRole = FIRST_CUSTOM_ROLE + 3
StateRole = FIRST_CUSTOM_ROLE + 4  # KeyState
FractionLeftRole = FIRST_CUSTOM_ROLE + 5  # remaining part of the lifetime of a value, from 0 to 1


class TokenColumn(IntEnum):
    """Columns of the tree."""

    NAME = 0
    TIME_LEFT = 1
    STATE = 2
    VALUE = 3
    ACTIONS = 4


_COLUMN_COUNT = len(TokenColumn)


class TokensModel(QAbstractItemModel):
    """Tree of two levels; the internal id of an index is 0 for an account, else the account's row + 1.

    The model is reset only if the list of accounts or values changes, so that selection and scroll position
    survive all other updates.
    """

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._accounts: tuple[AccountStatus, ...] = ()
        self._now = 0.0

    def set_overview(self, overview: Overview) -> None:
        """Show a new overview, and emit `dataChanged` only for the accounts that differ.

        Nothing is emitted for a new time: views read countdowns while painting, so repainting them is enough.
        """
        row_counts = [(status.account.appid, len(status.keys)) for status in self._accounts]
        if row_counts != [(status.account.appid, len(status.keys)) for status in overview.accounts]:
            self.beginResetModel()
            self._accounts, self._now = overview.accounts, overview.at
            self.endResetModel()
            return
        before, self._accounts, self._now = self._accounts, overview.accounts, overview.at
        for row, (old, new) in enumerate(zip(before, self._accounts, strict=True)):
            if old != new:
                self._emit_row_changed(row)

    def retranslate(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _emit_row_changed(self, row: int) -> None:
        parent = self.index(row, 0)
        self.dataChanged.emit(parent, self.index(row, TokenColumn.ACTIONS))
        last = len(self._accounts[row].keys) - 1
        self.dataChanged.emit(self.index(0, 0, parent), self.index(last, TokenColumn.ACTIONS, parent))

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own signature
        # by hand: `hasIndex` calls rowCount and columnCount through Qt, and views ask for thousands of indexes
        if not 0 <= column < _COLUMN_COUNT or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 - Qt's own signature
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(index.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if not parent.isValid():
            return len(self._accounts)
        if parent.internalId() != 0 or parent.column() != 0:
            return 0
        return len(self._accounts[parent.row()].keys)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return _COLUMN_COUNT

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY_ROLE) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != DISPLAY_ROLE:
            return None
        return (self.tr("Account"), self.tr("Left"), self.tr("State"), self.tr("Value"), "")[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        key = self.key_at(index)
        if key is not None and key.usable_record(self._now):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        if not index.isValid():
            return None
        account = self.account_at(index)
        key = self.key_at(index)
        if role == AccountStatusRole:
            return account
        if role == KeyStatusRole:
            return key
        if role == StateRole:
            return account.state if key is None else key.state
        if role == FilterRole:
            return f"{account.account.name} {account.account.appid}"
        if key is None:
            return self._account_data(account, index.column(), role)
        return self._key_data(account, key, index.column(), role)

    def _account_data(self, status: AccountStatus, column: int, role: int) -> Any:
        account = status.account
        if role == DISPLAY_ROLE and column == TokenColumn.NAME:
            return account.name
        if role == DISPLAY_ROLE and column == TokenColumn.STATE:
            description = self._formatter.account_description(account)
            exports = self._formatter.exports_summary(status)
            # failed exports come first, because the end of the text may be elided
            parts = (exports, description) if status.failed_exports else (description, exports)
            return " · ".join(filter(None, parts))
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = self._formatter.export_status_lines(status)
            return plain_tooltip("\n".join((account.name, account.appid, *lines)))
        if role == SortRole:
            return account.name.casefold() if column == TokenColumn.NAME else str(account.platform)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self._formatter.messages.state_name(status.state)
            failed = (self._formatter.exports_summary(status),) if status.failed_exports else ()
            texts = (account.name, account.appid, state, *failed)
            return ", ".join(texts) if column == TokenColumn.NAME else None
        return None

    def _key_data(self, status: AccountStatus, key: KeyStatus, column: int, role: int) -> Any:
        if role == DISPLAY_ROLE:
            return self._key_text(key, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(key, column)
        if role == FractionLeftRole:
            record = key.usable_record(self._now)
            return min(1.0, record.remaining_s(self._now) / record.expires_in) if record else 0.0
        if role == SortRole:
            return int(key.kind is not status.keys[0].kind)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == TokenColumn.NAME:
            # no countdown: screen readers read every change aloud
            return f"{status.account.name} {key.kind.value}: {self._formatter.key_summary(key)}"
        return None

    def _key_text(self, key: KeyStatus, column: int) -> str:
        record = key.usable_record(self._now)
        match column:
            case TokenColumn.NAME:
                return key.kind.value
            case TokenColumn.TIME_LEFT:
                return format_countdown(record.remaining_s(self._now)) if record else "–"
            case TokenColumn.STATE:
                previous = key.previous_token
                texts = [self._formatter.key_summary(key)]
                texts += [self._formatter.previous_token_text(previous)] if previous else []
                return " · ".join(texts)
            case TokenColumn.VALUE:
                return mask(record.value) if record else ""
            case _:
                return ""

    def _tooltip(self, key: KeyStatus, column: int) -> str | None:
        if column == TokenColumn.VALUE and key.record is not None:
            return plain_tooltip(fingerprint(key.record.value))
        if key.failure is not None:
            message = self._formatter.messages.for_entry(key.failure, next_at=key.next_attempt_at)
            return plain_tooltip(f"{message.summary}\n{message.advice}".strip())
        if key.next_attempt_at is not None:
            text = self.tr("Next refresh {time}")
            return plain_tooltip(text.format(time=self._formatter.format_time(key.next_attempt_at)))
        return None

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's own name
        return ["text/plain"]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]
        data = QMimeData()
        keys = [self.key_at(index) for index in indexes if index.column() == TokenColumn.NAME]
        records = [key.usable_record(self._formatter.clock()) for key in keys if key is not None]
        data.setText("\n".join(record.value for record in records if record is not None))
        return data

    def account_at(self, index: Index) -> AccountStatus:
        row = index.row() if index.internalId() == 0 else int(index.internalId()) - 1
        return self._accounts[row]

    def key_at(self, index: Index) -> KeyStatus | None:
        """Return the value's status in this row, or None for the row of an account."""
        if not index.isValid() or index.internalId() == 0:
            return None
        return self._accounts[int(index.internalId()) - 1].keys[index.row()]


class AccountFilterModel(QSortFilterProxyModel):
    """Filter and sort the accounts; their values stay with them in their usual order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setFilterRole(FilterRole)
        self.setSortRole(SortRole)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def lessThan(self, left: Index, right: Index) -> bool:
        if left.parent().isValid():
            is_descending = self.sortOrder() is Qt.SortOrder.DescendingOrder
            return (left.row() < right.row()) != is_descending
        return bool(left.data(SortRole) < right.data(SortRole))
