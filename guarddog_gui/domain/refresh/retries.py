"""Retries of one key: how many attempts have failed, when the next one may be made, and how old a ticket is.

The state is always derived from the history, so that the tray, the command line and a restarted process reach the same
decisions.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.backoff import backoff_s, jitter_for
from guarddog_gui.domain.refresh.history import SUCCESS_RESULTS, AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.ticket_life import UNKNOWN_AGE_LIFE_S, reliable_life
from guarddog_gui.domain.tokens.expiry import FUTURE_TOLERANCE_S, WECHAT_LIFETIME_S
from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind

RETRY_HISTORY_MAX = 50  # past attempts of one key that its retry state is derived from
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


def ticket_life(retry_state: RetryState, entry: HistoryEntry, lifetime_s: int) -> int:
    """Return for how many seconds the ticket that WeChat has just returned may be relied on.

    `entry` records this answer, `retry_state` is the state before it, `lifetime_s` is WeChat's `expires_in`.
    """
    state = _after_success(retry_state, entry)
    return reliable_life(lifetime_s, observed_at=state.observed_at, seen_at=state.seen_at, now=entry.at)
