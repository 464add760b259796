"""After which failures WeChat is left alone for a while by programs that ask without a person before them."""

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

REFUSED_COOLDOWN_S = 300.0  # what only a person can mend is asked for again after this long

_PROCESS_LOCAL_RESULTS = frozenset(
    {AttemptResult.NO_SECRET, AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN}
)


def is_process_local(failure: HistoryEntry) -> bool:
    """Whether it says nothing about other programs: a cron job has no keyring where a desktop has one."""
    return failure.result in _PROCESS_LOCAL_RESULTS or (
        failure.result is AttemptResult.NOT_WRITTEN and not failure.calls
    )


def active_cooldown(
    past_entries: tuple[HistoryEntry, ...],
    errcode_catalog: ErrcodeCatalog,
    now: float,
    *,
    account_changed_at: float = 0.0,
    token_renewed_at: float = 0.0,
) -> HistoryEntry | None:
    """The failure among a key's past entries (oldest first) after which WeChat is not to be asked yet.

    One from before `changed_at`, when an account was edited, holds nothing back: it may be right by now; nor
    does a ticket's that was refused because of a token older than `renewed_at` (both Unix seconds).
    """
    shared = tuple(entry for entry in past_entries if entry.is_success or not is_process_local(entry))
    standing = policy.retry_state_from_history(shared, errcode_catalog)
    failure = standing.last_failure
    if failure is None or failure.at < account_changed_at:
        return None
    if failure.at < token_renewed_at:
        standing = policy.after_new_token(standing, errcode_catalog)
    until = failure.at + REFUSED_COOLDOWN_S if standing.is_stopped else standing.not_before
    return failure if failure.at <= now < until else None
