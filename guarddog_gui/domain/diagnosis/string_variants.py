"""Correct and wrong ways to combine ticket, nonce and timestamp with the URL into the signed string."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, permutations, product, zip_longest

from msgspec import Struct

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes
from guarddog_gui.domain.diagnosis.placeholder_values import (
    MISSING_VALUE_WORDS,
    NONCE_WORDS,
    TICKET_WORDS,
    TIMESTAMP_WORDS,
)
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import DAY_S

_FIELDS = ("jsapi_ticket={ticket}", "{name}={nonce}", "timestamp={timestamp}", "url={url}")
_CORRECT_LAYOUT = "&".join(_FIELDS)
_WRONG_NONCE_NAMES = ("nonceStr", "nonce_str", "nonce", "noncestring", "NonceStr", "nonceString")
_WHITESPACE = ("\n", " ", "\r\n")
_MS_DIGITS_MIN = 12  # a number of at least this length is in milliseconds
_MS_OFFSET_MAX = 999  # between the signed time and the whole second in wx.config
_MS_AGAIN_MAX = 5000
_AGAIN_S = 10  # between two readings of the clock by one request
_AGAIN_MAX_S = 3600  # between two requests, one of which was answered from a cache
_HOURS_MAX = 14  # between two time zones
_COMMON_WORDS = 6  # words for a missing value that are combined with other mistakes
_TICKET_QUOTES = (
    *(('"', '"'), ("'", "'"), ("b'", "'"), ("u'", "'"), ('b"', '"'), ("", '"'), ('"', ""), ("[", "]"), ("{", "}"),
    ("<", ">")),
    *(('\\"', '\\"'), ("", ","), ("", ";"), ("(", ")"), ('["', '"]'), ("['", "']"), ("&quot;", "&quot;"), ("=", "")),
)  # fmt: skip
# replies of getticket as programs print them, and those of stores of values
_TICKET_REPLIES = (
    '{"errcode":0,"errmsg":"ok","ticket":"TICKET","expires_in":7200}',
    '{"errcode": 0, "errmsg": "ok", "ticket": "TICKET", "expires_in": 7200}',
    "{'errcode': 0, 'errmsg': 'ok', 'ticket': 'TICKET', 'expires_in': 7200}",
    "{errcode=0, errmsg=ok, ticket=TICKET, expires_in=7200}",
    "{errcode=0.0, errmsg=ok, ticket=TICKET, expires_in=7200.0}",
    "map[errcode:0 errmsg:ok expires_in:7200 ticket:TICKET]",
    '{"ticket":"TICKET","expires_in":7200}',
    '{"ticket":"TICKET"}',
    '{"jsapi_ticket":"TICKET"}',
    '{"errmsg":"ok","errcode":0,"ticket":"TICKET","expires_in":7200}',
    '{"expires_in":7200,"errmsg":"ok","ticket":"TICKET","errcode":0}',
    's:86:"TICKET";',
)


class StringTemplate(HiddenFields, Struct, frozen=True):
    """Parts of the signed string before and after one value; `location` is PAIR for several mistakes, or None."""

    hidden_fields = ("prefix", "suffix")

    prefix: bytes  # one of the two contains the ticket
    suffix: bytes
    ticket: CandidateTicket
    mistakes: Mistakes
    location: MistakeLocation | None


class _PartVariant(HiddenFields, Struct, frozen=True):
    """One form of one part of the string."""

    hidden_fields = ("text",)

    text: str
    mistakes: Mistakes = ()
    ticket: CandidateTicket | None = None


class _StringPart(Struct, frozen=True):
    """A part of the string with its correct and wrong forms, the most common mistake first.

    `rare` forms are tried with everything else correct only.
    """

    location: MistakeLocation
    correct: tuple[_PartVariant, ...]
    wrong: tuple[_PartVariant, ...]
    rare: tuple[_PartVariant, ...] = ()


def _wrong(text: str, kind: MistakeKind, signed: str = "", expected: str = "") -> _PartVariant:
    return _PartVariant(text, (Mistake(kind, signed, expected),))


class StringVariants:
    """All templates for the signed string, by number of mistakes; an empty appid is unknown."""

    def __init__(self, nonce: str, timestamp: str, appid: str, tickets: tuple[CandidateTicket, ...]) -> None:
        self._appid = appid
        names = (_wrong(name, MistakeKind.NONCE_NAME, name, "noncestr") for name in _WRONG_NONCE_NAMES)
        wrong_timestamps = (_wrong(text, kind, text, timestamp) for kind, text in _wrong_timestamps(timestamp))
        layout = _PartVariant(_CORRECT_LAYOUT)
        self._parts = (
            _StringPart(MistakeLocation.NONCE, (_PartVariant("noncestr"),), tuple(names)),
            _StringPart(
                MistakeLocation.NONCE,
                (_PartVariant(nonce),),
                (*_nonce_variants(nonce), *_missing_value_words(MistakeKind.NO_NONCE, nonce)[:_COMMON_WORDS]),
                _missing_value_words(MistakeKind.NO_NONCE, nonce, NONCE_WORDS)[_COMMON_WORDS:],
            ),
            _StringPart(MistakeLocation.STRING, (layout,), tuple(_layout_variants(appid))),
            _StringPart(
                MistakeLocation.TIMESTAMP,
                (_configured_timestamp(timestamp),),
                (*wrong_timestamps, *_missing_value_words(MistakeKind.NO_TIMESTAMP, timestamp)[:_COMMON_WORDS]),
                _missing_value_words(MistakeKind.NO_TIMESTAMP, timestamp, TIMESTAMP_WORDS)[_COMMON_WORDS:],
            ),
            _ticket_part(tickets),
        )
        self.close_timestamps = (
            *_timestamps_again(timestamp, range(1, _AGAIN_S + 1)),
            *_millisecond_timestamps(timestamp),
        )
        distant = chain(range(1, _AGAIN_MAX_S + 1), range(7200, _HOURS_MAX * 3600 + 1, 3600), (DAY_S,))
        later_ms = _millisecond_timestamps(timestamp, range(_MS_OFFSET_MAX + 1, _MS_AGAIN_MAX + 1))
        self.swept_timestamps = (*later_ms, *_timestamps_again(timestamp, distant), *_fractions(timestamp))

    def correct(self) -> Iterator[StringTemplate]:
        """Return the correct template; several if more than one ticket may be the current one."""
        return self._templates(())

    def with_one_mistake(self) -> Iterator[StringTemplate]:
        return chain.from_iterable(self._templates((part,), with_rare=True) for part in self._parts)

    def with_common_mistake(self) -> Iterator[StringTemplate]:
        """Return those of `with_one_mistake` that are combined with wrong URLs."""
        return chain.from_iterable(self._templates((part,)) for part in self._parts)

    def with_two_mistakes(self) -> Iterator[StringTemplate]:
        return chain.from_iterable(self._templates(pair) for pair in combinations(self._parts, 2))

    def around_timestamp(self, url: str, *, with_mistake: bool) -> Iterator[StringTemplate]:
        """Return templates for timestamps; the string around them has one mistake or none."""
        if not with_mistake:
            return self._templates((), "{timestamp}", url)
        others = [part for part in self._parts if part.location is not MistakeLocation.TIMESTAMP]
        ranks = zip_longest(*(self._templates((part,), "{timestamp}", url) for part in others))
        return (template for rank in ranks for template in rank if template is not None)

    def _templates(
        self, wrong: tuple[_StringPart, ...], placeholder: str = "{url}", url: str = "", *, with_rare: bool = False
    ) -> Iterator[StringTemplate]:
        location = None if not wrong else wrong[0].location if len(wrong) == 1 else MistakeLocation.PAIR
        values = {"appid": self._appid, "url": url}
        rare = [part.rare if with_rare else () for part in self._parts]
        forms = (
            part.wrong + more if part in wrong else part.correct for part, more in zip(self._parts, rare, strict=True)
        )
        for name, nonce, layout, timestamp, ticket in product(*forms):
            if ticket.ticket is None or (len(wrong) > 1 and len(ticket.mistakes) > 1):
                continue  # this ticket already means two mistakes
            values |= {"ticket": ticket.text, "name": name.text, "nonce": nonce.text, "timestamp": timestamp.text}
            before, _, after = layout.text.partition(placeholder)
            prefix, suffix = (part.format_map(values).encode(errors="surrogatepass") for part in (before, after))
            mistakes = ticket.mistakes + name.mistakes + nonce.mistakes + timestamp.mistakes + layout.mistakes
            yield StringTemplate(prefix, suffix, ticket.ticket, mistakes, location)


def _ticket_part(tickets: tuple[CandidateTicket, ...]) -> _StringPart:
    distinct = {ticket.value: ticket for ticket in reversed(tickets) if ticket.value}
    forms = [_PartVariant(ticket.value, ticket.mistakes, ticket) for ticket in reversed(distinct.values())]
    correct = tuple(form for form in forms if not form.mistakes)
    with_whitespace = tuple(
        _PartVariant(form.text + space, (Mistake(MistakeKind.TICKET_WHITESPACE, space),), form.ticket)
        for form in correct
        for space in _WHITESPACE
    )
    other_values = tuple(form for form in forms if form.mistakes)
    owners = tuple(form.ticket for form in correct[:1] if form.ticket is not None)
    words = tuple(
        _PartVariant(word, (Mistake(MistakeKind.NO_TICKET, word),), owner)
        for owner in owners
        for word in dict.fromkeys((*MISSING_VALUE_WORDS, *TICKET_WORDS, *(ticket.appid for ticket in tickets[:1])))
        if word not in distinct
    )
    spellings = tuple(spelling for form in correct for spelling in _ticket_spellings(form))
    return _StringPart(
        MistakeLocation.TICKET,
        correct,
        words[:_COMMON_WORDS] + with_whitespace + other_values,
        words[_COMMON_WORDS:] + spellings,
    )


def _ticket_spellings(form: _PartVariant) -> Iterator[_PartVariant]:
    """Yield the ticket in quotes, in other case, with white space before it, and inside the reply of getticket."""
    value = form.text
    for kind, text in (
        *((MistakeKind.TICKET_QUOTED, f"{before}{value}{after}") for before, after in _TICKET_QUOTES),
        *((MistakeKind.TICKET_REPLY, reply.replace("TICKET", value)) for reply in _TICKET_REPLIES),
        *((MistakeKind.TICKET_CUT, value[:end]) for end in range(len(value) - 1, 0, -1)),
        *((MistakeKind.TICKET_CUT, value[start:]) for start in range(1, len(value) // 2)),
        (MistakeKind.TICKET_CASE, value.lower()),
        (MistakeKind.TICKET_CASE, value.upper()),
        *((MistakeKind.TICKET_WHITESPACE, before + value) for before in (" ", "\n", "\ufeff", "\t")),
        *((MistakeKind.TICKET_WHITESPACE, value + after) for after in ("\t", "\r", "  ", "\n\n", "\0")),
    ):
        if text != value:
            yield _PartVariant(text, (Mistake(kind),), form.ticket)


def _nonce_variants(nonce: str) -> Iterator[_PartVariant]:
    for other in dict.fromkeys((nonce.lower(), nonce.upper(), nonce.swapcase())):
        if other != nonce:
            yield _wrong(other, MistakeKind.NONCE_CASE, other, nonce)
    for other in dict.fromkeys((nonce.strip(), *(nonce + space for space in _WHITESPACE))):
        if other != nonce:
            yield _wrong(other, MistakeKind.NONCE_WHITESPACE, other, nonce)


def _missing_value_words(kind: MistakeKind, expected: str, more: tuple[str, ...] = ()) -> tuple[_PartVariant, ...]:
    words = (word for word in (*MISSING_VALUE_WORDS, *more) if word != expected)
    return tuple(_wrong(word, kind, word, expected) for word in words)


def _is_milliseconds(timestamp: str) -> bool:
    return timestamp.isdigit() and len(timestamp) >= _MS_DIGITS_MIN


def _configured_timestamp(timestamp: str) -> _PartVariant:
    """Return the timestamp of `wx.config`, which may be wrong itself."""
    if _is_milliseconds(timestamp):
        return _wrong(timestamp, MistakeKind.TIMESTAMP_MS_BOTH, timestamp, timestamp[:-3])
    if not timestamp.isdigit():
        return _wrong(timestamp, MistakeKind.TIMESTAMP_FRACTION, timestamp, timestamp.partition(".")[0])
    return _PartVariant(timestamp)


def _wrong_timestamps(timestamp: str) -> Iterator[tuple[MistakeKind, str]]:
    whole, _, fraction = timestamp.partition(".")
    if fraction:
        yield MistakeKind.TIMESTAMP_FRACTION, whole
        yield MistakeKind.TIMESTAMP_MS, whole + (fraction + "000")[:3]
    elif _is_milliseconds(timestamp):
        yield MistakeKind.TIMESTAMP_SECONDS, timestamp[:-3]
        yield MistakeKind.TIMESTAMP_SECONDS, str((int(timestamp) + 500) // 1000)  # Math.round
        yield MistakeKind.TIMESTAMP_FRACTION, f"{timestamp[:-3]}.{timestamp[-3:]}"
    else:
        yield MistakeKind.TIMESTAMP_MS, timestamp + "000"
        yield MistakeKind.TIMESTAMP_FRACTION, timestamp + ".0"
    yield MistakeKind.TIMESTAMP_QUOTED, f'"{timestamp}"'
    yield MistakeKind.TIMESTAMP_QUOTED, f"'{timestamp}'"


def _millisecond_timestamps(
    timestamp: str, offsets_ms: Iterable[int] = range(-_MS_OFFSET_MAX, _MS_OFFSET_MAX + 1)
) -> Iterator[tuple[str, Mistakes]]:
    """Yield times in milliseconds; by default those that give this whole second if they are cut or rounded."""
    if not timestamp.isdigit() or _is_milliseconds(timestamp):
        return
    for offset_ms in offsets_ms:
        if offset_ms:
            text = str(int(timestamp) * 1000 + offset_ms)
            yield text, (Mistake(MistakeKind.TIMESTAMP_MS, text, timestamp),)


def _timestamps_again(timestamp: str, offsets_s: Iterable[int]) -> Iterator[tuple[str, Mistakes]]:
    """Yield the times at which the clock may have been read for the string, seconds before or after the other time."""
    if not timestamp.isdigit():
        return
    unit = 1000 if _is_milliseconds(timestamp) else 1
    for offset_s in offsets_s:
        for signed in (int(timestamp) + offset_s * unit, int(timestamp) - offset_s * unit):
            if signed > 0:
                yield str(signed), (Mistake(MistakeKind.TIMESTAMP_AGAIN, str(signed), timestamp),)


def _fractions(timestamp: str) -> Iterator[tuple[str, Mistakes]]:
    """Yield the second with each number of milliseconds behind a point, as Python's time() gives it."""
    if not timestamp.isdigit() or _is_milliseconds(timestamp):
        return
    for milliseconds in range(1, 1000):
        for text in dict.fromkeys((f"{timestamp}.{milliseconds:03}", f"{timestamp}.{milliseconds:03}".rstrip("0"))):
            yield text, (Mistake(MistakeKind.TIMESTAMP_FRACTION, text, timestamp),)


def _layout_variants(appid: str) -> Iterator[_PartVariant]:
    yield _wrong(_CORRECT_LAYOUT.replace("&times", "×"), MistakeKind.TIMES_SIGN, "×tamp", "&timestamp")
    yield _wrong(_CORRECT_LAYOUT.replace("&", "&amp;"), MistakeKind.HTML_AMPERSAND, "&amp;", "&")
    for name, wrong in (("timestamp", "timeStamp"), ("jsapi_ticket", "jsapiTicket"), ("jsapi_ticket", "ticket")):
        yield _wrong(_CORRECT_LAYOUT.replace(name + "=", wrong + "="), MistakeKind.FIELD_NAME, wrong, name)
    if appid:
        for name in ("appId", "appid"):
            field_ = name + "={appid}"
            for layout in (f"{field_}&{_CORRECT_LAYOUT}", f"{_CORRECT_LAYOUT}&{field_}"):
                yield _wrong(layout, MistakeKind.APPID_FIELD, name)
    for order in permutations(_FIELDS):
        layout = "&".join(order)
        if layout != _CORRECT_LAYOUT:
            yield _wrong(layout, MistakeKind.FIELD_ORDER, _field_names(layout), _field_names(_CORRECT_LAYOUT))


def _field_names(layout: str) -> str:
    return ", ".join(part.partition("=")[0] for part in layout.replace("{name}", "noncestr").split("&"))
