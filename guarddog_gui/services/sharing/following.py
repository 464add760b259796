"""Refresh of a follower: it reads from Redis what a leader, or the SDK of production, has written there.

No request is sent to WeChat and no AppSecret is read; see `adapters/sharing/redis_store.py` for what Redis is sent.
A value that lives is given whatever Redis says. Requires the account's lock.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharedReading, SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.ports import Clock, HistoryStore, SharedStore
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles
from guarddog_gui.services.sharing.adoption import SharedAdoption
from guarddog_gui.services.sharing.status_log import SharingStatusLog

SAME_FAILURE_S = 30.0
LOST_MIN_LEFT_S = 30.0  # with less than that left a value has ended rather than got lost: clocks and rounding differ


class FollowedValues(Struct, frozen=True, eq=False):
    """Refresh accounts that only follow."""

    store: SharedStore
    adoption: SharedAdoption
    tracked_files: TrackedDogFiles
    status_log: SharingStatusLog
    history: HistoryStore
    clock: Clock

    def refresh(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """Return one result per key."""
        kinds = [kind for kind in request.account.token_kinds if kind in request.kinds]
        if request.mode is RefreshMode.FORCE:
            return tuple(self._fail(request, kind, SharingProblem.FOLLOWER, None) for kind in kinds[:1])
        return tuple(self._refresh_key(request, kind) for kind in kinds)

    def _refresh_key(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult:
        account = request.account
        reading = self.store.read(account, kind)
        if isinstance(reading, SharingFailure):
            self.status_log.note_failure(account.appid, reading)
            return self._without_shared(request, kind, reading.problem, reading.detail)
        adopted = self.adoption.adopt(request, kind, reading)
        if adopted is not None:
            self._note(request, kind, reading, None)
            return adopted
        if reading.value is None:
            current = self._current(request, kind)
            is_lost = current is not None and current.remaining_s(self.clock()) > LOST_MIN_LEFT_S
            problem = SharingProblem.VALUE_LOST if is_lost else SharingProblem.NO_LEADER
            self._note(request, kind, reading, problem)
            return self._without_shared(request, kind, problem)
        self._note(request, kind, reading, None)
        return self._without_shared(request, kind, SharingProblem.NO_LEADER)

    def _note(
        self, request: RefreshRequest, kind: TokenKind, reading: SharedReading, problem: SharingProblem | None
    ) -> None:
        """Note the state of the access token; a missing ticket is often one that the account does not have."""
        if kind is TokenKind.ACCESS_TOKEN:
            self.status_log.note_reading(request.account.appid, reading, problem)

    def _without_shared(
        self, request: RefreshRequest, kind: TokenKind, problem: SharingProblem, detail: str = ""
    ) -> RefreshResult:
        """Return the value on disk while it lives, else a failure."""
        current = self._current(request, kind)
        is_enough = current is not None and current.remaining_s(self.clock()) > (request.min_ttl or 0.0)
        if current is None or (not is_enough and request.min_ttl is not None):
            return self._fail(request, kind, problem, current, detail)
        entry = self._make_entry(request, kind, AttemptResult.STILL_FRESH)
        entry = replace(entry, fingerprint=fingerprint(current.value))
        return RefreshResult(request.account.appid, kind, entry, current)

    def _current(self, request: RefreshRequest, kind: TokenKind) -> TokenRecord | None:
        """Return the own value that lives; one that another program has overwritten is put back."""
        tracked = self.tracked_files.read(request.account, kind, dict(request.in_memory_values).get(kind))
        if tracked.record is None and tracked.kept is not None:
            self.tracked_files.put_back(request.account, kind, tracked.kept)
        current = tracked.record or tracked.kept
        return current if current is not None and current.remaining_s(self.clock()) > 0 else None

    def _fail(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        problem: SharingProblem,
        current: TokenRecord | None,
        detail: str = "",
    ) -> RefreshResult:
        entry = self._make_entry(request, kind, AttemptResult.NOT_SHARED)
        entry = replace(entry, detail=f"{problem}: {detail}" if detail else problem.value)
        is_worth_recording = current is None or problem is SharingProblem.FOLLOWER
        if request.mode.may_ask and is_worth_recording and not self._is_recorded(entry):
            self.history.append(entry)
        return RefreshResult(request.account.appid, kind, entry, current)

    def _is_recorded(self, entry: HistoryEntry) -> bool:
        """Return True if the same failure was recorded a short time ago: a web server may ask many times a second."""
        latest = self.history.latest(entry.appid, entry.key, 1)
        is_same = bool(latest) and (latest[-1].result, latest[-1].detail) == (entry.result, entry.detail)
        return is_same and 0 <= entry.at - latest[-1].at < SAME_FAILURE_S

    def _make_entry(self, request: RefreshRequest, kind: TokenKind, result: AttemptResult) -> HistoryEntry:
        return HistoryEntry(self.clock(), request.account.appid, kind.value, request.trigger, result)
