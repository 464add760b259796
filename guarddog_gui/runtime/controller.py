"""The state of the running app and the only object that windows talk to: commands in, overviews out."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain import policy
from guarddog_gui.domain.accounts import Account, Secret
from guarddog_gui.domain.errcodes import Catalogue, ErrKind, beijing_day_start, beijing_month_start
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.history import CLEAR_QUOTA, CallCount, Entry, HistoryFilter, Result, Trigger
from guarddog_gui.domain.inquiries import Cleared
from guarddog_gui.domain.policy import Standing
from guarddog_gui.domain.status import Overview, account_status
from guarddog_gui.domain.tokens import Previous, TokenKind, TokenRecord
from guarddog_gui.domain.wechat import Refusal
from guarddog_gui.runtime.jobs import (
    Answered,
    Ask,
    Check,
    Crash,
    Done,
    Draw,
    Job,
    Leaf,
    NoteUrl,
    Question,
    Remove,
    Save,
    Tidy,
)
from guarddog_gui.runtime.lanes import Lanes
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.services.account_book import Removed, Saved, Verdict
from guarddog_gui.services.ports import AccountStore, Clock, DogStore, HistoryStore
from guarddog_gui.services.refresh import Eagerness, Order, Outcome

PUBLISH_MS = 30  # changes that come together are shown together
AFTER_WAKE_S = 5.0  # the network needs a moment; a network-up signal ends the wait
PAST_ENTRIES = 50  # how many past attempts a standing is derived from

log = logging.getLogger(__name__)


class _Known:
    """What the controller holds of one account."""

    __slots__ = (
        "account",
        "order",
        "previous",
        "records",
        "refused",
        "stamps",
        "standings",
        "taken",
        "waiting",
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        self.records: dict[TokenKind, TokenRecord | None] = {}
        self.stamps: dict[TokenKind, object] = {}
        self.standings: dict[TokenKind, Standing] = {}
        self.taken: Entry | None = None  # somebody took the token, and nobody has said "I know"
        self.previous: Previous | None = None
        self.refused = ""  # the access token that WeChat refused although it should have lived
        self.order: Order | None = None  # in flight
        self.waiting: Order | None = None  # to be given once the one in flight is back


class Controller(QObject):
    """Decides with `domain.policy`, works through the lanes, and tells what is.

    Lives in the main thread. Nothing here waits: files are read (they are small and local), everything
    else goes to a lane.
    """

    changed = Signal(object)  # Overview
    attempted = Signal(object)  # Outcome of every attempt
    copy_ready = Signal(str, object, str)  # appid, TokenKind, value
    copy_failed = Signal(str, object, object)  # appid, TokenKind, Entry
    job_done = Signal(object, object)  # all but Order and Tidy; and what came of it
    taken = Signal(str, object)  # appid, Entry: a token was refused that should have lived
    pause_changed = Signal(object)  # Unix seconds, or None
    crashed = Signal(str)
    damaged = Signal()  # the list of accounts is damaged; see AccountStore
    unreadable = Signal(object)  # FileTrouble about the list of accounts

    def __init__(
        self,
        *,
        accounts: AccountStore,
        dogs: DogStore,
        history: HistoryStore,
        catalogue: Catalogue,
        clock: Clock,
        lanes: Lanes,
        scheduler: Scheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._dogs = dogs
        self._history = history
        self._catalogue = catalogue
        self._clock = clock
        self._lanes = lanes
        self._scheduler = scheduler
        self._known: dict[str, _Known] = {}
        self._list_stamp: object = None
        self._wishes: set[tuple[str, TokenKind]] = set()  # copies that wait for a value
        self._trigger = Trigger.START
        self._awake = False  # standings are read and orders may be given
        self._hold_until = 0.0
        self._skew_min = 0
        self._paused_until: float | None = None
        self._publisher = QTimer(self)
        self._publisher.setSingleShot(True)
        self._publisher.setInterval(PUBLISH_MS)
        self._publisher.timeout.connect(self._publish)
        lanes.finished.connect(self._on_finished)
        scheduler.beat.connect(self._on_beat)
        scheduler.gap.connect(self._on_gap)

    # -- what is ----------------------------------------------------------------------------------

    @property
    def catalogue(self) -> Catalogue:
        """What errcodes mean."""
        return self._catalogue

    def overview(self) -> Overview:
        """Everything there is to show, now."""
        now = self._clock()
        paused = self._is_paused(now)
        return Overview(
            at=now,
            accounts=tuple(
                account_status(
                    known.account,
                    known.records,
                    known.standings,
                    now,
                    refreshing=frozenset(known.order.kinds) if known.order else frozenset(),
                    paused=paused,
                    previous=known.previous,
                    taken=known.taken,
                )
                for known in self._known.values()
            ),
            paused_until=self._paused_until if paused else None,
            skew_min=self._skew_min,
        )

    def read(self) -> None:
        """Take accounts and values from the disk; the first thing a start does, no network, no keyring."""
        stamp = self._accounts.stamp()
        if stamp != self._list_stamp or not self._known:
            try:
                accounts = self._accounts.accounts()
            except FileTrouble as trouble:  # those that are known go on; it is tried again at the next look
                log.warning("the list of accounts cannot be read: %s", trouble)
                self.unreadable.emit(trouble)
                accounts = tuple(known.account for known in self._known.values())
            else:
                if self._accounts.is_damaged:  # a slip in an editor: those that are known go on
                    accounts = self._with_known(accounts)
                    self.damaged.emit()
            self._list_stamp = stamp
            before = self._known
            self._known = {}
            for account in accounts:
                known = before.get(account.appid) or _Known(account)
                if known.account != account:
                    known.account = account
                    known.stamps.clear()
                    for kind in known.standings.keys() - set(account.kinds):
                        del known.standings[kind]  # a ticket that is switched on again is tried at once
                self._known[account.appid] = known
                if self._awake and any(kind not in known.standings for kind in account.kinds):
                    self._read_standings(known)
            self._wishes = {wish for wish in self._wishes if self._has(*wish)}
        for known in self._known.values():
            self._read_files(known)

    def _with_known(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        listed = {account.appid for account in accounts}
        return (*accounts, *(k.account for k in self._known.values() if k.account.appid not in listed))

    def _has(self, appid: str, kind: TokenKind) -> bool:
        known = self._known.get(appid)
        return known is not None and kind in known.account.kinds

    def _read_files(self, known: _Known) -> None:
        for kind in known.account.kinds:
            stamp = self._dogs.stamp(known.account, kind)
            if kind not in known.stamps or stamp != known.stamps[kind]:
                known.stamps[kind] = stamp
                known.records[kind] = self._dogs.read(known.account, kind)

    def _read_standings(self, known: _Known) -> None:
        for kind in known.account.kinds:
            past = self._history.latest(known.account.appid, kind.value, PAST_ENTRIES)
            known.standings[kind] = policy.started(policy.standing_of(past, self._catalogue))

    # -- commands ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to refresh: the past attempts are read now, after the tray is up."""
        self._awake = True
        self.read()
        for known in self._known.values():
            self._read_standings(known)
        self._look()

    def stop(self) -> None:
        """No more orders."""
        self._awake = False
        self._scheduler.stop()
        self._publisher.stop()

    def refresh(self, appid: str | None = None, kind: TokenKind | None = None) -> None:
        """Ask WeChat now, because a person wants it: one account or all, one key or all."""
        for known in self._chosen(appid):
            kinds = (kind,) if kind is not None else known.account.kinds
            self._act(known, kinds)
            self._order(known, kinds, Trigger.PERSON, Eagerness.ASK)
        self._changed()

    @staticmethod
    def _act(known: _Known, kinds: tuple[TokenKind, ...]) -> None:
        """A person has done something: what was wrong before may be right now."""
        for kind in kinds:
            known.standings[kind] = policy.acted(known.standings.get(kind, Standing()))

    def force(self, appid: str) -> None:
        """Make a new access token; the one that servers hold dies. Ask `may_force` and the person first."""
        for known in self._chosen(appid):
            self._order(known, (TokenKind.ACCESS_TOKEN,), Trigger.PERSON, Eagerness.FORCE)
        self._changed()

    def may_force(self, appid: str) -> policy.MayForce:
        """Whether WeChat's limits allow a forced token now."""
        return policy.may_force(self.calls_today(appid), self._clock())

    def copy(self, appid: str, kind: TokenKind) -> None:
        """Give the value as `copy_ready`: at once if it works now, else when a refresh has brought one."""
        if not self._has(appid, kind):
            return
        known = self._known[appid]
        self._read_files(known)
        record = known.records.get(kind)
        if record is not None and record.left(self._clock()) > 0:
            self._wishes.discard((appid, kind))
            self.copy_ready.emit(appid, kind, record.value)
            return
        self._wishes.add((appid, kind))
        self.want(appid, kind)

    def want(self, appid: str, kind: TokenKind) -> None:
        """Somebody is about to use this value: have a live one."""
        for known in self._chosen(appid):
            self._order(known, (kind,), Trigger.COPY, Eagerness.IF_NEEDED)
        self._changed()

    def check(self, account: Account, secret: Secret | None) -> Check:
        """Try credentials; the verdict comes as `job_done` with the returned job."""
        job = Check(account, secret)
        self._lanes.submit(job)
        return job

    def save(self, account: Account, secret: Secret | None, verdict: Verdict | None = None) -> Save:
        """Add or change an account; the result comes as `job_done`."""
        job = Save(account, secret, verdict)
        self._lanes.submit(job)
        return job

    def remove(self, account: Account, *, purge: bool) -> Remove:
        """Forget an account; the result comes as `job_done`."""
        job = Remove(account, purge)
        self._lanes.submit(job)
        return job

    def ask(self, account: Account, question: Question, rid: str = "") -> Ask:
        """Ask WeChat about an account; the answer comes as `job_done`."""
        job = Ask(account, question, rid)
        self._lanes.submit(job)
        return job

    def draw(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> Draw:
        """Read a timeline; it comes as `job_done`."""
        job = Draw(appids, since, until, columns)
        self._lanes.submit(job)
        return job

    @Slot(object)
    def read_leaf(self, leaf: Leaf) -> None:
        """Read a page of the history; its Rows come as `job_done`."""
        self._lanes.submit(leaf)

    def calls_today(self, appid: str) -> CallCount:
        """The calls of this account since Beijing's midnight."""
        return self._history.count_calls(appid, beijing_day_start(self._clock()))

    def clears_this_month(self, appid: str) -> int:
        """How often Guard Dog had this account's counters set to zero since Beijing's month began."""
        tries = HistoryFilter(appid=appid, key=CLEAR_QUOTA, since=beijing_month_start(self._clock()))
        return self._history.count(tries) - self._history.count(replace(tries, only_failures=True))

    def dismiss_taken(self, appid: str) -> None:
        """The person knows that somebody took the token."""
        known = self._known.get(appid)
        if known is not None:
            known.taken = None
            self._changed()

    def pause(self, until: float | None) -> None:
        """No automatic refresh until then (Unix seconds); None ends it. A person's clicks still work."""
        if until != self._paused_until:
            self._paused_until = until
            self.pause_changed.emit(until)
        self._look()

    # -- signals from outside ---------------------------------------------------------------------

    @Slot()
    def on_woke(self) -> None:
        """The machine woke up: the keyring may be open again, and the network needs a moment."""
        self._resume(policy.resumed)
        self._hold_until = self._clock() + AFTER_WAKE_S
        self._look()

    @Slot()
    def on_network_up(self) -> None:
        """The network is back: failures to reach WeChat hold nothing back any more."""
        self._hold_until = 0.0
        self._resume(policy.reconnected)
        self._look()

    @Slot(str)
    def on_list_changed(self, _folder: str) -> None:
        """Another program has written in the configuration folder, perhaps the list of accounts."""
        if self._accounts.stamp() != self._list_stamp:
            self._look()

    @Slot(float)
    def _on_gap(self, moved: float) -> None:
        self._resume(policy.resumed)
        if moved < 0:  # what was timed by the clock as it was would last that much longer
            self._resume(policy.set_back)
            self._hold_until = 0.0
            if self._paused_until is not None:
                self._paused_until += moved

    def _resume(self, renew: Callable[[Standing], Standing]) -> None:
        self._trigger = Trigger.RESUME
        for known in self._known.values():
            known.standings = {kind: renew(standing) for kind, standing in known.standings.items()}

    @Slot()
    def _on_beat(self) -> None:
        self._look()

    # -- deciding ---------------------------------------------------------------------------------

    def _look(self) -> None:
        """Order what is due and arm the timer for what comes next."""
        if not self._awake:
            return
        now = self._clock()
        self.read()
        if not self._is_paused(now) and now >= self._hold_until:
            for known in self._known.values():
                self._order_due(known, now)
            self._trigger = Trigger.TIMER
        self._changed()

    def _order_due(self, known: _Known, now: float) -> None:
        if known.order is not None:
            return
        due = [kind for kind, at in self._dues(known, now).items() if at is not None and at <= now]
        if not due:
            return
        # a ticket whose age is not known is looked at although its file says that it is fresh
        fresh = any(self._is_fresh(known, kind, now) for kind in due)
        self._order(known, tuple(due), self._trigger, Eagerness.ASK if fresh else Eagerness.IF_NEEDED)

    def _is_fresh(self, known: _Known, kind: TokenKind, now: float) -> bool:
        record = known.records.get(kind)
        return record is not None and record.left(now) > 0 and now < record.refresh_at

    def _dues(self, known: _Known, now: float) -> dict[TokenKind, float | None]:
        """When each key wants its next attempt.

        A ticket cannot be had without a live access token: it comes along with one that is due, or waits.
        """
        token = known.records.get(TokenKind.ACCESS_TOKEN)
        dues = {kind: self._due_at(known, kind, now) for kind in known.account.kinds}
        token_at = dues[TokenKind.ACCESS_TOKEN]
        token_standing = known.standings.get(TokenKind.ACCESS_TOKEN, Standing())
        if policy.ticket_waits(token, token_standing, now) and (token_at is None or token_at > now):
            return {TokenKind.ACCESS_TOKEN: token_at}
        return dues

    def _due_at(self, known: _Known, kind: TokenKind, now: float) -> float | None:
        return policy.due_at(kind, known.records.get(kind), known.standings.get(kind, Standing()), now)

    def _order(
        self, known: _Known, kinds: tuple[TokenKind, ...], trigger: Trigger, eagerness: Eagerness
    ) -> None:
        seen = tuple(
            (kind, record.generated_ms) for kind, record in known.records.items() if record is not None
        )
        order = Order(known.account, kinds, trigger, eagerness, seen=seen)
        if known.order is not None:
            known.waiting = order if known.waiting is None else merged(known.waiting, order)
            return
        known.order = order
        self._lanes.submit(order)

    @Slot(object, object)
    def _on_finished(self, job: Job, done: Done) -> None:
        match job:
            case Order():
                self._on_order_done(job, done)
            case Check() | Save() | Remove():
                self._on_job_done(job, done)
            case Ask():
                self._on_answered(job, done)
            case Draw() | Leaf() | NoteUrl():
                self.job_done.emit(job, done)
            case Tidy():
                pass

    def _on_order_done(self, order: Order, done: Done) -> None:
        known = self._known.get(order.account.appid)
        if known is not None and known.order is not order:
            known = None  # removed and added again meanwhile: this order is of its former life
        outcomes = done if isinstance(done, tuple) else (self._bug(order, done),)
        if known is not None:
            known.order = None
            for outcome in outcomes:
                self._take(known, outcome)
            if order.account != known.account:  # edited meanwhile: what came may lie in another folder
                known.stamps.clear()
            self._read_files(known)
            waiting, known.waiting = known.waiting, None
            if waiting is not None:
                self._order(known, waiting.kinds, waiting.trigger, waiting.eagerness)
        for outcome in outcomes:
            _log_entry(outcome.entry)
            if outcome.skew_s is not None:
                self._skew_min = policy.noteworthy_skew(outcome.skew_s)
            self.attempted.emit(outcome)
        if known is not None:
            self._grant_wishes(known, outcomes)
        self._changed()

    def _take(self, known: _Known, outcome: Outcome) -> None:
        kind, entry = outcome.kind, outcome.entry
        if kind is TokenKind.ACCESS_TOKEN:
            self._remember_previous(known, entry)
        if entry.fingerprint:  # a failure brings no value, and must not hide one that the disk did not take
            known.records[kind] = outcome.record
            if entry.result is not Result.NOT_WRITTEN:
                known.stamps[kind] = self._dogs.stamp(known.account, kind)
        if entry.result is Result.ADOPTED:
            # another Guard Dog may have fetched it: the history knows more than this process has seen
            self._read_standings(known)
            return
        before = known.standings.get(kind, Standing())
        known.standings[kind] = policy.standing_after(before, entry, self._catalogue, policy.jitter_of(entry))
        if kind is TokenKind.ACCESS_TOKEN and entry.result is Result.NEW:
            self._let_tickets_try(known)

    def _let_tickets_try(self, known: _Known) -> None:
        for kind in known.account.kinds[1:]:
            standing = known.standings.get(kind, Standing())
            known.standings[kind] = policy.with_new_token(standing, self._catalogue)

    def _remember_previous(self, known: _Known, entry: Entry) -> None:
        """The token that this one replaced, and whether it was taken from us."""
        old, now = known.records.get(TokenKind.ACCESS_TOKEN), self._clock()
        if entry.result is Result.NEW:
            refused = old is not None and old.value == known.refused
            until = policy.accepted_until(old, entry, now) if old is not None and not refused else None
            known.previous = Previous(old.value, until) if old is not None and until is not None else None
        if entry.detail == policy.TAKEN:
            self._somebody_took(known, entry)

    def _somebody_took(self, known: _Known, entry: Entry) -> None:
        record = known.records.get(TokenKind.ACCESS_TOKEN)
        known.refused = record.value if record is not None else ""
        known.taken = entry
        known.previous = None
        self.taken.emit(known.account.appid, entry)

    def _on_answered(self, job: Ask, done: Done) -> None:
        heard = done.heard if isinstance(done, Answered) else None
        match job.question, heard:
            case Question.ALIVE, Refusal():
                self._on_not_alive(job.account.appid, heard)
            case Question.CLEAR_QUOTA, Cleared():
                self._history.append(self._asked(job.account.appid, CLEAR_QUOTA, Result.CLEARED, calls=1))
            case Question.CLEAR_QUOTA, Refusal():
                entry = self._asked(job.account.appid, CLEAR_QUOTA, Result.REFUSED, calls=1)
                self._history.append(_refused(entry, heard, "clear_quota"))
        self.job_done.emit(job, done)
        self._changed()

    def _on_not_alive(self, appid: str, refusal: Refusal) -> None:
        """A token that should live and that WeChat refuses was taken by somebody."""
        known, endpoint = self._known.get(appid), "get_api_domain_ip"
        if known is None or self._catalogue.kind(refusal.errcode, endpoint) is not ErrKind.TOKEN:
            return
        entry = self._asked(appid, TokenKind.ACCESS_TOKEN.value, Result.REFUSED, detail=policy.TAKEN)
        entry = _refused(entry, refusal, endpoint)
        self._history.append(entry)
        self._somebody_took(known, entry)
        self._order(known, (TokenKind.ACCESS_TOKEN,), Trigger.TIMER, Eagerness.ASK)

    def _asked(self, appid: str, key: str, result: Result, *, calls: int = 0, detail: str = "") -> Entry:
        """The line of the history about a question that a person asked WeChat."""
        return Entry(self._clock(), appid, key, Trigger.PERSON, result, calls=calls, detail=detail)

    def _bug(self, order: Order, done: Done) -> Outcome:
        text = done.text if isinstance(done, Crash) else type(done).__name__
        self.crashed.emit(text)
        entry = Entry(
            self._clock(),
            order.account.appid,
            order.kinds[0].value,
            order.trigger,
            Result.BUG,
            detail=text,
        )
        known = self._known.get(order.account.appid)
        return Outcome(
            order.account.appid, order.kinds[0], entry, known.records.get(order.kinds[0]) if known else None
        )

    def _grant_wishes(self, known: _Known, outcomes: tuple[Outcome, ...]) -> None:
        """Copies that were waiting for this account: with a value that works now, or with the reason."""
        appid = known.account.appid
        for kind in known.account.kinds:
            if (appid, kind) not in self._wishes or known.order is not None:
                continue
            self._wishes.discard((appid, kind))
            record = known.records.get(kind)
            if record is not None and record.left(self._clock()) > 0:
                self.copy_ready.emit(appid, kind, record.value)
            else:
                self.copy_failed.emit(appid, kind, outcomes[-1].entry)

    def _on_job_done(self, job: Check | Save | Remove, done: Done) -> None:
        if isinstance(done, Crash):
            self.crashed.emit(done.text)
        if isinstance(done, Saved | Removed):
            self.read()
        if isinstance(done, Saved) and (known := self._known.get(done.account.appid)) is not None:
            self._act(known, known.account.kinds)
            self._order(known, known.account.kinds, Trigger.PERSON, Eagerness.IF_NEEDED)
        self.job_done.emit(job, done)
        self._changed()

    # -- telling ----------------------------------------------------------------------------------

    def _changed(self) -> None:
        if not self._publisher.isActive():
            self._publisher.start()

    @Slot()
    def _publish(self) -> None:
        overview = self.overview()
        if self._awake:
            self._scheduler.arm(self._next_look(overview))
        self.changed.emit(overview)

    def _next_look(self, overview: Overview) -> float | None:
        """When something is due: never earlier than the moment after a wake-up, not while paused."""
        if overview.paused_until is not None:
            return overview.paused_until
        idle = {known.account.appid for known in self._known.values() if known.order is None}
        times = [
            key.next_at
            for status in overview.accounts
            if status.account.appid in idle
            for key in status.keys
            if key.next_at is not None
        ]
        return max(min(times), self._hold_until) if times else None

    def _is_paused(self, now: float) -> bool:
        return self._paused_until is not None and now < self._paused_until

    def _chosen(self, appid: str | None) -> tuple[_Known, ...]:
        if appid is None:
            return tuple(self._known.values())
        known = self._known.get(appid)
        return (known,) if known is not None else ()


def _refused(entry: Entry, refusal: Refusal, endpoint: str) -> Entry:
    return replace(
        entry,
        errcode=refusal.errcode,
        errmsg=refusal.errmsg,
        rid=refusal.rid,
        ip=refusal.ip,
        endpoint=endpoint,
    )


def _log_entry(entry: Entry) -> None:
    """A line that can be matched with a server's: no value, only its fingerprint."""
    log.info(
        "%s %s %s: %s errcode=%s rid=%s %s %s (%d ms)",
        entry.appid,
        entry.key,
        entry.trigger,
        entry.result,
        entry.errcode,
        entry.rid,
        entry.detail,
        entry.fingerprint,
        entry.took_ms,
    )


_EAGER = (Eagerness.IF_NEEDED, Eagerness.ASK, Eagerness.FORCE)


def merged(first: Order, second: Order) -> Order:
    """One order that does what both want: all keys, the stronger wish, a person's before a timer's."""
    personal = next((o for o in (second, first) if o.trigger in (Trigger.PERSON, Trigger.COPY)), second)
    return replace(
        second,
        kinds=tuple(kind for kind in second.account.kinds if kind in (*first.kinds, *second.kinds)),
        eagerness=max(first.eagerness, second.eagerness, key=_EAGER.index),
        trigger=personal.trigger,
    )
