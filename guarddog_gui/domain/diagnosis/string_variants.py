"""Correct and wrong ways to combine ticket, nonce and timestamp with the URL into the signed string."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, permutations, product

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes

_FIELDS = ("jsapi_ticket={ticket}", "{name}={nonce}", "timestamp={timestamp}", "url={url}")
_CORRECT_LAYOUT = "&".join(_FIELDS)
_WRONG_NONCE_NAMES = ("nonceStr", "nonce_str", "nonce", "noncestring", "NonceStr", "nonceString")
_WHITESPACE = ("\n", " ", "\r\n")
_MS_DIGITS_MIN = 12  # a number of at least this length is in milliseconds
_MS_OFFSET_MAX = 999  # between the signed time and the whole second in wx.config


@dataclass(frozen=True, slots=True)
class StringTemplate:
    """Parts of the signed string before and after one value.

    `location` is where its mistake is: PAIR for several, None for none.
    """

    prefix: bytes = field(repr=False)  # one of the two contains the ticket
    suffix: bytes = field(repr=False)
    ticket: CandidateTicket
    mistakes: Mistakes
    location: MistakeLocation | None


@dataclass(frozen=True, slots=True)
class SignedFields:
    """Fields that are signed besides the URL, as in `wx.config`; an empty appid is unknown."""

    nonce: str
    timestamp: str
    appid: str
    tickets: tuple[CandidateTicket, ...]


@dataclass(frozen=True, slots=True)
class _PartVariant:
    """One form of one part of the string."""

    text: str = field(repr=False)
    mistakes: Mistakes = ()
    ticket: CandidateTicket | None = None


@dataclass(frozen=True, slots=True)
class _StringPart:
    """A part of the string with its correct and wrong forms, the most common mistake first."""

    location: MistakeLocation
    correct: tuple[_PartVariant, ...]
    wrong: tuple[_PartVariant, ...]


class StringVariants:
    """All templates for the signed string, by number of mistakes."""

    def __init__(self, signed: SignedFields) -> None:
        self._appid = signed.appid
        self._parts = (
            _StringPart(MistakeLocation.NONCE, (_PartVariant("noncestr"),), _nonce_name_variants()),
            _StringPart(MistakeLocation.NONCE, (_PartVariant(signed.nonce),), tuple(_nonce_variants(signed.nonce))),
            _StringPart(
                MistakeLocation.STRING, (_PartVariant(_CORRECT_LAYOUT),), tuple(_layout_variants(signed.appid))
            ),
            _StringPart(
                MistakeLocation.TIMESTAMP,
                (_configured_timestamp(signed.timestamp),),
                tuple(_timestamp_variants(signed.timestamp)),
            ),
            _ticket_part(signed.tickets),
        )
        self.millisecond_timestamps = tuple(_millisecond_timestamps(signed.timestamp))

    def correct(self) -> Iterator[StringTemplate]:
        """Return the correct template; several if more than one ticket may be the current one."""
        return self._templates(())

    def with_one_mistake(self) -> Iterator[StringTemplate]:
        return chain.from_iterable(self._templates((part,)) for part in self._parts)

    def with_two_mistakes(self) -> Iterator[StringTemplate]:
        """Return the templates with one mistake in each of two parts."""
        return chain.from_iterable(self._templates(pair) for pair in combinations(self._parts, 2))

    def around_timestamp(self, url: str, *, with_mistake: bool) -> Iterator[StringTemplate]:
        """Return templates around the timestamp, for `millisecond_timestamps`.

        The part of the string around it has one mistake or none.
        """
        others = [part for part in self._parts if part.location is not MistakeLocation.TIMESTAMP]
        chosen = [(part,) for part in others] if with_mistake else [()]
        return chain.from_iterable(self._templates(parts, "{timestamp}", url) for parts in chosen)

    def _templates(
        self, wrong: tuple[_StringPart, ...], placeholder: str = "{url}", url: str = ""
    ) -> Iterator[StringTemplate]:
        """Yield every template with these parts in a wrong form."""
        location = None if not wrong else wrong[0].location if len(wrong) == 1 else MistakeLocation.PAIR
        forms = (part.wrong if part in wrong else part.correct for part in self._parts)
        for name, nonce, layout, timestamp, ticket in product(*forms):
            if ticket.ticket is None or (len(wrong) > 1 and len(ticket.mistakes) > 1):
                continue  # this ticket already means two mistakes
            values = {
                "ticket": ticket.text,
                "name": name.text,
                "nonce": nonce.text,
                "timestamp": timestamp.text,
                "appid": self._appid,
                "url": url,
            }
            before, _, after = layout.text.partition(placeholder)
            yield StringTemplate(
                _encode(before.format_map(values)),
                _encode(after.format_map(values)),
                ticket.ticket,
                ticket.mistakes + name.mistakes + nonce.mistakes + timestamp.mistakes + layout.mistakes,
                location,
            )


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _ticket_part(tickets: tuple[CandidateTicket, ...]) -> _StringPart:
    distinct = {ticket.value: ticket for ticket in reversed(tickets) if ticket.value}
    forms = [_PartVariant(ticket.value, ticket.mistakes, ticket) for ticket in reversed(distinct.values())]
    correct = tuple(form for form in forms if not form.mistakes)
    with_whitespace = tuple(
        _PartVariant(form.text + space, (Mistake(MistakeKind.TICKET_WHITESPACE, space),), form.ticket)
        for form in correct
        for space in _WHITESPACE
    )
    return _StringPart(
        MistakeLocation.TICKET, correct, with_whitespace + tuple(form for form in forms if form.mistakes)
    )


def _nonce_name_variants() -> tuple[_PartVariant, ...]:
    return tuple(
        _PartVariant(name, (Mistake(MistakeKind.NONCE_NAME, name, "noncestr"),)) for name in _WRONG_NONCE_NAMES
    )


def _nonce_variants(nonce: str) -> Iterator[_PartVariant]:
    for other in dict.fromkeys((nonce.lower(), nonce.upper(), nonce.swapcase())):
        if other != nonce:
            yield _PartVariant(other, (Mistake(MistakeKind.NONCE_CASE, other, nonce),))
    for other in dict.fromkeys((nonce.strip(), *(nonce + space for space in _WHITESPACE))):
        if other != nonce:
            yield _PartVariant(other, (Mistake(MistakeKind.NONCE_WHITESPACE, other, nonce),))


def _is_milliseconds(timestamp: str) -> bool:
    return timestamp.isdigit() and len(timestamp) >= _MS_DIGITS_MIN


def _configured_timestamp(timestamp: str) -> _PartVariant:
    """Return the timestamp of `wx.config`, which may be wrong itself."""
    if _is_milliseconds(timestamp):
        return _PartVariant(timestamp, (Mistake(MistakeKind.TIMESTAMP_MS_BOTH, timestamp, timestamp[:-3]),))
    if not timestamp.isdigit():
        return _PartVariant(
            timestamp, (Mistake(MistakeKind.TIMESTAMP_FRACTION, timestamp, timestamp.partition(".")[0]),)
        )
    return _PartVariant(timestamp)


def _timestamp_variants(timestamp: str) -> Iterator[_PartVariant]:
    for kind, text in _wrong_timestamps(timestamp):
        yield _PartVariant(text, (Mistake(kind, text, timestamp),))


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


def _millisecond_timestamps(timestamp: str) -> Iterator[tuple[str, Mistakes]]:
    """Yield the milliseconds that give this whole second if they are cut or rounded."""
    if not timestamp.isdigit() or _is_milliseconds(timestamp):
        return
    for offset_ms in range(-_MS_OFFSET_MAX, _MS_OFFSET_MAX + 1):
        text = str(int(timestamp) * 1000 + offset_ms)
        if offset_ms:
            yield text, (Mistake(MistakeKind.TIMESTAMP_MS, text, timestamp),)


def _layout_variants(appid: str) -> Iterator[_PartVariant]:
    yield _PartVariant(
        _CORRECT_LAYOUT.replace("&times", "×"), (Mistake(MistakeKind.TIMES_SIGN, "×tamp", "&timestamp"),)
    )
    yield _PartVariant(_CORRECT_LAYOUT.replace("&", "&amp;"), (Mistake(MistakeKind.HTML_AMPERSAND, "&amp;", "&"),))
    for name, wrong in (("timestamp", "timeStamp"), ("jsapi_ticket", "jsapiTicket"), ("jsapi_ticket", "ticket")):
        yield _PartVariant(
            _CORRECT_LAYOUT.replace(name + "=", wrong + "="), (Mistake(MistakeKind.FIELD_NAME, wrong, name),)
        )
    if appid:
        for name in ("appId", "appid"):
            field_ = name + "={appid}"
            for layout in (f"{field_}&{_CORRECT_LAYOUT}", f"{_CORRECT_LAYOUT}&{field_}"):
                yield _PartVariant(layout, (Mistake(MistakeKind.APPID_FIELD, name),))
    for order in permutations(_FIELDS):
        layout = "&".join(order)
        if layout != _CORRECT_LAYOUT:
            yield _PartVariant(
                layout, (Mistake(MistakeKind.FIELD_ORDER, _field_names(layout), _field_names(_CORRECT_LAYOUT)),)
            )


def _field_names(layout: str) -> str:
    """Return the names of a layout: `jsapi_ticket, noncestr, timestamp, url`."""
    return ", ".join(part.partition("=")[0] for part in layout.replace("{name}", "noncestr").split("&"))
