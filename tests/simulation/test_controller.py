"""The month of tests/services once more, with the controller of the real program in its middle."""

from collections.abc import Callable
from typing import Any

import pytest

from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.disk.bounded_calls import BoundedCall, BoundedCalls
from guarddog_gui.runtime.jobs import Job, JobHandle, QueryWeChat, RefreshTokens, ResultT, SaveAccount
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.account_queries import NoLiveToken, send_token_check
from guarddog_gui.services.accounts.account_service import AccountSaved
from guarddog_gui.services.calls.refresh_request import RefreshMode
from guarddog_gui.services.refresh import Refresher
from guarddog_gui.services.worker_context import WorkerContext
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW, FakeAccountStore
from tests.simulation.failure_schedule import FailureSchedule
from tests.simulation.simulation import DAY_S, Simulation, make_accounts, summarize


class FinishedJobHandle(JobHandle[Any]):
    """Handle of a job that has already been done: each receiver gets the result when it connects."""

    def __init__(self, job: Job[Any], result: object) -> None:
        super().__init__(job)
        self._result = result

    def notify(self, on_finished: Callable[..., None], on_failed: Callable[..., None]) -> None:
        super().notify(on_finished, on_failed)
        self.finished.emit(self._result, self.job)
        self.finished.disconnect(on_finished)


class InlineWorkerPool(WorkerPool):
    """Does each job at once, in the thread that submits it."""

    def __init__(self, refresher: Refresher) -> None:
        super().__init__(self._no_context)
        self._refresher = refresher
        self._unanswered: list[tuple[JobHandle[Any], object]] = []

    def emit_answers(self) -> None:
        """Give the answers to jobs whose handles have no receivers yet when they are submitted."""
        unanswered, self._unanswered = self._unanswered, []
        for handle, answer in unanswered:
            handle.finished.emit(answer, handle.job)

    def _query(self, query: QueryWeChat) -> object:
        record = self._refresher.dog_files.read(query.account, TokenKind.ACCESS_TOKEN)
        answer = (
            NoLiveToken()
            if record is None
            else send_token_check(self._refresher.transport, query.account, record.value)
        )
        if isinstance(answer, Refusal):
            self._refresher.token_checks.forget_refused(query.account, answer)
        return answer

    def submit(self, job: Job[ResultT]) -> JobHandle[ResultT]:
        submitted: object = job
        if isinstance(submitted, RefreshTokens):
            return FinishedJobHandle(submitted, submitted.with_reading(self._refresher.refresh(submitted.request)))
        handle: JobHandle[ResultT] = JobHandle(job)
        if isinstance(submitted, QueryWeChat):
            self._unanswered.append((handle, self._query(submitted)))
            return handle
        assert isinstance(submitted, SaveAccount)
        self._unanswered.append((handle, AccountSaved(submitted.account)))
        return handle

    def _no_context(self) -> WorkerContext:
        raise AssertionError("nothing here runs in a worker thread")


class InlineCalls(BoundedCalls):
    """Makes each call at once, in the thread that starts it: the disk of the simulation never waits."""

    def _run(self, call: BoundedCall) -> None:
        self._running[call.lane] = call
        call.execution.run()


class RecordingScheduler(Scheduler):
    """Remembers for when it was armed; the world does the waiting."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock, clock)
        self.due_at: float | None = None

    def schedule(self, due_at: float | None) -> None:
        self.due_at = due_at


class ControllerProgram:
    """A controller as a program for the world."""

    def __init__(self, world: Simulation) -> None:
        self._accounts = {account.appid: account for account in world.accounts}
        self._scheduler = RecordingScheduler(world.wall_clock)
        self._worker_pool = InlineWorkerPool(world.refresher)
        self._controller = Controller(
            accounts=FakeAccountStore(*world.accounts),
            dog_files=world.dogs,
            history=world.history,
            errcode_catalog=CATALOGUE,
            clock=world.wall_clock,
            worker_pool=self._worker_pool,
            scheduler=self._scheduler,
            calls=InlineCalls(),
        )
        self._controller.start()

    def tick(self) -> None:
        self._scheduler.ticked.emit()
        self._worker_pool.emit_answers()

    def next_due_at(self) -> float | None:
        self._controller.publish()
        return self._scheduler.due_at

    def request_refresh(self, appid: str, mode: RefreshMode = RefreshMode.ALWAYS) -> None:
        if mode is RefreshMode.FORCE:
            self._controller.force_new_token(appid)
        else:
            self._controller.refresh(appid)

    def on_account_saved(self, appid: str) -> None:
        self._controller.account_jobs.save_account(self._accounts[appid], None)
        self._worker_pool.emit_answers()

    def on_woke(self) -> None:
        self._controller.on_system_resumed()

    def on_network_up(self) -> None:
        self._controller.on_network_restored()

    def on_clock_jump(self, seconds: float) -> None:
        self._scheduler.clock_jumped.emit(seconds)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("seed", [3, 13, 31, 40, 47, 110])
def test_the_controller_recovers_soon_after_every_failure(seed: int) -> None:
    world = Simulation(make_accounts(4), seed, ControllerProgram)
    world.start()
    FailureSchedule(world).schedule_all()

    world.run(NOW + 30 * DAY_S)

    numbers = summarize(world, NOW)
    print(f"\nseed {seed}, {world.tick_count} looks: {numbers}")  # noqa: T201 - for who asks with -s
    late = {key: t.longest_avoidable for key, t in world.stats.items() if t.avoidable_missing_s > 1}
    assert not late, f"without a value at these seconds: {late}"
    checks = numbers.calls_by_endpoint.get("get_api_domain_ip", 0.0)  # they have a quota of their own
    assert numbers.calls_per_account_per_day - checks < 90
    assert checks < 100  # of a classic account 360 to 1440 while it is awake
    assert world.tick_count < 60_000  # it does not spin
