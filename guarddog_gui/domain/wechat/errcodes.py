"""The errcode catalogue: what WeChat's numbers mean, their kind and what to do, in two languages."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from guarddog_gui.domain.errors import OurBug

DAY_S = 86_400
BEIJING_AHEAD_S = 8 * 3600  # UTC+8 all year
AFTER_MIDNIGHT_S = 600  # no page states when quotas come back: midnight in Beijing and ten minutes to be sure

TOMORROW = "tomorrow"
NEXT_MONTH = "next-month"
LOOK_AT = frozenset({"appid", "secret", "ip-list", "endpoint", "platform"})

_BEIJING = timezone(timedelta(seconds=BEIJING_AHEAD_S))
_CHINESE = frozenset({"zh", "zh_CN"})
_FIELDS = frozenset(
    ("code", "kind", "kind_at", "en", "zh", "fix_en", "fix_zh", "endpoints", "wait", "page", "look_at")
)


class ErrKind(StrEnum):
    """Whose move is next: time's (transient, quota), ours (token, request) or a person's (the others)."""

    TRANSIENT = "transient"
    TOKEN = "token"  # noqa: S105 - a kind, not a token
    CONFIG = "config"
    QUOTA = "quota"
    PERMISSION = "permission"
    REQUEST = "request"
    UNKNOWN = "unknown"  # a number that the catalogue does not have


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to leave it alone: `seconds`, or `until` TOMORROW or NEXT_MONTH; exactly one of them."""

    seconds: int | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.until is None):
            raise OurBug("a Wait has either seconds or until")
        if self.seconds is not None and self.seconds <= 0:
            raise OurBug("a Wait takes seconds above 0")
        if self.until not in (None, TOMORROW, NEXT_MONTH):
            raise OurBug(f"a Wait cannot be until {self.until}")


@dataclass(frozen=True, slots=True)
class Errcode:
    """One number. `kind_at` names the calls where the kind is another one.

    `page` is the https address where a person can fix it, for an official account where the platforms differ;
    `look_at` is the field of the account (one of LOOK_AT) to look at, unless `kind_for` says TOKEN.
    """

    code: int
    kind: ErrKind
    kind_at: tuple[tuple[str, ErrKind], ...]
    meaning_en: str
    meaning_zh: str
    fix_en: str
    fix_zh: str
    endpoints: tuple[str, ...]
    wait: Wait | None = None
    page: str | None = None
    look_at: str | None = None

    def meaning(self, lang: str) -> str:
        """What happened, as a sentence."""
        return self.meaning_zh if lang in _CHINESE else self.meaning_en

    def fix(self, lang: str) -> str:
        """What to do next, in a sentence or a few."""
        return self.fix_zh if lang in _CHINESE else self.fix_en

    @property
    def is_success(self) -> bool:
        """It is no error: whatever its kind, there is nothing to mend and nobody's move."""
        return self.code == 0

    def kind_for(self, endpoint: str) -> ErrKind:
        """Its kind when this call (`stable_token`, `getticket` …) answered with it."""
        return dict(self.kind_at).get(endpoint, self.kind)


class Catalogue:
    """All errcodes that we can explain."""

    __slots__ = ("_by_code",)

    def __init__(self, errcodes: tuple[Errcode, ...]) -> None:
        self._by_code = {errcode.code: errcode for errcode in errcodes}
        if len(self._by_code) != len(errcodes):
            twins = sorted(e.code for e in errcodes if self._by_code[e.code] is not e)
            raise OurBug(f"errcode {twins[0]}: code is there twice")

    @classmethod
    def from_text(cls, text: str) -> "Catalogue":
        """Read the text of `resources/errcodes.json`. Raises OurBug that names the code and the field."""
        try:
            items = json.loads(text)
        except ValueError as broken:
            raise OurBug(f"errcodes: not JSON, {broken}") from broken
        if not isinstance(items, list):
            raise OurBug("errcodes: not a list")
        return cls(tuple(_errcode(place, item) for place, item in enumerate(items, 1)))

    def find(self, code: int) -> Errcode | None:
        """The errcode with this number."""
        return self._by_code.get(code)

    def kind(self, code: int, endpoint: str) -> ErrKind:
        """Its kind when this call answered with it; UNKNOWN if nobody told us about it."""
        errcode = self._by_code.get(code)
        return errcode.kind_for(endpoint) if errcode else ErrKind.UNKNOWN

    def codes(self) -> tuple[int, ...]:
        """All numbers, ascending."""
        return tuple(sorted(self._by_code))


def wait_until(wait: Wait, now: float) -> float:
    """Unix seconds at which the wait that began at `now` is over.

    Tomorrow begins ten minutes after midnight in Beijing, and so does the first day of next month.
    """
    if wait.seconds is not None:
        return now + wait.seconds
    if wait.until == TOMORROW:
        return beijing_day_start(now - AFTER_MIDNIGHT_S) + DAY_S + AFTER_MIDNIGHT_S
    day = datetime.fromtimestamp(now - AFTER_MIDNIGHT_S, _BEIJING)
    years, month = divmod(day.month, 12)
    return datetime(day.year + years, month + 1, 1, tzinfo=_BEIJING).timestamp() + AFTER_MIDNIGHT_S


def beijing_day_start(now: float) -> float:
    """Unix seconds of the last midnight in Beijing, where WeChat's days begin."""
    return (now + BEIJING_AHEAD_S) // DAY_S * DAY_S - BEIJING_AHEAD_S


def beijing_month_start(now: float) -> float:
    """Unix seconds of the midnight in Beijing with which the month began."""
    day = datetime.fromtimestamp(now, _BEIJING)
    return datetime(day.year, day.month, 1, tzinfo=_BEIJING).timestamp()


def _errcode(place: int, item: object) -> Errcode:
    if not isinstance(item, dict):
        raise OurBug(f"errcodes: item {place} is not an object")
    code = item.get("code")
    if not isinstance(code, int) or isinstance(code, bool):
        raise OurBug(f"errcodes: item {place}: code is not a whole number")
    unknown = sorted(set(item) - _FIELDS)
    if unknown:
        raise OurBug(f"errcode {code}: {unknown[0]} is not a field")
    endpoints = item.get("endpoints")
    if not isinstance(endpoints, list) or not all(isinstance(name, str) and name for name in endpoints):
        raise OurBug(f"errcode {code}: endpoints is not a list of names")
    return Errcode(
        code=code,
        kind=_kind(code, "kind", item.get("kind")),
        kind_at=_kind_at(code, item.get("kind_at", {}), endpoints),
        meaning_en=_text(code, item, "en"),
        meaning_zh=_text(code, item, "zh"),
        fix_en=_text(code, item, "fix_en"),
        fix_zh=_text(code, item, "fix_zh"),
        endpoints=tuple(endpoints),
        wait=_wait(code, item.get("wait")),
        page=_page(code, item.get("page")),
        look_at=_look_at(code, item.get("look_at")),
    )


def _kind(code: int, field: str, word: object) -> ErrKind:
    if not isinstance(word, str) or word not in set(ErrKind) - {ErrKind.UNKNOWN}:
        raise OurBug(f"errcode {code}: {field} is not a kind: {word}")
    return ErrKind(word)


def _kind_at(code: int, words: object, endpoints: list[str]) -> tuple[tuple[str, ErrKind], ...]:
    if not isinstance(words, dict) or not set(words) <= set(endpoints):
        raise OurBug(f"errcode {code}: kind_at does not name its own endpoints")
    return tuple((endpoint, _kind(code, "kind_at", word)) for endpoint, word in words.items())


def _text(code: int, item: dict[str, object], field: str) -> str:
    text = item.get(field)
    if not isinstance(text, str) or not text.strip():
        raise OurBug(f"errcode {code}: {field} is empty")
    return text


def _wait(code: int, fields: object) -> Wait | None:
    if fields is None:
        return None
    match fields:
        case {"seconds": int(seconds), **rest} if not rest and seconds > 0 and not isinstance(seconds, bool):
            return Wait(seconds=seconds)
        case {"until": "tomorrow" | "next-month" as until, **rest} if not rest:
            return Wait(until=until)
    raise OurBug(f"errcode {code}: wait is neither seconds nor until")


def _page(code: int, address: object) -> str | None:
    if address is not None and not (isinstance(address, str) and address.startswith("https://")):
        raise OurBug(f"errcode {code}: page is not an https address")
    return address


def _look_at(code: int, field: object) -> str | None:
    if field is not None and not (isinstance(field, str) and field in LOOK_AT):
        raise OurBug(f"errcode {code}: look_at is not a field of an account")
    return field
