"""Detection of values written by other programs, and their recorded lifetimes."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.foreign_writes import OTHER_ACCOUNT, RETURNED, SAME_TICKET, unverified_detail
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
        line(MINE, AttemptResult.ADOPTED, RETURNED),
        line(MINE, AttemptResult.ADOPTED, SAME_TICKET),
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
        (line(MINE, AttemptResult.ADOPTED, "foreign"),),  # an older version adopted without a proof
        (line(MINE), replace(line(MINE, AttemptResult.REFUSED), errcode=40001)),  # WeChat has refused it since
        (line(MINE), line(MINE, AttemptResult.NOT_ADOPTED, OTHER_ACCOUNT)),
    ],
)
def test_a_value_without_an_entry_has_no_origin(past: tuple[HistoryEntry, ...]) -> None:
    assert foreign_writes.find_origin(MINE, past) is None


@pytest.mark.parametrize(
    "copy", [record(at=NOW + 3600, life=30), record(at=NOW + 3600, life=3600), record(at=NOW + 3600, life=7200)]
)
def test_a_rewrite_with_another_lifetime_keeps_its_recorded_times(copy: TokenRecord) -> None:
    told = foreign_writes.find_origin(copy, (line(MINE),))
    assert told is not None
    assert foreign_writes.with_recorded_lifetime(copy, told) == MINE


def test_the_last_entry_decides_about_the_lifetime() -> None:
    """The clock was an hour ahead when the first entry was made."""
    right = record(at=NOW - 3600)
    told = foreign_writes.find_origin(right, (line(MINE), line(right, AttemptResult.SAME)))
    assert told is not None
    assert foreign_writes.with_recorded_lifetime(right, told) == right


def test_a_record_with_the_recorded_times_is_returned_unchanged() -> None:
    theirs = replace(MINE, generated_ms=MINE.generated_ms + 1)
    assert foreign_writes.with_recorded_lifetime(theirs, line(MINE)) is theirs


def test_writes_of_the_last_hour_are_counted() -> None:
    adopted, not_adopted = AttemptResult.ADOPTED, AttemptResult.NOT_ADOPTED
    past = tuple(
        line(record(at=NOW - 60 * minutes), result, detail)
        for minutes, result, detail in (
            (70, adopted, RETURNED),
            (50, adopted, SAME_TICKET),
            (30, adopted, ""),
            (0, not_adopted, OTHER_ACCOUNT),
        )
    )
    times = foreign_writes.foreign_write_times(past)
    assert len(times) == 3
    assert foreign_writes.count_in_last_hour(times, NOW) == 2
    assert foreign_writes.count_in_last_hour(times, NOW + 3601) == 0
    # times from before the clock was set back count later
    assert foreign_writes.count_in_last_hour(times, NOW - 3600) == 1


def test_the_wait_for_the_next_verification_doubles_up_to_twenty_minutes() -> None:
    past: tuple[HistoryEntry, ...] = ()
    waits = []
    for number in range(7):
        at = NOW + number
        past = (*past, line(MINE, AttemptResult.NOT_ADOPTED, OTHER_ACCOUNT, at))
        waits.append(foreign_writes.verification_due_at(past, at) - at)
    assert waits == [60, 120, 240, 480, 960, 1200, 1200]
    assert foreign_writes.verification_due_at(past, NOW + 3700) == 0


def test_an_unverified_value_does_not_lengthen_the_wait() -> None:
    unverified = line(MINE, AttemptResult.NOT_ADOPTED, unverified_detail(NOW + 60))
    assert foreign_writes.verification_due_at((unverified,), NOW) == 0
    assert foreign_writes.unverified_until(unverified) == round(NOW + 60)
    assert foreign_writes.unverified_until(line(MINE)) == 0
