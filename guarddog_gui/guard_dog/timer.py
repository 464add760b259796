"""A thread that wakes when a value is due, and looks at the clock often enough to notice a sleep."""

import logging
import math
from collections.abc import Callable
from threading import Condition, Thread

LOOK_S = 30.0  # the clock may have been set, the machine may have slept

log = logging.getLogger(__name__)


class Alarm:
    """Calls `tend` at the Unix time that it gave at the last call, at a nudge, and every half minute."""

    def __init__(self, tend: Callable[[], float], clock: Callable[[], float]) -> None:
        self._tend = tend
        self._clock = clock
        self._woken = Condition()
        self._is_nudged = False
        self._is_over = False
        Thread(target=self._run, name="guard_dog alarm", daemon=True).start()  # exit does not wait for it

    def nudge(self) -> None:
        """Look now."""
        with self._woken:
            self._is_nudged = True
            self._woken.notify()

    def stop(self) -> None:
        """Never call again; a call under way ends."""
        with self._woken:
            self._is_over = True
            self._woken.notify()

    def _run(self) -> None:
        at = -math.inf
        while True:
            with self._woken:
                if not self._is_nudged and not self._is_over:
                    self._woken.wait(min(max(at - self._clock(), 0.0), LOOK_S))
                if self._is_over:
                    return
                self._is_nudged = False
            try:
                at = self._tend()
            except Exception:  # the next look must come all the same
                log.exception("looking at what is due ended by a mistake of our own")
                at = self._clock() + LOOK_S
