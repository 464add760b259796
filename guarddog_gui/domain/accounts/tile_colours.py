"""Tile colours by which the accounts of one list can be told apart."""

from collections.abc import Iterable

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, AccountColour

_CHOICES = tuple(AccountColour)[1:]  # without AUTO; neighbours look alike


def with_own_colour(account: Account, others: Iterable[Account]) -> Account:
    """Return a new account with a colour that no other account has, as long as there is one.

    A colour that the user chose stays, and so does an automatic one that is free.
    """
    used = {other.tile_colour for other in others if other.appid != account.appid}
    if account.colour is not AccountColour.AUTO or account.tile_colour not in used or len(used) == len(_CHOICES):
        return account
    start = _CHOICES.index(account.tile_colour)
    in_order = (*_CHOICES[start:], *_CHOICES[:start])
    # the first of those that are farthest from all used ones
    return replace(account, colour=max(in_order, key=lambda colour: min(_distance(colour, each) for each in used)))


def _distance(first: AccountColour, second: AccountColour) -> int:
    """Return how many steps two colours are apart on the colour circle."""
    steps = abs(_CHOICES.index(first) - _CHOICES.index(second))
    return min(steps, len(_CHOICES) - steps)
