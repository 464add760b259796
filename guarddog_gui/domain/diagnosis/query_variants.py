"""Wrong queries that are signed by mistake instead of a page's actual query."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, combinations, islice, permutations
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.placeholder_values import ADDED_PARAMETERS
from guarddog_gui.domain.signing.url_warnings import GENERIC_SHARE_PARAMETERS, OAUTH_PARAMETERS, SHARE_PARAMETERS

SUBSETS_MAX = 256
ORDERS_MAX = 720  # all orders of six parameters
DOUBLE_MISTAKES_MAX = 6_000
_PARAMETERS_MAX = 64  # further parameters are left unchanged
_REWRITTEN_PARAMETERS_MAX = 12  # that are also written anew one by one

# parameters that WeChat, its web authorisation and campaigns add to a URL
_TRACKING_PARAMETERS = SHARE_PARAMETERS | GENERIC_SHARE_PARAMETERS | OAUTH_PARAMETERS
_CAMPAIGN_PREFIX = "utm_"

_COMMON_ADDED = 20  # parameters that are also added to a query with another mistake
_COMMON_REWRITTEN = 24
_NULL_WORDS = ("null", "undefined", "None", "nil", "NaN", "[object Object]", "Array", "false", "NULL", "")
_PHP_LIST = re.compile(r"(?:\[\]|%5B%5D)(?==|$)", re.IGNORECASE)

Variant = tuple[str, Mistakes]  # a wrong form of a part of the URL; of the query with the question mark


def is_tracking_parameter(part: str) -> bool:
    """Return True if a part of a query, `from=timeline`, was added by WeChat, OAuth or a campaign."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING_PARAMETERS or name.startswith(_CAMPAIGN_PREFIX)


def make_query_variants(query: str, foreign_parts: tuple[str, ...] = ()) -> list[Variant]:
    """Return every query with one mistake, the most common first; `foreign_parts` are those of related URLs."""
    parts, rest = _split_query(query)
    tracking = [index for index, part in enumerate(parts) if is_tracking_parameter(part)]
    kind = MistakeKind.QUERY_MISSING if len(query) > 1 else MistakeKind.QUESTION_MARK_MISSING
    without_query: list[Variant] = [("", (Mistake(kind, "", query),))] if query else []
    added = list(_with_added_parameters(query, foreign_parts))
    variants = chain(
        # only a cut leaves the first of the parameters of WeChat and removes others
        [_cut_at_ampersand(parts, rest)] if 0 in tracking and any(parts[1:]) else (),
        _remove_subsets(parts, rest, tracking, MistakeKind.SHARE_PARAMETER_MISSING),
        without_query,
        [_cut_at_ampersand(parts, rest)] if any(parts[1:]) else (),
        _sorted_variants(parts, rest),
        added[:_COMMON_ADDED],
        _null_variants(query),
        _punctuation_variants(query),
        _rewritten_variants(parts, rest),
        _remove_subsets(parts, rest, list(range(len(parts))), MistakeKind.PARAMETER_MISSING),
        _case_variants(query),
        added,
        _rarely_rewritten_variants(parts, rest),
        _reordered_variants(parts, rest),
    )
    return list(distinct_variants(variants, {query}))


def make_double_mistake_queries(query: str, one_mistake: list[Variant]) -> list[Variant]:
    """Return queries with two mistakes: parts left out, added or written anew, and then more added or reordered."""
    variants: Iterator[Variant] = (
        (changed, (*mistakes, *more))
        for text, mistakes in one_mistake
        if mistakes[0].kind is not MistakeKind.QUERY_ORDER
        for changed, more in chain(
            _sorted_variants(*_split_query(text)),
            islice(_with_added_parameters(text, ()), None if _is_share_missing(mistakes) else _COMMON_ADDED),
            islice(_rewritten_variants(*_split_query(text)), _COMMON_REWRITTEN),
        )
    )
    seen = {query, *(text for text, _ in one_mistake)}
    variants = chain(_other_values(*_split_query(query)), variants)
    return list(islice(distinct_variants(variants, seen), DOUBLE_MISTAKES_MAX))


def _is_share_missing(mistakes: Mistakes) -> bool:
    return mistakes[0].kind is MistakeKind.SHARE_PARAMETER_MISSING


def _other_values(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    """Yield the query with another value of a parameter of WeChat in its place: the page was shared once more."""
    for index, part in enumerate(parts):
        name, _, value = part.partition("=")
        numbers = (
            [f"{name}={int(value) + step}" for step in (-1, 1, -2, 2)] if value.isdigit() and len(value) < 6 else []
        )
        known = [added for added in ADDED_PARAMETERS if added.startswith(name + "=") and "&" not in added]
        for other in (*numbers, *known) if is_tracking_parameter(part) else ():
            mistakes = (
                Mistake(MistakeKind.SHARE_PARAMETER_MISSING, "", part),
                Mistake(MistakeKind.SHARE_PARAMETER_ADDED, other),
            )
            yield _join_query([*parts[:index], other, *parts[index + 1 :], *rest]), mistakes


def _split_query(query: str) -> tuple[list[str], list[str]]:
    parts = query[1:].split("&") if len(query) > 1 else []
    return parts[:_PARAMETERS_MAX], parts[_PARAMETERS_MAX:]


def _join_query(parts: list[str]) -> str:
    return "?" + "&".join(parts) if parts else ""


def _remove_subsets(parts: list[str], rest: list[str], indexes: list[int], kind: MistakeKind) -> Iterator[Variant]:
    subsets = chain.from_iterable(combinations(indexes, size) for size in range(1, len(indexes) + 1))
    for removed in islice(subsets, SUBSETS_MAX):
        remaining = [part for index, part in enumerate(parts) if index not in removed]
        lost = "&".join(parts[index] for index in removed)
        mistake = Mistake(kind, "", lost) if lost.strip("&") else Mistake(MistakeKind.QUERY_REWRITTEN, "", "&")
        yield _join_query(remaining + rest), (mistake,)


def _with_added_parameters(query: str, foreign_parts: tuple[str, ...]) -> Iterator[Variant]:
    prefix = query + "&" if len(query) > 1 else "?"
    present = set(query[1:].split("&"))
    for part in foreign_parts:
        if part not in present:
            kind = MistakeKind.SHARE_PARAMETER_ADDED if is_tracking_parameter(part) else MistakeKind.PARAMETER_ADDED
            yield prefix + part, (Mistake(kind, part),)
    for part in ADDED_PARAMETERS:
        yield prefix + part, (Mistake(MistakeKind.SHARE_PARAMETER_ADDED, part),)


def _cut_at_ampersand(parts: list[str], rest: list[str]) -> Variant:
    lost = "&" + "&".join([*parts[1:], *rest])
    return "?" + parts[0], (Mistake(MistakeKind.URL_CUT, "", lost),)


def _null_variants(query: str) -> Iterator[Variant]:
    """Yield what comes of a query that is null: Java's getQueryString() gives null without one."""
    for word in _NULL_WORDS:
        for mark in ("?", "", "&"):
            text = query + mark + word
            if word or (mark == "?" and not query):
                yield text, (Mistake(MistakeKind.NULL_APPENDED, mark + word),)


def _punctuation_variants(query: str) -> Iterator[Variant]:
    """Yield the query with its marks at other places, doubled, or left out."""
    if not query:
        return
    bare = query[1:]
    pairs = bare.replace("&&", "&")
    texts = [query + "&", query + "?", query + "=", query + "/", query + "#", "?" + bare.rstrip("&"),
        "?" + bare.lstrip("&"),
             "?" + bare.strip("&?"), "?" + pairs, "?" + pairs.strip("&"), "?&" + bare, "??" + bare, "&" + bare, bare,
             "/?" + bare,
             query.replace("&", "?"), query.replace("&", "&&"), query.replace("&", ";"), query.replace("&", ","),
             query * 2,
             f"{query}&{bare}", query.replace("&", ""), query.replace("&", " "), "?" + bare.rstrip("="),
             "?" + bare.rstrip("/"),
             query.replace("=", ""), query.replace("=", "/").replace("&", "/").replace("?", "/"), query.replace("&",
             "|")]  # fmt: skip
    if len(bare) == 0:
        texts = ["", "?&", "??"]
    for text in texts:
        yield "" if text == "?" else text, (Mistake(MistakeKind.QUERY_REWRITTEN, text, query),)


def _case_variants(query: str) -> Iterator[Variant]:
    names = re.sub(r"[?&][^=&]*", lambda match: match[0].lower(), query)
    for text in (query.lower(), names, query.upper(), re.sub(r"[?&][^=&]*", lambda match: match[0].upper(), query)):
        yield text, (Mistake(MistakeKind.LETTER_CASE, text, query),)


def _java_form(text: str) -> str:
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")


def _lower_form(text: str) -> str:
    """Encode as .NET's UrlEncode: escapes in lower case."""
    encoded = quote_plus(text, safe="!()*", errors="replace")
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), encoded)


_DECODERS: tuple[Callable[[str], str], ...] = (unquote, unquote_plus)
_PARAMETER_ENCODERS: tuple[Callable[[str], str], ...] = (
    lambda text: quote(text, safe="-_.!~*'()", errors="replace"),  # encodeURIComponent
    lambda text: quote_plus(text, errors="replace"),  # Python, Go, PHP
    _java_form,
    lambda text: quote(text, safe="", errors="replace"),  # rawurlencode
    lambda text: quote(text, safe="/", errors="replace"),
    _lower_form,
    lambda text: quote_plus(text, safe="*-._", errors="replace").replace("~", "%7E"),  # URLSearchParams
    lambda text: quote(text, safe="-_.!~*'();/?:@&=+$,#[]", errors="replace"),
    lambda text: quote(text, safe="-_.~!$'()*,;:@/?", errors="replace"),  # RFC 3986
    lambda text: quote(text, safe="-_.~:@/?!$()*,;[]", errors="replace"),
    lambda text: quote(text, safe="-_.~!*'(),/:@[]{}\"", errors="replace").replace("%20", "+"),
)
# what is applied to each parameter: to the whole of it, or to its name and its value
_Rewriting = Callable[[str], str]


def _rewritings() -> Iterator[tuple[MistakeKind, _Rewriting]]:
    for decode in _DECODERS:
        yield MistakeKind.DECODED, lambda part, d=decode: _recode(part, d, str, always=False)  # type: ignore[misc]
    for encode in _PARAMETER_ENCODERS:
        for decode in _DECODERS:
            yield MistakeKind.REESCAPED, lambda part, d=decode, e=encode: _recode(part, d, e, always=False)  # type: ignore[misc]
    for encode in _PARAMETER_ENCODERS:
        for decode in _DECODERS:
            yield MistakeKind.QUERY_REWRITTEN, lambda part, d=decode, e=encode: _recode(part, d, e, always=True)  # type: ignore[misc]
    for encode in _PARAMETER_ENCODERS:
        yield MistakeKind.ENCODED_TWICE, lambda part, e=encode: _recode(part, str, e, always=False)  # type: ignore[misc]
    yield MistakeKind.DECODED_TWICE, lambda part: _recode(part, lambda text: unquote(unquote(text)), str, always=False)
    yield MistakeKind.DECODED_TWICE, lambda part: _recode(part, unquote, unquote, always=False)


def _recode(part: str, decode: _Rewriting, encode: _Rewriting, *, always: bool) -> str:
    """Write a parameter anew; `always` also writes the = of a parameter without a value."""
    name, mark, value = part.partition("=")
    return encode(decode(name)) + ("=" if always and part else mark) + encode(decode(value))


def _rewritten_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    """Yield the query as it comes out of a parser and a writer of queries."""
    correct = _join_query(parts + rest)
    bare = [part.removesuffix("=") for part in parts]
    filled = [part if "=" in part or not part else part + "=" for part in parts]
    full = [part for part in parts if part.partition("=")[2]]
    for changed in (bare, filled, full):
        yield _join_query(changed + rest), (Mistake(MistakeKind.QUERY_REWRITTEN, _join_query(changed + rest), correct),)
    for kind, rewrite in _rewritings():
        text = _join_query(list(map(rewrite, parts)) + rest)
        yield text, (Mistake(kind, text, correct),)


def _rarely_rewritten_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    correct = _join_query(parts + rest)
    for remaining in (_last_of_each(parts), _last_of_each(parts[::-1])[::-1], _joined_lists(parts), _php_names(parts)):
        yield _join_query(remaining + rest), (Mistake(MistakeKind.QUERY_REWRITTEN, _join_query(remaining), correct),)
    for numbered in (_numbered_lists(parts, "[{}]"), _numbered_lists(parts, "%5B{}%5D"), _numbered_lists(parts, "")):
        yield _join_query(numbered + rest), (Mistake(MistakeKind.QUERY_REWRITTEN, _join_query(numbered), correct),)
    for kind, rewrite in _rewritings():
        text = _join_query(sorted(map(rewrite, parts)) + rest)
        yield text, (Mistake(kind, text, correct), Mistake(MistakeKind.QUERY_ORDER, text, correct))
        for index in range(min(len(parts), _REWRITTEN_PARAMETERS_MAX)):
            text = _join_query([*parts[:index], rewrite(parts[index]), *parts[index + 1 :], *rest])
            yield text, (Mistake(kind, text, correct),)


def _last_of_each(parts: list[str]) -> list[str]:
    """Return the parameters without those that come again later: a mapping keeps one of each name."""
    return list({part.partition("=")[0]: part for part in parts}.values())


def _php_names(parts: list[str]) -> list[str]:
    """Return the parameters with the names of PHP's variables, which have no dots and blanks."""
    named = (part.partition("=") for part in parts)
    return [re.sub(r"[.+ ]|%20", "_", name) + mark + value for name, mark, value in named]


def _joined_lists(parts: list[str]) -> list[str]:
    """Return the parameters with all values of a name in one, joined with commas."""
    values: dict[str, list[str]] = {}
    for part in parts:
        name, _, value = part.partition("=")
        values.setdefault(name, []).append(value)
    return [f"{name}={','.join(found)}" for name, found in values.items()]


def _numbered_lists(parts: list[str], form: str) -> list[str]:
    """Return the parameters with PHP's lists numbered, as http_build_query() writes them."""
    counts: dict[str, int] = {}
    numbered: list[str] = []
    for part in parts:
        name = part.partition("=")[0]
        counts[name] = counts.get(name, -1) + 1
        index = form.format(counts[name])
        numbered.append(_PHP_LIST.sub(lambda _match, index=index: index, part, count=1))  # type: ignore[misc]
    return numbered


def _sorted_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    for order in (sorted(parts), parts[::-1]) if len(parts) > 1 else ():
        query = _join_query(order + rest)
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, _join_query(parts + rest)),)


def _reordered_variants(parts: list[str], rest: list[str]) -> Iterator[Variant]:
    yield from _sorted_variants(parts, rest)
    correct = _join_query(parts + rest)
    for order in islice(permutations(parts), ORDERS_MAX) if len(parts) > 1 else ():
        query = _join_query([*order, *rest])
        yield query, (Mistake(MistakeKind.QUERY_ORDER, query, correct),)


def distinct_variants(variants: Iterable[Variant], seen: set[str]) -> Iterator[Variant]:
    """Yield the first variant of each text that is not in `seen`, and add the text to it."""
    for variant in variants:
        if variant[0] not in seen:
            seen.add(variant[0])
            yield variant
