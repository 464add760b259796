"""Values in `.dog` files that another program wrote: their recognition, and the pace of their verification.

A value belongs to Guard Dog if WeChat gave it to Guard Dog for this account, or if WeChat has proven since that
it belongs to this account. Either leaves an entry with the fingerprint of the value in the history. A value
without such an entry may be of any account, alive or dead. Each verification costs calls, so a program that
writes again and again must not cause one with every write: after each value that was not adopted, the next
verification waits twice as long.
"""

from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint

# details of an ADOPTED entry: another program wrote the value, and …
RETURNED = "returned"  # … WeChat returned the same value to Guard Dog
SAME_TICKET = "same ticket"  # … WeChat gives the same ticket for it as for a token of this account
PROVEN_DETAILS = frozenset({RETURNED, SAME_TICKET})

# details of a NOT_ADOPTED entry
OTHER_ACCOUNT = "other"  # WeChat returned another value: of another account, or replaced
INVALID = "invalid"  # WeChat does not accept it, or its life is over
NO_PROOF = "no proof"  # WeChat offers none: a classic mini program, or an account without tickets
UNVERIFIED = "unverified"  # WeChat was not asked, or did not answer; a Unix time follows, the next verification
_JUDGED_DETAILS = frozenset({OTHER_ACCOUNT, INVALID, NO_PROOF})

EXPIRY_TOLERANCE_S = 5.0  # between differently rounded expiry times of the same value
VERIFICATION_WAIT_MIN_S = 60.0
VERIFICATION_WAIT_MAX_S = 20 * 60.0


def find_origin(record: TokenRecord, entries: tuple[HistoryEntry, ...]) -> HistoryEntry | None:
    """Return the latest entry that shows that this value belongs to the account; None if there is none.

    `entries` are sorted from the oldest to the newest. A value that WeChat has refused since, or that WeChat
    has answered with another one since, is not usable any more.
    """
    value = fingerprint(record.value)
    for entry in reversed(entries):
        if entry.fingerprint != value:
            continue
        if is_value_refused(entry) or is_judged(entry):
            return None
        if _is_authoritative(entry):
            return entry
    return None


def _is_authoritative(entry: HistoryEntry) -> bool:
    """Return True if the entry records a value of this account with its expiry."""
    is_proven = entry.result is not AttemptResult.ADOPTED or entry.detail in PROVEN_DETAILS
    return entry.expires_at is not None and is_proven and entry.result is not AttemptResult.NOT_ADOPTED


def is_value_refused(entry: HistoryEntry) -> bool:
    """Return True if the entry records that WeChat refused the value itself, not a request for a new one."""
    return entry.result is AttemptResult.REFUSED and bool(entry.fingerprint)


def is_own_answer(entry: HistoryEntry) -> bool:
    """Return True if WeChat has returned the value of this entry to Guard Dog."""
    return entry.result in (AttemptResult.NEW, AttemptResult.SAME) or (
        entry.result is AttemptResult.ADOPTED and entry.detail == RETURNED
    )


def is_of_other_program(entry: HistoryEntry) -> bool:
    """Return True if the entry records a value that another program wrote, adopted or not."""
    return entry.result is AttemptResult.NOT_ADOPTED or (
        entry.result is AttemptResult.ADOPTED and entry.detail in PROVEN_DETAILS
    )


def is_judged(entry: HistoryEntry) -> bool:
    """Return True if the entry records a value that WeChat has shown not to be usable."""
    return entry.result is AttemptResult.NOT_ADOPTED and is_rejection(entry.detail)


def is_rejection(detail: str) -> bool:
    """Return True if the detail of a NOT_ADOPTED entry is a final one."""
    return detail in _JUDGED_DETAILS


def verification_due_at(entries: tuple[HistoryEntry, ...], now: float) -> float:
    """Return from when on the next value of another program may be verified (Unix seconds).

    `entries` are those of the key. The wait begins with the last value that was not adopted: 60 s, doubled for
    every further one within the hour, and twenty minutes at most.
    """
    times = [entry.at for entry in entries if is_judged(entry) and now - HOUR_S < entry.at <= now + EXPIRY_TOLERANCE_S]
    if not times:
        return 0.0
    wait_s: float = VERIFICATION_WAIT_MIN_S * 2 ** min(len(times) - 1, 10)
    return max(times) + min(VERIFICATION_WAIT_MAX_S, wait_s)


def unverified_detail(due_at: float) -> str:
    """Return the detail of a NOT_ADOPTED entry: WeChat may be asked from `due_at` on (Unix seconds)."""
    return f"{UNVERIFIED} {due_at:.0f}"


def unverified_until(entry: HistoryEntry) -> float:
    """Return from when on WeChat may be asked, according to `unverified_detail`; 0 for any other entry."""
    detail, _, due_at = entry.detail.partition(" ")
    return float(due_at) if detail == UNVERIFIED and due_at.isdigit() else 0.0


def with_recorded_lifetime(record: TokenRecord, origin: HistoryEntry) -> TokenRecord:
    """Return the record with the times of its history entry, which another program may have overwritten."""
    expires_at = origin.expires_at or 0.0
    has_same_start = abs(record.generated_at - origin.at) < 0.01
    if has_same_start and abs(record.expires_at - expires_at) < EXPIRY_TOLERANCE_S:
        return record
    generated_ms = int(origin.at * 1000)
    return replace(record, generated_ms=generated_ms, expires_in=round(expires_at - generated_ms / 1000))


def foreign_write_times(entries: tuple[HistoryEntry, ...]) -> tuple[float, ...]:
    """Return when another program wrote a value (Unix seconds), according to these entries."""
    return tuple(entry.at for entry in entries if is_of_other_program(entry))


def count_in_last_hour(times: tuple[float, ...], now: float) -> int:
    return sum(1 for at in times if now - HOUR_S < at <= now + EXPIRY_TOLERANCE_S)
