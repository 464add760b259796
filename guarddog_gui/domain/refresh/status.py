"""What a person is shown at a glance: one state per key, one sentence's worth for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import OutletReport
from guarddog_gui.domain.refresh import foreign_writes as second_writer
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.tokens.record import Phase, Previous, TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Unheard


class State(StrEnum):
    """The words of the window, the tray and `status`."""

    FRESH = "fresh"
    DUE_SOON = "due soon"
    REFRESHING = "refreshing"
    EXPIRED = "expired"
    FAILED = "failed"
    OFFLINE = "offline"
    KEYRING_LOCKED = "keyring locked"
    PAUSED = "paused"


WORST_FIRST = (
    State.FAILED,
    State.KEYRING_LOCKED,
    State.EXPIRED,
    State.OFFLINE,
    State.DUE_SOON,
    State.REFRESHING,
    State.PAUSED,
    State.FRESH,
)

UNWELL = frozenset({State.FAILED, State.KEYRING_LOCKED, State.EXPIRED, State.OFFLINE})


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """One key of one account. `next_at` is Unix seconds of the next automatic attempt, None if none comes.

    `foreign` is how often another program has refreshed it within the last hour.
    """

    kind: TokenKind
    state: State
    record: TokenRecord | None
    trouble: Entry | None
    next_at: float | None
    previous: Previous | None = None
    foreign: int = 0

    def usable(self, now: float) -> TokenRecord | None:
        """The record if its value still works."""
        return self.record if self.record is not None and self.record.left(now) > 0 else None


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One account with its keys, the access token first.

    `taken` is the attempt that showed that somebody had taken the token, until a person has seen it;
    `outlets` says how its outlets stand.
    """

    account: Account
    keys: tuple[KeyStatus, ...]
    taken: Entry | None = None
    outlets: tuple[OutletReport, ...] = ()

    @property
    def state(self) -> State:
        """The worst of its keys."""
        return worst(tuple(key.state for key in self.keys))

    @property
    def foreign(self) -> KeyStatus | None:
        """The key that another program refreshes most often, if one does."""
        busiest = max(self.keys, key=lambda key: key.foreign, default=None)
        return busiest if busiest is not None and busiest.foreign else None

    def key(self, kind: TokenKind) -> KeyStatus | None:
        """The status of one key."""
        return next((key for key in self.keys if key.kind is kind), None)

    @property
    def trouble(self) -> Entry | None:
        """The first thing that is wrong with it."""
        return next((key.trouble for key in self.keys if key.trouble is not None), None)

    @property
    def failed_outlets(self) -> tuple[OutletReport, ...]:
        """Those whose last attempt failed."""
        return tuple(report for report in self.outlets if report.trouble is not None)

    @property
    def until(self) -> float | None:
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
    skew_min: int = 0

    @property
    def keys(self) -> tuple[KeyStatus, ...]:
        """All keys of all accounts."""
        return tuple(key for account in self.accounts for key in account.keys)

    @property
    def fresh(self) -> int:
        """How many keys have a value that works, and nothing the matter with them."""
        return sum(1 for key in self.keys if key.usable(self.at) and key.state not in UNWELL)

    @property
    def state(self) -> State:
        """The worst of all."""
        return worst(tuple(key.state for key in self.keys))

    @property
    def next_at(self) -> float | None:
        """Unix seconds of the next automatic attempt of all."""
        times = [key.next_at for key in self.keys if key.next_at is not None]
        return min(times) if times else None

    def account(self, appid: str) -> AccountStatus | None:
        """The status of one account."""
        return next((a for a in self.accounts if a.account.appid == appid), None)


def worst(states: tuple[State, ...]) -> State:
    """The state that a single icon should show; nothing to show counts as fresh."""
    return min(states, key=WORST_FIRST.index, default=State.FRESH)


def worst_accounts_first(overview: Overview) -> tuple[AccountStatus, ...]:
    """The accounts, the one that needs somebody most first; equals keep their order."""
    return tuple(sorted(overview.accounts, key=lambda status: WORST_FIRST.index(status.state)))


def state_of(
    record: TokenRecord | None, standing: Standing, now: float, *, refreshing: bool, paused: bool
) -> State:
    """The state of one key.

    A value that works hides a failure that time will mend; one that waits for a person is shown at once,
    after a start too, and so is a disk that does not take the value: other programs still read the old one.
    """
    if refreshing:
        return State.REFRESHING
    phase = record.phase(now) if record is not None else Phase.EXPIRED
    trouble = standing.last_failure
    is_shown = standing.stopped or standing.untried or standing.unwritten or phase is not Phase.FRESH
    if trouble is not None and is_shown:
        return _state_of_trouble(trouble)
    if phase is Phase.FRESH:
        return State.FRESH
    if paused:
        return State.PAUSED
    return State.DUE_SOON if phase is Phase.DUE_SOON else State.EXPIRED


def _state_of_trouble(trouble: Entry) -> State:
    if trouble.result is Result.KEYRING_LOCKED:
        return State.KEYRING_LOCKED
    if trouble.result is Result.UNHEARD and trouble.detail.startswith(
        (Unheard.OFFLINE, Unheard.TIMEOUT, Unheard.PROXY)
    ):
        return State.OFFLINE
    return State.FAILED


def account_status(
    account: Account,
    records: dict[TokenKind, TokenRecord | None],
    standings: dict[TokenKind, Standing],
    now: float,
    *,
    refreshing: frozenset[TokenKind] = frozenset(),
    paused: bool = False,
    previous: Previous | None = None,
    taken: Entry | None = None,
    foreign: Mapping[TokenKind, tuple[float, ...]] | None = None,
    outlets: tuple[OutletReport, ...] = (),
) -> AccountStatus:
    """One account at one moment. A ticket that waits for its access token says so by the token's trouble."""
    keys: list[KeyStatus] = []
    token = records.get(TokenKind.ACCESS_TOKEN)
    for kind in account.kinds:
        record = records.get(kind)
        standing = standings.get(kind, Standing())
        token_standing = standings.get(TokenKind.ACCESS_TOKEN, Standing())
        waits = kind is not TokenKind.ACCESS_TOKEN and policy.ticket_waits(token, token_standing, now)
        lives = record is not None and record.left(now) > 0
        if waits:
            next_at = policy.due_at(TokenKind.ACCESS_TOKEN, token, token_standing, now)
        else:
            next_at = policy.due_at(kind, record, standing, now)
        if waits and not lives:  # one that lives has a state of its own
            standing = token_standing
        state = state_of(record, standing, now, refreshing=kind in refreshing, paused=paused)
        trouble = standing.last_failure if state not in (State.FRESH, State.PAUSED) else None
        before = previous if kind is TokenKind.ACCESS_TOKEN and previous and previous.until > now else None
        times = second_writer.in_the_last_hour((foreign or {}).get(kind, ()), now)
        keys.append(KeyStatus(kind, state, record, trouble, None if paused else next_at, before, times))
    return AccountStatus(account, tuple(keys), taken, outlets)
