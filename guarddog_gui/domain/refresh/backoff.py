"""Waiting times after failed attempts: how long each kind of failure holds automatic attempts back."""

from zlib import crc32

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.expiry import DAY_S, HOUR_S
from guarddog_gui.domain.wechat.errcodes import (
    TOMORROW,
    Errcode,
    ErrcodeCatalog,
    ErrcodeKind,
    beijing_day_start,
    wait_ends_at,
)
from guarddog_gui.domain.wechat.protocol import FailureKind

OFFLINE_BACKOFF_MAX_S = 60.0
TRANSIENT_BACKOFF_MAX_S = 300.0
WRITE_BACKOFF_MAX_S = 600.0  # each new attempt at a full disk costs a call to WeChat
UNKNOWN_BACKOFF_INITIAL_S = 300.0
UNKNOWN_BACKOFF_MAX_S = 3600.0
QUOTA_RETRY_S = float(HOUR_S)
KEYRING_BACKOFFS_S = (10.0, 30.0, 120.0)  # after these a locked keyring is left alone until the user acts
KEYRING_DOWN_RETRY_S = 600.0  # a keyring that does not answer at all may come back without the user
LOCK_RETRY_S = 5.0
SHARING_BACKOFF_MAX_S = 60.0


def backoff_s(
    entry: HistoryEntry, errcode_catalog: ErrcodeCatalog, *, failure_count: int, fruitless_wait_s: float, jitter: float
) -> float | None:
    """Return the seconds to wait after a failed attempt; None to wait until the user acts.

    Args:
        entry: The failed attempt.
        errcode_catalog: The kinds and waiting times of WeChat's errcodes.
        failure_count: Failures in a row before this one.
        fruitless_wait_s: Length of the wait that followed the previous failure, if that had the same errcode
            and the wait was over before this attempt; else 0.
        jitter: From 0 to 1; spreads the waits that Guard Dog chooses by a quarter up or down.
    """
    n, spread = failure_count, 0.75 + 0.5 * jitter
    match entry.result:
        case AttemptResult.NO_ANSWER | AttemptResult.NOT_WRITTEN | AttemptResult.NOT_SHARED:
            return _exponential_backoff(2.0, n, _longest_wait(entry)) * spread
        case AttemptResult.KEYRING_LOCKED:
            return KEYRING_BACKOFFS_S[n] if n < len(KEYRING_BACKOFFS_S) else None
        case AttemptResult.KEYRING_DOWN:
            return KEYRING_BACKOFFS_S[n] if n < len(KEYRING_BACKOFFS_S) else KEYRING_DOWN_RETRY_S
        case AttemptResult.LOCK_BUSY:
            return LOCK_RETRY_S
        case AttemptResult.BUDGET_EXCEEDED:
            return beijing_day_start(entry.at) + DAY_S - entry.at
        case AttemptResult.INTERNAL_ERROR:
            return _exponential_backoff(60.0, n, UNKNOWN_BACKOFF_MAX_S) * spread
        case AttemptResult.REFUSED:
            return _backoff_after_refusal(entry, errcode_catalog, n, fruitless_wait_s, spread)
        case _:
            return None


def _longest_wait(entry: HistoryEntry) -> float:
    if entry.result is AttemptResult.NOT_WRITTEN:
        return WRITE_BACKOFF_MAX_S
    if entry.result is AttemptResult.NOT_SHARED:  # whatever the reason, it is noticed soon when it has passed
        return SHARING_BACKOFF_MAX_S
    return OFFLINE_BACKOFF_MAX_S if entry.detail.startswith(FailureKind.OFFLINE) else TRANSIENT_BACKOFF_MAX_S


def _backoff_after_refusal(
    entry: HistoryEntry, errcode_catalog: ErrcodeCatalog, failure_count: int, fruitless_wait_s: float, spread: float
) -> float | None:
    code = entry.errcode or 0
    match errcode_catalog.kind_for(code, entry.endpoint):
        case ErrcodeKind.TRANSIENT:
            return _exponential_backoff(1.0, failure_count, TRANSIENT_BACKOFF_MAX_S) * spread
        case ErrcodeKind.TOKEN:
            return _exponential_backoff(60.0, failure_count, UNKNOWN_BACKOFF_MAX_S) * spread
        case ErrcodeKind.UNKNOWN:
            return _exponential_backoff(UNKNOWN_BACKOFF_INITIAL_S, failure_count, UNKNOWN_BACKOFF_MAX_S) * spread
        case ErrcodeKind.QUOTA:  # follows a rule of WeChat's: without jitter
            return _backoff_after_quota(entry, errcode_catalog.find(code), fruitless_wait_s)
        case _:
            return None


def _backoff_after_quota(entry: HistoryEntry, errcode: Errcode | None, fruitless_wait_s: float) -> float:
    """Return the seconds to wait for a quota.

    A daily quota is retried hourly and ten minutes after midnight in Beijing. WeChat documents no time at which
    it is reset, and returns 45009 also for accounts whose quota is not used up, for minutes or hours (reports on
    its forum, for both token endpoints). To wait until tomorrow would leave those without a token for a day; 24
    refused requests a day do no harm. A quota per minute that is still used up after a minute is retried with
    growing waits, in the end hourly: a request each minute would use up Guard Dog's budget.
    """
    wait_rule = errcode.wait if errcode else None
    if wait_rule is None:
        return QUOTA_RETRY_S
    wait_s = wait_ends_at(wait_rule, entry.at) - entry.at
    if wait_rule.until == TOMORROW:
        return min(QUOTA_RETRY_S, wait_s)
    if fruitless_wait_s:
        return QUOTA_RETRY_S if wait_rule.until else min(QUOTA_RETRY_S, 2 * fruitless_wait_s)
    return wait_s


def _exponential_backoff(initial_s: float, failure_count: int, max_s: float) -> float:
    return min(max_s, initial_s * 2.0 ** min(failure_count, 30))


def jitter_for(entry: HistoryEntry) -> float:
    """Compute a jitter from 0 to 1 that differs between attempts and is always the same for one attempt.

    Every process that derives a retry state from the history arrives at the same waiting times.
    """
    return crc32(f"{entry.appid} {entry.key} {entry.at:.3f}".encode()) % 1000 / 1000


def needs_user_action(entry: HistoryEntry, errcode_catalog: ErrcodeCatalog) -> bool:
    """Return True if further attempts are useless until the user changes something."""
    if entry.result is AttemptResult.NO_SECRET:
        return True
    if entry.result is not AttemptResult.REFUSED:
        return False
    kind = errcode_catalog.kind_for(entry.errcode or 0, entry.endpoint)
    return kind in (ErrcodeKind.CONFIG, ErrcodeKind.PERMISSION, ErrcodeKind.REQUEST)


def manual_retry_at(entry: HistoryEntry, errcode_catalog: ErrcodeCatalog) -> float | None:
    """Return from when the user may try again (Unix seconds); None unless it is 89506, 89507, 45011 or a quota."""
    if entry.result is not AttemptResult.REFUSED:
        return None
    errcode = errcode_catalog.find(entry.errcode or 0)
    return wait_ends_at(errcode.wait, entry.at) if errcode and errcode.wait else None
