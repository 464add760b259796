"""Wrong URLs that are signed by mistake instead of a page's actual URL."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain, combinations, islice
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind
from guarddog_gui.domain.diagnosis.query_variants import (
    Variant,
    distinct_variants,
    make_double_mistake_queries,
    make_query_variants,
)
from guarddog_gui.domain.signing.page_url import PageUrl
from guarddog_gui.domain.signing.signature import strip_fragment

_COMPONENT_SAFE = "-_.!~*'()"  # characters that encodeURIComponent does not escape
_URI_SAFE = _COMPONENT_SAFE + ";,/?:@&=+$#"  # characters that encodeURI does not escape
_FRAGMENTS = ("#", "#/", "#wechat_redirect", "#rd")
_PORTS = (":443", ":80")
_WHITESPACE = ("\n", " ", "\r\n", "\t", "\r")
_RECODED_MAX = 300  # forms of one part that are also tried encoded and decoded, which is slow
_COMMON_QUERIES = 24  # forms of the query that are tried before other parts
_PARTS = ("fragment", "path", "scheme", "query", "port", "host")


class PageAddress(Struct, frozen=True):
    """A URL as typed, and as a browser reports it."""

    typed: PageUrl
    browser_form: PageUrl

    @classmethod
    def from_typed(cls, typed: PageUrl) -> "PageAddress":
        """Add the browser's form to a typed URL; an empty path becomes a slash."""
        page = typed.browser_form
        port = "" if page.is_default_port else page.port
        return cls(typed, replace(page, port=port, path=page.path or "/"))

    @property
    def correct_url(self) -> str:
        return strip_fragment(self.browser_form.full_url)


class UrlVariants(Struct, frozen=True):
    """Distinct URLs by number of mistakes; `with_two_mistakes` is generated while it is read."""

    correct: str
    with_one_mistake: list[Variant]
    with_two_mistakes: Iterator[Variant]


def make_url_variants(
    page: PageAddress, other_addresses: tuple[tuple[PageAddress, MistakeKind], ...], two_mistakes_max: int
) -> UrlVariants:
    """Return the URLs that can have been signed for `page`, at most `two_mistakes_max` with two mistakes.

    `other_addresses` are related URLs that may have been signed instead, with the mistake that each one
    means.
    """
    browser_forms = [other.browser_form for other, _ in other_addresses]
    fragments = tuple(form.fragment for form in browser_forms if form.fragment)
    foreign_parts = tuple(part for form in browser_forms for part in form.query[1:].split("&") if part)
    own = _VariantGenerator(page, foreign_parts, fragments)
    related = [
        (_VariantGenerator(other), (Mistake(kind, other.correct_url, page.correct_url),))
        for other, kind in (*other_addresses, (_site_root(page), MistakeKind.SITE_ROOT))
    ]
    related_urls = ((other.address.correct_url, mistakes) for other, mistakes in related)
    related_variants = (
        (url, (*mistakes, *more)) for other, mistakes in related for url, more in other.with_one_mistake()
    )

    seen = {page.correct_url}
    one_mistake = list(distinct_variants(chain(own.with_one_mistake(), related_urls), seen))
    own_variants = islice(distinct_variants(own.with_two_mistakes(), seen), two_mistakes_max * 3 // 4)
    two_mistakes = islice(chain(own_variants, distinct_variants(related_variants, seen)), two_mistakes_max)
    return UrlVariants(page.correct_url, one_mistake, two_mistakes)


def _site_root(address: PageAddress) -> PageAddress:
    root = replace(address.browser_form, path="/", query="", fragment="")
    return PageAddress(root, root)


class _VariantGenerator(Struct, frozen=True, dict=True):
    """Generator of the wrong forms of one URL.

    `foreign_parts` are query parts, and `fragments` fragments, of related URLs.
    """

    address: PageAddress
    foreign_parts: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()

    @cached_property
    def _wrong_parts(self) -> dict[str, list[Variant]]:
        page = self.address.browser_form
        return {
            "fragment": list(_fragment_variants(page, self.fragments)),
            "path": [_slash_variant(page)],
            "scheme": [_scheme_variant(page)],
            "query": make_query_variants(page.query, self.foreign_parts),
            "port": list(_port_variants(page)),
            "host": list(_host_variants(page, self.address.typed.host)),
        }

    def with_one_mistake(self) -> Iterator[Variant]:
        """Yield every URL with one mistake, the most common first."""
        correct, typed = self.address.correct_url, self.address.typed
        as_typed = self._build_url({"path": typed.path or "/", "query": typed.query})
        yield as_typed, (Mistake(MistakeKind.DECODED, as_typed, correct),)
        for part in _PARTS:
            for text, mistakes in self._wrong_parts[part][:_COMMON_QUERIES]:
                yield self._build_url({part: text}), mistakes
        yield from _whole_url_variants(correct)
        for text, mistakes in self._wrong_parts["query"][_COMMON_QUERIES:]:
            yield self._build_url({"query": text}), mistakes

    def with_two_mistakes(self) -> Iterator[Variant]:
        """Yield every URL with two mistakes, in different parts or both in the query."""
        for part in _PARTS:
            for text, mistakes in self._wrong_parts[part][:_RECODED_MAX]:
                for url, more in _whole_url_variants(self._build_url({part: text})):
                    yield url, (*mistakes, *more)
        for first, second in combinations(_PARTS, 2):
            for first_text, mistakes in self._wrong_parts[first]:
                for second_text, more in self._wrong_parts[second]:
                    yield self._build_url({first: first_text, second: second_text}), (*mistakes, *more)
        for text, mistakes in make_double_mistake_queries(self.address.browser_form.query, self._wrong_parts["query"]):
            yield self._build_url({"query": text}), mistakes

    def _build_url(self, changed_parts: dict[str, str]) -> str:
        page, get = self.address.browser_form, changed_parts.get
        return (
            f"{get('scheme', page.scheme)}://{page.user}{get('host', page.host)}{get('port', page.port)}"
            f"{get('path', page.path)}{get('query', page.query)}{get('fragment', '')}"
        )


def _fragment_variants(page: PageUrl, known: tuple[str, ...]) -> Iterator[Variant]:
    for fragment in dict.fromkeys((page.fragment, *known, *_FRAGMENTS)):
        if fragment:
            yield fragment, (Mistake(MistakeKind.FRAGMENT, fragment),)


def _slash_variant(page: PageUrl) -> Variant:
    if page.path.endswith("/"):
        return page.path[:-1], (Mistake(MistakeKind.SLASH_MISSING, "", "/"),)
    return page.path + "/", (Mistake(MistakeKind.SLASH_ADDED, "/"),)


def _scheme_variant(page: PageUrl) -> Variant:
    if page.scheme == "https":
        return "http", (Mistake(MistakeKind.HTTP, "http", "https"),)
    return "https", (Mistake(MistakeKind.HTTPS, "https", "http"),)


def _port_variants(page: PageUrl) -> Iterator[Variant]:
    if page.port:
        yield "", (Mistake(MistakeKind.PORT_MISSING, "", page.port),)
    for port in _PORTS:
        if port != page.port:
            kind = MistakeKind.PORT_OTHER if page.port else MistakeKind.PORT_ADDED
            yield port, (Mistake(kind, port, page.port),)


def _host_variants(page: PageUrl, typed: str) -> Iterator[Variant]:
    host = page.host
    if host.startswith("www."):
        yield host[4:], (Mistake(MistakeKind.WWW_MISSING, host[4:], host),)
    else:
        yield "www." + host, (Mistake(MistakeKind.WWW_ADDED, "www." + host, host),)
    for other in dict.fromkeys((typed, host.upper(), host.capitalize())):
        if other != host:
            yield other, (Mistake(MistakeKind.HOST_CASE, other, host),)


def _whole_url_variants(url: str) -> Iterator[Variant]:
    component = quote(url, safe=_COMPONENT_SAFE, errors="replace")
    for encoded in (component, quote(url, safe="~", errors="replace"), quote_plus(url, errors="replace")):
        yield encoded, (Mistake(MistakeKind.ENCODED, encoded, url),)
        yield _lowercase_escapes(encoded), (Mistake(MistakeKind.ENCODED, encoded, url),)
    escaped = quote(url, safe=_URI_SAFE, errors="replace")
    yield escaped, (Mistake(MistakeKind.ESCAPED, escaped, url),)
    once = unquote(url)
    for decoded in (once, unquote_plus(url)):
        yield decoded, (Mistake(MistakeKind.DECODED, decoded, url),)
    twice = unquote(once)
    yield twice, (Mistake(MistakeKind.DECODED_TWICE, twice, url),)
    for space in _WHITESPACE:
        yield url + space, (Mistake(MistakeKind.URL_WHITESPACE, space),)
    yield " " + url, (Mistake(MistakeKind.URL_WHITESPACE, " "),)


def _lowercase_escapes(encoded: str) -> str:
    """Write percent-escapes in lower case, as .NET does: `%3a`."""
    first, *rest = encoded.split("%")
    return first + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)
