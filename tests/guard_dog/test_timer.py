import threading
import time

import pytest

from guarddog_gui.guard_dog.timer import RefreshTimer
from tests.fakes import FakeClock

LONG_S = 10.0


class Work:
    """Counter of the calls of `run_due`; `at` is the time that it returns."""

    def __init__(self, clock: FakeClock) -> None:
        self.looks = threading.Semaphore(0)
        self.at = clock() + 3600
        self.fails = False

    def tend(self) -> float:
        self.looks.release()
        if self.fails:
            raise RuntimeError("no more threads")
        return self.at

    def was_looked_at(self, within_s: float = LONG_S) -> bool:
        return self.looks.acquire(timeout=within_s)


def test_run_due_is_called_at_once_when_due_and_on_wake() -> None:
    clock = FakeClock()
    work = Work(clock)
    alarm = RefreshTimer(work.tend, clock)
    try:
        assert work.was_looked_at()
        assert not work.was_looked_at(0.05)
        work.at = clock() + 0.1
        alarm.wake()
        assert work.was_looked_at()
        work.at = clock() + 3600
        assert work.was_looked_at()
    finally:
        alarm.stop()


def test_a_failed_call_of_run_due_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    work = Work(clock)
    work.fails = True
    alarm = RefreshTimer(work.tend, clock)
    try:
        assert work.was_looked_at()
        alarm.wake()
        assert work.was_looked_at()
        assert "mistake of our own" in caplog.text
    finally:
        alarm.stop()


def test_after_stop_run_due_is_not_called() -> None:
    clock = FakeClock()
    work = Work(clock)
    alarm = RefreshTimer(work.tend, clock)
    assert work.was_looked_at()
    alarm.stop()
    alarm.wake()
    time.sleep(0.05)
    assert not work.was_looked_at(0.05)
