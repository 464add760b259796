"""Timer thread of a `GuardDog`."""

import logging
import math
from collections.abc import Callable
from threading import Condition, Thread

POLL_S = 30.0  # longest wait, since the clock may be set or the computer may sleep meanwhile

log = logging.getLogger(__name__)


class RefreshTimer:
    """Thread that calls `run_due` at the Unix time it returned, on `wake`, and at least every 30 seconds."""

    def __init__(self, run_due: Callable[[], float], clock: Callable[[], float]) -> None:
        self._run_due = run_due
        self._clock = clock
        self._condition = Condition()
        self._is_woken = False
        self._is_stopped = False
        Thread(target=self._run, name="guard_dog alarm", daemon=True).start()  # daemon: the program may end

    def wake(self) -> None:
        """Call `run_due` now."""
        with self._condition:
            self._is_woken = True
            self._condition.notify()

    def stop(self) -> None:
        """End the thread; a running call is completed."""
        with self._condition:
            self._is_stopped = True
            self._condition.notify()

    def _run(self) -> None:
        due_at = -math.inf
        while True:
            with self._condition:
                if not self._is_woken and not self._is_stopped:
                    self._condition.wait(min(max(due_at - self._clock(), 0.0), POLL_S))
                if self._is_stopped:
                    return
                self._is_woken = False
            try:
                due_at = self._run_due()
            except Exception:  # the timer must go on
                log.exception("looking at what is due ended by a mistake of our own")
                due_at = self._clock() + POLL_S
