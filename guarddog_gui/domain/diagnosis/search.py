"""Search for the mistake in an invalid signature: hash variants of the signed string until one matches."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from hashlib import md5, sha1, sha256
from itertools import islice
from typing import Protocol, TypeVar

from msgspec import Struct

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput, validate_diagnosis_input
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes
from guarddog_gui.domain.diagnosis.query_variants import Variant
from guarddog_gui.domain.diagnosis.string_variants import StringTemplate, StringVariants
from guarddog_gui.domain.diagnosis.url_variants import PageAddress, make_url_variants
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import parse_page_url, strip_whitespace, url_problem

VARIANTS_PER_PROGRESS = 4096  # variants tried between two checks for cancellation
_BATCH_SIZE = 256  # the same while variants are generated, which is slower

# together less than a million variants, for URLs of up to 300 characters; longer URLs get fewer
_URLS_MAX = 100_000
_TEMPLATES_MAX = 20_000
_CROSSED_MAX = 550_000
_CROSSED_TEMPLATES_MAX = 4_000
_TIMESTAMP_URLS_MAX = 60
_TIMESTAMP_TEMPLATES_MAX = 60
_TYPICAL_URL_LENGTH = 300


class PossibleCause(StrEnum):
    """Remaining possible causes when no variant matches."""

    APPID = "appid"
    TICKET = "ticket"
    VALUES = "values"
    PAGE = "page"
    DOMAIN = "domain"


class SignatureMatch(Struct, frozen=True):
    """The signature is that of `signed_url` with `ticket`; without mistakes it is valid for `page_url`."""

    mistakes: Mistakes
    signed_url: str
    page_url: str
    ticket: CandidateTicket


class NoMatch(Struct, frozen=True):
    """No variant gives the signature: the numbers that were tried, and what to check, in this order."""

    ruled_out: tuple[tuple[MistakeLocation, int], ...]
    possible_causes: tuple[PossibleCause, ...]

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
        self._strings = StringVariants(diagnosis_input.nonce, diagnosis_input.timestamp.strip(), appid, tickets)
        self._counts: Counter[MistakeLocation] = Counter()
        self._done_count = self._total_count = self._unreported = 0

    def run(self) -> SignatureMatch | NoMatch:
        correct, one_mistake = list(self._strings.correct()), list(self._strings.with_one_mistake())
        match = self._find_first(self._blocks_with_one_mistake(correct, one_mistake))
        if match is None:
            blocks = list(self._blocks_with_two_mistakes(correct, one_mistake))
            self._total_count = self._done_count + sum(block.size for block in blocks)
            match = self._find_first(blocks)
        if match is None:
            self._on_progress(self._done_count, self._total_count)
            ruled_out = tuple((location, self._counts[location]) for location in MistakeLocation)
            return NoMatch(ruled_out, _possible_causes(self._input))
        url, mistakes, ticket = match
        page = self._urls.correct
        if self._has_no_path and any(mistake.kind is MistakeKind.SLASH_MISSING for mistake in mistakes):
            # the signature is valid for the URL as typed, though browsers always report the slash
            mistakes = tuple(mistake for mistake in mistakes if mistake.kind is not MistakeKind.SLASH_MISSING)
            page = page.replace("/?", "?", 1) if "/?" in page else page.removesuffix("/")
        return SignatureMatch((*mistakes, *self._config_mistakes(ticket)), url, page, ticket)

    def _scale_limit(self, limit: int) -> int:
        return int(limit * self._scale)

    def _blocks_with_one_mistake(
        self, correct: list[StringTemplate], one_mistake: list[StringTemplate]
    ) -> Iterator[_Block]:
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, [url], None)
        yield _Block(correct, self._urls.with_one_mistake, MistakeLocation.URL)
        yield _Block(one_mistake, [url], None)
        templates = list(self._strings.around_timestamp(url[0], with_mistake=False))
        yield _Block(templates, self._strings.millisecond_timestamps, MistakeLocation.TIMESTAMP, url)

    def _blocks_with_two_mistakes(
        self, correct: list[StringTemplate], one_mistake: list[StringTemplate]
    ) -> Iterator[_Block]:
        """Yield the variants with two mistakes, leaving out the rarest combinations."""
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, self._collect(self._urls.with_two_mistakes), MistakeLocation.PAIR)
        crossed = [template for template in one_mistake if len(template.ticket.mistakes) < 2][:_CROSSED_TEMPLATES_MAX]
        fitting = self._scale_limit(_CROSSED_MAX) // max(1, len(crossed))
        yield _Block(crossed, self._urls.with_one_mistake[:fitting], MistakeLocation.PAIR)
        templates = self._collect(islice(self._strings.with_two_mistakes(), _TEMPLATES_MAX))
        yield _Block(templates, [url], MistakeLocation.PAIR)
        for other in self._urls.with_one_mistake[: self._scale_limit(_TIMESTAMP_URLS_MAX)]:
            templates = list(self._strings.around_timestamp(other[0], with_mistake=False))
            yield _Block(templates, self._strings.millisecond_timestamps, MistakeLocation.PAIR, other)
        around_timestamp = self._strings.around_timestamp(url[0], with_mistake=True)
        templates = list(islice(around_timestamp, self._scale_limit(_TIMESTAMP_TEMPLATES_MAX)))
        yield _Block(templates, self._strings.millisecond_timestamps, MistakeLocation.PAIR, url)

    def _config_mistakes(self, ticket: CandidateTicket) -> Iterator[Mistake]:
        """Yield the mistakes that are independent of the signed string."""
        yield from self._hash_mistakes
        signature, appid = self._input.signature.strip(), self._input.appid
        if signature != signature.lower():
            yield Mistake(MistakeKind.UPPER_CASE, signature, signature.lower())
        if appid and ticket.appid and ticket.is_correct and appid != ticket.appid:
            yield Mistake(MistakeKind.WRONG_APPID, appid, ticket.appid)

    def _collect(self, items: Iterator[_T]) -> list[_T]:
        collected: list[_T] = []
        while batch := list(islice(items, _BATCH_SIZE)):
            collected += batch
            self._report_progress()
        return collected

    def _find_first(self, blocks: Iterable[_Block]) -> tuple[str, Mistakes, CandidateTicket] | None:
        for block in blocks:
            texts = [text.encode(errors="surrogatepass") for text, _ in block.texts]
            for template in block.templates:
                index = self._find_in_texts(template, texts)
                if index is not None:
                    text, mistakes = block.texts[index]
                    url, url_mistakes = block.url or (text, ())
                    return url, (*url_mistakes, *mistakes, *template.mistakes), template.ticket
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


def _possible_causes(diagnosis_input: DiagnosisInput) -> tuple[PossibleCause, ...]:
    """Return what to check, in this order; an appid that belongs to no known ticket comes first."""
    known = {ticket.appid for ticket in diagnosis_input.tickets} - {""}
    order = [PossibleCause.TICKET, PossibleCause.APPID, PossibleCause.VALUES, PossibleCause.PAGE, PossibleCause.DOMAIN]
    if diagnosis_input.appid and known and diagnosis_input.appid not in known:
        order.sort(key=lambda cause: cause is not PossibleCause.APPID)
    return tuple(order)
