"""Memory and start as accounts grow, and memory as refreshes go on."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

from tests.bench.bench_start import LIBRARIES, SMALLEST
from tests.bench.load import LoadedTray
from tests.bench.process_figures import exact_cpu_s, memory_mb, private_mb
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most, at_most_times
from tests.bench.tray_session import GUARDDOG, MINIMAL_TRAY, TraySession, tray_session, write_fresh_home

COUNTS = (10, 100, 1000)
SETTLE_S = 3.0
LIFE_S = 20
LIVES = 12  # a day of refreshes: values live for two hours
KB = 1024.0


def measure_home(session: TraySession, home: Path, settle_s: float) -> Figures:
    with session.started(GUARDDOG, home) as (program, start):
        time.sleep(settle_s)
        return {"icon": start["icon"], "memory": private_mb(program.pid), "cpu": exact_cpu_s(program.pid) * 1000}


def growth(one: Figures, many: Figures, account_count: int) -> Figures:
    """Return what each account adds: KB of memory, milliseconds until the icon and of processor time."""
    added = {key: (many[key] - one[key]) / max(1, account_count - 1) for key in one}
    return {**added, "memory": added["memory"] * KB}


def named(figures: Figures, count: int) -> Figures:
    return {f"{key} {count}": figure for key, figure in figures.items()}


@contextmanager
def open_accounts(size: Size) -> Iterator[Sides]:
    settle_s = SETTLE_S if size is not Size.TINY else 0.0
    counts = COUNTS if size is not Size.TINY else (2, 2, 2)
    with tray_session(1) as session:
        homes = {count: session.folder / f"home-{count}" for count in counts}
        for count, home in homes.items():
            write_fresh_home(home, count)

        measure = partial(measure_home, session, settle_s=settle_s)
        if size is Size.TINY:
            measure = cache(measure)  # type: ignore[assignment]

        def ours() -> Figures:
            one = measure(session.home)
            measured = {count: measure(home) for count, home in homes.items()}
            figures = dict(growth(one, measured[counts[-1]], counts[-1]))
            for count, sized in zip(COUNTS, counts, strict=True):
                figures |= named(measured[sized], count)
            return figures

        def other() -> Figures:
            one = measure(session.home)
            figures = dict(growth(one, measure(homes[counts[1]]), counts[1]))
            for count in COUNTS:
                figures |= named(one, count)
            return figures

        yield Sides(ours, other)


GROWTH = Bench(
    "growth",
    (
        Row("memory", "memory of an account, of 1,000", "of 100", "KB an account", at_most(20, "KB")),
        Row("icon", "start to tray icon for an account, of 1,000", "of 100", "ms an account", at_most(0.1, "ms")),
        Row("cpu", "processor time of the first 3 s for an account, of 1,000", "of 100", "ms an account"),
        *(Row(f"memory {count}", f"memory with {count:,} accounts", "with 1", "MB") for count in COUNTS),
        *(Row(f"icon {count}", f"start to tray icon with {count:,} accounts", "with 1", "ms") for count in COUNTS),
    ),
    rounds=5,
    quick_rounds=1,
    open=open_accounts,
)


@contextmanager
def open_day(size: Size) -> Iterator[Sides]:
    """Let three accounts be refreshed for twelve lives of their values, which are 20 s each instead of two hours."""
    seconds = size.choose(LIFE_S * LIVES, LIFE_S * 2, 0)
    with tray_session(1) as session, ExitStack() as stack:
        earlier: dict[str, float] = {}

        def ours() -> Figures:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gd-bench-"))
            with LoadedTray(Path(folder), 3, LIFE_S, environ=session.environment) as tray:
                tray.wait_until(lambda report: report["fresh"] == report["keys"] > 0)
                time.sleep(SETTLE_S if seconds else 0)
                earlier["growth"] = private_mb(tray.pid)
                time.sleep(seconds)
                return {"pss": memory_mb(tray.pid, "Pss"), "growth": private_mb(tray.pid)}

        def other() -> Figures:
            with session.started(MINIMAL_TRAY) as (program, _):
                time.sleep(SETTLE_S if seconds else 0)
                pss = memory_mb(program.pid, "Pss")
            return {"pss": pss, "growth": earlier.get("growth", 0.0)}

        yield Sides(ours, other)


DAY = Bench(
    "day",
    (
        Row("pss", "memory (PSS) after a day of refreshes, 3 accounts", SMALLEST, "MB", at_most_times(1.4), LIBRARIES),
        Row("growth", "private memory after a day of refreshes", "after the first refresh", "MB", at_most_times(1.02)),
    ),
    rounds=1,
    quick_rounds=1,
    open=open_day,
)
