"""Valid values for many clients at once, refreshed by one of them when they are due.

The services for refreshes are the same as in `guarddogctl token` and in the library, with the same locks, cool-downs
and budgets in the files that all processes share. What this module adds is for one process with many callers:

- One refresh per key at a time, in a thread of its own; all clients that need it wait for the same one.
- A value that lives is given at once, while its refresh runs. Clients wait only for a value that is dead, or dies
  before it could be used.
- A refresh that brought nothing newer is not repeated at once, although its value is still due.
- Only some of the server's threads may wait for long, and fewer for one account: while WeChat does not answer for one
  of them, the clients of the others are served, and so are those whose values live. During the first two
  seconds of a refresh, in which most end, all may wait.
"""

import threading
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.fresh_values import FreshValues
from guarddog_gui.services.ports import Clock, TokenCheckReader
from guarddog_gui.services.provenance.own_values import is_token_check_due

DYING_S = 60.0  # with less than this left, a value is not given while a refresh may bring another one
WAIT_MAX_S = 25.0  # for a refresh without a value: longer than the lock of the account and than one call to WeChat
WAIT_WITH_VALUE_S = 3.0  # while a value that dies soon can be given: most SDKs wait five seconds for an answer
USUAL_S = 2.0  # in which most refreshes end, also on a busy computer
RETRY_AFTER_S = 10.0  # pause after a failure
RECHECK_AFTER_S = 30.0  # longest pause after a refresh that brought nothing newer
RECHECK_SHARE = 0.25  # of the life that is left: the pause must not outlast the value
RECHECK_MIN_S = 1.0
REPORT_INTERVAL_S = 30.0  # between two questions because of a client's `force_refresh`, per account
REPORTS_PER_DAY = 20

Unwritten = tuple[tuple[TokenKind, TokenRecord], ...]


class ValueRefresh(Struct, frozen=True):
    """Order for a refresh; see `RefreshRequest` for the last two.

    is_reported_invalid   a client reports that the token does not work: ask WeChat for its current one, never for a new
                          one
    """

    account: Account
    kind: TokenKind
    known: TokenRecord | None
    is_reported_invalid: bool = False
    in_memory_values: Unwritten = ()


class ServerBusy(Struct, frozen=True):
    """Too many clients wait already, or the refresh takes too long."""


class NoValue(Struct, frozen=True):
    """There is no valid value; `entry` is the attempt that failed, None after a mistake of the program."""

    entry: HistoryEntry | None


class _RunningRefresh:
    """A refresh that runs since `started_at` on the monotonic clock."""

    def __init__(self, started_at: float) -> None:
        self.started_at = started_at
        self.done = threading.Event()


class LiveValues:
    """Values of all accounts. Safe to use from any thread; `get` may block up to `WAIT_MAX_S`.

    `refresh` does the work and is called in threads of its own. At most `waiting_max` callers wait for long, and half
    of that for one account.
    """

    def __init__(
        self,
        dog_files: TokenCheckReader,
        refresh: Callable[[ValueRefresh], FreshValues],
        clock: Clock,
        monotonic: Callable[[], float],
        waiting_max: int,
    ) -> None:
        self._dog_files = dog_files
        self._refresh = refresh
        self._clock = clock
        self._monotonic = monotonic
        self._waiting_max = waiting_max
        self._lock = threading.Lock()
        self._running: dict[tuple[str, TokenKind], _RunningRefresh] = {}
        self._not_before: dict[tuple[str, TokenKind], float] = {}  # on the monotonic clock
        self._failures: dict[tuple[str, TokenKind], HistoryEntry | None] = {}
        self._unwritten: dict[tuple[str, TokenKind], TokenRecord] = {}  # values that are not on disk
        self._reported_at: dict[str, deque[float]] = {}
        self._waiting: dict[str, int] = {}  # callers by appid

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the newest valid value without asking for another one."""
        now = self._clock()
        known = (self._dog_files.read(account, kind), self._unwritten.get((account.appid, kind)))
        valid = [record for record in known if record is not None and record.remaining_s(now) > 0]
        return max(valid, key=lambda record: record.generated_ms, default=None)

    def get(
        self, account: Account, kind: TokenKind, *, is_reported_invalid: bool = False
    ) -> TokenRecord | NoValue | ServerBusy:
        """Return a valid value, after a refresh if it is due.

        With `is_reported_invalid`, WeChat is asked whether the access token is still its current one, as often as that
        is allowed.
        """
        record, now, key = self.read(account, kind), self._clock(), (account.appid, kind)
        must_check = kind is TokenKind.ACCESS_TOKEN and is_token_check_due(self._dog_files, account, now)
        asks_again = is_reported_invalid and record is not None and self._may_ask_again(account)
        if record is not None and record.is_fresh(now) and not must_check and not asks_again:
            return record
        running = self._join_or_start(account, kind, record, is_reported_invalid=asks_again)
        is_usable = record is not None and record.remaining_s(now) > DYING_S and not must_check and not asks_again
        if record is not None and (is_usable or running is None):
            return record
        wait_s = WAIT_MAX_S if record is None else WAIT_WITH_VALUE_S
        if running is not None and not self._wait(account.appid, running, wait_s):
            return ServerBusy() if record is None else record
        return self.read(account, kind) or NoValue(self._failures.get(key))

    def finish(self, timeout_s: float) -> None:
        """Wait for the running refreshes: WeChat may have issued a token whose answer would be lost."""
        deadline = self._monotonic() + timeout_s
        with self._lock:
            pending = list(self._running.values())
        for running in pending:
            running.done.wait(max(0.0, deadline - self._monotonic()))

    def _may_ask_again(self, account: Account) -> bool:
        """Return True, and count it, if a client's doubts about the token may cost a call now.

        On the classic endpoint never: there the call itself would end the token of all others.
        """
        if account.endpoint is Endpoint.CLASSIC:
            return False
        now = self._monotonic()
        with self._lock:
            past = self._reported_at.setdefault(account.appid, deque())
            while past and now - past[0] > DAY_S:
                past.popleft()
            if len(past) >= REPORTS_PER_DAY or (past and now - past[-1] < REPORT_INTERVAL_S):
                return False
            past.append(now)
            return True

    def _join_or_start(
        self, account: Account, kind: TokenKind, known: TokenRecord | None, *, is_reported_invalid: bool
    ) -> _RunningRefresh | None:
        """Return the running refresh, or a new one; None during a pause."""
        key = account.appid, kind
        with self._lock:
            present = self._running.get(key)
            if present is not None:
                return present
            if not is_reported_invalid and self._monotonic() < self._not_before.get(key, 0.0):
                return None
            running = self._running[key] = _RunningRefresh(self._monotonic())
            unwritten = tuple((k, r) for (appid, k), r in self._unwritten.items() if appid == account.appid)
        order = ValueRefresh(account, kind, known, is_reported_invalid, unwritten)
        thread = threading.Thread(target=self._run, args=(running, order), name="serve-refresh", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads
            self._end(key, running, None)
        return running

    def _run(self, running: _RunningRefresh, order: ValueRefresh) -> None:
        key = order.account.appid, order.kind
        values: FreshValues | None = None
        try:
            values = self._refresh(order)
        finally:  # after an exception, which the thread reports, the clients get an answer all the same
            self._end(key, running, values)

    def _end(self, key: tuple[str, TokenKind], running: _RunningRefresh, values: FreshValues | None) -> None:
        """Note the result, None after an exception, and wake the clients that wait for it."""
        record = None if values is None else values.records.get(key[1])
        failure = None if values is None or values.failure is None else values.failure.entry
        pause_s = RETRY_AFTER_S if values is None or failure is not None else self._recheck_pause_s(record)
        with self._lock:
            self._failures[key] = failure
            self._not_before[key] = self._monotonic() + pause_s
            for kind, unwritten in () if values is None else values.unwritten:
                self._unwritten[key[0], kind] = unwritten
            del self._running[key]
        running.done.set()

    def _recheck_pause_s(self, record: TokenRecord | None) -> float:
        now = self._clock()
        if record is not None and record.is_fresh(now):
            return 0.0
        left_s = 0.0 if record is None else record.remaining_s(now)
        return max(RECHECK_MIN_S, min(RECHECK_AFTER_S, left_s * RECHECK_SHARE))

    def _wait(self, appid: str, running: _RunningRefresh, wait_s: float) -> bool:
        """Wait until the refresh has ended; return False if it takes too long, or longer than usual for so many."""
        with self._lock:
            waiting = self._waiting.get(appid, 0)
            is_crowd = sum(self._waiting.values()) >= self._waiting_max or waiting >= self._waiting_max // 2
            if not is_crowd:
                self._waiting[appid] = waiting + 1
        if is_crowd:
            return running.done.wait(max(0.0, running.started_at + USUAL_S - self._monotonic()))
        try:
            return running.done.wait(wait_s)
        finally:
            with self._lock:
                self._waiting[appid] -= 1
