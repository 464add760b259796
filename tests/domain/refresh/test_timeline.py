"""Gaps between the lifetimes of tokens, and the states of the blocks of the timeline."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.refresh.timeline import (
    BlockState,
    FailureCount,
    Timeline,
    TimelineMark,
    TimelineRow,
    TokenGap,
    block_states,
    choose_blocks,
    find_gaps,
)

Life = tuple[float, float]
SINCE, UNTIL = 100.0, 200.0


@pytest.mark.parametrize(
    ("lives", "gaps"),
    [
        ([], []),
        ([(90, 210)], []),
        ([(90, 150)], [(150, 200)]),
        ([(90, 95)], [(100, 200)]),
        ([(120, 210)], []),  # the account may not have existed before
        ([(90, 130), (130, 210)], []),
        ([(90, 130), (125, 210)], []),
        ([(90, 130), (140, 210)], [(130, 140)]),
        ([(90, 95), (110, 210)], [(100, 110)]),
        ([(110, 120), (130, 140), (150, 160)], [(120, 130), (140, 150), (160, 200)]),
        ([(90, 180), (110, 120), (190, 210)], [(180, 190)]),  # a short lifetime inside a long one
        ([(150, 140), (160, 210)], []),  # a lifetime that ends before it begins is ignored
        ([(90, 90), (101, 90), (150, 160)], [(160, 200)]),
        ([(90, 120), (200, 300)], [(120, 200)]),
    ],
)
def test_gaps_are_between_lifetimes(lives: list[Life], gaps: list[Life]) -> None:
    assert find_gaps(lives, SINCE, UNTIL) == tuple(TokenGap(start, end) for start, end in gaps)


moments = st.floats(0, 300)
some_lives = st.lists(st.tuples(moments, moments)).map(sorted)


@given(some_lives)
def test_gaps_are_sorted_and_inside_the_span(lives: list[Life]) -> None:
    at = SINCE
    for gap in find_gaps(lives, SINCE, UNTIL):
        assert at <= gap.start < gap.end <= UNTIL
        at = gap.end


@given(some_lives)
def test_gaps_and_lifetimes_do_not_overlap(lives: list[Life]) -> None:
    for gap in find_gaps(lives, SINCE, UNTIL):
        for start, end in lives:
            assert min(end, gap.end) <= max(start, gap.start)


@given(some_lives)
def test_lifetimes_and_gaps_cover_the_span(lives: list[Life]) -> None:
    gaps = find_gaps(lives, SINCE, UNTIL)
    edges = sorted({SINCE, UNTIL, *(edge for life in lives for edge in life)})
    begins = min((start for start, end in lives if start < end), default=UNTIL)
    for left, right in pairwise(edges):
        middle = (left + right) / 2
        if not left < middle < right or not max(SINCE, begins) < middle < UNTIL:
            continue
        is_alive = any(start <= middle < end for start, end in lives)
        assert is_alive != any(gap.start <= middle < gap.end for gap in gaps)


# -- blocks ---------------------------------------------------------------------------------------

BUSY = FailureCount(AttemptResult.REFUSED, 1, -1)
NOT_LISTED = FailureCount(AttemptResult.REFUSED, 1, 40164)
LETTERS = {
    BlockState.UNKNOWN: " ",
    BlockState.VALID: "v",
    BlockState.TROUBLE: "t",
    BlockState.NEEDS_USER: "N",
    BlockState.ASLEEP: "z",
}


def blocks(*marks: TimelineMark, gaps: tuple[Life, ...] = (), known: bool = True, now: float = UNTIL) -> str:
    """Return a letter for each of ten blocks, which are ten seconds long."""
    row = TimelineRow("wx1", marks, tuple(TokenGap(*gap) for gap in gaps), known)
    states = block_states(row, Timeline(SINCE, UNTIL, 10), now, lambda failure: failure.errcode == 40164)
    return "".join(LETTERS[state] for state in states)


def test_blocks_are_valid_while_there_is_a_token() -> None:
    assert blocks() == "vvvvvvvvvv"
    assert blocks(TimelineMark(3, 1)) == "vvvvvvvvvv"


def test_blocks_before_the_first_attempt_of_an_account_are_unknown() -> None:
    assert blocks(TimelineMark(3, 1), known=False) == "   vvvvvvv"


def test_failure_that_passes_is_trouble_while_the_token_is_valid() -> None:
    assert blocks(TimelineMark(3, 0, (BUSY,)), TimelineMark(5, 1, (BUSY,))) == "vvvtvtvvvv"


def test_failure_for_the_user_lasts_until_the_next_success() -> None:
    assert blocks(TimelineMark(3, 0, (NOT_LISTED,)), TimelineMark(6, 1)) == "vvvNNNvvvv"
    assert blocks(TimelineMark(3, 1, (NOT_LISTED,))) == "vvvNvvvvvv"
    assert blocks(TimelineMark(8, 0, (NOT_LISTED,))) == "vvvvvvvvNN"


def test_gap_without_attempts_is_a_sleeping_computer() -> None:
    assert blocks(TimelineMark(6, 1), gaps=((120, 160),)) == "vvzzzzvvvv"


def test_gap_with_failures_needs_the_user() -> None:
    assert blocks(TimelineMark(2, 0, (BUSY,)), TimelineMark(6, 1), gaps=((130, 160),)) == "vvtNNNvvvv"


def test_short_gap_does_not_count() -> None:
    assert blocks(gaps=((120, 124),)) == "vvvvvvvvvv"


def test_time_after_now_is_not_judged() -> None:
    assert blocks(gaps=((184, 200),), now=184) == "vvvvvvvvv "
    assert blocks(gaps=((164, 200),), now=165) == "vvvvvvv   "


HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("span", "columns_max", "length"),
    [(DAY, 96, HOUR / 4), (7 * DAY, 84, 2 * HOUR), (7 * DAY, 83, 3 * HOUR), (30 * DAY, 96, 8 * HOUR)],
)
def test_blocks_begin_at_full_local_hours(span: float, columns_max: int, length: float) -> None:
    now = 1_795_157_576.0
    since, until, columns = choose_blocks(now - span, now, columns_max, 8 * HOUR)
    assert since <= now - span
    assert until >= now
    assert (until - since) / columns == length
    assert (since + 8 * HOUR) % length == 0
    assert columns <= columns_max + 1


@given(st.floats(0, 1e9), st.floats(0, 180 * DAY), st.integers(24, 300))
def test_blocks_include_the_time_span(since: float, span: float, columns_max: int) -> None:
    first, last, columns = choose_blocks(since, since + span, columns_max, 0)
    assert first <= since
    assert last >= since + span
    assert 1 <= columns <= columns_max + 1
