"""Lifetimes of tokens and tickets: expiry, due time, remaining time."""

HOUR_S = 3600
DAY_S = 24 * HOUR_S
FUTURE_TOLERANCE_S = 5.0  # NTP corrections move a clock by less; a time further ahead is not believed

WECHAT_LIFETIME_S = 2 * HOUR_S  # of a new access token or ticket
OLD_TOKEN_GRACE_S = 300.0  # how long WeChat accepts a replaced access token beside the new one
# Two limits with two purposes: a lifetime up to the first is believed wherever one is read (a reply, a `.dog`
# file), so that a longer one at WeChat would not break anything; the second is how far back the history is
# searched for the request that issued a value.
BELIEVABLE_LIFETIME_MAX_S = 31 * DAY_S
ISSUED_LIFETIME_MAX_S = DAY_S


class Expiring:
    """Mix-in for values with a limited lifetime.

    The class provides `generated_ms` (Unix milliseconds when the request for the value started),
    `expires_in` and `ahead` (seconds).
    """

    __slots__ = ()

    generated_ms: float
    expires_in: float
    ahead: float

    @property
    def generated_at(self) -> float:
        """Return when the request for the value started (Unix seconds)."""
        return self.generated_ms / 1000

    @property
    def expires_at(self) -> float:
        """Return when the value expires (Unix seconds)."""
        return self.generated_at + self.expires_in

    @property
    def refresh_at(self) -> float:
        """Return when a refresh is due (Unix seconds): `ahead` before expiry.

        A lifetime shorter than `ahead`, which WeChat never returns, is refreshed after nine tenths of it.
        """
        lasts_longer = self.expires_in > self.ahead
        return self.expires_at - self.ahead if lasts_longer else self.generated_at + self.expires_in * 0.9

    def is_plausible(self, now: float) -> bool:
        """Return False for a value from the future: a clock, here or at its writer, is wrong."""
        return self.generated_at <= now + FUTURE_TOLERANCE_S

    def remaining_s(self, now: float) -> float:
        """Return the remaining lifetime in seconds; 0 if expired or implausible."""
        return max(0.0, self.expires_at - now) if self.is_plausible(now) else 0.0

    def is_fresh(self, now: float) -> bool:
        """Return True for a value that is valid and not yet due for a refresh."""
        return self.remaining_s(now) > 0 and now < self.refresh_at


def format_countdown(seconds: float) -> str:
    """Format remaining seconds as `1:12:09`, below an hour as `12:09`."""
    hours, rest = divmod(max(0, int(seconds)), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
