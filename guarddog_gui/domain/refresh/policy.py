"""Refresh policy: which key is due when, after which failures, and what may be forced.

The retry state of a key is always derived from its history, so that the tray, the command line and a
restarted process reach the same decisions.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.backoff import backoff_s, jitter_for
from guarddog_gui.domain.refresh.foreign_writes import EXPIRY_TOLERANCE_S
from guarddog_gui.domain.refresh.history import SUCCESS_RESULTS, AttemptResult, CallCount, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.ticket_life import UNKNOWN_AGE_LIFE_S, near_end_life, reliable_life, unknown_age_life
from guarddog_gui.domain.tokens.expiry import DAY_S, FUTURE_TOLERANCE_S, OLD_TOKEN_GRACE_S, WECHAT_LIFETIME_S
from guarddog_gui.domain.tokens.own_copy import NEW_TOKEN_WORKS_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind, beijing_day_start

DAILY_CALL_BUDGET = 500  # automatic calls per account; WeChat allows a new account 2000
# of these, reserved for the access token: a ticket that is refused all day must not use them up
TOKEN_RESERVED_CALLS = 100
DAILY_FORCED_MAX = 20  # getStableAccessToken: forced mode
FORCED_INTERVAL_S = 30.0

# Checks of a classic token by the tray app and `watch`, for those who read the `.dog` files, see `own_copy`. WeChat
# limits each API for itself, so they take nothing from the quotas of tokens and tickets and are not in
# DAILY_CALL_BUDGET. Their pace is their limit: 360 a day, or 1440 beside a program that was seen within a day. The
# first one waits, so that a program that crashes and starts again and again sends none.
TOKEN_CHECK_INTERVAL_S = 240.0
CONTESTED_TOKEN_CHECK_INTERVAL_S = 60.0
TOKEN_CHECK_FIRST_S = 60.0

TOKEN_MIN_REMAINING_S = 2.0  # a token with less lifetime would expire on the way to WeChat
CLOCK_SKEW_WARNING_S = 180.0  # more makes countdowns and the timestamps of signatures wrong
RETRY_HISTORY_MAX = 50  # past attempts of one key that its retry state is derived from

SUPERSEDED = "taken"  # detail of an entry: the previous token was refused before its expiry
# detail of an entry: the same ticket came back, and its first computed expiry still holds
EXPIRY_KEPT = "kept"
# detail of an entry of a ticket: the clock was set back since the answer before it, whose times are wrong
CLOCK_SET_BACK = "clock set back"
_REPLACEMENT = "replacement"  # last word of the detail of a SHARED entry
FORCE_DENIED = "forced"  # first word of the detail of a BUDGET_EXCEEDED entry: the user may not force yet


class RetryState(Struct, frozen=True):
    """Retry state of one key, derived from its history (times in Unix seconds).

    failure_count           failures in a row
    not_before              earliest next automatic attempt
    is_stopped              no automatic attempt until the user acts
    is_untried_since_start  was stopped before this start and has not been retried since
    observed_at             when this ticket was seen replacing another; 0 if its age is unknown
    seen_at                 when WeChat returned this value first; it is at least that old
    last_answer_at          time of WeChat's last value
    last_fingerprint        fingerprint of that value
    is_unwritten            the current value could not be written to disk
    is_expiry_unreliable    the expiry is not reliable: the clock was set back, or a reply was lost
    is_clock_set_back       the clock was set back since the last answer, so that its times are wrong
    refused_fingerprint     fingerprint of the value that WeChat refused before its expiry
    failed_attempts         failed attempts since the last success, the user's included
    failing_since           time of the first of them; 0 without any
    """

    failure_count: int = 0
    not_before: float = 0.0
    is_stopped: bool = False
    is_untried_since_start: bool = False
    observed_at: float = 0.0
    seen_at: float = 0.0
    last_answer_at: float = 0.0
    last_fingerprint: str = ""
    is_unwritten: bool = False
    is_expiry_unreliable: bool = False
    is_clock_set_back: bool = False
    refused_fingerprint: str = ""
    failed_attempts: int = 0
    failing_since: float = 0.0
    last_entry: HistoryEntry | None = None
    last_failure: HistoryEntry | None = None

    def is_refused(self, record: TokenRecord | None) -> bool:
        """Return True if WeChat has refused this value, so that it is not usable in spite of its expiry."""
        if record is None or not self.refused_fingerprint:  # nearly always; an overview asks eight times for each key
            return False
        return self.refused_fingerprint == fingerprint(record.value)


def next_retry_state(
    previous: RetryState, entry: HistoryEntry, errcode_catalog: ErrcodeCatalog, jitter: float
) -> RetryState:
    """Return the state after `entry`. `jitter`, from 0 to 1, spreads the waiting times by a quarter."""
    if _leaves_state_unchanged(entry):
        return previous
    if entry.result is AttemptResult.NOT_ADOPTED:
        return _after_unknown_value(previous, entry)
    if foreign_writes.is_value_refused(entry):
        return replace(previous, refused_fingerprint=entry.fingerprint, last_entry=entry)
    if entry.result in SUCCESS_RESULTS:
        return _after_success(previous, entry)
    last = previous.last_failure
    if last is not None and is_keyring_failure(last) != is_keyring_failure(entry):
        # a long time offline is no reason to give up on the keyring soon
        previous = replace(previous, failure_count=0)
    if entry.result is AttemptResult.NOT_WRITTEN:
        previous = replace(previous, is_unwritten=True)
        if entry.fingerprint:  # the value is known, so it will not count as new when it can be written
            previous = replace(previous, last_answer_at=entry.at, last_fingerprint=entry.fingerprint)
            previous = replace(previous, observed_at=0.0, seen_at=entry.at)
    if _may_have_replaced_token(entry):
        previous = replace(previous, is_expiry_unreliable=True)
    count, fruitless_s = previous.failure_count, _fruitless_wait_s(previous, entry)
    wait_s = backoff_s(entry, errcode_catalog, failure_count=count, fruitless_wait_s=fruitless_s, jitter=jitter)
    return replace(
        previous,
        failure_count=count + 1,
        failed_attempts=previous.failed_attempts + 1,
        failing_since=previous.failing_since or entry.at,
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
    """Return True if there was no reason to ask WeChat: the file was fresh, or forcing was denied."""
    return entry.result is AttemptResult.STILL_FRESH or (
        entry.result is AttemptResult.BUDGET_EXCEEDED and entry.detail.startswith(FORCE_DENIED)
    )


def _after_unknown_value(previous: RetryState, entry: HistoryEntry) -> RetryState:
    """Return the state after another program wrote a value that was not adopted.

    Guard Dog has put its own value back. If WeChat was not asked, that value has to be confirmed once the pace
    of the verifications allows it; not on the classic endpoint, where each call ends the token in use.
    """
    if not entry.detail.startswith(foreign_writes.UNVERIFIED) or entry.endpoint == "token":
        return previous
    due_at = foreign_writes.unverified_until(entry)
    not_before = max(previous.not_before, due_at)
    return replace(previous, is_expiry_unreliable=True, not_before=not_before, last_entry=entry)


def _after_success(previous: RetryState, entry: HistoryEntry) -> RetryState:
    if entry.result is AttemptResult.ADOPTED and not foreign_writes.is_own_answer(entry):
        adopted = replace(previous, observed_at=0.0, is_unwritten=False, is_expiry_unreliable=False, last_entry=entry)
        # a success of another program proves nothing about this AppSecret, IP address or network
        is_proven = entry.detail == foreign_writes.SAME_TICKET
        if is_proven:
            return adopted
        return replace(after_user_action(adopted), last_failure=None, failed_attempts=0, failing_since=0.0)
    if entry.result is AttemptResult.SHARED or has_shared_age(entry):
        return _after_shared(entry)
    if entry.detail == CLOCK_SET_BACK or previous.last_answer_at > entry.at + FUTURE_TOLERANCE_S:
        # the times on record are those of a clock that was ahead: a ticket would seem younger than it is
        previous = replace(previous, observed_at=0.0, seen_at=0.0, last_answer_at=0.0)
    is_same = entry.fingerprint == previous.last_fingerprint
    observed_at = previous.observed_at if is_same else entry.at if _is_replacement_observed(previous, entry.at) else 0.0
    return RetryState(
        observed_at=observed_at,
        seen_at=previous.seen_at if is_same and previous.seen_at else entry.at,
        last_answer_at=entry.at,
        last_fingerprint=entry.fingerprint,
        last_entry=entry,
    )


def _after_shared(entry: HistoryEntry) -> RetryState:
    """Return the state after a value was taken from Redis: what is known of its age is what its leaders know."""
    seen_at, answered_at, is_replacement = parse_shared_detail(entry)
    return RetryState(
        observed_at=seen_at if is_replacement else 0.0, seen_at=seen_at, last_answer_at=answered_at,
        last_fingerprint=entry.fingerprint, last_entry=entry,
    )  # fmt: skip


def shared_detail(seen_at: float, answered_at: float, *, is_replacement: bool) -> str:
    """Return the detail of a SHARED entry of a ticket: when leaders saw it first and last (Unix seconds)."""
    return f"{seen_at:.3f} {answered_at:.3f}" + (f" {_REPLACEMENT}" if is_replacement else "")


def parse_shared_detail(entry: HistoryEntry) -> tuple[float, float, bool]:
    """Return the times of `shared_detail`; without them, a value is as old as its life says."""
    words = entry.detail.split()
    try:
        return float(words[0]), float(words[1]), _REPLACEMENT in words
    except (ValueError, IndexError):
        return entry.at, entry.at, False


def has_shared_age(entry: HistoryEntry) -> bool:
    """Return True if the entry records WeChat's answer of a leader, with the age of a ticket."""
    return entry.result in (AttemptResult.NEW, AttemptResult.SAME) and entry.detail[:1].isdigit()


def ticket_sighting(retry_state: RetryState, entry: HistoryEntry) -> tuple[float, bool]:
    """Return when the ticket of WeChat's answer was seen first (Unix seconds), and if it was new then."""
    state = _after_success(retry_state, entry)
    return state.observed_at or state.seen_at, state.observed_at > 0


def _is_replacement_observed(previous: RetryState, now: float) -> bool:
    """Return True if a ticket that differs from the last one has replaced it only a short time ago.

    That is known if the last answer is recent, or if the age of the old ticket was known: then it is not
    replaced long before its end, while one of unknown age may be at any moment.
    """
    return 0 < now - previous.last_answer_at <= UNKNOWN_AGE_LIFE_S + 120 or (
        previous.observed_at > 0 and 0 < now - previous.observed_at <= WECHAT_LIFETIME_S
    )


def _may_have_replaced_token(entry: HistoryEntry) -> bool:
    """Return True if a lost reply may have carried a new token.

    WeChat then accepts the token that Guard Dog holds for a few minutes at most.
    """
    return entry.result is AttemptResult.NO_ANSWER and entry.calls > 0 and (entry.forced or entry.endpoint == "token")


def is_keyring_failure(entry: HistoryEntry) -> bool:
    return entry.result in (AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN)


def retry_state_from_history(entries: tuple[HistoryEntry, ...], errcode_catalog: ErrcodeCatalog) -> RetryState:
    """Derive the state from the entries of a key, sorted from the oldest to the newest."""
    state = RetryState()
    for entry in entries:
        state = next_retry_state(state, entry, errcode_catalog, jitter_for(entry))
    return state


def after_restart(retry_state: RetryState) -> RetryState:
    """Return the state after a start of the program: a stopped key is tried once, a waiting one waits on."""
    was_stopped = retry_state.is_stopped
    return replace(retry_state, is_stopped=False, is_untried_since_start=True) if was_stopped else retry_state


def after_user_action(retry_state: RetryState) -> RetryState:
    """Return the state after the user asked for a refresh or changed the account."""
    return replace(retry_state, is_stopped=False, is_untried_since_start=False, not_before=0.0, failure_count=0)


def after_resume(retry_state: RetryState) -> RetryState:
    """Return the state after the computer resumed from sleep.

    Network and keyring may be back. Refusals by WeChat remain, except a refusal of the IP address.
    """
    last = retry_state.last_failure
    is_keyring = last is not None and is_keyring_failure(last)
    return after_user_action(retry_state) if is_keyring else after_reconnect(retry_state)


def after_keyring_available(retry_state: RetryState) -> RetryState:
    """Return the state after the keyring was unlocked, started or continued by another program.

    The failures stay counted: if the next attempt fails again, it waits for the next signal and not for 10 s.
    """
    last = retry_state.last_failure
    if last is None or not is_keyring_failure(last):
        return retry_state
    return replace(retry_state, is_stopped=False, is_untried_since_start=False, not_before=0.0)


def after_reconnect(retry_state: RetryState) -> RetryState:
    """Return the state after the network came back: no failure to reach WeChat or Redis, no refused IP counts."""
    last = retry_state.last_failure
    is_network = last is not None and last.result in (AttemptResult.NO_ANSWER, AttemptResult.NOT_SHARED)
    if last is None or (not is_network and last.ip is None):
        return retry_state
    return after_user_action(retry_state)


def after_new_token(ticket_state: RetryState, errcode_catalog: ErrcodeCatalog) -> RetryState:
    """Return the state of a ticket after a new access token: a refusal of the old one holds nothing back."""
    last = ticket_state.last_failure
    if last is None or last.result is not AttemptResult.REFUSED:
        return ticket_state
    if errcode_catalog.kind_for(last.errcode or 0, last.endpoint) is not ErrcodeKind.TOKEN:
        return ticket_state
    return replace(ticket_state, not_before=0.0)  # failure_count stays: the new token may be refused, too


def after_clock_set_back(retry_state: RetryState) -> RetryState:
    """Return the state after the clock was set back: values seem to live longer than they do."""
    return replace(retry_state, is_expiry_unreliable=True, is_clock_set_back=True, observed_at=0.0)


def is_confirmed_current(entry: HistoryEntry, record: TokenRecord, now: float) -> bool:
    """Return True if WeChat recently returned this same value, so that there is no newer one."""
    is_same = entry.result is AttemptResult.SAME and entry.fingerprint == fingerprint(record.value)
    return is_same and 0 <= now - entry.at < unknown_age_life(record.expires_in)


def due_at(
    kind: TokenKind, record: TokenRecord | None, retry_state: RetryState, now: float, *, is_follower: bool = False
) -> float | None:
    """Return when the next automatic attempt is due (Unix seconds); None until the user acts.

    A follower reads the ticket from Redis, where its life is one that may be relied on.
    """
    if retry_state.is_stopped:
        return None
    not_before = _backoff_until(retry_state, now)
    is_unusable = record is None or record.remaining_s(now) <= 0 or retry_state.is_refused(record)
    if record is None or is_unusable or retry_state.is_unwritten or retry_state.is_expiry_unreliable:
        return max(now, not_before)
    is_plain = is_follower or kind is TokenKind.ACCESS_TOKEN
    at = record.refresh_at if is_plain else _ticket_due_at(record, retry_state, now)
    return max(at, not_before)


def _ticket_due_at(record: TokenRecord, retry_state: RetryState, now: float) -> float:
    last_answer_at = retry_state.last_answer_at if retry_state.last_answer_at <= now + FUTURE_TOLERANCE_S else 0.0
    at = record.refresh_at
    if record.expires_in > UNKNOWN_AGE_LIFE_S and abs(record.generated_at - retry_state.observed_at) > 1.0:
        # the age of the ticket is unknown, or another program wrote other times
        at = min(at, (last_answer_at or record.generated_at) + UNKNOWN_AGE_LIFE_S)
    last = retry_state.last_entry
    if last is not None and last.result is AttemptResult.SAME and last_answer_at >= record.refresh_at:
        at = max(at, record.expires_at - near_end_life(record.expires_in) / 2)  # once more just before the expiry
    return at


def _backoff_until(retry_state: RetryState, now: float) -> float:
    """Return `not_before`; a failure from the future, recorded before the clock was set back, is ignored."""
    last = retry_state.last_failure
    return retry_state.not_before if last is None or last.at <= now + FUTURE_TOLERANCE_S else 0.0


def ticket_life(retry_state: RetryState, entry: HistoryEntry, lifetime_s: int) -> int:
    """Return for how many seconds the ticket that WeChat has just returned may be relied on.

    `entry` records this answer, `retry_state` is the state before it, `lifetime_s` is WeChat's `expires_in`.
    """
    state = _after_success(retry_state, entry)
    return reliable_life(lifetime_s, observed_at=state.observed_at, seen_at=state.seen_at, now=entry.at)


def keeps_expiry(record: TokenRecord | None, renewed: TokenRecord) -> bool:
    """Return True if a ticket that came back unchanged leaves the file as it is: the expiry is the same.

    Not if the file ends at once: the ticket would be due again at once, and be requested many times a second.
    """
    if record is None or record.value != renewed.value or not record.is_plausible(renewed.generated_at):
        return False
    if record.remaining_s(renewed.generated_at) <= EXPIRY_TOLERANCE_S:
        return False
    return abs(record.expires_at - renewed.expires_at) < EXPIRY_TOLERANCE_S


def clock_skew_minutes(skew_s: float) -> int:
    """Return by how many minutes a clock is wrong; 0 if it does not matter."""
    return round(skew_s / 60) if abs(skew_s) >= CLOCK_SKEW_WARNING_S else 0


def old_token_valid_until(old: TokenRecord, entry: HistoryEntry, now: float) -> float | None:
    """Return until when WeChat accepts the token that `entry` replaced (Unix seconds); None if it does not.

    getAccessToken and getStableAccessToken: for five minutes, but a forced stable token ends the old one at once.
    """
    if entry.result is not AttemptResult.NEW or (entry.forced and entry.endpoint == "stable_token"):
        return None
    valid_until = min(old.expires_at, entry.at + OLD_TOKEN_GRACE_S)
    return valid_until if valid_until > now else None


class ForceAllowance(Struct, frozen=True):
    """Permission to force a new token: from when (Unix seconds), and how many are left today."""

    is_allowed: bool
    allowed_at: float
    remaining_today: int


def force_allowance(count: CallCount, now: float) -> ForceAllowance:
    """Apply getStableAccessToken's limits, 20 times a day and 30 s apart; `count` is since midnight in Beijing."""
    remaining = max(0, DAILY_FORCED_MAX - count.forced)
    allowed_at = now
    if not remaining:
        allowed_at = beijing_day_start(now) + DAY_S
    elif count.last_forced_at <= now < count.last_forced_at + FORCED_INTERVAL_S:
        allowed_at = count.last_forced_at + FORCED_INTERVAL_S
    return ForceAllowance(allowed_at <= now, allowed_at, remaining)


def remaining_budget(count: CallCount, kind: TokenKind) -> int:
    limit = DAILY_CALL_BUDGET if kind is TokenKind.ACCESS_TOKEN else DAILY_CALL_BUDGET - TOKEN_RESERVED_CALLS
    return max(0, limit - count.automatic)


def is_automatic(trigger: Trigger) -> bool:
    """Return True if the call counts towards the budget: all but the user's clicks and `refresh` commands."""
    return trigger is not Trigger.USER


def is_token_check_due(record: TokenRecord, seen_at: float, checked_at: float, started_at: float, now: float) -> bool:
    """Return True if WeChat should be asked whether it still accepts a classic access token.

    Each call of any other program ends our token after five minutes (WeChat's page on getAccessToken), and nothing
    else would tell before the next ticket. The check has no side effects. A time in the future was noted before the
    clock was set back, and is ignored.

    Args:
        record: the token.
        seen_at: when another program last showed up (Unix seconds), 0 if never.
        checked_at: when the last check was sent, 0 if none was.
        started_at: when this program started.
        now: the present.
    """
    if 0 <= now - started_at < TOKEN_CHECK_FIRST_S:
        return False
    if now - record.generated_at < NEW_TOKEN_WORKS_S:
        return False
    interval_s = CONTESTED_TOKEN_CHECK_INTERVAL_S if now - seen_at < DAY_S else TOKEN_CHECK_INTERVAL_S
    return not now - interval_s < checked_at <= now + FUTURE_TOLERANCE_S


def ticket_needs_token(token: TokenRecord | None, now: float) -> bool:
    return token is None or token.remaining_s(now) <= TOKEN_MIN_REMAINING_S


def ticket_waits_for_token(token: TokenRecord | None, token_state: RetryState, now: float) -> bool:
    """Return True if a ticket can only be refreshed after the next attempt for its token.

    That is also so if the current token could not be written to disk: a refresh of the ticket reads the token
    from disk, does not find it and would request another one each time.
    """
    return token_state.is_unwritten or ticket_needs_token(token, now)
