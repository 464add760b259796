"""Which mistake an invalid signature contains: the variant of URL, ticket, nonce or string that gives it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import md5, sha1, sha256
from itertools import islice
from typing import Protocol, TypeVar

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes
from guarddog_gui.domain.diagnosis.string_variants import SignedFields, StringTemplate, StringVariants
from guarddog_gui.domain.diagnosis.url_variants import PageAddress, Variant, make_url_variants
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import parse_page_url, strip_whitespace, url_problem

VARIANTS_PER_PROGRESS = 4096  # variants between two looks at `cancelled`
_BATCH_SIZE = 256  # the same while they are made, which takes longer

# together below a million variants; a URL of 300 characters is taken for the usual longest one
_URLS_MAX = 100_000
_TEMPLATES_MAX = 20_000
_CROSSED_MAX = 550_000
_CROSSED_TEMPLATES_MAX = 4_000
_TIMESTAMP_URLS_MAX = 60
_TIMESTAMP_TEMPLATES_MAX = 60
_TYPICAL_URL_LENGTH = 300

_TIMESTAMP = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
_SIGNATURE = re.compile(r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})")
_NONCE_MAX = 256


@dataclass(frozen=True, slots=True)
class DiagnosisInput:
    """What is known of a page and its `wx.config`; what is empty is unknown.

    `page` is the address at which WeChat refuses the signature, `entry` the one at which a single-page app
    was entered, `claimed` the one that the server says to have signed, `appid` the one in `wx.config`.
    """

    page_url: str
    signature: str
    nonce: str
    timestamp: str
    tickets: tuple[CandidateTicket, ...]
    entry_url: str = ""
    claimed_url: str = ""
    appid: str = ""


class PossibleCause(StrEnum):
    """What can still be the cause when no variant matches."""

    APPID = "appid"
    TICKET = "ticket"
    VALUES = "values"
    PAGE = "page"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class SignatureMatch:
    """The signature is that of `url` with `ticket`; without mistakes it is right for `page`."""

    mistakes: Mistakes
    signed_url: str
    page_url: str
    ticket: CandidateTicket


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nothing gives this signature: how many of what were tried, and what to look at, in this order."""

    ruled_out: tuple[tuple[MistakeLocation, int], ...]
    possible_causes: tuple[PossibleCause, ...]

    @property
    def tried_count(self) -> int:
        """The number of all variants."""
        return sum(count for _, count in self.ruled_out)


@dataclass(frozen=True, slots=True)
class DiagnosisCancelled:
    """Somebody did not want to wait for the end."""


class DiagnosisField(StrEnum):
    """The fields of the evidence that a person gives."""

    PAGE_URL = "page"
    ENTRY_URL = "entry"
    SIGNATURE = "signature"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class InvalidDiagnosisInput:
    """What is given there is no evidence."""

    field: DiagnosisField
    problem: InputProblem


def validate_diagnosis_input(diagnosis_input: DiagnosisInput) -> InvalidDiagnosisInput | None:
    """What stands against a diagnosis; tickets are looked at last."""
    checked = (
        (DiagnosisField.PAGE_URL, url_problem(diagnosis_input.page_url)),
        (
            DiagnosisField.ENTRY_URL,
            InputProblem.INVALID_ENTRY_URL
            if diagnosis_input.entry_url and url_problem(diagnosis_input.entry_url)
            else None,
        ),
        (DiagnosisField.SIGNATURE, _signature_problem(diagnosis_input.signature.strip())),
        (DiagnosisField.NONCE, _nonce_problem(diagnosis_input.nonce)),
        (DiagnosisField.TIMESTAMP, _timestamp_problem(diagnosis_input.timestamp.strip())),
        (
            DiagnosisField.TICKETS,
            None if any(map(_has_value, diagnosis_input.tickets)) else InputProblem.NO_KNOWN_TICKET,
        ),
    )
    return next(
        (InvalidDiagnosisInput(field, problem) for field, problem in checked if problem is not None), None
    )


def _signature_problem(signature: str) -> InputProblem | None:
    if not signature:
        return InputProblem.SIGNATURE_MISSING
    return None if _SIGNATURE.fullmatch(signature) else InputProblem.SIGNATURE_INVALID


def _nonce_problem(nonce: str) -> InputProblem | None:
    if not nonce.strip():
        return InputProblem.NONCE_MISSING
    return None if len(nonce) <= _NONCE_MAX else InputProblem.NONCE_ENDLESS


def _timestamp_problem(timestamp: str) -> InputProblem | None:
    if not timestamp:
        return InputProblem.TIMESTAMP_MISSING
    return None if _TIMESTAMP.fullmatch(timestamp) else InputProblem.TIMESTAMP_NOT_A_NUMBER


def _has_value(ticket: CandidateTicket) -> bool:
    return bool(ticket.value)


def diagnose(
    diagnosis_input: DiagnosisInput,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SignatureMatch | NoMatch | DiagnosisCancelled:
    """Try what is usually done wrong, and two of these at once. Raises BadInput for `bad_evidence`.

    `progress` gets the number of variants done and of all; both are called every few thousand variants.
    """
    bad = validate_diagnosis_input(diagnosis_input)
    if bad is not None:
        raise BadInput(bad.problem)
    search = _Search(diagnosis_input, on_progress, is_cancelled)
    try:
        return search.run()
    except _SearchCancelled:
        return DiagnosisCancelled()


class _SearchCancelled(Exception):
    """Somebody does not want to wait."""


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


@dataclass(frozen=True, slots=True)
class _Block:
    """Every frame around every text: URLs, or timestamps around which `url` is a part of the frames."""

    templates: list[StringTemplate]
    texts: Sequence[Variant]
    location: MistakeLocation | None  # where the mistakes of the texts and of `url` are
    url: Variant | None = None

    @property
    def size(self) -> int:
        return len(self.templates) * len(self.texts)


class _Search:
    """One run through the variants, those with the fewest mistakes first."""

    def __init__(
        self,
        diagnosis_input: DiagnosisInput,
        on_progress: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._input = diagnosis_input
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        signature = diagnosis_input.signature.strip()
        self._new_hash, self._hash_mistakes = _HASHES[len(signature)]
        self._target_digest = bytes.fromhex(signature)
        page = _parse_address(diagnosis_input.page_url)
        self._has_no_path = not page.typed.path
        # longer URLs take longer, and more room
        self._scale = min(1.0, _TYPICAL_URL_LENGTH / len(page.correct_url))
        self._urls = make_url_variants(
            page, tuple(_other_addresses(diagnosis_input)), self._scale_limit(_URLS_MAX)
        )
        self._strings = StringVariants(
            SignedFields(
                diagnosis_input.nonce,
                diagnosis_input.timestamp.strip(),
                _expected_appid(diagnosis_input),
                diagnosis_input.tickets,
            )
        )
        self._counts: Counter[MistakeLocation] = Counter()
        self._done_count = self._total_count = self._unreported = 0

    def run(self) -> SignatureMatch | NoMatch:
        right, once = list(self._strings.correct()), list(self._strings.with_one_mistake())
        found = self._find_first(self._blocks_with_one_mistake(right, once))
        if found is None:
            blocks = list(self._blocks_with_two_mistakes(right, once))
            self._total_count = self._done_count + sum(block.size for block in blocks)
            found = self._find_first(blocks)
        if found is None:
            self._on_progress(self._done_count, self._total_count)
            return NoMatch(
                tuple((group, self._counts[group]) for group in MistakeLocation),
                _possible_causes(self._input),
            )
        url, mistakes, ticket = found
        page = self._urls.correct
        if self._has_no_path and any(mistake.kind is MistakeKind.SLASH_MISSING for mistake in mistakes):
            # signed as it was given: right for that, though browsers never report it so
            mistakes = tuple(mistake for mistake in mistakes if mistake.kind is not MistakeKind.SLASH_MISSING)
            page = page.replace("/?", "?", 1) if "/?" in page else page.removesuffix("/")
        return SignatureMatch((*mistakes, *self._config_mistakes(ticket)), url, page, ticket)

    def _scale_limit(self, limit: int) -> int:
        return int(limit * self._scale)

    def _blocks_with_one_mistake(
        self, correct: list[StringTemplate], one_mistake: list[StringTemplate]
    ) -> Iterator[_Block]:
        """What has no mistake or one."""
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, [url], None)
        yield _Block(correct, self._urls.with_one_mistake, MistakeLocation.URL)
        yield _Block(one_mistake, [url], None)
        around = list(self._strings.around_timestamp(url[0], with_mistake=False))
        yield _Block(around, self._strings.millisecond_timestamps, MistakeLocation.TIMESTAMP, url)

    def _blocks_with_two_mistakes(
        self, correct: list[StringTemplate], one_mistake: list[StringTemplate]
    ) -> Iterator[_Block]:
        """What has two; of that which would be too much the rarest is left out."""
        url: Variant = (self._urls.correct, ())
        yield _Block(correct, self._collect(self._urls.with_two_mistakes), MistakeLocation.PAIR)
        crossed = [frame for frame in one_mistake if len(frame.ticket.mistakes) < 2][:_CROSSED_TEMPLATES_MAX]
        fitting = self._scale_limit(_CROSSED_MAX) // max(1, len(crossed))
        yield _Block(crossed, self._urls.with_one_mistake[:fitting], MistakeLocation.PAIR)
        yield _Block(
            self._collect(islice(self._strings.with_two_mistakes(), _TEMPLATES_MAX)),
            [url],
            MistakeLocation.PAIR,
        )
        for other in self._urls.with_one_mistake[: self._scale_limit(_TIMESTAMP_URLS_MAX)]:
            around = list(self._strings.around_timestamp(other[0], with_mistake=False))
            yield _Block(around, self._strings.millisecond_timestamps, MistakeLocation.PAIR, other)
        around = list(
            islice(
                self._strings.around_timestamp(url[0], with_mistake=True),
                self._scale_limit(_TIMESTAMP_TEMPLATES_MAX),
            )
        )
        yield _Block(around, self._strings.millisecond_timestamps, MistakeLocation.PAIR, url)

    def _config_mistakes(self, ticket: CandidateTicket) -> Iterator[Mistake]:
        """What is wrong whatever was signed."""
        yield from self._hash_mistakes
        signature, appid = self._input.signature.strip(), self._input.appid
        if signature != signature.lower():
            yield Mistake(MistakeKind.UPPER_CASE, signature, signature.lower())
        if appid and ticket.appid and ticket.is_correct and appid != ticket.appid:
            yield Mistake(MistakeKind.WRONG_APPID, appid, ticket.appid)

    def _collect(self, items: Iterator[_T]) -> list[_T]:
        """All of them, with a look at `cancelled` now and then."""
        kept: list[_T] = []
        while some := list(islice(items, _BATCH_SIZE)):
            kept += some
            self._report_progress()
        return kept

    def _find_first(self, blocks: Iterable[_Block]) -> tuple[str, Mistakes, CandidateTicket] | None:
        """The URL, the mistakes and the ticket of the first that gives the signature."""
        for block in blocks:
            texts = [text.encode(errors="surrogatepass") for text, _ in block.texts]
            for frame in block.templates:
                place = self._find_in_texts(frame, texts)
                if place is not None:
                    text, mistakes = block.texts[place]
                    url, of_url = block.url or (text, ())
                    return url, (*of_url, *mistakes, *frame.mistakes), frame.ticket
                self._counts[block.location or frame.location or MistakeLocation.URL] += len(texts)
        return None

    def _find_in_texts(self, template: StringTemplate, texts: list[bytes]) -> int | None:
        """Where in `texts` the URL is that gives the signature."""
        begun = self._new_hash(template.prefix)
        for start in range(0, len(texts), VARIANTS_PER_PROGRESS):
            some = texts[start : start + VARIANTS_PER_PROGRESS]
            place = _index_of_match(begun, some, template.suffix, self._target_digest)
            if place is not None:
                return start + place
            self._done_count += len(some)
            self._unreported += len(some)
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
    """The loop that takes all the time: what comes before the URL is hashed once for all."""
    copy = prefix_hash.copy
    for place, text in enumerate(texts):
        trial = copy()
        trial.update(text)
        if suffix:
            trial.update(suffix)
        if trial.digest() == digest:
            return place
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


def _expected_appid(diagnosis_input: DiagnosisInput) -> str:
    own = (ticket.appid for ticket in diagnosis_input.tickets if ticket.is_correct)
    return diagnosis_input.appid or next(own, "")


def _possible_causes(diagnosis_input: DiagnosisInput) -> tuple[PossibleCause, ...]:
    """What remains, in the order in which to look: an appid that no known ticket belongs to comes first."""
    known = {ticket.appid for ticket in diagnosis_input.tickets} - {""}
    order = [
        PossibleCause.TICKET,
        PossibleCause.APPID,
        PossibleCause.VALUES,
        PossibleCause.PAGE,
        PossibleCause.DOMAIN,
    ]
    if diagnosis_input.appid and known and diagnosis_input.appid not in known:
        order.sort(key=lambda suspect: suspect is not PossibleCause.APPID)
    return tuple(order)
