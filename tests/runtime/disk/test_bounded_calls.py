import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.errors import FileError
from guarddog_gui.runtime.disk.bounded_calls import HOME_LANE, BoundedCalls, error_of, run_bounded


@pytest.fixture
def calls(qtbot: QtBot) -> Iterator[BoundedCalls]:  # noqa: ARG001 - signals need an application
    calls = BoundedCalls(quick_wait_s=0.05)
    yield calls
    calls.stop()


@pytest.fixture
def blocked() -> Iterator[threading.Event]:
    """A lock that another process holds until the event is set."""
    released = threading.Event()
    yield released
    released.set()


def test_a_quick_answer_is_there_at_once(calls: BoundedCalls) -> None:
    calls.quick_wait_s = 10
    answers: list[int] = []
    calls.ask("disk", lambda: 1, answers.append)
    assert answers == [1]
    assert calls.call("disk", lambda: 2, fallback=lambda: 3) == 2
    assert calls.is_idle


def test_a_late_answer_comes_by_signal_in_the_main_thread(
    calls: BoundedCalls, blocked: threading.Event, qtbot: QtBot
) -> None:
    answers: list[bool] = []
    begun = time.monotonic()
    calls.ask("disk", lambda: blocked.wait(20), lambda _: answers.append(QThread.currentThread().isMainThread()))
    assert time.monotonic() - begun < 2
    assert answers == []
    assert calls.call("disk", lambda: "disk", fallback=lambda: "memory") == "memory"
    blocked.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [True]


def test_of_the_calls_that_wait_for_a_lane_the_last_one_is_made(
    calls: BoundedCalls, blocked: threading.Event, qtbot: QtBot
) -> None:
    saved: list[str] = []
    assert calls.start("settings", lambda: blocked.wait(20), lambda _: None)
    for value in ("first", "second", "third"):
        assert not calls.start("settings", partial(str, value), saved.append)
    blocked.set()
    qtbot.waitUntil(lambda: calls.is_idle)
    assert saved == ["third"]


def test_a_lane_that_hangs_keeps_no_other_lane_waiting(calls: BoundedCalls, blocked: threading.Event) -> None:
    calls.start("hung", lambda: blocked.wait(20), lambda _: None)
    calls.quick_wait_s = 10
    answers: list[int] = []
    calls.ask("disk", lambda: 1, answers.append)
    assert (answers, calls.is_busy("hung")) == ([1], True)


def test_the_end_waits_for_what_runs_and_what_follows_but_not_for_long(
    calls: BoundedCalls, blocked: threading.Event
) -> None:
    saved: list[int] = []
    calls.start("settings", lambda: time.sleep(0.05), lambda _: None)
    calls.start("settings", lambda: 2, saved.append)
    assert calls.finish(10)
    assert saved == [2]
    calls.start("settings", lambda: blocked.wait(20), lambda _: None)
    assert not calls.finish(0.05)


def test_after_the_stop_nothing_is_delivered_or_started(calls: BoundedCalls, blocked: threading.Event) -> None:
    answers: list[object] = []
    calls.start("disk", lambda: blocked.wait(20), answers.append)
    calls.stop()
    blocked.set()
    assert not calls.start("disk", lambda: 1, answers.append)
    assert calls.call("disk", lambda: 1, fallback=lambda: 2) == 2
    assert answers == []


def test_a_failed_call_is_logged_and_frees_its_lane(calls: BoundedCalls, caplog: pytest.LogCaptureFixture) -> None:
    calls.quick_wait_s = 10
    answers: list[object] = []
    calls.ask("disk", lambda: 1 / 0, answers.append)
    assert (answers, calls.is_idle) == ([], True)
    assert "ZeroDivisionError" in caplog.text


class Receiver:
    """Object such as a dialog, which works and receives the result."""

    def __init__(self) -> None:
        self.answers: list[int] = []

    def work(self) -> int:
        return 1

    def receive(self, answer: int) -> None:
        self.answers.append(answer)


@pytest.mark.parametrize("lane", [HOME_LANE, "once"])
def test_a_receiver_is_deleted_by_the_main_thread_alone(calls: BoundedCalls, lane: str) -> None:
    calls.quick_wait_s = 10
    deleting_threads: list[int] = []
    for _ in range(50):
        receiver = Receiver()
        weakref.finalize(receiver, lambda: deleting_threads.append(threading.get_ident()))
        calls.ask(lane, receiver.work, receiver.receive)
        calls.ask(lane, lambda: 2, receiver.receive)
        assert receiver.answers == [1, 2]
        del receiver
        assert deleting_threads == [threading.get_ident()]
        deleting_threads.clear()


def test_a_stopped_object_is_deleted_by_the_main_thread_alone(qtbot: QtBot) -> None:  # noqa: ARG001  # as above
    deleting_threads: list[int] = []
    for lane in (HOME_LANE, "once") * 50:
        calls = BoundedCalls()
        weakref.finalize(calls, lambda: deleting_threads.append(threading.get_ident()))
        calls.start(lane, lambda: None, lambda _: None)
        calls.stop()
        del calls
        assert deleting_threads == [threading.get_ident()]
        deleting_threads.clear()


def test_calls_of_the_home_share_a_thread_and_others_leave_none(calls: BoundedCalls) -> None:
    calls.quick_wait_s = 10
    threads = [calls.call(lane, threading.get_ident, fallback=lambda: 0) for lane in (HOME_LANE, HOME_LANE)]
    assert threads[0] == threads[1] != threading.get_ident()
    calls.call("once", threading.get_ident, fallback=lambda: 0)
    deadline = time.monotonic() + 10
    while any(thread.name == "guarddog-once" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_errors_and_the_end_of_an_action(blocked: threading.Event) -> None:
    error = FileError("/a", "full")

    def fail() -> None:
        raise error

    assert error_of(fail) is error
    assert error_of(lambda: None) is None
    assert run_bounded(lambda: None, 10)
    assert not run_bounded(lambda: blocked.wait(20), 0.05)
