"""Read `.dog` files under the account's lock, and put Guard Dog's own value back where that needs no call.

Where the value of a file comes from is explained in `own_values.py`. A few cases are settled here, without a call
and without an entry in the history:

- The own value with another life. Some programs rewrite the file with the time that is left of a value, others
  with the 7200 seconds that WeChat states for a ticket of any age. The life on record is written back.
- An older own value, written again by a program that follows the file: the newer one is written back.
- A damaged file: the value in it is written back, as long as it lives.

Any other value is returned as `foreign`, for the refresh to verify.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.foreign_writes import EXPIRY_TOLERANCE_S
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S, ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.own_copy import is_same_value_and_life
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore
from guarddog_gui.services.provenance.own_values import OwnValues

HOUR_ENTRIES_MAX = 500  # entries to search for foreign writes; more refreshes per hour count as 500


class TrackedRecord(Struct, frozen=True):
    """Content of a `.dog` file by its origin.

    record      the own value; None if the file has none
    foreign     the value of another program that is in the file instead
    kept        the own value that is no longer in the file but still lives
    refused     the own value that is in the file although WeChat has refused it
    unwritten   error because of which the own value could not be put back into the file
    """

    record: TokenRecord | None
    foreign: TokenRecord | None = None
    kept: TokenRecord | None = None
    refused: TokenRecord | None = None
    unwritten: FileError | None = None


class TrackedDogFiles:
    """Read `.dog` files and their origin; the caller must hold the account's lock."""

    def __init__(self, dog_files: DogFileStore, history: HistoryStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._history = history
        self._clock = clock
        self._own_values = OwnValues(dog_files, lambda: history, clock)

    def read(self, account: Account, kind: TokenKind, in_memory: TokenRecord | None = None) -> TrackedRecord:
        """Read a file. `in_memory` is the own value that the caller knows, which may be missing on disk."""
        record = self._dog_files.read(account, kind)
        kept = self._newest_kept(account, kind, in_memory)
        if record is None:
            is_damaged = self._dog_files.stamp(account, kind) is not None
            return self._restore(account, kind, kept if is_damaged else None)
        known = self._own_values.recognise(account, kind, record)
        if known is not None:
            return TrackedRecord(self._repair_life(account, kind, record, known))
        entries = self._entries_of_value(account, kind, record)
        if entries and foreign_writes.is_value_refused(entries[-1]):
            return TrackedRecord(None, refused=record)
        if foreign_writes.find_origin(record, entries) is not None:  # an older own value
            return self._restore(account, kind, kept)
        return TrackedRecord(None, record, kept)

    def _restore(self, account: Account, kind: TokenKind, kept: TokenRecord | None) -> TrackedRecord:
        error = None if kept is None else self.put_back(account, kind, kept)
        return TrackedRecord(kept) if error is None else TrackedRecord(None, kept=kept, unwritten=error)

    def read_only(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the own value, in the file or not, without writing anything; the lock is not needed."""
        return self._own_values.read(account, kind) or self._newest_kept(account, kind, None)

    def put_back(self, account: Account, kind: TokenKind, record: TokenRecord) -> FileError | None:
        """Write an own value again; return the error if that failed."""
        try:
            self._dog_files.write(account, kind, replace(record, directory=self._dog_files.directory(account)))
        except FileError as error:
            return error
        return None

    def expire_future_value(self, account: Account, kind: TokenKind) -> None:
        """Write an own value from the future as expired.

        The clock was ahead when it was written. How long it lives is not known, and programs that follow the
        file would use it until the end that the file states, for hours after it has died. The clock may still be
        ahead, so the end is a month ago by it: the value stays expired when the clock is set right.
        """
        record, now = self._dog_files.read(account, kind), self._clock()
        if record is None or record.is_plausible(now):
            return
        known = self._own_values.recognise(account, kind, record)
        if known is not None:
            ended_at = now - BELIEVABLE_LIFETIME_MAX_S
            self.put_back(account, kind, replace(known, generated_ms=int((ended_at - known.expires_in) * 1000)))

    def _newest_kept(self, account: Account, kind: TokenKind, in_memory: TokenRecord | None) -> TokenRecord | None:
        """Return the newest own value that still lives, of the copy on disk and the caller's memory."""
        candidates = (self._dog_files.read_own_copy(account, kind), in_memory)
        living = [record for record in candidates if record is not None and record.remaining_s(self._clock()) > 0]
        usable = [record for record in living if not self._is_refused(account, kind, record)]
        return max(usable, key=lambda record: record.generated_ms, default=None)

    def _is_refused(self, account: Account, kind: TokenKind, record: TokenRecord) -> bool:
        entries = self._entries_of_value(account, kind, record)
        return bool(entries) and foreign_writes.is_value_refused(entries[-1])

    def _entries_of_value(self, account: Account, kind: TokenKind, record: TokenRecord) -> tuple[HistoryEntry, ...]:
        since = min(record.generated_at, self._clock()) - ISSUED_LIFETIME_MAX_S
        return self._history.entries_of_value(account.appid, kind.value, fingerprint(record.value), since)

    def _repair_life(self, account: Account, kind: TokenKind, record: TokenRecord, known: TokenRecord) -> TokenRecord:
        """Return the value with its life on record, and write that back if the file has another one."""
        if known.remaining_s(self._clock()) <= 0:
            return known
        own_copy = self._dog_files.read_own_copy(account, kind)
        if own_copy is not None and is_same_value_and_life(record, own_copy):
            return known
        is_longer = known.expires_at > record.expires_at + EXPIRY_TOLERANCE_S
        if self.put_back(account, kind, known) is not None and is_longer and kind is not TokenKind.ACCESS_TOKEN:
            return record  # as its readers see it: the next answer, which costs nothing, is written again
        return replace(known, directory=self._dog_files.directory(account))


def count_foreign_writes(history: HistoryStore, appid: str, key: str, now: float) -> int:
    """Return how often another program wrote this key within the hour before `now` (Unix seconds)."""
    past = history.latest(appid, key, HOUR_ENTRIES_MAX)
    return foreign_writes.count_in_last_hour(foreign_writes.foreign_write_times(past), now)
