"""The state of the running app and the only object that windows talk to: commands in, overviews out."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA, CallCount, Entry, HistoryFilter, Result, Trigger
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import account_queries as inquiries
from guarddog_gui.domain.wechat.account_queries import Cleared
from guarddog_gui.domain.wechat.errcodes import Catalogue, ErrKind, beijing_day_start, beijing_month_start
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime.account_state import KnownAccount
from guarddog_gui.runtime.jobs import (
    Answered,
    Ask,
    Check,
    Crash,
    Diagnose,
    Done,
    Draw,
    HandedOn,
    HandOn,
    Job,
    Leaf,
    NoteUrl,
    Question,
    Remove,
    Save,
    Survey,
    Tidy,
)
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import Lanes
from guarddog_gui.services.accounts import Draft, Removed, Saved, Verdict
from guarddog_gui.services.ports import AccountStore, Clock, DogStore, HistoryStore
from guarddog_gui.services.refresh import Eagerness, Order, Outcome

_NEVER = 2**62  # beyond every number in the history
PUBLISH_MS = 30  # changes that come together are shown together
AFTER_WAKE_S = 5.0  # the network needs a moment; a network-up signal ends the wait
RECALLED_AT_ONCE = 10  # accounts whose past is read in one go: some 10 ms

log = logging.getLogger(__name__)


class Controller(QObject):
    """Decides with `domain.policy`, works through the lanes, and tells what is.

    Lives in the main thread. Nothing here waits: files are read (they are small and local), everything
    else goes to a lane.
    """

    changed = Signal(object)  # Overview
    attempted = Signal(object)  # Outcome of every attempt
    copy_ready = Signal(str, object, str)  # appid, TokenKind, value
    copy_failed = Signal(str, object, object)  # appid, TokenKind, Entry
    job_done = Signal(object, object)  # all but Order, HandOn and Tidy; and what came of it
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
        self._known: dict[str, KnownAccount] = {}
        self._list_stamp: object = None
        self._wishes: set[tuple[str, TokenKind]] = set()  # copies that wait for a value
        self._trigger = Trigger.START
        self._awake = False  # standings are read and orders may be given
        self._unread: list[KnownAccount] = []  # whose standings are still to be read at a start
        self._hold_until = 0.0
        self._history_mark = 0  # up to here its lines are known
        self._unheard: set[tuple[str, str]] = set()  # appid and key of lines that came since
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
            accounts=tuple(known.status(now, paused=paused) for known in self._known.values()),
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
                known = before.get(account.appid) or self._new_known(account)
                known.edit(account)
                self._known[account.appid] = known
                if self._awake and known.lacks_standings:
                    known.read_standings()
            self._wishes = {wish for wish in self._wishes if self._has(*wish)}
        for known in self._known.values():
            known.read_files()

    def _new_known(self, account: Account) -> KnownAccount:
        return KnownAccount(account, self._dogs, self._history, self._catalogue)

    def _with_known(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        listed = {account.appid for account in accounts}
        return (*accounts, *(k.account for k in self._known.values() if k.account.appid not in listed))

    def _has(self, appid: str, kind: TokenKind) -> bool:
        known = self._known.get(appid)
        return known is not None and kind in known.account.kinds

    # -- commands ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to refresh: the past attempts are read now, after the tray is up."""
        self.read()
        self._history_mark, _ = self._history.news(_NEVER)
        self._unread = list(reversed(self._known.values()))
        if self._unread:
            self._recall()
        else:
            self._wake()

    @Slot()
    def _recall(self) -> None:
        """Read the past of some accounts, and of the rest when the window has had its turn."""
        if not self._unread:  # stopped meanwhile
            return
        for _ in range(min(RECALLED_AT_ONCE, len(self._unread))):
            self._unread.pop().read_standings()
        if self._unread:
            QTimer.singleShot(0, self, self._recall)
        else:
            self._wake()

    def _wake(self) -> None:
        self._awake = True
        self._look()

    def stop(self) -> None:
        """No more orders."""
        self._unread.clear()
        self._awake = False
        self._scheduler.stop()
        self._publisher.stop()

    def refresh(self, appid: str | None = None, kind: TokenKind | None = None) -> None:
        """Ask WeChat now, because a person wants it: one account or all, one key or all."""
        for known in self._chosen(appid):
            kinds = (kind,) if kind is not None else known.account.kinds
            known.renew(policy.acted, *kinds)  # what was wrong before may be right now
            self._order(known, kinds, Trigger.PERSON, Eagerness.ASK)
        self._changed()

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
        known.read_files()
        record = known.live(kind, self._clock())
        if record is not None:
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

    def save(
        self,
        account: Account,
        secret: Secret | None,
        verdict: Verdict | None = None,
        *,
        draft: Draft = Draft.ANY,
        seen: Account | None = None,
    ) -> Save:
        """Add or change an account, see `AccountBook.save`; the result comes as `job_done`."""
        job = Save(account, secret, verdict, draft, seen)
        self._lanes.submit(job)
        return job

    def survey(self, account: Account) -> Survey:
        """Look into the folder that an account is to get; the FoundFolder comes as `job_done`."""
        job = Survey(account)
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

    def dismiss_second_writer(self, appid: str) -> None:
        """The person knows that another program writes this account's files."""
        known = self._known.get(appid)
        if known is not None:
            known.is_second_writer_known = True
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

    @Slot()
    def on_files_written(self) -> None:
        """Somebody, perhaps we, has written `.dog` files."""
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
            known.renew(renew)

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
        self._hear()
        if not self._is_paused(now) and now >= self._hold_until:
            for known in self._known.values():
                self._order_due(known, now)
            self._trigger = Trigger.TIMER
        for known in self._known.values():
            if known.changed and known.order is None:
                self._order(known, tuple(known.changed), Trigger.TIMER, Eagerness.LOOK)
        self._hand_on()
        self._changed()

    def _hear(self) -> None:
        """Take in what other programs have left in the history; our own lines come with their order."""
        self._history_mark, told = self._history.news(self._history_mark)
        self._unheard |= told
        for appid, key in tuple(self._unheard):
            known = self._known.get(appid)
            if known is not None and known.order is not None:
                continue  # the newest line may be that order's
            self._unheard.discard((appid, key))
            if known is not None and key in known.account.kinds:
                known.hear(TokenKind(key))

    def _order_due(self, known: KnownAccount, now: float) -> None:
        if known.order is not None:
            return
        kinds, eagerness = known.due(now)
        if kinds:
            self._order(known, kinds, self._trigger, eagerness)

    def _order(
        self, known: KnownAccount, kinds: tuple[TokenKind, ...], trigger: Trigger, eagerness: Eagerness
    ) -> None:
        order = known.wish(kinds, trigger, eagerness)
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
            case HandOn():
                self._on_handed_on(job, done)
            case Ask():
                self._on_answered(job, done)
            case Draw() | Leaf() | NoteUrl() | Survey():
                self.job_done.emit(job, done)
            case Tidy() | Diagnose():
                pass
        self._hand_on()

    def _on_order_done(self, order: Order, done: Done) -> None:
        known = self._known.get(order.account.appid)
        if known is not None and known.order is not order:
            known = None  # removed and added again meanwhile: this order is of its former life
        outcomes = done if isinstance(done, tuple) else (self._bug(order, done),)
        if known is not None:
            for outcome in outcomes:
                known.take(outcome, self._clock())
                if outcome.entry.detail == policy.TAKEN:
                    self.taken.emit(known.account.appid, outcome.entry)
            waiting = known.came_back(order)
            if waiting is not None:
                self._order(known, waiting.kinds, waiting.trigger, waiting.eagerness)
        for outcome in outcomes:
            if order.eagerness is Eagerness.LOOK and outcome.entry.result is Result.STILL_FRESH:
                continue  # nothing that anybody wanted to know
            _log_entry(outcome.entry)
            if outcome.skew_s is not None:
                self._skew_min = policy.noteworthy_skew(outcome.skew_s)
            self.attempted.emit(outcome)
        if known is not None:
            self._grant_wishes(known, outcomes)
        self._changed()

    def _hand_on(self) -> None:
        """What is new goes to the outlets as well."""
        if self._awake:
            for known in self._known.values():
                job = known.hand_on()
                if job is not None:
                    self._lanes.submit(job)

    def _on_handed_on(self, job: HandOn, done: Done) -> None:
        known = self._known.get(job.account.appid)
        if known is None or known.handing_on is not job:
            return
        known.handing_on = None
        if isinstance(done, HandedOn):
            known.outlets = done.reports
            for report in done.reports:
                trouble = report.trouble
                if trouble is not None:
                    form = report.outlet.form
                    log.warning("%s %s: %s %s", job.account.appid, form, trouble.fault, trouble.detail)
        elif isinstance(done, Crash):
            self.crashed.emit(done.text)
        self._changed()

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
        known, endpoint = self._known.get(appid), inquiries.ALIVE
        if known is None or self._catalogue.kind(refusal.errcode, endpoint) is not ErrKind.TOKEN:
            return
        entry = self._asked(appid, TokenKind.ACCESS_TOKEN.value, Result.REFUSED, detail=policy.TAKEN)
        entry = _refused(entry, refusal, endpoint)
        self._history.append(entry)
        known.somebody_took(entry)
        self.taken.emit(appid, entry)
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

    def _grant_wishes(self, known: KnownAccount, outcomes: tuple[Outcome, ...]) -> None:
        """Copies that were waiting for this account: with a value that works now, or with the reason."""
        appid = known.account.appid
        for kind in known.account.kinds:
            if (appid, kind) not in self._wishes or known.order is not None:
                continue
            self._wishes.discard((appid, kind))
            record = known.live(kind, self._clock())
            if record is not None:
                self.copy_ready.emit(appid, kind, record.value)
            elif outcomes:
                self.copy_failed.emit(appid, kind, outcomes[-1].entry)

    def _on_job_done(self, job: Check | Save | Remove, done: Done) -> None:
        if isinstance(done, Crash):
            self.crashed.emit(done.text)
        if isinstance(done, Saved | Removed):
            self.read()
        if isinstance(done, Saved) and (known := self._known.get(done.account.appid)) is not None:
            known.renew(policy.acted, *known.account.kinds)
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
        if any(known.changed and known.order is None for known in self._known.values()):
            times.append(overview.at + policy.BUSY_S)  # another program had the lock when we wanted to look
        return max(min(times), self._hold_until) if times else None

    def _is_paused(self, now: float) -> bool:
        return self._paused_until is not None and now < self._paused_until

    def _chosen(self, appid: str | None) -> tuple[KnownAccount, ...]:
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


_EAGER = (Eagerness.LOOK, Eagerness.IF_NEEDED, Eagerness.ASK, Eagerness.FORCE)


def merged(first: Order, second: Order) -> Order:
    """One order that does what both want: all keys, the stronger wish, a person's before a timer's."""
    personal = next((o for o in (second, first) if o.trigger in (Trigger.PERSON, Trigger.COPY)), second)
    return replace(
        second,
        kinds=tuple(kind for kind in second.account.kinds if kind in (*first.kinds, *second.kinds)),
        eagerness=max(first.eagerness, second.eagerness, key=_EAGER.index),
        trigger=personal.trigger,
    )
