"""The ways in which ticket, nonce and timestamp are put around the URL: the right one and the wrong ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, permutations, product

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation, Mistakes

_FIELDS = ("jsapi_ticket={ticket}", "{name}={nonce}", "timestamp={timestamp}", "url={url}")
_CORRECT_LAYOUT = "&".join(_FIELDS)
_WRONG_NONCE_NAMES = ("nonceStr", "nonce_str", "nonce", "noncestring", "NonceStr", "nonceString")
_WHITESPACE = ("\n", " ", "\r\n")
_MS_DIGITS_MIN = 12  # so many and more are milliseconds
_MS_OFFSET_MAX = 999  # between the moment that was signed and the whole second in wx.config


@dataclass(frozen=True, slots=True)
class StringTemplate:
    """What stands before and after one value in the string that is signed.

    `group` is where its mistake is: PAIR for several, None for none.
    """

    prefix: bytes = field(repr=False)  # the ticket is in one of the two
    suffix: bytes = field(repr=False)
    ticket: CandidateTicket
    mistakes: Mistakes
    location: MistakeLocation | None


@dataclass(frozen=True, slots=True)
class SignedFields:
    """What is signed besides the URL, as `wx.config` has it; an empty appid is unknown."""

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
    """A part of the string, with its forms; the commonest mistake comes first."""

    location: MistakeLocation
    correct: tuple[_PartVariant, ...]
    wrong: tuple[_PartVariant, ...]


class StringVariants:
    """Every way to put the ingredients around a URL, by the number of mistakes."""

    def __init__(self, signed: SignedFields) -> None:
        self._appid = signed.appid
        self._parts = (
            _StringPart(MistakeLocation.NONCE, (_PartVariant("noncestr"),), _nonce_name_variants()),
            _StringPart(
                MistakeLocation.NONCE, (_PartVariant(signed.nonce),), tuple(_nonce_variants(signed.nonce))
            ),
            _StringPart(
                MistakeLocation.STRING,
                (_PartVariant(_CORRECT_LAYOUT),),
                tuple(_layout_variants(signed.appid)),
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
        """The string as it has to be; several where several tickets may be the right one."""
        return self._templates(())

    def with_one_mistake(self) -> Iterator[StringTemplate]:
        """Those with one mistake."""
        return chain.from_iterable(self._templates((part,)) for part in self._parts)

    def with_two_mistakes(self) -> Iterator[StringTemplate]:
        """Those with one mistake in each of two parts."""
        return chain.from_iterable(self._templates(pair) for pair in combinations(self._parts, 2))

    def around_timestamp(self, url: str, *, with_mistake: bool) -> Iterator[StringTemplate]:
        """What stands around the timestamp, for each of `moments`; with a mistake of its own, or right."""
        others = [part for part in self._parts if part.location is not MistakeLocation.TIMESTAMP]
        chosen = [(part,) for part in others] if with_mistake else [()]
        return chain.from_iterable(self._templates(parts, "{timestamp}", url) for parts in chosen)

    def _templates(
        self, wrong: tuple[_StringPart, ...], placeholder: str = "{url}", url: str = ""
    ) -> Iterator[StringTemplate]:
        """Every frame with these parts in a wrong form."""
        group = None if not wrong else wrong[0].location if len(wrong) == 1 else MistakeLocation.PAIR
        forms = (part.wrong if part in wrong else part.correct for part in self._parts)
        for name, nonce, layout, timestamp, ticket in product(*forms):
            if ticket.ticket is None or (len(wrong) > 1 and len(ticket.mistakes) > 1):
                continue  # two mistakes with the ticket alone are enough
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
                group,
            )


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _ticket_part(tickets: tuple[CandidateTicket, ...]) -> _StringPart:
    distinct = {ticket.value: ticket for ticket in reversed(tickets) if ticket.value}
    forms = [_PartVariant(ticket.value, ticket.mistakes, ticket) for ticket in reversed(distinct.values())]
    right = tuple(form for form in forms if not form.mistakes)
    blank = tuple(
        _PartVariant(form.text + blank, (Mistake(MistakeKind.TICKET_WHITESPACE, blank),), form.ticket)
        for form in right
        for blank in _WHITESPACE
    )
    return _StringPart(MistakeLocation.TICKET, right, blank + tuple(form for form in forms if form.mistakes))


def _nonce_name_variants() -> tuple[_PartVariant, ...]:
    return tuple(
        _PartVariant(name, (Mistake(MistakeKind.NONCE_NAME, name, "noncestr"),))
        for name in _WRONG_NONCE_NAMES
    )


def _nonce_variants(nonce: str) -> Iterator[_PartVariant]:
    for other in dict.fromkeys((nonce.lower(), nonce.upper(), nonce.swapcase())):
        if other != nonce:
            yield _PartVariant(other, (Mistake(MistakeKind.NONCE_CASE, other, nonce),))
    for other in dict.fromkeys((nonce.strip(), *(nonce + blank for blank in _WHITESPACE))):
        if other != nonce:
            yield _PartVariant(other, (Mistake(MistakeKind.NONCE_WHITESPACE, other, nonce),))


def _is_milliseconds(timestamp: str) -> bool:
    return timestamp.isdigit() and len(timestamp) >= _MS_DIGITS_MIN


def _configured_timestamp(timestamp: str) -> _PartVariant:
    """The timestamp of `wx.config`, which may be a mistake itself."""
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
    """The milliseconds that make this whole second when they are cut or rounded."""
    if not timestamp.isdigit() or _is_milliseconds(timestamp):
        return
    for apart in range(-_MS_OFFSET_MAX, _MS_OFFSET_MAX + 1):
        text = str(int(timestamp) * 1000 + apart)
        if apart:
            yield text, (Mistake(MistakeKind.TIMESTAMP_MS, text, timestamp),)


def _layout_variants(appid: str) -> Iterator[_PartVariant]:
    yield _PartVariant(
        _CORRECT_LAYOUT.replace("&times", "×"), (Mistake(MistakeKind.TIMES_SIGN, "×tamp", "&timestamp"),)
    )
    yield _PartVariant(
        _CORRECT_LAYOUT.replace("&", "&amp;"), (Mistake(MistakeKind.HTML_AMPERSAND, "&amp;", "&"),)
    )
    for name, wrong in (
        ("timestamp", "timeStamp"),
        ("jsapi_ticket", "jsapiTicket"),
        ("jsapi_ticket", "ticket"),
    ):
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
                layout,
                (Mistake(MistakeKind.FIELD_ORDER, _field_names(layout), _field_names(_CORRECT_LAYOUT)),),
            )


def _field_names(layout: str) -> str:
    """`jsapi_ticket, noncestr, timestamp, url`."""
    return ", ".join(part.partition("=")[0] for part in layout.replace("{name}", "noncestr").split("&"))
