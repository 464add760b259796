"""A thread that wakes when a value is due, and looks at the clock often enough to notice a sleep."""

import logging
import math
from collections.abc import Callable
from threading import Condition, Thread

POLL_S = 30.0  # the clock may have been set, the machine may have slept

log = logging.getLogger(__name__)


class RefreshTimer:
    """Calls `tend` at the Unix time that it gave at the last call, at a nudge, and every half minute."""

    def __init__(self, run_due: Callable[[], float], clock: Callable[[], float]) -> None:
        self._run_due = run_due
        self._clock = clock
        self._condition = Condition()
        self._is_woken = False
        self._is_stopped = False
        Thread(target=self._run, name="guard_dog alarm", daemon=True).start()  # exit does not wait for it

    def wake(self) -> None:
        """Look now."""
        with self._condition:
            self._is_woken = True
            self._condition.notify()

    def stop(self) -> None:
        """Never call again; a call under way ends."""
        with self._condition:
            self._is_stopped = True
            self._condition.notify()

    def _run(self) -> None:
        at = -math.inf
        while True:
            with self._condition:
                if not self._is_woken and not self._is_stopped:
                    self._condition.wait(min(max(at - self._clock(), 0.0), POLL_S))
                if self._is_stopped:
                    return
                self._is_woken = False
            try:
                at = self._run_due()
            except Exception:  # the next look must come all the same
                log.exception("looking at what is due ended by a mistake of our own")
                at = self._clock() + POLL_S
