"""Verify, add and edit accounts.

An account lives in two stores: its AppSecret in the keyring, all else in the account list. No transaction
spans both, so the order of the writes decides what is left after a failure:

- Saving writes the secret first; if the list cannot be written then, the previous secret is restored. An
  account in the list always has a secret.
- Removing writes the list first, so that a locked keyring cannot keep an account alive.

The process can be killed between the two. The list therefore also stores a `PendingRemoval` from before a
new secret is written until its account is in the list, and from when an account leaves the list until
nothing of it is left. `AccountRemovals.finish_pending` does later what could not be done at once.
"""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret, find_by_appid, merge_edits
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.accounts.tile_colours import with_own_colour
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services import ports
from guarddog_gui.services.accounts.account_validator import AccountValidator
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


class AccountService(Struct, kw_only=True, eq=False, dict=True):
    """Verify and save accounts."""

    transport: ports.Transport
    secrets: ports.SecretStore
    proxy_passwords: ports.SecretStore
    accounts: ports.AccountStore
    dog_files: ports.DogFileStore
    account_lock: ports.AccountLock
    history: ports.HistoryStore
    errcode_catalog: ErrcodeCatalog
    clock: ports.Clock
    import_recovery: ImportRecovery
    validator: AccountValidator

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
        accounts = self.accounts.load()
        self.validator.validate(account, accounts, secret)
        stored = find_by_appid(accounts, account.appid)
        has_new_folder = stored is None or not self.dog_files.has_same_folder(account, stored)
        with self.transport.using_proxy_password(account.appid, proxy_password):
            return self._verification.verify(account, secret, trigger, has_new_folder=has_new_folder)

    def inspect_folder(self, account: Account) -> FolderContents:
        """Return what is in the folder that the account is to use. Raises BadInput if another one has it."""
        self.validator.reject_shared_folder(account, self.accounts.load())
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
        known = self.accounts.load()
        entered, stored = account, find_by_appid(known, account.appid)
        account = _merge_with_stored(entered, mode, edited_from, stored)
        self._validate(account, stored, known, secret)
        previous: Account | None = None
        merged = account  # merged once more below, with the list that `update` reads under its lock

        def edit(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
            nonlocal previous, merged
            previous = find_by_appid(accounts, entered.appid)
            merged = _merge_with_stored(entered, mode, edited_from, previous)
            if accounts != known:  # saved by another process meanwhile; else the disk is not read under the lock
                self._validate(merged, previous, accounts)
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

    def _validate(
        self, account: Account, previous: Account | None, accounts: tuple[Account, ...], secret: Secret | None = None
    ) -> None:
        self.validator.validate(account, accounts, secret)
        if previous is None or previous.name != account.name:
            self.validator.reject_taken_name(account, accounts)

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

    def _has_moved(self, before: Account, after: Account) -> bool:
        return self.dog_files.directory(before) != self.dog_files.directory(after)


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
