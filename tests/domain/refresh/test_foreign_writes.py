"""Detection of values written by other programs, and their recorded lifetimes."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN_WRITE, FOUND_EXISTING
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import EXPIRY_KEPT
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

NOW = 1_790_000_000.25
VALUE = "TOKEN-1-" + "a" * 60


def record(value: str = VALUE, *, at: float = NOW, life: int = 7200) -> TokenRecord:
    return TokenRecord(value, life, int(at * 1000), "/dogs", 290)


def line(
    of: TokenRecord, result: AttemptResult = AttemptResult.NEW, detail: str = "", at: float | None = None
) -> HistoryEntry:
    return HistoryEntry(
        of.generated_at if at is None else at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result,
        fingerprint=fingerprint(of.value), detail=detail, expires_at=of.expires_at,
    )  # fmt: skip


MINE = record()


@pytest.mark.parametrize(
    "told",
    [
        line(MINE),
        line(MINE, AttemptResult.SAME),
        line(MINE, AttemptResult.NOT_WRITTEN),  # the file was written after all
        line(MINE, AttemptResult.ADOPTED, FOREIGN_WRITE),
        line(MINE, AttemptResult.ADOPTED, FOUND_EXISTING),
    ],
)
def test_an_entry_with_the_value_is_its_origin(told: HistoryEntry) -> None:
    assert foreign_writes.find_origin(MINE, (told,)) == told


@pytest.mark.parametrize(
    "past",
    [
        (),
        (line(record("TOKEN-2-" + "b" * 60)),),
        (
            line(MINE, AttemptResult.ADOPTED, at=NOW + 60),
        ),  # an adopted value: the entry does not say where it came from
        (replace(line(MINE, AttemptResult.SAME, EXPIRY_KEPT), expires_at=None),),
        (line(record(life=7100)),),  # another program asked again and got a longer lifetime
    ],
)
def test_a_value_without_an_entry_has_no_origin(past: tuple[HistoryEntry, ...]) -> None:
    assert foreign_writes.find_origin(MINE, past) is None


@pytest.mark.parametrize(
    "copy", [record(at=NOW + 3600, life=30), record(at=NOW + 3600, life=3600), record(at=NOW + 3600, life=3604)]
)
def test_a_rewrite_with_a_shorter_lifetime_keeps_its_recorded_times(copy: TokenRecord) -> None:
    told = foreign_writes.find_origin(copy, (line(MINE),))
    assert told is not None
    assert foreign_writes.with_recorded_lifetime(copy, told) == MINE
    assert foreign_writes.is_lifetime_shortened(copy, MINE) == (copy.expires_in == 30)
    assert foreign_writes.is_rewrite_of(copy, MINE)


def test_the_last_entry_decides_about_the_lifetime() -> None:
    """The clock was an hour ahead when the first entry was made."""
    right = record(at=NOW - 3600)
    told = foreign_writes.find_origin(right, (line(MINE), line(right, AttemptResult.SAME)))
    assert told is not None
    assert foreign_writes.with_recorded_lifetime(right, told) == right


def test_a_record_with_the_recorded_times_is_returned_unchanged() -> None:
    theirs = replace(MINE, generated_ms=MINE.generated_ms + 1)
    assert foreign_writes.with_recorded_lifetime(theirs, line(MINE)) is theirs


def test_another_value_or_a_longer_lifetime_is_no_rewrite() -> None:
    assert not foreign_writes.is_rewrite_of(record("TOKEN-2"), MINE)
    assert not foreign_writes.is_rewrite_of(record(at=NOW + 60), MINE)
    assert not foreign_writes.is_rewrite_of(None, MINE)
    assert not foreign_writes.is_rewrite_of(MINE, None)


def test_writes_of_the_last_hour_are_counted() -> None:
    past = tuple(
        line(record(at=NOW - 60 * minutes), AttemptResult.ADOPTED, detail)
        for minutes, detail in (
            (70, FOREIGN_WRITE),
            (50, FOREIGN_WRITE),
            (40, FOUND_EXISTING),
            (30, ""),
            (0, FOREIGN_WRITE),
        )
    )
    times = foreign_writes.foreign_write_times(past)
    assert len(times) == 3
    assert foreign_writes.count_in_last_hour(times, NOW) == 2
    assert foreign_writes.count_in_last_hour(times, NOW + 3601) == 0
    assert (
        foreign_writes.count_in_last_hour(times, NOW - 3600) == 1
    )  # times from before the clock was set back count later
