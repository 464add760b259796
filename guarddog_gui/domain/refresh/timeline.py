"""Timeline of the last hours or days: results of refreshes, gaps without a valid token, and what both amount to."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from math import ceil, floor

from msgspec import Struct

from guarddog_gui.domain.refresh.history import AttemptResult

_BLOCK_LENGTHS_S = (600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400, 2 * 86400, 8 * 86400)
_GAP_MIN = 0.5  # part of a block without a valid token from which on the block counts as one without a token


class FailureCount(Struct, frozen=True):
    """Failures of one account within one column that have the same reason."""

    result: AttemptResult
    count: int = 1
    errcode: int | None = None
    endpoint: str = ""


class TimelineMark(Struct, frozen=True):
    """Attempts of one account within one column."""

    column: int
    success_count: int = 0
    failures: tuple[FailureCount, ...] = ()

    @property
    def failure_count(self) -> int:
        return sum(failure.count for failure in self.failures)


class TokenGap(Struct, frozen=True):
    """Time without a valid access token, in Unix seconds."""

    start: float
    end: float


class TimelineRow(Struct, frozen=True):
    """Marks and gaps of one account.

    is_known_before   the account had a token before the timeline begins
    """

    appid: str
    marks: tuple[TimelineMark, ...]
    gaps: tuple[TokenGap, ...]
    is_known_before: bool = False


class BlockState(StrEnum):
    """State of an account in one column of the timeline."""

    UNKNOWN = "unknown"  # before its first token, or in the future
    VALID = "valid"
    TROUBLE = "trouble"  # an attempt failed, but the token stayed valid
    NEEDS_USER = "needs user"  # no valid token, or a failure that only the user can end
    ASLEEP = "asleep"  # no valid token, and Guard Dog did not run


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


def choose_blocks(since: float, until: float, columns_max: int, utc_offset_s: float) -> tuple[float, float, int]:
    """Return since, until and number of columns of a timeline whose columns begin at full local hours or days.

    The timeline includes the given span, in at most `columns_max` columns, but for rounding.
    """
    length = next((s for s in _BLOCK_LENGTHS_S if (until - since) / s <= columns_max), _BLOCK_LENGTHS_S[-1])
    first = floor((since + utc_offset_s) / length)
    last = max(first + 1, ceil((until + utc_offset_s) / length))
    return first * length - utc_offset_s, last * length - utc_offset_s, last - first


def block_states(
    row: TimelineRow, timeline: Timeline, now: float, needs_user: Callable[[FailureCount], bool]
) -> tuple[BlockState, ...]:
    """Return the state of each column up to now.

    `needs_user` decides for which failures the user has to do something.
    """
    marks = {mark.column: mark for mark in row.marks}
    length = (timeline.until - timeline.since) / timeline.column_count
    is_known = row.is_known_before
    fails = waits_for_user = False  # since the last attempt
    states: list[BlockState] = []
    for column in range(timeline.column_count):
        mark = marks.get(column)
        start = timeline.since + column * length
        end = min(start + length, now)
        is_gap = start < end and _overlap_s(row.gaps, start, end) > (end - start) * _GAP_MIN
        is_known = is_known or mark is not None or is_gap
        if mark is not None:
            fails = bool(mark.failures) and not mark.success_count
            waits_for_user = any(map(needs_user, mark.failures))
        if not is_known or start >= end:
            state = BlockState.UNKNOWN
        elif waits_for_user or (is_gap and fails):
            state = BlockState.NEEDS_USER
        elif is_gap:
            state = BlockState.ASLEEP
        else:
            state = BlockState.TROUBLE if mark is not None and mark.failures else BlockState.VALID
        if mark is not None and mark.success_count:
            waits_for_user = False
        states.append(state)
    return tuple(states)


def _overlap_s(gaps: tuple[TokenGap, ...], start: float, end: float) -> float:
    return sum(max(0.0, min(gap.end, end) - max(gap.start, start)) for gap in gaps)
