"""Refresh of an account that is shared through Redis: what `services/refresh.py` does beside its usual work.

A leader looks into Redis before it asks WeChat, takes the lock, looks again, asks, and writes what it got. A follower
only looks, see `following.py`. Whatever fails in Redis, values that live are used, and a leader asks WeChat itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import SharingRole
from guarddog_gui.domain.sharing.values import (
    SharedReading,
    ShareResult,
    SharingFailure,
    SharingStatus,
    digest_of,
    ends_later,
    make_record,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services import ports
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.calls.retry_cooldown import CallLimits
from guarddog_gui.services.provenance.foreign_values import Settled
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles
from guarddog_gui.services.sharing.adoption import SharedAdoption, shared_age
from guarddog_gui.services.sharing.following import FollowedValues
from guarddog_gui.services.sharing.leading import LOCK_POLL_S, WAIT_FOR_OTHERS_S, SharedLead, Turn
from guarddog_gui.services.sharing.status_log import SharingStatusLog

CONFIRMED_S = 60.0  # for how long WeChat's answer to another leader spares the same question


class SharingParts(Struct, frozen=True, eq=False):
    """What a refresh of shared accounts needs beside its other ports; `wait` sleeps for some seconds."""

    store: ports.SharedStore
    journal: ports.SharingJournal
    wait: Callable[[float], None]


class _NoStore:
    """Shared store of a program without one: an account that is shared all the same gets nothing from it."""

    def read(self, *_: object) -> SharingFailure:
        return SharingFailure(SharingProblem.NOT_INSTALLED)

    take_lock = write = look = read

    def release_lock(self, *_: object) -> None:
        pass

    def check(self, *_: object) -> tuple[SharingFailure, ...]:
        return (self.read(),)

    def reset(self, appid: str) -> None:
        pass


class _NoJournal:
    def load(self, _appid: str) -> SharingStatus | None:
        return None

    def save(self, appid: str, status: SharingStatus | None) -> None:
        pass


NO_SHARING = SharingParts(_NoStore(), _NoJournal(), lambda _seconds: None)


class SharedRefresh:
    """Redis's part of the refreshes of one `Refresher`. Requires the account's lock; not thread-safe."""

    def __init__(
        self,
        parts: SharingParts | None,
        dog_files: ports.DogFileStore,
        tracked_files: TrackedDogFiles,
        replaced_tickets: ports.ReplacedTicketStore,
        history: ports.HistoryStore,
        limits: CallLimits,
        clock: ports.Clock,
    ) -> None:
        parts = parts or NO_SHARING
        status_log = SharingStatusLog(parts.journal, clock)
        self._lead = SharedLead(parts.store, status_log, clock, parts.wait)
        self._adoption = SharedAdoption(dog_files, tracked_files, replaced_tickets, history, clock)
        self._following = FollowedValues(parts.store, self._adoption, tracked_files, status_log, history, clock)
        self._tracked_files = tracked_files
        self._history = history
        self._limits = limits
        self._clock = clock

    @contextmanager
    def session(self, account: Account) -> Iterator[None]:
        """Hold the lock in Redis, once it was taken, until the end of the block."""
        if account.role is SharingRole.LEADER:
            self._lead.start(account)
        try:
            yield
        finally:
            self._lead.finish()

    def refresh_without_asking(self, request: RefreshRequest) -> tuple[RefreshResult, ...] | None:
        """Return the results of a request that needs no call to WeChat: of a follower, or to mirror; else None."""
        if request.account.is_follower:
            return self._following.refresh(request)
        return self._mirror(request) if request.mode is RefreshMode.MIRROR else None  # nothing if not shared

    def take_turn(
        self, request: RefreshRequest, kind: TokenKind, reuse: Callable[[], RefreshResult | None]
    ) -> RefreshResult | None:
        """Return the result if another computer has the value; None if this one is to ask WeChat.

        `reuse` returns a result if the value on disk is good enough for the request.
        """
        if not self._lead.is_active:
            return None
        give_up_at = self._clock() + WAIT_FOR_OTHERS_S
        tries_left = round(WAIT_FOR_OTHERS_S / LOCK_POLL_S)  # a clock that is set back must not make it longer
        while True:
            had_lock = self._lead.holds_lock
            result = self._adopt_if_enough(request, kind, reuse)
            if result is not None or had_lock:
                return result
            turn = self._lead.take_turn()
            tries_left -= 1
            if turn is Turn.DOWN or (turn is Turn.BUSY and (tries_left <= 0 or self._clock() >= give_up_at)):
                return self._refuse_force(request, kind, turn) if request.is_forced(kind) else None
            if turn is Turn.BUSY:
                self._lead.wait(LOCK_POLL_S)

    def read_again(self, account: Account, settled: Settled, read: Callable[[], Settled]) -> Settled:
        """Return what is on disk after `take_turn`, which may have written there."""
        return settled if account.sharing is None else read()

    def with_shared_age(self, kind: TokenKind, entry: HistoryEntry, ticket: str) -> tuple[RetryState, HistoryEntry]:
        """Return the state of a ticket before the answer of this entry, and the entry with the age of the ticket.

        Both with what other leaders know.
        """
        state = self._limits.retry_state(entry.appid, kind)
        if not self._lead.is_active:
            return state, entry
        state = self._lead.with_shared_age(kind, state, ticket)
        if not entry.detail:
            seen_at, is_new = retries.ticket_sighting(state, entry)
            entry = replace(entry, detail=retries.shared_detail(seen_at, entry.at, is_replacement=is_new))
        return state, entry

    def share_answer(
        self, request: RefreshRequest, kind: TokenKind, record: TokenRecord, entry: HistoryEntry
    ) -> RefreshResult | None:
        """Write what WeChat has returned; if a value that ends later is there, return the result of adopting it."""
        if not self._lead.is_active:
            return None
        seen_at, is_new = 0.0, False
        if kind is not TokenKind.ACCESS_TOKEN:
            seen_at, _, is_new = retries.parse_shared_detail(entry)
        result = self._lead.share(kind, record, seen_at=seen_at, is_replacement=is_new)
        if result is not ShareResult.SUPERSEDED:
            return None
        reading = self._lead.read(kind)
        return None if reading is None else self._adoption.adopt(request, kind, reading)

    def _adopt_if_enough(
        self, request: RefreshRequest, kind: TokenKind, reuse: Callable[[], RefreshResult | None]
    ) -> RefreshResult | None:
        reading = self._lead.read(kind)
        if reading is None or request.is_forced(kind):
            return None
        adopted = self._adoption.adopt(request, kind, reading)
        if adopted is None:
            return self._confirmed_elsewhere(request, kind, reading)
        if adopted.entry.result is AttemptResult.NOT_WRITTEN:
            return adopted
        return None if reuse() is None else adopted

    def _confirmed_elsewhere(
        self, request: RefreshRequest, kind: TokenKind, reading: SharedReading
    ) -> RefreshResult | None:
        """Return the result if WeChat has just returned the ticket on disk to another leader once more.

        It keeps returning a ticket until its end. Before that, each leader would ask in vain.
        """
        sighting, account = reading.sighting, request.account
        if kind is TokenKind.ACCESS_TOKEN or sighting is None or request.trigger is Trigger.USER:
            return None
        current = self._tracked_files.read(account, kind).record
        if current is None or current.remaining_s(self._clock()) <= 0 or sighting.answered_s > CONFIRMED_S:
            return None
        answered_at = reading.asked_at - sighting.answered_s
        known_at = self._limits.retry_state(account.appid, kind).last_answer_at
        if digest_of(current.value) != sighting.digest or answered_at <= known_at + 1:
            return None
        entry = HistoryEntry(
            answered_at, account.appid, kind.value, request.trigger, AttemptResult.SAME,
            fingerprint=fingerprint(current.value), detail=shared_age(reading), expires_at=current.expires_at,
        )  # fmt: skip
        self._history.append(entry)
        return RefreshResult(account.appid, kind, entry, current)

    def _refuse_force(self, request: RefreshRequest, kind: TokenKind, turn: Turn) -> RefreshResult:
        """Return that a forced token needs the lock: two computers that force one end each other's at once."""
        is_busy = turn is Turn.BUSY
        problem = SharingProblem.OTHER_MACHINE if is_busy else SharingProblem.FORCE_NEEDS_LOCK
        failure = self._lead.failure
        detail = problem.value if is_busy or failure is None else f"{problem}: {failure.problem}"
        entry = HistoryEntry(
            self._clock(), request.account.appid, kind.value, request.trigger, AttemptResult.NOT_SHARED, detail=detail
        )
        self._history.append(entry)
        return RefreshResult(request.account.appid, kind, entry, self._tracked_files.read(request.account, kind).record)

    def _mirror(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """Take over what ends later in Redis, and put there what it has lost."""
        return tuple(self._mirror_key(request, kind) for kind in request.account.token_kinds if kind in request.kinds)

    def _mirror_key(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult:
        account = request.account
        reading = self._lead.read(kind)
        adopted = None if reading is None else self._adoption.adopt(request, kind, reading)
        if adopted is not None:
            return adopted
        own = self._tracked_files.read(account, kind, dict(request.in_memory_values).get(kind)).record
        now = self._clock()
        if reading is not None and own is not None and own.remaining_s(now) > 0:
            shared = make_record(reading, own.directory, own.ahead)
            if ends_later(own, shared, now):
                self._share_again(account, kind, own)
        entry = HistoryEntry(now, account.appid, kind.value, request.trigger, AttemptResult.STILL_FRESH)
        if own is not None:
            entry = replace(entry, fingerprint=fingerprint(own.value))
        return RefreshResult(account.appid, kind, entry, own)

    def _share_again(self, account: Account, kind: TokenKind, own: TokenRecord) -> None:
        seen_at, is_new = (0.0, False)
        if kind is not TokenKind.ACCESS_TOKEN:
            state = self._limits.retry_state(account.appid, kind)
            is_known = state.last_fingerprint == fingerprint(own.value) and state.seen_at > 0
            seen_at = (state.observed_at or state.seen_at) if is_known else own.generated_at
            is_new = is_known and state.observed_at > 0
        self._lead.share(kind, own, seen_at=seen_at, is_replacement=is_new)
