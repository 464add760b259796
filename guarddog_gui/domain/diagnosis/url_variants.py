"""The URLs that are signed by mistake in place of a page's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, islice
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.query_variants import double_queries, queries
from guarddog_gui.domain.signing.page_url import PageUrl
from guarddog_gui.domain.signing.signature import without_fragment

_COMPONENT_SAFE = "-_.!~*'()"  # what encodeURIComponent leaves alone
_URI_SAFE = _COMPONENT_SAFE + ";,/?:@&=+$#"  # what encodeURI does
_FRAGMENTS = ("#", "#/", "#wechat_redirect", "#rd")
_PORTS = (":443", ":80")
_BLANKS = ("\n", " ", "\r\n", "\t", "\r")
_WRAPPED_MAX = 300  # forms of one part that are also encoded and decoded, which is slow
_COMMON = 24  # forms of the query that come before the other parts
_PARTS = ("fragment", "path", "scheme", "query", "port", "host")

Variant = tuple[str, Mistakes]


@dataclass(frozen=True, slots=True)
class Address:
    """A URL as a person gave it, and as a browser reports it."""

    typed: PageUrl
    page: PageUrl

    @classmethod
    def of(cls, typed: PageUrl) -> "Address":
        """The address with what a browser makes of it; one without a path gets its slash, too."""
        page = typed.as_browser
        port = "" if page.is_default_port else page.port
        return cls(typed, replace(page, port=port, path=page.path or "/"))

    @property
    def right(self) -> str:
        """What WeChat checks."""
        return without_fragment(self.page.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the query."""
        return tuple(part for part in self.page.query[1:].split("&") if part)


@dataclass(frozen=True, slots=True)
class UrlVariants:
    """The URLs by the number of their mistakes, each only once; `twice` is made while it is read."""

    right: str
    once: list[Variant]
    twice: Iterator[Variant]


def url_variants(page: Address, others: tuple[tuple[Address, MistakeKind], ...], most: int) -> UrlVariants:
    """What can have been signed for `page`; at most `most` URLs with two mistakes.

    `others` are URLs that may have been taken for the page's own, and what a mistake that would be.
    """
    fragments = tuple(other.page.fragment for other, _ in others if other.page.fragment)
    foreign = tuple(part for other, _ in others for part in other.parts)
    own = _Changes(page, foreign, fragments)
    bases = [*others, (_root(page), MistakeKind.SITE_ROOT)]
    strange = [(_Changes(other), (Mistake(kind, other.right, page.right),)) for other, kind in bases]
    of_others = ((url, (*why, *more)) for base, why in strange for url, more in base.single())

    seen = {page.right}
    once = list(_distinct(chain(own.single(), ((base.address.right, why) for base, why in strange)), seen))
    of_own = islice(_distinct(own.double(), seen), most * 3 // 4)
    return UrlVariants(page.right, once, islice(chain(of_own, _distinct(of_others, seen)), most))


def _root(address: Address) -> Address:
    root = replace(address.page, path="/", query="", fragment="")
    return Address(root, root)


def _distinct(found: Iterable[Variant], seen: set[str]) -> Iterator[Variant]:
    """The first of each URL that has not been seen."""
    for variant in found:
        if variant[0] not in seen:
            seen.add(variant[0])
            yield variant


@dataclass(frozen=True)
class _Changes:
    """What becomes of one URL; `foreign` and `fragments` are parts that its page has elsewhere."""

    address: Address
    foreign: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()

    @cached_property
    def _wrong(self) -> dict[str, list[Variant]]:
        """The wrong forms of each part, the commonest first."""
        page = self.address.page
        return {
            "fragment": list(_fragments(page, self.fragments)),
            "path": [_slash(page)],
            "scheme": [_scheme(page)],
            "query": queries(page.query, self.foreign),
            "port": list(_ports(page)),
            "host": list(_hosts(page, self.address.typed.host)),
        }

    def single(self) -> Iterator[Variant]:
        """Every URL with one mistake, the commonest first."""
        right, typed = self.address.right, self.address.typed
        as_typed = self._joined({"path": typed.path or "/", "query": typed.query})
        yield as_typed, (Mistake(MistakeKind.DECODED, as_typed, right),)
        for part in _PARTS:
            for text, mistakes in self._wrong[part][:_COMMON]:
                yield self._joined({part: text}), mistakes
        yield from _whole(right)
        for text, mistakes in self._wrong["query"][_COMMON:]:
            yield self._joined({"query": text}), mistakes

    def double(self) -> Iterator[Variant]:
        """Every URL with two mistakes in different places, or two in the query."""
        for part in _PARTS:
            for text, mistakes in self._wrong[part][:_WRAPPED_MAX]:
                for url, more in _whole(self._joined({part: text})):
                    yield url, (*mistakes, *more)
        for first, second in combinations(_PARTS, 2):
            for one, mistakes in self._wrong[first]:
                for other, more in self._wrong[second]:
                    yield self._joined({first: one, second: other}), (*mistakes, *more)
        for text, mistakes in double_queries(self.address.page.query, self._wrong["query"]):
            yield self._joined({"query": text}), mistakes

    def _joined(self, changed: dict[str, str]) -> str:
        page, get = self.address.page, changed.get
        return (
            f"{get('scheme', page.scheme)}://{page.user}{get('host', page.host)}{get('port', page.port)}"
            f"{get('path', page.path)}{get('query', page.query)}{get('fragment', '')}"
        )


def _fragments(page: PageUrl, known: tuple[str, ...]) -> Iterator[Variant]:
    for fragment in dict.fromkeys((page.fragment, *known, *_FRAGMENTS)):
        if fragment:
            yield fragment, (Mistake(MistakeKind.FRAGMENT, fragment),)


def _slash(page: PageUrl) -> Variant:
    if page.path.endswith("/"):
        return page.path[:-1], (Mistake(MistakeKind.SLASH_MISSING, "", "/"),)
    return page.path + "/", (Mistake(MistakeKind.SLASH_ADDED, "/"),)


def _scheme(page: PageUrl) -> Variant:
    if page.scheme == "https":
        return "http", (Mistake(MistakeKind.HTTP, "http", "https"),)
    return "https", (Mistake(MistakeKind.HTTPS, "https", "http"),)


def _ports(page: PageUrl) -> Iterator[Variant]:
    if page.port:
        yield "", (Mistake(MistakeKind.PORT_MISSING, "", page.port),)
    for port in _PORTS:
        if port != page.port:
            kind = MistakeKind.PORT_OTHER if page.port else MistakeKind.PORT_ADDED
            yield port, (Mistake(kind, port, page.port),)


def _hosts(page: PageUrl, typed: str) -> Iterator[Variant]:
    host = page.host
    if host.startswith("www."):
        yield host[4:], (Mistake(MistakeKind.WWW_MISSING, host[4:], host),)
    else:
        yield "www." + host, (Mistake(MistakeKind.WWW_ADDED, "www." + host, host),)
    for other in dict.fromkeys((typed, host.upper(), host.capitalize())):
        if other != host:
            yield other, (Mistake(MistakeKind.HOST_CASE, other, host),)


def _whole(url: str) -> Iterator[Variant]:
    """Mistakes that are made with the URL as a whole."""
    component = quote(url, safe=_COMPONENT_SAFE, errors="replace")
    for encoded in (component, quote(url, safe="~", errors="replace"), quote_plus(url, errors="replace")):
        yield encoded, (Mistake(MistakeKind.ENCODED, encoded, url),)
        yield _lower_escapes(encoded), (Mistake(MistakeKind.ENCODED, encoded, url),)
    escaped = quote(url, safe=_URI_SAFE, errors="replace")
    yield escaped, (Mistake(MistakeKind.ESCAPED, escaped, url),)
    once = unquote(url)
    for decoded in (once, unquote_plus(url)):
        yield decoded, (Mistake(MistakeKind.DECODED, decoded, url),)
    twice = unquote(once)
    yield twice, (Mistake(MistakeKind.DECODED_TWICE, twice, url),)
    for blank in _BLANKS:
        yield url + blank, (Mistake(MistakeKind.URL_BLANK, blank),)
    yield " " + url, (Mistake(MistakeKind.URL_BLANK, " "),)


def _lower_escapes(encoded: str) -> str:
    """As .NET writes them: `%3a`."""
    first, *rest = encoded.split("%")
    return first + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)
