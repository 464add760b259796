"""A small fixed set of QThreads: whatever may wait for network, keyring or disk happens in one of them."""

import logging
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from guarddog_gui.runtime.jobs import (
    HistoryPageQuery,
    Job,
    JobCrashed,
    JobResult,
    RememberUrl,
    TimelineQuery,
    run_job,
)
from guarddog_gui.services.worker_context import WorkerContext

MAX_THREADS = 4

log = logging.getLogger(__name__)


class Worker(QObject):
    """Lives in its lane's thread, with an engine of its own that is made when it is first needed."""

    finished = Signal(object)  # Done

    def __init__(self, make_context: Callable[[], WorkerContext]) -> None:
        super().__init__()
        self._make_context = make_context
        self._context: WorkerContext | None = None

    @Slot(object)
    def run(self, job: Job) -> None:
        """Do the job and say what came of it; never leaves the lane without an answer."""
        self.finished.emit(self._run_and_catch(job))

    @Slot()
    def reset_context(self) -> None:
        """Make a new engine for the next job: the old one's connection is to another address."""
        self._context = None

    def _run_and_catch(self, job: Job) -> JobResult:
        try:
            if self._context is None:
                self._context = self._make_context()
            return run_job(job, self._context)
        except Exception as surprise:  # the border of the thread: nothing may get past it
            log.exception("a job failed")
            return JobCrashed(type(surprise).__name__)


class WorkerThread(QObject):
    """One thread and its worker. The thread outlives every job; see `Lanes.stop`."""

    job_done = Signal(object, object)  # Job, Done

    _job_given = Signal(object)  # Job
    _context_reset = Signal()

    def __init__(self, make_context: Callable[[], WorkerContext], parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._thread = QThread(self)
        self._thread.setObjectName("guarddog-lane")
        self._worker = Worker(make_context)
        self._worker.moveToThread(self._thread)
        self._job_given.connect(self._worker.run)
        self._context_reset.connect(self._worker.reset_context)
        self._worker.finished.connect(self._on_finished)
        self._thread.start()

    @property
    def current_job(self) -> Job | None:
        """What it is doing."""
        return self._job

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a job."""
        return self._job is None

    def start_job(self, job: Job) -> None:
        """Hand it a job; only while idle."""
        self._job = job
        self._job_given.emit(job)

    def reset_context(self) -> None:
        """A new engine for its next job."""
        self._context_reset.emit()

    @Slot(object)
    def _on_finished(self, job_result: JobResult) -> None:
        job, self._job = self._job, None
        if job is not None:
            self.job_done.emit(job, job_result)

    def quit(self) -> None:
        """Ask the thread to end after its job."""
        self._thread.quit()

    def wait(self, deadline: QDeadlineTimer) -> bool:
        """Wait for the end, at most until the deadline."""
        return self._thread.wait(deadline)


class WorkerPool(QObject):
    """Hands jobs to idle lanes in the order in which they came; at most `most` threads, made when needed.

    One more lane reads the history, so that a window never waits for WeChat; it notes addresses, too, because
    one lane keeps their order: what is forgotten must not be remembered afterwards.
    """

    job_done = Signal(object, object)  # Job, Done

    def __init__(
        self,
        make_context: Callable[[], WorkerContext],
        max_threads: int = MAX_THREADS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_context = make_context
        self._max_threads = max_threads
        self._threads: list[WorkerThread] = []
        self._queue: deque[Job] = deque()
        self._history_thread: WorkerThread | None = None
        self._history_queue: deque[Job] = deque()
        self._is_stopping = False

    def submit(self, job: Job) -> None:
        """Do it as soon as a lane is free."""
        if self._is_stopping:
            return
        (
            self._history_queue
            if isinstance(job, TimelineQuery | HistoryPageQuery | RememberUrl)
            else self._queue
        ).append(job)
        self._dispatch()

    def reset_contexts(self) -> None:
        """New engines for all jobs from now on; those under way end with the old ones."""
        for lane in self._threads:
            lane.reset_context()

    def _dispatch(self) -> None:
        if self._is_stopping:
            return
        if self._history_queue:
            if self._history_thread is None:
                self._history_thread = self._make_thread()
            if self._history_thread.is_idle:
                self._history_thread.start_job(self._history_queue.popleft())
        while self._queue:
            lane = next((lane for lane in self._threads if lane.is_idle), None)
            if lane is None:
                if len(self._threads) >= self._max_threads:
                    return
                lane = self._make_thread()
                self._threads.append(lane)
            lane.start_job(self._queue.popleft())

    def _make_thread(self) -> WorkerThread:
        lane = WorkerThread(self._make_context, self)
        lane.job_done.connect(self._on_job_done)
        return lane

    @Slot(object, object)
    def _on_job_done(self, job: Job, job_result: JobResult) -> None:
        self._dispatch()
        self.job_done.emit(job, job_result)

    def running_jobs(self) -> tuple[Job, ...]:
        """The jobs that have begun and whose end nobody has heard of."""
        return tuple(lane.current_job for lane in self._all_threads() if lane.current_job is not None)

    def _all_threads(self) -> tuple[WorkerThread, ...]:
        return (
            (*self._threads, self._history_thread)
            if self._history_thread is not None
            else tuple(self._threads)
        )

    def stop(self, timeout_ms: int) -> bool:
        """End all threads; False when one still hangs after `wait_ms`.

        A QThread object that is destroyed while it runs aborts the process, so after False the caller has
        to leave by `os._exit` once everything is written.
        """
        self._is_stopping = True
        self._queue.clear()
        self._history_queue.clear()
        for lane in self._all_threads():
            lane.quit()
        deadline = QDeadlineTimer(timeout_ms)
        ended = [lane.wait(deadline) for lane in self._all_threads()]
        return all(ended)
