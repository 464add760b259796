"""Verify, add, edit and remove accounts.

An account lives in two stores: its AppSecret in the keyring, all else in the account list. No transaction
spans both, so the order of the writes decides what is left after a failure:

- Saving writes the secret first; if the list cannot be written then, the previous secret is restored. An
  account in the list always has a secret.
- Removing writes the list first, so that a locked keyring cannot keep an account alive.

The process can be killed between the two. The list therefore also stores a `PendingRemoval` from before a
new secret is written until its account is in the list, and from when an account leaves the list until
nothing of it is left. `finish_pending_removals` does later what could not be done at once.

The window removes an account with `remove_later`: the whole account stays stored with its removal, and the
secret in the keyring, until the time to undo it is over.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import (
    Account,
    Secret,
    find_with_same_name,
    merge_edits,
    secret_problem,
    validate_account,
)
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval, with_restored
from guarddog_gui.domain.accounts.tile_colours import with_own_colour
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.targets import targets_overlap, validate_targets
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services import ports
from guarddog_gui.services.accounts.account_verification import AccountVerification, VerificationResult
from guarddog_gui.services.accounts.account_writer import AccountWriter, ListEdit, ListNotWritten
from guarddog_gui.services.accounts.import_recovery import ImportRecovery
from guarddog_gui.services.accounts.proxy_password import ProxyPasswordChange


class SaveMode(StrEnum):
    """Expectation about the account list when an account is saved."""

    ADD_OR_CHANGE = "any"
    ADD = "add"  # refuse if the list has the account already
    CHANGE = "change"  # refuse if the list no longer has the account


class AccountSaved(Struct, frozen=True):
    """The account is in both stores."""

    account: Account  # the merged one, as it was written


class AccountNotSaved(Struct, frozen=True):
    """The keyring or the disk failed; both stores are unchanged.

    With `keeps_new_secret` the keyring failed as well, when it was to take the new AppSecret back.
    """

    account: Account
    error: KeyringIsLocked | KeyringIsDown | NotPersisted | FileError
    keeps_new_secret: bool = False


class AccountRemoved(Struct, frozen=True):
    """The account is not in the list; the errors tell why its secret or its files may still exist."""

    account: Account
    secret_error: KeyringIsLocked | KeyringIsDown | NotPersisted | None = None
    file_error: FileError | None = None

    @property
    def is_complete(self) -> bool:
        return self.secret_error is None and self.file_error is None


def _has_no_calls(_appid: str) -> None:
    """Stand for the log of calls where there is none."""


class AccountService(Struct, kw_only=True, eq=False, dict=True):
    """Verify, save and remove accounts."""

    transport: ports.Transport
    secrets: ports.SecretStore
    proxy_passwords: ports.SecretStore
    accounts: ports.AccountStore
    dog_files: ports.DogFileStore
    recent_urls: ports.RecentUrlStore
    account_lock: ports.AccountLock
    history: ports.HistoryStore
    errcode_catalog: ErrcodeCatalog
    export_files: ports.ExportFileWriter
    clock: ports.Clock
    import_recovery: ImportRecovery
    clear_api_calls: Callable[[str], None] = _has_no_calls
    redis_passwords: ports.SecretStore | None = None
    sharing_journal: ports.SharingJournal | None = None

    def __post_init__(self) -> None:
        self._verification = AccountVerification(
            self.transport,
            self.secrets,
            self.dog_files,
            self.account_lock,
            self.history,
            self.errcode_catalog,
            self.clock,
        )
        self._writer = AccountWriter(self.secrets, self.accounts, self.account_lock)

    def verify_credentials(
        self,
        account: Account,
        secret: Secret | None,
        trigger: Trigger = Trigger.USER,
        proxy_password: Secret | None = None,
    ) -> VerificationResult:
        """Request one token with these credentials; save nothing.

        A `secret` of None stands for the stored one, and so does a `proxy_password`.

        Raises:
            BadInput: a field is invalid, or a folder or export belongs to another account.
        """
        self._validate(account, secret)
        stored = _find(self.accounts.load(), account.appid)
        has_new_folder = stored is None or not self.dog_files.has_same_folder(account, stored)
        with self.transport.using_proxy_password(account.appid, proxy_password):
            return self._verification.verify(account, secret, trigger, has_new_folder=has_new_folder)

    def inspect_folder(self, account: Account) -> FolderContents:
        """Return what is in the folder that the account is to use. Raises BadInput if another one has it."""
        self._reject_shared_folder(account)
        return self.dog_files.inspect_folder(account)

    def save(
        self,
        account: Account,
        secret: Secret | None,
        verification: VerificationResult | None = None,
        *,
        mode: SaveMode = SaveMode.ADD_OR_CHANGE,
        edited_from: Account | None = None,
        proxy_password: Secret | None = None,
    ) -> AccountSaved | AccountNotSaved:
        """Add the account, or change it if the list has its AppID.

        Args:
            secret: the AppSecret; None keeps the stored one.
            verification: the check that preceded; its token and history entry are stored as well.
            edited_from: the account as the user saw it before editing. Only fields that differ from it are
                changed, since another process may have edited the others meanwhile.
            proxy_password: the password of the account's proxy; None keeps the stored one.

        Raises:
            BadInput: a field is invalid, `mode` does not fit the list, or a folder or export belongs to
                another account.
        """
        entered, stored = account, _find(self.accounts.load(), account.appid)
        account = _merge_with_stored(entered, mode, edited_from, stored)
        self._validate(account, secret)
        if stored is None or stored.name != account.name:
            self._reject_taken_name(account)
        previous: Account | None = None
        merged = account  # merged once more below, with the list that `update` reads under its lock

        def edit(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
            nonlocal previous, merged
            previous = _find(accounts, entered.appid)
            merged = _merge_with_stored(entered, mode, edited_from, previous)
            if previous is None:
                merged = with_own_colour(merged, accounts)
            return with_account(accounts, merged)

        change = ProxyPasswordChange(self.proxy_passwords, account, proxy_password)
        outcome = self._write(account, stored, secret, edit, change)
        if isinstance(outcome, FileError):
            return AccountNotSaved(account, outcome)
        if isinstance(outcome, ListNotWritten):
            return AccountNotSaved(account, outcome.error, keeps_new_secret=not outcome.is_undone)
        if not isinstance(outcome, SecretSaved):
            return AccountNotSaved(account, outcome)
        has_new_folder = previous is None or self._has_moved(previous, merged)
        if verification is not None and verification.account.appid == merged.appid:
            self._verification.apply(merged, verification, has_new_folder=has_new_folder)
        return AccountSaved(merged)

    def _write(
        self,
        account: Account,
        stored: Account | None,
        secret: Secret | None,
        edit: ListEdit,
        change: ProxyPasswordChange,
    ) -> StoreResult | ListNotWritten | FileError:
        """Write the password of the proxy, the secret and the list, or nothing of it."""
        # an unfinished import would later write back the AppSecret that it replaced
        failure = self.import_recovery.finish() or change.begin()
        if failure is not None:
            return failure
        is_saved = False
        try:
            if stored is None or self._has_moved(stored, account):
                self.dog_files.check_writable(account)
            outcome = (
                self._writer.add(account, secret, edit)
                if stored is None and secret is not None
                else self._writer.change(account.appid, secret, edit)
            )
            is_saved = isinstance(outcome, SecretSaved)
        except FileError as error:
            return error
        finally:
            if is_saved:
                change.finish(stored)
            else:
                change.undo()
        return outcome

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
        account = _find(self.accounts.load(), appid)
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
        return replace(self._finish_removal(removal, holds_lock=False), account=account)

    def remove_later(self, appid: str) -> PendingRemoval:
        """Take an account out of the list; its AppSecret stays in the keyring for `UNDO_S` seconds.

        Raises:
            NoSuchAccount: the list does not have the account.
            FileError: the list cannot be written.
        """
        accounts = self.accounts.load()
        account = _find(accounts, appid)
        if account is None:
            raise NoSuchAccount(appid)
        removal = PendingRemoval(
            appid, account.name, account.dog_dir, removed=account, position=accounts.index(account),
            undo_until=self.clock() + UNDO_S,
        )  # fmt: skip
        self.accounts.start_removal(removal)
        return removal

    def undo_removal(self, appid: str) -> Account:
        """Put a removed account back into the list, and return it.

        Raises:
            NoSuchAccount: the time to undo is over, or another process has finished the removal.
            BadInput: another account uses its folder or an export meanwhile.
            FileError: the list cannot be written.
            LockBusy: another process uses the account.
        """
        with self.account_lock.acquire(appid):  # `finish_pending_removals` of another process waits
            removal = next((each for each in self.recent_removals() if each.appid == appid), None)
            if removal is None:
                raise NoSuchAccount(appid)
            self._validate(removal.account, None)
            self.accounts.update(lambda accounts: with_restored(accounts, removal))
            return removal.account

    def recent_removals(self) -> tuple[PendingRemoval, ...]:
        """Return the removals that can be undone, the newest first. Raises FileError."""
        now = self.clock()
        pending = [removal for removal in self.accounts.pending_removals() if removal.can_be_undone(now)]
        return tuple(sorted(pending, key=lambda removal: -removal.undo_until))

    def finish_pending_removals(self) -> tuple[AccountRemoved, ...]:
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
                    results.append(self._finish_removal(removal, holds_lock=True))
        return tuple(result for result in results if not result.is_complete)

    def _finish_removal(self, removal: PendingRemoval, *, holds_lock: bool) -> AccountRemoved:
        account, file_error = removal.account, None
        outcome = self.secrets.remove(account.appid)
        if isinstance(outcome, SecretSaved):
            outcome = self._forget_sharing(account.appid)
        if isinstance(outcome, SecretSaved):
            outcome = self.proxy_passwords.remove(account.appid)
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

    def _forget_sharing(self, appid: str) -> StoreResult:
        """Remove the password of Redis and the state of the sharing, if the account was ever shared."""
        journal, passwords = self.sharing_journal, self.redis_passwords
        if journal is None or passwords is None or journal.load(appid) is None:
            return SecretSaved()
        outcome = passwords.remove(appid)
        if isinstance(outcome, SecretSaved):
            journal.save(appid, None)
        return outcome

    def validate(self, account: Account) -> None:
        """Raise BadInput if the account cannot be saved like this."""
        self._validate(account, None)

    def _has_moved(self, before: Account, after: Account) -> bool:
        return self.dog_files.directory(before) != self.dog_files.directory(after)

    def _validate(self, account: Account, secret: Secret | None) -> None:
        resolve = self.export_files.resolve_links
        error = validate_account(account) or validate_targets(resolve(account.exports))
        if error is not None:
            raise error
        if secret is not None and (problem := secret_problem(secret.reveal())) is not None:
            raise BadInput(problem)
        targets_of_others = [resolve(other.exports) for other in self._reject_shared_folder(account)]
        for target in account.exports:
            if any(targets_overlap(resolve((target,)), targets) for targets in targets_of_others):
                raise BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, target.display_name)

    def _reject_taken_name(self, account: Account) -> None:
        """Raise BadInput if the name would not tell the account from another one; earlier versions allowed it."""
        same = find_with_same_name(account, self.accounts.load())
        if same is not None:
            raise BadInput(InputProblem.NAME_TAKEN, same.appid)

    def _reject_shared_folder(self, account: Account) -> list[Account]:
        """Return the other accounts; raise BadInput if one of them uses the folder of this one."""
        others = [other for other in self.accounts.load() if other.appid != account.appid]
        if any(self.dog_files.has_same_folder(account, other) for other in others):
            raise BadInput(InputProblem.DOG_DIR_TAKEN)
        return others


def _find(accounts: tuple[Account, ...], appid: str) -> Account | None:
    return next((account for account in accounts if account.appid == appid), None)


def _merge_with_stored(
    account: Account, mode: SaveMode, edited_from: Account | None, stored: Account | None
) -> Account:
    if mode is SaveMode.ADD and stored is not None:
        raise BadInput(InputProblem.ACCOUNT_EXISTS)
    if mode is SaveMode.CHANGE and stored is None:
        raise BadInput(InputProblem.ACCOUNT_REMOVED)
    return account if stored is None or edited_from is None else merge_edits(stored, edited_from, account)


def with_account(accounts: tuple[Account, ...], account: Account) -> tuple[Account, ...]:
    """Return the accounts with this one appended, or replaced if its AppID is among them."""
    return tuple(({a.appid: a for a in accounts} | {account.appid: account}).values())
