"""How often an account may call what: by day, by minute and by month, in Beijing's time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FORCED_A_DAY = 20
FORCED_APART_S = 30
RESETS_A_MONTH = 10  # clear_quota and clear_quota/v2 together
SINGLE_RESETS_A_MONTH = 50  # openapi/quota/clear

_BEIJING = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Limit:
    """Calls a day, and calls a minute where one is set."""

    daily: int
    minute: int | None = None


DEFAULT_LIMITS = {
    "/cgi-bin/token": Limit(2000),
    "/cgi-bin/stable_token": Limit(500_000, 10_000),
    "/cgi-bin/ticket/getticket": Limit(10_000),
    "/cgi-bin/get_api_domain_ip": Limit(10_000),
    "/cgi-bin/getcallbackip": Limit(10_000),
}


@dataclass(slots=True)
class _Use:
    period: int = -1
    count: int = 0

    def in_period(self, period: int) -> int:
        if period != self.period:
            self.period, self.count = period, 0
        return self.count


class Quotas:
    """The counters of one account.

    WeChat does not say when a day starts; midnight in Beijing is the common belief.
    """

    def __init__(self) -> None:
        self._daily: defaultdict[str, _Use] = defaultdict(_Use)
        self._minutes: defaultdict[str, _Use] = defaultdict(_Use)
        self._forced = _Use()
        self._last_forced: float | None = None
        self._resets = _Use()
        self._single_resets = _Use()

    def refusal(self, path: str, limit: Limit, now: float) -> int | None:
        """Count one call: None if it may pass, else 45009 or 45011."""
        daily, minutes = self._daily[path], self._minutes[path]
        if daily.in_period(beijing_day(now)) >= limit.daily:
            return 45009
        if limit.minute is not None and minutes.in_period(int(now // 60)) >= limit.minute:
            return 45011
        daily.count += 1
        minutes.in_period(int(now // 60))
        minutes.count += 1
        return None

    def used(self, path: str, now: float) -> int:
        return self._daily[path].in_period(beijing_day(now))

    def too_soon_to_force(self, now: float) -> bool:
        return self._last_forced is not None and 0 <= now - self._last_forced < FORCED_APART_S

    def may_force(self, now: float) -> bool:
        """Count one forced refresh; False if the day's are used up."""
        if self._forced.in_period(beijing_day(now)) >= FORCED_A_DAY:
            return False
        self._forced.count += 1
        self._last_forced = now
        return True

    def reset_all(self, now: float) -> bool:
        """Forget the day's calls; False if the month's resets are used up."""
        if self._resets.in_period(_beijing_month(now)) >= RESETS_A_MONTH:
            return False
        self._resets.count += 1
        self._daily.clear()
        return True

    def reset_one(self, path: str, now: float) -> bool:
        """Forget the day's calls of one API; False if the month's resets are used up."""
        if self._single_resets.in_period(_beijing_month(now)) >= SINGLE_RESETS_A_MONTH:
            return False
        self._single_resets.count += 1
        self._daily.pop(path, None)
        return True


def beijing_day(now: float) -> int:
    """The number of the day that `now` (Unix seconds) falls on in Beijing."""
    return int((now + _BEIJING.total_seconds()) // 86400)


def _beijing_month(now: float) -> int:
    there = datetime.fromtimestamp(now, UTC) + _BEIJING
    return there.year * 12 + there.month
