"""Main loop without Qt: the decisions of `runtime.controller`, step by step, on a simulated clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import foreign_writes, policy, retries
from guarddog_gui.domain.refresh.backoff import jitter_for
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.tokens.own_copy import is_same_value_and_life
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.ports import Clock, DogFileStore, HistoryStore
from guarddog_gui.services.refresh import Refresher

HISTORY_LIMIT = 50
WAKE_DELAY_S = 5.0


@dataclass(slots=True)
class LoopAccount:
    """State of one account in the loop."""

    account: Account
    records: dict[TokenKind, TokenRecord | None] = field(default_factory=dict)
    stamps: dict[TokenKind, object] = field(default_factory=dict)
    retry_states: dict[TokenKind, RetryState] = field(default_factory=dict)
    changed_kinds: set[TokenKind] = field(default_factory=set)


class RefreshLoop:
    """One run of the program; for a restart create another one with the same stores."""

    def __init__(
        self,
        accounts: tuple[Account, ...],
        refresher: Refresher,
        dogs: DogFileStore,
        history: HistoryStore,
        catalogue: ErrcodeCatalog,
        clock: Clock,
    ) -> None:
        self._refresher = refresher
        self._dogs = dogs
        self._history = history
        self._catalogue = catalogue
        self._clock = clock
        self._paused_until = 0.0
        self._trigger = Trigger.START
        self.accounts = {account.appid: LoopAccount(account) for account in accounts}
        for known in self.accounts.values():
            self._load_retry_states(known)

    def tick(self) -> None:
        """Read the files and refresh what is due, as a tick of the scheduler does."""
        self.read_files()
        if self._clock() < self._paused_until:
            return
        for known in self.accounts.values():
            now = self._clock()
            due = tuple(kind for kind, at in self._due_times(known, now).items() if at is not None and at <= now)
            if due:
                fresh = any(self._is_fresh(known, kind, now) for kind in due)
                self._refresh(known, due, self._trigger, RefreshMode.ALWAYS if fresh else RefreshMode.IF_NEEDED)
            if known.changed_kinds:
                self._refresh(known, tuple(known.changed_kinds), self._trigger, RefreshMode.ADOPT_ONLY)
        self._trigger = Trigger.TIMER

    def next_due_at(self) -> float | None:
        """Return the Unix time at which something is due."""
        now = self._clock()
        times = [at for known in self.accounts.values() for at in self._due_times(known, now).values()]
        awaited = [at for at in times if at is not None]
        return max(min(awaited), self._paused_until) if awaited else None

    def read_files(self) -> None:
        for known in self.accounts.values():
            for kind in known.account.token_kinds:
                stamp = self._dogs.stamp(known.account, kind)
                if kind in known.stamps and stamp == known.stamps[kind]:
                    continue
                is_first = kind not in known.stamps
                if not is_first:
                    known.changed_kinds.add(kind)
                known.stamps[kind] = stamp
                record, own_copy = (read(known.account, kind) for read in (self._dogs.read, self._dogs.read_own_copy))
                is_own = record is not None and own_copy is not None and is_same_value_and_life(record, own_copy)
                if is_own or is_first:
                    known.records[kind] = record if is_own else None

    def request_refresh(self, appid: str, mode: RefreshMode = RefreshMode.ALWAYS) -> tuple[RefreshResult, ...]:
        """Refresh as on the user's `Refresh now` or `Force a new token…`."""
        known = self.accounts[appid]
        self.read_files()
        kinds = (TokenKind.ACCESS_TOKEN,) if mode is RefreshMode.FORCE else known.account.token_kinds
        for kind in kinds:
            known.retry_states[kind] = retries.after_user_action(known.retry_states[kind])
        return self._refresh(known, kinds, Trigger.USER, mode)

    def on_account_saved(self, appid: str) -> None:
        """Retry after the account was saved in the dialog."""
        known = self.accounts[appid]
        known.retry_states = {
            kind: retries.after_user_action(standing) for kind, standing in known.retry_states.items()
        }
        self._refresh(known, known.account.token_kinds, Trigger.USER, RefreshMode.IF_NEEDED)

    def on_woke(self) -> None:
        self._update_retry_states(retries.after_resume)
        self._paused_until = self._clock() + WAKE_DELAY_S

    def on_network_up(self) -> None:
        self._paused_until = 0.0
        self._update_retry_states(retries.after_reconnect)

    def on_clock_jump(self, seconds: float) -> None:
        """React to a wall clock that moved this many seconds more than time passed."""
        self._update_retry_states(retries.after_resume)
        if seconds < 0:
            self._update_retry_states(retries.after_clock_set_back)
            self._paused_until = 0.0

    def _update_retry_states(self, update: Callable[[RetryState], RetryState]) -> None:
        self._trigger = Trigger.RESUME
        for known in self.accounts.values():
            known.retry_states = {kind: update(standing) for kind, standing in known.retry_states.items()}

    def _load_retry_states(self, account: LoopAccount) -> None:
        for kind in account.account.token_kinds:
            past = self._history.latest(account.account.appid, kind.value, HISTORY_LIMIT)
            account.retry_states[kind] = retries.after_restart(retries.retry_state_from_history(past, self._catalogue))

    def _is_fresh(self, account: LoopAccount, kind: TokenKind, now: float) -> bool:
        record = account.records.get(kind)
        return record is not None and record.remaining_s(now) > 0 and now < record.refresh_at

    def _due_times(self, account: LoopAccount, now: float) -> dict[TokenKind, float | None]:
        dues = {
            kind: policy.due_at(kind, account.records.get(kind), account.retry_states[kind], now)
            for kind in account.account.token_kinds
        }
        token, token_at = account.records.get(TokenKind.ACCESS_TOKEN), dues[TokenKind.ACCESS_TOKEN]
        waits = policy.ticket_waits_for_token(token, account.retry_states[TokenKind.ACCESS_TOKEN], now)
        if waits and (token_at is None or token_at > now):
            return {TokenKind.ACCESS_TOKEN: token_at}
        return dues

    def _refresh(
        self, account: LoopAccount, kinds: tuple[TokenKind, ...], trigger: Trigger, mode: RefreshMode
    ) -> tuple[RefreshResult, ...]:
        seen = tuple((kind, record.generated_ms) for kind, record in account.records.items() if record is not None)
        held = tuple((kind, record) for kind, record in account.records.items() if record is not None)
        is_set_back = any(account.retry_states[kind].is_clock_set_back for kind in kinds)
        outcomes = self._refresher.refresh(
            RefreshRequest(
                account.account, kinds, trigger, mode, known_gen_times_ms=seen, in_memory_values=held,
                is_clock_set_back=is_set_back,
            )
        )  # fmt: skip
        for outcome in outcomes:
            self._apply_result(account, outcome)
        return outcomes

    def _apply_result(self, account: LoopAccount, result: RefreshResult) -> None:
        kind, entry = result.kind, result.entry
        if entry.result is not AttemptResult.LOCK_BUSY:
            account.changed_kinds.discard(kind)
        if entry.fingerprint:
            account.records[kind] = result.record
            if entry.result is not AttemptResult.NOT_WRITTEN:
                account.stamps[kind] = self._dogs.stamp(account.account, kind)
        if entry.result is AttemptResult.ADOPTED and not foreign_writes.is_of_other_program(entry):
            self._load_retry_states(account)
            return
        for applied in filter(None, (result.foreign_entry, entry)):
            account.retry_states[kind] = retries.next_retry_state(
                account.retry_states[kind], applied, self._catalogue, jitter_for(applied)
            )
        if kind is TokenKind.ACCESS_TOKEN and entry.result is AttemptResult.NEW:
            for ticket in account.account.token_kinds[1:]:
                account.retry_states[ticket] = retries.after_new_token(account.retry_states[ticket], self._catalogue)
