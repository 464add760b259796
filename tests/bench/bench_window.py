"""What the open window costs each second, against a QTableView of the same size that repaints once a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench.process_figures import exact_cpu_s
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_times
from tests.bench.tray_session import GUARDDOG, TraySession, tray_session, write_fresh_home
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess
from tests.desktop.screen import Screen

TABLE_PROGRAM = Path(__file__).parent / "table_program.py"
ACCOUNT_COUNTS = (20, 60)
SETTLE_S = 5.0  # the first painting and the modules that it loads are no part of it


def cpu_ms_a_second(pid: int, settle_s: float, seconds: float) -> float:
    time.sleep(settle_s)
    before = exact_cpu_s(pid)
    time.sleep(seconds)
    return (exact_cpu_s(pid) - before) / seconds * 1000


def measure_window(session: TraySession, homes: dict[int, Path], cpu: Callable[[int], float]) -> Figures:
    figures = dict.fromkeys(map(str, ACCOUNT_COUNTS), 0.0)
    for count, home in homes.items():
        with session.started((*GUARDDOG, "--show"), home) as (program, _):
            wait_until(lambda: session.screen.windows("Guard Dog"), "the window")
            figures[str(count)] = cpu(program.pid)
    return figures


def measure_table(
    session: TraySession, counts: Iterable[int], size: tuple[int, int], cpu: Callable[[int], float]
) -> Figures:
    figures = dict.fromkeys(map(str, ACCOUNT_COUNTS), 0.0)
    for count in counts:
        command = [sys.executable, str(TABLE_PROGRAM), str(count), *map(str, size)]
        program = ProgramProcess(command, session.environment, session.folder / "table.log")
        try:
            program.wait_for_output("ready")
            figures[str(count)] = cpu(program.pid)
        finally:
            program.stop()
    return figures


def window_size(session: TraySession, screen: Screen) -> tuple[int, int]:
    """Return width and height of the window in pixels, so that the table has the same."""
    with session.started((*GUARDDOG, "--show")):
        window = wait_until(lambda: screen.windows("Guard Dog"), "the window")[0]
        geometry = screen.xdotool("getwindowgeometry", "--shell", window).split()
    sizes = dict(line.split("=") for line in geometry if "=" in line)
    return int(sizes["WIDTH"]), int(sizes["HEIGHT"])


@contextmanager
def open_window(size: Size) -> Iterator[Sides]:
    with tray_session(1) as session:
        counts = ACCOUNT_COUNTS if size is not Size.TINY else ACCOUNT_COUNTS[:1]
        homes = {count: session.folder / f"home-{count}" for count in counts}
        for count, home in homes.items():
            write_fresh_home(home, size.choose(count, count, 1))
        seconds = size.choose(20, 10, 0) or 0.05
        cpu = partial(cpu_ms_a_second, settle_s=SETTLE_S if size is not Size.TINY else 0.0, seconds=seconds)
        pixels = (960, 640) if size is Size.TINY else window_size(session, session.screen)
        yield Sides(partial(measure_window, session, homes, cpu), partial(measure_table, session, homes, pixels, cpu))


WINDOW = Bench(
    "window",
    tuple(
        Row(
            str(count), f"window open, 1 Hz, {count} accounts: processor time",
            "QTableView of the same size, repainted once a second", "ms/s", at_most_times(1.5),
        )
        for count in ACCOUNT_COUNTS
    ),
    rounds=3,
    quick_rounds=1,
    open=open_window,
)  # fmt: skip
