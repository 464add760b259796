"""The doors to the outside: what the stories need, implemented by adapters and by the fakes of the tests."""

from __future__ import annotations  # a start then does without what the ports only mention

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from guarddog_gui.domain.accounts.account import Account, Secret
    from guarddog_gui.domain.accounts.existing_files import FolderContents
    from guarddog_gui.domain.accounts.keyring_results import LookupResult, StoreResult
    from guarddog_gui.domain.exports.formats import ValidRecords
    from guarddog_gui.domain.exports.reports import ExportError, ExportStatus
    from guarddog_gui.domain.exports.targets import ExportTarget
    from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter
    from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
    from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure

Clock = Callable[[], float]  # Unix seconds


class Transport(Protocol):
    """Carries one request to WeChat. Never raises for what the network does, never shows a URL."""

    def send(self, request: Request) -> Reply | TransportFailure: ...


class SecretStore(Protocol):
    """AppSecrets by appid. Every call returns within its deadline, whatever the keyring does."""

    def get(self, appid: str) -> LookupResult: ...

    def set(self, appid: str, secret: Secret) -> StoreResult: ...

    def remove(self, appid: str) -> StoreResult: ...

    def invalidate(self, appid: str) -> None:
        """Drop what is remembered in memory, so that the next look-up asks the keyring again."""


class DogFileStore(Protocol):
    """The `.dog` files of an account."""

    def directory(self, account: Account) -> str: ...

    def has_same_folder(self, account: Account, other: Account) -> bool:
        """Whether both have their files in the same folder, however it is called."""

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """The record with the account's own `ahead`; None for a file that is absent, empty or damaged."""

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Replace the file in one step and read it back. Raises FileTrouble."""

    def stamp(self, account: Account, kind: TokenKind) -> object:
        """A value that changes whenever somebody replaces the file; None while there is no file."""

    def check_writable(self, account: Account) -> None:
        """Make the folder and see whether files can be made in it. Raises FileTrouble."""

    def inspect_folder(self, account: Account) -> FolderContents:
        """What is in a folder before the account has it; one that is not there yet is empty."""

    def purge(self, account: Account) -> None:
        """Remove our files of this account. Raises FileTrouble."""


class ReplacedTicketStore(Protocol):
    """The tickets that an account had before: a page may have been signed with one of them."""

    def recent(self, account: Account, now: float) -> tuple[str, ...]:
        """Those that were replaced within 24 hours before `now` (Unix seconds), newest first."""

    def add(self, account: Account, ticket: str, now: float) -> None:
        """Remember a ticket that was replaced just now; only under the account's lock. Never raises."""


class ExportFileWriter(Protocol):
    """The files of other programs that get our values."""

    def write(self, target: ExportTarget, appid: str, values: ValidRecords) -> None:
        """Bring them up to these values, each file in one step. Raises FileTrouble."""

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        """The same places without links on the way: two names of one place come out equal."""


class ExportCommandRunner(Protocol):
    """The commands that get our values in their environment."""

    def run(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        """Run it to its end or to its deadline; what went wrong, if anything did. Never raises."""


class ExportJournal(Protocol):
    """What came of the outlets of each account the last time."""

    def load(self, appid: str) -> tuple[ExportStatus, ...]: ...

    def save(self, appid: str, statuses: tuple[ExportStatus, ...]) -> None:
        """These and no others; only under the lock of the account's outlets. Never raises."""


class RecentUrlStore(Protocol):
    """The addresses that were signed lately, by appid: at most 20, without what OAuth has put into them."""

    def recent(self, appid: str) -> tuple[str, ...]:
        """Newest first."""

    def add(self, appid: str, url: str) -> None:
        """Put it first, unless it is too long to be kept. Never raises."""

    def clear(self, appid: str) -> None:
        """Forget the addresses of this account. Raises FileTrouble."""


class AccountLock(Protocol):
    """One refresher per account, across threads and programs."""

    def acquire(self, appid: str) -> AbstractContextManager[None]:
        """Wait for the account.

        Raises LockBusy when another program does not let go in time, FileTrouble when there can be no lock.
        """


class HistoryStore(Protocol):
    """The attempts. Appending never fails: what the disk does not take is kept in memory and tried again."""

    def append(self, entry: HistoryEntry) -> None: ...

    def latest(self, appid: str, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        """The newest entries of one key, oldest of them first."""

    def entries_of_value(
        self, appid: str, key: str, fingerprint: str, since: float
    ) -> tuple[HistoryEntry, ...]:
        """The newest entries about this value since a moment (Unix seconds), oldest of them first."""

    def count_calls(self, appid: str, since: float) -> CallCount: ...

    def changes_since(self, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
        """The number of the newest entry, and whose entries (appid and key) came after that number."""

    def count(self, history_filter: HistoryFilter) -> int:
        """How many entries the filter lets through."""


class AccountStore(Protocol):
    """The list of accounts, without secrets."""

    @property
    def is_damaged(self) -> bool:
        """Whether the last read met a damaged list, of which only the good part was given."""

    def load(self) -> tuple[Account, ...]: ...

    def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        """Read, edit and write under a lock, in one step. Raises FileTrouble."""

    def stamp(self) -> object:
        """A value that changes whenever somebody writes the list."""
