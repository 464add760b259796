"""The tree behind the tokens page: accounts, and below each its keys with state, time and masked value."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import countdown
from guarddog_gui.domain.tokens.record import fingerprint, mask
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)

AccountRole = int(Qt.ItemDataRole.UserRole) + 1  # AccountStatus
KeyRole = AccountRole + 1  # KeyStatus, None for the row of an account
FilterRole = AccountRole + 2  # the text that the filter looks into
SortRole = AccountRole + 3
StateRole = AccountRole + 4  # State


class Column(IntEnum):
    """The columns of the page."""

    NAME = 0
    LEFT = 1
    STATE = 2
    VALUE = 3
    ACTIONS = 4


class TokensModel(QAbstractItemModel):
    """Two levels; the internal id of a key's index is its account's row + 1, that of an account 0.

    Rows keep their places while the list of accounts is the same, so that selection and scrolling survive
    every update.
    """

    def __init__(self, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._accounts: tuple[AccountStatus, ...] = ()
        self._at = 0.0

    def show(self, overview: Overview) -> None:
        """Take over a new overview; tells views only what has changed."""
        shape = [(status.account.appid, len(status.keys)) for status in self._accounts]
        if shape != [(status.account.appid, len(status.keys)) for status in overview.accounts]:
            self.beginResetModel()
            self._accounts, self._at = overview.accounts, overview.at
            self.endResetModel()
            return
        before, self._accounts, self._at = self._accounts, overview.accounts, overview.at
        for row, (old, new) in enumerate(zip(before, self._accounts, strict=True)):
            if old != new:
                self._row_changed(row)

    def tick(self, now: float) -> None:
        """Another second. Countdowns are read while painting: the view repaints what is visible, no more."""
        self._at = now

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.beginResetModel()
        self.endResetModel()

    def _row_changed(self, row: int) -> None:
        parent = self.index(row, 0)
        self.dataChanged.emit(parent, self.index(row, Column.ACTIONS))
        last = len(self._accounts[row].keys) - 1
        self.dataChanged.emit(self.index(0, 0, parent), self.index(last, Column.ACTIONS, parent))

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
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY:
            return None
        return (self.tr("Account"), self.tr("Left"), self.tr("State"), self.tr("Value"), "")[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        key = self.key_at(index)
        if key is not None and key.usable(self._at):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        account = self.account_at(index)
        key = self.key_at(index)
        if role == AccountRole:
            return account
        if role == KeyRole:
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
        if role == _DISPLAY and column == Column.NAME:
            return account.name
        if role == _DISPLAY and column == Column.STATE:
            kind, written = self._voice.kind_of_account(account), self._voice.outlets(status)
            both = (written, kind) if status.failed_outlets else (kind, written)  # the end may be cut off
            return " · ".join(filter(None, both))
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = self._voice.outlet_lines(status)
            return plain_tooltip("\n".join((account.name, account.appid, *lines)))
        if role == SortRole:
            return account.name.casefold() if column == Column.NAME else str(account.platform)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self._voice.sentences.state(status.state)
            parts = (account.name, account.appid, state, *self._failed_outlets(status))
            return ", ".join(parts) if column == Column.NAME else None
        return None

    def _failed_outlets(self, status: AccountStatus) -> tuple[str, ...]:
        return (self._voice.outlets(status),) if status.failed_outlets else ()

    def _key_data(self, status: AccountStatus, key: KeyStatus, column: int, role: int) -> Any:
        if role == _DISPLAY:
            return self._key_text(key, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(key, column)
        if role == SortRole:
            return int(key.kind is not status.keys[0].kind)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == Column.NAME:
            # changes with the state only, not every second: screen readers read every change aloud
            return f"{status.account.name} {key.kind.value}: {self._voice.key_state(key)}"
        return None

    def _key_text(self, key: KeyStatus, column: int) -> str:
        record = key.usable(self._at)
        match column:
            case Column.NAME:
                return key.kind.value
            case Column.LEFT:
                return countdown(record.left(self._at)) if record else "–"
            case Column.STATE:
                text = self._voice.key_state(key)
                return f"{text} · {self._voice.previous(key.previous)}" if key.previous else text
            case Column.VALUE:
                return mask(record.value) if record else ""
            case _:
                return ""

    def _tooltip(self, key: KeyStatus, column: int) -> str | None:
        if column == Column.VALUE and key.record is not None:
            return plain_tooltip(fingerprint(key.record.value))
        if key.trouble is not None:
            told = self._voice.trouble(key.trouble)
            return plain_tooltip(f"{told.what}\n{told.todo}".strip())
        if key.next_at is not None:
            text = self.tr("Next refresh {time}")
            return plain_tooltip(text.format(time=self._voice.when(key.next_at)))
        return None

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's own name
        return ["text/plain"]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]
        data = QMimeData()
        keys = [self.key_at(index) for index in indexes if index.column() == Column.NAME]
        records = [key.usable(self._voice.clock()) for key in keys if key is not None]
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

    def share_left(self, key: KeyStatus) -> float:
        """How much of its life is left, from 0 to 1, for the ring."""
        record = key.usable(self._at)
        return min(1.0, record.left(self._at) / record.expires_in) if record else 0.0
