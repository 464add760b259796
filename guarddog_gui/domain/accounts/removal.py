"""Removal of an account that is stored until everything of the account is removed."""

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account


class PendingRemoval(Struct, frozen=True):
    """Account that is no longer in the list, but may still have an AppSecret in the keyring or files.

    dog_dir        folder of its `.dog` files; None for the default folder
    purge          remove its `.dog` files too
    """

    appid: str
    name: str
    dog_dir: str | None = None
    purge: bool = False

    @property
    def account(self) -> Account:
        """Account with what is needed to find its secret and files."""
        return Account(self.appid, self.name, dog_dir=self.dog_dir)


def with_removal(pending: tuple[PendingRemoval, ...], removal: PendingRemoval) -> tuple[PendingRemoval, ...]:
    """Return the removals with this one; a purge that was ordered before stays ordered."""
    purge = removal.purge or any(other.purge for other in pending if other.appid == removal.appid)
    stored = PendingRemoval(removal.appid, removal.name, removal.dog_dir, purge)
    return (*without_removal(pending, removal.appid), stored)


def without_removal(pending: tuple[PendingRemoval, ...], appid: str) -> tuple[PendingRemoval, ...]:
    return tuple(removal for removal in pending if removal.appid != appid)
