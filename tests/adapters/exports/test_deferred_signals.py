"""SIGINT and SIGTERM wait while a child process is started."""

import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from guarddog_gui.adapters.exports.deferred_signals import deferred_signals


@pytest.fixture
def delivered() -> Iterator[list[int]]:
    """Return the signals that the handlers of the program have got."""
    numbers: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        numbers.append(number)

    previous = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    yield numbers
    for number, handler in previous.items():
        signal.signal(number, handler)


def test_a_signal_is_delivered_at_the_end_of_the_block(delivered: list[int]) -> None:
    with deferred_signals():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert delivered == []
    assert delivered == [signal.SIGTERM, signal.SIGINT]
    signal.raise_signal(signal.SIGTERM)
    assert delivered == [signal.SIGTERM, signal.SIGINT, signal.SIGTERM]


def interrupt_a_start_that_fails() -> None:
    with deferred_signals():
        signal.raise_signal(signal.SIGINT)
        raise OSError("no such program")


def test_a_signal_is_delivered_after_a_failure_too(delivered: list[int]) -> None:
    with pytest.raises(OSError, match="no such program"):
        interrupt_a_start_that_fails()
    assert delivered == [signal.SIGINT]


def test_an_ignored_signal_stays_ignored(delivered: list[int]) -> None:
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with deferred_signals():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    signal.signal(signal.SIGINT, previous)
    assert delivered == []


def test_other_threads_change_no_handler(delivered: list[int]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []

    def start() -> None:
        with deferred_signals():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert seen == [before]
    assert delivered == []
