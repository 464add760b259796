"""The `.dog` files as the history explains them, and the line about a value that it does not explain."""

from dataclasses import dataclass, replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import RETRY_HISTORY_MAX
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore

HOUR_ENTRIES_MAX = 500  # lines; a program that refreshes more often counts as this


@dataclass(frozen=True, slots=True)
class TrackedRecord:
    """What a file holds, with its true life; `line` is the one that was written about another program."""

    record: TokenRecord | None
    foreign_entry: HistoryEntry | None = None


class TrackedDogFiles:
    """Reads under the account's lock: then whoever of us has written has left its line, too."""

    def __init__(self, dog_files: DogFileStore, history: HistoryStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._history = history
        self._clock = clock

    def read(
        self, account: Account, kind: TokenKind, trigger: Trigger, *, has_changed: bool = False
    ) -> TrackedRecord:
        """The file's record. A live value of another program's gets its line, once.

        Where nothing is known of the key, the value is taken for our own, unless the file `has_changed` under
        the eyes of the caller: the history may have been lost.
        """
        record = self._dog_files.read(account, kind)
        if record is None:
            return TrackedRecord(None)
        line = self._find_origin(account, kind, record)
        if line is not None:
            return TrackedRecord(
                self._repair_lifetime(
                    account, kind, record, foreign_writes.with_recorded_lifetime(record, line)
                )
            )
        if record.remaining_s(self._clock()) <= 0 or not (has_changed or self._has_history(account, kind)):
            return TrackedRecord(record)
        return TrackedRecord(
            record, self._record_foreign_write(account, kind, record, trigger, foreign_writes.FOREIGN_WRITE)
        )

    def adopt(self, account: Account, trigger: Trigger) -> None:
        """Take over what lies in the folder of an account that was just added or moved there."""
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
        past = self._history.latest(account.appid, kind.value, RETRY_HISTORY_MAX)
        return any(entry.fingerprint for entry in past)

    def _repair_lifetime(
        self, account: Account, kind: TokenKind, record: TokenRecord, recorded: TokenRecord
    ) -> TokenRecord:
        """The true record; the file gets it back where it gives a value that lives less life than it has."""
        if foreign_writes.is_lifetime_shortened(record, recorded) and recorded.remaining_s(self._clock()) > 0:
            recorded = replace(recorded, directory=self._dog_files.directory(account))
            try:
                self._dog_files.write(account, kind, recorded)
            except FileError:
                pass  # readers see an early end; our own next refresh says what is wrong with the disk
        return recorded

    def _record_foreign_write(
        self, account: Account, kind: TokenKind, record: TokenRecord, trigger: Trigger, detail: str
    ) -> HistoryEntry:
        line = HistoryEntry(
            record.generated_at,
            account.appid,
            kind.value,
            trigger,
            AttemptResult.ADOPTED,
            fingerprint=fingerprint(record.value),
            detail=detail,
            expires_at=record.expires_at,
        )
        self._history.append(line)
        return line


def count_foreign_writes(history: HistoryStore, appid: str, key: str, now: float) -> int:
    """How often another program has refreshed this key within the hour before `now` (Unix seconds)."""
    past = history.latest(appid, key, HOUR_ENTRIES_MAX)
    return foreign_writes.count_in_last_hour(foreign_writes.foreign_write_times(past), now)
