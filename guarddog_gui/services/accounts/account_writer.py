"""Write an account into its two stores, the keyring and the list, and undo the first write if the second fails."""

from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.services import ports

ListEdit = Callable[[tuple[Account, ...]], tuple[Account, ...]]


class ListNotWritten(Struct, frozen=True):
    """The list refused the account; `is_undone` is False if the keyring still has the new AppSecret."""

    error: FileError
    is_undone: bool


class AccountWriter(Struct, frozen=True, eq=False):
    """Write AppSecrets and the list of accounts."""

    secrets: ports.SecretStore
    accounts: ports.AccountStore
    account_lock: ports.AccountLock

    def add(self, account: Account, secret: Secret, edit: ListEdit) -> StoreResult | ListNotWritten:
        """Store a new account; if the process is killed between the two stores, the secret is removed later.

        The lock keeps `AccountRemovals.finish_pending` of another process from removing the new secret.

        Raises:
            FileError: the list could not be written before the keyring was touched.
            BadInput: raised by `edit`.
        """
        outcome: StoreResult | ListNotWritten | None = None
        with self.account_lock.acquire(account.appid):
            self.accounts.start_removal(PendingRemoval(account.appid, account.name), if_unlisted=True)
            try:
                outcome = self.change(account.appid, secret, edit)
            finally:
                # a keyring that gave no answer may still store the secret: then the removal stays pending
                is_saved = isinstance(outcome, SecretSaved)
                if not is_saved and isinstance(self.secrets.get(account.appid), SecretMissing):
                    with suppress(FileError):
                        self.accounts.finish_removal(account.appid)
        return outcome

    def change(self, appid: str, secret: Secret | None, edit: ListEdit) -> StoreResult | ListNotWritten:
        """Store the secret, if there is a new one, and then the list. Raises BadInput if `edit` does."""
        if secret is None:
            return self._write_list(edit) or SecretSaved()
        previous = self.secrets.get(appid)
        if isinstance(previous, KeyringIsLocked | KeyringIsDown):
            return previous
        outcome = self.secrets.set(appid, secret)
        if not isinstance(outcome, SecretSaved):
            return outcome
        try:
            error = self._write_list(edit)
        except BadInput:
            self._restore_secret(appid, previous)
            raise
        if error is None:
            return outcome
        return ListNotWritten(error.error, self._restore_secret(appid, previous))

    def _write_list(self, edit: ListEdit) -> ListNotWritten | None:
        try:
            self.accounts.update(edit)
        except FileError as error:
            return ListNotWritten(error, is_undone=True)
        return None

    def _restore_secret(self, appid: str, previous: SecretFound | SecretMissing) -> bool:
        """Put the previous secret back; return False if the keyring does not do it."""
        if isinstance(previous, SecretFound):
            return isinstance(self.secrets.set(appid, previous.secret), SecretSaved)
        return isinstance(self.secrets.remove(appid), SecretSaved)
