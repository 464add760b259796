"""Let Python's waits with a timeout follow libfaketime, in every process that has this folder on its PYTHONPATH.

WORKAROUND: libfaketime 0.9.10 does not replace `sem_clockwait`, with which Python 3.11 waits for locks. The
deadline is then a faked moment that the kernel's own clock reaches much too late.
"""

import threading
import time

_POLL_S = 0.6  # ten real milliseconds at 60 seconds a second
_wait_without_timeout = threading.Condition.wait


def _wait(self: threading.Condition, timeout: float | None = None) -> bool:
    if timeout is None:
        return _wait_without_timeout(self)
    waiter = threading.Lock()
    waiter.acquire()
    self._waiters.append(waiter)  # type: ignore[attr-defined]
    saved = self._release_save()  # type: ignore[attr-defined]
    until = time.monotonic() + timeout
    is_notified = False
    try:
        while not (is_notified := waiter.acquire(blocking=False)) and time.monotonic() < until:
            time.sleep(_POLL_S)
    finally:
        self._acquire_restore(saved)  # type: ignore[attr-defined]
        if not is_notified and waiter in self._waiters:  # type: ignore[attr-defined]
            self._waiters.remove(waiter)  # type: ignore[attr-defined]
    return is_notified


threading.Condition.wait = _wait  # type: ignore[method-assign]
