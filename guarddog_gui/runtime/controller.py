"""The state of the running app and the only object that windows talk to: commands in, overviews out."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.backoff import LOCK_RETRY_S
from guarddog_gui.domain.refresh.history import (
    CLEAR_QUOTA_KEY,
    AttemptResult,
    CallCount,
    HistoryEntry,
    HistoryFilter,
    Trigger,
)
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import account_queries
from guarddog_gui.domain.wechat.account_queries import QuotaCleared
from guarddog_gui.domain.wechat.errcodes import (
    ErrcodeCatalog,
    ErrcodeKind,
    beijing_day_start,
    beijing_month_start,
)
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime.account_state import AccountState
from guarddog_gui.runtime.jobs import (
    Diagnose,
    ExportsWritten,
    HistoryPageQuery,
    InspectFolder,
    Job,
    JobCrashed,
    JobResult,
    Maintenance,
    QueryKind,
    QueryResult,
    QueryWeChat,
    RememberUrl,
    RemoveAccount,
    SaveAccount,
    TimelineQuery,
    VerifyCredentials,
    WriteExports,
)
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.accounts import AccountRemoved, AccountSaved, SaveMode, VerificationResult
from guarddog_gui.services.ports import AccountStore, Clock, DogFileStore, HistoryStore
from guarddog_gui.services.refresh import RefreshMode, RefreshRequest, RefreshResult

_HISTORY_ID_MAX = 2**62  # beyond every number in the history
PUBLISH_DELAY_MS = 30  # changes that come together are shown together
NETWORK_GRACE_S = 5.0  # the network needs a moment; a network-up signal ends the wait
HISTORY_LOAD_BATCH = 10  # accounts whose past is read in one go: some 10 ms

log = logging.getLogger(__name__)


class Controller(QObject):
    """Decides with `domain.policy`, works through the lanes, and tells what is.

    Lives in the main thread. Nothing here waits: files are read (they are small and local), everything
    else goes to a lane.
    """

    overview_changed = Signal(object)  # Overview
    refresh_attempted = Signal(object)  # Outcome of every attempt
    copy_ready = Signal(str, object, str)  # appid, TokenKind, value
    copy_failed = Signal(str, object, object)  # appid, TokenKind, Entry
    job_done = Signal(object, object)  # all but Order, HandOn and Tidy; and what came of it
    token_superseded = Signal(str, object)  # appid, Entry: a token was refused that should have lived
    pause_changed = Signal(object)  # Unix seconds, or None
    job_crashed = Signal(str)
    account_list_damaged = Signal()  # the list of accounts is damaged; see AccountStore
    account_list_unreadable = Signal(object)  # FileTrouble about the list of accounts

    def __init__(
        self,
        *,
        accounts: AccountStore,
        dog_files: DogFileStore,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        clock: Clock,
        worker_pool: WorkerPool,
        scheduler: Scheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._dog_files = dog_files
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._clock = clock
        self._worker_pool = worker_pool
        self._scheduler = scheduler
        self._states: dict[str, AccountState] = {}
        self._account_list_stamp: object = None
        self._pending_copies: set[tuple[str, TokenKind]] = set()  # copies that wait for a value
        self._next_trigger = Trigger.START
        self._is_running = False  # standings are read and orders may be given
        self._history_load_queue: list[AccountState] = []  # whose standings are still to be read at a start
        self._network_grace_until = 0.0
        self._last_history_id = 0  # up to here its lines are known
        self._changed_history_keys: set[tuple[str, str]] = set()  # appid and key of lines that came since
        self._clock_skew_minutes = 0
        self._paused_until: float | None = None
        self._publish_timer = QTimer(self)
        self._publish_timer.setSingleShot(True)
        self._publish_timer.setInterval(PUBLISH_DELAY_MS)
        self._publish_timer.timeout.connect(self._publish)
        worker_pool.job_done.connect(self._on_job_done)
        scheduler.ticked.connect(self._on_ticked)
        scheduler.clock_jumped.connect(self._on_clock_jumped)

    # -- what is ----------------------------------------------------------------------------------

    @property
    def catalogue(self) -> ErrcodeCatalog:
        """What errcodes mean."""
        return self._errcode_catalog

    def overview(self) -> Overview:
        """Everything there is to show, now."""
        now = self._clock()
        paused = self._is_paused(now)
        return Overview(
            at=now,
            accounts=tuple(known.status(now, paused=paused) for known in self._states.values()),
            paused_until=self._paused_until if paused else None,
            clock_skew_minutes=self._clock_skew_minutes,
        )

    def reload_from_disk(self) -> None:
        """Take accounts and values from the disk; the first thing a start does, no network, no keyring."""
        stamp = self._accounts.stamp()
        if stamp != self._account_list_stamp or not self._states:
            try:
                accounts = self._accounts.load()
            except FileError as trouble:  # those that are known go on; it is tried again at the next look
                log.warning("the list of accounts cannot be read: %s", trouble)
                self.account_list_unreadable.emit(trouble)
                accounts = tuple(known.account for known in self._states.values())
            else:
                if self._accounts.is_damaged:  # a slip in an editor: those that are known go on
                    accounts = self._with_unlisted_accounts(accounts)
                    self.account_list_damaged.emit()
            self._account_list_stamp = stamp
            before = self._states
            self._states = {}
            for account in accounts:
                known = before.get(account.appid) or self._make_state(account)
                known.update_account(account)
                self._states[account.appid] = known
                if self._is_running and known.needs_history:
                    known.load_retry_states()
            self._pending_copies = {wish for wish in self._pending_copies if self._has_key(*wish)}
        for known in self._states.values():
            known.read_files()

    def _make_state(self, account: Account) -> AccountState:
        return AccountState(account, self._dog_files, self._history, self._errcode_catalog)

    def _with_unlisted_accounts(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        listed = {account.appid for account in accounts}
        return (*accounts, *(k.account for k in self._states.values() if k.account.appid not in listed))

    def _has_key(self, appid: str, kind: TokenKind) -> bool:
        known = self._states.get(appid)
        return known is not None and kind in known.account.token_kinds

    # -- commands ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to refresh: the past attempts are read now, after the tray is up."""
        self.reload_from_disk()
        self._last_history_id, _ = self._history.changes_since(_HISTORY_ID_MAX)
        self._history_load_queue = list(reversed(self._states.values()))
        if self._history_load_queue:
            self._load_history_batch()
        else:
            self._begin_refreshing()

    @Slot()
    def _load_history_batch(self) -> None:
        """Read the past of some accounts, and of the rest when the window has had its turn."""
        if not self._history_load_queue:  # stopped meanwhile
            return
        for _ in range(min(HISTORY_LOAD_BATCH, len(self._history_load_queue))):
            self._history_load_queue.pop().load_retry_states()
        if self._history_load_queue:
            QTimer.singleShot(0, self, self._load_history_batch)
        else:
            self._begin_refreshing()

    def _begin_refreshing(self) -> None:
        self._is_running = True
        self._tick()

    def stop(self) -> None:
        """No more orders."""
        self._history_load_queue.clear()
        self._is_running = False
        self._scheduler.stop()
        self._publish_timer.stop()

    def refresh(self, appid: str | None = None, kind: TokenKind | None = None) -> None:
        """Ask WeChat now, because a person wants it: one account or all, one key or all."""
        for known in self._states_for(appid):
            kinds = (kind,) if kind is not None else known.account.token_kinds
            known.update_retry_states(
                policy.after_user_action, *kinds
            )  # what was wrong before may be right now
            self._request_refresh(known, kinds, Trigger.USER, RefreshMode.ALWAYS)
        self._schedule_publish()

    def force_new_token(self, appid: str) -> None:
        """Make a new access token; the one that servers hold dies. Ask `may_force` and the person first."""
        for known in self._states_for(appid):
            self._request_refresh(known, (TokenKind.ACCESS_TOKEN,), Trigger.USER, RefreshMode.FORCE)
        self._schedule_publish()

    def force_allowance(self, appid: str) -> policy.ForceAllowance:
        """Whether WeChat's limits allow a forced token now."""
        return policy.force_allowance(self.count_calls_today(appid), self._clock())

    def request_copy(self, appid: str, kind: TokenKind) -> None:
        """Give the value as `copy_ready`: at once if it works now, else when a refresh has brought one."""
        if not self._has_key(appid, kind):
            return
        known = self._states[appid]
        known.read_files()
        record = known.usable_record(kind, self._clock())
        if record is not None:
            self._pending_copies.discard((appid, kind))
            self.copy_ready.emit(appid, kind, record.value)
            return
        self._pending_copies.add((appid, kind))
        self.ensure_fresh(appid, kind)

    def ensure_fresh(self, appid: str, kind: TokenKind) -> None:
        """Somebody is about to use this value: have a live one."""
        for known in self._states_for(appid):
            self._request_refresh(known, (kind,), Trigger.COPY, RefreshMode.IF_NEEDED)
        self._schedule_publish()

    def verify_credentials(self, account: Account, secret: Secret | None) -> VerifyCredentials:
        """Try credentials; the verdict comes as `job_done` with the returned job."""
        job = VerifyCredentials(account, secret)
        self._worker_pool.submit(job)
        return job

    def save_account(
        self,
        account: Account,
        secret: Secret | None,
        verdict: VerificationResult | None = None,
        *,
        mode: SaveMode = SaveMode.ADD_OR_CHANGE,
        edited_from: Account | None = None,
    ) -> SaveAccount:
        """Add or change an account, see `AccountBook.save`; the result comes as `job_done`."""
        job = SaveAccount(account, secret, verdict, mode, edited_from)
        self._worker_pool.submit(job)
        return job

    def inspect_folder(self, account: Account) -> InspectFolder:
        """Look into the folder that an account is to get; the FoundFolder comes as `job_done`."""
        job = InspectFolder(account)
        self._worker_pool.submit(job)
        return job

    def remove_account(self, account: Account, *, purge: bool) -> RemoveAccount:
        """Forget an account; the result comes as `job_done`."""
        job = RemoveAccount(account, purge)
        self._worker_pool.submit(job)
        return job

    def query_wechat(self, account: Account, kind: QueryKind, rid: str = "") -> QueryWeChat:
        """Ask WeChat about an account; the answer comes as `job_done`."""
        job = QueryWeChat(account, kind, rid)
        self._worker_pool.submit(job)
        return job

    def load_timeline(
        self, appids: tuple[str, ...], since: float, until: float, columns: int
    ) -> TimelineQuery:
        """Read a timeline; it comes as `job_done`."""
        job = TimelineQuery(appids, since, until, columns)
        self._worker_pool.submit(job)
        return job

    @Slot(object)
    def load_history_page(self, query: HistoryPageQuery) -> None:
        """Read a page of the history; its Rows come as `job_done`."""
        self._worker_pool.submit(query)

    def count_calls_today(self, appid: str) -> CallCount:
        """The calls of this account since Beijing's midnight."""
        return self._history.count_calls(appid, beijing_day_start(self._clock()))

    def count_quota_clears_this_month(self, appid: str) -> int:
        """How often Guard Dog had this account's counters set to zero since Beijing's month began."""
        tries = HistoryFilter(appid=appid, key=CLEAR_QUOTA_KEY, since=beijing_month_start(self._clock()))
        return self._history.count(tries) - self._history.count(replace(tries, only_failures=True))

    def dismiss_superseded(self, appid: str) -> None:
        """The person knows that somebody took the token."""
        known = self._states.get(appid)
        if known is not None:
            known.superseded_entry = None
            self._schedule_publish()

    def dismiss_foreign_writes(self, appid: str) -> None:
        """The person knows that another program writes this account's files."""
        known = self._states.get(appid)
        if known is not None:
            known.are_foreign_writes_dismissed = True
            self._schedule_publish()

    def pause(self, until: float | None) -> None:
        """No automatic refresh until then (Unix seconds); None ends it. A person's clicks still work."""
        if until != self._paused_until:
            self._paused_until = until
            self.pause_changed.emit(until)
        self._tick()

    # -- signals from outside ---------------------------------------------------------------------

    @Slot()
    def on_system_resumed(self) -> None:
        """The machine woke up: the keyring may be open again, and the network needs a moment."""
        self._update_all_retry_states(policy.after_resume)
        self._network_grace_until = self._clock() + NETWORK_GRACE_S
        self._tick()

    @Slot()
    def on_network_restored(self) -> None:
        """The network is back: failures to reach WeChat hold nothing back any more."""
        self._network_grace_until = 0.0
        self._update_all_retry_states(policy.after_reconnect)
        self._tick()

    @Slot(str)
    def on_config_folder_changed(self, _folder: str) -> None:
        """Another program has written in the configuration folder, perhaps the list of accounts."""
        if self._accounts.stamp() != self._account_list_stamp:
            self._tick()

    @Slot()
    def on_files_changed(self) -> None:
        """Somebody, perhaps we, has written `.dog` files."""
        self._tick()

    @Slot(float)
    def _on_clock_jumped(self, jump_s: float) -> None:
        self._update_all_retry_states(policy.after_resume)
        if jump_s < 0:  # what was timed by the clock as it was would last that much longer
            self._update_all_retry_states(policy.after_clock_set_back)
            self._network_grace_until = 0.0
            if self._paused_until is not None:
                self._paused_until += jump_s

    def _update_all_retry_states(self, update: Callable[[RetryState], RetryState]) -> None:
        self._next_trigger = Trigger.RESUME
        for known in self._states.values():
            known.update_retry_states(update)

    @Slot()
    def _on_ticked(self) -> None:
        self._tick()

    # -- deciding ---------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Order what is due and arm the timer for what comes next."""
        if not self._is_running:
            return
        now = self._clock()
        self.reload_from_disk()
        self._poll_history()
        if not self._is_paused(now) and now >= self._network_grace_until:
            for known in self._states.values():
                self._request_due_refresh(known, now)
            self._next_trigger = Trigger.TIMER
        for known in self._states.values():
            if known.changed_kinds and known.running_request is None:
                self._request_refresh(
                    known, tuple(known.changed_kinds), Trigger.TIMER, RefreshMode.ADOPT_ONLY
                )
        self._queue_exports()
        self._schedule_publish()

    def _poll_history(self) -> None:
        """Take in what other programs have left in the history; our own lines come with their order."""
        self._last_history_id, told = self._history.changes_since(self._last_history_id)
        self._changed_history_keys |= told
        for appid, key in tuple(self._changed_history_keys):
            known = self._states.get(appid)
            if known is not None and known.running_request is not None:
                continue  # the newest line may be that order's
            self._changed_history_keys.discard((appid, key))
            if known is not None and key in known.account.token_kinds:
                known.on_history_changed(TokenKind(key))

    def _request_due_refresh(self, state: AccountState, now: float) -> None:
        if state.running_request is not None:
            return
        kinds, eagerness = state.due_refresh(now)
        if kinds:
            self._request_refresh(state, kinds, self._next_trigger, eagerness)

    def _request_refresh(
        self, state: AccountState, kinds: tuple[TokenKind, ...], trigger: Trigger, mode: RefreshMode
    ) -> None:
        order = state.make_request(kinds, trigger, mode)
        if state.running_request is not None:
            state.queued_request = (
                order if state.queued_request is None else merge_requests(state.queued_request, order)
            )
            return
        state.running_request = order
        self._worker_pool.submit(order)

    @Slot(object, object)
    def _on_job_done(self, job: Job, job_result: JobResult) -> None:
        match job:
            case RefreshRequest():
                self._on_refresh_job_done(job, job_result)
            case VerifyCredentials() | SaveAccount() | RemoveAccount():
                self._on_account_job_done(job, job_result)
            case WriteExports():
                self._on_export_job_done(job, job_result)
            case QueryWeChat():
                self._on_query_job_done(job, job_result)
            case TimelineQuery() | HistoryPageQuery() | RememberUrl() | InspectFolder():
                self.job_done.emit(job, job_result)
            case Maintenance() | Diagnose():
                pass
        self._queue_exports()

    def _on_refresh_job_done(self, request: RefreshRequest, job_result: JobResult) -> None:
        known = self._states.get(request.account.appid)
        if known is not None and known.running_request is not request:
            known = None  # removed and added again meanwhile: this order is of its former life
        outcomes = job_result if isinstance(job_result, tuple) else (self._crash_result(request, job_result),)
        if known is not None:
            for outcome in outcomes:
                known.apply_result(outcome, self._clock())
                if outcome.entry.detail == policy.SUPERSEDED:
                    self.token_superseded.emit(known.account.appid, outcome.entry)
            waiting = known.finish_request(request)
            if waiting is not None:
                self._request_refresh(known, waiting.kinds, waiting.trigger, waiting.mode)
        for outcome in outcomes:
            if request.mode is RefreshMode.ADOPT_ONLY and outcome.entry.result is AttemptResult.STILL_FRESH:
                continue  # nothing that anybody wanted to know
            _log_entry(outcome.entry)
            if outcome.clock_skew_s is not None:
                self._clock_skew_minutes = policy.clock_skew_minutes(outcome.clock_skew_s)
            self.refresh_attempted.emit(outcome)
        if known is not None:
            self._finish_pending_copies(known, outcomes)
        self._schedule_publish()

    def _queue_exports(self) -> None:
        """What is new goes to the outlets as well."""
        if self._is_running:
            for known in self._states.values():
                job = known.start_export_job()
                if job is not None:
                    self._worker_pool.submit(job)

    def _on_export_job_done(self, job: WriteExports, job_result: JobResult) -> None:
        known = self._states.get(job.account.appid)
        if known is None or known.export_job is not job:
            return
        known.export_job = None
        if isinstance(job_result, ExportsWritten):
            known.export_statuses = job_result.statuses
            for report in job_result.statuses:
                trouble = report.error
                if trouble is not None:
                    form = report.target.export_format
                    log.warning("%s %s: %s %s", job.account.appid, form, trouble.kind, trouble.detail)
        elif isinstance(job_result, JobCrashed):
            self.job_crashed.emit(job_result.exception_name)
        self._schedule_publish()

    def _on_query_job_done(self, job: QueryWeChat, job_result: JobResult) -> None:
        heard = job_result.answer if isinstance(job_result, QueryResult) else None
        match job.kind, heard:
            case QueryKind.TOKEN_VALID, Refusal():
                self._on_token_refused(job.account.appid, heard)
            case QueryKind.CLEAR_QUOTA, QuotaCleared():
                self._history.append(
                    self._query_entry(
                        job.account.appid, CLEAR_QUOTA_KEY, AttemptResult.QUOTA_CLEARED, calls=1
                    )
                )
            case QueryKind.CLEAR_QUOTA, Refusal():
                entry = self._query_entry(job.account.appid, CLEAR_QUOTA_KEY, AttemptResult.REFUSED, calls=1)
                self._history.append(_with_refusal(entry, heard, "clear_quota"))
        self.job_done.emit(job, job_result)
        self._schedule_publish()

    def _on_token_refused(self, appid: str, refusal: Refusal) -> None:
        """A token that should live and that WeChat refuses was taken by somebody."""
        known, endpoint = self._states.get(appid), account_queries.TOKEN_CHECK_ENDPOINT
        if (
            known is None
            or self._errcode_catalog.kind_for(refusal.errcode, endpoint) is not ErrcodeKind.TOKEN
        ):
            return
        entry = self._query_entry(
            appid, TokenKind.ACCESS_TOKEN.value, AttemptResult.REFUSED, detail=policy.SUPERSEDED
        )
        entry = _with_refusal(entry, refusal, endpoint)
        self._history.append(entry)
        known.mark_superseded(entry)
        self.token_superseded.emit(appid, entry)
        self._request_refresh(known, (TokenKind.ACCESS_TOKEN,), Trigger.TIMER, RefreshMode.ALWAYS)

    def _query_entry(
        self, appid: str, key: str, result: AttemptResult, *, calls: int = 0, detail: str = ""
    ) -> HistoryEntry:
        """The line of the history about a question that a person asked WeChat."""
        return HistoryEntry(self._clock(), appid, key, Trigger.USER, result, calls=calls, detail=detail)

    def _crash_result(self, request: RefreshRequest, job_result: JobResult) -> RefreshResult:
        text = job_result.exception_name if isinstance(job_result, JobCrashed) else type(job_result).__name__
        self.job_crashed.emit(text)
        entry = HistoryEntry(
            self._clock(),
            request.account.appid,
            request.kinds[0].value,
            request.trigger,
            AttemptResult.INTERNAL_ERROR,
            detail=text,
        )
        known = self._states.get(request.account.appid)
        return RefreshResult(
            request.account.appid,
            request.kinds[0],
            entry,
            known.records.get(request.kinds[0]) if known else None,
        )

    def _finish_pending_copies(self, state: AccountState, results: tuple[RefreshResult, ...]) -> None:
        """Copies that were waiting for this account: with a value that works now, or with the reason."""
        appid = state.account.appid
        for kind in state.account.token_kinds:
            if (appid, kind) not in self._pending_copies or state.running_request is not None:
                continue
            self._pending_copies.discard((appid, kind))
            record = state.usable_record(kind, self._clock())
            if record is not None:
                self.copy_ready.emit(appid, kind, record.value)
            elif results:
                self.copy_failed.emit(appid, kind, results[-1].entry)

    def _on_account_job_done(
        self, job: VerifyCredentials | SaveAccount | RemoveAccount, job_result: JobResult
    ) -> None:
        if isinstance(job_result, JobCrashed):
            self.job_crashed.emit(job_result.exception_name)
        if isinstance(job_result, AccountSaved | AccountRemoved):
            self.reload_from_disk()
        if (
            isinstance(job_result, AccountSaved)
            and (known := self._states.get(job_result.account.appid)) is not None
        ):
            known.update_retry_states(policy.after_user_action, *known.account.token_kinds)
            self._request_refresh(known, known.account.token_kinds, Trigger.USER, RefreshMode.IF_NEEDED)
        self.job_done.emit(job, job_result)
        self._schedule_publish()

    # -- telling ----------------------------------------------------------------------------------

    def _schedule_publish(self) -> None:
        if not self._publish_timer.isActive():
            self._publish_timer.start()

    @Slot()
    def _publish(self) -> None:
        overview = self.overview()
        if self._is_running:
            self._scheduler.schedule(self._next_tick_at(overview))
        self.overview_changed.emit(overview)

    def _next_tick_at(self, overview: Overview) -> float | None:
        """When something is due: never earlier than the moment after a wake-up, not while paused."""
        if overview.paused_until is not None:
            return overview.paused_until
        idle = {known.account.appid for known in self._states.values() if known.running_request is None}
        times = [
            key.next_attempt_at
            for status in overview.accounts
            if status.account.appid in idle
            for key in status.keys
            if key.next_attempt_at is not None
        ]
        if any(known.changed_kinds and known.running_request is None for known in self._states.values()):
            times.append(overview.at + LOCK_RETRY_S)  # another program had the lock when we wanted to look
        return max(min(times), self._network_grace_until) if times else None

    def _is_paused(self, now: float) -> bool:
        return self._paused_until is not None and now < self._paused_until

    def _states_for(self, appid: str | None) -> tuple[AccountState, ...]:
        if appid is None:
            return tuple(self._states.values())
        known = self._states.get(appid)
        return (known,) if known is not None else ()


def _with_refusal(entry: HistoryEntry, refusal: Refusal, endpoint: str) -> HistoryEntry:
    return replace(
        entry,
        errcode=refusal.errcode,
        errmsg=refusal.errmsg,
        rid=refusal.rid,
        ip=refusal.ip,
        endpoint=endpoint,
    )


def _log_entry(entry: HistoryEntry) -> None:
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


_MODES_BY_STRENGTH = (RefreshMode.ADOPT_ONLY, RefreshMode.IF_NEEDED, RefreshMode.ALWAYS, RefreshMode.FORCE)


def merge_requests(earlier: RefreshRequest, later: RefreshRequest) -> RefreshRequest:
    """One order that does what both want: all keys, the stronger wish, a person's before a timer's."""
    personal = next((o for o in (later, earlier) if o.trigger in (Trigger.USER, Trigger.COPY)), later)
    return replace(
        later,
        kinds=tuple(kind for kind in later.account.token_kinds if kind in (*earlier.kinds, *later.kinds)),
        mode=max(earlier.mode, later.mode, key=_MODES_BY_STRENGTH.index),
        trigger=personal.trigger,
    )
