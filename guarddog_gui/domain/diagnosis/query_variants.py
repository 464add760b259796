"""The queries that are signed by mistake in place of a page's own."""

from collections.abc import Iterator
from itertools import chain, combinations, islice, permutations

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.signing.url_warnings import OAUTH_PARAMETERS, SHARE_PARAMETERS

SUBSETS_MAX = 256
ORDERS_MAX = 720  # all orders of six parameters
DOUBLES_MAX = 2_000
_PARAMETERS_MAX = 64  # those beyond stay where they are

# what WeChat, its web authorisation and campaigns put into a page's address
_TRACKING = SHARE_PARAMETERS | OAUTH_PARAMETERS | {"from"}
_CAMPAIGN = "utm_"
# what they add, as far as the values can be known
_ADDED = (
    *("from=singlemessage", "from=groupmessage", "from=timeline"),
    *("from=singlemessage&isappinstalled=0", "from=groupmessage&isappinstalled=0"),
    *("from=timeline&isappinstalled=0", "isappinstalled=0", "isappinstalled=1"),
    *("state=STATE", "state=123", "state=1", "state=", "scene=0", "scene=1", "scene=2"),
    *("wxshare_count=1", "wxshare_count=2", "utm_source=wechat", "utm_source=weixin"),
)

Query = tuple[str, Mistakes]  # with its question mark


def is_tracking(part: str) -> bool:
    """Whether a part of a query, `from=timeline`, is none of the page's own."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_CAMPAIGN)


def queries(query: str, foreign: tuple[str, ...] = ()) -> list[Query]:
    """Every query with one mistake, the commonest first; `foreign` are parts of other URLs of the page."""
    parts, rest = _parts(query)
    found = chain(
        _share_left_out(parts, rest), _added(query, foreign), _dropped(query), _left_out(parts, rest),
        _escaped(query), _ordered(parts, rest),
    )  # fmt: skip
    return _distinct(found, {query})


def double_queries(query: str, once: list[Query]) -> list[Query]:
    """Queries with two mistakes: something left out or added, and then something else added or the order."""
    found: Iterator[Query] = (
        (twice, (*mistakes, *more))
        for text, mistakes in once
        if mistakes[0].kind is not MistakeKind.QUERY_ORDER
        for twice, more in chain(_added(text, ()), _escaped(text), _sorted(*_parts(text)))
    )
    return _distinct(islice(found, DOUBLES_MAX), {query, *(text for text, _ in once)})


def _parts(query: str) -> tuple[list[str], list[str]]:
    parts = query[1:].split("&") if len(query) > 1 else []
    return parts[:_PARAMETERS_MAX], parts[_PARAMETERS_MAX:]


def _query(parts: list[str]) -> str:
    return "?" + "&".join(parts) if parts else ""


def _share_left_out(parts: list[str], rest: list[str]) -> Iterator[Query]:
    places = [place for place, part in enumerate(parts) if is_tracking(part)]
    return islice(_without(parts, rest, places, MistakeKind.SHARE_MISSING), SUBSETS_MAX)


def _left_out(parts: list[str], rest: list[str]) -> Iterator[Query]:
    places = list(range(len(parts)))
    return islice(_without(parts, rest, places, MistakeKind.PARAMETER_MISSING), SUBSETS_MAX)


def _without(parts: list[str], rest: list[str], places: list[int], kind: MistakeKind) -> Iterator[Query]:
    for size in range(1, len(places) + 1):
        for gone in combinations(places, size):
            kept = [part for place, part in enumerate(parts) if place not in gone]
            yield _query(kept + rest), (Mistake(kind, "", "&".join(parts[place] for place in gone)),)


def _added(query: str, foreign: tuple[str, ...]) -> Iterator[Query]:
    joint = query + "&" if len(query) > 1 else "?"
    has = set(query[1:].split("&"))
    for part in foreign:
        if part not in has:
            kind = MistakeKind.SHARE_ADDED if is_tracking(part) else MistakeKind.PARAMETER_ADDED
            yield joint + part, (Mistake(kind, part),)
    for part in _ADDED:
        yield joint + part, (Mistake(MistakeKind.SHARE_ADDED, part),)


def _dropped(query: str) -> Iterator[Query]:
    if query:
        yield "", (Mistake(MistakeKind.QUERY_MISSING, "", query),)


def _escaped(query: str) -> Iterator[Query]:
    if "&amp;" in query:
        yield query.replace("&amp;", "&"), (Mistake(MistakeKind.URL_AMP, "&", "&amp;"),)
    if "&" in query:
        yield query.replace("&", "&amp;"), (Mistake(MistakeKind.URL_AMP, "&amp;", "&"),)


def _sorted(parts: list[str], rest: list[str]) -> Iterator[Query]:
    for order in (sorted(parts), parts[::-1]):
        query = _query(order + rest)
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, _query(parts + rest)),)


def _ordered(parts: list[str], rest: list[str]) -> Iterator[Query]:
    yield from _sorted(parts, rest)
    right = _query(parts + rest)
    for order in islice(permutations(parts), ORDERS_MAX):
        query = _query([*order, *rest])
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, right),)


def _distinct(found: Iterator[Query], known: set[str]) -> list[Query]:
    """The first of each text that is not known yet."""
    kept = []
    for text, mistakes in found:
        if text not in known:
            known.add(text)
            kept.append((text, mistakes))
    return kept
