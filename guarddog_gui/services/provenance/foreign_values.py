"""Decide what becomes of a value that another program wrote into a `.dog` file. Requires the account's lock.

A value is adopted only if WeChat has proven that it belongs to the account (`proof.py`). Any other value is
replaced by Guard Dog's own one, if that still lives, or counts as absent, so that a refresh follows.

No write of another program may cost more calls than the pace of `domain/refresh/foreign_writes.py` allows:

- A value that was judged before, or whose life is over, costs none.
- After a value that was not adopted, the next ones cost none until the wait is over. The own value is put back
  meanwhile and confirmed after the wait: one of them may have replaced it.
- A verification respects the cool-downs and the daily budget, as each request does.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.foreign_writes import VERIFICATION_WAIT_MIN_S
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.expiry import WECHAT_LIFETIME_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.services.calls.token_calls import TokenCalls, with_failure
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore
from guarddog_gui.services.provenance.proof import ForeignWriteLog, OwnershipProof, TokenProof
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles, TrackedRecord


class Settled(Struct, frozen=True):
    """Decision about the value of another program.

    tracked     content of the file afterwards; `foreign` is set if only the answer to a request will tell
    entry       history entry about the other program's value, if one was written
    failure     reason why nothing is known of a classic token, which a request for a new one could end
    """

    tracked: TrackedRecord
    entry: HistoryEntry | None = None
    failure: HistoryEntry | None = None


class ForeignValues:
    """Judge values of other programs, and put Guard Dog's own ones back."""

    def __init__(
        self,
        dog_files: DogFileStore,
        tracked_files: TrackedDogFiles,
        calls: TokenCalls,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        clock: Clock,
    ) -> None:
        self._dog_files = dog_files
        self._tracked_files = tracked_files
        self._proof = OwnershipProof(calls, history, errcode_catalog, clock)
        self._log = ForeignWriteLog(history, clock)
        self._history = history
        self._clock = clock

    def settle(
        self, account: Account, kind: TokenKind, tracked: TrackedRecord, trigger: Trigger, *, may_call: bool
    ) -> Settled:
        """Decide without a call if possible, else prove a classic token; other keys are left to the request.

        With `may_call` False, a limit forbids requests now.
        """
        if tracked.foreign is None:
            return Settled(tracked)
        detail = self._log.find_verdict(account, kind, tracked.foreign)
        if detail is None and not may_call:
            detail = self._unverified()
        if detail is not None:
            return self.reject(account, kind, tracked, trigger, detail)
        if kind is not TokenKind.ACCESS_TOKEN or account.endpoint is not Endpoint.CLASSIC:
            return Settled(tracked)
        return self._prove(account, tracked, tracked.foreign, trigger)

    def reject(
        self, account: Account, kind: TokenKind, tracked: TrackedRecord, trigger: Trigger, detail: str, calls: int = 0
    ) -> Settled:
        """Record that the value was not adopted, and put the own one back, if there is one."""
        entry = None
        if tracked.foreign is not None:
            entry = self._log.note(account, kind, tracked.foreign, trigger, detail, calls)
        unwritten = None if tracked.kept is None else self._tracked_files.put_back(account, kind, tracked.kept)
        return Settled(TrackedRecord(tracked.kept, unwritten=unwritten), entry)

    def reject_unverified(self, account: Account, kind: TokenKind, tracked: TrackedRecord, trigger: Trigger) -> Settled:
        """Put the own value back until WeChat can be asked."""
        return self.reject(account, kind, tracked, trigger, self._unverified())

    def note_replaced(
        self, account: Account, kind: TokenKind, foreign: TokenRecord, trigger: Trigger
    ) -> HistoryEntry | None:
        """Record that WeChat has returned another value than that of the other program."""
        return self._log.note(account, kind, foreign, trigger, foreign_writes.OTHER_ACCOUNT)

    def mark_refused(self, account: Account, record: TokenRecord, refusal: Refusal, trigger: Trigger) -> None:
        """Record that WeChat has refused an access token, so that no reader uses it until its expiry."""
        entry = HistoryEntry(
            self._clock(), account.appid, TokenKind.ACCESS_TOKEN.value, trigger, AttemptResult.REFUSED,
            fingerprint=fingerprint(record.value), endpoint="getticket",
        )  # fmt: skip
        self._history.append(replace(with_failure(entry, refusal), calls=0))  # counted with the ticket's request
        try:
            own_copy = self._dog_files.read_own_copy(account, TokenKind.ACCESS_TOKEN)
            if own_copy is not None and own_copy.value == record.value:
                self._dog_files.delete_own_copy(account, TokenKind.ACCESS_TOKEN)
        except FileError:
            pass  # a full path without the history still prints it, as without this entry

    def _prove(self, account: Account, tracked: TrackedRecord, foreign: TokenRecord, trigger: Trigger) -> Settled:
        kind = TokenKind.ACCESS_TOKEN
        proof = self._proof.prove(account, foreign, tracked.kept)
        if proof.refused_own is not None and tracked.kept is not None:
            self.mark_refused(account, tracked.kept, proof.refused_own, trigger)
            tracked = replace(tracked, kept=None)
        if proof.detail == foreign_writes.SAME_TICKET:
            return self.adopt(account, foreign, proof, trigger)
        detail = self._unverified() if proof.detail == foreign_writes.UNVERIFIED else proof.detail
        settled = self.reject(account, kind, tracked, trigger, detail, proof.calls)
        if settled.tracked.record is not None or proof.failure is None:
            return settled
        entry = HistoryEntry(self._clock(), account.appid, kind.value, trigger, AttemptResult.REFUSED)
        failure = replace(with_failure(entry, proof.failure), calls=0, endpoint="getticket")
        return replace(settled, failure=failure)

    def adopt(self, account: Account, foreign: TokenRecord, proof: TokenProof, trigger: Trigger) -> Settled:
        """Take over a proven classic token; no answer states its life, so that of the file counts, up to two hours."""
        kind = TokenKind.ACCESS_TOKEN
        record = replace(foreign, expires_in=min(foreign.expires_in, WECHAT_LIFETIME_S))
        entry = HistoryEntry(
            record.generated_at, account.appid, kind.value, trigger, AttemptResult.ADOPTED, calls=proof.calls,
            fingerprint=fingerprint(record.value), detail=proof.detail, expires_at=record.expires_at,
        )  # fmt: skip
        self._history.append(entry)
        self._tracked_files.put_back(account, kind, record)
        return Settled(TrackedRecord(record), entry)

    def _unverified(self) -> str:
        return foreign_writes.unverified_detail(self._clock() + VERIFICATION_WAIT_MIN_S)
