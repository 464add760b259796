"""Status of keys and accounts as the window, the tray and the command line show it."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.refresh import foreign_writes, policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.expiry import FUTURE_TOLERANCE_S
from guarddog_gui.domain.tokens.record import PreviousToken, TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind


class KeyState(StrEnum):
    """State of a key, the worst first; the values are those that `guarddogctl status` prints."""

    FAILED = "failed"
    KEYRING_LOCKED = "keyring locked"
    EXPIRED = "expired"
    OFFLINE = "offline"
    DUE_SOON = "due soon"
    REFRESHING = "refreshing"
    PAUSED = "paused"
    FRESH = "fresh"


class Renewal(StrEnum):
    """Progress of the refreshes of a key, whatever its value is worth; the values are in `status --json`."""

    OK = "ok"
    FAILING = "failing"  # the last attempt failed; it is tried again without the user
    STOPPED = "stopped"  # until the user acts


STATES_WORST_FIRST = tuple(KeyState)
UNHEALTHY_STATES = frozenset({KeyState.FAILED, KeyState.KEYRING_LOCKED, KeyState.EXPIRED, KeyState.OFFLINE})


class KeyStatus(Struct, frozen=True):
    """Status of one key of one account.

    failure                 last failed attempt, if it still matters
    next_attempt_at         Unix seconds of the next automatic attempt; None if none is planned
    foreign_refresh_count   refreshes by other programs within the last hour
    renewal                 progress of the refreshes
    is_refused              WeChat refused the value before its expiry: another program replaced it
    is_never_fetched        WeChat has not been seen to give a value; the state is then EXPIRED, or why it failed
    failed_attempts         failed attempts since the last success
    failing_since           Unix seconds of the first of them; None without any
    """

    kind: TokenKind
    state: KeyState
    record: TokenRecord | None
    failure: HistoryEntry | None
    next_attempt_at: float | None
    previous_token: PreviousToken | None = None
    foreign_refresh_count: int = 0
    renewal: Renewal = Renewal.OK
    is_refused: bool = False
    is_never_fetched: bool = False
    failed_attempts: int = 0
    failing_since: float | None = None

    @property
    def reported_failure(self) -> HistoryEntry | None:
        """Return the failure to report, also while it is tried again; that this computer is offline needs no report."""
        if self.failure is None or self.state not in (KeyState.FAILED, KeyState.KEYRING_LOCKED, KeyState.REFRESHING):
            return None
        return None if _state_of_failure(self.failure) is KeyState.OFFLINE else self.failure

    def needs_user(self, now: float) -> bool:
        """Return True if the user has to act, or if there is no value; not for a failure that passes by itself."""
        if self.reported_failure is None:
            return False
        return self.renewal is not Renewal.FAILING or self.usable_record(now) is None

    def usable_record(self, now: float) -> TokenRecord | None:
        if self.record is None or self.is_refused or self.record.remaining_s(now) <= 0:
            return None
        return self.record

    def state_of_value(self, now: float) -> KeyState:
        """Return the state, but never that of a failed refresh while the value works."""
        record = self.usable_record(now)
        if record is None or self.state not in UNHEALTHY_STATES:
            return self.state
        return KeyState.FRESH if now < record.refresh_at else KeyState.DUE_SOON


class AccountStatus(Struct, frozen=True):
    """Status of one account with its keys, the access token first.

    `sharing` is what is known of the Redis of a shared account; None before it was used.
    `superseded_entry` is the attempt that showed that another program replaced the token, until the user has seen it.
    """

    account: Account
    keys: tuple[KeyStatus, ...]
    superseded_entry: HistoryEntry | None = None
    exports: tuple[ExportStatus, ...] = ()
    sharing: SharingStatus | None = None

    @property
    def state(self) -> KeyState:
        return worst_state(tuple(key.state for key in self.keys))

    @property
    def foreign_refreshed_key(self) -> KeyStatus | None:
        busiest = max(self.keys, key=lambda key: key.foreign_refresh_count, default=None)
        return busiest if busiest is not None and busiest.foreign_refresh_count else None

    @property
    def failing_key(self) -> KeyStatus | None:
        """Return the first key with a failure that the user is told about."""
        return next((key for key in self.keys if key.reported_failure is not None), None)

    def needs_user(self, now: float) -> bool:
        return any(key.needs_user(now) for key in self.keys)

    def key(self, kind: TokenKind) -> KeyStatus | None:
        return next((key for key in self.keys if key.kind is kind), None)

    @property
    def first_failed_key(self) -> KeyStatus | None:
        return next((key for key in self.keys if key.failure is not None), None)

    @property
    def first_failure(self) -> HistoryEntry | None:
        key = self.first_failed_key
        return None if key is None else key.failure

    def retry_at(self, now: float) -> float | None:
        """Return when the first failed key is tried again (Unix seconds); None if it is not, or at once."""
        key = self.first_failed_key
        next_at = None if key is None else key.next_attempt_at
        return next_at if next_at is not None and next_at > now else None

    @property
    def failed_exports(self) -> tuple[ExportStatus, ...]:
        return tuple(status for status in self.exports if status.error is not None)

    @property
    def valid_until(self) -> float | None:
        """Return when the first of its keys expires (Unix seconds); None if one has no value."""
        expiries = [key.record.expires_at for key in self.keys if key.record is not None]
        return min(expiries) if expiries and len(expiries) == len(self.keys) else None


class Overview(Struct, frozen=True, dict=True):
    """Status of all accounts at one moment.

    `clock_skew_minutes` is how far this computer's clock is ahead of WeChat's (behind, if negative); 0 if
    that is too little to matter. `list_error` is the reason why the list of accounts cannot be read or changed;
    the accounts are then those that were read before. What is derived from all accounts is computed once: rail, tray
    and pages ask for it several times for each overview.
    """

    at: float
    accounts: tuple[AccountStatus, ...] = ()
    paused_until: float | None = None
    clock_skew_minutes: int = 0
    list_error: FileError | None = None

    @cached_property
    def keys(self) -> tuple[KeyStatus, ...]:
        return tuple(key for account in self.accounts for key in account.keys)

    @cached_property
    def accounts_needing_user(self) -> tuple[AccountStatus, ...]:
        return tuple(status for status in self.accounts if status.needs_user(self.at))

    @cached_property
    def usable_count(self) -> int:
        return sum(1 for key in self.keys if key.usable_record(self.at) is not None)

    @cached_property
    def next_change_at(self) -> float | None:
        """Return when time alone changes the status of a key (Unix seconds): a value becomes due or expires."""
        times = [
            at for key in self.keys if key.record is not None for at in (key.record.refresh_at, key.record.expires_at)
        ]
        times += [key.previous_token.valid_until for key in self.keys if key.previous_token is not None]
        return min((at for at in times if at > self.at), default=None)

    @cached_property
    def state(self) -> KeyState:
        if self.list_error is not None and not self.accounts:
            return KeyState.FAILED
        return worst_state(tuple(key.state for key in self.keys))

    @cached_property
    def next_attempt_at(self) -> float | None:
        """Return the earliest automatic attempt of all keys (Unix seconds)."""
        times = [key.next_attempt_at for key in self.keys if key.next_attempt_at is not None]
        return min(times) if times else None

    def account(self, appid: str) -> AccountStatus | None:
        return next((a for a in self.accounts if a.account.appid == appid), None)


def worst_state(states: tuple[KeyState, ...]) -> KeyState:
    """Return the state that a single icon should show; FRESH if there are no keys."""
    return min(states, key=STATES_WORST_FIRST.index, default=KeyState.FRESH)


def worst_accounts_first(overview: Overview) -> tuple[AccountStatus, ...]:
    """Sort accounts by state, the worst first; accounts in the same state keep their order."""
    return tuple(sorted(overview.accounts, key=lambda status: STATES_WORST_FIRST.index(status.state)))


def state_of_key(
    record: TokenRecord | None, retry_state: RetryState, now: float, *, is_refreshing: bool, is_paused: bool
) -> KeyState:
    """Return the state of one key.

    A failure that resolves itself is hidden while the value is valid. A failure that needs the user is shown
    at once, also after a restart; so is a value that could not be written, because other programs still read
    the old one.
    """
    if is_refreshing:
        return KeyState.REFRESHING
    is_fresh = record is not None and not retry_state.is_refused(record) and record.is_fresh(now)
    failure = retry_state.last_failure
    is_lasting = retry_state.is_stopped or retry_state.is_untried_since_start or retry_state.is_unwritten
    if failure is not None and (is_lasting or not is_fresh):
        return _state_of_failure(failure)
    if is_fresh:
        return KeyState.FRESH
    if is_paused:
        return KeyState.PAUSED
    return KeyState.DUE_SOON if record is not None and record.remaining_s(now) > 0 else KeyState.EXPIRED


def renewal_of_key(retry_state: RetryState, now: float) -> Renewal:
    """Return the progress of the refreshes: failing from the first failure to the next success."""
    if retry_state.is_stopped:
        return Renewal.STOPPED
    is_failing = retry_state.failure_count > 0 or retry_state.is_untried_since_start or retry_state.is_unwritten
    failure = retry_state.last_failure
    return (
        Renewal.FAILING if is_failing and failure is not None and failure.at <= now + FUTURE_TOLERANCE_S else Renewal.OK
    )


def _state_of_failure(failure: HistoryEntry) -> KeyState:
    if failure.result is AttemptResult.KEYRING_LOCKED:
        return KeyState.KEYRING_LOCKED
    is_offline = failure.detail.startswith((FailureKind.OFFLINE, FailureKind.TIMEOUT, FailureKind.PROXY))
    return KeyState.OFFLINE if failure.result is AttemptResult.NO_ANSWER and is_offline else KeyState.FAILED


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
    sharing: SharingStatus | None = None,
) -> AccountStatus:
    """Build the status of an account; a ticket that waits for its access token shows the failure of the token."""
    times_by_kind = foreign_write_times or {}
    token = records.get(TokenKind.ACCESS_TOKEN)
    token_state = retry_states.get(TokenKind.ACCESS_TOKEN, RetryState())
    keys: list[KeyStatus] = []
    for kind in account.token_kinds:
        is_token = kind is TokenKind.ACCESS_TOKEN
        record = records.get(kind)
        retry_state = own_state = retry_states.get(kind, RetryState())
        waits_for_token = (
            not is_token and not account.is_follower and policy.ticket_waits_for_token(token, token_state, now)
        )
        if waits_for_token:
            next_at = policy.due_at(TokenKind.ACCESS_TOKEN, token, token_state, now)
            if record is None or record.remaining_s(now) <= 0:  # a valid ticket keeps its own state
                retry_state = token_state
        else:
            next_at = policy.due_at(kind, record, retry_state, now, is_follower=account.is_follower)
        is_refreshing = kind in refreshing_kinds
        state = state_of_key(record, retry_state, now, is_refreshing=is_refreshing, is_paused=is_paused)
        shows_previous = is_token and previous_token is not None and previous_token.valid_until > now
        keys.append(
            KeyStatus(
                kind,
                state,
                record,
                failure=None if state in (KeyState.FRESH, KeyState.PAUSED) else retry_state.last_failure,
                next_attempt_at=None if is_paused else next_at,
                previous_token=previous_token if shows_previous else None,
                foreign_refresh_count=foreign_writes.count_in_last_hour(times_by_kind.get(kind, ()), now),
                renewal=renewal_of_key(own_state, now),
                is_refused=retry_state.is_refused(record),
                is_never_fetched=record is None and not own_state.last_answer_at,
                failed_attempts=retry_state.failed_attempts,
                failing_since=retry_state.failing_since or None,
            )
        )
    return AccountStatus(account, tuple(keys), superseded_entry, exports, sharing)
