"""Work in a child process that is left behind when it hangs."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from guarddog_gui.adapters.forked_call import lines_from_child

pytestmark = pytest.mark.only_on("linux")


def test_lines_come_from_another_process() -> None:
    def produce() -> Iterator[bytes]:
        yield str(os.getpid()).encode()
        yield b"x" * 200_000

    pid, long_line = lines_from_child(produce, 10)

    assert int(pid) != os.getpid()
    assert long_line == b"x" * 200_000


def test_what_came_before_the_deadline_is_kept() -> None:
    def produce() -> Iterator[bytes]:
        yield b"first"
        time.sleep(30)
        yield b"second"

    started_at = time.monotonic()

    assert list(lines_from_child(produce, 0.5)) == [b"first"]
    assert time.monotonic() - started_at < 5


def test_a_thread_that_hangs_does_not_delay_the_end() -> None:
    def produce() -> Iterator[bytes]:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        yield b"done"

    started_at = time.monotonic()

    assert list(lines_from_child(produce, 20)) == [b"done"]
    assert time.monotonic() - started_at < 5


def test_a_child_that_fails_ends_the_lines() -> None:
    def produce() -> Iterator[bytes]:
        yield b"first"
        raise ZeroDivisionError

    assert list(lines_from_child(produce, 10)) == [b"first"]


def test_the_output_of_the_child_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    def produce() -> Iterator[bytes]:
        os.write(1, b"noise")
        yield b"done"

    assert list(lines_from_child(produce, 10)) == [b"done"]
    assert capfd.readouterr().out == ""
