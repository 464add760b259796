"""Waits until a person or the system says stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def stop_event() -> Iterator[Event]:
    """An event that SIGINT and SIGTERM set while the block runs; only in the main thread."""
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for_event(event: Event) -> None:
    """Wait for the event, a second at a time: on Windows a longer wait would not hear the signal."""
    while not event.wait(1.0):
        pass
