"""The errcode catalogue: what WeChat's numbers mean, their kind and what to do, in two languages."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from guarddog_gui.domain.errors import InternalError

DAY_S = 86_400
BEIJING_UTC_OFFSET_S = 8 * 3600  # UTC+8 all year
QUOTA_RESET_DELAY_S = (
    600  # no page states when quotas come back: midnight in Beijing and ten minutes to be sure
)

TOMORROW = "tomorrow"
NEXT_MONTH = "next-month"
ACCOUNT_FIELDS = frozenset({"appid", "secret", "ip-list", "endpoint", "platform"})

_BEIJING = timezone(timedelta(seconds=BEIJING_UTC_OFFSET_S))
_CHINESE = frozenset({"zh", "zh_CN"})


class ErrcodeKind(StrEnum):
    """Whose move is next: time's (transient, quota), ours (token, request) or a person's (the others)."""

    TRANSIENT = "transient"
    TOKEN = "token"  # noqa: S105 - a kind, not a token
    CONFIG = "config"
    QUOTA = "quota"
    PERMISSION = "permission"
    REQUEST = "request"
    UNKNOWN = "unknown"  # a number that the catalogue does not have


@dataclass(frozen=True, slots=True)
class WaitRule:
    """How long to leave it alone: `seconds`, or `until` TOMORROW or NEXT_MONTH; exactly one of them."""

    seconds: int | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.until is None):
            raise InternalError("a Wait has either seconds or until")
        if self.seconds is not None and self.seconds <= 0:
            raise InternalError("a Wait takes seconds above 0")
        if self.until not in (None, TOMORROW, NEXT_MONTH):
            raise InternalError(f"a Wait cannot be until {self.until}")


@dataclass(frozen=True, slots=True)
class Errcode:
    """One number. `kind_at` names the calls where the kind is another one.

    `page` is the https address where a person can fix it, for an official account where the platforms differ;
    `look_at` is the field of the account (one of LOOK_AT) to look at, unless `kind_for` says TOKEN.
    """

    code: int
    kind: ErrcodeKind
    kind_by_endpoint: tuple[tuple[str, ErrcodeKind], ...]
    meaning_en: str
    meaning_zh: str
    fix_en: str
    fix_zh: str
    endpoints: tuple[str, ...]
    wait: WaitRule | None = None
    help_url: str | None = None
    account_field: str | None = None

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

    def kind_for(self, endpoint: str) -> ErrcodeKind:
        """Its kind when this call (`stable_token`, `getticket` …) answered with it."""
        return dict(self.kind_by_endpoint).get(endpoint, self.kind)


class ErrcodeCatalog:
    """All errcodes that we can explain."""

    __slots__ = ("_by_code",)

    def __init__(self, errcodes: tuple[Errcode, ...]) -> None:
        self._by_code = {errcode.code: errcode for errcode in errcodes}
        if len(self._by_code) != len(errcodes):
            twins = sorted(e.code for e in errcodes if self._by_code[e.code] is not e)
            raise InternalError(f"errcode {twins[0]}: code is there twice")

    @classmethod
    def from_json(cls, text: str) -> "ErrcodeCatalog":
        """Read the text of `resources/errcodes.json`, which tests/domain/wechat/catalog_checks.py validates.

        Raises InternalError for an incomplete installation.
        """
        try:
            return cls(tuple(map(_errcode_from_dict, json.loads(text))))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise InternalError(f"errcodes: {error!r}") from error

    def find(self, code: int) -> Errcode | None:
        """The errcode with this number."""
        return self._by_code.get(code)

    def kind_for(self, code: int, endpoint: str) -> ErrcodeKind:
        """Its kind when this call answered with it; UNKNOWN if nobody told us about it."""
        errcode = self._by_code.get(code)
        return errcode.kind_for(endpoint) if errcode else ErrcodeKind.UNKNOWN

    def codes(self) -> tuple[int, ...]:
        """All numbers, ascending."""
        return tuple(sorted(self._by_code))


def wait_ends_at(wait: WaitRule, now: float) -> float:
    """Unix seconds at which the wait that began at `now` is over.

    Tomorrow begins ten minutes after midnight in Beijing, and so does the first day of next month.
    """
    if wait.seconds is not None:
        return now + wait.seconds
    if wait.until == TOMORROW:
        return beijing_day_start(now - QUOTA_RESET_DELAY_S) + DAY_S + QUOTA_RESET_DELAY_S
    day = datetime.fromtimestamp(now - QUOTA_RESET_DELAY_S, _BEIJING)
    years, month = divmod(day.month, 12)
    return datetime(day.year + years, month + 1, 1, tzinfo=_BEIJING).timestamp() + QUOTA_RESET_DELAY_S


def beijing_day_start(now: float) -> float:
    """Unix seconds of the last midnight in Beijing, where WeChat's days begin."""
    return (now + BEIJING_UTC_OFFSET_S) // DAY_S * DAY_S - BEIJING_UTC_OFFSET_S


def beijing_month_start(now: float) -> float:
    """Unix seconds of the midnight in Beijing with which the month began."""
    day = datetime.fromtimestamp(now, _BEIJING)
    return datetime(day.year, day.month, 1, tzinfo=_BEIJING).timestamp()


def _errcode_from_dict(fields: dict[str, Any]) -> Errcode:
    return Errcode(
        code=fields["code"],
        kind=ErrcodeKind(fields["kind"]),
        kind_by_endpoint=tuple((name, ErrcodeKind(kind)) for name, kind in fields.get("kind_at", {}).items()),
        meaning_en=fields["en"],
        meaning_zh=fields["zh"],
        fix_en=fields["fix_en"],
        fix_zh=fields["fix_zh"],
        endpoints=tuple(fields["endpoints"]),
        wait=WaitRule(**fields["wait"]) if "wait" in fields else None,
        help_url=fields.get("page"),
        account_field=fields.get("look_at"),
    )
