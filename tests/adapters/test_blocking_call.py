"""Blocking calls that return, raise and hang."""

import threading

import pytest

from guarddog_gui.adapters.blocking_call import start_blocking_call


def test_the_result_is_returned() -> None:
    assert start_blocking_call(lambda: 42, thread_name="test").result(5) == 42


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)])
def test_an_exception_is_raised_in_the_thread_that_waits(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        start_blocking_call(fail, thread_name="test").result(5)
    assert raised.value is error


def test_a_call_that_hangs_is_left_after_the_timeout_and_may_be_waited_for_again() -> None:
    release = threading.Event()
    future = start_blocking_call(lambda: release.wait(10), thread_name="test")
    with pytest.raises(TimeoutError):
        future.result(0.05)
    release.set()
    assert future.result(5)


def test_a_call_that_hangs_does_not_keep_the_program_from_ending() -> None:
    thread = start_blocking_call(threading.current_thread, thread_name="look-up").result(5)
    assert (thread.name, thread.daemon) == ("look-up", True)
