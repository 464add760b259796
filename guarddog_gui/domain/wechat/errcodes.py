"""Catalogue of WeChat's errcodes: meaning, kind and remedy of each, in English and Chinese."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, field
from msgspec.json import decode

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.tokens.expiry import DAY_S, HOUR_S
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.errcode_lists import ErrcodeLists

BEIJING_UTC_OFFSET_S = 8 * HOUR_S  # UTC+8 all year
# no page of WeChat's states when quotas are reset: assume midnight in Beijing, with ten minutes to be safe
QUOTA_RESET_DELAY_S = 600

MINI_PROGRAM_CONSOLE = "https://mp.weixin.qq.com"

TOMORROW = "tomorrow"
NEXT_MONTH = "next-month"
ACCOUNT_FIELDS = frozenset({"appid", "secret", "ip-list", "endpoint", "platform"})

_BEIJING = timezone(timedelta(seconds=BEIJING_UTC_OFFSET_S))
_SEARCHED_MAX = 10_000  # characters; the message is near the beginning of pasted text
_CHINESE = frozenset({"zh", "zh_CN"})
_JSON_NAMES = {
    "kind_by_endpoint": "kind_at", "meaning_en": "en", "meaning_zh": "zh", "help_url": "page",
    "account_field": "look_at", "errmsgs": "errmsg",
}  # fmt: skip


class ErrcodeKind(StrEnum):
    """Kind of an errcode, by what resolves it.

    TRANSIENT and QUOTA pass with time; TOKEN and REQUEST are for Guard Dog to resolve; CONFIG and PERMISSION
    need the user.
    """

    TRANSIENT = "transient"
    TOKEN = "token"  # noqa: S105 - a kind, not a token
    CONFIG = "config"
    QUOTA = "quota"
    PERMISSION = "permission"
    REQUEST = "request"
    UNKNOWN = "unknown"  # not in the catalogue


class WaitRule(Struct, frozen=True):
    """Time to wait after an errcode: either `seconds`, or `until` TOMORROW or NEXT_MONTH."""

    seconds: int | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.until is None):
            raise InternalError("a Wait has either seconds or until")
        if self.seconds is not None and self.seconds <= 0:
            raise InternalError("a Wait takes seconds above 0")
        if self.until not in (None, TOMORROW, NEXT_MONTH):
            raise InternalError(f"a Wait cannot be until {self.until}")


class Errcode(Struct, frozen=True, rename=_JSON_NAMES):
    """One errcode of the catalogue.

    kind_by_endpoint   calls for which the kind differs from `kind`
    wait               waiting time, if WeChat documents one
    help_url           https address where the user can fix it; for official accounts if platforms differ
    account_field      field of the account to check (one of ACCOUNT_FIELDS), unless the kind is TOKEN
    errmsgs            beginnings of the errmsg by which it is recognised without its number
    fix_official_en…   remedy with the console of one platform only, where the platforms have different consoles
    elsewhere_*        meaning of the number on the other host, if it is another one
    """

    code: int
    kind: ErrcodeKind
    meaning_en: str
    meaning_zh: str
    fix_en: str
    fix_zh: str
    endpoints: tuple[str, ...]
    kind_by_endpoint: dict[str, ErrcodeKind] = field(default_factory=dict)
    wait: WaitRule | None = None
    help_url: str | None = None
    account_field: str | None = None
    errmsgs: tuple[str, ...] = ()
    fix_official_en: str = ""
    fix_official_zh: str = ""
    fix_mini_program_en: str = ""
    fix_mini_program_zh: str = ""
    elsewhere_en: str = ""
    elsewhere_zh: str = ""

    def meaning(self, lang: str) -> str:
        return self.meaning_zh if lang in _CHINESE else self.meaning_en

    def fix(self, lang: str, platform: Platform | None = None) -> str:
        """Return the remedy; for a known platform with its console only."""
        english, chinese = {
            Platform.OFFICIAL: (self.fix_official_en, self.fix_official_zh),
            Platform.MINI_PROGRAM: (self.fix_mini_program_en, self.fix_mini_program_zh),
            None: ("", ""),
        }[platform]
        return chinese or self.fix_zh if lang in _CHINESE else english or self.fix_en

    def console_url(self, platform: Platform | None = None) -> str | None:
        """Return the page where the user can fix it; mini programs have most of their settings on another site."""
        is_elsewhere = platform is Platform.MINI_PROGRAM and self.fix_mini_program_en
        return MINI_PROGRAM_CONSOLE if is_elsewhere else self.help_url

    def elsewhere(self, lang: str) -> str:
        """Return the meaning of the number on the other host, or "" if it has no other one there."""
        return self.elsewhere_zh if lang in _CHINESE else self.elsewhere_en

    @property
    def host(self) -> ErrcodeHost:
        """Host of the calls that return the errcode; those of WeCom have names of their own."""
        is_work = all(endpoint.startswith("wecom_") for endpoint in self.endpoints)
        return ErrcodeHost.WORK if is_work else ErrcodeHost.API

    @property
    def search_text(self) -> str:
        texts = (self.meaning_en, self.meaning_zh, self.fix_en, self.fix_zh, *self.errmsgs)
        return " ".join((str(self.code), *texts)).casefold()

    @property
    def is_success(self) -> bool:
        return self.code == 0

    def kind_for(self, endpoint: str) -> ErrcodeKind:
        """Return the kind if this call (`stable_token`, `getticket` …) returned the errcode."""
        return self.kind_by_endpoint.get(endpoint, self.kind)


class ErrcodeCatalog:
    """The errcodes that are common or need a reaction, each with its remedy; `lists` has all the others.

    `read_list` returns the text of a host's list.
    """

    __slots__ = ("_by_code", "_lists", "_read_list")

    def __init__(
        self, errcodes: tuple[Errcode, ...], read_list: Callable[[ErrcodeHost], str] = lambda _host: "[]"
    ) -> None:
        self._read_list = read_list
        self._lists: ErrcodeLists | None = None
        self._by_code = {errcode.code: errcode for errcode in errcodes}
        if len(self._by_code) != len(errcodes):
            repeated = sorted(e.code for e in errcodes if self._by_code[e.code] is not e)
            raise InternalError(f"errcode {repeated[0]}: code is there twice")

    @classmethod
    def from_json(cls, text: str, read_list: Callable[[ErrcodeHost], str] = lambda _host: "[]") -> "ErrcodeCatalog":
        """Read the text of `resources/errcodes.json`, which tests/domain/wechat/catalog_checks.py validates.

        Raises InternalError for an incomplete installation.
        """
        try:
            return cls(decode(text, type=tuple[Errcode, ...]), read_list)
        except DecodeError as error:
            raise InternalError(f"errcodes: {error!r}") from error

    @property
    def lists(self) -> "ErrcodeLists":
        """Lists of all errcodes of both hosts; their files are read when something is looked up in them."""
        if self._lists is None:
            from guarddog_gui.domain.wechat.errcode_lists import ErrcodeLists  # not at the start of the tray app

            self._lists = ErrcodeLists(self._read_list)
        return self._lists

    def find(self, code: int) -> Errcode | None:
        return self._by_code.get(code)

    def explains(self, code: int, host: ErrcodeHost | None) -> bool:
        """Return True if the catalogue has what the number means on this host, or, for None, on any."""
        errcode = self._by_code.get(code)
        return errcode is not None and (host in (None, errcode.host) or not errcode.elsewhere_en)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def find_by_errmsg(self, text: str) -> Errcode | None:
        """Find the errcode whose errmsg is in the text; of two the longer errmsg counts."""
        plain = _normalize(text[:_SEARCHED_MAX])
        found = [
            (len(errmsg), errcode)
            for errcode in self._by_code.values()
            for errmsg in errcode.errmsgs
            if _normalize(errmsg) in plain
        ]
        return max(found, key=lambda item: item[0], default=(0, None))[1]

    def kind_for(self, code: int, endpoint: str) -> ErrcodeKind:
        """Return the kind of an errcode from this call; UNKNOWN if the catalogue does not have it."""
        errcode = self._by_code.get(code)
        return errcode.kind_for(endpoint) if errcode else ErrcodeKind.UNKNOWN

    def codes(self) -> tuple[int, ...]:
        return tuple(sorted(self._by_code))


def wait_ends_at(wait: WaitRule, now: float) -> float:
    """Return when a wait that began at `now` ends (Unix seconds).

    Tomorrow, and the first day of next month, begin ten minutes after midnight in Beijing.
    """
    if wait.seconds is not None:
        return now + wait.seconds
    if wait.until == TOMORROW:
        return beijing_day_start(now - QUOTA_RESET_DELAY_S) + DAY_S + QUOTA_RESET_DELAY_S
    day = datetime.fromtimestamp(now - QUOTA_RESET_DELAY_S, _BEIJING)
    years, month = divmod(day.month, 12)
    return datetime(day.year + years, month + 1, 1, tzinfo=_BEIJING).timestamp() + QUOTA_RESET_DELAY_S


def beijing_day_start(now: float) -> float:
    """Return the last midnight in Beijing (Unix seconds), where WeChat's days begin."""
    return (now + BEIJING_UTC_OFFSET_S) // DAY_S * DAY_S - BEIJING_UTC_OFFSET_S


def beijing_month_start(now: float) -> float:
    """Return the midnight in Beijing with which the month began (Unix seconds)."""
    day = datetime.fromtimestamp(now, _BEIJING)
    return datetime(day.year, day.month, 1, tzinfo=_BEIJING).timestamp()


def _normalize(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split())
