"""A running load, and the readers, callbacks and other loads that wait for it."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Event, Lock
from typing import Any

from guarddog_gui.domain.tokens.dog_format import DogRecord
from guarddog_gui.guard_dog.loader import LoadFailure

Callback = Callable[[Any], object]

log = logging.getLogger(__name__)


class PendingLoad:
    """A running load.

    Attributes:
        finished: set when the load has ended.
        result: valid after that.
        entry_chain: the entries whose loaders asked for one another and so caused this load; its own is last.
            A loader that asks for a key in its chain would wait for itself.
    """

    __slots__ = ("entry_chain", "finished", "result", "waiting_for")

    def __init__(self, entry_chain: tuple[object, ...]) -> None:
        self.entry_chain = entry_chain
        self.finished = Event()
        self.result: DogRecord | LoadFailure = LoadFailure("the load was broken off")
        self.waiting_for: PendingLoad | None = None

    def wait_for(self, other: "PendingLoad") -> bool:
        """Wait until the other load has ended.

        Return False without waiting if the other load waits for this one, directly or through further loads.
        """
        self.waiting_for = other  # before the check: of two loads that do this at once, one sees the other
        try:
            visited: set[int] = set()
            load: PendingLoad | None = other
            while load is not None and id(load) not in visited:
                if load is self:
                    return False
                visited.add(id(load))
                load = load.waiting_for
            other.finished.wait()
        finally:
            self.waiting_for = None
        return True


class CallbackQueue:
    """Queue of callbacks, called one at a time in the order of the requests. Thread-safe."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._lock = Lock()
        self._waiting: deque[tuple[Callback, Callback | None]] = deque()
        self._is_running = False

    def add(self, callback: Callback, on_error: Callback | None, *, must_wait: bool) -> bool:
        """Add a callback if it has to wait: for a load (`must_wait`), or for earlier callbacks.

        Return False if it was not added and may be called at once.
        """
        with self._lock:
            if must_wait or self._is_running or self._waiting:
                self._waiting.append((callback, on_error))
                return True
            return False

    def run(self, call: Callable[[Callback, Callback | None], None]) -> None:
        """Pass all waiting callbacks to `call`; if another thread is doing so, leave them to it."""
        with self._lock:
            if self._is_running:
                return
            self._is_running = True
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_running = False
                    return
                callback, on_error = self._waiting.popleft()
            try:
                call(callback, on_error)
            except BaseException:  # such as sys.exit(), which would end this thread and not the program
                log.exception("%s: a callback wanted to end this thread", self._key)
