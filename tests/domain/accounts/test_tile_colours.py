"""Accounts of one list have different colours, as long as there are enough."""

from itertools import pairwise

from guarddog_gui.domain.accounts.account import Account, AccountColour
from guarddog_gui.domain.accounts.tile_colours import with_own_colour

SAME = [Account(f"wx00000000000000{a}{b}", "Shop") for a, b in ("09", "18", "27", "36")]  # one automatic colour


def add_all(accounts: list[Account]) -> list[Account]:
    added: list[Account] = []
    for account in accounts:
        added.append(with_own_colour(account, added))
    return added


def test_four_accounts_have_four_colours_that_are_no_neighbours() -> None:
    assert len({account.tile_colour for account in SAME}) == 1
    colours = [account.tile_colour for account in add_all(SAME)]
    assert colours[0] == SAME[0].tile_colour
    places = sorted(list(AccountColour).index(colour) for colour in colours)
    assert min(after - before for before, after in pairwise(places)) >= 2


def test_a_free_automatic_colour_stays_automatic() -> None:
    assert with_own_colour(SAME[0], []) == SAME[0]
    assert with_own_colour(SAME[0], [SAME[0]]) == SAME[0], "it does not compete with itself"


def test_a_chosen_colour_stays_even_if_another_account_has_it() -> None:
    red = Account("wx0000000000000001", "Red", colour=AccountColour.RED)
    assert with_own_colour(red, [Account("wx0000000000000002", "Too", colour=AccountColour.RED)]) == red


def test_colours_repeat_only_once_all_are_used() -> None:
    accounts = add_all([Account(f"wx{number:016x}", "Shop") for number in range(30)])
    assert len({account.tile_colour for account in accounts[:10]}) == len(AccountColour) - 1
