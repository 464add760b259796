"""Groups of the pairs that a text holds: one per bracket, element, string or indented block."""

import dataclasses
from dataclasses import dataclass

from guarddog_gui.domain.paste.names import Rank


@dataclass(frozen=True, slots=True)
class Pair:
    """Value with the field that its name means.

    is_literal   False for the name of a variable and for the place of a template
    position     offset of the name in the text
    """

    field: str
    rank: Rank
    value: str = dataclasses.field(repr=False)
    position: int
    is_literal: bool = True


@dataclass(slots=True)
class Group:
    """Pairs of one bracket, element, string or block, in their order."""

    parent: "Group | None" = None
    opener: str = ""
    label: str = ""
    indent: int = -1
    pairs: list[Pair] = dataclasses.field(default_factory=list)

    def ancestors(self) -> "list[Group]":
        found, group = [], self.parent
        while group is not None:
            found.append(group)
            group = group.parent
        return found
