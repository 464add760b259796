"""Nesting of groups."""

from guarddog_gui.domain.paste.groups import Group, Pair
from guarddog_gui.domain.paste.names import Rank


def test_the_ancestors_of_a_group_begin_with_the_nearest() -> None:
    root = Group()
    middle = Group(root, "{")
    assert Group(middle, "[").ancestors() == [middle, root]
    assert root.ancestors() == []


def test_a_value_is_not_in_a_repr() -> None:
    assert "secret" not in repr(Pair("ticket", Rank.EXACT, "secret", 0))
