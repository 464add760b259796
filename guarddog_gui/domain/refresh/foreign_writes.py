"""Who wrote a `.dog` file: a value that no line of our history tells of comes from another program."""

from dataclasses import replace

from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

FOREIGN = "foreign"  # detail of an ADOPTED Entry: another program wrote it; `at` is its generation
FOUND = "found"  # the same for a value that lay in the folder when the account was added
HOUR_S = 3600.0
SAME_END_S = 5.0  # ends of one life that were rounded differently


def explanation(record: TokenRecord, past: tuple[Entry, ...]) -> Entry | None:
    """The line (of those that are given, oldest first) that tells where the file's value comes from.

    A known value with a shorter life is no new one: followers of the file hand on slices of it. A longer
    life is: somebody has asked WeChat.
    """
    value = fingerprint(record.value)
    told = [entry for entry in past if entry.fingerprint == value and _tells(entry)]
    last = told[-1] if told else None
    return last if last is not None and record.expires_at <= _end(last) + SAME_END_S else None


def _tells(entry: Entry) -> bool:
    """Whether it says when the value was generated and when it ends."""
    is_first_hand = entry.result is not Result.ADOPTED or entry.detail in (FOREIGN, FOUND)
    return entry.expires_at is not None and is_first_hand


def _end(entry: Entry) -> float:
    return entry.expires_at or 0.0


def as_told(record: TokenRecord, line: Entry) -> TokenRecord:
    """The record with the times that its line tells, whoever has written other ones over them since."""
    if abs(record.generated_at - line.at) < 0.01 and abs(record.expires_at - _end(line)) < SAME_END_S:
        return record
    born = int(line.at * 1000)
    return replace(record, generated_ms=born, expires_in=round(_end(line) - born / 1000))


def is_cut_short(record: TokenRecord, told: TokenRecord) -> bool:
    """Whether the file gives its value less life than it has."""
    return told.expires_at - record.expires_at > SAME_END_S


def is_copy(record: TokenRecord | None, before: TokenRecord | None) -> bool:
    """Whether somebody has written the value that we know once more, with no longer life."""
    if record is None or before is None or record.value != before.value:
        return False
    return record.expires_at <= before.expires_at + SAME_END_S


def foreign_times(past: tuple[Entry, ...]) -> tuple[float, ...]:
    """When another program generated a value (Unix seconds), as far as these lines tell."""
    return tuple(entry.at for entry in past if entry.result is Result.ADOPTED and entry.detail == FOREIGN)


def in_the_last_hour(times: tuple[float, ...], now: float) -> int:
    """How many of these moments were in the last hour."""
    return sum(1 for at in times if now - HOUR_S < at <= now + SAME_END_S)
