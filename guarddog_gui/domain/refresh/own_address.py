"""IP address that WeChat sees for an account, as far as the history tells: only WeChat's own answers name it."""

from collections.abc import Sequence

from msgspec import Struct

from guarddog_gui.domain.refresh.history import THROUGH_PROXY, AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import DAY_S

NOT_LISTED_ERRCODES = frozenset({40164, 61004})
ADDRESSES_MAX = 50  # entries that are looked at
ADDRESS_UNCHECKED = "unchecked"  # detail of an entry: it is not known if the address is on the whitelist
RECENT_CHANGE_S = 2 * DAY_S  # a change of today or yesterday
_BEFORE = "before: "  # in the detail of a refusal, in front of the address that WeChat saw earlier
_SEPARATOR = "; "


class SeenAddress(Struct, frozen=True):
    """Address that WeChat saw, from the first answer in a row that named it to the last (Unix seconds).

    `is_listed` is None where the answer did not tell whether the address is on the account's IP whitelist.
    """

    ip: str
    first_at: float
    last_at: float
    is_listed: bool | None = None
    is_proxied: bool = False


class AddressHistory(Struct, frozen=True):
    """Latest address and the one before it; None where there is none."""

    latest: SeenAddress | None = None
    previous: SeenAddress | None = None

    def is_changed_recently(self, now: float) -> bool:
        return self.previous is not None and self.latest is not None and now - self.latest.first_at < RECENT_CHANGE_S


def address_history(entries: Sequence[HistoryEntry]) -> AddressHistory:
    """Return the addresses in these entries, which are sorted from the newest to the oldest."""
    seen: list[SeenAddress] = []
    for entry in entries:
        if not entry.ip:
            continue
        if seen and seen[-1].ip == entry.ip:
            last = seen[-1]
            seen[-1] = SeenAddress(last.ip, entry.at, last.last_at, last.is_listed, last.is_proxied)
        elif len(seen) == 2:
            break
        else:
            seen.append(SeenAddress(entry.ip, entry.at, entry.at, _is_listed(entry), is_through_proxy(entry.detail)))
    return AddressHistory(*seen)


def earlier_ip(entries: Sequence[HistoryEntry], ip: str, now: float) -> str | None:
    """Return the address that WeChat saw before this one, if that is news at `now`; entries are the newest first."""
    known = address_history(entries)
    if known.latest is None or known.latest.ip != ip:
        return known.latest.ip if known.latest is not None else None
    return known.previous.ip if known.previous is not None and known.is_changed_recently(now) else None


def _is_listed(entry: HistoryEntry) -> bool | None:
    if entry.errcode in NOT_LISTED_ERRCODES:
        return False
    return True if entry.result is AttemptResult.ADDRESS_SEEN and entry.detail != ADDRESS_UNCHECKED else None


def refusal_detail(ip: str, earlier_ip: str | None, *, is_proxied: bool) -> str:
    """Return the detail of a refusal: if a proxy is in between, and the address that WeChat saw before."""
    before = f"{_BEFORE}{earlier_ip}" if earlier_ip not in (None, ip) else ""
    return _SEPARATOR.join(filter(None, (THROUGH_PROXY if is_proxied else "", before)))


def is_through_proxy(detail: str) -> bool:
    return THROUGH_PROXY in detail.split(_SEPARATOR)


def earlier_address(detail: str) -> str:
    """Return the address that WeChat saw before the one of a refusal; empty if it is the same or unknown."""
    parts = (part.removeprefix(_BEFORE) for part in detail.split(_SEPARATOR) if part.startswith(_BEFORE))
    return next(parts, "")
