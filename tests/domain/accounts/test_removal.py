"""Removals that are stored until they are complete."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.removal import PendingRemoval, with_removal, without_removal

SHOP = PendingRemoval("wx1234567890abcdef", "Shop", "/srv/dogs")
OTHER = PendingRemoval("wxfedcba0987654321", "Other")


def test_a_removal_knows_the_account_that_it_is_about() -> None:
    assert SHOP.account == Account("wx1234567890abcdef", "Shop", dog_dir="/srv/dogs")


def test_an_ordered_purge_stays_ordered() -> None:
    purge = PendingRemoval(SHOP.appid, SHOP.name, SHOP.dog_dir, purge=True)
    assert with_removal((purge, OTHER), SHOP) == (OTHER, purge)
    assert with_removal((SHOP,), purge) == (purge,)


def test_a_finished_removal_is_dropped() -> None:
    assert without_removal((SHOP, OTHER), SHOP.appid) == (OTHER,)
