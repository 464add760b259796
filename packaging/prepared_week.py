"""A week that four accounts have behind them, for pictures: their history and their `.dog` files."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1795157576.0  # Friday, 20 November 2026, 14:52:56 in Beijing
HOUR = 3600.0
LIFE = 7200
EARLY = 290  # how long before its end a value is refreshed
TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
NOT_LISTED = "invalid ip 203.0.113.9, not in whitelist rid: 6566c1a8-2c4b1d0e-7f3a9b12"
_ASLEEP = (NOW - 63.9 * HOUR, NOW - 54.8 * HOUR)  # the night in which the computer was shut

NAMES = {
    "en": ("Flower shop", "City magazine", "Coffee to go", "Museum guide"),
    "zh_CN": ("花店公众号", "城市周刊", "咖啡点单小程序", "博物馆导览"),
}
SHOP = Account("wx5a0d09b0c0ffee01", "")
MAGAZINE = Account("wx5a0d09b0c0ffee02", "")
COFFEE = Account("wx5a0d09b0c0ffee03", "", Platform.MINI_PROGRAM)
MUSEUM = Account("wx5a0d09b0c0ffee04", "")


@dataclass(slots=True)
class Week:
    """The entries in the order of their times, and the value that each key holds in the end."""

    entries: list[Entry] = field(default_factory=list)
    records: dict[tuple[str, TokenKind], TokenRecord] = field(default_factory=dict)


def accounts_called(language: str) -> tuple[Account, ...]:
    accounts = (SHOP, MAGAZINE, COFFEE, MUSEUM)
    return tuple(replace(account, name=name) for account, name in zip(accounts, NAMES[language], strict=True))


def prepared_week() -> Week:
    """SHOP is well, MAGAZINE refused since noon, COFFEE due two seconds from NOW, MUSEUM's ticket unheard."""
    week = Week()
    _tell(week, SHOP, TOKEN, NOW - LIFE + 4329)
    _tell(week, SHOP, TICKET, NOW - LIFE + 4331)
    _tell(week, MAGAZINE, TOKEN, NOW - 4.25 * HOUR)
    _tell(week, MAGAZINE, TICKET, NOW - 4.25 * HOUR + 1)
    _tell(week, COFFEE, TOKEN, NOW - LIFE + EARLY + 2)
    _tell(week, MUSEUM, TOKEN, NOW - LIFE + 2894)
    _tell(week, MUSEUM, TICKET, NOW - LIFE + 221)
    _mishaps(week)
    week.entries.sort(key=lambda entry: entry.at)
    return week


def _mishaps(week: Week) -> None:
    for hours in (2.31, 2.05, 0.2):
        trigger = Trigger.TIMER if hours > 2.1 else Trigger.PERSON
        week.entries.append(_refused(MAGAZINE, NOW - hours * HOUR, 40164, NOT_LISTED, trigger))
    busy = "system error rid: 6563a7d1-0b5e6c3f-11d2e3f4"
    week.entries += [
        _refused(SHOP, NOW - hours * HOUR, -1, busy, Trigger.TIMER) for hours in (20.61, 20.6, 98)
    ]
    frozen = "appsecret has been frozen rid: 6561f0c2-41aa02b7-5d6e7f80"
    week.entries += [_refused(MUSEUM, NOW - h * HOUR, 40243, frozen, Trigger.TIMER) for h in (41.5, 40.6)]
    for seconds in (259, 254, 246, 233, 208, 160, 95, 11):
        week.entries.append(
            Entry(
                at=NOW - seconds,
                appid=MUSEUM.appid,
                key=TICKET.value,
                trigger=Trigger.TIMER,
                result=Result.UNHEARD,
                calls=1,
                took_ms=4000,
                detail="timeout",
                endpoint="getticket",
            )
        )


def _refused(account: Account, at: float, errcode: int, errmsg: str, trigger: Trigger) -> Entry:
    return Entry(
        at=at,
        appid=account.appid,
        key=TOKEN.value,
        trigger=trigger,
        result=Result.REFUSED,
        calls=1,
        errcode=errcode,
        errmsg=errmsg,
        rid=errmsg.rpartition("rid: ")[2],
        ip="203.0.113.9" if errcode == 40164 else None,
        took_ms=_took(at),
        endpoint="stable_token",
    )


def _tell(week: Week, account: Account, kind: TokenKind, last: float) -> None:
    """A new value every two hours less the early start; `last` is when that of now was made."""
    times = list(_times(last))
    for number, at in enumerate(times):
        value = _value(account, kind, number)
        if kind is TICKET and number:  # WeChat gives a new ticket only when the old one has ended
            week.entries.append(_good(account, kind, at - 50, Result.SAME, _value(account, kind, number - 1)))
        week.entries.append(_good(account, kind, at, Result.NEW, value))
        week.records[account.appid, kind] = TokenRecord(value, LIFE, round(at * 1000), "", EARLY)


def _times(last: float) -> Iterator[float]:
    step = LIFE - EARLY
    first = last - 7 * 24 * HOUR // step * step
    at = first
    while at <= last:
        if not _ASLEEP[0] < at < _ASLEEP[1]:
            yield at
        at += step


def _good(account: Account, kind: TokenKind, at: float, result: Result, value: str) -> Entry:
    woke = 0 <= at - _ASLEEP[1] < LIFE
    return Entry(
        at=at,
        appid=account.appid,
        key=kind.value,
        trigger=Trigger.RESUME if woke else Trigger.TIMER,
        result=result,
        calls=1,
        took_ms=_took(at),
        fingerprint=fingerprint(value),
        endpoint="getticket" if kind is TICKET else "stable_token",
        expires_at=at + LIFE,
    )


def _value(account: Account, kind: TokenKind, number: int) -> str:
    """Looks like one of WeChat's and is the same in every picture."""
    noise = hashlib.sha512(f"{account.appid} {kind} {number}".encode()).digest()
    start = "91_" if kind is TOKEN else "bxLdikRXVbTPdHSM05e5u"
    return start + urlsafe_b64encode(noise).decode().rstrip("=")


def _took(at: float) -> int:
    return 60 + int(at * 7) % 180
