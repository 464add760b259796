"""One line of the history: who asked for what, when, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Trigger(StrEnum):
    """What made us try."""

    TIMER = "timer"
    START = "start"
    USER = "person"
    COPY = "copy"
    RESUME = "resume"
    COMMAND = "command"


class AttemptResult(StrEnum):
    """What came of an attempt."""

    NEW = "new"  # WeChat gave a value that we had not seen
    SAME = "same"  # it gave the value that we already have
    ADOPTED = "adopted"  # another program had written a newer one
    STILL_FRESH = "still fresh"  # nothing had to be done; not kept in the history
    REFUSED = "refused"  # an errcode
    NO_ANSWER = "unheard"  # no usable answer
    NO_SECRET = "no secret"  # noqa: S105 - a result, not a secret
    KEYRING_LOCKED = "keyring locked"
    KEYRING_DOWN = "keyring unavailable"
    NOT_WRITTEN = "not written"  # a good value that the disk did not take
    LOCK_BUSY = "busy"  # another program held the account for too long
    BUDGET_EXCEEDED = "budget"  # our own limit of automatic calls a day
    INTERNAL_ERROR = "bug"  # an exception of ours; the log has it
    QUOTA_CLEARED = "cleared"  # WeChat set the day's counters to zero


SUCCESS_RESULTS = frozenset(
    {
        AttemptResult.NEW,
        AttemptResult.SAME,
        AttemptResult.ADOPTED,
        AttemptResult.STILL_FRESH,
        AttemptResult.QUOTA_CLEARED,
    }
)
CLEAR_QUOTA_KEY = "CLEAR_QUOTA"  # stands where a refresh has its key


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One attempt for one key. No secret, no token: `fingerprint` is all that is kept of the value.

    `at` is Unix seconds when it began, `took_ms` its length, `calls` how many requests WeChat may have
    counted for it, `detail` a word or sentence where there is no errmsg, `endpoint` the call's name in
    errcodes.json, `expires_at` Unix seconds until which the value is good, where one was given.
    """

    at: float
    appid: str
    key: str
    trigger: Trigger
    result: AttemptResult
    forced: bool = False
    calls: int = 0
    errcode: int | None = None
    errmsg: str = ""
    rid: str | None = None
    ip: str | None = None
    took_ms: int = 0
    fingerprint: str = ""
    detail: str = ""
    endpoint: str = ""
    expires_at: float | None = None

    @property
    def is_success(self) -> bool:
        """Whether it ended as it should: with a usable value, or with counters at zero."""
        return self.result in SUCCESS_RESULTS


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An entry as it is kept. Newer rows have larger ids."""

    id: int
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class CallCount:
    """Requests of one account since a moment. The budget is for the automatic ones.

    `by_key` has them all, in the order of the keys' names.
    """

    automatic: int = 0
    forced: int = 0
    last_forced_at: float = 0.0
    by_key: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which rows to show; None means any. `since` and `until` are Unix seconds, `text` is part of errmsg."""

    appid: str | None = None
    key: str | None = None
    trigger: str | None = None
    only_failures: bool = False
    errcode: int | None = None
    since: float | None = None
    until: float | None = None
    text: str = ""
