"""Wrong queries that are signed by mistake instead of a page's actual query."""

from collections.abc import Iterator
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

QueryVariant = tuple[str, Mistakes]  # including the question mark


def is_tracking_parameter(part: str) -> bool:
    """Return True if a part of a query, `from=timeline`, was added by WeChat, OAuth or a campaign."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING_PARAMETERS or name.startswith(_CAMPAIGN_PREFIX)


def make_query_variants(query: str, foreign_parts: tuple[str, ...] = ()) -> list[QueryVariant]:
    """Return every query with one mistake, the most common first.

    `foreign_parts` are parts of the queries of related URLs, which may have been signed too.
    """
    parts, rest = _split_query(query)
    variants = chain(
        _without_tracking(parts, rest), _with_added_parameters(query, foreign_parts),
        _without_query(query), _without_parameters(parts, rest),
        _ampersand_variants(query), _reordered_variants(parts, rest),
    )  # fmt: skip
    return _distinct(variants, {query})


def make_double_mistake_queries(query: str, one_mistake: list[QueryVariant]) -> list[QueryVariant]:
    """Return queries with two mistakes: parts left out or added, and then more added or reordered."""
    variants: Iterator[QueryVariant] = (
        (changed, (*mistakes, *more))
        for text, mistakes in one_mistake
        if mistakes[0].kind is not MistakeKind.QUERY_ORDER
        for changed, more in chain(
            _with_added_parameters(text, ()), _ampersand_variants(text), _sorted_variants(*_split_query(text))
        )
    )
    return _distinct(islice(variants, DOUBLE_MISTAKES_MAX), {query, *(text for text, _ in one_mistake)})


def _split_query(query: str) -> tuple[list[str], list[str]]:
    parts = query[1:].split("&") if len(query) > 1 else []
    return parts[:_PARAMETERS_MAX], parts[_PARAMETERS_MAX:]


def _join_query(parts: list[str]) -> str:
    return "?" + "&".join(parts) if parts else ""


def _without_tracking(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    indexes = [index for index, part in enumerate(parts) if is_tracking_parameter(part)]
    return islice(_remove_subsets(parts, rest, indexes, MistakeKind.SHARE_PARAMETER_MISSING), SUBSETS_MAX)


def _without_parameters(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    indexes = list(range(len(parts)))
    return islice(_remove_subsets(parts, rest, indexes, MistakeKind.PARAMETER_MISSING), SUBSETS_MAX)


def _remove_subsets(parts: list[str], rest: list[str], indexes: list[int], kind: MistakeKind) -> Iterator[QueryVariant]:
    for size in range(1, len(indexes) + 1):
        for removed in combinations(indexes, size):
            remaining = [part for index, part in enumerate(parts) if index not in removed]
            mistake = Mistake(kind, "", "&".join(parts[index] for index in removed))
            yield _join_query(remaining + rest), (mistake,)


def _with_added_parameters(query: str, foreign_parts: tuple[str, ...]) -> Iterator[QueryVariant]:
    prefix = query + "&" if len(query) > 1 else "?"
    present = set(query[1:].split("&"))
    for part in foreign_parts:
        if part not in present:
            kind = MistakeKind.SHARE_PARAMETER_ADDED if is_tracking_parameter(part) else MistakeKind.PARAMETER_ADDED
            yield prefix + part, (Mistake(kind, part),)
    for part in _ADDED_PARAMETERS:
        yield prefix + part, (Mistake(MistakeKind.SHARE_PARAMETER_ADDED, part),)


def _without_query(query: str) -> Iterator[QueryVariant]:
    if query:
        yield "", (Mistake(MistakeKind.QUERY_MISSING, "", query),)


def _ampersand_variants(query: str) -> Iterator[QueryVariant]:
    if "&amp;" in query:
        yield query.replace("&amp;", "&"), (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&", "&amp;"),)
    if "&" in query:
        yield query.replace("&", "&amp;"), (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&amp;", "&"),)


def _sorted_variants(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    for order in (sorted(parts), parts[::-1]):
        query = _join_query(order + rest)
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, _join_query(parts + rest)),)


def _reordered_variants(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    yield from _sorted_variants(parts, rest)
    correct = _join_query(parts + rest)
    for order in islice(permutations(parts), ORDERS_MAX):
        query = _join_query([*order, *rest])
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, correct),)


def _distinct(variants: Iterator[QueryVariant], seen: set[str]) -> list[QueryVariant]:
    """Return the first variant of each text that is not in `seen`."""
    distinct = []
    for text, mistakes in variants:
        if text not in seen:
            seen.add(text)
            distinct.append((text, mistakes))
    return distinct
