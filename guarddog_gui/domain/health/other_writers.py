"""What the history shows of other programs that renew the values of an account."""

from msgspec import Struct

from guarddog_gui.domain.refresh import foreign_writes, policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import DAY_S

ENTRIES_MAX = 1000  # of one key; of a busier one only the newest are looked at


class OtherWriters(Struct, frozen=True):
    """Traces of other programs in the history of one key, within the last 24 hours.

    adopted_count       values that another program wrote, and that were proven to belong to the account
    rejected            the last value of another program that was not adopted; None if there was none
    rejected_count      how many there were
    superseded          the last refusal of a value before its expiry: another program has replaced it
    superseded_count    how many there were
    last_write_at       when the last value was written (Unix seconds)
    """

    adopted_count: int = 0
    rejected: HistoryEntry | None = None
    rejected_count: int = 0
    superseded: HistoryEntry | None = None
    superseded_count: int = 0
    last_write_at: float = 0.0

    @property
    def write_count(self) -> int:
        return self.adopted_count + self.rejected_count

    @property
    def is_empty(self) -> bool:
        return not (self.write_count or self.superseded_count)


def find_other_writers(entries: tuple[HistoryEntry, ...], now: float) -> OtherWriters:
    """Return the traces in the entries of one key."""
    recent = sorted((entry for entry in entries if now - DAY_S < entry.at), key=lambda entry: entry.at)
    written = [entry for entry in recent if foreign_writes.is_of_other_program(entry)]
    rejected = [entry for entry in written if entry.result is AttemptResult.NOT_ADOPTED]
    # one event may leave both: the refusal of the old value, and the attempt that has replaced it
    refused = [entry for entry in recent if foreign_writes.is_value_refused(entry)]
    replaced = [entry for entry in recent if entry.detail == policy.SUPERSEDED]
    superseded = max(refused, replaced, key=len)
    return OtherWriters(
        adopted_count=len(written) - len(rejected),
        rejected=rejected[-1] if rejected else None,
        rejected_count=len(rejected),
        superseded=superseded[-1] if superseded else None,
        superseded_count=len(superseded),
        last_write_at=written[-1].at if written else 0.0,
    )
