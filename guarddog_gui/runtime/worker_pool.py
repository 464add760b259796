"""A few long-lived QThreads for everything that may wait for the network, the keyring or the disk."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from guarddog_gui.runtime import jobs
from guarddog_gui.runtime.jobs import EXPECTED_ERRORS, Job, JobCrashed, JobFailed, JobHandle, ResultT
from guarddog_gui.runtime.qt_core import QDeadlineTimer, QObject, QThread, Signal, Slot

if TYPE_CHECKING:  # made, with all services, in the thread that needs it
    from guarddog_gui.services.worker_context import WorkerContext

MAX_THREADS = 4
CALL_THREADS = 2  # of the API console
# names for `thread_group` of a job that is imported late; the others are listed in `jobs`
CALL_GROUP, HISTORY_GROUP = "calls", "history"
EXPORT_THREADS = 2  # a slow export command of one account does not hold up the files of the others

log = logging.getLogger(__name__)


class Worker(QObject):
    """Runs jobs in its thread, with a `WorkerContext` of its own that is made for the first of them."""

    ended = Signal(object)  # the result, a JobFailed or a JobCrashed

    def __init__(self, make_context: Callable[[], WorkerContext]) -> None:
        super().__init__()
        self._make_context = make_context
        self._context: WorkerContext | None = None

    @Slot(object)
    def run(self, job: Job[object]) -> None:
        """Run the job and emit `ended` in every case: a thread without it would never be idle again."""
        self.ended.emit(self._run_and_catch(job))

    @Slot()
    def reset_context(self) -> None:
        self._context = None

    def _run_and_catch(self, job: Job[object]) -> object:
        try:
            self._context = self._context or self._make_context()
            try:
                return job.run(self._context)
            except EXPECTED_ERRORS as error:
                return JobFailed(error)
        except BaseException as error:  # nothing may leave the thread: Qt would only print it, or end the program
            log.exception("the job %s failed", type(job).__name__)
            return JobCrashed(type(error).__name__)


class WorkerThread(QThread):
    """A thread and its worker, seen from the main thread. It outlives every job; see `WorkerPool.stop`."""

    became_idle = Signal()
    context_reset = Signal()  # use a new context from the next job on

    _job_started = Signal(object)  # Job

    def __init__(self, make_context: Callable[[], WorkerContext], parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("guarddog-worker")
        self.handle: JobHandle[Any] | None = None  # of the running job
        self._worker = Worker(make_context)
        self._worker.moveToThread(self)
        self._job_started.connect(self._worker.run)
        self.context_reset.connect(self._worker.reset_context)
        self._worker.ended.connect(self._on_worker_ended)
        self.start()

    def start_job(self, handle: JobHandle[Any]) -> None:
        self.handle = handle
        self._job_started.emit(handle.job)

    @Slot(object)
    def _on_worker_ended(self, outcome: object) -> None:
        handle, self.handle = self.handle, None
        self.became_idle.emit()  # first: the next job need not wait for the receivers of this one
        if handle is None:
            return
        if isinstance(outcome, JobFailed | JobCrashed):
            handle.failed.emit(outcome, handle.job)
        else:
            handle.finished.emit(outcome, handle.job)


class ThreadGroup(Struct, frozen=True):
    """A queue of jobs and the threads that work on it."""

    max_threads: int
    threads: list[WorkerThread] = field(default_factory=list)
    queue: deque[JobHandle[Any]] = field(default_factory=deque)


class WorkerPool(QObject):
    """Distributes jobs among at most `max_threads` threads, first come first served; threads start on demand.

    `HISTORY_JOBS` have one more thread to themselves: a window never waits for WeChat to show its history,
    and URLs are remembered and forgotten in the order in which the user did it. `EXPORT_JOBS` have
    EXPORT_THREADS to themselves: the user's export commands may be slow, and must not delay a refresh. So it is with
    the calls of the API console and CALL_THREADS.
    """

    def __init__(
        self, make_context: Callable[[], WorkerContext], max_threads: int = MAX_THREADS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_context = make_context
        self._group = ThreadGroup(max_threads)
        self._history_group = ThreadGroup(1)
        self._export_group = ThreadGroup(EXPORT_THREADS)
        self._call_group = ThreadGroup(CALL_THREADS)
        self._groups = (self._history_group, self._group, self._export_group, self._call_group)
        self._is_stopping = False

    def submit(self, job: Job[ResultT]) -> JobHandle[ResultT]:
        """Run the job as soon as a thread is idle; after `stop` its handle never emits anything."""
        handle = JobHandle(job)
        if not self._is_stopping:
            self._group_for(job).queue.append(handle)
            self._dispatch()
        return handle

    def _group_for(self, job: Job[object]) -> ThreadGroup:
        group_name = getattr(job, "thread_group", "")
        if group_name == CALL_GROUP:
            return self._call_group
        if type(job) in jobs.HISTORY_JOBS or group_name == HISTORY_GROUP:
            return self._history_group
        return self._export_group if type(job) in jobs.EXPORT_JOBS else self._group

    def reset_contexts(self) -> None:
        """Use new contexts from the next jobs on; running jobs end with the old ones."""
        for thread in self.threads:
            thread.context_reset.emit()

    @Slot()
    def _dispatch(self) -> None:
        for group in self._groups:
            while group.queue and not self._is_stopping:
                thread = next((thread for thread in group.threads if thread.handle is None), None)
                if thread is None:
                    if len(group.threads) >= group.max_threads:
                        break
                    thread = WorkerThread(self._make_context, self)
                    thread.became_idle.connect(self._dispatch)
                    group.threads.append(thread)
                thread.start_job(group.queue.popleft())

    @property
    def is_idle(self) -> bool:
        return not (any(group.queue for group in self._groups) or self.running_jobs())

    def running_jobs(self) -> tuple[Job[object], ...]:
        return tuple(thread.handle.job for thread in self.threads if thread.handle is not None)

    @property
    def threads(self) -> tuple[WorkerThread, ...]:
        return tuple(thread for group in self._groups for thread in group.threads)

    def stop(self, timeout_ms: int) -> bool:
        """End all threads and drop queued jobs; return False if one still runs after `timeout_ms`.

        Qt aborts the process when a running QThread is destroyed. After False the caller therefore has to
        leave by `os._exit` once everything is written.
        """
        self._is_stopping = True
        for group in self._groups:
            group.queue.clear()
        for thread in self.threads:
            thread.quit()
        deadline = QDeadlineTimer(timeout_ms)
        has_ended = [thread.wait(deadline) for thread in self.threads]
        return all(has_ended)
