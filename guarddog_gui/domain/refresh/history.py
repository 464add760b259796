"""Entries of the history: one per attempt to refresh a key, with its trigger and result."""

from enum import StrEnum

from msgspec import Struct


class Trigger(StrEnum):
    """Event that caused an attempt."""

    TIMER = "timer"
    START = "start"
    USER = "person"
    COPY = "copy"
    RESUME = "resume"
    COMMAND = "command"


class AttemptResult(StrEnum):
    """Result of an attempt."""

    NEW = "new"  # WeChat returned a new value
    SAME = "same"  # WeChat returned the value that Guard Dog already has
    ADOPTED = "adopted"  # another program had written a newer value of this account
    NOT_ADOPTED = "not adopted"  # another program had written a value that is not proven to be usable
    SHARED = "shared"  # taken from the Redis that the account is shared through
    STILL_FRESH = "still fresh"  # no refresh was needed; not stored in the history
    REFUSED = "refused"  # WeChat returned an errcode
    NO_ANSWER = "unheard"  # no usable answer arrived
    NO_SECRET = "no secret"  # noqa: S105 - a result, not a secret
    KEYRING_LOCKED = "keyring locked"
    KEYRING_DOWN = "keyring unavailable"
    NOT_WRITTEN = "not written"  # the new value could not be written to disk
    LOCK_BUSY = "busy"  # another process held the lock of the account for too long
    BUDGET_EXCEEDED = "budget"  # Guard Dog's own daily limit of automatic calls
    NOT_SHARED = "not shared"  # Redis could not be used, or has no value; the detail is a `SharingProblem`
    INTERNAL_ERROR = "bug"  # an unexpected exception, which is in the log
    QUOTA_CLEARED = "cleared"  # WeChat reset the day's counters
    ADDRESS_SEEN = "address seen"  # WeChat named the caller's IP address, asked by the user


SUCCESS_RESULTS = frozenset({
    AttemptResult.NEW, AttemptResult.SAME, AttemptResult.ADOPTED, AttemptResult.STILL_FRESH,
    AttemptResult.QUOTA_CLEARED, AttemptResult.SHARED, AttemptResult.ADDRESS_SEEN,
})  # fmt: skip
THROUGH_PROXY = "through a proxy"  # detail of a refusal: WeChat may have seen the address of the proxy
CLEAR_QUOTA_KEY = "CLEAR_QUOTA"  # in place of the key of a refresh
ADDRESS_KEY = "ADDRESS"  # the same, of a question for the own IP address


class HistoryEntry(Struct, frozen=True):
    """One attempt for one key. It contains no AppSecret and no token, only the fingerprint of the value.

    at             Unix seconds when the attempt began
    calls          number of requests that WeChat may have counted
    detail         a word or sentence if there is no errmsg
    endpoint       name of the call in errcodes.json
    expires_at     Unix seconds until which the value is valid, if there is one
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
        return self.result in SUCCESS_RESULTS


class HistoryRow(Struct, frozen=True):
    """A stored entry. Newer rows have larger ids.

    The other fields are known only of failures, and only where they were asked for (Unix seconds).

    last_success_at   last success of the key before; None if there was none
    recovered_at      next success of the key; None if there is none
    valid_until       expiry of the value that the key had at that time; None without one
    """

    id: int
    entry: HistoryEntry
    last_success_at: float | None = None
    recovered_at: float | None = None
    valid_until: float | None = None


class CallCount(Struct, frozen=True):
    """Requests of one account since some moment; the budget limits only `automatic` ones.

    `by_key` counts all requests, sorted by the name of the key.
    """

    automatic: int = 0
    forced: int = 0
    last_forced_at: float = 0.0
    by_key: tuple[tuple[str, int], ...] = ()


class TextMatches(Struct, frozen=True):
    """Values that a searched text stands for, such as the AppIDs of the accounts with this text in their names."""

    appids: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    results: tuple[AttemptResult, ...] = ()
    errcodes: tuple[int, ...] = ()

    @property
    def only_of_failures(self) -> bool:
        """Return True if no success can have one of these values."""
        return not (self.appids or self.keys or self.triggers or SUCCESS_RESULTS.intersection(self.results))

    def contain(self, entry: HistoryEntry) -> bool:
        return (
            entry.appid in self.appids
            or entry.key in self.keys
            or entry.trigger in self.triggers
            or entry.result in self.results
            or entry.errcode in self.errcodes
        )


class HistoryFilter(Struct, frozen=True):
    """Selection of rows; None means any. `since` and `until` are Unix seconds.

    A row matches `text` if its errmsg or its rid contains it, or if it has one of the values of `text_matches`.
    """

    appid: str | None = None
    key: str | None = None
    trigger: str | None = None
    only_failures: bool = False
    errcode: int | None = None
    since: float | None = None
    until: float | None = None
    text: str = ""
    text_matches: TextMatches = TextMatches()
