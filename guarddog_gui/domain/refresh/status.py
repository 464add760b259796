"""What a person is shown at a glance: one state per key, one sentence's worth for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.refresh import foreign_writes, policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.tokens.record import PreviousToken, TokenKind, TokenPhase, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind


class KeyState(StrEnum):
    """The words of the window, the tray and `status`."""

    FRESH = "fresh"
    DUE_SOON = "due soon"
    REFRESHING = "refreshing"
    EXPIRED = "expired"
    FAILED = "failed"
    OFFLINE = "offline"
    KEYRING_LOCKED = "keyring locked"
    PAUSED = "paused"


STATES_WORST_FIRST = (
    KeyState.FAILED,
    KeyState.KEYRING_LOCKED,
    KeyState.EXPIRED,
    KeyState.OFFLINE,
    KeyState.DUE_SOON,
    KeyState.REFRESHING,
    KeyState.PAUSED,
    KeyState.FRESH,
)

UNHEALTHY_STATES = frozenset({KeyState.FAILED, KeyState.KEYRING_LOCKED, KeyState.EXPIRED, KeyState.OFFLINE})


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """One key of one account. `next_at` is Unix seconds of the next automatic attempt, None if none comes.

    `foreign` is how often another program has refreshed it within the last hour.
    """

    kind: TokenKind
    state: KeyState
    record: TokenRecord | None
    failure: HistoryEntry | None
    next_attempt_at: float | None
    previous_token: PreviousToken | None = None
    foreign_refresh_count: int = 0

    def usable_record(self, now: float) -> TokenRecord | None:
        """The record if its value still works."""
        return self.record if self.record is not None and self.record.remaining_s(now) > 0 else None


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One account with its keys, the access token first.

    `taken` is the attempt that showed that somebody had taken the token, until a person has seen it;
    `outlets` says how its outlets stand.
    """

    account: Account
    keys: tuple[KeyStatus, ...]
    superseded_entry: HistoryEntry | None = None
    exports: tuple[ExportStatus, ...] = ()

    @property
    def state(self) -> KeyState:
        """The worst of its keys."""
        return worst_state(tuple(key.state for key in self.keys))

    @property
    def foreign_refreshed_key(self) -> KeyStatus | None:
        """The key that another program refreshes most often, if one does."""
        busiest = max(self.keys, key=lambda key: key.foreign_refresh_count, default=None)
        return busiest if busiest is not None and busiest.foreign_refresh_count else None

    def key(self, kind: TokenKind) -> KeyStatus | None:
        """The status of one key."""
        return next((key for key in self.keys if key.kind is kind), None)

    @property
    def first_failure(self) -> HistoryEntry | None:
        """The first thing that is wrong with it."""
        return next((key.failure for key in self.keys if key.failure is not None), None)

    @property
    def failed_exports(self) -> tuple[ExportStatus, ...]:
        """Those whose last attempt failed."""
        return tuple(report for report in self.exports if report.error is not None)

    @property
    def valid_until(self) -> float | None:
        """Unix seconds until which all its keys work; None if one has no value."""
        ends = [key.record.expires_at if key.record else None for key in self.keys]
        known = [end for end in ends if end is not None]
        return min(known) if known and len(known) == len(ends) else None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that windows and the command line show, at one moment.

    `skew_min` is by how many minutes this computer's clock is ahead of WeChat's (behind, if negative), where
    that is enough to matter.
    """

    at: float
    accounts: tuple[AccountStatus, ...] = ()
    paused_until: float | None = None
    clock_skew_minutes: int = 0

    @property
    def keys(self) -> tuple[KeyStatus, ...]:
        """All keys of all accounts."""
        return tuple(key for account in self.accounts for key in account.keys)

    @property
    def fresh_count(self) -> int:
        """How many keys have a value that works, and nothing the matter with them."""
        return sum(1 for key in self.keys if key.usable_record(self.at) and key.state not in UNHEALTHY_STATES)

    @property
    def state(self) -> KeyState:
        """The worst of all."""
        return worst_state(tuple(key.state for key in self.keys))

    @property
    def next_attempt_at(self) -> float | None:
        """Unix seconds of the next automatic attempt of all."""
        times = [key.next_attempt_at for key in self.keys if key.next_attempt_at is not None]
        return min(times) if times else None

    def account(self, appid: str) -> AccountStatus | None:
        """The status of one account."""
        return next((a for a in self.accounts if a.account.appid == appid), None)


def worst_state(states: tuple[KeyState, ...]) -> KeyState:
    """The state that a single icon should show; nothing to show counts as fresh."""
    return min(states, key=STATES_WORST_FIRST.index, default=KeyState.FRESH)


def worst_accounts_first(overview: Overview) -> tuple[AccountStatus, ...]:
    """The accounts, the one that needs somebody most first; equals keep their order."""
    return tuple(sorted(overview.accounts, key=lambda status: STATES_WORST_FIRST.index(status.state)))


def state_of_key(
    record: TokenRecord | None, retry_state: RetryState, now: float, *, is_refreshing: bool, is_paused: bool
) -> KeyState:
    """The state of one key.

    A value that works hides a failure that time will mend; one that waits for a person is shown at once,
    after a start too, and so is a disk that does not take the value: other programs still read the old one.
    """
    if is_refreshing:
        return KeyState.REFRESHING
    phase = record.phase(now) if record is not None else TokenPhase.EXPIRED
    trouble = retry_state.last_failure
    is_shown = (
        retry_state.is_stopped
        or retry_state.is_untried_since_start
        or retry_state.is_unwritten
        or phase is not TokenPhase.FRESH
    )
    if trouble is not None and is_shown:
        return _state_of_failure(trouble)
    if phase is TokenPhase.FRESH:
        return KeyState.FRESH
    if is_paused:
        return KeyState.PAUSED
    return KeyState.DUE_SOON if phase is TokenPhase.DUE_SOON else KeyState.EXPIRED


def _state_of_failure(failure: HistoryEntry) -> KeyState:
    if failure.result is AttemptResult.KEYRING_LOCKED:
        return KeyState.KEYRING_LOCKED
    if failure.result is AttemptResult.NO_ANSWER and failure.detail.startswith(
        (FailureKind.OFFLINE, FailureKind.TIMEOUT, FailureKind.PROXY)
    ):
        return KeyState.OFFLINE
    return KeyState.FAILED


def build_account_status(
    account: Account,
    records: dict[TokenKind, TokenRecord | None],
    retry_states: dict[TokenKind, RetryState],
    now: float,
    *,
    refreshing_kinds: frozenset[TokenKind] = frozenset(),
    is_paused: bool = False,
    previous_token: PreviousToken | None = None,
    superseded_entry: HistoryEntry | None = None,
    foreign_write_times: Mapping[TokenKind, tuple[float, ...]] | None = None,
    exports: tuple[ExportStatus, ...] = (),
) -> AccountStatus:
    """One account at one moment. A ticket that waits for its access token says so by the token's trouble."""
    keys: list[KeyStatus] = []
    token = records.get(TokenKind.ACCESS_TOKEN)
    for kind in account.token_kinds:
        record = records.get(kind)
        standing = retry_states.get(kind, RetryState())
        token_standing = retry_states.get(TokenKind.ACCESS_TOKEN, RetryState())
        waits = kind is not TokenKind.ACCESS_TOKEN and policy.ticket_waits_for_token(
            token, token_standing, now
        )
        lives = record is not None and record.remaining_s(now) > 0
        if waits:
            next_at = policy.due_at(TokenKind.ACCESS_TOKEN, token, token_standing, now)
        else:
            next_at = policy.due_at(kind, record, standing, now)
        if waits and not lives:  # one that lives has a state of its own
            standing = token_standing
        state = state_of_key(
            record, standing, now, is_refreshing=kind in refreshing_kinds, is_paused=is_paused
        )
        trouble = standing.last_failure if state not in (KeyState.FRESH, KeyState.PAUSED) else None
        before = (
            previous_token
            if kind is TokenKind.ACCESS_TOKEN and previous_token and previous_token.valid_until > now
            else None
        )
        times = foreign_writes.count_in_last_hour((foreign_write_times or {}).get(kind, ()), now)
        keys.append(KeyStatus(kind, state, record, trouble, None if is_paused else next_at, before, times))
    return AccountStatus(account, tuple(keys), superseded_entry, exports)
