"""The log of requests never holds up a request."""

import threading
import time

from guarddog_gui.serve import access_log
from guarddog_gui.serve.access_log import AccessLog
from guarddog_gui.serve.http_messages import Answer
from tests.fakes import NOW, FakeClock

GOOD = Answer(client="ci", appid="wx1")
BAD = Answer(status=401, result="40125")


def add(log: AccessLog, answer: Answer, count: int = 1) -> None:
    for _ in range(count):
        log.add(NOW, "192.0.2.1", "GET", "/v1/token", answer, 0.0034)


def test_a_line_has_what_is_needed_to_find_a_client() -> None:
    lines: list[str] = []
    log = AccessLog(lines.append, FakeClock())
    add(log, GOOD)
    log.start()
    log.stop()
    (line,) = lines
    assert line.endswith("from=192.0.2.1 client=ci account=wx1 GET /v1/token status=200 result=ok ms=3")


def test_a_flood_of_wrong_keys_is_counted_and_not_listed() -> None:
    lines: list[str] = []
    clock = FakeClock()
    log = AccessLog(lines.append, clock)
    add(log, BAD, 10_000)
    add(log, GOOD)
    log.start()
    log.stop()
    listed = "\n".join(lines).splitlines()
    assert len(listed) == 121
    assert listed[-1].endswith("result=ok ms=3 left_out=9880")


def test_a_reader_that_has_stopped_holds_nothing_up() -> None:
    stopped = threading.Event()

    def write(_: str) -> None:
        stopped.wait(5)

    log = AccessLog(write, FakeClock())
    log.start()
    started = time.monotonic()
    add(log, GOOD, access_log._LINES_MAX + 500)
    assert time.monotonic() - started < 3
    stopped.set()
    log.stop()


def test_an_output_that_was_closed_ends_the_log_only() -> None:
    calls: list[str] = []

    def write(text: str) -> None:
        calls.append(text)
        raise BrokenPipeError

    log = AccessLog(write, FakeClock())
    log.start()
    for _ in range(5):
        add(log, GOOD)
        time.sleep(0.02)
    log.stop()
    assert len(calls) == 1
