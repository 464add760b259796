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

from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket
from guarddog_gui.domain.diagnosis.mistakes import Group, Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.string_variants import Frame, Ingredients, StringVariants
from guarddog_gui.domain.diagnosis.url_variants import Address, Variant, url_variants
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.signing.page_url import page_url, url_problem, without_blanks

STEP = 4096  # variants between two looks at `cancelled`
_MADE = 256  # the same while they are made, which takes longer

# together below a million variants; a URL of 300 characters is taken for the usual longest one
_URLS_MAX = 100_000
_FRAMES_MAX = 20_000
_CROSSED_MAX = 550_000
_CROSSED_FRAMES_MAX = 4_000
_MOMENT_URLS_MAX = 60
_MOMENT_FRAMES_MAX = 60
_USUAL_URL = 300

_TIMESTAMP = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
_SIGNATURE = re.compile(r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})")
_NONCE_MAX = 256


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page and its `wx.config`; what is empty is unknown.

    `page` is the address at which WeChat refuses the signature, `entry` the one at which a single-page app
    was entered, `claimed` the one that the server says to have signed, `appid` the one in `wx.config`.
    """

    page: str
    signature: str
    nonce: str
    timestamp: str
    tickets: tuple[KnownTicket, ...]
    entry: str = ""
    claimed: str = ""
    appid: str = ""


class Suspect(StrEnum):
    """What can still be the cause when no variant matches."""

    APPID = "appid"
    TICKET = "ticket"
    VALUES = "values"
    PAGE = "page"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Match:
    """The signature is that of `url` with `ticket`; without mistakes it is right for `page`."""

    mistakes: Mistakes
    url: str
    page: str
    ticket: KnownTicket


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nothing gives this signature: how many of what were tried, and what to look at, in this order."""

    ruled_out: tuple[tuple[Group, int], ...]
    suspects: tuple[Suspect, ...]

    @property
    def tried(self) -> int:
        """The number of all variants."""
        return sum(count for _, count in self.ruled_out)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody did not want to wait for the end."""


class EvidenceField(StrEnum):
    """The fields of the evidence that a person gives."""

    PAGE = "page"
    ENTRY = "entry"
    SIGNATURE = "signature"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class BadEvidence:
    """What is given there is no evidence; `problem` is a key of `words`."""

    field: EvidenceField
    problem: str


def bad_evidence(evidence: Evidence) -> BadEvidence | None:
    """What stands against a diagnosis; tickets are looked at last."""
    checked = (
        (EvidenceField.PAGE, url_problem(evidence.page)),
        (EvidenceField.ENTRY, "bad-entry" if evidence.entry and url_problem(evidence.entry) else None),
        (EvidenceField.SIGNATURE, _signature_problem(evidence.signature.strip())),
        (EvidenceField.NONCE, _nonce_problem(evidence.nonce)),
        (EvidenceField.TIMESTAMP, _timestamp_problem(evidence.timestamp.strip())),
        (EvidenceField.TICKETS, None if any(map(_has_value, evidence.tickets)) else "no-known-ticket"),
    )
    return next((BadEvidence(field, problem) for field, problem in checked if problem is not None), None)


def _signature_problem(signature: str) -> str | None:
    if not signature:
        return "no-signature"
    return None if _SIGNATURE.fullmatch(signature) else "bad-signature"


def _nonce_problem(nonce: str) -> str | None:
    if not nonce.strip():
        return "no-nonce"
    return None if len(nonce) <= _NONCE_MAX else "endless-nonce"


def _timestamp_problem(timestamp: str) -> str | None:
    if not timestamp:
        return "no-timestamp"
    return None if _TIMESTAMP.fullmatch(timestamp) else "not-a-timestamp"


def _has_value(ticket: KnownTicket) -> bool:
    return bool(ticket.value)


def diagnose(
    evidence: Evidence,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Match | NoMatch | Cancelled:
    """Try what is usually done wrong, and two of these at once. Raises BadInput for `bad_evidence`.

    `progress` gets the number of variants done and of all; both are called every few thousand variants.
    """
    bad = bad_evidence(evidence)
    if bad is not None:
        raise BadInput(bad.problem)
    search = _Search(evidence, progress, cancelled)
    try:
        return search.run()
    except _Stopped:
        return Cancelled()


class _Stopped(Exception):
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

    frames: list[Frame]
    texts: Sequence[Variant]
    group: Group | None  # where the mistakes of the texts and of `url` are
    url: Variant | None = None

    @property
    def size(self) -> int:
        return len(self.frames) * len(self.texts)


class _Search:
    """One run through the variants, those with the fewest mistakes first."""

    def __init__(
        self, evidence: Evidence, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> None:
        self._evidence = evidence
        self._progress = progress
        self._cancelled = cancelled
        signature = evidence.signature.strip()
        self._hash, self._of_hash = _HASHES[len(signature)]
        self._wanted = bytes.fromhex(signature)
        page = _address(evidence.page)
        self._is_bare = not page.typed.path
        # longer URLs take longer, and more room
        self._scale = min(1.0, _USUAL_URL / len(page.right))
        self._urls = url_variants(page, tuple(_others(evidence)), self._bound(_URLS_MAX))
        self._strings = StringVariants(
            Ingredients(evidence.nonce, evidence.timestamp.strip(), _appid(evidence), evidence.tickets)
        )
        self._counts: Counter[Group] = Counter()
        self._done = self._all = self._unsaid = 0

    def run(self) -> Match | NoMatch:
        right, once = list(self._strings.right()), list(self._strings.once())
        found = self._first(self._with_one(right, once))
        if found is None:
            blocks = list(self._with_two(right, once))
            self._all = self._done + sum(block.size for block in blocks)
            found = self._first(blocks)
        if found is None:
            self._progress(self._done, self._all)
            return NoMatch(tuple((group, self._counts[group]) for group in Group), _suspects(self._evidence))
        url, mistakes, ticket = found
        page = self._urls.right
        if self._is_bare and any(mistake.kind is MistakeKind.SLASH_MISSING for mistake in mistakes):
            # signed as it was given: right for that, though browsers never report it so
            mistakes = tuple(mistake for mistake in mistakes if mistake.kind is not MistakeKind.SLASH_MISSING)
            page = page.replace("/?", "?", 1) if "/?" in page else page.removesuffix("/")
        return Match((*mistakes, *self._of_config(ticket)), url, page, ticket)

    def _bound(self, most: int) -> int:
        return int(most * self._scale)

    def _with_one(self, right: list[Frame], once: list[Frame]) -> Iterator[_Block]:
        """What has no mistake or one."""
        url: Variant = (self._urls.right, ())
        yield _Block(right, [url], None)
        yield _Block(right, self._urls.once, Group.URL)
        yield _Block(once, [url], None)
        around = list(self._strings.around_moment(url[0], wrong=False))
        yield _Block(around, self._strings.moments, Group.TIMESTAMP, url)

    def _with_two(self, right: list[Frame], once: list[Frame]) -> Iterator[_Block]:
        """What has two; of that which would be too much the rarest is left out."""
        url: Variant = (self._urls.right, ())
        yield _Block(right, self._listed(self._urls.twice), Group.PAIR)
        crossed = [frame for frame in once if len(frame.ticket.mistakes) < 2][:_CROSSED_FRAMES_MAX]
        fitting = self._bound(_CROSSED_MAX) // max(1, len(crossed))
        yield _Block(crossed, self._urls.once[:fitting], Group.PAIR)
        yield _Block(self._listed(islice(self._strings.twice(), _FRAMES_MAX)), [url], Group.PAIR)
        for other in self._urls.once[: self._bound(_MOMENT_URLS_MAX)]:
            around = list(self._strings.around_moment(other[0], wrong=False))
            yield _Block(around, self._strings.moments, Group.PAIR, other)
        around = list(
            islice(self._strings.around_moment(url[0], wrong=True), self._bound(_MOMENT_FRAMES_MAX))
        )
        yield _Block(around, self._strings.moments, Group.PAIR, url)

    def _of_config(self, ticket: KnownTicket) -> Iterator[Mistake]:
        """What is wrong whatever was signed."""
        yield from self._of_hash
        signature, appid = self._evidence.signature.strip(), self._evidence.appid
        if signature != signature.lower():
            yield Mistake(MistakeKind.UPPER_CASE, signature, signature.lower())
        if appid and ticket.appid and ticket.is_right and appid != ticket.appid:
            yield Mistake(MistakeKind.WRONG_APPID, appid, ticket.appid)

    def _listed(self, made: Iterator[_T]) -> list[_T]:
        """All of them, with a look at `cancelled` now and then."""
        kept: list[_T] = []
        while some := list(islice(made, _MADE)):
            kept += some
            self._look()
        return kept

    def _first(self, blocks: Iterable[_Block]) -> tuple[str, Mistakes, KnownTicket] | None:
        """The URL, the mistakes and the ticket of the first that gives the signature."""
        for block in blocks:
            texts = [text.encode(errors="surrogatepass") for text, _ in block.texts]
            for frame in block.frames:
                place = self._place(frame, texts)
                if place is not None:
                    text, mistakes = block.texts[place]
                    url, of_url = block.url or (text, ())
                    return url, (*of_url, *mistakes, *frame.mistakes), frame.ticket
                self._counts[block.group or frame.group or Group.URL] += len(texts)
        return None

    def _place(self, frame: Frame, texts: list[bytes]) -> int | None:
        """Where in `texts` the URL is that gives the signature."""
        begun = self._hash(frame.before)
        for start in range(0, len(texts), STEP):
            some = texts[start : start + STEP]
            place = _place(begun, some, frame.after, self._wanted)
            if place is not None:
                return start + place
            self._done += len(some)
            self._unsaid += len(some)
            if self._unsaid >= STEP:
                self._unsaid = 0
                self._look()
        return None

    def _look(self) -> None:
        if self._cancelled():
            raise _Stopped
        if self._all:
            self._progress(self._done, self._all)


def _place(begun: _Hash, texts: list[bytes], after: bytes, wanted: bytes) -> int | None:
    """The loop that takes all the time: what comes before the URL is hashed once for all."""
    copy = begun.copy
    for place, text in enumerate(texts):
        trial = copy()
        trial.update(text)
        if after:
            trial.update(after)
        if trial.digest() == wanted:
            return place
    return None


def _address(url: str) -> Address:
    page = page_url(without_blanks(url))
    if page is None:
        raise BadInput("relative-url")
    return Address.of(page)


def _others(evidence: Evidence) -> Iterator[tuple[Address, MistakeKind]]:
    if evidence.entry:
        yield _address(evidence.entry), MistakeKind.ENTRY_URL
    if evidence.claimed and not url_problem(evidence.claimed):
        yield _address(evidence.claimed), MistakeKind.OTHER_URL


def _appid(evidence: Evidence) -> str:
    own = (ticket.appid for ticket in evidence.tickets if ticket.is_right)
    return evidence.appid or next(own, "")


def _suspects(evidence: Evidence) -> tuple[Suspect, ...]:
    """What remains, in the order in which to look: an appid that no known ticket belongs to comes first."""
    known = {ticket.appid for ticket in evidence.tickets} - {""}
    order = [Suspect.TICKET, Suspect.APPID, Suspect.VALUES, Suspect.PAGE, Suspect.DOMAIN]
    if evidence.appid and known and evidence.appid not in known:
        order.sort(key=lambda suspect: suspect is not Suspect.APPID)
    return tuple(order)
