"""The main loop without Qt: what `runtime.controller` decides, step by step, on a clock of the test's."""

from collections.abc import Callable
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import foreign_writes as second_writer
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Result, Trigger
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import Catalogue
from guarddog_gui.services.ports import Clock, DogStore, HistoryStore
from guarddog_gui.services.refresh import Eagerness, Order, Outcome, Refresher

PAST_ENTRIES = 50
AFTER_WAKE_S = 5.0


@dataclass(slots=True)
class Known:
    """What the program holds of one account."""

    account: Account
    records: dict[TokenKind, TokenRecord | None] = field(default_factory=dict)
    stamps: dict[TokenKind, object] = field(default_factory=dict)
    standings: dict[TokenKind, Standing] = field(default_factory=dict)
    changed: set[TokenKind] = field(default_factory=set)


class Guard:
    """One run of the program. A restart is a new Guard on the same stores."""

    def __init__(
        self,
        accounts: tuple[Account, ...],
        refresher: Refresher,
        dogs: DogStore,
        history: HistoryStore,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._refresher = refresher
        self._dogs = dogs
        self._history = history
        self._catalogue = catalogue
        self._clock = clock
        self._hold_until = 0.0
        self._trigger = Trigger.START
        self.known = {account.appid: Known(account) for account in accounts}
        for known in self.known.values():
            self._read_standings(known)

    def look(self) -> None:
        """What a beat of the scheduler does: read the files, order what is due."""
        self.read()
        if self._clock() < self._hold_until:
            return
        for known in self.known.values():
            now = self._clock()
            due = tuple(kind for kind, at in self._dues(known, now).items() if at is not None and at <= now)
            if due:
                fresh = any(self._is_fresh(known, kind, now) for kind in due)
                self._order(known, due, self._trigger, Eagerness.ASK if fresh else Eagerness.IF_NEEDED)
            if known.changed:
                self._order(known, tuple(known.changed), self._trigger, Eagerness.LOOK)
        self._trigger = Trigger.TIMER

    def next_look(self) -> float | None:
        """Unix seconds at which something is due."""
        now = self._clock()
        times = [at for known in self.known.values() for at in self._dues(known, now).values()]
        awaited = [at for at in times if at is not None]
        return max(min(awaited), self._hold_until) if awaited else None

    def read(self) -> None:
        for known in self.known.values():
            for kind in known.account.kinds:
                stamp = self._dogs.stamp(known.account, kind)
                if kind in known.stamps and stamp == known.stamps[kind]:
                    continue
                if kind in known.stamps:
                    known.changed.add(kind)
                known.stamps[kind] = stamp
                before, record = known.records.get(kind), self._dogs.read(known.account, kind)
                if not second_writer.is_copy(record, before):
                    known.records[kind] = record

    def click(self, appid: str, eagerness: Eagerness = Eagerness.ASK) -> tuple[Outcome, ...]:
        """A person's `Refresh now`, or `Force a new token…`."""
        known = self.known[appid]
        self.read()
        kinds = (TokenKind.ACCESS_TOKEN,) if eagerness is Eagerness.FORCE else known.account.kinds
        for kind in kinds:
            known.standings[kind] = policy.acted(known.standings[kind])
        return self._order(known, kinds, Trigger.PERSON, eagerness)

    def saved(self, appid: str) -> None:
        """The account was saved in the dialog: what was wrong before may be right now."""
        known = self.known[appid]
        known.standings = {kind: policy.acted(standing) for kind, standing in known.standings.items()}
        self._order(known, known.account.kinds, Trigger.PERSON, Eagerness.IF_NEEDED)

    def woke(self) -> None:
        self._resume(policy.resumed)
        self._hold_until = self._clock() + AFTER_WAKE_S

    def network_up(self) -> None:
        self._hold_until = 0.0
        self._resume(policy.reconnected)

    def gap(self, moved: float) -> None:
        """The wall clock moved this many seconds more than time passed."""
        self._resume(policy.resumed)
        if moved < 0:
            self._resume(policy.set_back)
            self._hold_until = 0.0

    def _resume(self, renew: Callable[[Standing], Standing]) -> None:
        self._trigger = Trigger.RESUME
        for known in self.known.values():
            known.standings = {kind: renew(standing) for kind, standing in known.standings.items()}

    def _read_standings(self, known: Known) -> None:
        for kind in known.account.kinds:
            past = self._history.latest(known.account.appid, kind.value, PAST_ENTRIES)
            known.standings[kind] = policy.started(policy.standing_of(past, self._catalogue))

    def _is_fresh(self, known: Known, kind: TokenKind, now: float) -> bool:
        record = known.records.get(kind)
        return record is not None and record.left(now) > 0 and now < record.refresh_at

    def _dues(self, known: Known, now: float) -> dict[TokenKind, float | None]:
        dues = {
            kind: policy.due_at(kind, known.records.get(kind), known.standings[kind], now)
            for kind in known.account.kinds
        }
        token, token_at = known.records.get(TokenKind.ACCESS_TOKEN), dues[TokenKind.ACCESS_TOKEN]
        waits = policy.ticket_waits(token, known.standings[TokenKind.ACCESS_TOKEN], now)
        if waits and (token_at is None or token_at > now):
            return {TokenKind.ACCESS_TOKEN: token_at}
        return dues

    def _order(
        self, known: Known, kinds: tuple[TokenKind, ...], trigger: Trigger, eagerness: Eagerness
    ) -> tuple[Outcome, ...]:
        seen = tuple(
            (kind, record.generated_ms) for kind, record in known.records.items() if record is not None
        )
        outcomes = self._refresher.refresh(Order(known.account, kinds, trigger, eagerness, seen=seen))
        for outcome in outcomes:
            self._take(known, outcome)
        return outcomes

    def _take(self, known: Known, outcome: Outcome) -> None:
        kind, entry = outcome.kind, outcome.entry
        if entry.result is not Result.BUSY:
            known.changed.discard(kind)
        if entry.fingerprint:
            known.records[kind] = outcome.record
            if entry.result is not Result.NOT_WRITTEN:
                known.stamps[kind] = self._dogs.stamp(known.account, kind)
        if entry.result is Result.ADOPTED and entry.detail != second_writer.FOREIGN:
            self._read_standings(known)
            return
        known.standings[kind] = policy.standing_after(
            known.standings[kind], entry, self._catalogue, policy.jitter_of(entry)
        )
        if kind is TokenKind.ACCESS_TOKEN and entry.result is Result.NEW:
            for ticket in known.account.kinds[1:]:
                known.standings[ticket] = policy.with_new_token(known.standings[ticket], self._catalogue)
