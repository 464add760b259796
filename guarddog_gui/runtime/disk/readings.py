"""Read the list of accounts, the `.dog` files and the history, as values for another thread."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.retries import RETRY_HISTORY_MAX
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import AccountStore, DogFileStore, HistoryStore, SharingJournal

HISTORY_ID_MAX = 2**62  # larger than the id of any history row


class FileReading(HiddenFields, Struct, frozen=True):
    """Content of a `.dog` file and of the copy beside it, and the stamp that the file had before it was read."""

    hidden_fields = ("record", "own_copy")

    stamp: object
    record: TokenRecord | None
    own_copy: TokenRecord | None


class KnownAccount(Struct, frozen=True):
    """Account as the main thread knows it, with the stamps of the files that it has read.

    `version` changes when the main thread learns about the files from elsewhere: an older reading is then dropped.
    `last_entries` are the attempts after which the history has nothing new.
    """

    account: Account
    version: int = 0
    stamps: Mapping[TokenKind, object] = {}
    needs_history: bool = False
    last_entries: Mapping[TokenKind, HistoryEntry] = {}


class AccountReading(Struct, frozen=True):
    """Files of an account that have changed, and the latest attempts of those keys that were asked for."""

    account: Account
    version: int
    files: Mapping[TokenKind, FileReading]
    entries: Mapping[TokenKind, tuple[HistoryEntry, ...]] = {}
    sharing: SharingStatus | None = None  # of a shared account


class ListReading(Struct, frozen=True):
    """List of accounts; `accounts` is None if it is unchanged or unreadable.

    `newer_version` is set if a newer Guard Dog wrote the list, so that this one does not change it.
    """

    stamp: object
    accounts: tuple[Account, ...] | None = None
    is_damaged: bool = False
    error: FileError | None = None
    newer_version: FileError | None = None


class HomeReading(Struct, frozen=True):
    """Everything that was read in one go. `last_history_id` is None if the history was not asked."""

    account_list: ListReading
    accounts: tuple[AccountReading, ...]
    last_history_id: int | None = None
    changed_keys: frozenset[tuple[str, str]] = frozenset()  # appid and key of new entries


class HomeRequest(Struct, frozen=True):
    """What the main thread knows, so that only changes are read.

    `history_id` is the last one that was seen; None leaves the history out. `pending_keys` are those whose changes
    could not be applied the last time.
    """

    list_stamp: object
    is_list_known: bool
    known: tuple[KnownAccount, ...]
    history_id: int | None = None
    pending_keys: frozenset[tuple[str, str]] = frozenset()


class DiskReader(Struct, eq=False):
    """Reader for any thread. Each call may wait for a disk or for another process."""

    accounts: AccountStore
    dog_files: DogFileStore
    history: HistoryStore
    sharing_journal: SharingJournal | None = None

    def read_home(self, request: HomeRequest) -> HomeReading:
        """Read the list, the accounts with the usual folder, and what is new in the history."""
        account_list = self._read_list(request)
        known = {account.account.appid: account for account in request.known}
        last_id, changed_keys = request.history_id, frozenset[tuple[str, str]]()
        if last_id is not None:
            last_id, changed_keys = self.history.changes_since(last_id)
        listed = account_list.accounts
        accounts = tuple(account.account for account in request.known) if listed is None else listed
        readings = []
        for account in accounts:
            earlier = known.get(account.appid) or KnownAccount(account, needs_history=last_id is not None)
            if earlier.account != account:
                earlier = replace(earlier, account=account, stamps={})
            reading = self.read_account(earlier, has_files=account.dog_dir is None)
            keys = changed_keys | request.pending_keys
            changed = {kind for kind in account.token_kinds if (account.appid, kind.value) in keys}
            new_entries = self._read_new_entries(account, changed - set(reading.entries), earlier.last_entries)
            entries = {**reading.entries, **new_entries}
            readings.append(replace(reading, entries=entries))
        return HomeReading(account_list, tuple(readings), last_id, changed_keys)

    def _read_list(self, request: HomeRequest) -> ListReading:
        stamp = self.accounts.stamp()
        if request.is_list_known and stamp == request.list_stamp:
            return ListReading(stamp)
        try:
            accounts = self.accounts.load()
        except FileError as error:
            return ListReading(stamp, error=error)
        is_newer = self.accounts.is_newer_version
        newer = FileError(self.accounts.location, FileErrorReason.NEWER_VERSION) if is_newer else None
        return ListReading(stamp, accounts, self.accounts.is_damaged, newer_version=newer)

    def read_account(self, known: KnownAccount, *, has_files: bool = True) -> AccountReading:
        """Read the files whose stamp has changed, unless they are on another disk."""
        account = known.account
        files = {}
        for kind in account.token_kinds if has_files else ():
            # the stamp first: if the file is replaced in between, it is read once more the next time
            stamp = self.dog_files.stamp(account, kind)
            if kind not in known.stamps or stamp != known.stamps[kind]:
                files[kind] = self._read_file(account, kind, stamp)
        entries = self.read_entries(account, set(account.token_kinds)) if known.needs_history else {}
        is_shared = account.sharing is not None and self.sharing_journal is not None
        sharing = self.sharing_journal.load(account.appid) if is_shared and self.sharing_journal is not None else None
        return AccountReading(account, known.version, files, entries, sharing)

    def _read_file(self, account: Account, kind: TokenKind, stamp: object) -> FileReading:
        return FileReading(stamp, self.dog_files.read(account, kind), self.dog_files.read_own_copy(account, kind))

    def _read_new_entries(
        self, account: Account, kinds: set[TokenKind], known: Mapping[TokenKind, HistoryEntry]
    ) -> dict[TokenKind, tuple[HistoryEntry, ...]]:
        """Return the latest attempts of each key; only the last one if that is known.

        Most new rows are this program's attempts, whose results the main thread has already.
        """
        last = {kind: self.history.latest(account.appid, kind.value, 1) for kind in kinds}
        unknown = {kind for kind in kinds if last[kind] != (known.get(kind),)}
        return {**last, **self.read_entries(account, unknown)}

    def read_entries(self, account: Account, kinds: set[TokenKind]) -> dict[TokenKind, tuple[HistoryEntry, ...]]:
        """Return the latest attempts of each key, oldest first."""
        return {kind: self.history.latest(account.appid, kind.value, RETRY_HISTORY_MAX) for kind in kinds}
