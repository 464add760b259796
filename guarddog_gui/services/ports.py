"""Ports: the interfaces through which services reach the outside world.

`adapters/` implements them for real, `tests/fakes.py` in memory.
"""

from __future__ import annotations  # a start then does without what the ports only mention

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from guarddog_gui.domain.accounts.account import Account, Secret
    from guarddog_gui.domain.accounts.existing_files import FolderContents
    from guarddog_gui.domain.accounts.keyring_results import LookupResult, StoreResult
    from guarddog_gui.domain.accounts.removal import PendingRemoval
    from guarddog_gui.domain.api.answer import ApiReply
    from guarddog_gui.domain.api.call_log import Favourite, LoggedCall
    from guarddog_gui.domain.api.request import ApiRequest
    from guarddog_gui.domain.client_keys import ClientKey
    from guarddog_gui.domain.exports.formats import ValidRecords
    from guarddog_gui.domain.exports.reports import ExportError, ExportStatus
    from guarddog_gui.domain.exports.targets import ExportTarget
    from guarddog_gui.domain.readiness.answers import PageAnswer
    from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter
    from guarddog_gui.domain.settings import Settings
    from guarddog_gui.domain.sharing.values import (
        SharedReading,
        SharedValue,
        ShareResult,
        SharingFailure,
        SharingStatus,
        ValueToShare,
    )
    from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
    from guarddog_gui.domain.transfer import PendingImport, TransferContent, TransferProblem
    from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure

Clock = Callable[[], float]  # Unix seconds


class Transport(Protocol):
    """HTTP connection to WeChat. Network errors are returned, not raised; no URL is ever logged."""

    def send(self, request: Request, account: Account) -> Reply | TransportFailure:
        """Send a request of this account, to its API host and through its proxy."""

    def using_proxy_password(self, appid: str, password: Secret | None) -> AbstractContextManager[None]:
        """Use a password for the account's proxy that is not in the keyring yet; None uses the stored one."""


class PageFetcher(Protocol):
    """HTTP client for pages of the user, none of which is WeChat's."""

    def fetch(self, url: str, body_max: int, timeout_s: float) -> PageAnswer:
        """Send one GET without following a redirect, and read at most `body_max` bytes of the body. Never raises."""


class ApiTransport(Protocol):
    """HTTP connection to WeChat for any call. Network errors are returned, not raised; no URL is ever logged."""

    def send(self, request: ApiRequest, access_token: str, account: Account) -> ApiReply | TransportFailure:
        """Send the request once, to the account's API host and with the token added; follow no redirect."""


class ApiCallStore(Protocol):
    """Logged calls of the API console by appid, newest first, and the favourite calls of all accounts."""

    def calls(self, appid: str) -> tuple[LoggedCall, ...]: ...

    def add(self, appid: str, call: LoggedCall) -> None:
        """Put a call first. Never raises."""

    def clear(self, appid: str) -> None:
        """Remove the calls of this account. Raises FileError."""

    def favourites(self) -> tuple[Favourite, ...]: ...

    def set_favourite(self, favourite: Favourite, *, is_kept: bool) -> None:
        """Add or remove a favourite. Raises FileError."""


class SecretStore(Protocol):
    """AppSecrets by appid, or passwords of proxies. Every call returns within a deadline, even if the keyring hangs."""

    def get(self, appid: str) -> LookupResult: ...
    def set(self, appid: str, secret: Secret) -> StoreResult: ...
    def remove(self, appid: str) -> StoreResult: ...

    def invalidate(self, appid: str) -> None:
        """Drop the cached secret, so that the next look-up reads the keyring."""


class DogFileReader(Protocol):
    """The `.dog` files of an account, to be read."""

    def directory(self, account: Account) -> str: ...

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the record, with the account's `ahead`; None if the file is absent, empty or damaged."""


class TokenCheckReader(DogFileReader, Protocol):
    """The `.dog` files of an account, and when its classic access token needs a check."""

    def token_check_at(self, account: Account) -> float:
        """Return when the access token needs a check, see `own_copy` (Unix seconds); 0 if it has no copy."""


class OwnCopyReader(TokenCheckReader, Protocol):
    """The `.dog` files of an account with the copies of what Guard Dog wrote there last."""

    def read_own_copy(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the value that Guard Dog wrote last; None if it is unknown, deleted or of another account."""


class DogFileStore(OwnCopyReader, Protocol):
    """The `.dog` files of an account."""

    def has_same_folder(self, account: Account, other: Account) -> bool:
        """Return True if both accounts use the same folder, whatever links or spellings lead to it."""

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Replace the file atomically, read it back, and keep a copy of the value. Raises FileError."""

    def postpone_token_check(self, account: Account, record: TokenRecord, check_at: float) -> None:
        """Note in the copy of this access token that it needs no check until `check_at`. Raises FileError."""

    def delete_own_copy(self, account: Account, kind: TokenKind) -> None:
        """Delete the copy of a value that must not be used any more. Raises FileError."""

    def stamp(self, account: Account, kind: TokenKind) -> object:
        """Return a value that changes whenever the file is replaced; None while there is no file."""

    def check_writable(self, account: Account) -> None:
        """Create the folder and try to create a file in it. Raises FileError."""

    def inspect_folder(self, account: Account) -> FolderContents:
        """Return what is in the folder before the account uses it; a missing folder is empty."""

    def purge(self, account: Account) -> None:
        """Remove the files of the account's keys. Raises FileError."""


class ReplacedTicketStore(Protocol):
    """Replaced jsapi tickets of the accounts, for the diagnosis: a page may be signed with an old one."""

    def recent(self, account: Account, now: float) -> tuple[str, ...]:
        """Return the tickets replaced within 24 hours before `now` (Unix seconds), newest first."""

    def add(self, account: Account, ticket: str, now: float) -> None:
        """Store a ticket that was just replaced. Requires the account's lock. Never raises."""


class ExportFileWriter(Protocol):
    """Writer of values into files of other programs."""

    def write(self, target: ExportTarget, appid: str, values: ValidRecords) -> None:
        """Write the values, each file atomically. Raises FileError."""

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        """Return the targets with links resolved, so that two names of one file become equal."""


class ExportCommandRunner(Protocol):
    """Runner of commands that receive the values in their environment."""

    def run(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        """Run the command until it ends or times out; return the error, if any. Never raises."""


class ExportJournal(Protocol):
    """Last export status of each target of each account."""

    def load(self, appid: str) -> tuple[ExportStatus, ...]: ...

    def save(self, appid: str, statuses: tuple[ExportStatus, ...]) -> None:
        """Replace the stored statuses of the account. Requires its export lock. Never raises."""


class RecentUrlStore(Protocol):
    """Recently signed URLs by appid: at most 20 each, without the parameters that OAuth adds."""

    def recent(self, appid: str) -> tuple[str, ...]:
        """Return the URLs, newest first."""

    def add(self, appid: str, url: str) -> None:
        """Put the URL first, unless it is too long to be stored. Never raises."""

    def clear(self, appid: str) -> None:
        """Remove the URLs of this account. Raises FileError."""


class AccountLock(Protocol):
    """Lock per account, held across threads and processes."""

    def acquire(self, appid: str) -> AbstractContextManager[None]:
        """Wait for the lock and hold it.

        Raises:
            LockBusy: another holder does not release it in time.
            FileError: the lock file cannot be created.
        """


class HistoryStore(Protocol):
    """History of refresh attempts. Appending never fails: entries are buffered while the disk is full."""

    def append(self, entry: HistoryEntry) -> None: ...

    def enqueue(self, entry: HistoryEntry) -> None:
        """Add an entry without waiting for the disk; `flush` or the next `append` writes it."""

    def flush(self) -> None:
        """Try to write the entries that are in memory only. Never raises."""

    def latest(self, appid: str, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the newest entries of one key, oldest first."""

    def entries_of_value(self, appid: str, key: str, fingerprint: str, since: float) -> tuple[HistoryEntry, ...]:
        """Return the newest entries about this value since a Unix time, oldest first."""

    def addresses(self, appid: str, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the newest entries in which WeChat named the caller's IP address, newest first."""

    def count_calls(self, appid: str, since: float) -> CallCount: ...

    def changes_since(self, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
        """Return the id of the newest entry, and the (appid, key) pairs with entries after `after_id`."""

    def count(self, history_filter: HistoryFilter) -> int:
        """Return how many entries match the filter."""


class TransferFiles(Protocol):
    """Files with accounts for another computer, encrypted with a passphrase."""

    def write(self, path: str, content: TransferContent, passphrase: str, *, overwrites: bool) -> None:
        """Write the file as a whole or not at all. Raises FileError."""

    def load(self, path: str) -> bytes | TransferProblem:
        """Return the encrypted content, or why no passphrase can open it. Raises FileError."""

    def open(self, path: str, data: bytes, passphrase: str) -> TransferContent | TransferProblem:
        """Return the content of the file with this encrypted `data`. Raises FileError."""


class SettingsStore(Protocol):
    """The user's settings."""

    def load(self) -> Settings:
        """Return the settings, with defaults for what cannot be read."""

    def update(self, edit: Callable[[Settings], Settings]) -> None:
        """Read, edit and write the settings under their lock. Raises FileError."""


class ClientKeyReader(Protocol):
    """The clients of `serve`, with the hashes of their keys."""

    def load(self) -> tuple[ClientKey, ...]:
        """Return the readable keys. Raises FileError."""

    def stamp(self) -> object:
        """Return a value that changes whenever the keys are written."""


class ClientKeyStore(ClientKeyReader, Protocol):
    """The clients of `serve`, to be changed."""

    def update(self, edit: Callable[[tuple[ClientKey, ...]], tuple[ClientKey, ...]]) -> None:
        """Read, edit and write the keys under their lock. Raises FileError."""


class AccountStore(Protocol):
    """The list of accounts, without secrets."""

    @property
    def is_damaged(self) -> bool:
        """True if the last read found a damaged list and returned only its readable part."""

    @property
    def is_newer_version(self) -> bool:
        """True if the last read found a list that a newer Guard Dog wrote: it is read, but never changed."""

    def load(self) -> tuple[Account, ...]:
        """Return the accounts. Raises FileError if the list cannot be opened."""

    def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        """Read, edit and write the list under its lock. Raises FileError.

        The pending removal of an account that is now in the list is dropped.
        """

    def pending_removals(self) -> tuple[PendingRemoval, ...]:
        """Return the removals that are not finished. Raises FileError."""

    def start_removal(self, removal: PendingRemoval, *, if_unlisted: bool = False) -> None:
        """Take the account out of the list, if it is there, and store its removal. Raises FileError.

        With `if_unlisted` an account that is in the list stays there, and nothing is stored; nor is a removal
        replaced that can be undone.
        """

    def finish_removal(self, appid: str) -> None:
        """Drop the stored removal of this account. Raises FileError."""

    def pending_import(self) -> PendingImport | None:
        """Return the import that has begun and not ended. Raises FileError."""

    def store_import(
        self, pending: PendingImport | None, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]] | None = None
    ) -> None:
        """Replace the stored import, None if there is none, and edit the list in the same write. Raises FileError."""

    def stamp(self) -> object:
        """Return a value that changes whenever the list is written."""

    @property
    def location(self) -> str:
        """Path of the list, for messages."""


class SharedStore(Protocol):
    """Redis through which accounts are shared. Calls return within seconds; failures are values, never raised.

    Each call is for an account with `sharing`.
    """

    def read(self, account: Account, kind: TokenKind) -> SharedReading | SharingFailure:
        """Return what is there: for a follower by reading commands alone, for a leader with sighting and clock."""

    def take_lock(self, account: Account, owner: str) -> bool | SharingFailure:
        """Take the lock of the account, which ends by itself; return True if `owner` holds it now."""

    def release_lock(self, account: Account, owner: str) -> None:
        """Give the lock back unless it is not the owner's any more."""

    def write(self, account: Account, kind: TokenKind, value: ValueToShare) -> ShareResult | SharingFailure:
        """Write a value unless one that ends later is there."""

    def look(
        self, account: Account, password: Secret | None
    ) -> tuple[tuple[TokenKind, SharedValue | None], ...] | SharingFailure:
        """Return what each key of the account has, with reading commands alone; `password` as in `check`."""

    def check(self, account: Account, password: Secret | None = None) -> tuple[SharingFailure, ...]:
        """Return what is wrong, of connection, permissions, memory and clock; try what the role needs.

        A `password` is tried in place of the stored one; an empty one stands for none.
        """

    def reset(self, appid: str) -> None:
        """Forget the connections of an account, and that its server did not answer."""


class SharingJournal(Protocol):
    """Last state of the sharing of each account, for programs that do not use the network."""

    def load(self, appid: str) -> SharingStatus | None: ...

    def save(self, appid: str, status: SharingStatus | None) -> None:
        """Replace or remove the state. Never raises."""
