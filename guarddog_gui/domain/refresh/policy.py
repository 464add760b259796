"""Refresh policy: which key is due when, what may be forced, and how many calls are left."""

from msgspec import Struct

from guarddog_gui.domain.refresh.foreign_writes import EXPIRY_TOLERANCE_S
from guarddog_gui.domain.refresh.history import AttemptResult, CallCount, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.ticket_life import UNKNOWN_AGE_LIFE_S, near_end_life, unknown_age_life
from guarddog_gui.domain.tokens.expiry import DAY_S, FUTURE_TOLERANCE_S, OLD_TOKEN_GRACE_S
from guarddog_gui.domain.tokens.own_copy import NEW_TOKEN_WORKS_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import beijing_day_start

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

SUPERSEDED = "taken"  # detail of an entry: the previous token was refused before its expiry
# detail of an entry: the same ticket came back, and its first computed expiry still holds
EXPIRY_KEPT = "kept"


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
