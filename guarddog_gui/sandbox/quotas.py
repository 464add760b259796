"""Call quotas of an account per day, minute and month, in Beijing time."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from msgspec import Struct

DAILY_FORCED_MAX = 20
FORCED_INTERVAL_S = 30
MONTHLY_RESETS_MAX = 10  # clear_quota and clear_quota/v2 together
MONTHLY_SINGLE_RESETS_MAX = 50  # openapi/quota/clear

_BEIJING_OFFSET = timedelta(hours=8)


class QuotaLimit(Struct, frozen=True):
    """Maximum of calls per day, and per minute (None: no limit)."""

    per_day: int
    per_minute: int | None = None


DEFAULT_LIMITS = {
    "/cgi-bin/token": QuotaLimit(2000),
    "/cgi-bin/stable_token": QuotaLimit(500_000, 10_000),
    "/cgi-bin/ticket/getticket": QuotaLimit(10_000),
    "/cgi-bin/get_api_domain_ip": QuotaLimit(10_000),
    "/cgi-bin/getcallbackip": QuotaLimit(10_000),
    "/cgi-bin/menu/get": QuotaLimit(10_000),
    "/cgi-bin/menu/create": QuotaLimit(1000),
    "/cgi-bin/menu/delete": QuotaLimit(1000),
    "/cgi-bin/user/get": QuotaLimit(500),
    "/cgi-bin/user/info": QuotaLimit(5_000_000),
    "/cgi-bin/qrcode/create": QuotaLimit(100_000),
    "/cgi-bin/media/upload": QuotaLimit(100_000),
    "/cgi-bin/media/get": QuotaLimit(200_000),
    "/cgi-bin/message/template/send": QuotaLimit(100_000),
}


class _PeriodCounter(Struct):
    period: int = -1
    count: int = 0

    def count_in(self, period: int) -> int:
        if period != self.period:
            self.period, self.count = period, 0
        return self.count


class Quotas:
    """Call counters of one account.

    WeChat does not document when a day starts; midnight in Beijing is generally assumed.
    """

    def __init__(self) -> None:
        self._per_day: defaultdict[str, _PeriodCounter] = defaultdict(_PeriodCounter)
        self._per_minute: defaultdict[str, _PeriodCounter] = defaultdict(_PeriodCounter)
        self._forced_today = _PeriodCounter()
        self._last_forced_at: float | None = None
        self._resets = _PeriodCounter()
        self._single_resets = _PeriodCounter()

    def count_call(self, path: str, limit: QuotaLimit, now: float) -> int | None:
        """Count one call. Return None if it is allowed, else errcode 45009 (day) or 45011 (minute)."""
        daily, minutes = self._per_day[path], self._per_minute[path]
        if daily.count_in(beijing_day(now)) >= limit.per_day:
            return 45009
        if limit.per_minute is not None and minutes.count_in(int(now // 60)) >= limit.per_minute:
            return 45011
        daily.count += 1
        minutes.count_in(int(now // 60))
        minutes.count += 1
        return None

    def used_today(self, path: str, now: float) -> int:
        return self._per_day[path].count_in(beijing_day(now))

    def is_force_too_soon(self, now: float) -> bool:
        return self._last_forced_at is not None and 0 <= now - self._last_forced_at < FORCED_INTERVAL_S

    def count_forced_refresh(self, now: float) -> bool:
        """Count one forced refresh. Return False if today's are used up."""
        if self._forced_today.count_in(beijing_day(now)) >= DAILY_FORCED_MAX:
            return False
        self._forced_today.count += 1
        self._last_forced_at = now
        return True

    def reset_all(self, now: float) -> bool:
        """Reset today's call counts. Return False if this month's resets are used up."""
        if self._resets.count_in(_beijing_month(now)) >= MONTHLY_RESETS_MAX:
            return False
        self._resets.count += 1
        self._per_day.clear()
        return True

    def reset_one(self, path: str, now: float) -> bool:
        """Reset today's call count of one API. Return False if this month's resets are used up."""
        if self._single_resets.count_in(_beijing_month(now)) >= MONTHLY_SINGLE_RESETS_MAX:
            return False
        self._single_resets.count += 1
        self._per_day.pop(path, None)
        return True


def beijing_day(now: float) -> int:
    """Return the number of the day in Beijing at `now` (Unix seconds)."""
    return int((now + _BEIJING_OFFSET.total_seconds()) // 86400)


def _beijing_month(now: float) -> int:
    local_time = datetime.fromtimestamp(now, UTC) + _BEIJING_OFFSET
    return local_time.year * 12 + local_time.month
