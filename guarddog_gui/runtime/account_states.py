"""The states of all accounts, kept in step with the list of accounts, the `.dog` files and the history."""

import logging
from collections.abc import Iterator, Mapping
from functools import partial

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.backoff import LOCK_RETRY_S
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.runtime.account_state import AccountState
from guarddog_gui.runtime.disk.bounded_calls import HOME_LANE, BoundedCalls
from guarddog_gui.runtime.disk.readings import (
    HISTORY_ID_MAX,
    AccountReading,
    DiskReader,
    HomeReading,
    HomeRequest,
    ListReading,
)
from guarddog_gui.runtime.qt_core import QObject, QTimer, Signal, Slot

HISTORY_LOAD_BATCH = 10  # accounts whose retry states are derived without a pause for the event loop: some ms
_HISTORY_LANE = "history"

Entries = Mapping[TokenKind, tuple[HistoryEntry, ...]]

log = logging.getLogger(__name__)


class AccountStates(QObject):
    """One `AccountState` per account, in the order of the list."""

    retry_states_loaded = Signal()
    account_list_damaged = Signal()  # see AccountStore.is_damaged
    account_list_unreadable = Signal(object)  # FileError, once per new reason while no account is known
    changed_late = Signal()  # the disk has answered after `reload` has returned

    def __init__(self, reader: DiskReader, errcode_catalog: ErrcodeCatalog, calls: BoundedCalls) -> None:
        super().__init__()
        self._reader = reader
        self._errcode_catalog = errcode_catalog
        self._calls = calls
        self._states: dict[str, AccountState] = {}
        self._account_list_stamp: object = None
        self._is_list_read = False  # else it is read again, though its file may be unchanged
        self.list_error: FileError | None = None  # why the list was not read, or cannot be changed
        self._is_reloading = False
        self.is_list_read = False  # False while a slow disk has not answered yet
        self._are_retry_states_loaded = False
        self._is_loading = False  # the retry states
        self._load_queue: list[tuple[AccountState, Entries]] = []
        self._last_history_id = 0  # rows up to this one have been seen
        self._changed_history_keys: frozenset[tuple[str, str]] = frozenset()  # appid and key of rows not yet applied

    def __iter__(self) -> Iterator[AccountState]:
        return iter(self._states.values())

    def __len__(self) -> int:
        return len(self._states)

    def find(self, appid: str) -> AccountState | None:
        return self._states.get(appid)

    def select(self, appid: str | None) -> tuple[AccountState, ...]:
        """Return the state of one account if it exists, or without an appid all states."""
        return tuple(state for state in self if appid in (None, state.account.appid))

    def reload(self) -> None:
        """Read what has changed in the list, the `.dog` files and the history; without network and keyring.

        A disk that takes long answers later, and `changed_late` is emitted then.
        """
        request = HomeRequest(
            self._account_list_stamp,
            self._is_list_read,
            tuple(state.known() for state in self),
            self._last_history_id if self._are_retry_states_loaded else None,
            self._changed_history_keys,
        )
        self._is_reloading = True
        deadline = self._calls.deadline()
        if self._calls.start(HOME_LANE, partial(self._reader.read_home, request), self._apply_home):
            self._calls.wait(HOME_LANE, deadline=deadline)
        started = [lane for state in self if (lane := self._start_reading_folder(state)) is not None]
        self._calls.wait(*started, deadline=deadline)
        self._is_reloading = False

    def read_account(self, state: AccountState) -> None:
        """Read the files of one account, whose value is about to be used."""
        lane = f"account {state.account.appid}"
        self._calls.ask(lane, partial(self._reader.read_account, state.known()), self._apply_account)

    def _start_reading_folder(self, state: AccountState) -> str | None:
        """Read a folder that the user has chosen, which may be on a share that hangs; return its lane."""
        if state.account.dog_dir is None:
            return None
        lane = f"folder {state.account.dog_dir}"
        work = partial(self._reader.read_account, state.known())
        return lane if self._calls.start(lane, work, self._apply_account) else None

    def _apply_account(self, reading: AccountReading) -> None:
        state = self._states.get(reading.account.appid)
        if state is not None:
            state.apply_reading(reading)
        self._report_if_late()

    def _report_if_late(self) -> None:
        if not self._is_reloading:
            self.changed_late.emit()

    def _apply_home(self, reading: HomeReading) -> None:
        account_list = reading.account_list
        self.is_list_read = True
        self._account_list_stamp = account_list.stamp
        if account_list.error is not None:
            self._on_list_unreadable(account_list.error)
        elif account_list.accounts is not None:
            self._is_list_read, self.list_error = True, account_list.newer_version
            self._replace_accounts(account_list)
        entries_by_appid = {account.account.appid: account.entries for account in reading.accounts}
        for account_reading in reading.accounts:
            state = self._states.get(account_reading.account.appid)
            if state is not None:
                state.apply_reading(account_reading)
                if self._are_retry_states_loaded and state.needs_history:
                    missing = set(state.account.token_kinds) - set(state.retry_states)
                    past = account_reading.entries
                    state.load_retry_states({kind: past[kind] for kind in missing if kind in past})
        if reading.last_history_id is not None:
            self._last_history_id = max(self._last_history_id, reading.last_history_id)
            self._apply_history_changes(reading.changed_keys, entries_by_appid)
        self._report_if_late()

    def _on_list_unreadable(self, error: FileError) -> None:
        """Report a new reason once. The window comes up by itself only if it has nothing else to show.

        The list is read again with every tick, since the reason may pass (too many open files, a share that is not
        mounted yet) without changing the file.
        """
        is_new = str(error) != str(self.list_error)
        self._is_list_read, self.list_error = False, error
        if is_new:
            log.warning("the list of accounts cannot be read: %s", error)
            if not self._states:
                self.account_list_unreadable.emit(error)

    def _replace_accounts(self, account_list: ListReading) -> None:
        """Take over the list; of a damaged one (by a typo, say) the known accounts stay."""
        accounts = account_list.accounts or ()
        if account_list.is_damaged:
            listed = {account.appid for account in accounts}
            accounts = (*accounts, *(state.account for state in self if state.account.appid not in listed))
        earlier, self._states = self._states, {}
        for account in accounts:
            state = earlier.get(account.appid) or AccountState(account, self._errcode_catalog)
            state.update_account(account)
            self._states[account.appid] = state
        if account_list.is_damaged:
            self.account_list_damaged.emit()

    def _apply_history_changes(
        self, changed_keys: frozenset[tuple[str, str]], entries_by_appid: Mapping[str, Entries]
    ) -> None:
        pending = set()
        for appid, key in self._changed_history_keys | changed_keys:
            state = self._states.get(appid)
            if state is None or key not in state.account.token_kinds:
                continue
            kind = TokenKind(key)
            entries = entries_by_appid.get(appid, {}).get(kind)
            if state.running_request is not None or entries is None:
                # the newest row may be the running request's, whose result is applied separately
                pending.add((appid, key))
            else:
                state.on_history_changed(kind, entries)
        self._changed_history_keys = frozenset(pending)

    def load_retry_states(self) -> None:
        """Derive all retry states from the history, in batches, and emit `retry_states_loaded`."""
        self._is_loading = True
        accounts = tuple(state.account for state in self)
        self._calls.ask(_HISTORY_LANE, partial(self._read_history, accounts), self._on_history_read)

    def _read_history(self, accounts: tuple[Account, ...]) -> tuple[int, dict[str, Entries]]:
        """Return the newest id and the latest attempts of all accounts; not in the main thread."""
        last_id, _ = self._reader.history.changes_since(HISTORY_ID_MAX)
        read = self._reader.read_entries
        return last_id, {account.appid: read(account, set(account.token_kinds)) for account in accounts}

    def _on_history_read(self, answer: tuple[int, dict[str, Entries]]) -> None:
        if self._is_loading:
            self._last_history_id, entries = answer
            self._load_queue = [(self._states[appid], past) for appid, past in entries.items() if appid in self._states]
            self._load_batch()

    @Slot()
    def _load_batch(self) -> None:
        if not self._is_loading:  # stopped
            return
        batch, self._load_queue = self._load_queue[:HISTORY_LOAD_BATCH], self._load_queue[HISTORY_LOAD_BATCH:]
        for state, entries in batch:
            state.load_retry_states(entries)
        if self._load_queue:
            QTimer.singleShot(0, self, self._load_batch)
        else:
            self._is_loading = False
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
        self._is_loading = False
        self._are_retry_states_loaded = False
