"""The states of all accounts, kept in step with the list of accounts, the `.dog` files and the history."""

import logging
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.backoff import LOCK_RETRY_S
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.runtime.account_state import AccountState
from guarddog_gui.services.ports import AccountStore, DogFileStore, HistoryStore

HISTORY_LOAD_BATCH = 10  # accounts whose history is read without a pause for the event loop: some 10 ms
_HISTORY_ID_MAX = 2**62  # larger than the id of any history row

log = logging.getLogger(__name__)


class AccountStates(QObject):
    """One `AccountState` per account, in the order of the list."""

    retry_states_loaded = Signal()
    account_list_damaged = Signal()  # see AccountStore.is_damaged
    account_list_unreadable = Signal(object)  # FileError

    def __init__(
        self, accounts: AccountStore, dog_files: DogFileStore, history: HistoryStore, errcode_catalog: ErrcodeCatalog
    ) -> None:
        super().__init__()
        self._accounts = accounts
        self._dog_files = dog_files
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._states: dict[str, AccountState] = {}
        self._account_list_stamp: object = None
        self._are_retry_states_loaded = False
        self._load_queue: list[AccountState] | None = None  # None: not loading
        self._last_history_id = 0  # rows up to this one have been seen
        self._changed_history_keys: set[tuple[str, str]] = set()  # appid and key of rows not yet applied

    def __iter__(self) -> Iterator[AccountState]:
        return iter(self._states.values())

    def dog_folder(self, account: Account) -> str:
        return self._dog_files.directory(account)

    def find(self, appid: str) -> AccountState | None:
        return self._states.get(appid)

    def has_pending_removals(self) -> bool:
        try:
            return bool(self._accounts.pending_removals())
        except FileError:  # reported by the next reload
            return False

    def select(self, appid: str | None) -> tuple[AccountState, ...]:
        """Return the state of one account if it exists, or without an appid all states."""
        return tuple(state for state in self if appid in (None, state.account.appid))

    @property
    def is_account_list_changed(self) -> bool:
        return self._accounts.stamp() != self._account_list_stamp

    def reload(self) -> None:
        """Read the list of accounts and the `.dog` files that have changed; without network and keyring."""
        stamp = self._accounts.stamp()
        if stamp != self._account_list_stamp or not self._states:
            self._account_list_stamp = stamp
            self._replace_accounts(self._load_accounts())
        for state in self:
            state.read_files()

    def _load_accounts(self) -> tuple[Account, ...]:
        """Load the list; if it is unreadable or damaged (by a typo, say), known accounts stay."""
        known_accounts = tuple(state.account for state in self)
        try:
            accounts = self._accounts.load()
        except FileError as error:
            log.warning("the list of accounts cannot be read: %s", error)
            self.account_list_unreadable.emit(error)
            return known_accounts
        if self._accounts.is_damaged:
            listed = {account.appid for account in accounts}
            accounts = (*accounts, *(known for known in known_accounts if known.appid not in listed))
            self.account_list_damaged.emit()
        return accounts

    def _replace_accounts(self, accounts: tuple[Account, ...]) -> None:
        earlier, self._states = self._states, {}
        for account in accounts:
            state = earlier.get(account.appid)
            if state is None:
                state = AccountState(account, self._dog_files, self._history, self._errcode_catalog)
            state.update_account(account)
            self._states[account.appid] = state
            if self._are_retry_states_loaded and state.needs_history:
                state.load_retry_states()

    def load_retry_states(self) -> None:
        """Derive all retry states from the history, in batches, and emit `retry_states_loaded`."""
        self._last_history_id, _ = self._history.changes_since(_HISTORY_ID_MAX)
        self._load_queue = list(self)
        self._load_batch()

    @Slot()
    def _load_batch(self) -> None:
        if self._load_queue is None:  # stopped
            return
        batch, self._load_queue = self._load_queue[:HISTORY_LOAD_BATCH], self._load_queue[HISTORY_LOAD_BATCH:]
        for state in batch:
            state.load_retry_states()
        if self._load_queue:
            QTimer.singleShot(0, self, self._load_batch)
        else:
            self._are_retry_states_loaded = True
            self.retry_states_loaded.emit()

    def next_due_at(self, overview: Overview) -> float | None:
        """Return when the next attempt or file check is due (Unix seconds); running requests do not count."""
        idle_appids = {state.account.appid for state in self if state.running_request is None}
        times = [
            key.next_attempt_at
            for status in overview.accounts
            if status.account.appid in idle_appids
            for key in status.keys
            if key.next_attempt_at is not None
        ]
        if any(state.has_unread_changes for state in self):
            times.append(overview.at + LOCK_RETRY_S)  # another process had the lock at the first try
        return min(times, default=None)

    def stop(self) -> None:
        self._load_queue = None
        self._are_retry_states_loaded = False

    def poll_history(self) -> None:
        self._last_history_id, changed_keys = self._history.changes_since(self._last_history_id)
        self._changed_history_keys |= changed_keys
        for appid, key in tuple(self._changed_history_keys):
            state = self._states.get(appid)
            if state is not None and state.running_request is not None:
                continue  # the newest row may be the running request's, whose result is applied separately
            self._changed_history_keys.discard((appid, key))
            if state is not None and key in state.account.token_kinds:
                state.on_history_changed(TokenKind(key))
