"""The queries that are signed by mistake in place of a page's own."""

from collections.abc import Iterator
from itertools import chain, combinations, islice, permutations

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.signing.url_warnings import OAUTH_PARAMETERS, SHARE_PARAMETERS

SUBSETS_MAX = 256
ORDERS_MAX = 720  # all orders of six parameters
DOUBLE_MISTAKES_MAX = 2_000
_PARAMETERS_MAX = 64  # those beyond stay where they are

# what WeChat, its web authorisation and campaigns put into a page's address
_TRACKING_PARAMETERS = SHARE_PARAMETERS | OAUTH_PARAMETERS | {"from"}
_CAMPAIGN_PREFIX = "utm_"
# what they add, as far as the values can be known
_ADDED_PARAMETERS = (
    *("from=singlemessage", "from=groupmessage", "from=timeline"),
    *("from=singlemessage&isappinstalled=0", "from=groupmessage&isappinstalled=0"),
    *("from=timeline&isappinstalled=0", "isappinstalled=0", "isappinstalled=1"),
    *("state=STATE", "state=123", "state=1", "state=", "scene=0", "scene=1", "scene=2"),
    *("wxshare_count=1", "wxshare_count=2", "utm_source=wechat", "utm_source=weixin"),
)

QueryVariant = tuple[str, Mistakes]  # with its question mark


def is_tracking_parameter(part: str) -> bool:
    """Whether a part of a query, `from=timeline`, is none of the page's own."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING_PARAMETERS or name.startswith(_CAMPAIGN_PREFIX)


def make_query_variants(query: str, foreign_parts: tuple[str, ...] = ()) -> list[QueryVariant]:
    """Every query with one mistake, the commonest first; `foreign` are parts of other URLs of the page."""
    parts, rest = _split_query(query)
    found = chain(
        _without_tracking(parts, rest), _with_added_parameters(query, foreign_parts),
        _without_query(query), _without_parameters(parts, rest),
        _ampersand_variants(query), _reordered_variants(parts, rest),
    )  # fmt: skip
    return _distinct(found, {query})


def make_double_mistake_queries(query: str, one_mistake: list[QueryVariant]) -> list[QueryVariant]:
    """Queries with two mistakes: something left out or added, and then something else added or the order."""
    found: Iterator[QueryVariant] = (
        (twice, (*mistakes, *more))
        for text, mistakes in one_mistake
        if mistakes[0].kind is not MistakeKind.QUERY_ORDER
        for twice, more in chain(
            _with_added_parameters(text, ()), _ampersand_variants(text), _sorted_variants(*_split_query(text))
        )
    )
    return _distinct(islice(found, DOUBLE_MISTAKES_MAX), {query, *(text for text, _ in one_mistake)})


def _split_query(query: str) -> tuple[list[str], list[str]]:
    parts = query[1:].split("&") if len(query) > 1 else []
    return parts[:_PARAMETERS_MAX], parts[_PARAMETERS_MAX:]


def _join_query(parts: list[str]) -> str:
    return "?" + "&".join(parts) if parts else ""


def _without_tracking(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    places = [place for place, part in enumerate(parts) if is_tracking_parameter(part)]
    return islice(_remove_subsets(parts, rest, places, MistakeKind.SHARE_PARAMETER_MISSING), SUBSETS_MAX)


def _without_parameters(parts: list[str], rest: list[str]) -> Iterator[QueryVariant]:
    places = list(range(len(parts)))
    return islice(_remove_subsets(parts, rest, places, MistakeKind.PARAMETER_MISSING), SUBSETS_MAX)


def _remove_subsets(
    parts: list[str], rest: list[str], indexes: list[int], kind: MistakeKind
) -> Iterator[QueryVariant]:
    for size in range(1, len(indexes) + 1):
        for gone in combinations(indexes, size):
            kept = [part for place, part in enumerate(parts) if place not in gone]
            yield _join_query(kept + rest), (Mistake(kind, "", "&".join(parts[place] for place in gone)),)


def _with_added_parameters(query: str, foreign_parts: tuple[str, ...]) -> Iterator[QueryVariant]:
    joint = query + "&" if len(query) > 1 else "?"
    has = set(query[1:].split("&"))
    for part in foreign_parts:
        if part not in has:
            kind = (
                MistakeKind.SHARE_PARAMETER_ADDED
                if is_tracking_parameter(part)
                else MistakeKind.PARAMETER_ADDED
            )
            yield joint + part, (Mistake(kind, part),)
    for part in _ADDED_PARAMETERS:
        yield joint + part, (Mistake(MistakeKind.SHARE_PARAMETER_ADDED, part),)


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
    right = _join_query(parts + rest)
    for order in islice(permutations(parts), ORDERS_MAX):
        query = _join_query([*order, *rest])
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, right),)


def _distinct(variants: Iterator[QueryVariant], seen: set[str]) -> list[QueryVariant]:
    """The first of each text that is not known yet."""
    kept = []
    for text, mistakes in variants:
        if text not in seen:
            seen.add(text)
            kept.append((text, mistakes))
    return kept
