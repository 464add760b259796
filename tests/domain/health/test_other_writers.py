"""Traces of other programs in the history of one key."""

from guarddog_gui.domain.health.other_writers import OtherWriters, find_other_writers
from guarddog_gui.domain.refresh import foreign_writes, policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import DAY_S
from tests.fakes import NOW
from tests.services.messages.languages import attempt, refused


def written(detail: str, ago: float = 60) -> HistoryEntry:
    is_adopted = detail in foreign_writes.PROVEN_DETAILS
    result = AttemptResult.ADOPTED if is_adopted else AttemptResult.NOT_ADOPTED
    return attempt(result, at=NOW - ago, detail=detail, fingerprint="abcd…wxyz/100")


def test_own_attempts_are_no_traces() -> None:
    entries = (attempt(AttemptResult.NEW), attempt(AttemptResult.SAME), refused(40164), attempt(AttemptResult.ADOPTED))

    assert find_other_writers(entries, NOW) == OtherWriters()
    assert find_other_writers(entries, NOW).is_empty


def test_values_of_other_programs_are_counted_by_what_became_of_them() -> None:
    entries = (
        written(foreign_writes.RETURNED, 300),
        written(foreign_writes.OTHER_ACCOUNT, 200),
        written(foreign_writes.INVALID, 100),
    )

    found = find_other_writers(entries, NOW)

    assert (found.adopted_count, found.rejected_count, found.write_count) == (1, 2, 3)
    assert found.rejected is not None
    assert found.rejected.detail == foreign_writes.INVALID
    assert found.last_write_at == NOW - 100


def test_what_is_older_than_a_day_does_not_count() -> None:
    assert find_other_writers((written(foreign_writes.RETURNED, DAY_S + 1),), NOW).is_empty


def test_the_refusal_of_a_value_and_its_replacement_are_one_event() -> None:
    entries = (
        refused(40001, at=NOW - 20, fingerprint="abcd…wxyz/100"),
        attempt(AttemptResult.NEW, at=NOW - 19, detail=policy.SUPERSEDED),
    )

    found = find_other_writers(entries, NOW)

    assert (found.superseded_count, found.write_count) == (1, 0)
    assert not found.is_empty
