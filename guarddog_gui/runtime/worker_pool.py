"""A small fixed set of QThreads: whatever may wait for network, keyring or disk happens in one of them."""

import logging
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from guarddog_gui.runtime.jobs import Crash, Done, Draw, Job, Leaf, NoteUrl, carry_out
from guarddog_gui.services.worker_context import Engine

LANES = 4

log = logging.getLogger(__name__)


class LaneWorker(QObject):
    """Lives in its lane's thread, with an engine of its own that is made when it is first needed."""

    finished = Signal(object)  # Done

    def __init__(self, make_engine: Callable[[], Engine]) -> None:
        super().__init__()
        self._make_engine = make_engine
        self._engine: Engine | None = None

    @Slot(object)
    def carry_out(self, job: Job) -> None:
        """Do the job and say what came of it; never leaves the lane without an answer."""
        self.finished.emit(self._done(job))

    @Slot()
    def renew(self) -> None:
        """Make a new engine for the next job: the old one's connection is to another address."""
        self._engine = None

    def _done(self, job: Job) -> Done:
        try:
            if self._engine is None:
                self._engine = self._make_engine()
            return carry_out(job, self._engine)
        except Exception as surprise:  # the border of the thread: nothing may get past it
            log.exception("a job failed")
            return Crash(type(surprise).__name__)


class Lane(QObject):
    """One thread and its worker. The thread outlives every job; see `Lanes.stop`."""

    finished = Signal(object, object)  # Job, Done

    _given = Signal(object)  # Job
    _renewed = Signal()

    def __init__(self, make_engine: Callable[[], Engine], parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._thread = QThread(self)
        self._thread.setObjectName("guarddog-lane")
        self._worker = LaneWorker(make_engine)
        self._worker.moveToThread(self._thread)
        self._given.connect(self._worker.carry_out)
        self._renewed.connect(self._worker.renew)
        self._worker.finished.connect(self._on_finished)
        self._thread.start()

    @property
    def job(self) -> Job | None:
        """What it is doing."""
        return self._job

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a job."""
        return self._job is None

    def give(self, job: Job) -> None:
        """Hand it a job; only while idle."""
        self._job = job
        self._given.emit(job)

    def renew(self) -> None:
        """A new engine for its next job."""
        self._renewed.emit()

    @Slot(object)
    def _on_finished(self, done: Done) -> None:
        job, self._job = self._job, None
        if job is not None:
            self.finished.emit(job, done)

    def quit(self) -> None:
        """Ask the thread to end after its job."""
        self._thread.quit()

    def has_ended(self, deadline: QDeadlineTimer) -> bool:
        """Wait for the end, at most until the deadline."""
        return self._thread.wait(deadline)


class Lanes(QObject):
    """Hands jobs to idle lanes in the order in which they came; at most `most` threads, made when needed.

    One more lane reads the history, so that a window never waits for WeChat; it notes addresses, too, because
    one lane keeps their order: what is forgotten must not be remembered afterwards.
    """

    finished = Signal(object, object)  # Job, Done

    def __init__(
        self, make_engine: Callable[[], Engine], most: int = LANES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_engine = make_engine
        self._most = most
        self._lanes: list[Lane] = []
        self._waiting: deque[Job] = deque()
        self._reader: Lane | None = None
        self._reads: deque[Job] = deque()
        self._stopping = False

    def submit(self, job: Job) -> None:
        """Do it as soon as a lane is free."""
        if self._stopping:
            return
        (self._reads if isinstance(job, Draw | Leaf | NoteUrl) else self._waiting).append(job)
        self._hand_out()

    def renew(self) -> None:
        """New engines for all jobs from now on; those under way end with the old ones."""
        for lane in self._lanes:
            lane.renew()

    def _hand_out(self) -> None:
        if self._stopping:
            return
        if self._reads:
            if self._reader is None:
                self._reader = self._new_lane()
            if self._reader.is_idle:
                self._reader.give(self._reads.popleft())
        while self._waiting:
            lane = next((lane for lane in self._lanes if lane.is_idle), None)
            if lane is None:
                if len(self._lanes) >= self._most:
                    return
                lane = self._new_lane()
                self._lanes.append(lane)
            lane.give(self._waiting.popleft())

    def _new_lane(self) -> Lane:
        lane = Lane(self._make_engine, self)
        lane.finished.connect(self._on_finished)
        return lane

    @Slot(object, object)
    def _on_finished(self, job: Job, done: Done) -> None:
        self._hand_out()
        self.finished.emit(job, done)

    def under_way(self) -> tuple[Job, ...]:
        """The jobs that have begun and whose end nobody has heard of."""
        return tuple(lane.job for lane in self._all() if lane.job is not None)

    def _all(self) -> tuple[Lane, ...]:
        return (*self._lanes, self._reader) if self._reader is not None else tuple(self._lanes)

    def stop(self, wait_ms: int) -> bool:
        """End all threads; False when one still hangs after `wait_ms`.

        A QThread object that is destroyed while it runs aborts the process, so after False the caller has
        to leave by `os._exit` once everything is written.
        """
        self._stopping = True
        self._waiting.clear()
        self._reads.clear()
        for lane in self._all():
            lane.quit()
        deadline = QDeadlineTimer(wait_ms)
        ended = [lane.has_ended(deadline) for lane in self._all()]
        return all(ended)
