"""Removals that are stored until they are complete."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.removal import (
    UNDO_S,
    PendingRemoval,
    has_undoable_removal,
    with_removal,
    with_restored,
    without_removal,
)

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


ACCOUNT = Account(SHOP.appid, "Shop", group="Shops")
UNDOABLE = replace(SHOP, removed=ACCOUNT, position=1, undo_until=1000.0)


@pytest.mark.parametrize(
    ("now", "can"), [(1000.0 - UNDO_S, True), (999.9, True), (1000.0, False), (2000.0, False), (399.0, False)]
)
def test_a_removal_can_be_undone_for_ten_minutes_also_if_the_clock_is_set_back(now: float, *, can: bool) -> None:
    assert UNDOABLE.can_be_undone(now) is can
    assert not replace(UNDOABLE, removed=None).can_be_undone(now)


def test_an_undone_account_is_back_in_its_place_with_all_its_settings() -> None:
    first, second = Account("wx1", "One"), Account("wx2", "Two")
    assert with_restored((first, second), UNDOABLE) == (first, ACCOUNT, second)
    assert with_restored((), UNDOABLE) == (ACCOUNT,)
    assert with_restored((replace(ACCOUNT, name="New"),), UNDOABLE) == (replace(ACCOUNT, name="New"),)


def test_a_removal_at_once_replaces_one_that_can_be_undone() -> None:
    assert has_undoable_removal((OTHER, UNDOABLE), SHOP.appid)
    (removal,) = with_removal((UNDOABLE,), SHOP)
    assert not removal.can_be_undone(999.0)
    assert not has_undoable_removal((removal,), SHOP.appid)
