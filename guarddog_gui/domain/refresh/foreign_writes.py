"""Who wrote a `.dog` file: a value that no line of our history tells of comes from another program."""

from dataclasses import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

FOREIGN_WRITE = "foreign"  # detail of an ADOPTED Entry: another program wrote it; `at` is its generation
FOUND_EXISTING = "found"  # the same for a value that lay in the folder when the account was added
EXPIRY_TOLERANCE_S = 5.0  # ends of one life that were rounded differently


def find_origin(record: TokenRecord, entries: tuple[HistoryEntry, ...]) -> HistoryEntry | None:
    """The line (of those that are given, oldest first) that tells where the file's value comes from.

    A known value with a shorter life is no new one: followers of the file hand on slices of it. A longer
    life is: somebody has asked WeChat.
    """
    value = fingerprint(record.value)
    told = [entry for entry in entries if entry.fingerprint == value and _is_authoritative(entry)]
    last = told[-1] if told else None
    return (
        last
        if last is not None and record.expires_at <= _recorded_expiry(last) + EXPIRY_TOLERANCE_S
        else None
    )


def _is_authoritative(entry: HistoryEntry) -> bool:
    """Whether it says when the value was generated and when it ends."""
    is_first_hand = entry.result is not AttemptResult.ADOPTED or entry.detail in (
        FOREIGN_WRITE,
        FOUND_EXISTING,
    )
    return entry.expires_at is not None and is_first_hand


def _recorded_expiry(entry: HistoryEntry) -> float:
    return entry.expires_at or 0.0


def with_recorded_lifetime(record: TokenRecord, origin: HistoryEntry) -> TokenRecord:
    """The record with the times that its line tells, whoever has written other ones over them since."""
    if (
        abs(record.generated_at - origin.at) < 0.01
        and abs(record.expires_at - _recorded_expiry(origin)) < EXPIRY_TOLERANCE_S
    ):
        return record
    born = int(origin.at * 1000)
    return replace(record, generated_ms=born, expires_in=round(_recorded_expiry(origin) - born / 1000))


def is_lifetime_shortened(record: TokenRecord, recorded: TokenRecord) -> bool:
    """Whether the file gives its value less life than it has."""
    return recorded.expires_at - record.expires_at > EXPIRY_TOLERANCE_S


def is_rewrite_of(record: TokenRecord | None, previous: TokenRecord | None) -> bool:
    """Whether somebody has written the value that we know once more, with no longer life."""
    if record is None or previous is None or record.value != previous.value:
        return False
    return record.expires_at <= previous.expires_at + EXPIRY_TOLERANCE_S


def foreign_write_times(entries: tuple[HistoryEntry, ...]) -> tuple[float, ...]:
    """When another program generated a value (Unix seconds), as far as these lines tell."""
    return tuple(
        entry.at
        for entry in entries
        if entry.result is AttemptResult.ADOPTED and entry.detail == FOREIGN_WRITE
    )


def count_in_last_hour(times: tuple[float, ...], now: float) -> int:
    """How many of these moments were in the last hour."""
    return sum(1 for at in times if now - HOUR_S < at <= now + EXPIRY_TOLERANCE_S)
