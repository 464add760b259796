"""Callbacks that wait for the value of a key."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any

Callback = Callable[[Any], object]

log = logging.getLogger(__name__)


class CallbackQueue:
    """Queue of callbacks, called one at a time in the order of the requests. Thread-safe."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._lock = Lock()
        self._waiting: deque[tuple[Callback, Callback | None]] = deque()
        self._is_running = False

    def add(self, callback: Callback, on_error: Callback | None, *, must_wait: bool) -> bool:
        """Add a callback if it has to wait: for a load (`must_wait`), or for earlier callbacks.

        Returns:
            False if it was not added and may be called at once.
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
