"""Write a value that another computer has shared into the account's `.dog` file, as one of Guard Dog's own.

The history gets an entry with the fingerprint and the end, and the copy beside the file is written with it: from then
on every reader of the file uses the value like one that this computer has fetched. Requires the account's lock.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import foreign_writes, retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.sharing.values import SharedReading, ends_later, make_record
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.calls.refresh_request import RefreshRequest, RefreshResult
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore, ReplacedTicketStore
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles


class SharedAdoption(Struct, frozen=True, eq=False):
    """Take over shared values."""

    dog_files: DogFileStore
    tracked_files: TrackedDogFiles
    replaced_tickets: ReplacedTicketStore
    history: HistoryStore
    clock: Clock

    def adopt(self, request: RefreshRequest, kind: TokenKind, reading: SharedReading) -> RefreshResult | None:
        """Write the shared value unless the one on disk lives as long; return the result if it was written.

        The own value is replaced by one that ends later, or if it does not live. A value that WeChat has refused is
        not taken over, whatever life is left of it.
        """
        account = request.account
        record = make_record(reading, self.dog_files.directory(account), account.refresh_ahead)
        if record is None or self._is_refused(account, kind, record):
            return None
        tracked = self.tracked_files.read(account, kind, dict(request.in_memory_values).get(kind))
        current = tracked.record
        if current is not None and self._is_refused(account, kind, current):
            current = None
        if not ends_later(record, current, self.clock()) and tracked.foreign is None:
            return None
        if current is None and tracked.kept is not None and not ends_later(record, tracked.kept, self.clock()):
            record = replace(tracked.kept, directory=record.directory)  # another program has overwritten it
        entry = HistoryEntry(
            record.generated_at, account.appid, kind.value, request.trigger, AttemptResult.SHARED,
            fingerprint=fingerprint(record.value), detail=shared_age(reading), expires_at=record.expires_at,
        )  # fmt: skip
        try:
            self.dog_files.write(account, kind, record)
        except FileError as error:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(error))
        else:
            if kind is not TokenKind.ACCESS_TOKEN and current is not None and current.value != record.value:
                self.replaced_tickets.add(account, current.value, self.clock())
        self.history.append(entry)
        return RefreshResult(account.appid, kind, entry, record)

    def _is_refused(self, account: Account, kind: TokenKind, record: TokenRecord) -> bool:
        since = min(record.generated_at, self.clock()) - ISSUED_LIFETIME_MAX_S
        entries = self.history.entries_of_value(account.appid, kind.value, fingerprint(record.value), since)
        return bool(entries) and foreign_writes.is_value_refused(entries[-1])


def shared_age(reading: SharedReading) -> str:
    """Return what leaders know of the age of a ticket, as the detail of an entry; empty for an access token."""
    sighting = reading.sighting
    if sighting is None:
        return ""
    at = reading.asked_at
    return retries.shared_detail(at - sighting.seen_s, at - sighting.answered_s, is_replacement=sighting.is_replacement)
