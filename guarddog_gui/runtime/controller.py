"""The controller of the running app: keeps tokens fresh and publishes overviews of all accounts."""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.runtime.account_state import AccountState, log_entry, merge_requests
from guarddog_gui.runtime.account_states import AccountStates
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from guarddog_gui.runtime.disk.quick_dog_files import QuickDogFiles
from guarddog_gui.runtime.disk.readings import DiskReader
from guarddog_gui.runtime.jobs import JobCrashed, JobFailure, QueryKind, RefreshOutcome, RefreshTokens, WriteExports
from guarddog_gui.runtime.pending_copies import PendingCopies
from guarddog_gui.runtime.qt_core import QObject, QTimer, Signal, Slot
from guarddog_gui.runtime.removals import Removals
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.window.window_jobs import AccountJobs, HistoryQueries
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.ports import AccountStore, Clock, DogFileReader, DogFileStore, HistoryStore, SharingJournal

# Changes within this time are published in one overview. One costs some 0.1 ms per account, or more with a window:
# with the second part it takes a tenth of the main thread's time at most, however many accounts change.
PUBLISH_DELAY_MS = 30
PUBLISH_DELAY_PER_ACCOUNT_MS = 1
QUERY_DURATION_MAX_S = 60.0  # a token that is younger may not be the one that a query was sent with
NETWORK_GRACE_S = 5.0  # after a resume the network needs a moment; `on_network_restored` ends the wait

log = logging.getLogger(__name__)


class Controller(QObject):
    """The refresh loop: decides with `domain.refresh.policy` and has worker threads do the work.

    Lives in the main thread and never waits: `BoundedCalls` read the files, everything else is a job.
    `account_jobs`, `removals`, `copies` and `history_queries` are what windows use for the rest.
    """

    overview_changed = Signal(object)  # Overview
    refresh_attempted = Signal(object)  # RefreshResult of every attempt
    token_superseded = Signal(str, object)  # appid, HistoryEntry: a token was refused before it expired
    pause_changed = Signal(object)  # end of the pause in Unix seconds, or None
    account_list_damaged = Signal()  # see AccountStore.is_damaged
    account_list_unreadable = Signal(object)  # FileError, see AccountStates

    def __init__(
        self,
        accounts: AccountStore,
        dog_files: DogFileStore,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        clock: Clock,
        worker_pool: WorkerPool,
        scheduler: Scheduler,
        calls: BoundedCalls,
        parent: QObject | None = None,
        sharing_journal: SharingJournal | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._calls = calls
        self._dog_folder_of = dog_files.directory
        self._reader = DiskReader(accounts, dog_files, history, sharing_journal)
        self._clock = clock
        self._worker_pool = worker_pool
        self._scheduler = scheduler
        self._next_trigger = Trigger.START
        self.is_running = False  # from when all retry states are loaded until `stop`
        self._started_at = 0.0
        self._network_grace_until = 0.0
        self._clock_skew_minutes = 0
        self._paused_until: float | None = None
        self._publish_timer = QTimer(self, singleShot=True)
        self._publish_timer.timeout.connect(self.publish)
        self._states = AccountStates(self._reader, errcode_catalog, calls)
        self._states.changed_late.connect(self._on_changed_late)
        self._states.retry_states_loaded.connect(self._on_retry_states_loaded)
        self._states.account_list_damaged.connect(self.account_list_damaged)
        self._states.account_list_unreadable.connect(self.account_list_unreadable)
        self.copies = PendingCopies(self._states, self.ensure_fresh, clock)
        self.history_queries = HistoryQueries(worker_pool, history, clock, calls)
        self.account_jobs = AccountJobs(worker_pool, history, errcode_catalog, clock)
        self.removals = Removals(worker_pool, clock, self)
        self.account_jobs.account_saved.connect(self._on_account_saved)
        self.removals.accounts_changed.connect(self._on_accounts_changed)
        self.account_jobs.token_refused.connect(self._on_token_refused)
        scheduler.ticked.connect(self.tick)
        scheduler.clock_jumped.connect(self._on_clock_jumped)

    def overview(self) -> Overview:
        now = self._clock()
        is_paused = self._is_paused(now)
        return Overview(
            at=now,
            accounts=tuple(state.status(now, is_paused=is_paused) for state in self._states),
            paused_until=self._paused_until if is_paused else None,
            clock_skew_minutes=self._clock_skew_minutes,
            list_error=self._states.list_error,
        )

    def default_dog_folder(self, appid: str) -> str:
        return self._dog_folder_of(Account(appid, appid))

    def find_record(self, appid: str, kind: TokenKind) -> TokenRecord | None:
        """Return the value in memory, as the overview shows it."""
        state = self._states.find(appid)
        return None if state is None else state.records.get(kind)

    def quick_reader(self, dog_files: DogFileReader) -> QuickDogFiles:
        """Return a reader for windows, which never waits for a disk."""
        return QuickDogFiles(dog_files, self.find_record, self._calls)

    @property
    def knows_accounts(self) -> bool:
        """Return False as long as a slow disk has not answered whether there are accounts."""
        return self._states.is_list_read

    def reload_from_disk(self) -> None:
        self._states.reload()
        self.copies.drop_removed_keys()

    def start(self) -> None:
        """Load the retry states from the history, then begin to refresh."""
        self.reload_from_disk()
        self._states.load_retry_states()

    @Slot()
    def _on_retry_states_loaded(self) -> None:
        self.is_running = True
        self._started_at = self._clock()
        self.tick()

    def stop(self) -> None:
        """Submit no more jobs and publish nothing more."""
        self._states.stop()
        self.removals.stop()
        self.is_running = False
        self._scheduler.stop()
        self._publish_timer.stop()

    def refresh(self, appid: str | None = None, kind: TokenKind | None = None) -> None:
        """Ask WeChat now, at the user's request: for one account or all, for one key or all."""
        for state in self._states.select(appid):
            kinds = (kind,) if kind is not None else state.account.token_kinds
            state.update_retry_states(retries.after_user_action, *kinds)  # the user may have fixed the cause
            self._request_refresh(state, kinds, Trigger.USER, RefreshMode.ALWAYS)

    def force_new_token(self, appid: str) -> None:
        """Make WeChat issue a new access token, which may invalidate the one that servers use.

        The caller has asked the user and `HistoryQueries.load_force_allowance` before.
        """
        for state in self._states.select(appid):
            self._request_refresh(state, (TokenKind.ACCESS_TOKEN,), Trigger.USER, RefreshMode.FORCE)

    def ensure_fresh(self, appid: str, kind: TokenKind) -> None:
        """Refresh a key that is about to be used, unless its value is still usable."""
        for state in self._states.select(appid):
            self._request_refresh(state, (kind,), Trigger.COPY, RefreshMode.IF_NEEDED)

    @Slot(str)
    def on_shared_changed(self, appid: str) -> None:
        """Take over what has changed in the Redis of a shared account, or the reason why it cannot be used."""
        for state in self._states.select(appid) if self.is_running else ():
            if state.account.sharing is not None:
                self._request_refresh(state, state.account.token_kinds, Trigger.TIMER, RefreshMode.MIRROR)

    def dismiss_superseded(self, appid: str) -> None:
        """Stop warning that the token of this account was superseded: the user knows."""
        for state in self._states.select(appid):
            state.superseded_entry = None
            self._schedule_publish()

    def dismiss_foreign_writes(self, appid: str) -> None:
        """Stop warning that another program writes this account's files: the user knows."""
        for state in self._states.select(appid):
            state.are_foreign_writes_dismissed = True
            self._schedule_publish()

    def pause(self, until: float | None) -> None:
        """Suspend automatic refreshes until then (Unix seconds), or resume them; the user's still work."""
        if until != self._paused_until:
            self._paused_until = until
            self.pause_changed.emit(until)
        self.tick()

    @Slot()
    def on_system_resumed(self) -> None:
        """Retry after a suspend: the keyring may be unlocked again, the network comes back in a moment."""
        self._update_all_retry_states(retries.after_resume)
        self._network_grace_until = self._clock() + NETWORK_GRACE_S
        self.tick()

    @Slot()
    def on_network_restored(self) -> None:
        """Retry at once what failed because WeChat could not be reached."""
        self._network_grace_until = 0.0
        self._update_all_retry_states(retries.after_reconnect)
        self.tick()

    @Slot()
    def on_keyring_available(self) -> None:
        """Retry at once what failed because the keyring was locked or did not answer."""
        self._update_all_retry_states(retries.after_keyring_available)
        self.tick()

    @Slot(float)
    def _on_clock_jumped(self, jump_s: float) -> None:
        self._update_all_retry_states(retries.after_resume)
        if jump_s < 0:  # waits that were computed with the old clock would last that much longer
            self._update_all_retry_states(retries.after_clock_set_back)
            self._network_grace_until = 0.0
            if self._paused_until is not None:
                self._paused_until += jump_s

    def _update_all_retry_states(self, update: Callable[[RetryState], RetryState]) -> None:
        self._next_trigger = Trigger.RESUME
        for state in self._states:
            state.update_retry_states(update)

    @Slot(object)
    def _on_account_saved(self, account: Account) -> None:
        self.reload_from_disk()
        state = self._states.find(account.appid)
        if state is not None:
            state.update_retry_states(retries.after_user_action, *state.account.token_kinds)
            self._request_refresh(state, state.account.token_kinds, Trigger.USER, RefreshMode.IF_NEEDED)
        for state in self._states:
            self._submit_export(state)
        self._schedule_publish()

    @Slot()
    def _on_accounts_changed(self) -> None:
        self.reload_from_disk()
        self._schedule_publish()

    @Slot(object)
    def _on_token_refused(self, entry: HistoryEntry) -> None:
        """Replace a token that another program has superseded: it was refused although it has not expired."""
        state = self._states.find(entry.appid)
        if state is None:
            return
        record = state.records.get(TokenKind.ACCESS_TOKEN)
        if record is not None and record.generated_at < entry.at - QUERY_DURATION_MAX_S:
            # by the fingerprint, all readers of the history know which token is dead
            entry = replace(entry, fingerprint=fingerprint(record.value))
        self._history.enqueue(entry)  # the request below writes it
        if entry.fingerprint:
            state.mark_refused(entry)
        state.mark_superseded(entry)
        self.token_superseded.emit(entry.appid, entry)
        self._request_refresh(state, (TokenKind.ACCESS_TOKEN,), Trigger.TIMER, RefreshMode.ALWAYS)

    @Slot()
    def tick(self) -> None:
        if not self.is_running:
            return
        self.reload_from_disk()
        self._submit_due_requests()

    @Slot()
    def _on_changed_late(self) -> None:
        """Do with what a slow disk has answered what `tick` does with the answer of a quick one."""
        self.copies.drop_removed_keys()
        if self.is_running:
            self._submit_due_requests()
        else:
            self._schedule_publish()

    def _submit_due_requests(self) -> None:
        now = self._clock()
        if not self._is_paused(now) and now >= self._network_grace_until:
            for state in self._states:
                kinds, mode = state.due_refresh(now)
                if kinds and state.running_request is None:
                    self._request_refresh(state, kinds, self._next_trigger, mode)
            self._next_trigger = Trigger.TIMER
            self._check_doubtful_tokens(now)
        for state in self._states:
            if state.has_unread_changes:
                kinds = tuple(state.changed_kinds)
                self._request_refresh(state, kinds, Trigger.TIMER, RefreshMode.ADOPT_ONLY)
        for state in self._states:
            self._submit_export(state)
        self._schedule_publish()

    def _check_doubtful_tokens(self, now: float) -> None:
        for state in self._states:
            if state.running_request is None and state.is_token_check_due(now, self._started_at):
                state.token_checked_at = now
                self.account_jobs.query_wechat(state.account, QueryKind.TOKEN_VALID)

    def _request_refresh(
        self, state: AccountState, kinds: tuple[TokenKind, ...], trigger: Trigger, mode: RefreshMode
    ) -> None:
        """Submit a request, or queue it while another one of this account is running."""
        self._schedule_publish()
        request = state.make_request(kinds, trigger, mode)
        if state.running_request is not None:
            queued = state.queued_request
            state.queued_request = request if queued is None else merge_requests(queued, request)
            return
        state.running_request = request
        handle = self._worker_pool.submit(RefreshTokens(request, self._reader))
        handle.notify(self._on_refresh_finished, self._on_refresh_failed)

    @Slot(object, object)
    def _on_refresh_finished(self, outcome: RefreshOutcome, job: RefreshTokens) -> None:
        request, results = job.request, outcome.results
        state = self._states.find(request.account.appid)
        if state is not None and state.running_request is not request:
            state = None  # the account was removed and added again; this request is of its earlier life
        if state is not None:
            self._apply_results(state, request, outcome)
        for result in results:
            if not request.mode.may_ask and result.entry.result is AttemptResult.STILL_FRESH:
                continue  # reading an unchanged file is no attempt that anything is told about
            log_entry(result.entry)
            if result.clock_skew_s is not None:
                self._clock_skew_minutes = policy.clock_skew_minutes(result.clock_skew_s)
            self.refresh_attempted.emit(result)
        if state is not None:
            self.copies.finish(state, results)
            self._submit_export(state)  # the others wait for the next tick: a thousand at once need not be asked
        self._schedule_publish()

    def _apply_results(self, state: AccountState, request: RefreshRequest, outcome: RefreshOutcome) -> None:
        try:
            for result in outcome.results:
                state.apply_result(result, outcome.reading, self._clock())
                if result.entry.detail == policy.SUPERSEDED:
                    self.token_superseded.emit(state.account.appid, result.entry)
        except Exception as error:  # as after a crash in the worker: the account is tried again, but not at once
            log.exception("the results of a refresh could not be applied")
            for kind in request.kinds:
                state.record_crash(kind, request.trigger, type(error).__name__, self._clock())
        queued = state.finish_request(request, outcome.reading)
        if request.account != state.account:
            self.reload_from_disk()
        if queued is not None:
            self._request_refresh(state, queued.kinds, queued.trigger, queued.mode)

    @Slot(object, object)
    def _on_refresh_failed(self, failure: JobFailure, job: RefreshTokens) -> None:
        """Record a crash as an attempt, so that it is shown and the retry policy applies to it."""
        reason = failure.exception_name if isinstance(failure, JobCrashed) else type(failure).__name__
        appid, kind = job.request.account.appid, job.request.kinds[0]
        result, trigger = AttemptResult.INTERNAL_ERROR, job.request.trigger
        entry = HistoryEntry(self._clock(), appid, kind.value, trigger, result, detail=reason)
        state = self._states.find(appid)
        record = state.records.get(kind) if state is not None else None
        self._on_refresh_finished(RefreshOutcome((RefreshResult(appid, kind, entry, record),)), job)

    def _submit_export(self, state: AccountState) -> None:
        job = state.start_export_job() if self.is_running else None
        if job is not None:
            self._worker_pool.submit(job).notify(self._on_exports_ended, self._on_exports_ended)

    @Slot(object, object)
    def _on_exports_ended(self, outcome: tuple[ExportStatus, ...] | JobFailure, job: WriteExports) -> None:
        state = self._states.find(job.account.appid)
        if state is None or state.export_job is not job:
            return  # the account was removed while the job was running
        state.export_job = None
        if isinstance(outcome, tuple):
            state.export_statuses = outcome
            for status in outcome:
                if error := status.error:
                    target = status.target.export_format
                    log.warning("%s %s: %s %s", job.account.appid, target, error.kind, error.detail)
        elif isinstance(outcome, JobCrashed):
            # tried again at the next tick, and not at once: it may crash again
            state.are_exports_outdated = True
            self._schedule_publish()
            return
        self._submit_export(state)  # values may have changed while the job was running
        self._schedule_publish()

    def _schedule_publish(self) -> None:
        if not self._publish_timer.isActive():
            self._publish_timer.start(PUBLISH_DELAY_MS + PUBLISH_DELAY_PER_ACCOUNT_MS * len(self._states))

    @Slot()
    def publish(self) -> None:
        """Emit `overview_changed` and schedule the next tick, without waiting for further changes."""
        overview = self.overview()
        if self.is_running:
            self._scheduler.schedule(self._next_tick_at(overview))
        self.overview_changed.emit(overview)

    def _next_tick_at(self, overview: Overview) -> float | None:
        """Return when something is due (Unix seconds), not before a pause or the wait after a resume ends."""
        if overview.paused_until is not None:
            return overview.paused_until
        due_at = self._states.next_due_at(overview)
        return None if due_at is None else max(due_at, self._network_grace_until)

    def _is_paused(self, now: float) -> bool:
        return self._paused_until is not None and now < self._paused_until
