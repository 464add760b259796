"""The runtime on a stage: the real controller on real threads, with fakes below the ports."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.history.schema import matches
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh.history import Entry, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.status import KeyStatus, Overview, State
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, Request, Silence
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.signing import SigningDesk
from guarddog_gui.runtime.worker_pool import Lanes
from guarddog_gui.services.account_queries import Inquirer
from guarddog_gui.services.accounts import AccountBook
from guarddog_gui.services.diagnosis import TicketShelf
from guarddog_gui.services.exports import Outlets
from guarddog_gui.services.refresh import Outcome, Refresher
from guarddog_gui.services.worker_context import Engine
from tests.catalogue import CATALOGUE
from tests.fakes import (
    FakeClock,
    FakeCommands,
    FakeForeignFiles,
    FakeLock,
    FakeSecrets,
    FakeTransport,
    MemoryAccounts,
    MemoryDogs,
    MemoryHistory,
    MemoryJournal,
    MemoryTickets,
    MemoryUrls,
    ticket_reply,
    token_reply,
)

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN, TICKET, CARD = TokenKind
SHOP = Account("wx00000000000000a1", "Shop")
CAFE = Account("wx00000000000000b2", "Café")
GAME = Account("wx00000000000000c3", "Game", Platform.MINI_PROGRAM)


class WeChat:
    """Answers every call with a new value, unless a test gives it another answer or makes it hang."""

    def __init__(self) -> None:
        self.minted = 0
        self.refuses: Reply | Silence | None = None  # instead of tokens
        self.refuses_ticket: Reply | Silence | None = None
        self.hanging: set[str] = set()  # appids whose token calls get no answer for now
        self.threads: set[int] = set()  # those that called
        self._go_on = threading.Event()

    def __call__(self, request: Request) -> Reply | Silence:
        self.threads.add(threading.get_ident())
        if dict(request.body or ()).get("appid") in self.hanging:
            self._go_on.wait(20)
        self.minted += 1
        if request.path.endswith("getticket"):
            return self.refuses_ticket or ticket_reply(f"TICKET-{self.minted:04}-{'t' * 40}")
        return self.refuses or token_reply(f"TOKEN-{self.minted:04}-{'a' * 60}")

    def go_on(self) -> None:
        """Answer whoever hangs."""
        self._go_on.set()
        self.hanging.clear()


class PagedHistory(MemoryHistory):
    """The history with the pages that tables read; `reads` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self._go_on = threading.Event()
        self._go_on.set()

    @contextmanager
    def slow(self) -> Iterator[None]:
        """No page is given until this is over."""
        self._go_on.clear()
        yield
        self._go_on.set()

    def page(self, wanted: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]:
        self._go_on.wait(20)
        self.reads += 1
        rows = [HistoryRow(number, entry) for number, entry in enumerate(self.entries, 1)]
        fitting = [
            row
            for row in reversed(rows)
            if (before_id is None or row.id < before_id) and matches(row.entry, wanted)
        ]
        return tuple(fitting[:limit])


class Stage(QObject):
    """Everything that a window or a test of the runtime needs. Time moves only by `later` and `sleep`."""

    def __init__(self, *accounts: Account, lanes: int = 4) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.steady = FakeClock(1000.0)
        self.wechat = WeChat()
        self.transport = FakeTransport(self.wechat)
        self.secrets = FakeSecrets(**{account.appid: SECRET for account in accounts})
        self.dogs = MemoryDogs()
        self.tickets = MemoryTickets()
        self.recent_urls = MemoryUrls()
        self.history = PagedHistory()
        self.accounts = MemoryAccounts(*accounts)
        self.lock = FakeLock()
        self.outlets_lock = FakeLock()
        self.journal = MemoryJournal()
        self.foreign_files = FakeForeignFiles()
        self.commands = FakeCommands()
        self.lanes = Lanes(self.engine, lanes, self)
        self.scheduler = Scheduler(self.clock, self.steady, self)
        self.controller = Controller(
            accounts=self.accounts,
            dogs=self.dogs,
            history=self.history,
            catalogue=CATALOGUE,
            clock=self.clock,
            lanes=self.lanes,
            scheduler=self.scheduler,
            parent=self,
        )
        self.signing = SigningDesk(
            controller=self.controller,
            lanes=self.lanes,
            dogs=self.dogs,
            recent_urls=self.recent_urls,
            clock=self.clock,
            parent=self,
        )
        self.published: list[Overview] = []
        self.attempts: list[Outcome] = []
        self.copied: list[tuple[str, TokenKind, str]] = []
        self.not_copied: list[tuple[str, TokenKind, Entry]] = []
        self.jobs_done: list[tuple[object, object]] = []
        self.crashes: list[str] = []
        self.folders = self.dogs.folders
        self.tidied: list[int] = []  # the threads that did it
        self.controller.changed.connect(self.published.append)
        self.controller.attempted.connect(self.attempts.append)
        self.controller.copy_ready.connect(lambda *copied: self.copied.append(copied))
        self.controller.copy_failed.connect(lambda *failed: self.not_copied.append(failed))
        self.controller.job_done.connect(lambda *done: self.jobs_done.append(done))
        self.controller.crashed.connect(self.crashes.append)

    def engine(self) -> Engine:
        outlets = Outlets(
            dogs=self.dogs,
            files=self.foreign_files,
            commands=self.commands,
            journal=self.journal,
            lock=self.outlets_lock,
            clock=self.clock,
        )
        return Engine(
            refresher=Refresher(
                transport=self.transport,
                secrets=self.secrets,
                dogs=self.dogs,
                tickets=self.tickets,
                lock=self.lock,
                history=self.history,
                catalogue=CATALOGUE,
                clock=self.clock,
                outlets=outlets,
            ),
            book=AccountBook(
                transport=self.transport,
                secrets=self.secrets,
                accounts=self.accounts,
                dogs=self.dogs,
                recent_urls=self.recent_urls,
                lock=self.lock,
                history=self.history,
                catalogue=CATALOGUE,
                outlet_files=self.foreign_files,
                clock=self.clock,
            ),
            inquirer=Inquirer(transport=self.transport, dogs=self.dogs, clock=self.clock),
            outlets=outlets,
            timeline=lambda _appids, since, until, columns: Timeline(since, until, columns),
            page=self.history.page,
            recent_urls=self.recent_urls,
            shelf=TicketShelf(dogs=self.dogs, accounts=self.accounts, earlier=self.tickets, clock=self.clock),
            tidy=lambda: self.tidied.append(threading.get_ident()),
        )

    # -- time -------------------------------------------------------------------------------------

    def beat(self) -> None:
        """What the scheduler's timer does."""
        self.scheduler._on_timeout()

    def later(self, seconds: float) -> None:
        """Awake for that long, and then a beat."""
        self.clock.advance(seconds)
        self.steady.advance(seconds)
        self.beat()

    def jump(self, seconds: float) -> None:
        """The wall clock moves and no time passes: a sleep (forward) or a clock that was set; then a beat."""
        self.clock.advance(seconds)
        self.beat()

    # -- what is ----------------------------------------------------------------------------------

    def put(self, account: Account, kind: TokenKind, value: str, *, age: float, life: int = 7200) -> None:
        """A value on the disk, written by another program `age` seconds ago."""
        record = TokenRecord(value, life, round((self.clock() - age) * 1000), "", account.ahead)
        self.dogs.put(account, kind, dogfile.to_text(record))

    def put_fresh(self, *accounts: Account) -> None:
        """Values that have an hour to go, fetched by Guard Dog itself so that their ages are known."""
        for account in accounts:
            for kind in account.kinds:
                self.put(account, kind, f"FRESH-{kind}-{account.appid}-{'f' * 20}", age=60)

    def key(self, account: Account, kind: TokenKind) -> KeyStatus:
        status = self.controller.overview().account(account.appid)
        assert status is not None
        key = status.key(kind)
        assert key is not None
        return key

    def value(self, account: Account, kind: TokenKind) -> str | None:
        record = self.key(account, kind).record
        return record.value if record is not None else None

    @property
    def is_quiet(self) -> bool:
        """Nothing in flight, nothing about to be told."""
        refreshing = any(key.state is State.REFRESHING for key in self.controller.overview().keys)
        lanes = self.lanes
        working = bool(lanes._waiting or lanes._reads) or any(not lane.is_idle for lane in lanes._all())
        return not refreshing and not working and not self.controller._publisher.isActive()

    def settle(self, qtbot: QtBot) -> None:
        """Wait until everything that was asked for has happened and has been told."""
        qtbot.waitUntil(lambda: self.is_quiet, timeout=10_000)

    def close(self) -> None:
        self.wechat.go_on()
        self.controller.stop()
        assert self.lanes.stop(10_000)


@contextmanager
def stage_with(*accounts: Account, lanes: int = 4) -> Iterator[Stage]:
    """A stage that is cleared away afterwards."""
    stage = Stage(*accounts, lanes=lanes)
    try:
        yield stage
    finally:
        stage.close()
