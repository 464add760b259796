"""Decisions: what is due and when, how long to wait after each kind of failure, what may be forced.

`Standing` is what the past attempts of one key add up to. It is always derived from history entries, so
a restart, the tray and the command line come to the same conclusions.
"""

from dataclasses import dataclass, replace

from guarddog_gui.domain.refresh.backoff import backoff_s, jitter_for
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN_WRITE
from guarddog_gui.domain.refresh.history import (
    SUCCESS_RESULTS,
    AttemptResult,
    CallCount,
    HistoryEntry,
    Trigger,
)
from guarddog_gui.domain.tokens.expiry import DAY_S, FUTURE_TOLERANCE_S, WECHAT_LIFETIME_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import (
    ErrcodeCatalog,
    ErrcodeKind,
    beijing_day_start,
)

DAILY_CALL_BUDGET = 500  # automatic calls per account, of the 2000 that WeChat allows a new one
TOKEN_RESERVED_CALLS = (
    100  # of these, kept for the access token: a ticket that is refused all day must not starve it
)
DAILY_FORCED_MAX = 20  # getStableAccessToken: forced mode
FORCED_INTERVAL_S = 30.0

TICKET_POLL_S = 20 * 60  # how often to look at a ticket whose age is not known
TOKEN_MIN_REMAINING_S = 2.0  # a token with less life than this is not sent along: it would die on the way
OLD_TOKEN_GRACE_S = 300.0  # how long WeChat takes a token beside the one that followed it
CLOCK_SKEW_WARNING_S = (
    180.0  # a clock that is this far off spoils countdowns and the timestamps of signatures
)
RETRY_HISTORY_MAX = 50  # past attempts of one key that its retry state is derived from

SUPERSEDED = "taken"  # detail of an Entry: the token before was refused while it should have lived
EXPIRY_KEPT = (
    "kept"  # detail of an Entry: the same ticket came back and the clock of its first sight still runs
)
FORCE_DENIED = "forced"  # first word of the detail of a BUDGET Entry: a person may not force a token yet

_KEYRING_RESULTS = frozenset({AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN})


@dataclass(frozen=True, slots=True)
class RetryState:
    """Where one key of one account stands after its past attempts.

    `not_before` (Unix seconds) holds automatic attempts back; `stopped` holds them back until a person
    acts; `untried` says that it was stopped before this start and has not been tried since; `looked_at` is
    when WeChat last gave us a value, `value` its fingerprint.

    `born_at` is when we saw this ticket replace another, so that its age is known, else 0; `ending` says
    that it came back once more at the end of its clock, so that it changes any moment; `unwritten` that the
    disk did not take the value we have; `suspect` that its end is not known any more: the clock was set back,
    or WeChat may have replaced it.
    """

    failure_count: int = 0
    not_before: float = 0.0
    is_stopped: bool = False
    is_untried_since_start: bool = False
    first_seen_at: float = 0.0
    last_answer_at: float = 0.0
    last_fingerprint: str = ""
    is_expiring: bool = False
    is_unwritten: bool = False
    is_expiry_unreliable: bool = False
    last_entry: HistoryEntry | None = None
    last_failure: HistoryEntry | None = None


def next_retry_state(
    previous: RetryState, entry: HistoryEntry, errcode_catalog: ErrcodeCatalog, jitter: float
) -> RetryState:
    """The standing once `entry` has happened. `jitter` is from 0 to 1 and spreads the waits by a quarter."""
    if _leaves_state_unchanged(entry):
        return previous
    if entry.result in SUCCESS_RESULTS:
        return _after_success(previous, entry)
    last = previous.last_failure
    if last is not None and _is_keyring_failure(last) != _is_keyring_failure(entry):
        # a long time offline is no reason to give up on the keyring soon
        previous = replace(previous, failure_count=0)
    if entry.result is AttemptResult.NOT_WRITTEN:
        previous = replace(previous, is_unwritten=True)
        if entry.fingerprint:  # WeChat gave it all the same: it will not be new when the disk takes it
            previous = replace(
                previous,
                last_answer_at=entry.at,
                last_fingerprint=entry.fingerprint,
                first_seen_at=0.0,
                is_expiring=False,
            )
    if _may_have_replaced_token(entry):
        previous = replace(previous, is_expiry_unreliable=True)
    wait_s = backoff_s(
        entry,
        errcode_catalog,
        failure_count=previous.failure_count,
        fruitless_wait_s=_fruitless_wait_s(previous, entry),
        jitter=jitter,
    )
    return replace(
        previous,
        failure_count=previous.failure_count + 1,
        is_stopped=wait_s is None,
        is_untried_since_start=False,
        not_before=0.0 if wait_s is None else entry.at + entry.took_ms / 1000 + wait_s,
        last_entry=entry,
        last_failure=entry,
    )


def _fruitless_wait_s(previous: RetryState, entry: HistoryEntry) -> float:
    last = previous.last_failure
    if last is None or last.errcode != entry.errcode or entry.at < previous.not_before:
        return 0.0
    return max(0.0, previous.not_before - last.at)


def _leaves_state_unchanged(entry: HistoryEntry) -> bool:
    """WeChat was not asked and need not be: the file was good, or a person wanted to force once too often."""
    return entry.result is AttemptResult.STILL_FRESH or (
        entry.result is AttemptResult.BUDGET_EXCEEDED and entry.detail.startswith(FORCE_DENIED)
    )


def _after_success(previous: RetryState, entry: HistoryEntry) -> RetryState:
    if entry.result is AttemptResult.ADOPTED:
        adopted = RetryState(
            last_answer_at=previous.last_answer_at,
            last_fingerprint=previous.last_fingerprint,
            last_entry=entry,
        )
        # what another program got says nothing about our own AppSecret, IP or network
        return _with_failures_of(previous, adopted) if entry.detail == FOREIGN_WRITE else adopted
    # a ticket of known age is not replaced long before its end, one of unknown age at any moment
    watched = 0 < entry.at - previous.last_answer_at <= TICKET_POLL_S + 120 or (
        previous.first_seen_at > 0 and 0 < entry.at - previous.first_seen_at <= WECHAT_LIFETIME_S
    )
    born_at = previous.first_seen_at if entry.detail == EXPIRY_KEPT else 0.0
    if watched and entry.result is AttemptResult.NEW and entry.fingerprint != previous.last_fingerprint:
        born_at = entry.at
    return RetryState(
        first_seen_at=born_at,
        is_expiring=watched and entry.result is AttemptResult.SAME and entry.detail != EXPIRY_KEPT,
        last_answer_at=entry.at,
        last_fingerprint=entry.fingerprint,
        last_entry=entry,
    )


def _with_failures_of(previous: RetryState, retry_state: RetryState) -> RetryState:
    return replace(
        retry_state,
        failure_count=previous.failure_count,
        not_before=previous.not_before,
        is_stopped=previous.is_stopped,
        is_untried_since_start=previous.is_untried_since_start,
        last_failure=previous.last_failure,
    )


def _may_have_replaced_token(entry: HistoryEntry) -> bool:
    """Whether WeChat may have made a new token whose answer was lost: the one we hold then dies soon."""
    return (
        entry.result is AttemptResult.NO_ANSWER
        and entry.calls > 0
        and (entry.forced or entry.endpoint == "token")
    )


def _is_keyring_failure(entry: HistoryEntry) -> bool:
    return entry.result in _KEYRING_RESULTS


def retry_state_from_history(
    entries: tuple[HistoryEntry, ...], errcode_catalog: ErrcodeCatalog
) -> RetryState:
    """The standing that a key's past entries (oldest first) add up to."""
    standing = RetryState()
    for entry in entries:
        standing = next_retry_state(standing, entry, errcode_catalog, jitter_for(entry))
    return standing


def after_restart(retry_state: RetryState) -> RetryState:
    """After a start: what was stopped may be tried once more, what is waiting goes on waiting."""
    return (
        replace(retry_state, is_stopped=False, is_untried_since_start=True)
        if retry_state.is_stopped
        else retry_state
    )


def _reset_backoff(retry_state: RetryState) -> RetryState:
    """Nothing holds it back any more."""
    return replace(
        retry_state, is_stopped=False, is_untried_since_start=False, not_before=0.0, failure_count=0
    )


def after_user_action(retry_state: RetryState) -> RetryState:
    """After a person asked for it or changed the account: what stood in the way may be gone."""
    return _reset_backoff(retry_state)


def after_resume(retry_state: RetryState) -> RetryState:
    """After a wake-up: network and keyring may be back; WeChat's refusals stand, but for one of our IP."""
    last = retry_state.last_failure
    if last is not None and _is_keyring_failure(last):
        return _reset_backoff(retry_state)
    return after_reconnect(retry_state)


def after_reconnect(retry_state: RetryState) -> RetryState:
    """After the network came back: what was about the network holds nothing back any more.

    That is a failure to reach WeChat, and a refusal of the address that we had before.
    """
    last = retry_state.last_failure
    if last is None or (last.result is not AttemptResult.NO_ANSWER and last.ip is None):
        return retry_state
    return _reset_backoff(retry_state)


def after_new_token(ticket_state: RetryState, errcode_catalog: ErrcodeCatalog) -> RetryState:
    """A ticket that was refused because of its access token may be asked for at once with another one."""
    last = ticket_state.last_failure
    if last is None or last.result is not AttemptResult.REFUSED:
        return ticket_state
    if errcode_catalog.kind_for(last.errcode or 0, last.endpoint) is not ErrcodeKind.TOKEN:
        return ticket_state
    return replace(ticket_state, not_before=0.0)  # not `failures`: the new token may be refused just the same


def after_clock_set_back(retry_state: RetryState) -> RetryState:
    """After the clock was set back: what was generated before seems to live longer than it does."""
    return replace(retry_state, is_expiry_unreliable=True, first_seen_at=0.0)


def is_confirmed_current(entry: HistoryEntry, record: TokenRecord, now: float) -> bool:
    """Whether this entry is WeChat's own word, not long ago, that there is no other value than this one."""
    is_same = entry.result is AttemptResult.SAME and entry.fingerprint == fingerprint(record.value)
    return is_same and 0 <= now - entry.at < poll_interval(record.expires_in)


def poll_interval(expires_in: int) -> float:
    """How often to look at a ticket of unknown age, in seconds: 20 minutes of a two-hour life."""
    return min(float(TICKET_POLL_S), max(1.0, expires_in / 6))


def retry_interval_near_expiry(expires_in: int) -> float:
    """How soon to ask again for a ticket that is due and came back unchanged, in seconds."""
    return min(60.0, max(1.0, expires_in / 120))


def due_at(kind: TokenKind, record: TokenRecord | None, retry_state: RetryState, now: float) -> float | None:
    """Unix seconds at which this key wants its next automatic attempt; None while a person has to act."""
    if retry_state.is_stopped:
        return None
    held = _backoff_until(retry_state, now)
    if (
        record is None
        or record.remaining_s(now) <= 0
        or retry_state.is_unwritten
        or retry_state.is_expiry_unreliable
    ):
        return max(now, held)
    at = record.refresh_at if kind is TokenKind.ACCESS_TOKEN else _ticket_due_at(record, retry_state, now)
    return max(at, held)


def _ticket_due_at(record: TokenRecord, retry_state: RetryState, now: float) -> float:
    looked_at = retry_state.last_answer_at if retry_state.last_answer_at <= now + FUTURE_TOLERANCE_S else 0.0
    again = retry_interval_near_expiry(record.expires_in)
    if retry_state.is_expiring:
        return looked_at + again * 1.1
    at = record.refresh_at
    if (
        abs(record.generated_at - retry_state.first_seen_at) > 1.0
    ):  # also when another program wrote another time
        at = min(at, (looked_at or record.generated_at) + poll_interval(record.expires_in))
    if (
        retry_state.last_entry is not None
        and retry_state.last_entry.result is AttemptResult.SAME
        and looked_at >= record.refresh_at
    ):
        at = max(at, record.expires_at - again / 2)  # once more before its end, and then just after it
    return at


def _backoff_until(retry_state: RetryState, now: float) -> float:
    """A failure in the future was timed by a clock that has been set back: it holds nothing back."""
    last = retry_state.last_failure
    return retry_state.not_before if last is None or last.at <= now + FUTURE_TOLERANCE_S else 0.0


def keep_existing_record(record: TokenRecord | None, value: str, now: float) -> bool:
    """Whether a ticket that came back unchanged leaves the file as it is.

    getTicket always answers 7200 whatever is left, so the clock of the first sight is the better one,
    until it runs out: then WeChat's word that the ticket lives is all there is.
    """
    if record is None or record.value != value:
        return False
    return record.remaining_s(now) > retry_interval_near_expiry(record.expires_in)


def clock_skew_minutes(skew_s: float) -> int:
    """By how many minutes a clock is wrong; 0 where it does not matter."""
    return round(skew_s / 60) if abs(skew_s) >= CLOCK_SKEW_WARNING_S else 0


def old_token_valid_until(old: TokenRecord, entry: HistoryEntry, now: float) -> float | None:
    """Until when WeChat takes the access token that `entry` replaced (Unix seconds); None: not any more.

    getAccessToken and getStableAccessToken: for five minutes, but a forced stable token ends the old at once.
    """
    if entry.result is not AttemptResult.NEW or (entry.forced and entry.endpoint == "stable_token"):
        return None
    until = min(old.expires_at, entry.at + OLD_TOKEN_GRACE_S)
    return until if until > now else None


@dataclass(frozen=True, slots=True)
class ForceAllowance:
    """Whether a token may be forced now; if not, from when (Unix seconds), and how many are left today."""

    is_allowed: bool
    allowed_at: float
    remaining_today: int


def force_allowance(count: CallCount, now: float) -> ForceAllowance:
    """getStableAccessToken: 20 forced a day, at least 30 s apart. `count` is since Beijing's midnight."""
    left = max(0, DAILY_FORCED_MAX - count.forced)
    if not left:
        return ForceAllowance(is_allowed=False, allowed_at=beijing_day_start(now) + DAY_S, remaining_today=0)
    free_at = count.last_forced_at + FORCED_INTERVAL_S
    if count.last_forced_at <= now < free_at:
        return ForceAllowance(is_allowed=False, allowed_at=free_at, remaining_today=left)
    return ForceAllowance(is_allowed=True, allowed_at=now, remaining_today=left)


def remaining_budget(count: CallCount, kind: TokenKind) -> int:
    """Automatic calls left today for this key."""
    most = DAILY_CALL_BUDGET if kind is TokenKind.ACCESS_TOKEN else DAILY_CALL_BUDGET - TOKEN_RESERVED_CALLS
    return max(0, most - count.automatic)


def is_automatic(trigger: Trigger) -> bool:
    """Whether the budget counts it: everything but a person's own click or `refresh` command."""
    return trigger is not Trigger.USER


def ticket_needs_token(token: TokenRecord | None, now: float) -> bool:
    """Whether a ticket has to wait for its access token first."""
    return token is None or token.remaining_s(now) <= TOKEN_MIN_REMAINING_S


def ticket_waits_for_token(token: TokenRecord | None, token_state: RetryState, now: float) -> bool:
    """Whether a ticket can only come along with its token's next attempt.

    Also when the disk did not take the token we hold: a refresh reads it there, does not find it, and would
    ask for another each time.
    """
    return token_state.is_unwritten or ticket_needs_token(token, now)
