"""Calls that read or write files, in threads of their own: the main thread waits for none of them.

A home or a `.dog` folder may be on a network share that hangs, and another process may hold a lock or the database
of the history. A disk in order answers within a millisecond, and then the answer is used at once, so that a window
shows what is on disk and a click copies the newest value. Whatever takes longer arrives by a signal.

These are Python's threads and no jobs of the `WorkerPool`: a hung call must take no thread from the refreshes, and
a daemon thread does not keep the process from ending.
"""

import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, TypeVar

from guarddog_gui.domain.errors import FileError
from guarddog_gui.runtime.qt_core import (  # do not import Qt: its enums delay the tray icon by 10 ms
    QObject,
    Signal,
    Slot,
)

HOME_LANE, WINDOW_LANE = "home", "window"
# these have one thread for all their calls, because each thread opens the history anew
_KEPT_LANES = frozenset({HOME_LANE, WINDOW_LANE})
QUICK_WAIT_S = 0.02  # longest wait of the main thread, which is to be away for 50 ms at most

T = TypeVar("T")

log = logging.getLogger(__name__)


class _Execution:
    """Work of one call and its result: the part of a call that its thread knows.

    The thread that drops the last reference to a widget deletes it, and the process crashes if this is not the main
    thread. So the thread never gets the receiver of the result, and drops the work before `done` is set.
    """

    def __init__(self, lane: str, work: Callable[[], Any]) -> None:
        self.lane = lane
        self.done = Event()
        self.has_result = False
        self.result: Any = None
        self._work: Callable[[], Any] | None = work

    def run(self) -> None:
        try:
            if self._work is not None:
                self.result = self._work()
                self.has_result = True
        except Exception:  # nothing may leave the thread: the lane would never be free again
            log.exception("a call of the lane %r failed", self.lane)
        self._work = None
        self.done.set()


class BoundedCall:
    """One call as the main thread knows it, which has a result after `done` unless it has failed."""

    def __init__(self, lane: str, work: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        self.lane = lane
        self.execution = _Execution(lane, work)
        self._work = work  # the last reference to it is this one, not the one of the thread
        self._on_done = on_done

    @property
    def done(self) -> Event:
        return self.execution.done

    def deliver(self) -> None:
        """Hand the result over, in the main thread."""
        if self.execution.has_result:
            self._on_done(self.execution.result)


class _LaneThread(Thread):
    """Thread that makes the calls of one lane in their order."""

    def __init__(self, lane: str, report: Callable[[], None]) -> None:
        super().__init__(name=f"guarddog-{lane}", daemon=True)
        self.executions: SimpleQueue[_Execution | None] = SimpleQueue()
        self._report: Callable[[], None] | None = report
        self._report_lock = Lock()
        self.start()

    def run(self) -> None:
        while (execution := self.executions.get()) is not None:
            execution.run()
            del execution  # its result is not kept until the next call
            with self._report_lock:
                if self._report is not None:
                    self._report()

    def end(self) -> None:
        """End the thread after the calls that it has; it drops `report`, the object of which it must not delete."""
        self.executions.put(None)
        with self._report_lock:
            self._report = None


class BoundedCalls(QObject):
    """One thread per lane. At most one call of a lane runs; of those submitted meanwhile the last one follows."""

    _call_ended = Signal()

    def __init__(self, quick_wait_s: float = QUICK_WAIT_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.quick_wait_s = quick_wait_s
        self._threads: dict[str, _LaneThread] = {}
        self._running: dict[str, BoundedCall] = {}
        self._next: dict[str, BoundedCall] = {}
        self._is_stopping = False
        self._call_ended.connect(self._deliver_ended)  # emitted by the threads of the lanes, so it is queued

    def is_busy(self, lane: str) -> bool:
        return lane in self._running

    @property
    def is_idle(self) -> bool:
        return not self._running

    def start(self, lane: str, work: Callable[[], T], on_done: Callable[[T], None]) -> bool:
        """Make a call; `on_done` gets the result in the main thread, soon or never.

        While the lane is busy the call has to wait, a later one takes its place, and False is returned.
        """
        if self._is_stopping:
            return False
        call = BoundedCall(lane, work, on_done)
        if lane in self._running:
            self._next[lane] = call
            return False
        self._run(call)
        return True

    def ask(self, lane: str, work: Callable[[], T], on_done: Callable[[T], None]) -> None:
        """Make a call, and hand its result over before returning if it comes soon."""
        if self.start(lane, work, on_done):
            self.wait(lane)

    def _run(self, call: BoundedCall) -> None:
        self._running[call.lane] = call
        thread = self._threads.get(call.lane)
        if thread is None:
            thread = self._threads[call.lane] = _LaneThread(call.lane, self._report_end)
        thread.executions.put(call.execution)

    def _report_end(self) -> None:
        try:
            self._call_ended.emit()
        except RuntimeError:  # the call has outlived this object
            log.debug("a call ended after the end of the program")

    def wait(self, *lanes: str, deadline: float | None = None) -> bool:
        """Deliver what these lanes answer soon; return False if one of them still has no answer.

        `deadline` is a monotonic time, by default `quick_wait_s` from now.
        """
        until = self.deadline() if deadline is None else deadline
        running = [call for lane in lanes if (call := self._running.get(lane)) is not None]
        has_ended = all(call.done.wait(max(0.0, until - time.monotonic())) for call in running)
        self._deliver_ended()
        return has_ended

    def deadline(self) -> float:
        return time.monotonic() + self.quick_wait_s

    def call(self, lane: str, work: Callable[[], T], fallback: Callable[[], T]) -> T:
        """Return the result, or that of `fallback` if the lane is busy or the call takes long."""
        if self._is_stopping or lane in self._running:
            return fallback()
        results: list[T] = []
        self.start(lane, work, results.append)
        self.wait(lane)
        return results[0] if results else fallback()

    def _end_thread(self, lane: str) -> None:
        thread = self._threads.pop(lane, None)
        if thread is not None:
            thread.end()

    @Slot()
    def _deliver_ended(self) -> None:
        if self._is_stopping:
            return
        for lane, call in tuple(self._running.items()):
            if call.done.is_set() and self._running.get(lane) is call:
                del self._running[lane]
                if lane in self._next:
                    self._run(self._next.pop(lane))
                elif lane not in _KEPT_LANES:
                    self._end_thread(lane)
                call.deliver()

    def finish(self, timeout_s: float) -> bool:
        """Wait at the end of the program for the calls that run or follow; return False if one still runs then."""
        deadline = time.monotonic() + timeout_s
        while self._running:
            if not self.wait(*self._running, deadline=deadline):
                return False
        return True

    def stop(self) -> None:
        """Deliver nothing more; calls that run are left to end by themselves."""
        self._is_stopping = True
        self._next.clear()
        for lane in tuple(self._threads):
            self._end_thread(lane)


def error_of(action: Callable[[], object]) -> FileError | None:
    """Return the FileError that the action raises, to be shown by another thread."""
    try:
        action()
    except FileError as error:
        return error
    return None


def run_bounded(action: Callable[[], object], timeout_s: float) -> bool:
    """Run an action in a thread at the end of the program; return False if it takes longer than that."""
    execution = _Execution("end", action)
    Thread(target=execution.run, name="guarddog-end", daemon=True).start()
    return execution.done.wait(timeout_s)
