"""Event loop of one thread, as `watch` uses it on a server without Qt."""

import socket
import sys
import threading
import time

import pytest

from guarddog_gui.runtime.without_qt.event_loop import EventLoop


@pytest.fixture
def loop() -> EventLoop:
    return EventLoop(belongs_here=True)


def run(loop: EventLoop) -> None:
    loop.start_timer(10, lambda: pytest.fail("the loop did not end"))
    loop.run(ignore_earlier_quit=True)


def test_calls_are_made_in_the_order_in_which_they_were_posted(loop: EventLoop) -> None:
    made: list[int] = []
    for number in range(3):
        loop.post(lambda number=number: made.append(number))  # type: ignore[misc]
    loop.post(loop.quit)
    run(loop)
    assert made == [0, 1, 2]


def test_a_call_of_another_thread_wakes_the_loop_at_once(loop: EventLoop) -> None:
    threading.Timer(0.1, lambda: loop.post(loop.quit)).start()
    began = time.monotonic()
    run(loop)
    assert time.monotonic() - began < 5


def test_timers_fire_by_their_time_and_cancelled_ones_do_not(loop: EventLoop) -> None:
    fired: list[str] = []
    loop.start_timer(0.06, loop.quit)
    loop.start_timer(0.04, lambda: fired.append("second"))
    loop.start_timer(0.02, lambda: fired.append("first"))
    loop.cancel_timer(loop.start_timer(0.03, lambda: fired.append("cancelled")))
    run(loop)
    assert fired == ["first", "second"]


def test_a_timer_that_is_cancelled_by_one_of_the_same_moment_does_not_fire(loop: EventLoop) -> None:
    fired: list[str] = []
    later = [0]
    loop.start_timer(0, lambda: loop.cancel_timer(later[0]))
    later[0] = loop.start_timer(0, lambda: fired.append("cancelled"))
    loop.start_timer(0.02, loop.quit)
    run(loop)
    assert fired == []


def test_a_socket_that_can_be_read_is_reported_until_it_is_removed(loop: EventLoop) -> None:
    reader, writer = socket.socketpair()
    with reader, writer:

        def read() -> None:
            assert reader.recv(1) == b"x"
            loop.remove_reader(reader.fileno())
            loop.quit()

        loop.add_reader(reader.fileno(), read)
        writer.send(b"x")
        run(loop)


def test_an_exception_in_a_call_goes_to_the_excepthook_and_the_loop_goes_on(
    loop: EventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _traceback: errors.append(error))
    error = ValueError("in a slot")

    def fail() -> None:
        raise error

    loop.post(fail)
    loop.post(loop.quit)
    run(loop)
    assert errors == [error]


def test_only_a_loop_of_a_thread_remembers_a_quit_from_before_its_start(loop: EventLoop) -> None:
    loop.quit()
    loop.run(ignore_earlier_quit=False)  # returns at once
    made: list[int] = []
    loop.post(lambda: made.append(1))
    loop.post(loop.quit)
    run(loop)
    assert made == [1]
