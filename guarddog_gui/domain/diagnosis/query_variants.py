"""Wrong queries that are signed by mistake instead of a page's actual query."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, islice, permutations

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.signing.url_warnings import OAUTH_PARAMETERS, SHARE_PARAMETERS

SUBSETS_MAX = 256
ORDERS_MAX = 720  # all orders of six parameters
DOUBLE_MISTAKES_MAX = 2_000
_PARAMETERS_MAX = 64  # further parameters are left unchanged

# parameters that WeChat, its web authorisation and campaigns add to a URL
_TRACKING_PARAMETERS = SHARE_PARAMETERS | OAUTH_PARAMETERS | {"from"}
_CAMPAIGN_PREFIX = "utm_"
# parameters that they add, if the values can be known
_ADDED_PARAMETERS = (
    *("from=singlemessage", "from=groupmessage", "from=timeline"),
    *("from=singlemessage&isappinstalled=0", "from=groupmessage&isappinstalled=0"),
    *("from=timeline&isappinstalled=0", "isappinstalled=0", "isappinstalled=1"),
    *("state=STATE", "state=123", "state=1", "state=", "scene=0", "scene=1", "scene=2"),
    *("wxshare_count=1", "wxshare_count=2", "utm_source=wechat", "utm_source=weixin"),
)

Variant = tuple[str, Mistakes]  # a wrong form of a part of the URL; of the query with the question mark


def is_tracking_parameter(part: str) -> bool:
    """Return True if a part of a query, `from=timeline`, was added by WeChat, OAuth or a campaign."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING_PARAMETERS or name.startswith(_CAMPAIGN_PREFIX)


def make_query_variants(query: str, foreign_parts: tuple[str, ...] = ()) -> list[Variant]:
    """Return every query with one mistake, the most common first; `foreign_parts` are those of related URLs."""
    parts, rest = _split_query(query)
    tracking = [index for index, part in enumerate(parts) if is_tracking_parameter(part)]
    without_query: list[Variant] = [("", (Mistake(MistakeKind.QUERY_MISSING, "", query),))] if query else []
    variants = chain(
        _remove_subsets(parts, rest, tracking, MistakeKind.SHARE_PARAMETER_MISSING),
        _with_added_parameters(query, foreign_parts),
        without_query,
        _remove_subsets(parts, rest, list(range(len(parts))), MistakeKind.PARAMETER_MISSING),
        _ampersand_variants(query),
        _reordered_variants(parts, rest),
    )
    return list(distinct_variants(variants, {query}))


def make_double_mistake_queries(query: str, one_mistake: list[Variant]) -> list[Variant]:
    """Return queries with two mistakes: parts left out or added, and then more added or reordered."""
    variants: Iterator[Variant] = (
        (changed, (*mistakes, *more))
        for text, mistakes in one_mistake
        if mistakes[0].kind is not MistakeKind.QUERY_ORDER
        for changed, more in chain(
            _with_added_parameters(text, ()), _ampersand_variants(text), _sorted_variants(*_split_query(text))
        )
    )
    seen = {query, *(text for text, _ in one_mistake)}
    return list(distinct_variants(islice(variants, DOUBLE_MISTAKES_MAX), seen))


def _split_query(query: str) -> tuple[list[str], list[str]]:
    parts = query[1:].split("&") if len(query) > 1 else []
    return parts[:_PARAMETERS_MAX], parts[_PARAMETERS_MAX:]


def _join_query(parts: list[str]) -> str:
    return "?" + "&".join(parts) if parts else ""


def _remove_subsets(parts: list[str], rest: list[str], indexes: list[int], kind: MistakeKind) -> Iterator[Variant]:
    subsets = chain.from_iterable(combinations(indexes, size) for size in range(1, len(indexes) + 1))
    for removed in islice(subsets, SUBSETS_MAX):
        remaining = [part for index, part in enumerate(parts) if index not in removed]
        mistake = Mistake(kind, "", "&".join(parts[index] for index in removed))
        yield _join_query(remaining + rest), (mistake,)


def _with_added_parameters(query: str, foreign_parts: tuple[str, ...]) -> Iterator[Variant]:
    prefix = query + "&" if len(query) > 1 else "?"
    present = set(query[1:].split("&"))
    for part in foreign_parts:
        if part not in present:
            kind = MistakeKind.SHARE_PARAMETER_ADDED if is_tracking_parameter(part) else MistakeKind.PARAMETER_ADDED
            yield prefix + part, (Mistake(kind, part),)
    for part in _ADDED_PARAMETERS:
        yield prefix + part, (Mistake(MistakeKind.SHARE_PARAMETER_ADDED, part),)


def _ampersand_variants(query: str) -> Iterator[Variant]:
    if "&amp;" in query:
        yield query.replace("&amp;", "&"), (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&", "&amp;"),)
    if "&" in query:
        yield query.replace("&", "&amp;"), (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&amp;", "&"),)


def _sorted_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    for order in (sorted(parts), parts[::-1]):
        query = _join_query(order + rest)
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, _join_query(parts + rest)),)


def _reordered_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    yield from _sorted_variants(parts, rest)
    correct = _join_query(parts + rest)
    for order in islice(permutations(parts), ORDERS_MAX):
        query = _join_query([*order, *rest])
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, correct),)


def distinct_variants(variants: Iterable[Variant], seen: set[str]) -> Iterator[Variant]:
    """Yield the first variant of each text that is not in `seen`, and add the text to it."""
    for variant in variants:
        if variant[0] not in seen:
            seen.add(variant[0])
            yield variant
