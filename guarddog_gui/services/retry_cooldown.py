"""After which failures WeChat is left alone for a while by programs that ask without a person before them."""

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.wechat.errcodes import Catalogue

REFUSED_S = 300.0  # what only a person can mend is asked for again after this long

_OF_ONE_PROCESS = frozenset({Result.NO_SECRET, Result.KEYRING_LOCKED, Result.KEYRING_DOWN})


def is_of_one_process(failure: Entry) -> bool:
    """Whether it says nothing about other programs: a cron job has no keyring where a desktop has one."""
    return failure.result in _OF_ONE_PROCESS or (failure.result is Result.NOT_WRITTEN and not failure.calls)


def held_by(
    past: tuple[Entry, ...],
    catalogue: Catalogue,
    now: float,
    *,
    changed_at: float = 0.0,
    renewed_at: float = 0.0,
) -> Entry | None:
    """The failure among a key's past entries (oldest first) after which WeChat is not to be asked yet.

    One from before `changed_at`, when an account was edited, holds nothing back: it may be right by now; nor
    does a ticket's that was refused because of a token older than `renewed_at` (both Unix seconds).
    """
    shared = tuple(entry for entry in past if entry.is_good or not is_of_one_process(entry))
    standing = policy.standing_of(shared, catalogue)
    failure = standing.last_failure
    if failure is None or failure.at < changed_at:
        return None
    if failure.at < renewed_at:
        standing = policy.with_new_token(standing, catalogue)
    until = failure.at + REFUSED_S if standing.stopped else standing.not_before
    return failure if failure.at <= now < until else None
