"""Start to tray icon and memory, against the smallest PySide6 tray program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.bench.process_figures import memory_mb, private_mb
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_times
from tests.bench.tray_session import GUARDDOG, MINIMAL_TRAY, TraySession, tray_session

ACCOUNT_COUNT = 3
SMALLEST = "smallest PySide6 tray program"
IMPORTS = (
    "the smallest program imports Qt and little else. Ours imports 150 modules of its own and some 100 more of the standard "
    "library in that time (-X importtime, 2026-11-29): about 40 of the 46 ms; accounts, menu and icon are the rest."
)
LIBRARIES = (
    "of 17 MB that are ours alone, 2.6 are QtNetwork with Kerberos and OpenSSL (the socket of the single instance, the "
    "state of the network), 1.2 QtSvg and QtDBus, 2.5 more of QtGui and QtCore, 10 the heap: code of 150 modules, enums, "
    "the menu (smaps, 2026-11-29)."
)


def measure_start(session: TraySession, command: tuple[str, ...], memory_delay_s: float) -> Figures:
    with session.started(command) as (program, start):
        time.sleep(memory_delay_s)
        return {**start, "pss": memory_mb(program.pid, "Pss"), "private": private_mb(program.pid)}


@contextmanager
def open_start(size: Size) -> Iterator[Sides]:
    with tray_session(ACCOUNT_COUNT) as session:
        delay_s = size.choose(5, 5, 0)
        yield Sides(
            partial(measure_start, session, GUARDDOG, delay_s), partial(measure_start, session, MINIMAL_TRAY, delay_s)
        )


START = Bench(
    "start",
    (
        Row("icon", "process start to registered tray icon, 3 accounts", SMALLEST, "ms", at_most_times(1.5), IMPORTS),
        Row("cpu", "process start to registered tray icon: processor time", SMALLEST, "ms"),
        Row("pss", "memory (PSS) 5 s after start, window never opened", SMALLEST, "MB", at_most_times(1.4), LIBRARIES),
        Row("private", "the same, memory that no other process shares", SMALLEST, "MB"),
    ),
    rounds=15,
    quick_rounds=3,
    open=open_start,
)
