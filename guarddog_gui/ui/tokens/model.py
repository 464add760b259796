"""The tree behind the tokens page: accounts, and below each its keys with state, time and masked value."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint, mask
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_DISPLAY_ROLE = int(Qt.ItemDataRole.DisplayRole)

AccountStatusRole = int(Qt.ItemDataRole.UserRole) + 1  # AccountStatus
KeyStatusRole = AccountStatusRole + 1  # KeyStatus, None for the row of an account
FilterRole = AccountStatusRole + 2  # the text that the filter looks into
SortRole = AccountStatusRole + 3
StateRole = AccountStatusRole + 4  # State


class TokenColumn(IntEnum):
    """The columns of the page."""

    NAME = 0
    TIME_LEFT = 1
    STATE = 2
    VALUE = 3
    ACTIONS = 4


class TokensModel(QAbstractItemModel):
    """Two levels; the internal id of a key's index is its account's row + 1, that of an account 0.

    Rows keep their places while the list of accounts is the same, so that selection and scrolling survive
    every update.
    """

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._accounts: tuple[AccountStatus, ...] = ()
        self._now = 0.0

    def set_overview(self, overview: Overview) -> None:
        """Take over a new overview; tells views only what has changed."""
        shape = [(status.account.appid, len(status.keys)) for status in self._accounts]
        if shape != [(status.account.appid, len(status.keys)) for status in overview.accounts]:
            self.beginResetModel()
            self._accounts, self._now = overview.accounts, overview.at
            self.endResetModel()
            return
        before, self._accounts, self._now = self._accounts, overview.accounts, overview.at
        for row, (old, new) in enumerate(zip(before, self._accounts, strict=True)):
            if old != new:
                self._emit_row_changed(row)

    def set_now(self, now: float) -> None:
        """Another second. Countdowns are read while painting: the view repaints what is visible, no more."""
        self._now = now

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.beginResetModel()
        self.endResetModel()

    def _emit_row_changed(self, row: int) -> None:
        parent = self.index(row, 0)
        self.dataChanged.emit(parent, self.index(row, TokenColumn.ACTIONS))
        last = len(self._accounts[row].keys) - 1
        self.dataChanged.emit(self.index(0, 0, parent), self.index(last, TokenColumn.ACTIONS, parent))

    # -- Qt's questions ---------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own signature
        if not self.hasIndex(row, column, parent):
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
        return len(TokenColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY_ROLE) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY_ROLE:
            return None
        return (self.tr("Account"), self.tr("Left"), self.tr("State"), self.tr("Value"), "")[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        key = self.key_at(index)
        if key is not None and key.usable_record(self._now):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: Index, role: int = _DISPLAY_ROLE) -> Any:
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
        if role == _DISPLAY_ROLE and column == TokenColumn.NAME:
            return account.name
        if role == _DISPLAY_ROLE and column == TokenColumn.STATE:
            kind, written = (
                self._formatter.account_description(account),
                self._formatter.exports_summary(status),
            )
            both = (written, kind) if status.failed_exports else (kind, written)  # the end may be cut off
            return " · ".join(filter(None, both))
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = self._formatter.export_status_lines(status)
            return plain_tooltip("\n".join((account.name, account.appid, *lines)))
        if role == SortRole:
            return account.name.casefold() if column == TokenColumn.NAME else str(account.platform)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self._formatter.messages.state_name(status.state)
            parts = (account.name, account.appid, state, *self._failed_exports(status))
            return ", ".join(parts) if column == TokenColumn.NAME else None
        return None

    def _failed_exports(self, status: AccountStatus) -> tuple[str, ...]:
        return (self._formatter.exports_summary(status),) if status.failed_exports else ()

    def _key_data(self, status: AccountStatus, key: KeyStatus, column: int, role: int) -> Any:
        if role == _DISPLAY_ROLE:
            return self._key_text(key, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(key, column)
        if role == SortRole:
            return int(key.kind is not status.keys[0].kind)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == TokenColumn.NAME:
            # changes with the state only, not every second: screen readers read every change aloud
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
                text = self._formatter.key_summary(key)
                return (
                    f"{text} · {self._formatter.previous_token_text(key.previous_token)}"
                    if key.previous_token
                    else text
                )
            case TokenColumn.VALUE:
                return mask(record.value) if record else ""
            case _:
                return ""

    def _tooltip(self, key: KeyStatus, column: int) -> str | None:
        if column == TokenColumn.VALUE and key.record is not None:
            return plain_tooltip(fingerprint(key.record.value))
        if key.failure is not None:
            told = self._formatter.error_message(key.failure)
            return plain_tooltip(f"{told.summary}\n{told.advice}".strip())
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

    # -- what is where ----------------------------------------------------------------------------

    def account_at(self, index: Index) -> AccountStatus:
        """The account of a row or of a key's row."""
        row = index.row() if index.internalId() == 0 else int(index.internalId()) - 1
        return self._accounts[row]

    def key_at(self, index: Index) -> KeyStatus | None:
        """The key of a row; None for the row of an account."""
        if not index.isValid() or index.internalId() == 0:
            return None
        return self._accounts[int(index.internalId()) - 1].keys[index.row()]

    def fraction_left(self, key: KeyStatus) -> float:
        """How much of its life is left, from 0 to 1, for the ring."""
        record = key.usable_record(self._now)
        return min(1.0, record.remaining_s(self._now) / record.expires_in) if record else 0.0
