"""Harness for the runtime: the real controller on real threads, with fakes below the ports."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.files.project_folder import read_project_folder
from guarddog_gui.adapters.history.queries import matches_filter
from guarddog_gui.bootstrap.catalogues import load_api_catalogue
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Overview
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from guarddog_gui.runtime.jobs import Diagnose, Job, JobHandle, Maintenance, RefreshTokens, ResultT, WriteExports
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.accounts.import_recovery import ImportRecovery
from guarddog_gui.services.accounts.transfer import AccountTransfer
from guarddog_gui.services.api_calls import ApiCaller, ApiConsole
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.page_check import PageChecker
from guarddog_gui.services.worker_context import WorkerContext
from tests.api_fakes import FakeApiCallStore, FakeApiTransport
from tests.errcode_catalogue import CATALOGUE
from tests.fake_sharing import FakeSharedStore, FakeSharingJournal, InMemoryRedis
from tests.fakes import (
    FakeAccountLock,
    FakeAccountStore,
    FakeClock,
    FakeDogFileStore,
    FakeExportCommandRunner,
    FakeExportFileWriter,
    FakeExportJournal,
    FakeHistoryStore,
    FakePageFetcher,
    FakeRecentUrlStore,
    FakeReplacedTicketStore,
    FakeSecretStore,
    FakeSettingsStore,
    FakeTransferFiles,
    FakeTransport,
    ticket_reply,
    token_reply,
)
from tests.in_memory_services import InMemoryServices

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN, TICKET, CARD = TokenKind
SHOP = Account("wx00000000000000a1", "Shop")
CAFE = Account("wx00000000000000b2", "Café")
CARDS = Account("wx00000000000000a1", "Shop", card_ticket=True)
GAME = Account("wx00000000000000c3", "Game", Platform.MINI_PROGRAM)


class FakeWeChat:
    """Answers every call with a new value, unless a test gives it another answer or makes it hang."""

    def __init__(self) -> None:
        self.issued_count = 0
        self.forced_token_reply: Reply | TransportFailure | None = None  # instead of tokens
        self.forced_ticket_reply: Reply | TransportFailure | None = None
        self.hanging_appids: set[str] = set()  # appids whose token calls get no answer for now
        self.calling_threads: set[int] = set()  # those that called
        self._released = threading.Event()

    def __call__(self, request: Request) -> Reply | TransportFailure:
        self.calling_threads.add(threading.get_ident())
        if dict(request.body or ()).get("appid") in self.hanging_appids:
            self._released.wait(20)
        self.issued_count += 1
        if request.path.endswith("getticket"):
            return self.forced_ticket_reply or ticket_reply(f"TICKET-{self.issued_count:04}-{'t' * 40}")
        return self.forced_token_reply or token_reply(f"TOKEN-{self.issued_count:04}-{'a' * 60}")

    def release(self) -> None:
        """Answer all hanging calls."""
        self._released.set()
        self.hanging_appids.clear()


class FakePagedHistoryStore(FakeHistoryStore):
    """The history with the pages that tables read; `reads` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.page_reads = 0
        self._pages_allowed = threading.Event()
        self._pages_allowed.set()

    @contextmanager
    def block_pages(self) -> Iterator[None]:
        """Return no page until the context ends."""
        self._pages_allowed.clear()
        yield
        self._pages_allowed.set()

    def read_page(self, history_filter: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]:
        self._pages_allowed.wait(20)
        self.page_reads += 1
        rows = [HistoryRow(number, entry) for number, entry in enumerate(self.entries, 1)]
        fitting = [
            row
            for row in reversed(rows)
            if (before_id is None or row.id < before_id) and matches_filter(row.entry, history_filter)
        ]
        return tuple(fitting[:limit])

    def add_outcomes(self, rows: tuple[HistoryRow, ...]) -> tuple[HistoryRow, ...]:
        return tuple(self._add_outcome(row) for row in rows)

    def _add_outcome(self, row: HistoryRow) -> HistoryRow:
        entry = row.entry
        if entry.is_success:
            return row
        successes = [e for e in self.entries if e.is_success and (e.appid, e.key) == (entry.appid, entry.key)]
        later = [each.at for each in successes if each.at >= entry.at]
        earlier = [each for each in successes if each.at <= entry.at]
        last_at = earlier[-1].at if earlier else None
        expires_at = earlier[-1].expires_at if earlier else None
        return HistoryRow(row.id, entry, last_at, min(later, default=None), expires_at)


class RecordingWorkerPool(WorkerPool):
    """Worker pool that records how the jobs of windows have ended."""

    def __init__(
        self, make_context: Callable[[], WorkerContext], max_threads: int, parent: QObject | None = None
    ) -> None:
        super().__init__(make_context, max_threads, parent)
        self.job_results: list[tuple[object, object]] = []  # each job and its result or failure

    def submit(self, job: Job[ResultT]) -> JobHandle[ResultT]:
        handle = super().submit(job)
        submitted: object = job
        if not isinstance(submitted, RefreshTokens | WriteExports | Diagnose | Maintenance):
            handle.notify(self._on_job_ended, self._on_job_ended)
        return handle

    def _on_job_ended(self, outcome: object, job: object) -> None:
        self.job_results.append((job, outcome))


class RuntimeHarness(QObject):
    """Everything that a window or a test of the runtime needs. Time moves only by `later` and `sleep`."""

    def __init__(self, *accounts: Account, worker_count: int = 4, dogs: FakeDogFileStore | None = None) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.monotonic = FakeClock(1000.0)
        self.wechat = FakeWeChat()
        self.transport = FakeTransport(self.wechat)
        self.proxy_passwords = FakeSecretStore()
        self.secrets = FakeSecretStore(**{account.appid: SECRET for account in accounts})
        self.dogs = dogs or FakeDogFileStore()
        self.redis = InMemoryRedis(self.clock)
        self.shared_store = FakeSharedStore(self.redis, self.clock)
        self.sharing_journal = FakeSharingJournal()
        self.tickets = FakeReplacedTicketStore()
        self.recent_urls = FakeRecentUrlStore()
        self.api_transport = FakeApiTransport()
        self.api_calls = FakeApiCallStore()
        self.uploads: dict[str, bytes] = {}  # files by path
        self.saved_files: dict[str, bytes] = {}
        self.history = FakePagedHistoryStore()
        self.accounts = FakeAccountStore(*accounts)
        self.lock = FakeAccountLock()
        self.exports_lock = FakeAccountLock()
        self.export_journal = FakeExportJournal()
        self.settings = FakeSettingsStore()
        self.previous_secrets = FakeSecretStore()
        self.transfer_files = FakeTransferFiles()
        self.page_fetcher = FakePageFetcher()
        self.export_files = FakeExportFileWriter()
        self.command_runner = FakeExportCommandRunner()
        self.worker_pool = RecordingWorkerPool(self.make_context, worker_count, self)
        self.scheduler = Scheduler(self.clock, self.monotonic, self)
        self.calls = BoundedCalls(quick_wait_s=10.0, parent=self)  # a busy machine must not make answers late
        self.controller = self._make_controller()
        self.signing = SigningController(
            self.controller, self.worker_pool, self.dogs, self.recent_urls, self.clock, self.calls, self
        )
        self.overviews: list[Overview] = []
        self.refresh_results: list[RefreshResult] = []
        self.copied_values: list[tuple[str, TokenKind, str]] = []
        self.failed_copies: list[tuple[str, TokenKind, HistoryEntry]] = []
        self.job_results = self.worker_pool.job_results
        self.existing_folders = self.dogs.existing_folders
        self.maintenance_threads: list[int] = []  # the threads that did it
        self._connect_recorders()

    def _make_controller(self) -> Controller:
        return Controller(
            self.accounts,
            self.dogs,
            self.history,
            CATALOGUE,
            self.clock,
            self.worker_pool,
            self.scheduler,
            self.calls,
            self,
            self.sharing_journal,
        )

    def _connect_recorders(self) -> None:
        self.controller.overview_changed.connect(self.overviews.append)
        self.controller.refresh_attempted.connect(self.refresh_results.append)
        self.controller.copies.copy_ready.connect(lambda *copied: self.copied_values.append(copied))
        self.controller.copies.copy_failed.connect(lambda *failed: self.failed_copies.append(failed))

    def replace_controller(self) -> None:
        """Stop the controller and make a new one, which knows only what is on the disk."""
        self.controller.stop()
        self.scheduler.disconnect(self.controller)
        self.controller = self._make_controller()
        self._connect_recorders()

    def make_context(self) -> WorkerContext:
        services = InMemoryServices(
            self.transport,
            self.clock,
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            previous_secrets=self.previous_secrets,
            settings=self.settings,
            dogs=self.dogs,
            accounts=self.accounts,
            tickets=self.tickets,
            recent_urls=self.recent_urls,
            history=self.history,
            lock=self.lock,
            exports_lock=self.exports_lock,
            export_files=self.export_files,
            command_runner=self.command_runner,
            export_journal=self.export_journal,
            has_exports=True,
            shared_store=self.shared_store,
            sharing_journal=self.sharing_journal,
        )
        return WorkerContext(
            refresher=services.refresher,
            account_service=services.account_service,
            account_removals=services.account_removals,
            account_queries=services.account_queries,
            exporter=services.exporter,
            read_timeline=lambda _appids, since, until, columns: Timeline(since, until, columns),
            read_history_page=self.history.read_page,
            add_outcomes=self.history.add_outcomes,
            recent_urls=self.recent_urls,
            tickets=services.ticket_source,
            read_project_folder=lambda folder: read_project_folder(folder, self.clock()),
            run_maintenance=self._run_maintenance,
            make_account_transfer=self._make_account_transfer,
            make_sharing_service=services.make_sharing_service,
            make_address_query=lambda: services.address_query,
            make_page_checker=lambda: PageChecker(fetcher=self.page_fetcher, clock=self.clock),
            make_api_console=self._make_api_console,
            find_release=lambda: None,
        )

    def _make_api_console(self) -> ApiConsole:
        caller = ApiCaller(
            transport=self.api_transport,
            refresher=self.make_context().refresher,
            dog_files=self.dogs,
            call_store=self.api_calls,
            clock=self.clock,
            failures_since=lambda: None,
        )
        return ApiConsole(
            caller,
            self.api_calls,
            lambda _appid: "https://api.weixin.qq.com",
            load_api_catalogue,
            self.uploads.__getitem__,
            self.saved_files.__setitem__,
            lambda: None,
        )

    @property
    def import_recovery(self) -> ImportRecovery:
        return ImportRecovery(self.secrets, self.previous_secrets, self.accounts, self.settings, self.lock)

    def _make_account_transfer(self) -> AccountTransfer:
        return AccountTransfer(
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=self.accounts,
            settings=self.settings,
            account_lock=self.lock,
            dog_files=self.dogs,
            export_files=self.export_files,
            files=self.transfer_files,
            path_exists=lambda _: True,
            recovery=self.import_recovery,
        )

    def _run_maintenance(self) -> tuple[Exception, ...]:
        self.maintenance_threads.append(threading.get_ident())
        return ()

    def tick(self) -> None:
        """Do what the scheduler's timer does."""
        self.scheduler.check_clock()

    def advance(self, seconds: float) -> None:
        """Let time pass without a suspend, then tick."""
        self.clock.advance(seconds)
        self.monotonic.advance(seconds)
        self.tick()

    def jump_wall_clock(self, seconds: float) -> None:
        """Move the wall clock only, as a suspend (forward) or a change of the clock does, then tick."""
        self.clock.advance(seconds)
        self.tick()

    def put_value(
        self,
        account: Account,
        kind: TokenKind,
        value: str,
        *,
        age_s: float,
        lifetime_s: int = 7200,
        is_foreign: bool = False,
    ) -> None:
        """Put a value on the disk, as if written by Guard Dog or another program `age` seconds ago."""
        record = TokenRecord(value, lifetime_s, round((self.clock() - age_s) * 1000), "", account.ahead)
        put = self.dogs.put_record if is_foreign else self.dogs.put_own_record
        put(account, kind, record)

    def put_fresh_values(self, *accounts: Account) -> None:
        """Put values with an hour left, as if fetched by Guard Dog itself so that their ages are known."""
        for account in accounts:
            for kind in account.token_kinds:
                self.put_value(account, kind, f"FRESH-{kind}-{account.appid}-{'f' * 20}", age_s=60)

    def key_status(self, account: Account, kind: TokenKind) -> KeyStatus:
        status = self.controller.overview().account(account.appid)
        assert status is not None
        key = status.key(kind)
        assert key is not None
        return key

    def value(self, account: Account, kind: TokenKind) -> str | None:
        record = self.key_status(account, kind).record
        return record.value if record is not None else None

    @property
    def is_idle(self) -> bool:
        """Return whether no job runs and no overview is pending."""
        refreshing = any(key.state is KeyState.REFRESHING for key in self.controller.overview().keys)
        return not refreshing and self.worker_pool.is_idle and not self.controller._publish_timer.isActive()

    def wait_until_idle(self, qtbot: QtBot) -> None:
        """Wait until everything requested is done and published."""
        qtbot.waitUntil(lambda: self.is_idle, timeout=10_000)

    def close(self) -> None:
        self.wechat.release()
        self.controller.stop()
        self.calls.stop()
        assert self.worker_pool.stop(10_000)


@contextmanager
def runtime_harness(
    *accounts: Account, worker_count: int = 4, dogs: FakeDogFileStore | None = None
) -> Iterator[RuntimeHarness]:
    """Provide a harness and stop it afterwards."""
    harness = RuntimeHarness(*accounts, worker_count=worker_count, dogs=dogs)
    try:
        yield harness
    finally:
        harness.close()


def started(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)


class SupersededRecorder:
    """Reports of the controller about superseded tokens."""

    def __init__(self, harness: RuntimeHarness) -> None:
        self.entries: list[tuple[str, HistoryEntry]] = []
        harness.controller.token_superseded.connect(lambda appid, entry: self.entries.append((appid, entry)))


def taken(harness: RuntimeHarness, account: Account = SHOP) -> HistoryEntry | None:
    status = harness.controller.overview().account(account.appid)
    assert status is not None
    return status.superseded_entry
