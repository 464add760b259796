"""Change of the password of an account's proxy, which is written before the account and taken back if that fails."""

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
)
from guarddog_gui.domain.accounts.route import has_login
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.services.ports import SecretStore


class ProxyPasswordChange(HiddenFields, Struct, eq=False):
    """New password of a proxy; None keeps the stored one, or removes it if the proxy has no user name.

    The keyring is asked only if something changes: most accounts have no proxy of their own.
    """

    hidden_fields = ("new",)

    store: SecretStore
    account: Account
    new: Secret | None
    previous: SecretFound | SecretMissing | None = None

    def begin(self) -> KeyringIsLocked | KeyringIsDown | NotPersisted | None:
        """Write the new password, and return why it could not be written, if so."""
        if self.new is None or not has_login(self.account.proxy):
            return None
        previous = self.store.get(self.account.appid)
        if isinstance(previous, KeyringIsLocked | KeyringIsDown):
            return previous
        outcome = self.store.set(self.account.appid, self.new)
        if not isinstance(outcome, SecretSaved):
            return outcome
        self.previous = previous
        return None

    def undo(self) -> None:
        """Write the previous password back. A keyring that refuses keeps one that only this proxy gets."""
        if isinstance(self.previous, SecretFound):
            self.store.set(self.account.appid, self.previous.secret)
        elif self.previous is not None:
            self.store.remove(self.account.appid)

    def finish(self, before: Account | None = None) -> None:
        """Remove the password of a proxy that the account had before, if the present one has no login.

        A keyring that refuses does not matter: the removal of the account tries again.
        """
        if before is not None and has_login(before.proxy) and not has_login(self.account.proxy):
            self.store.remove(self.account.appid)
