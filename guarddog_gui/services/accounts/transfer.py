"""Export accounts with their AppSecrets for another computer, and import them there, all or none.

An import writes three stores, and no transaction spans them: the keyring first, then the settings, and the list of
accounts last. What was written is undone if a later write fails; after a kill the next start does it, see
`import_recovery.py`.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret, find_with_same_name, secret_problem, validate_account
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    LookupResult,
    SecretFound,
    SecretMissing,
    SecretSaved,
)
from guarddog_gui.domain.accounts.route import has_login
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import targets_overlap
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import (
    ImportPlan,
    MovedAccount,
    PendingImport,
    TransferContent,
    TransferProblem,
    merge_imported_settings,
    plan_import,
    portable_settings,
    with_imported,
)
from guarddog_gui.services import ports
from guarddog_gui.services.accounts.import_recovery import IMPORT_LOCK, ImportRecovery, KeyringFailure


class NotExported(Struct, frozen=True):
    """Nothing was exported: the keyring does not give out the AppSecret of this account."""

    account: Account
    error: KeyringIsLocked | KeyringIsDown


class NotImported(Struct, frozen=True):
    """Nothing was imported. Of the accounts in `unrestored` the keyring still has the AppSecret of the file.

    Guard Dog puts the previous ones back at its next start. `account` is the one at whose AppSecret the keyring
    failed; None for a file that could not be written, or if an earlier import must be undone first.
    """

    account: Account | None
    error: KeyringFailure | FileError
    unrestored: tuple[Account, ...] = ()


class _Progress(Struct):
    """Whether the stored import is that of this call, and the accounts whose AppSecrets it has tried to write."""

    is_begun: bool = False
    tried: list[Account] = []
    passwords: list[tuple[Account, SecretFound | SecretMissing]] = []  # of proxies, with those before


class AccountTransfer(Struct, kw_only=True, eq=False):
    """Collect accounts for an export, and import them."""

    secrets: ports.SecretStore
    proxy_passwords: ports.SecretStore
    accounts: ports.AccountStore
    settings: ports.SettingsStore
    account_lock: ports.AccountLock
    dog_files: ports.DogFileStore
    export_files: ports.ExportFileWriter
    files: ports.TransferFiles
    path_exists: Callable[[str], bool]
    recovery: ImportRecovery

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
        """Return all accounts with their AppSecrets, and the settings. Raises FileError or LockBusy."""
        failure = self.recovery.finish()
        accounts = self.accounts.load()
        if isinstance(failure, KeyringIsLocked | KeyringIsDown) and accounts:
            return NotExported(accounts[0], failure)
        moved = []
        for account in accounts:
            lookup = SecretMissing() if account.is_follower else self.secrets.get(account.appid)
            password = self.proxy_passwords.get(account.appid) if has_login(account.proxy) else SecretMissing()
            for found in (lookup, password):
                if isinstance(found, KeyringIsLocked | KeyringIsDown):
                    return NotExported(account, found)
            moved.append(MovedAccount(account, _secret_of(lookup), _secret_of(password)))
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
        progress = _Progress()
        with ExitStack() as locks:
            try:
                locks.enter_context(self.account_lock.acquire(IMPORT_LOCK))
                error = self.recovery.finish_with_lock()
                if error is not None:
                    return NotImported(None, error)
                # always in the same order: a refresh of several accounts must not wait for the import and it for that
                for appid in sorted(moved.account.appid for moved in plan.changes):
                    locks.enter_context(self.account_lock.acquire(appid))
                failure = self._write(plan, settings, progress)
            except FileError as error:
                failure = NotImported(None, error)
            except BaseException:
                self._undo(progress)
                raise
            if failure is not None:
                return NotImported(failure.account, failure.error, self._undo(progress))
        return None

    def _write(self, plan: ImportPlan, settings: Settings | None, progress: _Progress) -> NotImported | None:
        """Write the three stores and note in `progress` what is to be undone. Raises FileError."""
        previous: dict[str, SecretFound | SecretMissing] = {}
        for moved in plan.changes:
            self.secrets.invalidate(moved.account.appid)  # what is set aside must be what another process has stored
            lookup = self.secrets.get(moved.account.appid)
            if isinstance(lookup, KeyringIsLocked | KeyringIsDown):
                return NotImported(moved.account, lookup)
            previous[moved.account.appid] = lookup
        changed = [
            (moved.account, moved.secret)
            for moved in plan.changes
            if moved.secret is not None and previous[moved.account.appid] != SecretFound(moved.secret)
        ]
        had_secret = {appid for appid, lookup in previous.items() if isinstance(lookup, SecretFound)}
        pending = PendingImport(
            tuple(account.appid for account, _ in changed if account.appid not in had_secret),
            tuple(account.appid for account, _ in changed if account.appid in had_secret),
            None if settings is None else self.settings.load(),
        )
        progress.is_begun = True  # before the write: if that is interrupted, it may be stored all the same
        self.accounts.store_import(pending)
        failure = self._set_aside(changed, previous) or self._write_secrets(changed, progress)
        failure = failure or self._write_proxy_passwords(plan, progress)
        if failure is not None:
            return failure
        if settings is not None:
            self.settings.update(lambda current: merge_imported_settings(current, settings))
        done = replace(pending, is_done=True)
        self.accounts.store_import(done if done.replaced else None, lambda accounts: with_imported(accounts, plan))
        if done.replaced:
            with suppress(FileError):  # else it is done at the next start
                self.recovery.end(done)
        return None

    def _set_aside(
        self, changed: list[tuple[Account, Secret]], previous: dict[str, SecretFound | SecretMissing]
    ) -> NotImported | None:
        """Store the AppSecrets that will be replaced, all before the first is replaced."""
        for account, _ in changed:
            lookup = previous[account.appid]
            if isinstance(lookup, SecretFound):
                outcome = self.recovery.previous_secrets.set(account.appid, lookup.secret)
                if not isinstance(outcome, SecretSaved):
                    return NotImported(account, outcome)
        return None

    def _write_secrets(self, changed: list[tuple[Account, Secret]], progress: _Progress) -> NotImported | None:
        for account, secret in changed:
            # before the write: a keyring that gave no answer may store the secret all the same
            progress.tried.append(account)
            outcome = self.secrets.set(account.appid, secret)
            if not isinstance(outcome, SecretSaved):
                return NotImported(account, outcome)
        return None

    def _write_proxy_passwords(self, plan: ImportPlan, progress: _Progress) -> NotImported | None:
        """Write the passwords of proxies; after a kill they stay, for a proxy that only an account of the list has."""
        for moved in plan.changes:
            if moved.proxy_password is None:
                continue
            previous = self.proxy_passwords.get(moved.account.appid)
            if isinstance(previous, KeyringIsLocked | KeyringIsDown):
                return NotImported(moved.account, previous)
            progress.passwords.append((moved.account, previous))
            outcome = self.proxy_passwords.set(moved.account.appid, moved.proxy_password)
            if not isinstance(outcome, SecretSaved):
                return NotImported(moved.account, outcome)
        return None

    def _undo(self, progress: _Progress) -> tuple[Account, ...]:
        """Write back what was there before; return the accounts whose AppSecret the keyring does not take back."""
        failures: Mapping[str, KeyringFailure] = {}
        for account, previous in progress.passwords:
            if isinstance(previous, SecretFound):
                self.proxy_passwords.set(account.appid, previous.secret)
            else:
                self.proxy_passwords.remove(account.appid)
        with suppress(FileError):  # what cannot be written now is undone at the next start
            pending = self.accounts.pending_import() if progress.is_begun else None
            if pending is not None:
                failures = self.recovery.end(pending)
        return tuple(account for account in progress.tried if account.appid in failures)

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


def _secret_of(lookup: LookupResult) -> Secret | None:
    return lookup.secret if isinstance(lookup, SecretFound) else None
