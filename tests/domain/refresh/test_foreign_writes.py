"""Which values of a file are another program's, and what life a known one has."""

from dataclasses import replace

import pytest

from guarddog_gui.domain.refresh import foreign_writes as second_writer
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN, FOUND
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import KEPT
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

NOW = 1_790_000_000.25
VALUE = "TOKEN-1-" + "a" * 60


def record(value: str = VALUE, *, at: float = NOW, life: int = 7200) -> TokenRecord:
    return TokenRecord(value, life, int(at * 1000), "/dogs", 290)


def line(of: TokenRecord, result: Result = Result.NEW, detail: str = "", at: float | None = None) -> Entry:
    return Entry(
        of.generated_at if at is None else at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result,
        fingerprint=fingerprint(of.value), detail=detail, expires_at=of.expires_at,
    )  # fmt: skip


MINE = record()


@pytest.mark.parametrize(
    "told",
    [
        line(MINE),
        line(MINE, Result.SAME),
        line(MINE, Result.NOT_WRITTEN),  # the disk took it after all
        line(MINE, Result.ADOPTED, FOREIGN),
        line(MINE, Result.ADOPTED, FOUND),
    ],
)
def test_a_line_about_the_value_explains_it(told: Entry) -> None:
    assert second_writer.explanation(MINE, (told,)) == told


@pytest.mark.parametrize(
    "past",
    [
        (),
        (line(record("TOKEN-2-" + "b" * 60)),),
        (line(MINE, Result.ADOPTED, at=NOW + 60),),  # second-hand: it tells nothing of where it came from
        (replace(line(MINE, Result.SAME, KEPT), expires_at=None),),
        (line(record(life=7100)),),  # somebody has asked again and got more life
    ],
)
def test_what_no_line_explains_is_foreign(past: tuple[Entry, ...]) -> None:
    assert second_writer.explanation(MINE, past) is None


@pytest.mark.parametrize(
    "copy",
    [record(at=NOW + 3600, life=30), record(at=NOW + 3600, life=3600), record(at=NOW + 3600, life=3604)],
)
def test_a_follower_that_writes_slices_or_rounds_is_explained_and_changes_no_time(copy: TokenRecord) -> None:
    told = second_writer.explanation(copy, (line(MINE),))
    assert told is not None
    assert second_writer.as_told(copy, told) == MINE
    assert second_writer.is_cut_short(copy, MINE) == (copy.expires_in == 30)
    assert second_writer.is_copy(copy, MINE)


def test_the_last_line_about_a_value_counts_for_its_life() -> None:
    """The first was timed by a clock that was an hour ahead."""
    right = record(at=NOW - 3600)
    told = second_writer.explanation(right, (line(MINE), line(right, Result.SAME)))
    assert told is not None
    assert second_writer.as_told(right, told) == right


def test_a_record_that_is_as_its_line_says_comes_back_as_it_is() -> None:
    theirs = replace(MINE, generated_ms=MINE.generated_ms + 1)
    assert second_writer.as_told(theirs, line(MINE)) is theirs


def test_another_value_or_a_longer_life_is_no_copy() -> None:
    assert not second_writer.is_copy(record("TOKEN-2"), MINE)
    assert not second_writer.is_copy(record(at=NOW + 60), MINE)
    assert not second_writer.is_copy(None, MINE)
    assert not second_writer.is_copy(MINE, None)


def test_the_last_hour_is_counted() -> None:
    past = tuple(
        line(record(at=NOW - 60 * minutes), Result.ADOPTED, detail)
        for minutes, detail in ((70, FOREIGN), (50, FOREIGN), (40, FOUND), (30, ""), (0, FOREIGN))
    )
    times = second_writer.foreign_times(past)
    assert len(times) == 3
    assert second_writer.in_the_last_hour(times, NOW) == 2
    assert second_writer.in_the_last_hour(times, NOW + 3601) == 0
    assert second_writer.in_the_last_hour(times, NOW - 3600) == 1  # those of a clock that was set back wait
