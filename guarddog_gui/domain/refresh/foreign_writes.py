"""Detection of `.dog` files written by other programs.

Each value that Guard Dog gets from WeChat or adopts has an entry in the history. A value without one was
written by another program.
"""

from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

# detail of an ADOPTED entry: another program wrote the value, which was generated at the entry's `at`
FOREIGN_WRITE = "foreign"
FOUND_EXISTING = "found"  # the same for a value that was in the folder when the account was added
EXPIRY_TOLERANCE_S = 5.0  # between differently rounded expiry times of the same value


def find_origin(record: TokenRecord, entries: tuple[HistoryEntry, ...]) -> HistoryEntry | None:
    """Return the latest entry that records this value; None if its origin is unknown.

    `entries` are sorted from the oldest to the newest. A program that follows the file may write the same
    value again with a shorter lifetime; that is no new value. With a longer lifetime it is one: only WeChat
    grants that, so another program has asked it.
    """
    value = fingerprint(record.value)
    recorded = [entry for entry in entries if entry.fingerprint == value and _is_authoritative(entry)]
    if not recorded or record.expires_at > (recorded[-1].expires_at or 0.0) + EXPIRY_TOLERANCE_S:
        return None
    return recorded[-1]


def _is_authoritative(entry: HistoryEntry) -> bool:
    """Return True if the entry records when the value was generated and when it expires."""
    is_adopted_again = entry.result is AttemptResult.ADOPTED and entry.detail not in (FOREIGN_WRITE, FOUND_EXISTING)
    return entry.expires_at is not None and not is_adopted_again


def with_recorded_lifetime(record: TokenRecord, origin: HistoryEntry) -> TokenRecord:
    """Return the record with the times of its history entry, which another program may have overwritten."""
    expires_at = origin.expires_at or 0.0
    has_same_start = abs(record.generated_at - origin.at) < 0.01
    if has_same_start and abs(record.expires_at - expires_at) < EXPIRY_TOLERANCE_S:
        return record
    generated_ms = int(origin.at * 1000)
    return replace(record, generated_ms=generated_ms, expires_in=round(expires_at - generated_ms / 1000))


def is_lifetime_shortened(record: TokenRecord, recorded: TokenRecord) -> bool:
    """Return True if the file gives the value less lifetime than the history does."""
    return recorded.expires_at - record.expires_at > EXPIRY_TOLERANCE_S


def is_rewrite_of(record: TokenRecord | None, previous: TokenRecord | None) -> bool:
    """Return True if the known value was written again with no longer lifetime."""
    if record is None or previous is None or record.value != previous.value:
        return False
    return record.expires_at <= previous.expires_at + EXPIRY_TOLERANCE_S


def foreign_write_times(entries: tuple[HistoryEntry, ...]) -> tuple[float, ...]:
    """Return when another program generated a value (Unix seconds), according to these entries."""
    adopted = (entry for entry in entries if entry.result is AttemptResult.ADOPTED)
    return tuple(entry.at for entry in adopted if entry.detail == FOREIGN_WRITE)


def count_in_last_hour(times: tuple[float, ...], now: float) -> int:
    return sum(1 for at in times if now - HOUR_S < at <= now + EXPIRY_TOLERANCE_S)
