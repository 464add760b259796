"""Wrong URLs that are signed by mistake instead of a page's actual URL."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain, combinations, islice, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.placeholder_values import MISSING_VALUE_WORDS, TIMED_PARAMETERS, URL_WORDS
from guarddog_gui.domain.diagnosis.query_variants import (
    Variant,
    distinct_variants,
    make_double_mistake_queries,
    make_query_variants,
)
from guarddog_gui.domain.diagnosis.recoded_urls import common_recodings, rare_recodings
from guarddog_gui.domain.diagnosis.server_variants import (
    double_mistake_paths,
    front_controller_urls,
    origin,
    origin_variants,
    other_port,
    pages_above,
    path_variants,
    urls_with_every_port,
    whole_url_replacements,
)
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.signing.page_url import PageUrl
from guarddog_gui.domain.signing.signature import strip_fragment

_FRAGMENTS = ("#", "#/", "#wechat_redirect", "#rd", "#!", "#!/", "#/home", "#/index", "#top", "#/?", "#/login", "#0")
_RECODED_MAX = 60  # forms of one part that are also tried encoded and decoded, which is slow
_COMMON_RANKS = 5  # forms of each part that are more common than those of the whole URL
_COMMON_FORMS = 48  # forms of each part that are combined first with those of the others
_PARTS = ("fragment", "path", "origin", "query")
_SHARED_BEFORE_S = 900  # a page is opened from a share so long before it is signed at most, and read so long after it
_SHARED_AFTER_S = 60


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
    one_mistake = list(distinct_variants(chain(own.with_one_mistake(), related_urls, own.with_rare_mistake()), seen))
    own_variants = islice(distinct_variants(own.with_two_mistakes(), seen), two_mistakes_max * 3 // 4)
    two_mistakes = islice(chain(own_variants, distinct_variants(related_variants, seen)), two_mistakes_max)
    return UrlVariants(page.correct_url, one_mistake, two_mistakes)


class SweptUrls(HiddenFields, Struct, frozen=True):
    """Many URLs of one kind, whose mistake is worked out only for the one that was signed."""

    hidden_fields = ("urls",)

    urls: list[str]
    explain: Callable[[str], Mistakes]


def make_swept_urls(page: PageAddress, timestamp: str) -> Iterator[SweptUrls]:
    """Yield the URLs with every port, and with the times that WeChat may have added shortly before `timestamp`."""
    form = page.browser_form
    yield SweptUrls(list(urls_with_every_port(form)), lambda url: other_port(form, url))
    if timestamp.isdigit():
        prefix = page.correct_url + ("&" if len(form.query) > 1 else "" if form.query else "?")
        seconds = int(timestamp[:10])
        times = range(seconds - _SHARED_BEFORE_S, seconds + _SHARED_AFTER_S)
        added = [prefix + parameters.format(at) for parameters in TIMED_PARAMETERS for at in times]
        yield SweptUrls(added, lambda url: (Mistake(MistakeKind.SHARE_PARAMETER_ADDED, url.removeprefix(prefix)),))


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
        seen = {page.path}
        return {
            "fragment": list(_fragment_variants(page, self.fragments)),
            "path": list(distinct_variants(path_variants(page), seen)),
            "origin": list(distinct_variants(origin_variants(page, self.address.typed.host), {origin(page)})),
            "query": make_query_variants(page.query, self.foreign_parts),
        }

    def with_one_mistake(self) -> Iterator[Variant]:
        """Yield every URL with one common mistake, the most common first."""
        correct, typed = self.address.correct_url, self.address.typed
        as_typed = self._build_url({"path": typed.path or "/", "query": typed.query})
        yield as_typed, (Mistake(MistakeKind.DECODED, as_typed, correct),)
        ranks = zip_longest(*(self._wrong_parts[part][:_COMMON_FORMS] for part in _PARTS))
        for rank, forms in enumerate(ranks):
            for part, form in zip(_PARTS, forms, strict=True):
                if form is not None:
                    yield self._build_url({part: form[0]}), form[1]
            if rank == _COMMON_RANKS:
                yield from common_recodings(correct)
        if self.address.browser_form.query:
            yield from pages_above(self.address.browser_form)
        for part in _PARTS:
            for text, mistakes in self._wrong_parts[part][_COMMON_FORMS:]:
                yield self._build_url({part: text}), mistakes

    def with_rare_mistake(self) -> Iterator[Variant]:
        """Yield the other URLs with one mistake."""
        correct, page = self.address.correct_url, self.address.browser_form
        for word in (*MISSING_VALUE_WORDS, *URL_WORDS):
            yield word, (Mistake(MistakeKind.NO_URL, word, correct),)
        yield from _merged_fragments(page)
        yield from rare_recodings(correct)
        yield from whole_url_replacements(page)
        yield from front_controller_urls(page)
        for fragment in dict.fromkeys((page.fragment, *self.fragments)):
            for url, mistakes in rare_recodings(correct + fragment) if fragment else ():
                yield url, (*mistakes, Mistake(MistakeKind.FRAGMENT, fragment))

    def with_two_mistakes(self) -> Iterator[Variant]:
        """Yield every URL with two mistakes, in different parts or both in the query."""
        yield from self._combined_parts(lambda forms: forms[:_COMMON_FORMS], lambda forms: forms[:_COMMON_FORMS])
        yield from self._recoded_parts()
        for text, mistakes in make_double_mistake_queries(self.address.browser_form.query, self._wrong_parts["query"]):
            yield self._build_url({"query": text}), mistakes
        for text, mistakes in double_mistake_paths(self.address.browser_form):
            yield self._build_url({"path": text}), mistakes
        for url, mistakes in islice(_merged_fragments(self.address.browser_form), _RECODED_MAX):
            for start, more in self._wrong_parts["origin"][:_COMMON_FORMS]:
                rest = url.removeprefix(origin(self.address.browser_form))
                yield start + rest, (*mistakes, *more)
        yield from self._combined_parts(lambda forms: forms, lambda forms: forms[:_COMMON_FORMS])
        yield from self._combined_parts(lambda forms: forms[:_COMMON_FORMS], lambda forms: forms)
        yield from self._combined_parts(lambda forms: forms, lambda forms: forms)

    def _combined_parts(
        self, first_of: Callable[[list[Variant]], list[Variant]], second_of: Callable[[list[Variant]], list[Variant]]
    ) -> Iterator[Variant]:
        for first, second in combinations(_PARTS, 2):
            for first_text, mistakes in first_of(self._wrong_parts[first]):
                for second_text, more in second_of(self._wrong_parts[second]):
                    yield self._build_url({first: first_text, second: second_text}), (*mistakes, *more)

    def _recoded_parts(self) -> Iterator[Variant]:
        for part in _PARTS:
            for text, mistakes in self._wrong_parts[part][:_RECODED_MAX]:
                for url, more in common_recodings(self._build_url({part: text})):
                    yield url, (*mistakes, *more)
        for url, mistakes in common_recodings(self.address.correct_url):
            for again, more in common_recodings(url):
                yield again, (*mistakes, *more)

    def _build_url(self, changed_parts: dict[str, str]) -> str:
        page, get = self.address.browser_form, changed_parts.get
        start = changed_parts["origin"] if "origin" in changed_parts else origin(page)
        return f"{start}{get('path', page.path)}{get('query', page.query)}{get('fragment', '')}"


def _fragment_variants(page: PageUrl, known: tuple[str, ...]) -> Iterator[Variant]:
    for fragment in dict.fromkeys((page.fragment, *known, *_FRAGMENTS)):
        if fragment:
            yield fragment, (Mistake(MistakeKind.FRAGMENT, fragment),)


def _merged_fragments(page: PageUrl) -> Iterator[Variant]:
    """Yield URLs in which the parts before and after the # are mixed up, as routers of single-page apps do it."""
    start, path, query = origin(page), page.path, page.query
    route, question, route_query = page.fragment.partition("?")
    bare_route = route[1:].removeprefix("!")
    if not page.fragment:
        folder, _, name = path.rpartition("/")
        texts = [f"{path}#/{query}", f"{path}#{query}", f"/#{path}{query}", f"/#{path}", f"{folder}/#/{name}{query}",
                 f"{folder}/#/{name}", f"/{query}#{path}", f"{folder}/{query}#/{name}", f"{path}#/",
                 f"/#!{path}{query}"]  # fmt: skip
    else:
        nested = "&" + route_query if query else question + route_query
        texts = [
            f"{path}{query}{route}", f"{path}{query}{bare_route}", f"{path}{query}{page.fragment[1:]}",
            f"{path}{query}%23{page.fragment[1:]}", f"{path}{page.fragment}{query}", f"{path}{route}{query}",
            f"{path}{page.fragment}{'&' + query[1:] if question and query else query}", f"{path}{query}{nested}",
            f"{path}{question}{route_query}", f"{bare_route}{question}{route_query}", f"{bare_route}{query}",
            f"{path.rstrip('/')}{bare_route}{question}{route_query}", f"{path.rstrip('/')}{bare_route}{query}",
            f"{path.rstrip('/')}{bare_route}{query}{nested}", f"{path}{route}{question}{route_query}", f"{path}{route}",
            f"{path.rstrip('/')}{bare_route}", bare_route, f"{path}#", f"{path}{query}#", f"{path}{query}#/",
            f"{path}#/{query}", f"{path}{query}#!", f"{path}#!", f"{path}{query}/{page.fragment}", f"/{page.fragment}",
        ]  # fmt: skip
    for text in texts:
        yield start + text, (Mistake(MistakeKind.FRAGMENT_MERGED, start + text, start + path + query),)
