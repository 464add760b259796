"""What an idle tray app costs in a minute, against the smallest PySide6 tray program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.bench.process_figures import WakeUps, exact_cpu_s
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_more
from tests.bench.tray_session import GUARDDOG, MINIMAL_TRAY, TraySession, tray_session

MINUTE_S = 60.0
SETTLE_S = 10.0  # the first collections and readings are no part of it
SMALLEST = "smallest PySide6 tray program"


def measure_idle(session: TraySession, command: tuple[str, ...], *, settle_s: float, seconds: float) -> Figures:
    with session.started(command) as (program, _):
        time.sleep(settle_s)
        cpu_before = exact_cpu_s(program.pid)
        wake_ups = WakeUps(program.pid).count(seconds)
        cpu_ms = (exact_cpu_s(program.pid) - cpu_before) * 1000
    return {"cpu": cpu_ms * MINUTE_S / seconds, "wake-ups": wake_ups * MINUTE_S / seconds}


@contextmanager
def open_idle(size: Size) -> Iterator[Sides]:
    seconds = size.choose(60, 20, 0) or 0.1
    settle_s = SETTLE_S if size is not Size.TINY else 0.0
    with tray_session(3) as session:
        measure = partial(measure_idle, session, settle_s=settle_s, seconds=seconds)
        yield Sides(partial(measure, GUARDDOG), partial(measure, MINIMAL_TRAY))


IDLE = Bench(
    "idle",
    (
        Row("wake-ups", "idle, window closed: wake-ups", SMALLEST, "a minute", at_most_more(3, "a minute")),
        Row("cpu", "idle, window closed: processor time", SMALLEST, "ms a minute"),
    ),
    rounds=3,
    quick_rounds=1,
    open=open_idle,
)  # fmt: skip
