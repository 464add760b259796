"""Event loop of one thread: calls from other threads, timers and sockets, in the order of Qt's."""

import heapq
import itertools
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import ClassVar

Call = Callable[[], object]


class EventLoop:
    """Loop that `run` keeps going until `quit`; `post` and `quit` may be called in any thread."""

    _local: ClassVar[threading.local] = threading.local()

    def __init__(self, *, belongs_here: bool) -> None:
        """Make a loop for the current thread, or for one that will call `adopt_thread`."""
        self._thread_id = threading.get_ident() if belongs_here else None
        self._calls: deque[Call] = deque()
        self._timers: list[tuple[float, int, Call]] = []
        self._cancelled: set[int] = set()
        self._numbers = itertools.count()
        self._readers: dict[int, Call] = {}
        self._wake_up: Call | None = None
        self._is_quitting = False

    @classmethod
    def current(cls) -> "EventLoop":
        """Return the loop of this thread."""
        loop: EventLoop | None = getattr(cls._local, "loop", None)
        if loop is None:
            loop = cls._local.loop = EventLoop(belongs_here=True)
        return loop

    def adopt_thread(self) -> None:
        """Become the loop of the current thread."""
        self._thread_id = threading.get_ident()
        self._local.loop = self

    @property
    def is_current(self) -> bool:
        return self._thread_id == threading.get_ident()

    def post(self, call: Call) -> None:
        """Make the call in the loop's thread, after those that were posted before."""
        self._calls.append(call)
        self._wake()

    def quit(self) -> None:
        self._is_quitting = True
        self._wake()

    def start_timer(self, wait_s: float, call: Call) -> int:
        """Make the call once in that many seconds; return the number for `cancel_timer`."""
        number = next(self._numbers)
        heapq.heappush(self._timers, (time.monotonic() + max(0.0, wait_s), number, call))
        return number

    def cancel_timer(self, number: int) -> None:
        self._cancelled.add(number)

    def add_reader(self, descriptor: int, call: Call) -> None:
        """Make the call whenever the socket can be read; only before `run`, or in a call of the loop."""
        self._readers[descriptor] = call

    def remove_reader(self, descriptor: int) -> None:
        self._readers.pop(descriptor, None)

    def run(self, *, ignore_earlier_quit: bool) -> None:
        """Make calls until `quit`. Qt's main loop ignores a `quit` from before, that of a thread does not."""
        if ignore_earlier_quit:
            self._is_quitting = False
        wake_reader, wake_writer = socket.socketpair()
        with wake_reader, wake_writer:
            wake_reader.setblocking(False)
            wake_writer.setblocking(False)
            self._wake_up = _waker(wake_writer)
            try:
                while not self._is_quitting:
                    self._run_once(wake_reader)
            finally:
                self._wake_up = None

    def _run_once(self, wake_reader: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(wake_reader, selectors.EVENT_READ)
            for descriptor in self._readers:
                selector.register(descriptor, selectors.EVENT_READ)
            ready = [key.fd for key, _ in selector.select(self._seconds_to_wait())]
        if wake_reader.fileno() in ready:
            try:
                wake_reader.recv(4096)
            except BlockingIOError:
                pass
        for descriptor in ready:
            if reader := self._readers.get(descriptor):
                run_and_report(reader)
        self._run_due_timers()
        for _ in range(len(self._calls)):
            if self._is_quitting:
                return
            run_and_report(self._calls.popleft())

    def _seconds_to_wait(self) -> float | None:
        while self._timers and self._timers[0][1] in self._cancelled:
            self._cancelled.discard(heapq.heappop(self._timers)[1])
        if self._calls:
            return 0
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _run_due_timers(self) -> None:
        now = time.monotonic()
        due = []
        while self._timers and self._timers[0][0] <= now:
            due.append(heapq.heappop(self._timers))
        for _, number, call in due:
            if number in self._cancelled:
                self._cancelled.discard(number)
            elif not self._is_quitting:
                run_and_report(call)

    def _wake(self) -> None:
        wake_up = self._wake_up
        if wake_up is not None and not self.is_current:
            wake_up()


def run_and_report(call: Call) -> None:
    """Make a call. As in Qt, an exception goes to `sys.excepthook` and the loop goes on."""
    try:
        call()
    except Exception:  # noqa: BLE001 - whatever a slot raises
        sys.excepthook(*sys.exc_info())


def _waker(writer: socket.socket) -> Call:
    def wake_up() -> None:
        try:
            writer.send(b"\0")
        except OSError:  # full, so that the loop wakes anyway, or closed after its end
            return

    return wake_up
