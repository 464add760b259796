"""Worker pool: jobs outside the main thread, a limited number of threads, an orderly end."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, VerifyCredentials, WriteExports
from guarddog_gui.runtime.worker_pool import EXPORT_THREADS, WorkerPool
from guarddog_gui.services.accounts.account_verification import VerificationResult
from guarddog_gui.services.worker_context import WorkerContext
from tests.runtime.harness import CAFE, GAME, SHOP, RuntimeHarness


class WorkerPoolSetup(QObject):
    """Pool whose jobs do what a test says, and the list of what they returned."""

    def __init__(self, max_threads: int) -> None:
        super().__init__()
        self.context_count = 0
        self.work: Callable[[Account], None] = lambda _: None
        self.worker_threads: list[int] = []
        self.receiver_threads: list[int] = []
        self.outcomes: list[tuple[object, object]] = []
        self.gate = threading.Event()
        self.pool = WorkerPool(self.make_context, max_threads)

    def make_context(self) -> WorkerContext:
        self.context_count += 1
        unused: Any = None  # only `verify_credentials` is called
        return WorkerContext(
            refresher=unused,
            account_service=cast("Any", self),
            account_removals=unused,
            account_queries=unused,
            exporter=cast("Any", self),
            read_timeline=unused,
            read_history_page=unused,
            add_outcomes=unused,
            recent_urls=unused,
            tickets=unused,
            read_project_folder=unused,
            run_maintenance=unused,
            make_account_transfer=unused,
            make_sharing_service=unused,
            make_page_checker=unused,
            make_address_query=unused,
            make_api_console=unused,
            find_release=unused,
        )

    def verify_credentials(
        self, account: Account, _secret: object, *, proxy_password: object = None
    ) -> VerificationResult:
        assert proxy_password is None
        self.worker_threads.append(threading.get_ident())
        self.work(account)
        entry = HistoryEntry(0.0, account.appid, "ACCESS_TOKEN", Trigger.USER, AttemptResult.NEW)
        return VerificationResult(account, BadAnswer, entry)  # type: ignore[arg-type]  # not looked at

    def export(self, account: Account) -> tuple[ExportStatus, ...]:
        self.hang(account)
        return ()

    @Slot(object, object)
    def _on_ended(self, outcome: object, job: object) -> None:
        self.receiver_threads.append(threading.get_ident())
        self.outcomes.append((job, outcome))

    def submit(self, *accounts: Account) -> None:
        for account in accounts:
            self.pool.submit(VerifyCredentials(account, None)).notify(self._on_ended, self._on_ended)

    def hang(self, _account: Account) -> None:
        assert self.gate.wait(20)


BadAnswer = object()


@pytest.fixture
def setup(qapp: QApplication) -> Iterator[WorkerPoolSetup]:  # noqa: ARG001 - threads and signals need one
    setup = WorkerPoolSetup(max_threads=2)
    yield setup
    setup.gate.set()
    assert setup.pool.stop(10_000)


def test_a_job_runs_in_another_thread_and_its_result_arrives_in_the_main_thread(
    setup: WorkerPoolSetup, qtbot: QtBot
) -> None:
    setup.submit(SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 1)
    assert setup.worker_threads[0] != threading.get_ident()
    assert setup.receiver_threads == [threading.get_ident()]
    job, done = setup.outcomes[0]
    assert isinstance(job, VerifyCredentials)
    assert job.account is SHOP
    assert isinstance(done, VerificationResult)


def test_a_hundred_jobs_are_done_by_two_threads_with_one_context_each(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    setup.submit(*[SHOP] * 100)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 100)
    assert len(set(setup.worker_threads)) == 2
    assert setup.context_count == 2


def test_one_job_after_another_needs_one_thread_only(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    for number in range(1, 4):
        setup.submit(SHOP)
        qtbot.waitUntil(lambda: len(setup.outcomes) == number)  # noqa: B023 - waited for in this very round
    assert setup.context_count == 1


def test_no_thread_starts_before_it_is_needed(setup: WorkerPoolSetup) -> None:
    assert setup.context_count == 0
    assert not setup.pool.threads


def test_a_hanging_account_delays_no_other_while_a_thread_is_free(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    setup.work = lambda account: setup.hang(account) if account is CAFE else None
    setup.submit(CAFE, SHOP, GAME, SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 3)
    assert [job.account for job, _ in setup.outcomes if isinstance(job, VerifyCredentials)] == [SHOP, GAME, SHOP]
    setup.gate.set()
    qtbot.waitUntil(lambda: len(setup.outcomes) == 4)


def test_slow_exports_delay_no_refresh(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    for account in (CAFE, SHOP, GAME, CAFE):
        setup.pool.submit(WriteExports(account))
    setup.submit(SHOP, GAME)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 2)
    assert len(setup.pool.running_jobs()) == EXPORT_THREADS
    assert not setup.pool.is_idle


def test_jobs_start_in_the_order_of_their_submission(qtbot: QtBot) -> None:
    setup = WorkerPoolSetup(max_threads=1)
    setup.submit(CAFE, SHOP, GAME)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 3)
    assert [job.account for job, _ in setup.outcomes if isinstance(job, VerifyCredentials)] == [CAFE, SHOP, GAME]
    assert setup.pool.stop(5000)


def test_an_exception_becomes_a_crash_and_the_thread_continues(
    setup: WorkerPoolSetup, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(account: Account) -> None:
        if account is CAFE:
            raise ZeroDivisionError("with the text of a secret")

    setup.work = fail
    setup.submit(CAFE)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 1)
    assert setup.outcomes[0][1] == JobCrashed("ZeroDivisionError")
    assert "the job VerifyCredentials failed" in caplog.text
    setup.submit(SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 2)
    assert isinstance(setup.outcomes[1][1], VerificationResult)
    assert setup.worker_threads[0] == setup.worker_threads[1]


def test_a_context_that_cannot_be_made_is_a_crash_and_is_made_for_the_next_job(qtbot: QtBot) -> None:
    setup = WorkerPoolSetup(max_threads=1)
    makers = iter([None, setup.make_context])

    def make() -> WorkerContext:
        maker = next(makers)
        if maker is None:
            raise RuntimeError
        return maker()

    setup.pool._make_context = make
    setup.submit(SHOP, SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 2)
    assert setup.outcomes[0][1] == JobCrashed("RuntimeError")
    assert isinstance(setup.outcomes[1][1], VerificationResult)
    assert setup.pool.stop(5000)


def test_an_expected_exception_becomes_a_failure(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    def refuse(_account: Account) -> None:
        raise BadInput(InputProblem.INVALID_APPID)

    setup.work = refuse
    setup.submit(SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 1)
    done = setup.outcomes[0][1]
    assert isinstance(done, JobFailed)
    assert str(done.error) == "bad-appid"


def test_after_a_stop_no_job_starts(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    setup.submit(SHOP)
    qtbot.waitUntil(lambda: len(setup.outcomes) == 1)
    assert setup.pool.stop(5000)
    setup.submit(SHOP)
    qtbot.wait(50)
    assert len(setup.worker_threads) == 1


def test_a_stop_gives_up_on_a_hanging_thread_and_drops_queued_jobs(setup: WorkerPoolSetup, qtbot: QtBot) -> None:
    setup.work = setup.hang
    setup.submit(SHOP, CAFE, GAME)
    qtbot.waitUntil(lambda: len(setup.worker_threads) == 2)
    assert not setup.pool.stop(100)
    setup.gate.set()
    assert setup.pool.stop(5000)
    assert len(setup.worker_threads) == 2


HANGING = """
import os, sys, threading, time
from PySide6.QtCore import QCoreApplication, QTimer
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.runtime.jobs import VerifyCredentials
from guarddog_gui.domain.accounts.account import Account

begun = threading.Event()

def hang():
    begun.set()
    time.sleep(60)

app = QCoreApplication(sys.argv)
pool = WorkerPool(hang)
pool.submit(VerifyCredentials(Account("wx1", "x"), None))
poll = QTimer()
poll.timeout.connect(lambda: app.quit() if begun.is_set() else None)
poll.start(10)
app.exec()
ended = pool.stop(200)
print("ended" if ended else "hangs", flush=True)
if ended or "--carry-on" in sys.argv:
    sys.exit(0)
os._exit(0)
"""


@pytest.fixture
def hanging_program(tmp_path: Path) -> Path:
    program = tmp_path / "hanging.py"
    program.write_text(HANGING)
    return program


def test_a_program_with_a_hanging_thread_exits_at_once_and_silently(hanging_program: Path) -> None:
    left = subprocess.run([sys.executable, hanging_program], capture_output=True, text=True, timeout=20, check=False)
    assert (left.returncode, left.stdout, left.stderr) == (0, "hangs\n", "")


def test_the_same_program_is_aborted_if_it_ends_in_the_usual_way(hanging_program: Path) -> None:
    aborted = subprocess.run(
        [sys.executable, hanging_program, "--carry-on"], capture_output=True, text=True, timeout=90, check=False
    )
    assert aborted.returncode != 0
    assert "QThread: Destroyed while thread" in aborted.stderr


def test_a_refresh_calls_wechat_from_a_worker_and_never_from_the_main_thread(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert harness.wechat.issued_count == 2
    assert threading.get_ident() not in harness.wechat.calling_threads
