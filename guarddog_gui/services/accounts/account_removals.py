"""Remove accounts, at once or with a time to undo it.

`account_service` says in which order the stores are written. The window removes an account with `remove_later`: the
whole account stays stored with its removal, and the secret in the keyring, until the time to undo it is over.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, find_by_appid
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringFailure,
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval, with_restored
from guarddog_gui.domain.errors import FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services import ports
from guarddog_gui.services.accounts.account_validator import AccountValidator
from guarddog_gui.services.accounts.import_recovery import ImportRecovery


class AccountRemoved(Struct, frozen=True):
    """The account is not in the list; the errors tell why its secret or its files may still exist.

    A secret that is provided from outside, such as a file of systemd, is not for Guard Dog to remove.
    """

    account: Account
    secret_error: KeyringIsLocked | KeyringIsDown | NotPersisted | None = None
    file_error: FileError | None = None

    @property
    def leaves_provided_secret(self) -> bool:
        return self.secret_error is not None and _is_provided(self.secret_error)

    @property
    def is_complete(self) -> bool:
        return (self.secret_error is None or self.leaves_provided_secret) and self.file_error is None


def _is_provided(result: StoreResult) -> bool:
    return isinstance(result, KeyringIsDown) and result.detail == KeyringFailure.READ_ONLY


def _has_no_calls(_appid: str) -> None:
    """Stand for the log of calls where there is none."""


class AccountRemovals(Struct, kw_only=True, eq=False):
    """Remove accounts, undo it, and finish later what could not be removed at once."""

    secrets: ports.SecretStore
    proxy_passwords: ports.SecretStore
    accounts: ports.AccountStore
    dog_files: ports.DogFileStore
    recent_urls: ports.RecentUrlStore
    account_lock: ports.AccountLock
    clock: ports.Clock
    import_recovery: ImportRecovery
    validator: AccountValidator
    clear_api_calls: Callable[[str], None] = _has_no_calls
    redis_passwords: ports.SecretStore | None = None
    sharing_journal: ports.SharingJournal | None = None

    def remove(self, appid: str, *, purge: bool) -> AccountRemoved:
        """Remove an account, its AppSecret and its recently signed URLs; with `purge` its `.dog` files too.

        An account that is no longer in the list is removed as well, if something of it is left: its removal
        is pending, or the keyring has its secret.

        Raises:
            NoSuchAccount: neither the list nor the keyring knows the account.
            FileError: the list cannot be written.
            LockBusy: an import is running in another process.
        """
        failure = self.import_recovery.finish()
        account = find_by_appid(self.accounts.load(), appid)
        pending = next((removal for removal in self.accounts.pending_removals() if removal.appid == appid), None)
        if account is None and pending is None:
            lookup = self.secrets.get(appid)
            if isinstance(lookup, SecretMissing):
                raise NoSuchAccount(appid)
            if not isinstance(lookup, SecretFound):
                return AccountRemoved(Account(appid, appid), lookup)
        account = account or (pending.account if pending is not None else Account(appid, appid))
        removal = PendingRemoval(appid, account.name, account.dog_dir, purge or bool(pending and pending.purge))
        self.accounts.start_removal(removal)
        if failure is not None:  # then the AppSecret is removed after it has been put back
            return AccountRemoved(account, failure)
        return replace(self._finish(removal, holds_lock=False), account=account)

    def remove_later(self, appid: str) -> PendingRemoval:
        """Take an account out of the list; its AppSecret stays in the keyring for `UNDO_S` seconds.

        Raises:
            NoSuchAccount: the list does not have the account.
            FileError: the list cannot be written.
        """
        accounts = self.accounts.load()
        account = find_by_appid(accounts, appid)
        if account is None:
            raise NoSuchAccount(appid)
        removal = PendingRemoval(
            appid, account.name, account.dog_dir, removed=account, position=accounts.index(account),
            undo_until=self.clock() + UNDO_S,
        )  # fmt: skip
        self.accounts.start_removal(removal)
        return removal

    def undo(self, appid: str) -> Account:
        """Put a removed account back into the list, and return it.

        Raises:
            NoSuchAccount: the time to undo is over, or another process has finished the removal.
            BadInput: another account uses its folder or an export meanwhile.
            FileError: the list cannot be written.
            LockBusy: another process uses the account.
        """
        with self.account_lock.acquire(appid):  # `finish_pending` of another process waits
            removal = next((each for each in self.recent() if each.appid == appid), None)
            if removal is None:
                raise NoSuchAccount(appid)
            known = self.accounts.load()
            self.validator.validate(removal.account, known)

            def restore(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
                if accounts != known:  # saved by another process meanwhile
                    self.validator.validate(removal.account, accounts)
                return with_restored(accounts, removal)

            self.accounts.update(restore)
            return removal.account

    def recent(self) -> tuple[PendingRemoval, ...]:
        """Return the removals that can be undone, the newest first. Raises FileError."""
        now = self.clock()
        pending = [removal for removal in self.accounts.pending_removals() if removal.can_be_undone(now)]
        return tuple(sorted(pending, key=lambda removal: -removal.undo_until))

    def finish_pending(self) -> tuple[AccountRemoved, ...]:
        """Remove what is left of removed accounts; return the removals that are still not complete.

        Before that, an import whose process was killed is undone. Removals that can be undone are left alone.
        Raises FileError if the list cannot be read.
        """
        with suppress(LockBusy, FileError):
            self.import_recovery.finish()
        pending_import = self.accounts.pending_import()
        results = []
        now = self.clock()
        for removal in self.accounts.pending_removals():
            if removal.can_be_undone(now) or (pending_import is not None and removal.appid in pending_import.appids):
                continue
            # A busy lock: another process uses the account, perhaps to add it again. It is looked at later.
            with suppress(LockBusy, FileError), self.account_lock.acquire(removal.appid):
                if removal in self.accounts.pending_removals():
                    results.append(self._finish(removal, holds_lock=True))
        return tuple(result for result in results if not result.is_complete)

    def _finish(self, removal: PendingRemoval, *, holds_lock: bool) -> AccountRemoved:
        account, file_error = removal.account, None
        outcome = self._remove_secrets(account.appid)
        try:
            self.recent_urls.clear(account.appid)
            self.clear_api_calls(account.appid)
        except FileError as error:
            file_error = error
        if removal.purge:
            try:
                # the lock, because a running refresh would write the files again
                with nullcontext() if holds_lock else self.account_lock.acquire(account.appid):
                    self.dog_files.purge(account)
            except LockBusy:
                file_error = FileError(self.dog_files.directory(account), FileErrorReason.LOCKED)
            except FileError as error:
                file_error = error
        result = AccountRemoved(account, None if isinstance(outcome, SecretSaved) else outcome, file_error)
        if result.is_complete:
            # a removal that stays stored is done once more later, and finds nothing
            with suppress(FileError):
                self.accounts.finish_removal(account.appid)
        return result

    def _remove_secrets(self, appid: str) -> StoreResult:
        """Remove AppSecret and passwords; stop at a failure, for all of it is done once more."""
        result: StoreResult = SecretSaved()
        for remove in (self.secrets.remove, self._forget_sharing, self.proxy_passwords.remove):
            outcome = remove(appid)
            if isinstance(outcome, SecretSaved):
                continue
            result = outcome
            if not _is_provided(outcome):
                break
        return result

    def _forget_sharing(self, appid: str) -> StoreResult:
        """Remove the password of Redis and the state of the sharing, if the account was ever shared."""
        journal, passwords = self.sharing_journal, self.redis_passwords
        if journal is None or passwords is None or journal.load(appid) is None:
            return SecretSaved()
        outcome = passwords.remove(appid)
        if isinstance(outcome, SecretSaved):
            journal.save(appid, None)
        return outcome
