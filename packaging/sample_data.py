"""Sample data for screenshots: history and `.dog` files of four accounts after a week of use."""

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


@dataclass(slots=True)
class SampleData:
    """History entries by time, and the current record of each key."""

    entries: list[HistoryEntry] = field(default_factory=list)
    records: dict[tuple[str, TokenKind], TokenRecord] = field(default_factory=dict)


def sample_accounts(language: str) -> tuple[Account, ...]:
    accounts = (SHOP, MAGAZINE, COFFEE, MUSEUM)
    return tuple(replace(account, name=name) for account, name in zip(accounts, NAMES[language], strict=True))


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


def _add_refreshes(data: SampleData, account: Account, kind: TokenKind, last_refresh_at: float) -> None:
    """Add a successful refresh every `LIFETIME_S - AHEAD_S` seconds; the last one made the current value."""
    times = list(_refresh_times(last_refresh_at))
    for number, at in enumerate(times):
        value = _make_value(account, kind, number)
        if kind is TICKET and number:  # WeChat returns the same ticket until it expires
            data.entries.append(
                _successful_entry(account, kind, at - 50, AttemptResult.SAME, _make_value(account, kind, number - 1))
            )
        data.entries.append(_successful_entry(account, kind, at, AttemptResult.NEW, value))
        data.records[account.appid, kind] = TokenRecord(value, LIFETIME_S, round(at * 1000), "", AHEAD_S)


def _refresh_times(last_refresh_at: float) -> Iterator[float]:
    step = LIFETIME_S - AHEAD_S
    first = last_refresh_at - 7 * 24 * HOUR_S // step * step
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
