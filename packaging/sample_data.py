"""Sample data for screenshots: history and `.dog` files of up to 60 accounts after a week of use."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Environment, Platform
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1795157576.0  # Friday, 20 November 2026, 14:52:56 in Beijing
HOUR_S = 3600.0
LIFETIME_S = 7200
AHEAD_S = 290  # a value is refreshed this long before it expires
TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
IP_NOT_LISTED_ERRMSG = "invalid ip 203.0.113.9, not in whitelist rid: 6566c1a8-2c4b1d0e-7f3a9b12"
_SLEEP_PERIOD = (NOW - 63.9 * HOUR_S, NOW - 54.8 * HOUR_S)  # one night the computer was suspended

NAMES = {
    "en": ("Flower shop", "City magazine", "Coffee to go", "Museum guide"),
    "zh_CN": ("花店公众号", "城市周刊", "咖啡点单小程序", "博物馆导览"),
}
SHOP = Account("wx5a0d09b0c0ffee01", "")
MAGAZINE = Account("wx5a0d09b0c0ffee02", "", environment=Environment.PRODUCTION)
COFFEE = Account("wx5a0d09b0c0ffee03", "", Platform.MINI_PROGRAM)
MUSEUM = Account("wx5a0d09b0c0ffee04", "", environment=Environment.TEST)

# the first further accounts; the names of the others are numbered, and every fifth is long
FURTHER_NAMES = {
    "en": ("UniStore flagship service account", "UniStore flagship service account", "Group buying", "Property desk"),
    "zh_CN": ("优选旗舰店服务号", "优选旗舰店服务号", "社区团购", "物业服务台"),
}
NUMBERED_NAMES = {"en": "Customer {number:02}", "zh_CN": "客户{number:02}公众号"}
LONG_NAMES = {
    "en": "Shanghai Pudong flagship store, hall {number:02}",  # 40 characters
    "zh_CN": "上海浦东新区世纪大道旗舰店会员服务中心及售后预约报名活动公众号第{number:02}号店",
}
GROUPS = {"en": ("Retail", "Clients in the north"), "zh_CN": ("零售", "华北客户")}
_FURTHER_ENVIRONMENTS = (Environment.TEST, Environment.PRODUCTION, Environment.NONE, Environment.NONE)


@dataclass(slots=True)
class SampleData:
    """History entries by time, and the current record of each key."""

    entries: list[HistoryEntry] = field(default_factory=list)
    records: dict[tuple[str, TokenKind], TokenRecord] = field(default_factory=dict)


def sample_accounts(language: str) -> tuple[Account, ...]:
    accounts = (SHOP, MAGAZINE, COFFEE, MUSEUM)
    return tuple(replace(account, name=name) for account, name in zip(accounts, NAMES[language], strict=True))


def further_accounts(language: str, count: int) -> tuple[Account, ...]:
    """Return accounts beside the four sample accounts; those of 60 are in groups."""
    return tuple(_further_account(language, number) for number in range(count))


def _further_account(language: str, number: int) -> Account:
    named = FURTHER_NAMES[language]
    pattern = LONG_NAMES if number % 5 == 0 else NUMBERED_NAMES
    name = named[number] if number < len(named) else pattern[language].format(number=number)
    return Account(
        f"wx5a0d09b0c1{number:06x}",
        name,
        Platform.MINI_PROGRAM if number % 6 == 5 else Platform.OFFICIAL,
        environment=_FURTHER_ENVIRONMENTS[number % 4],
        group="" if number < len(named) else GROUPS[language][number % 2],
    )


def is_refused(account: Account) -> bool:
    """Return True for every ninth of the further accounts: WeChat refuses their AppSecret."""
    return account.appid.startswith("wx5a0d09b0c1") and int(account.appid[-6:], 16) % 9 == 1


def make_further_data(accounts: tuple[Account, ...]) -> SampleData:
    """Generate two days of history for further accounts. A value that WeChat will not renew is due at NOW."""
    data = SampleData()
    for number, account in enumerate(accounts):
        for offset, kind in enumerate(account.token_kinds):
            is_due = is_refused(account) and kind is TOKEN
            age = LIFETIME_S - AHEAD_S + 1 if is_due else 240 + number * 97 % 6000
            _add_refreshes(data, account, kind, NOW - age + offset, days=2)
    data.entries.sort(key=lambda entry: entry.at)
    return data


def make_sample_data() -> SampleData:
    """Generate the sample data.

    SHOP is fresh; WeChat has refused MAGAZINE since noon; COFFEE is due two seconds after NOW; the refresh of
    MUSEUM's ticket gets no answer.
    """
    data = SampleData()
    _add_refreshes(data, SHOP, TOKEN, NOW - LIFETIME_S + 4329)
    _add_refreshes(data, SHOP, TICKET, NOW - LIFETIME_S + 4331)
    _add_refreshes(data, MAGAZINE, TOKEN, NOW - 4.25 * HOUR_S)
    _add_refreshes(data, MAGAZINE, TICKET, NOW - 4.25 * HOUR_S + 1)
    _add_refreshes(data, COFFEE, TOKEN, NOW - LIFETIME_S + AHEAD_S + 2)
    _add_refreshes(data, MUSEUM, TOKEN, NOW - LIFETIME_S + 2894)
    _add_refreshes(data, MUSEUM, TICKET, NOW - LIFETIME_S + 221)
    _add_failures(data)
    data.entries.sort(key=lambda entry: entry.at)
    return data


def _add_failures(data: SampleData) -> None:
    for hours in (2.31, 2.05, 0.2):
        trigger = Trigger.TIMER if hours > 2.1 else Trigger.USER
        data.entries.append(_refused_entry(MAGAZINE, NOW - hours * HOUR_S, 40164, IP_NOT_LISTED_ERRMSG, trigger))
    busy = "system error rid: 6563a7d1-0b5e6c3f-11d2e3f4"
    data.entries += [_refused_entry(SHOP, NOW - hours * HOUR_S, -1, busy, Trigger.TIMER) for hours in (20.61, 20.6, 98)]
    frozen = "appsecret has been frozen rid: 6561f0c2-41aa02b7-5d6e7f80"
    data.entries += [_refused_entry(MUSEUM, NOW - h * HOUR_S, 40243, frozen, Trigger.TIMER) for h in (41.5, 40.6)]
    for seconds in (259, 254, 246, 233, 208, 160, 95, 11):
        data.entries.append(
            HistoryEntry(
                at=NOW - seconds,
                appid=MUSEUM.appid,
                key=TICKET.value,
                trigger=Trigger.TIMER,
                result=AttemptResult.NO_ANSWER,
                calls=1,
                took_ms=4000,
                detail="timeout",
                endpoint="getticket",
            )
        )


def _refused_entry(account: Account, at: float, errcode: int, errmsg: str, trigger: Trigger) -> HistoryEntry:
    return HistoryEntry(
        at=at,
        appid=account.appid,
        key=TOKEN.value,
        trigger=trigger,
        result=AttemptResult.REFUSED,
        calls=1,
        errcode=errcode,
        errmsg=errmsg,
        rid=errmsg.rpartition("rid: ")[2],
        ip="203.0.113.9" if errcode == 40164 else None,
        took_ms=_duration_ms(at),
        endpoint="stable_token",
    )


def _add_refreshes(
    data: SampleData, account: Account, kind: TokenKind, last_refresh_at: float, *, days: int = 7
) -> None:
    """Add a successful refresh every `LIFETIME_S - AHEAD_S` seconds; the last one made the current value."""
    times = list(_refresh_times(last_refresh_at, days))
    for number, at in enumerate(times):
        value = _make_value(account, kind, number)
        if kind is TICKET and number:  # WeChat returns the same ticket until it expires
            data.entries.append(
                _successful_entry(account, kind, at - 50, AttemptResult.SAME, _make_value(account, kind, number - 1))
            )
        data.entries.append(_successful_entry(account, kind, at, AttemptResult.NEW, value))
        data.records[account.appid, kind] = TokenRecord(value, LIFETIME_S, round(at * 1000), "", AHEAD_S)


def _refresh_times(last_refresh_at: float, days: int) -> Iterator[float]:
    step = LIFETIME_S - AHEAD_S
    first = last_refresh_at - days * 24 * HOUR_S // step * step
    at = first
    while at <= last_refresh_at:
        if not _SLEEP_PERIOD[0] < at < _SLEEP_PERIOD[1]:
            yield at
        at += step


def _successful_entry(account: Account, kind: TokenKind, at: float, result: AttemptResult, value: str) -> HistoryEntry:
    is_after_sleep = 0 <= at - _SLEEP_PERIOD[1] < LIFETIME_S
    return HistoryEntry(
        at=at,
        appid=account.appid,
        key=kind.value,
        trigger=Trigger.RESUME if is_after_sleep else Trigger.TIMER,
        result=result,
        calls=1,
        took_ms=_duration_ms(at),
        fingerprint=fingerprint(value),
        endpoint="getticket" if kind is TICKET else "stable_token",
        expires_at=at + LIFETIME_S,
    )


def _make_value(account: Account, kind: TokenKind, number: int) -> str:
    """Return a value that looks like WeChat's and is the same in every screenshot."""
    digest = hashlib.sha512(f"{account.appid} {kind} {number}".encode()).digest()
    prefix = "91_" if kind is TOKEN else "bxLdikRXVbTPdHSM05e5u"
    return prefix + urlsafe_b64encode(digest).decode().rstrip("=")


def _duration_ms(at: float) -> int:
    return 60 + int(at * 7) % 180
