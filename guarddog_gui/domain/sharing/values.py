"""What Redis holds of an account, as one reading found it, and how lives become times of the local clock.

The life of a value is what Redis says is left of it, counted from the moment *before* it was asked: whatever delays
this program after that makes the life shorter, never longer. The clock of the computer that wrote the value is never
used. A leader computes lives by the clock of Redis, for the same reason; see `adapters/sharing/scripts.py`.
"""

from enum import StrEnum
from math import floor

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.tokens.record import TokenRecord

# A key without an end says nothing about the life of its value. It is believed for as long as WeChat accepts a
# replaced token, and read again before that.
ENDLESS_KEY_LIFE_S = 300
SAME_END_TOLERANCE_S = 5.0  # between ends of the same value; less for the short lives of a sandbox


class SharedValue(HiddenFields, Struct, frozen=True):
    """Value of one key.

    left_s        seconds that are left of it, from the moment when Redis was asked
    life_s        seconds of its whole life, if the key says so
    key           name of the key in Redis
    leader        name of the computer that wrote it; empty if the key does not say
    is_endless    the key has no end, so that `left_s` is assumed
    """

    hidden_fields = ("value",)

    value: str
    left_s: float
    life_s: int | None = None
    key: str = ""
    leader: str = ""
    is_endless: bool = False


def digest_of(value: str) -> str:
    """Return the SHA-1 by which leaders recognise a ticket; Redis keeps it longer than the ticket."""
    import hashlib  # takes 3 ms to import

    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


class TicketSighting(Struct, frozen=True):
    """What leaders know of the age of the current ticket: seconds before Redis was asked.

    digest            SHA-1 of the ticket
    seen_s            since it was first returned by WeChat
    answered_s        since WeChat's last answer
    is_replacement    it was seen replacing another ticket, so that it was new then
    """

    digest: str
    seen_s: float
    answered_s: float
    is_replacement: bool


class SharedReading(Struct, frozen=True):
    """One look into Redis.

    asked_at       local time before Redis was asked (Unix seconds)
    clock_ahead_s  by how much the clock of Redis is ahead of the local one, at most; None if it was not asked for
    """

    asked_at: float
    value: SharedValue | None
    sighting: TicketSighting | None = None
    clock_ahead_s: float | None = None


class ValueToShare(HiddenFields, Struct, frozen=True):
    """Value that a leader writes.

    life_s           seconds of its life, from when WeChat was asked
    asked_at         when that was, by the clock of Redis (Unix seconds); never later than it really was
    left_s           seconds that are left by the local clock; the smaller one of the two ends counts
    seen_at          of a ticket: when it was first seen, by the clock of Redis; 0 for an access token
    is_replacement   it was seen replacing another ticket then
    """

    hidden_fields = ("value",)

    value: str
    life_s: int
    asked_at: float
    left_s: float
    seen_at: float = 0.0
    is_replacement: bool = False


class ShareResult(StrEnum):
    """What became of a value that a leader wrote."""

    WRITTEN = "written"
    SAME = "same"
    SUPERSEDED = "superseded"  # another value is there, which ends later
    ENDED = "ended"


class SharingFailure(Struct, frozen=True):
    """Reason why Redis could not be used; `detail` has no password and no value."""

    problem: SharingProblem
    detail: str = ""


class SharingStatus(Struct, frozen=True):
    """State of the sharing of an account when Redis was last used.

    checked_at    Unix seconds
    problem       None if all was well
    since         when that problem began, or the last one ended (Unix seconds)
    leader        name of the computer that wrote the current access token
    written_at    when that was (Unix seconds); 0 if unknown
    """

    checked_at: float
    problem: SharingProblem | None = None
    detail: str = ""
    since: float = 0.0
    leader: str = ""
    written_at: float = 0.0


def make_record(reading: SharedReading, directory: str, ahead: int) -> TokenRecord | None:
    """Return the value as it is written to a `.dog` file; None without one that lives for a second at least."""
    shared = reading.value
    if shared is None or shared.left_s < 1:
        return None
    ends_ms = floor((reading.asked_at + shared.left_s) * 1000)
    life_s = max(shared.life_s or 0, int(shared.left_s))
    return TokenRecord(shared.value, life_s, ends_ms - life_s * 1000, directory, ahead)


def ends_later(record: TokenRecord, other: TokenRecord | None, now: float) -> bool:
    """Return True if a value is to replace the other one: it lives longer.

    The end of the same value differs by what rounding and delays make of it. Another one was made later: a forced
    token ends only seconds after the one that it has made invalid.
    """
    if other is None or other.remaining_s(now) <= 0:
        return True
    tolerance_s = min(SAME_END_TOLERANCE_S, record.expires_in / 20) if record.value == other.value else 0.0
    return record.expires_at > other.expires_at + tolerance_s
