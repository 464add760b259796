"""Requests to refresh the keys of an account, and their results."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord


class RefreshMode(StrEnum):
    """Condition under which WeChat is asked."""

    ADOPT_ONLY = "look"  # only about a value that another program has written
    MIRROR = "mirror"  # never: only take over what is in the shared Redis, and put a lost value back there
    IF_NEEDED = "if needed"  # the value on disk is due, or has less life left than `min_ttl`
    ALWAYS = "ask"  # always, unless another program has written a newer value meanwhile
    FORCE = "force"  # always, and make a new token; the current one stops working everywhere

    @property
    def may_ask(self) -> bool:
        """Return True if a new value may be requested."""
        return self not in (RefreshMode.ADOPT_ONLY, RefreshMode.MIRROR)


class RefreshRequest(Struct, frozen=True):
    """Request to refresh some keys of one account.

    Attributes:
        min_ttl: remaining life in seconds that makes a value good enough; None means "not yet due".
        known_gen_times_ms: `gen_time` (Unix milliseconds) of the values that the caller knows. A file with
            another `gen_time` was written by another program.
        is_token_rejected: WeChat has rejected the current access token before its expiry.
        respect_failures_since: ask only if no cool-down is active, counting failures since this Unix time;
            None ignores cool-downs.
        in_memory_values: values of the caller that may be missing on disk, since they could not be written.
        checks_token: ask WeChat whether a valid classic token still works, if it needs a check (`own_copy`).
        is_clock_set_back: the clock was set back since the last answer; the ages of tickets are not known any longer.
    """

    account: Account
    kinds: tuple[TokenKind, ...]
    trigger: Trigger
    mode: RefreshMode = RefreshMode.IF_NEEDED
    min_ttl: float | None = None
    known_gen_times_ms: tuple[tuple[TokenKind, int], ...] = ()
    is_token_rejected: bool = False
    respect_failures_since: float | None = None
    in_memory_values: tuple[tuple[TokenKind, TokenRecord], ...] = ()
    checks_token: bool = False
    is_clock_set_back: bool = False

    def is_forced(self, kind: TokenKind) -> bool:
        """Return True if a new value of this key is to be forced; tickets cannot be."""
        return self.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN


class RefreshResult(Struct, frozen=True):
    """Result of a refresh for one key."""

    appid: str
    kind: TokenKind
    entry: HistoryEntry  # as it is in the history; a STILL_FRESH entry is not stored
    record: TokenRecord | None  # the best value after the attempt
    clock_skew_s: float | None = None  # seconds by which the local clock is ahead of WeChat's, if a reply told
    foreign_entry: HistoryEntry | None = None  # about a value of another program that was not adopted

    @property
    def is_success(self) -> bool:
        return self.entry.is_success
