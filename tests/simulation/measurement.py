"""Measurement of a simulation: when the file of each key had a valid value, when it could have had one, and calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from guarddog_gui.domain.tokens.expiry import DAY_S, WECHAT_LIFETIME_S
from guarddog_gui.domain.tokens.record import TokenKind

TokenKey = tuple[str, TokenKind]
ADJACENT_S = 0.001  # two assessed spans with less between them are one


class ValueEnds(NamedTuple):
    """End of the value in a file (Unix seconds): by WeChat, and by the life on record."""

    accepted_until: float
    expires_at: float


@dataclass(slots=True)
class KeyStats:
    """Seconds in which the program was awake, and in which the file of a key had no usable value."""

    running_s: float = 0.0
    missing_s: float = 0.0
    missing_unexcused_s: float = 0.0  # while no outage prevented a refresh
    assessed_s: float = 0.0  # time awake in which a missing value would have been avoidable
    past_expiry_s: float = 0.0  # a ticket beyond its life, which WeChat still accepts
    # start and end of each stretch without a value and without an excuse: the time to notice the end of the last
    # outage had passed
    avoidable: list[tuple[float, float]] = field(default_factory=list)
    missing_by_reason: Counter[str] = field(default_factory=Counter)  # seconds until the end of an outage was noticed

    @property
    def avoidable_missing_s(self) -> float:
        return sum(end - start for start, end in self.avoidable)

    @property
    def longest_avoidable(self) -> tuple[float, float]:
        """Return the longest stretch without a value and without an excuse."""
        return max(self.avoidable, key=lambda stretch: stretch[1] - stretch[0], default=(0.0, 0.0))

    def add_avoidable(self, start: float, end: float) -> None:
        if self.avoidable and start - self.avoidable[-1][1] < ADJACENT_S:
            start = self.avoidable.pop()[0]
        self.avoidable.append((start, end))


@dataclass(slots=True)
class OutageAllowance:
    """Outages that excuse a missing value of a key, and the time until the last one has been noticed."""

    active_outages: int = 0
    grace_until: float = 0.0
    reason: str = ""


class Measurement:
    """Statistics of all keys. Each change must be announced before it happens, with `account_elapsed_time`."""

    def __init__(self, keys: Iterable[TokenKey], now: float, find_ends: Callable[[TokenKey], ValueEnds]) -> None:
        self.stats = {key: KeyStats() for key in keys}
        self.allowances = {key: OutageAllowance() for key in self.stats}
        self.missing_by_day: Counter[int] = Counter()
        self.best_missing_by_day: Counter[int] = Counter()
        self._find_ends = find_ends
        self._accounted_until = dict.fromkeys(self.stats, now)

    def account_elapsed_time(self, now: float, keys: Iterable[TokenKey], *, is_running: bool) -> None:
        """Assess the time since the last call by the content of the files and the state of WeChat."""
        for key in keys:
            since, self._accounted_until[key] = self._accounted_until[key], now
            if is_running and now > since:
                self._assess(key, since, now)

    def allow_outage(self, key: TokenKey, until: float, reason: str) -> None:
        allowance = self.allowances[key]
        if until > allowance.grace_until:
            allowance.grace_until, allowance.reason = until, reason

    def _assess(self, key: TokenKey, since: float, until: float) -> None:
        stats, allowance = self.stats[key], self.allowances[key]
        stats.running_s += until - since
        ends = self._find_ends(key)
        stats.past_expiry_s += max(0.0, min(until, ends.accepted_until) - max(since, ends.expires_at))
        missing_s = max(0.0, until - max(since, ends.accepted_until))
        stats.missing_s += missing_s
        self.missing_by_day[int(since // DAY_S)] += round(missing_s * 1000)
        if allowance.active_outages:
            self.best_missing_by_day[int(since // DAY_S)] += round(missing_s * 1000)
            return
        stats.missing_unexcused_s += missing_s
        stats.assessed_s += max(0.0, until - max(since, allowance.grace_until))
        avoidable_since = max(since, ends.accepted_until, allowance.grace_until)
        avoidable_s = max(0.0, until - avoidable_since)
        if missing_s - avoidable_s > 0:
            stats.missing_by_reason[allowance.reason] += round((missing_s - avoidable_s) * 1000)
        if avoidable_s > 0:
            stats.add_avoidable(avoidable_since, until)


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """Measurements of a run."""

    days: float
    running_fraction: float
    valid_fraction: float  # of the time awake
    best_possible_fraction: float  # of the time awake, if the end of every outage had been noticed at once
    assessed_fraction: float  # of the time awake in which a missing value would have been avoidable
    avoidable_missing_s: float
    longest_avoidable_s: float
    past_expiry_fraction: float
    calls_per_account_per_day: float
    max_calls_in_a_day: int  # of one account
    fewest_calls_per_account_per_day: float  # one per key and two hours with a valid value
    worst_day_gap: float  # the largest difference, on one day, between the best possible and the valid fraction
    missing_hours_by_reason: dict[str, float] = field(default_factory=dict)  # hours until the end was noticed
    calls_by_endpoint: dict[str, float] = field(default_factory=dict)


def summarize(
    measurement: Measurement, calls: Counter[tuple[str, str, int]], days: float, account_count: int
) -> SimulationSummary:
    """Summarize a run; `calls` are counted by appid, endpoint and day."""
    stats = measurement.stats.values()
    awake = sum(t.running_s for t in stats)
    missing = sum(t.missing_s for t in stats)
    unexcused = sum(t.missing_unexcused_s for t in stats)
    per_day: Counter[tuple[str, int]] = Counter()
    by_endpoint: Counter[str] = Counter()
    for (appid, endpoint, day), count in calls.items():
        per_day[appid, day] += count
        by_endpoint[endpoint] += count
    reasons: Counter[str] = sum((t.missing_by_reason for t in stats), Counter())
    gaps = [ms - measurement.best_missing_by_day[day] for day, ms in measurement.missing_by_day.items()]
    return SimulationSummary(
        days=days,
        running_fraction=awake / (days * DAY_S * len(stats)),
        valid_fraction=1 - missing / awake,
        best_possible_fraction=1 - (missing - unexcused) / awake,
        assessed_fraction=sum(t.assessed_s for t in stats) / awake,
        avoidable_missing_s=sum(t.avoidable_missing_s for t in stats),
        longest_avoidable_s=max(end - start for start, end in (t.longest_avoidable for t in stats)),
        past_expiry_fraction=sum(t.past_expiry_s for t in stats) / awake,
        calls_per_account_per_day=calls.total() / days / account_count,
        max_calls_in_a_day=max(per_day.values(), default=0),
        fewest_calls_per_account_per_day=(awake - missing) / WECHAT_LIFETIME_S / days / account_count,
        worst_day_gap=max(gaps, default=0) / 1000 / (DAY_S * len(stats)),
        missing_hours_by_reason={name: round(ms / 3_600_000, 2) for name, ms in reasons.most_common()},
        calls_by_endpoint={name: round(n / days / account_count, 1) for name, n in by_endpoint.items()},
    )
