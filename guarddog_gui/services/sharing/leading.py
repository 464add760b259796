"""Leader's part of a refresh: read what other computers have shared, take turns with them, and share new values.

The lock only saves calls: a leader that does not get it in time asks WeChat all the same, since stable_token gives
everybody the same token. What keeps dead values out is the script that writes (`adapters/sharing/scripts.py`).
"""

from collections.abc import Callable
from enum import StrEnum

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import (
    SharedReading,
    ShareResult,
    SharingFailure,
    TicketSighting,
    ValueToShare,
    digest_of,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, SharedStore
from guarddog_gui.services.sharing.status_log import SharingStatusLog

LOCK_POLL_S = 0.1
WAIT_FOR_OTHERS_S = 5.0  # for the leader that is asking WeChat; then this one asks, too


class Turn(StrEnum):
    """Answer to the wish to ask WeChat."""

    TAKEN = "taken"
    BUSY = "busy"  # another computer is asking
    DOWN = "down"  # Redis cannot be used


def _random_name() -> str:
    from secrets import token_hex  # takes 4 ms, and most accounts are not shared

    return token_hex(16)


class SharedLead:
    """One refresh of a leader. Not thread-safe; `start` begins a new one, `finish` gives the lock back."""

    def __init__(
        self,
        store: SharedStore,
        status_log: SharingStatusLog,
        clock: Clock,
        wait: Callable[[float], None],
        make_owner: Callable[[], str] = _random_name,
    ) -> None:
        self._store = store
        self._status_log = status_log
        self._clock = clock
        self.wait = wait
        self._make_owner = make_owner
        self._account: Account | None = None
        self._owner: str | None = None
        self.failure: SharingFailure | None = None
        self._clock_ahead_s: float | None = None
        self._sightings: dict[TokenKind, tuple[float, TicketSighting]] = {}

    def start(self, account: Account) -> None:
        self._account, self._owner, self.failure = account, None, None
        self._clock_ahead_s = None
        self._sightings.clear()

    def finish(self) -> None:
        account, owner, self._account, self._owner = self._account, self._owner, None, None
        if account is not None and owner is not None:
            self._store.release_lock(account, owner)

    @property
    def is_active(self) -> bool:
        return self._account is not None

    @property
    def holds_lock(self) -> bool:
        return self._owner is not None

    def read(self, kind: TokenKind) -> SharedReading | None:
        """Return what other computers have shared; None if Redis cannot be used. It is then left alone."""
        if self._account is None or self.failure is not None:
            return None
        reading = self._store.read(self._account, kind)
        if isinstance(reading, SharingFailure):
            self._note_failure(reading)
            return None
        self._clock_ahead_s = reading.clock_ahead_s
        if reading.sighting is not None:
            self._sightings[kind] = (reading.asked_at, reading.sighting)
        if kind is TokenKind.ACCESS_TOKEN:
            self._status_log.note_reading(self._account.appid, reading)
        return reading

    def take_turn(self) -> Turn:
        """Try to take the lock, which is then held until `finish`."""
        if self._account is None or self.failure is not None:
            return Turn.DOWN
        if self._owner is not None:
            return Turn.TAKEN
        owner = self._make_owner()
        taken = self._store.take_lock(self._account, owner)
        if isinstance(taken, SharingFailure):
            self._note_failure(taken)
            return Turn.DOWN
        if taken:
            self._owner = owner
        return Turn.TAKEN if taken else Turn.BUSY

    def with_shared_age(self, kind: TokenKind, retry_state: RetryState, ticket: str) -> RetryState:
        """Return the retry state with the age that other leaders know of the ticket just returned."""
        asked_at, sighting = self._sightings.get(kind, (0.0, None))
        if sighting is None:
            return retry_state
        seen_at, answered_at = asked_at - sighting.seen_s, asked_at - sighting.answered_s
        is_same = sighting.digest == digest_of(ticket)
        if is_same and retry_state.last_fingerprint == fingerprint(ticket) and retry_state.observed_at:
            return retry_state  # seen here when it was new
        if not is_same and retry_state.last_answer_at >= answered_at:
            return retry_state
        if is_same and retry_state.last_fingerprint == fingerprint(ticket) and retry_state.seen_at:
            seen_at = min(seen_at, retry_state.seen_at)
        return replace(
            retry_state,
            last_fingerprint=fingerprint(ticket) if is_same else sighting.digest,
            last_answer_at=answered_at,
            seen_at=seen_at,
            observed_at=seen_at if sighting.is_replacement else 0.0,
        )

    def share(
        self, kind: TokenKind, record: TokenRecord, *, seen_at: float = 0.0, is_replacement: bool = False
    ) -> ShareResult | None:
        """Write a value of this computer; None if Redis cannot be used.

        `seen_at`: when WeChat returned the ticket first, by the local clock (Unix seconds); 0 for an access token.
        """
        if self._account is None:
            return None
        if self._clock_ahead_s is None:
            self.failure = None  # it may be back since
            self.read(kind)
        if self._clock_ahead_s is None:
            return None
        value = ValueToShare(
            record.value, record.expires_in, record.generated_at + self._clock_ahead_s,
            record.expires_at - self._clock(), seen_at + self._clock_ahead_s if seen_at else 0.0, is_replacement,
        )  # fmt: skip
        result = self._store.write(self._account, kind, value)
        if isinstance(result, SharingFailure):
            self._note_failure(result)
            return None
        return result

    def _note_failure(self, failure: SharingFailure) -> None:
        self.failure = failure
        if self._account is not None and failure.problem is not SharingProblem.FOREIGN_KEY:
            self._status_log.note_failure(self._account.appid, failure)
