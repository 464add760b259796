"""What is known of one account while the program runs: values, past attempts, and what is under way."""

from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import OutletReport, standing
from guarddog_gui.domain.refresh import foreign_writes as second_writer
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.refresh.status import AccountStatus, account_status
from guarddog_gui.domain.tokens.record import Previous, TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import Catalogue
from guarddog_gui.runtime.jobs import HandOn
from guarddog_gui.services.ports import DogStore, HistoryStore
from guarddog_gui.services.refresh import Eagerness, Order, Outcome
from guarddog_gui.services.retry_cooldown import is_of_one_process

PAST_ENTRIES = 50  # how many past attempts a standing is derived from
TOKEN = TokenKind.ACCESS_TOKEN
_UNSEEN = object()  # the stamp of a file that has to be looked at


class KnownAccount:
    """Belongs to the controller. `order` is in flight; `waiting` is to be given once it is back."""

    __slots__ = (
        "_catalogue",
        "_dogs",
        "_history",
        "_refused",
        "_stamps",
        "account",
        "changed",
        "foreign",
        "handing_on",
        "is_second_writer_known",
        "order",
        "outlets",
        "previous",
        "records",
        "standings",
        "taken",
        "to_hand_on",
        "waiting",
    )

    def __init__(self, account: Account, dogs: DogStore, history: HistoryStore, catalogue: Catalogue) -> None:
        self.account = account
        self._dogs = dogs
        self._history = history
        self._catalogue = catalogue
        self._stamps: dict[TokenKind, object] = {}
        self._refused = ""  # the access token that WeChat refused although it should have lived
        self.records: dict[TokenKind, TokenRecord | None] = {}
        self.standings: dict[TokenKind, Standing] = {}
        self.changed: set[TokenKind] = set()  # whose file others have written, and nobody has looked into it
        self.foreign: dict[TokenKind, tuple[float, ...]] = {}  # when another program refreshed (Unix seconds)
        self.is_second_writer_known = False  # the person has said "I know"
        self.taken: Entry | None = None  # somebody took the token, and nobody has said "I know"
        self.previous: Previous | None = None
        self.order: Order | None = None
        self.waiting: Order | None = None
        self.to_hand_on = False  # the disk or the account has changed since the outlets were looked at
        self.handing_on: HandOn | None = None  # in flight
        self.outlets: tuple[OutletReport, ...] = ()

    # -- what is ----------------------------------------------------------------------------------

    def status(self, now: float, *, paused: bool) -> AccountStatus:
        """What there is to show of it."""
        return account_status(
            self.account,
            self.records,
            self.standings,
            now,
            refreshing=self._refreshing,
            paused=paused,
            previous=self.previous,
            taken=self.taken,
            foreign={} if self.is_second_writer_known else self.foreign,
            outlets=standing(self.account.outlets, self.outlets),
        )

    @property
    def _refreshing(self) -> frozenset[TokenKind]:
        order = self.order
        return frozenset(order.kinds) if order and order.eagerness is not Eagerness.LOOK else frozenset()

    def edit(self, account: Account) -> None:
        """The person has changed the account."""
        if account == self.account:
            return
        self.account = account
        self.to_hand_on = True
        self._stamps.clear()
        for kind in self.standings.keys() - set(account.kinds):
            del self.standings[kind]  # a ticket that is switched on again is tried at once

    def read_files(self) -> None:
        """Take the values from the disk, those that were written since the last look."""
        for kind in self.account.kinds:
            stamp = self._dogs.stamp(self.account, kind)
            if kind not in self._stamps or stamp != self._stamps[kind]:
                is_first = kind not in self._stamps
                self._stamps[kind] = stamp
                self.to_hand_on = True
                self._read(kind, is_first=is_first)

    def _stamp_of(self, kind: TokenKind, record: TokenRecord | None) -> object:
        """The stamp of the file with this record; of one that is another by now, a stamp that no file has."""
        stamp = self._dogs.stamp(self.account, kind)
        return stamp if self._dogs.read(self.account, kind) == record else _UNSEEN

    def _read(self, kind: TokenKind, *, is_first: bool) -> None:
        record, before = self._dogs.read(self.account, kind), self.records.get(kind)
        if record is not None and before is not None and second_writer.is_copy(record, before):
            if second_writer.is_cut_short(record, before):
                self.changed.add(kind)  # what the history knows of its life decides
            return
        if record is None and before is not None and not is_first:
            self.changed.add(kind)  # removed or damaged: the look puts back what we hold
            return
        self.records[kind] = record
        if record is not None and not is_first:
            self.changed.add(kind)

    @property
    def lacks_standings(self) -> bool:
        """Whether the past of a key has not been read."""
        return any(kind not in self.standings for kind in self.account.kinds)

    def read_standings(self, *kinds: TokenKind) -> None:
        """Derive from the history how the attempts went (without any: for all keys)."""
        for kind in kinds or self.account.kinds:
            past = self._history.latest(self.account.appid, kind.value, PAST_ENTRIES)
            self.standings[kind] = policy.started(policy.standing_of(past, self._catalogue))
            self.foreign[kind] = second_writer.foreign_times(past)
            self._explain(kind, past)

    def hear(self, kind: TokenKind) -> None:
        """Lines have been added to the history: another program's say how the key stands now.

        What one process met, such as a keyring that is not there, says nothing about this one.
        """
        past = self._history.latest(self.account.appid, kind.value, PAST_ENTRIES)
        told = policy.standing_of(past, self._catalogue)
        if told.last is None or told.last == self._standing(kind).last or is_of_one_process(told.last):
            return
        self.standings[kind] = told

    def _explain(self, kind: TokenKind, past: tuple[Entry, ...]) -> None:
        """Another program may have written before we came. Where nothing is known, nothing is strange."""
        record = self.records.get(kind)
        if record is None or not any(entry.fingerprint for entry in past):
            return
        line = second_writer.explanation(record, past)
        if line is None:
            self.changed.add(kind)
        else:
            self.records[kind] = second_writer.as_told(record, line)

    def live(self, kind: TokenKind, now: float) -> TokenRecord | None:
        """The value that works now."""
        record = self.records.get(kind)
        return record if record is not None and record.left(now) > 0 else None

    # -- what is due ------------------------------------------------------------------------------

    def due(self, now: float) -> tuple[tuple[TokenKind, ...], Eagerness]:
        """The keys that want an attempt now, and how eagerly.

        A ticket whose age is not known is looked at although its file says that it is fresh.
        """
        kinds = tuple(kind for kind, at in self._dues(now).items() if at is not None and at <= now)
        fresh = any(self._is_fresh(kind, now) for kind in kinds)
        return kinds, Eagerness.ASK if fresh else Eagerness.IF_NEEDED

    def _dues(self, now: float) -> dict[TokenKind, float | None]:
        """When each key wants its next attempt.

        A ticket cannot be had without a live access token: it comes along with one that is due, or waits.
        """
        dues = {
            kind: policy.due_at(kind, self.records.get(kind), self._standing(kind), now)
            for kind in self.account.kinds
        }
        token_at = dues[TOKEN]
        waits = policy.ticket_waits(self.records.get(TOKEN), self._standing(TOKEN), now)
        if waits and (token_at is None or token_at > now):
            return {TOKEN: token_at}
        return dues

    def _standing(self, kind: TokenKind) -> Standing:
        return self.standings.get(kind, Standing())

    def _is_fresh(self, kind: TokenKind, now: float) -> bool:
        record = self.live(kind, now)
        return record is not None and now < record.refresh_at

    def wish(self, kinds: tuple[TokenKind, ...], trigger: Trigger, eagerness: Eagerness) -> Order:
        """An order for these keys, with what is known of their files."""
        seen = tuple(
            (kind, record.generated_ms) for kind, record in self.records.items() if record is not None
        )
        held = tuple((kind, record) for kind, record in self.records.items() if record is not None)
        return Order(self.account, kinds, trigger, eagerness, seen=seen, held=held)

    # -- what happens -----------------------------------------------------------------------------

    def renew(self, renewed: Callable[[Standing], Standing], *kinds: TokenKind) -> None:
        """Something has happened that changes how these keys stand (without any: all of them)."""
        for kind in kinds or tuple(self.standings):
            self.standings[kind] = renewed(self._standing(kind))

    def take(self, outcome: Outcome, now: float) -> None:
        """What came of an attempt for one key."""
        kind, entry = outcome.kind, outcome.entry
        self.to_hand_on |= entry.is_good
        if kind is TOKEN and entry.result is Result.NEW:
            self._remember_previous(entry, now)
        if kind is TOKEN and entry.detail == policy.TAKEN:
            self.somebody_took(entry)
        if entry.fingerprint:  # a failure brings no value, and must not hide one that the disk did not take
            self.records[kind] = outcome.record
            if entry.result is not Result.NOT_WRITTEN:
                self._stamps[kind] = self._stamp_of(kind, outcome.record)
        if entry.result is not Result.BUSY:
            self.changed.discard(kind)
        self._take_line(kind, entry, now)

    def _take_line(self, kind: TokenKind, entry: Entry, now: float) -> None:
        if entry.detail == second_writer.FOREIGN:
            recent = (at for at in self.foreign.get(kind, ()) if at > now - second_writer.HOUR_S)
            self.foreign[kind] = (*recent, entry.at)
        elif entry.result is Result.ADOPTED:
            # another Guard Dog may have fetched it: the history knows more than this process has seen
            self.read_standings()
            return
        elif entry.result is Result.STILL_FRESH:
            self._catch_up(kind)
        jitter = policy.jitter_of(entry)
        self.standings[kind] = policy.standing_after(self._standing(kind), entry, self._catalogue, jitter)
        if kind is TOKEN and entry.result is Result.NEW:
            for ticket in self.account.kinds[1:]:
                self.standings[ticket] = policy.with_new_token(self._standing(ticket), self._catalogue)

    def _catch_up(self, kind: TokenKind) -> None:
        """The file was good: another Guard Dog may have written it and left a line since."""
        if self._history.latest(self.account.appid, kind.value, 1) != (self._standing(kind).last,):
            self.read_standings(kind)

    def hand_on(self) -> HandOn | None:
        """The job for its outlets, if there is something for them and none is in flight."""
        if not self.to_hand_on or self.handing_on is not None or not (self.account.outlets or self.outlets):
            return None
        self.to_hand_on = False
        self.handing_on = HandOn(self.account)
        return self.handing_on

    def came_back(self, order: Order) -> Order | None:
        """The order in flight is back; the one that has waited for it."""
        self.order = None
        if order.account != self.account:  # edited meanwhile: what came may lie in another folder
            self._stamps.clear()
        self.read_files()
        waiting, self.waiting = self.waiting, None
        return waiting

    def _remember_previous(self, entry: Entry, now: float) -> None:
        """The token that this one replaced works on for a while, unless it was taken from us."""
        old = self.records.get(TOKEN)
        refused = old is not None and old.value == self._refused
        until = policy.accepted_until(old, entry, now) if old is not None and not refused else None
        self.previous = Previous(old.value, until) if old is not None and until is not None else None

    def somebody_took(self, entry: Entry) -> None:
        """The token that we hold was refused while it should have lived."""
        record = self.records.get(TOKEN)
        self._refused = record.value if record is not None else ""
        self.taken = entry
        self.previous = None
