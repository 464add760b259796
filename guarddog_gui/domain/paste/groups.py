"""Groups of the pairs that a text holds: one per bracket, element, string or indented block."""

from msgspec import Struct
from msgspec import field as struct_field

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.names import Rank


class Pair(HiddenFields, Struct, frozen=True):
    """Value with the field that its name means.

    is_literal   False for the name of a variable and for the place of a template
    position     offset of the name in the text
    """

    hidden_fields = ("value",)

    field: str
    rank: Rank
    value: str
    position: int
    is_literal: bool = True


class Group(Struct, eq=False):
    """Pairs of one bracket, element, string or block, in their order."""

    parent: "Group | None" = None
    opener: str = ""
    label: str = ""
    indent: int = -1
    pairs: list[Pair] = struct_field(default_factory=list)

    def ancestors(self) -> "list[Group]":
        found, group = [], self.parent
        while group is not None:
            found.append(group)
            group = group.parent
        return found
