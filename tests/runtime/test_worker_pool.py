"""Lanes: work off the main thread, a bounded number of them, and an end in order."""

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
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, VerifyCredentials
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.accounts import VerificationResult
from guarddog_gui.services.worker_context import WorkerContext
from tests.runtime.harness import CAFE, GAME, SHOP, RuntimeHarness


class WorkerPoolSetup(QObject):
    """Lanes whose only work is to do what a test says, and a list of what they finished."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.engines = 0
        self.work: Callable[[Account], None] = lambda _: None
        self.workers: list[int] = []
        self.told_in: list[int] = []
        self.done: list[tuple[object, object]] = []
        self.gate = threading.Event()
        self.lanes = WorkerPool(self.engine, most)

    def engine(self) -> WorkerContext:
        self.engines += 1
        nobody: Any = None  # only `check` is called
        return WorkerContext(
            refresher=nobody,
            account_service=cast("Any", self),
            account_queries=nobody,
            exporter=nobody,
            read_timeline=nobody,
            read_history_page=nobody,
            recent_urls=nobody,
            tickets=nobody,
            run_maintenance=nobody,
        )

    def verify_credentials(self, account: Account, _secret: object) -> VerificationResult:
        self.workers.append(threading.get_ident())
        self.work(account)
        entry = HistoryEntry(0.0, account.appid, "ACCESS_TOKEN", Trigger.USER, AttemptResult.NEW)
        return VerificationResult(account, BadAnswer, entry)  # type: ignore[arg-type]  # nobody looks

    @Slot(object, object)
    def _on_ended(self, outcome: object, job: object) -> None:
        self.told_in.append(threading.get_ident())
        self.done.append((job, outcome))

    def submit(self, *accounts: Account) -> None:
        for account in accounts:
            self.lanes.submit(VerifyCredentials(account, None)).notify(self._on_ended, self._on_ended)

    def hang(self, _account: Account) -> None:
        assert self.gate.wait(20)


BadAnswer = object()


@pytest.fixture
def bench(qapp: QApplication) -> Iterator[WorkerPoolSetup]:  # noqa: ARG001 - threads and signals need one
    bench = WorkerPoolSetup(most=2)
    yield bench
    bench.gate.set()
    assert bench.lanes.stop(10_000)


def test_work_is_done_elsewhere_and_its_result_arrives_in_the_main_thread(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    bench.submit(SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 1)
    assert bench.workers[0] != threading.get_ident()
    assert bench.told_in == [threading.get_ident()]
    job, done = bench.done[0]
    assert isinstance(job, VerifyCredentials)
    assert job.account is SHOP
    assert isinstance(done, VerificationResult)


def test_a_hundred_jobs_are_done_by_two_threads_with_an_engine_each(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    bench.submit(*[SHOP] * 100)
    qtbot.waitUntil(lambda: len(bench.done) == 100)
    assert len(set(bench.workers)) == 2
    assert bench.engines == 2


def test_one_job_after_another_needs_one_thread_only(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    for number in range(1, 4):
        bench.submit(SHOP)
        qtbot.waitUntil(lambda: len(bench.done) == number)  # noqa: B023 - waited for in this very round
    assert bench.engines == 1


def test_no_thread_is_there_before_it_is_needed(bench: WorkerPoolSetup) -> None:
    assert bench.engines == 0
    assert not bench.lanes.threads


def test_one_hanging_account_delays_nobody_while_a_lane_is_free(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    bench.work = lambda account: bench.hang(account) if account is CAFE else None
    bench.submit(CAFE, SHOP, GAME, SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 3)
    assert [job.account for job, _ in bench.done if isinstance(job, VerifyCredentials)] == [SHOP, GAME, SHOP]
    bench.gate.set()
    qtbot.waitUntil(lambda: len(bench.done) == 4)


def test_jobs_begin_in_the_order_in_which_they_came(qtbot: QtBot) -> None:
    bench = WorkerPoolSetup(most=1)
    bench.submit(CAFE, SHOP, GAME)
    qtbot.waitUntil(lambda: len(bench.done) == 3)
    assert [job.account for job, _ in bench.done if isinstance(job, VerifyCredentials)] == [CAFE, SHOP, GAME]
    assert bench.lanes.stop(5000)


def test_an_exception_becomes_a_crash_and_the_lane_goes_on(
    bench: WorkerPoolSetup, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(account: Account) -> None:
        if account is CAFE:
            raise ZeroDivisionError("with the text of a secret")

    bench.work = fail
    bench.submit(CAFE)
    qtbot.waitUntil(lambda: len(bench.done) == 1)
    assert bench.done[0][1] == JobCrashed("ZeroDivisionError")
    assert "a job failed" in caplog.text
    bench.submit(SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 2)
    assert isinstance(bench.done[1][1], VerificationResult)
    assert bench.workers[0] == bench.workers[1]


def test_an_engine_that_cannot_be_made_is_a_crash_and_is_tried_again_for_the_next_job(qtbot: QtBot) -> None:
    bench = WorkerPoolSetup(most=1)
    makers = iter([None, bench.engine])

    def make() -> WorkerContext:
        maker = next(makers)
        if maker is None:
            raise RuntimeError
        return maker()

    bench.lanes._make_context = make
    bench.submit(SHOP, SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 2)
    assert bench.done[0][1] == JobCrashed("RuntimeError")
    assert isinstance(bench.done[1][1], VerificationResult)
    assert bench.lanes.stop(5000)


def test_an_expected_exception_comes_back_as_trouble(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    def refuse(_account: Account) -> None:
        raise BadInput(InputProblem.INVALID_APPID)

    bench.work = refuse
    bench.submit(SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 1)
    done = bench.done[0][1]
    assert isinstance(done, JobFailed)
    assert str(done.error) == "bad-appid"


def test_after_a_stop_nothing_is_begun_any_more(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    bench.submit(SHOP)
    qtbot.waitUntil(lambda: len(bench.done) == 1)
    assert bench.lanes.stop(5000)
    bench.submit(SHOP)
    qtbot.wait(50)
    assert len(bench.workers) == 1


def test_a_stop_gives_up_on_a_lane_that_hangs_and_drops_what_waits(bench: WorkerPoolSetup, qtbot: QtBot) -> None:
    bench.work = bench.hang
    bench.submit(SHOP, CAFE, GAME)
    qtbot.waitUntil(lambda: len(bench.workers) == 2)
    assert not bench.lanes.stop(100)
    bench.gate.set()
    assert bench.lanes.stop(5000)
    assert len(bench.workers) == 2


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


def test_a_program_whose_lane_hangs_leaves_at_once_and_without_a_word(hanging_program: Path) -> None:
    left = subprocess.run([sys.executable, hanging_program], capture_output=True, text=True, timeout=20, check=False)
    assert (left.returncode, left.stdout, left.stderr) == (0, "hangs\n", "")


def test_the_same_program_would_be_aborted_if_it_ended_in_the_usual_way(hanging_program: Path) -> None:
    aborted = subprocess.run(
        [sys.executable, hanging_program, "--carry-on"], capture_output=True, text=True, timeout=90, check=False
    )
    assert aborted.returncode != 0
    assert "QThread: Destroyed while thread" in aborted.stderr


def test_a_refresh_reaches_wechat_from_a_lane_and_never_from_the_main_thread(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert harness.wechat.issued_count == 2
    assert threading.get_ident() not in harness.wechat.calling_threads
