"""Signals that wait while a child process is started."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Deliver SIGINT and SIGTERM at the end of the block instead of within it.

    Their handlers raise exceptions in the main thread, wherever it is. Within `Popen` that would lose the only
    reference to a process that runs already. `pthread_sigmask` is no way: the process would inherit the mask.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []

    def defer(number: int, _frame: FrameType | None) -> None:
        pending.append(number)

    handled = [number for number in (signal.SIGINT, signal.SIGTERM) if callable(signal.getsignal(number))]
    previous_handlers = {number: signal.signal(number, defer) for number in handled}
    try:
        yield
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
        for deferred in pending:
            signal.raise_signal(deferred)
