"""The ways in which ticket, nonce and timestamp are put around the URL: the right one and the wrong ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, permutations, product

from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket
from guarddog_gui.domain.diagnosis.mistakes import Group, Mistake, MistakeKind, Mistakes

_FIELDS = ("jsapi_ticket={ticket}", "{name}={nonce}", "timestamp={timestamp}", "url={url}")
_RIGHT = "&".join(_FIELDS)
_NAMES = ("nonceStr", "nonce_str", "nonce", "noncestring", "NonceStr", "nonceString")
_BLANKS = ("\n", " ", "\r\n")
_MS_DIGITS = 12  # so many and more are milliseconds
_MS_APART = 999  # between the moment that was signed and the whole second in wx.config


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after one value in the string that is signed.

    `group` is where its mistake is: PAIR for several, None for none.
    """

    before: bytes = field(repr=False)  # the ticket is in one of the two
    after: bytes = field(repr=False)
    ticket: KnownTicket
    mistakes: Mistakes
    group: Group | None


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What is signed besides the URL, as `wx.config` has it; an empty appid is unknown."""

    nonce: str
    timestamp: str
    appid: str
    tickets: tuple[KnownTicket, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of one part of the string."""

    text: str
    mistakes: Mistakes = ()
    ticket: KnownTicket | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the string, with its forms; the commonest mistake comes first."""

    group: Group
    right: tuple[_Form, ...]
    wrong: tuple[_Form, ...]


class StringVariants:
    """Every way to put the ingredients around a URL, by the number of mistakes."""

    def __init__(self, signed: Ingredients) -> None:
        self._appid = signed.appid
        self._parts = (
            _Part(Group.NONCE, (_Form("noncestr"),), _names()),
            _Part(Group.NONCE, (_Form(signed.nonce),), tuple(_nonces(signed.nonce))),
            _Part(Group.STRING, (_Form(_RIGHT),), tuple(_layouts(signed.appid))),
            _Part(Group.TIMESTAMP, (_time(signed.timestamp),), tuple(_times(signed.timestamp))),
            _tickets(signed.tickets),
        )
        self.moments = tuple(_moments(signed.timestamp))

    def right(self) -> Iterator[Frame]:
        """The string as it has to be; several where several tickets may be the right one."""
        return self._frames(())

    def once(self) -> Iterator[Frame]:
        """Those with one mistake."""
        return chain.from_iterable(self._frames((part,)) for part in self._parts)

    def twice(self) -> Iterator[Frame]:
        """Those with one mistake in each of two parts."""
        return chain.from_iterable(self._frames(pair) for pair in combinations(self._parts, 2))

    def around_moment(self, url: str, *, wrong: bool) -> Iterator[Frame]:
        """What stands around the timestamp, for each of `moments`; with a mistake of its own, or right."""
        others = [part for part in self._parts if part.group is not Group.TIMESTAMP]
        chosen = [(part,) for part in others] if wrong else [()]
        return chain.from_iterable(self._frames(parts, "{timestamp}", url) for parts in chosen)

    def _frames(self, wrong: tuple[_Part, ...], hole: str = "{url}", url: str = "") -> Iterator[Frame]:
        """Every frame with these parts in a wrong form."""
        group = None if not wrong else wrong[0].group if len(wrong) == 1 else Group.PAIR
        forms = (part.wrong if part in wrong else part.right for part in self._parts)
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
            before, _, after = layout.text.partition(hole)
            yield Frame(
                _bytes(before.format_map(values)),
                _bytes(after.format_map(values)),
                ticket.ticket,
                ticket.mistakes + name.mistakes + nonce.mistakes + timestamp.mistakes + layout.mistakes,
                group,
            )


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _tickets(known: tuple[KnownTicket, ...]) -> _Part:
    distinct = {ticket.value: ticket for ticket in reversed(known) if ticket.value}
    forms = [_Form(ticket.value, ticket.mistakes, ticket) for ticket in reversed(distinct.values())]
    right = tuple(form for form in forms if not form.mistakes)
    blank = tuple(
        _Form(form.text + blank, (Mistake(MistakeKind.TICKET_BLANK, blank),), form.ticket)
        for form in right
        for blank in _BLANKS
    )
    return _Part(Group.TICKET, right, blank + tuple(form for form in forms if form.mistakes))


def _names() -> tuple[_Form, ...]:
    return tuple(_Form(name, (Mistake(MistakeKind.NONCE_NAME, name, "noncestr"),)) for name in _NAMES)


def _nonces(nonce: str) -> Iterator[_Form]:
    for other in dict.fromkeys((nonce.lower(), nonce.upper(), nonce.swapcase())):
        if other != nonce:
            yield _Form(other, (Mistake(MistakeKind.NONCE_CASE, other, nonce),))
    for other in dict.fromkeys((nonce.strip(), *(nonce + blank for blank in _BLANKS))):
        if other != nonce:
            yield _Form(other, (Mistake(MistakeKind.NONCE_BLANK, other, nonce),))


def _is_ms(timestamp: str) -> bool:
    return timestamp.isdigit() and len(timestamp) >= _MS_DIGITS


def _time(timestamp: str) -> _Form:
    """The timestamp of `wx.config`, which may be a mistake itself."""
    if _is_ms(timestamp):
        return _Form(timestamp, (Mistake(MistakeKind.TIME_MS_BOTH, timestamp, timestamp[:-3]),))
    if not timestamp.isdigit():
        return _Form(timestamp, (Mistake(MistakeKind.TIME_FRACTION, timestamp, timestamp.partition(".")[0]),))
    return _Form(timestamp)


def _times(timestamp: str) -> Iterator[_Form]:
    for kind, text in _other_times(timestamp):
        yield _Form(text, (Mistake(kind, text, timestamp),))


def _other_times(timestamp: str) -> Iterator[tuple[MistakeKind, str]]:
    whole, _, fraction = timestamp.partition(".")
    if fraction:
        yield MistakeKind.TIME_FRACTION, whole
        yield MistakeKind.TIME_MS, whole + (fraction + "000")[:3]
    elif _is_ms(timestamp):
        yield MistakeKind.TIME_SECONDS, timestamp[:-3]
        yield MistakeKind.TIME_SECONDS, str((int(timestamp) + 500) // 1000)  # Math.round
        yield MistakeKind.TIME_FRACTION, f"{timestamp[:-3]}.{timestamp[-3:]}"
    else:
        yield MistakeKind.TIME_MS, timestamp + "000"
        yield MistakeKind.TIME_FRACTION, timestamp + ".0"
    yield MistakeKind.TIME_QUOTED, f'"{timestamp}"'
    yield MistakeKind.TIME_QUOTED, f"'{timestamp}'"


def _moments(timestamp: str) -> Iterator[tuple[str, Mistakes]]:
    """The milliseconds that make this whole second when they are cut or rounded."""
    if not timestamp.isdigit() or _is_ms(timestamp):
        return
    for apart in range(-_MS_APART, _MS_APART + 1):
        text = str(int(timestamp) * 1000 + apart)
        if apart:
            yield text, (Mistake(MistakeKind.TIME_MS, text, timestamp),)


def _layouts(appid: str) -> Iterator[_Form]:
    yield _Form(_RIGHT.replace("&times", "×"), (Mistake(MistakeKind.TIMES_SIGN, "×tamp", "&timestamp"),))
    yield _Form(_RIGHT.replace("&", "&amp;"), (Mistake(MistakeKind.AMP, "&amp;", "&"),))
    for name, wrong in (
        ("timestamp", "timeStamp"),
        ("jsapi_ticket", "jsapiTicket"),
        ("jsapi_ticket", "ticket"),
    ):
        yield _Form(_RIGHT.replace(name + "=", wrong + "="), (Mistake(MistakeKind.FIELD_NAME, wrong, name),))
    if appid:
        for name in ("appId", "appid"):
            field_ = name + "={appid}"
            for layout in (f"{field_}&{_RIGHT}", f"{_RIGHT}&{field_}"):
                yield _Form(layout, (Mistake(MistakeKind.APPID_FIELD, name),))
    for order in permutations(_FIELDS):
        layout = "&".join(order)
        if layout != _RIGHT:
            yield _Form(layout, (Mistake(MistakeKind.FIELD_ORDER, _names_in(layout), _names_in(_RIGHT)),))


def _names_in(layout: str) -> str:
    """`jsapi_ticket, noncestr, timestamp, url`."""
    return ", ".join(part.partition("=")[0] for part in layout.replace("{name}", "noncestr").split("&"))
