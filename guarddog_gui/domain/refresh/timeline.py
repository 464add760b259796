"""Timeline of the last hours or days: results of refreshes, and gaps without a valid token."""

from collections.abc import Iterable

from msgspec import Struct


class TimelineMark(Struct, frozen=True):
    """Attempts within one column; `errcode` is that of a failure among them, if WeChat returned one."""

    column: int
    success_count: int
    failure_count: int
    errcode: int | None = None


class TokenGap(Struct, frozen=True):
    """Time without a valid access token, in Unix seconds."""

    start: float
    end: float


class TimelineRow(Struct, frozen=True):
    """Marks and gaps of one account."""

    appid: str
    marks: tuple[TimelineMark, ...]
    gaps: tuple[TokenGap, ...]


class Timeline(Struct, frozen=True):
    """Rows of all accounts for a span of time (Unix seconds), divided into `column_count` equal columns."""

    since: float
    until: float
    column_count: int
    rows: tuple[TimelineRow, ...] = ()


def find_gaps(lifetimes: Iterable[tuple[float, float]], since: float, until: float) -> tuple[TokenGap, ...]:
    """Return the parts of the span that no lifetime covers.

    `lifetimes` are (from, to), sorted by their beginning. Time before the first lifetime is not a gap: the
    account may not have existed yet.
    """
    gaps: list[TokenGap] = []
    covered: float | None = None
    for start, end in lifetimes:
        if end <= start:
            continue  # written while the clock was wrong
        if covered is not None and start > covered and start > since:
            gaps.append(TokenGap(max(covered, since), min(start, until)))
        covered = end if covered is None else max(covered, end)
    if covered is not None and covered < until:
        gaps.append(TokenGap(max(covered, since), until))
    return tuple(gap for gap in gaps if gap.end > gap.start)
