"""Groups and objects of a text: values that belong together, and the choice of those of the `wx.config`."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec import field as struct_field

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.values import APPID, SECONDS, has_form

CORE_FIELDS = ("nonce", "timestamp", "signature")
_RUNS_MAX = 400
_AGENT_CONFIG_PENALTY = 12


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


class FoundObject(Struct):
    """Pairs of one group in which no field comes twice with another value."""

    group: Group
    pairs: dict[str, Pair] = struct_field(default_factory=dict)

    @property
    def position(self) -> int:
        return min((pair.position for pair in self.pairs.values()), default=0)

    def literal(self, name: str) -> str:
        pair = self.pairs.get(name)
        return pair.value if pair is not None and pair.is_literal else ""

    @property
    def score(self) -> int:
        """Return how much this looks like the values of a `wx.config`."""
        signature, timestamp = self.literal("signature").strip(), self.literal("timestamp").strip()
        score = 0
        if signature:
            score += (8 if len(signature) == 40 else 4) if has_form("signature", signature) else 1
        score += 3 * bool(self.literal("nonce"))
        if timestamp:
            score += 3 if has_form("timestamp", timestamp) else 1
        score += bool(APPID.fullmatch(self.literal("appid")))
        score -= sum(self.pairs[name].rank >= Rank.WEAK for name in CORE_FIELDS if name in self.pairs)
        score -= 3 * (self.group.opener == "url")
        return score + self._label_score()

    @property
    def is_agent_config(self) -> bool:
        """Return True for the values of WeCom's `wx.agentConfig`, which has a ticket of its own."""
        return "agentConfig" in self._labels()

    def _label_score(self) -> int:
        labels = self._labels()
        return 2 * ("config" in labels) - _AGENT_CONFIG_PENALTY * ("agentConfig" in labels)

    def _labels(self) -> set[str]:
        return {self.group.label, *(group.label for group in self.group.ancestors())}

    def agrees_with(self, other: "FoundObject") -> bool:
        """Return True if no nonce, timestamp or signature of the two contradicts the other's."""
        for name in CORE_FIELDS:
            mine, theirs = self.literal(name), other.literal(name)
            if mine and theirs and mine != theirs:
                return False
        return True


def find_objects(groups: list[Group]) -> list[FoundObject]:
    """Return the objects of all groups in the order of the text."""
    found: list[FoundObject] = []
    for group in groups:
        if group.pairs and len(found) < _RUNS_MAX:
            found += _split_runs(group)
    return found


def _split_runs(group: Group) -> Iterator[FoundObject]:
    """Begin a new object where a field comes again with another value: a log has one after the other."""
    current = FoundObject(group)
    for pair in group.pairs:
        known = current.pairs.get(pair.field)
        if known is None or (known.rank > pair.rank and known.is_literal <= pair.is_literal):
            current.pairs[pair.field] = pair
        elif known.rank < pair.rank or known.value == pair.value or not pair.value:
            continue
        elif not known.value:
            current.pairs[pair.field] = pair
        elif pair.field == "url" or (pair.field not in CORE_FIELDS and not pair.is_literal):
            continue
        else:
            yield current
            current = FoundObject(group, {pair.field: pair})
    yield current


def find_config(objects: list[FoundObject]) -> tuple[FoundObject | None, dict[str, Pair]]:
    """Return the object that is most like a `wx.config`, and its pairs with what others add to them."""
    best = max(objects, key=lambda candidate: candidate.score, default=None)
    if best is None:
        return None, {}
    pairs = dict(best.pairs)
    for donor in sorted(objects, key=lambda other: _distance(best, other)):
        if donor is best:
            continue
        is_same_group = donor.group is best.group
        agrees = donor.agrees_with(best)
        for name, pair in donor.pairs.items():
            known = pairs.get(name)
            if known is not None and (known.is_literal or not pair.is_literal):
                continue
            if name in CORE_FIELDS and not (agrees and (is_same_group or _may_be_borrowed(name, pair))):
                continue
            if name == "url" and not agrees and "ticket" not in donor.pairs:
                continue
            if name in ("url", "appid", "ticket") and not has_form(name, pair.value) and not is_same_group:
                continue
            pairs[name] = pair
    return best, pairs


def _may_be_borrowed(name: str, pair: Pair) -> bool:
    """Return True if a value outside the object may complete it: a wrapper's milliseconds may not."""
    if not pair.is_literal:
        return True  # tells that names of variables were pasted
    if pair.rank >= Rank.WEAK:
        return False
    if name == "timestamp":
        return SECONDS.fullmatch(pair.value.strip()) is not None
    return name == "nonce" or has_form(name, pair.value)


def _distance(best: FoundObject, other: FoundObject) -> tuple[int, int]:
    ancestors = best.group.ancestors()
    if other.group is best.group:
        level = 0
    elif best.group in other.group.ancestors():
        level = 1
    elif other.group in ancestors:
        level = 2
    else:
        level = 3
    return level, abs(other.position - best.position)
