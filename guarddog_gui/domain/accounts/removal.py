"""Removal of an account that is stored until everything of the account is removed."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account

UNDO_S = 600  # for this long a removal can be undone; the AppSecret stays in the keyring until then


class PendingRemoval(Struct, frozen=True):
    """Account that is no longer in the list, but may still have an AppSecret in the keyring or files.

    dog_dir        folder of its `.dog` files; None for the default folder
    purge          remove its `.dog` files too
    removed        the whole account if the removal can be undone, else None
    position       its place in the list
    undo_until     Unix seconds until which the removal can be undone; 0 if it cannot
    """

    appid: str
    name: str
    dog_dir: str | None = None
    purge: bool = False
    removed: Account | None = None
    position: int = 0
    undo_until: float = 0.0

    @property
    def account(self) -> Account:
        """Account with what is needed to find its secret and files."""
        return self.removed or Account(self.appid, self.name, dog_dir=self.dog_dir)

    def can_be_undone(self, now: float) -> bool:
        """Return whether the time to undo is not over; a clock that was set back does not extend it."""
        return self.removed is not None and 0 < self.undo_until - now <= UNDO_S


def with_removal(pending: tuple[PendingRemoval, ...], removal: PendingRemoval) -> tuple[PendingRemoval, ...]:
    """Return the removals with this one; a purge that was ordered before stays ordered."""
    purge = removal.purge or any(other.purge for other in pending if other.appid == removal.appid)
    stored = replace(removal, purge=purge)
    return (*without_removal(pending, removal.appid), stored)


def without_removal(pending: tuple[PendingRemoval, ...], appid: str) -> tuple[PendingRemoval, ...]:
    return tuple(removal for removal in pending if removal.appid != appid)


def has_undoable_removal(pending: tuple[PendingRemoval, ...], appid: str) -> bool:
    return any(removal.removed is not None for removal in pending if removal.appid == appid)


def with_restored(accounts: tuple[Account, ...], removal: PendingRemoval) -> tuple[Account, ...]:
    """Return the accounts with the removed one in its place, unless its AppID is among them."""
    account = removal.account
    if any(other.appid == account.appid for other in accounts):
        return accounts
    return (*accounts[: removal.position], account, *accounts[removal.position :])
