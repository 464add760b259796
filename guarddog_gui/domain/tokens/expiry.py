"""The times of a value that lives for a while: when it dies, when a new one is due, how much is left."""

HOUR_S = 3600
DAY_S = 24 * HOUR_S
FUTURE_TOLERANCE_S = 5.0  # NTP corrections move a clock by less; a time further ahead is not believed

WECHAT_LIFETIME_S = 2 * HOUR_S  # of a new access token or ticket
# Two limits with two purposes: a lifetime up to the first is believed wherever one is read (a reply, a `.dog`
# file), so that a longer one at WeChat would not break anything; the second is how far back the history is
# searched for the request that issued a value.
BELIEVABLE_LIFETIME_MAX_S = 31 * DAY_S
ISSUED_LIFETIME_MAX_S = DAY_S


class Expiring:
    """For dataclasses with `generated_ms` (Unix milliseconds when the request for it started), `expires_in`
    and `ahead` (seconds).
    """

    __slots__ = ()

    generated_ms: float
    expires_in: float
    ahead: float

    @property
    def generated_at(self) -> float:
        """Unix seconds when the request started."""
        return self.generated_ms / 1000

    @property
    def expires_at(self) -> float:
        """Unix seconds at which the value dies."""
        return self.generated_at + self.expires_in

    @property
    def refresh_at(self) -> float:
        """Unix seconds from which a refresh is due: `ahead` before the end.

        A life shorter than `ahead` (WeChat never sends one) is looked at again after nine tenths of it.
        """
        if self.expires_in > self.ahead:
            return self.expires_at - self.ahead
        return self.generated_at + self.expires_in * 0.9

    def is_plausible(self, now: float) -> bool:
        """False for a file from the future: the clock or its writer is wrong."""
        return self.generated_at <= now + FUTURE_TOLERANCE_S

    def remaining_s(self, now: float) -> float:
        """Seconds of life left; 0 when dead or not believable."""
        if not self.is_plausible(now):
            return 0.0
        return max(0.0, self.expires_at - now)


def format_countdown(seconds: float) -> str:
    """`1:12:09`, or `12:09` below an hour; whole seconds that are still to come."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
