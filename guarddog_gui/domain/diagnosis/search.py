"""Search for the mistake in an invalid signature: hash variants of the signed string until one matches."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from hashlib import md5, sha1, sha256
from itertools import islice
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput, validate_diagnosis_input
from guarddog_gui.domain.diagnosis.layout_variants import make_whole_strings
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes
from guarddog_gui.domain.diagnosis.query_variants import Variant
from guarddog_gui.domain.diagnosis.recoded_urls import PAGE_ESCAPED
from guarddog_gui.domain.diagnosis.string_variants import StringTemplate, StringVariants
from guarddog_gui.domain.diagnosis.url_variants import PageAddress, make_swept_urls, make_url_variants
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.paste.config_call import CallMistakeKind
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import parse_page_url, strip_whitespace, url_problem

VARIANTS_PER_PROGRESS = 4096  # variants tried between two checks for cancellation
_BATCH_SIZE = 256  # the same while variants are generated, which is slower

# together less than a million variants, for URLs of up to 300 characters; longer URLs get fewer
_URLS_MAX = 120_000
_TEMPLATES_MAX = 20_000
_CROSSED_MAX = 420_000
_CROSSED_TEMPLATES_MAX = 4_000
_TIMESTAMP_URLS_MAX = 60
_TIMESTAMP_TEMPLATES_MAX = 60
_SWEPT_MAX = 90_000
_APPIDS_MAX = 20
_STRINGS_PER_URL_MAX = 500  # that are put together otherwise around a wrong URL
_STRING_URLS_MAX = 24  # in strings that are put together otherwise
_BYTES_MAX = 20_000  # strings in other encodings than UTF-8
# encodings in which strings are hashed by mistake, with the names that users know
_ENCODINGS = {
    "gb18030": "GBK",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "latin-1": "Latin-1",
    "utf-16": "UTF-16",
    "utf-8-sig": "UTF-8 with a BOM",
    "big5": "Big5",
    "utf-32-le": "UTF-32",
    "cp1252": "Windows-1252",
}
_TYPICAL_URL_LENGTH = 300
_KIND_OF_CALL_MISTAKE = {
    CallMistakeKind.MISNAMED: MistakeKind.CONFIG_NAME,
    CallMistakeKind.MISSING: MistakeKind.CONFIG_MISSING,
    CallMistakeKind.EMPTY: MistakeKind.CONFIG_EMPTY,
    CallMistakeKind.TEMPLATE: MistakeKind.CONFIG_TEMPLATE,
}


class PossibleCause(StrEnum):
    """Remaining possible causes when no variant matches."""

    APPID = "appid"
    TICKET = "ticket"
    GIVEN_TICKET = "given-ticket"
    VALUES = "values"
    PAGE = "page"
    DOMAIN = "domain"


class SignatureMatch(Struct, frozen=True):
    """The signature is that of `signed_url` with `ticket`; without mistakes it is valid for `page_url`.

    `has_escaped_page` is True if the address was given with `&amp;`, as HTML writes it, and `page_url` has `&`.
    """

    mistakes: Mistakes
    signed_url: str
    page_url: str
    ticket: CandidateTicket
    has_escaped_page: bool = False


class NoMatch(Struct, frozen=True):
    """No variant gives the signature: the numbers that were tried, and what to check, in this order.

    `config_mistakes` are those of the `wx.config` call, which do not depend on the signed string.
    """

    ruled_out: tuple[tuple[MistakeLocation, int], ...]
    possible_causes: tuple[PossibleCause, ...]
    config_mistakes: Mistakes = ()

    @property
    def tried_count(self) -> int:
        return sum(count for _, count in self.ruled_out)


class DiagnosisCancelled(Struct, frozen=True):
    """The search was cancelled before its end."""


def diagnose(
    diagnosis_input: DiagnosisInput,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SignatureMatch | NoMatch | DiagnosisCancelled:
    """Try the usual mistakes, alone and two at a time.

    `on_progress` receives the number of variants tried and of all; it and `is_cancelled` are called every few
    thousand variants. Raises BadInput for what `validate_diagnosis_input` rejects.
    """
    invalid = validate_diagnosis_input(diagnosis_input)
    if invalid is not None:
        raise BadInput(invalid.problem)
    search = _Search(diagnosis_input, on_progress, is_cancelled)
    try:
        return search.run()
    except _SearchCancelled:
        return DiagnosisCancelled()


class _SearchCancelled(Exception):
    """Raised inside the search when it is cancelled."""


class _Hash(Protocol):
    def copy(self) -> "_Hash": ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


_HASHES: dict[int, tuple[Callable[[bytes], _Hash], Mistakes]] = {
    40: (partial(sha1, usedforsecurity=False), ()),
    32: (partial(md5, usedforsecurity=False), (Mistake(MistakeKind.MD5),)),
    64: (partial(sha256, usedforsecurity=False), (Mistake(MistakeKind.SHA256),)),
}

_T = TypeVar("_T")


class _Block(Struct, frozen=True):
    """Templates and the texts to try in each: URLs, or timestamps, and then `url` is part of the templates."""

    templates: list[StringTemplate]
    texts: Sequence[Variant]
    location: MistakeLocation | None  # of the mistakes of the texts and of `url`
    url: Variant | None = None
    encoding: str = "utf-8"
    explain: Callable[[str], Mistakes] = lambda _text: ()  # gives further mistakes of the text that was signed

    @property
    def size(self) -> int:
        return len(self.templates) * len(self.texts)


class _Search:
    """One run through the variants, those with the fewest mistakes first."""

    def __init__(
        self, diagnosis_input: DiagnosisInput, on_progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]
    ) -> None:
        self._input = diagnosis_input
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        signature = diagnosis_input.signature.strip()
        self._new_hash, self._hash_mistakes = _HASHES[len(signature)]
        self._target_digest = bytes.fromhex(signature)
        page = _parse_address(diagnosis_input.page_url)
        self._has_no_path = not page.typed.path
        # longer URLs take more time and memory
        self._scale = min(1.0, _TYPICAL_URL_LENGTH / len(page.correct_url))
        self._urls = make_url_variants(page, tuple(_other_addresses(diagnosis_input)), self._scale_limit(_URLS_MAX))
        tickets, appids = diagnosis_input.tickets, (t.appid for t in diagnosis_input.tickets if t.is_correct)
        appid = diagnosis_input.appid or next(appids, "")
        timestamp = diagnosis_input.timestamp.strip()
        self._strings = StringVariants(diagnosis_input.nonce, timestamp, appid, tickets)
        self._swept_urls = make_swept_urls(page, timestamp)
        self._appids = tuple(filter(None, dict.fromkeys((appid, *(ticket.appid for ticket in tickets[:_APPIDS_MAX])))))
        self._counts: Counter[MistakeLocation] = Counter()
        self._done_count = self._total_count = self._unreported = 0

    def run(self) -> SignatureMatch | NoMatch:
        correct, one_mistake = list(self._strings.correct()), list(self._strings.with_one_mistake())
        match = self._find_first(self._blocks_with_one_mistake(correct, one_mistake))
        if match is None:
            blocks = list(self._blocks_with_two_mistakes(correct))
            self._total_count = self._done_count + sum(block.size for block in blocks)
            match = self._find_first(blocks)
        if match is None:
            self._on_progress(self._done_count, self._total_count)
            ruled_out = tuple((location, self._counts[location]) for location in MistakeLocation)
            return NoMatch(ruled_out, _possible_causes(self._input), _call_mistakes(self._input))
        url, mistakes, ticket = match
        page = self._urls.correct
        if self._has_no_path and any(mistake.kind is MistakeKind.SLASH_MISSING for mistake in mistakes):
            # the signature is valid for the URL as typed, though browsers always report the slash
            mistakes = tuple(mistake for mistake in mistakes if mistake.kind is not MistakeKind.SLASH_MISSING)
            page = page.replace("/?", "?", 1) if "/?" in page else page.removesuffix("/")
        meant = tuple(mistake for mistake in mistakes if mistake != PAGE_ESCAPED)
        has_escaped_page = len(meant) < len(mistakes)
        if has_escaped_page:
            page = page.replace("&amp;", "&")
        return SignatureMatch((*meant, *self._config_mistakes(ticket)), url, page, ticket, has_escaped_page)

    def _scale_limit(self, limit: int) -> int:
        return int(limit * self._scale)

    def _blocks_with_one_mistake(
        self, correct: list[StringTemplate], one_mistake: list[StringTemplate]
    ) -> Iterator[_Block]:
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, [url], None)
        yield _Block(correct, self._urls.with_one_mistake, MistakeLocation.URL)
        yield _Block(one_mistake, [url], None)
        around_timestamp = list(self._strings.around_timestamp(url[0], with_mistake=False))
        yield _Block(around_timestamp, self._strings.close_timestamps, MistakeLocation.TIMESTAMP, url)
        yield from self._whole_strings(correct, url, MistakeLocation.STRING)
        yield _Block(around_timestamp, self._strings.swept_timestamps, MistakeLocation.TIMESTAMP, url)
        yield from self._strings_in_other_encodings(correct)

    def _blocks_with_two_mistakes(self, correct: list[StringTemplate]) -> Iterator[_Block]:
        """Yield the variants with two mistakes, leaving out the rarest combinations."""
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, self._collect(self._urls.with_two_mistakes), MistakeLocation.PAIR)
        common = self._strings.with_common_mistake()
        crossed = [template for template in common if len(template.ticket.mistakes) < 2][:_CROSSED_TEMPLATES_MAX]
        fitting = self._scale_limit(_CROSSED_MAX) // max(1, len(crossed))
        yield _Block(crossed, self._urls.with_one_mistake[:fitting], MistakeLocation.PAIR)
        templates = self._collect(islice(self._strings.with_two_mistakes(), _TEMPLATES_MAX))
        yield _Block(templates, [url], MistakeLocation.PAIR)
        others = self._urls.with_one_mistake[: self._scale_limit(_TIMESTAMP_URLS_MAX)]
        for other in others:
            templates = list(self._strings.around_timestamp(other[0], with_mistake=False))
            yield _Block(templates, self._strings.close_timestamps, MistakeLocation.PAIR, other)
        around_timestamp = self._strings.around_timestamp(url[0], with_mistake=True)
        templates = list(islice(around_timestamp, self._scale_limit(_TIMESTAMP_TEMPLATES_MAX)))
        yield _Block(templates, self._strings.close_timestamps, MistakeLocation.PAIR, url)
        for other in others[:_STRING_URLS_MAX]:
            yield from self._whole_strings(correct, other, MistakeLocation.PAIR)
        for swept in self._swept_urls:
            texts: list[Variant] = [(text, ()) for text in swept.urls[: self._scale_limit(_SWEPT_MAX)]]
            yield _Block(correct[:1], texts, MistakeLocation.URL, explain=swept.explain)

    def _whole_strings(
        self, correct: list[StringTemplate], url: Variant, location: MistakeLocation
    ) -> Iterator[_Block]:
        """Yield the strings that are put together otherwise around this URL, with the first of the correct tickets."""
        for template in correct[:1]:
            values = (template.ticket.value, self._input.nonce, self._input.timestamp.strip(), url[0])
            strings = make_whole_strings(*values, self._appids)
            limit = None if location is MistakeLocation.STRING else _STRINGS_PER_URL_MAX
            yield _Block([replace(template, prefix=b"")], self._collect(islice(strings, limit)), location, url)

    def _strings_in_other_encodings(self, correct: list[StringTemplate]) -> Iterator[_Block]:
        """Yield the strings with the correct URL, its usual wrong forms, and both, hashed as other bytes than UTF-8."""
        urls: list[Variant] = [(self._urls.correct, ()), *self._urls.with_one_mistake]
        for template in correct[:1]:
            before = template.prefix.decode(errors="surrogatepass")
            for encoding, name in _ENCODINGS.items():
                mistake = Mistake(MistakeKind.STRING_BYTES, name)
                fitting = urls[: self._scale_limit(_BYTES_MAX) // len(_ENCODINGS)]
                texts = [
                    (url, (*mistakes, mistake)) for url, mistakes in fitting if _is_other_bytes(before + url, encoding)
                ]
                yield _Block([template], texts, MistakeLocation.STRING, encoding=encoding)

    def _config_mistakes(self, ticket: CandidateTicket) -> Iterator[Mistake]:
        """Yield the mistakes that are independent of the signed string."""
        yield from self._hash_mistakes
        signature, appid = self._input.signature.strip(), self._input.appid
        if signature != signature.lower():
            yield Mistake(MistakeKind.UPPER_CASE, signature, signature.lower())
        if appid and ticket.appid and ticket.is_correct and appid != ticket.appid:
            yield Mistake(MistakeKind.WRONG_APPID, appid, ticket.appid)
        yield from _call_mistakes(self._input)

    def _collect(self, items: Iterator[_T]) -> list[_T]:
        collected: list[_T] = []
        while batch := list(islice(items, _BATCH_SIZE)):
            collected += batch
            self._report_progress()
        return collected

    def _find_first(self, blocks: Iterable[_Block]) -> tuple[str, Mistakes, CandidateTicket] | None:
        for block in blocks:
            is_utf8 = block.encoding == "utf-8"
            texts = [text.encode(errors="surrogatepass") for text, _ in block.texts] if is_utf8 else []
            for template in block.templates:
                if not is_utf8:  # all at once, because some encodings begin with a mark of the byte order
                    before = template.prefix.decode(errors="surrogatepass")
                    texts = [(before + text).encode(block.encoding, "replace") for text, _ in block.texts]
                    template = replace(template, prefix=b"")  # noqa: PLW2901 - the same one in another form
                index = self._find_in_texts(template, texts)
                if index is not None:
                    text, mistakes = block.texts[index]
                    url, url_mistakes = block.url or (text, ())
                    return url, (*url_mistakes, *mistakes, *block.explain(text), *template.mistakes), template.ticket
                self._counts[block.location or template.location or MistakeLocation.URL] += len(texts)
        return None

    def _find_in_texts(self, template: StringTemplate, texts: list[bytes]) -> int | None:
        prefix_hash = self._new_hash(template.prefix)
        for start in range(0, len(texts), VARIANTS_PER_PROGRESS):
            batch = texts[start : start + VARIANTS_PER_PROGRESS]
            index = _index_of_match(prefix_hash, batch, template.suffix, self._target_digest)
            if index is not None:
                return start + index
            self._done_count += len(batch)
            self._unreported += len(batch)
            if self._unreported >= VARIANTS_PER_PROGRESS:
                self._unreported = 0
                self._report_progress()
        return None

    def _report_progress(self) -> None:
        if self._is_cancelled():
            raise _SearchCancelled
        if self._total_count:
            self._on_progress(self._done_count, self._total_count)


def _index_of_match(prefix_hash: _Hash, texts: list[bytes], suffix: bytes, digest: bytes) -> int | None:
    """Return the index of the text that gives the digest; the prefix is hashed once. The hot loop."""
    copy = prefix_hash.copy
    for index, text in enumerate(texts):
        trial = copy()
        trial.update(text)
        if suffix:
            trial.update(suffix)
        if trial.digest() == digest:
            return index
    return None


def _is_other_bytes(text: str, encoding: str) -> bool:
    """Return True if this encoding gives other bytes than UTF-8, so that the variant is not tried twice."""
    return text.encode(encoding, "replace") != text.encode(errors="surrogatepass")


def _parse_address(url: str) -> PageAddress:
    page = parse_page_url(strip_whitespace(url))
    if page is None:
        raise BadInput(InputProblem.URL_RELATIVE)
    return PageAddress.from_typed(page)


def _other_addresses(diagnosis_input: DiagnosisInput) -> Iterator[tuple[PageAddress, MistakeKind]]:
    if diagnosis_input.entry_url:
        yield _parse_address(diagnosis_input.entry_url), MistakeKind.ENTRY_URL
    if diagnosis_input.claimed_url and not url_problem(diagnosis_input.claimed_url):
        yield _parse_address(diagnosis_input.claimed_url), MistakeKind.OTHER_URL


def _call_mistakes(diagnosis_input: DiagnosisInput) -> Mistakes:
    return tuple(
        Mistake(_KIND_OF_CALL_MISTAKE[found.kind], found.written, found.parameter)
        for found in diagnosis_input.call_mistakes
    )


def _possible_causes(diagnosis_input: DiagnosisInput) -> tuple[PossibleCause, ...]:
    """Return what to check, in this order.

    An appid that belongs to no known ticket comes first. A ticket that the user has given is a less likely cause.
    """
    known = {ticket.appid for ticket in diagnosis_input.tickets} - {""}
    is_given = any(ticket.origin is TicketOrigin.GIVEN_BY_USER for ticket in diagnosis_input.tickets)
    order = [PossibleCause.APPID, PossibleCause.VALUES, PossibleCause.PAGE, PossibleCause.DOMAIN]
    if is_given:
        order.insert(3, PossibleCause.GIVEN_TICKET)
        order.sort(key=lambda cause: cause is PossibleCause.APPID)  # the appid has no part in the signature
    elif not (diagnosis_input.appid and known and diagnosis_input.appid not in known):
        order.insert(0, PossibleCause.TICKET)
    else:
        order.insert(1, PossibleCause.TICKET)
    return tuple(order)
