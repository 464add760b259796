"""The picture of the last hours or days: how refreshes went, and when an account had no valid token."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """What happened in one column of the picture. `errcode` is that of a failure in it, if it had one."""

    column: int
    success_count: int
    failure_count: int
    errcode: int | None = None


@dataclass(frozen=True, slots=True)
class TokenGap:
    """A time without a valid access token, in Unix seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """The line of one account."""

    appid: str
    marks: tuple[TimelineMark, ...]
    gaps: tuple[TokenGap, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lanes of a span of time (Unix seconds), cut into `columns` of the same width."""

    since: float
    until: float
    column_count: int
    rows: tuple[TimelineRow, ...] = ()


def find_gaps(lifetimes: Iterable[tuple[float, float]], since: float, until: float) -> tuple[TokenGap, ...]:
    """Where no life covers the span. `lives` are (from, to) in the order of their beginning.

    What lies before the first life is no gap: the account may not have been there yet.
    """
    gaps: list[TokenGap] = []
    covered: float | None = None
    for start, end in lifetimes:
        if end <= start:
            continue  # a row that a wrong clock wrote
        if covered is not None and start > covered and start > since:
            gaps.append(TokenGap(max(covered, since), min(start, until)))
        covered = end if covered is None else max(covered, end)
    if covered is not None and covered < until:
        gaps.append(TokenGap(max(covered, since), until))
    return tuple(gap for gap in gaps if gap.end > gap.start)
