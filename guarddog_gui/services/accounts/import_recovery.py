"""Undo an import that did not reach its end, also one whose process was killed.

Before an import writes anything, it stores a `PendingImport` with the list of accounts, and then sets each AppSecret
that it will replace aside in the keyring, under another name. The write of the list that adds the accounts also marks
the import as done. So the stored import decides after a crash: one that is not done is undone, of one that is done
only the AppSecrets that were set aside are removed. Every step can be repeated.
"""

from contextlib import ExitStack

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import PendingImport, merge_imported_settings
from guarddog_gui.services import ports

KeyringFailure = KeyringIsLocked | KeyringIsDown | NotPersisted
IMPORT_LOCK = "import"  # no AppID; only one import at a time is stored


class ImportRecovery(Struct, frozen=True, eq=False):
    """End imports: undo what is not done, and remove the AppSecrets that were set aside."""

    secrets: ports.SecretStore
    previous_secrets: ports.SecretStore  # those that were set aside
    accounts: ports.AccountStore
    settings: ports.SettingsStore
    account_lock: ports.AccountLock

    def finish(self) -> KeyringFailure | None:
        """End the import that a killed process has left, if there is one; return why the keyring does not let it.

        Raises:
            FileError: a file cannot be read or written.
            LockBusy: the import is running in another process, or an account of it is being refreshed.
        """
        if self.accounts.pending_import() is None:
            return None
        with self.account_lock.acquire(IMPORT_LOCK):
            return self.finish_with_lock()

    def finish_with_lock(self) -> KeyringFailure | None:
        """Do the same as `finish` for a caller that holds IMPORT_LOCK and the lock of no account."""
        pending = self.accounts.pending_import()
        if pending is None:
            return None
        with ExitStack() as locks:
            for appid in sorted(pending.appids):
                locks.enter_context(self.account_lock.acquire(appid))
            failures = self.end(pending)
        return next(iter(failures.values()), None)

    def end(self, pending: PendingImport) -> dict[str, KeyringFailure]:
        """Undo the import unless it is done; return the accounts at whose AppSecrets the keyring failed.

        Requires the locks of its accounts. The import stays stored if anything of it is left. Raises FileError.
        """
        if not pending.is_done:
            failures = self._restore_secrets(pending)
            self._restore_settings(pending.settings)
            if failures:
                return failures
            pending = replace(pending, is_done=True)
            if pending.replaced:
                self.accounts.store_import(pending)
        failures = _failures({appid: self.previous_secrets.remove(appid) for appid in pending.replaced})
        if not failures:
            self.accounts.store_import(None)
        return failures

    def _restore_settings(self, before: Settings | None) -> None:
        """Write the settings from before; those that are not changed may be in a file that cannot be written."""
        if before is not None and merge_imported_settings(self.settings.load(), before) != self.settings.load():
            self.settings.update(lambda current: merge_imported_settings(current, before))

    def _restore_secrets(self, pending: PendingImport) -> dict[str, KeyringFailure]:
        outcomes: dict[str, StoreResult] = {appid: self.secrets.remove(appid) for appid in reversed(pending.added)}
        for appid in reversed(pending.replaced):
            self.previous_secrets.invalidate(appid)  # another process may have set it aside
            previous = self.previous_secrets.get(appid)
            if isinstance(previous, SecretFound):
                outcomes[appid] = self.secrets.set(appid, previous.secret)
            elif isinstance(previous, KeyringIsLocked | KeyringIsDown):
                outcomes[appid] = previous
            # else it was not set aside yet, and so not replaced either
        return _failures(outcomes)


def _failures(outcomes: dict[str, StoreResult]) -> dict[str, KeyringFailure]:
    return {appid: outcome for appid, outcome in outcomes.items() if not isinstance(outcome, SecretSaved)}
