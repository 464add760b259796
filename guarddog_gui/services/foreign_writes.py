"""Read `.dog` files together with their origin, and record values that another program has written.

Where the value of a `.dog` file comes from ("provenance"):

The files are an open format: PHP scripts, npm `guard_dog` and copies of Guard Dog on other computers read
them, and some write them too. The file itself does not say who wrote it, but the history does. Each value
that Guard Dog issues leaves an entry with the value's fingerprint, its start and its expiry. So a value that
no entry explains was written by a program other than Guard Dog. It is adopted rather than overwritten, since
another call to WeChat would only invalidate the token of that program, which would ask again, and so forth.
The write is recorded once, as an ADOPTED entry with the detail FOREIGN_WRITE; the tray app warns the user
about programs that compete for a token, with the count of the last hour.

Three cases that look similar and are not foreign writes:

- A file that another Guard Dog process has written. Its entry is in the shared history, because files are
  written, and read here, under the account's lock only.
- A known value with a shorter life. Some programs rewrite the file with the time that is left of a value. The
  recorded start and expiry are used instead, and written back, so that readers do not see an early end.
  (A known value with a *longer* life is foreign: WeChat was asked again and returned the same value.)
- The first value of a key without any history. That history may have been deleted; the value is assumed to
  be our own, unless the caller has seen the file change.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import RETRY_HISTORY_MAX
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore

HOUR_ENTRIES_MAX = 500  # entries to search for foreign writes; more refreshes per hour count as 500


class TrackedRecord(Struct, frozen=True):
    """Record of a `.dog` file with its recorded start and expiry."""

    record: TokenRecord | None
    foreign_entry: HistoryEntry | None = None  # set if this read has recorded a foreign write


class TrackedDogFiles:
    """Read `.dog` files and their origin; the caller must hold the account's lock."""

    def __init__(self, dog_files: DogFileStore, history: HistoryStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._history = history
        self._clock = clock

    def read(self, account: Account, kind: TokenKind, trigger: Trigger, *, has_changed: bool = False) -> TrackedRecord:
        """Read a file; record a valid value that no history entry explains as a foreign write.

        With `has_changed` the caller has seen the file change, so a key without history is foreign too.
        """
        record = self._dog_files.read(account, kind)
        if record is None:
            return TrackedRecord(None)
        origin = self._find_origin(account, kind, record)
        if origin is not None:
            return TrackedRecord(self._repair_lifetime(account, kind, record, origin))
        if record.remaining_s(self._clock()) <= 0 or not (has_changed or self._has_history(account, kind)):
            return TrackedRecord(record)
        entry = self._record_foreign_write(account, kind, record, trigger, foreign_writes.FOREIGN_WRITE)
        return TrackedRecord(record, entry)

    def adopt(self, account: Account, trigger: Trigger) -> None:
        """Adopt the valid values in the folder of an account that was just added or moved there."""
        for kind in account.token_kinds:
            record = self._dog_files.read(account, kind)
            if record is None or record.remaining_s(self._clock()) <= 0:
                continue
            if self._find_origin(account, kind, record) is None:
                self._record_foreign_write(account, kind, record, trigger, foreign_writes.FOUND_EXISTING)

    def _find_origin(self, account: Account, kind: TokenKind, record: TokenRecord) -> HistoryEntry | None:
        since = min(record.generated_at, self._clock()) - ISSUED_LIFETIME_MAX_S
        past = self._history.entries_of_value(account.appid, kind.value, fingerprint(record.value), since)
        return foreign_writes.find_origin(record, past)

    def _has_history(self, account: Account, kind: TokenKind) -> bool:
        return any(entry.fingerprint for entry in self._history.latest(account.appid, kind.value, RETRY_HISTORY_MAX))

    def _repair_lifetime(
        self, account: Account, kind: TokenKind, record: TokenRecord, origin: HistoryEntry
    ) -> TokenRecord:
        """Return the value with its recorded life, and write that back if the file has a shorter one."""
        recorded = foreign_writes.with_recorded_lifetime(record, origin)
        if foreign_writes.is_lifetime_shortened(record, recorded) and recorded.remaining_s(self._clock()) > 0:
            recorded = replace(recorded, directory=self._dog_files.directory(account))
            try:
                self._dog_files.write(account, kind, recorded)
            except FileError:
                pass  # readers see an early end; the next refresh reports the problem of the disk
        return recorded

    def _record_foreign_write(
        self, account: Account, kind: TokenKind, record: TokenRecord, trigger: Trigger, detail: str
    ) -> HistoryEntry:
        entry = HistoryEntry(
            record.generated_at, account.appid, kind.value, trigger, AttemptResult.ADOPTED,
            fingerprint=fingerprint(record.value), detail=detail, expires_at=record.expires_at,
        )  # fmt: skip
        self._history.append(entry)
        return entry


def count_foreign_writes(history: HistoryStore, appid: str, key: str, now: float) -> int:
    """Return how often another program wrote this key within the hour before `now` (Unix seconds)."""
    past = history.latest(appid, key, HOUR_ENTRIES_MAX)
    return foreign_writes.count_in_last_hour(foreign_writes.foreign_write_times(past), now)
