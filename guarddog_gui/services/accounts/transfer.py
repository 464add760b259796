"""Export accounts with their AppSecrets for another computer, and import them there, all or none.

An import writes three stores, and no transaction spans them: the keyring first, then the settings, and the list of
accounts last. What was written is undone if a later write fails. If the process is killed meanwhile, pending removals
(see `services/accounts/account_service.py`) lead to the new AppSecrets, whose accounts are not in the list.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, find_with_same_name, secret_problem, validate_account
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
)
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import targets_overlap
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import (
    ImportPlan,
    MovedAccount,
    TransferContent,
    TransferProblem,
    merge_imported_settings,
    plan_import,
    portable_settings,
    with_imported,
)
from guarddog_gui.services import ports

KeyringFailure = KeyringIsLocked | KeyringIsDown | NotPersisted


class NotExported(Struct, frozen=True):
    """Nothing was exported: the keyring does not give out the AppSecret of this account."""

    account: Account
    error: KeyringIsLocked | KeyringIsDown


class NotImported(Struct, frozen=True):
    """Nothing was imported. Of the accounts in `unrestored` the keyring still has the AppSecret of the file.

    `account` is the one at whose AppSecret the keyring failed; None for a file that could not be written.
    """

    account: Account | None
    error: KeyringFailure | FileError
    unrestored: tuple[Account, ...] = ()


class _Written(Struct):
    """What an import has written so far."""

    secrets: list[tuple[Account, SecretFound | SecretMissing]]  # with what the keyring had before
    settings: Settings | None = None  # those before, once they are replaced


class AccountTransfer(Struct, kw_only=True, eq=False):
    """Collect accounts for an export, and import them."""

    secrets: ports.SecretStore
    accounts: ports.AccountStore
    settings: ports.SettingsStore
    account_lock: ports.AccountLock
    dog_files: ports.DogFileStore
    export_files: ports.ExportFileWriter
    files: ports.TransferFiles
    path_exists: Callable[[str], bool]

    def export(self, path: str, passphrase: str, *, overwrites: bool) -> TransferContent | NotExported:
        """Write all accounts into a file; return what is in it. Raises FileError."""
        content = self.collect()
        if isinstance(content, TransferContent):
            self.files.write(path, content, passphrase, overwrites=overwrites)
        return content

    def read(self, path: str, passphrase: str) -> TransferContent | TransferProblem:
        """Return the content of a file, or why it has none for us. Raises FileError."""
        data = self.files.load(path)
        return data if isinstance(data, TransferProblem) else self.files.open(path, data, passphrase)

    def collect(self) -> TransferContent | NotExported:
        """Return all accounts with their AppSecrets, and the settings. Raises FileError."""
        moved = []
        for account in self.accounts.load():
            lookup = SecretMissing() if account.is_follower else self.secrets.get(account.appid)
            if isinstance(lookup, KeyringIsLocked | KeyringIsDown):
                return NotExported(account, lookup)
            moved.append(MovedAccount(account, lookup.secret if isinstance(lookup, SecretFound) else None))
        return TransferContent(tuple(moved), portable_settings(self.settings.load()))

    def plan(self, content: TransferContent, *, replaces_existing: bool) -> ImportPlan:
        """Return what an import would do, and change nothing.

        Raises:
            BadInput: an account of the file cannot be used here; `subject` names it.
            FileError: the list, or the folder of an account, cannot be used.
        """
        plan = plan_import(content, self.accounts.load(), self.path_exists, replaces_existing=replaces_existing)
        self._validate(plan)
        return plan

    def apply(self, plan: ImportPlan, settings: Settings | None = None) -> NotImported | None:
        """Import the accounts, and the settings if they are given; return why nothing was imported, if so.

        Raises LockBusy if another process works with an account; nothing is changed then.
        """
        written = _Written([])
        with ExitStack() as locks:
            try:
                # always in the same order: two imports must not wait for each other
                for appid in sorted(moved.account.appid for moved in plan.changes):
                    locks.enter_context(self.account_lock.acquire(appid))
                failure = self._write(plan, settings, written)
            except FileError as error:
                failure = NotImported(None, error)
            except BaseException:
                self._undo(written)
                raise
            if failure is not None:
                return NotImported(failure.account, failure.error, self._undo(written))
        return None

    def _write(self, plan: ImportPlan, settings: Settings | None, written: _Written) -> NotImported | None:
        """Write the three stores and note in `written` what is to be undone. Raises FileError."""
        for moved in plan.changes:
            error = self._write_secret(moved, written)
            if error is not None:
                return NotImported(moved.account, error)
        if settings is not None:
            before = self.settings.load()
            self.settings.update(lambda current: merge_imported_settings(current, settings))
            written.settings = before
        self.accounts.update(lambda accounts: with_imported(accounts, plan))
        return None

    def _write_secret(self, moved: MovedAccount, written: _Written) -> KeyringFailure | None:
        account, secret = moved.account, moved.secret
        if secret is None:
            return None
        previous = self.secrets.get(account.appid)
        if isinstance(previous, KeyringIsLocked | KeyringIsDown):
            return previous
        if previous == SecretFound(secret):
            return None
        self.accounts.start_removal(PendingRemoval(account.appid, account.name), if_unlisted=True)
        # before the write: a keyring that gave no answer may store the secret all the same
        written.secrets.append((account, previous))
        outcome = self.secrets.set(account.appid, secret)
        return None if isinstance(outcome, SecretSaved) else outcome

    def _undo(self, written: _Written) -> tuple[Account, ...]:
        """Write back what was there before; return the accounts whose AppSecret the keyring does not take back."""
        before = written.settings
        if before is not None:
            with suppress(FileError):  # what cannot be written now was not written before either
                self.settings.update(lambda _: before)
        unrestored = []
        for account, previous in reversed(written.secrets):
            if isinstance(previous, SecretFound):
                outcome = self.secrets.set(account.appid, previous.secret)
            else:
                outcome = self.secrets.remove(account.appid)
            if not isinstance(outcome, SecretSaved):
                unrestored.append(account)
            elif isinstance(previous, SecretMissing):
                with suppress(FileError):  # else it is done later, and finds nothing
                    self.accounts.finish_removal(account.appid)
        return tuple(unrestored)

    def _validate(self, plan: ImportPlan) -> None:
        """Check every account before the first is written. Raises BadInput or FileError."""
        final = with_imported(self.accounts.load(), plan)
        for moved in plan.changes:
            account, secret = moved.account, moved.secret
            problem = validate_account(account)
            if problem is not None:
                raise BadInput(problem.problem, problem.subject or account.name)
            if secret is not None and (secret_refusal := secret_problem(secret.reveal())) is not None:
                raise BadInput(secret_refusal, account.name)
            if find_with_same_name(account, final) is not None:
                raise BadInput(InputProblem.NAME_TAKEN, account.name)
            self._reject_shared_places(account, final)
            if account.dog_dir is not None:
                self.dog_files.check_writable(account)

    def _reject_shared_places(self, account: Account, final: tuple[Account, ...]) -> None:
        """Raise BadInput if another account uses the folder of this one, or an export target of it."""
        others = [other for other in final if other.appid != account.appid]
        if account.dog_dir is not None and any(self.dog_files.has_same_folder(account, other) for other in others):
            raise BadInput(InputProblem.DOG_DIR_TAKEN, account.name)
        own_targets = self.export_files.resolve_links(account.exports)
        if own_targets and any(
            targets_overlap(own_targets, self.export_files.resolve_links(o.exports)) for o in others
        ):
            raise BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, account.name)
