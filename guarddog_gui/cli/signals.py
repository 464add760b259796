"""Orderly stop of a command on SIGINT and SIGTERM."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def stop_event() -> Iterator[Event]:
    """Provide an event that SIGINT and SIGTERM set while the block runs; only in the main thread."""
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    previous_handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)


def wait_for_event(event: Event) -> None:
    """Wait for the event, a second at a time: on Windows no signal is handled during a longer wait."""
    while not event.wait(1.0):
        pass
