"""Limits on how often something may happen, per client or address."""

import ipaddress
import threading
from collections import OrderedDict

_ENTRIES_MAX = 10_000  # clients and addresses that are remembered; the longest unused ones are forgotten first


class RateLimit:
    """A bucket per name: `burst` at once, and `per_minute` in the long run. Safe to use from any thread."""

    def __init__(self, per_minute: float, burst: int, entries_max: int = _ENTRIES_MAX) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._entries_max = entries_max
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was

    def take(self, name: str, now: float) -> float:
        """Take one and return 0; if the bucket is empty, return the seconds until there is one again.

        `now` is on the monotonic clock.
        """
        with self._lock:
            left, since = self._buckets.pop(name, (self._burst, now))
            left = min(self._burst, left + max(0.0, now - since) * self._per_second)
            is_empty = left < 1
            self._buckets[name] = (left if is_empty else left - 1, now)
            if len(self._buckets) > self._entries_max:
                self._buckets.popitem(last=False)
            return (1 - left) / self._per_second if is_empty else 0.0


def address_group(address: str) -> str:
    """Return the addresses that one subscriber has: a single one of IPv4, a network /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
