"""Many accounts that are due at once, on a server that takes 100 ms, against a bare pool of `requests` sessions."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.runtime.worker_pool import MAX_THREADS
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.bench.load import ROOT, LoadedTray, sandbox_account
from tests.bench.process_figures import thread_count
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most, at_most_times

LATENCY_S = 0.1
FEW = 10
TIMEOUT_S = 600.0
MENUS = "only while the submenus of 1,000 accounts are added to the tray's menu (140 ms, once); 17 to 30 ms while the values come."
POOL = f"bare `requests` pool of {MAX_THREADS} threads"


def add_latency(wechat: SandboxServer, latency_s: float) -> None:
    wechat.faults.add(Fault(FaultKind.HANG, seconds=latency_s), times=10**9)


def time_calls(wechat: SandboxServer, count: int, on_first: Callable[[], object] = lambda: None) -> float:
    """Return the seconds from the first call to the last one, of which there are `count`."""
    started_at = _wait_for_calls(wechat, 1)
    on_first()
    return _wait_for_calls(wechat, count) - started_at


def _wait_for_calls(wechat: SandboxServer, count: int) -> float:
    deadline = time.monotonic() + TIMEOUT_S
    while (made := wechat.rules.call_counts.total()) < count:
        assert time.monotonic() < deadline, f"{made} of {count} calls"
        time.sleep(0.002)
    return time.monotonic()


def measure_tray(account_count: int, latency_s: float) -> Figures:
    with tempfile.TemporaryDirectory(prefix="gd-bench-") as folder:
        tray = LoadedTray(Path(folder), account_count, 7200)
        add_latency(tray.wechat, latency_s)
        with tray:
            # the first report begins to watch the main thread; none is asked for meanwhile, because it costs time
            took = time_calls(tray.wechat, account_count * 2, lambda: tray.send("report"))
            report = tray.send("report")
            threads = thread_count(tray.pid)
    return {"duration": took, "absence": report["longest_own_ms"], "threads": threads}


def measure_pool(account_count: int, latency_s: float) -> float:
    with SandboxServer(time.time) as wechat:
        for number in range(1, account_count + 1):
            wechat.rules.set_account(sandbox_account(number))
        add_latency(wechat, latency_s)
        command = [sys.executable, "-m", "tests.bench.bare_pool", wechat.base_url, str(account_count), str(MAX_THREADS)]
        with subprocess.Popen(command, cwd=ROOT) as pool:
            took = time_calls(wechat, account_count * 2)
        assert pool.returncode == 0
    return took


@contextmanager
def open_due_at_once(size: Size) -> Iterator[Sides]:
    counts = {300: size.choose(300, 40, 1), 1000: size.choose(1000, 80, 1)}
    latency_s = 0.0 if size is Size.TINY else LATENCY_S

    def ours() -> Figures:
        few = measure_tray(counts[300], latency_s) if size is not Size.TINY else None
        many = measure_tray(counts[1000], latency_s)
        return {
            "300": (few or many)["duration"],
            "1000": many["duration"],
            **{k: many[k] for k in ("absence", "threads")},
        }

    def other() -> Figures:
        many = measure_pool(counts[1000], latency_s)
        few = measure_pool(counts[300], latency_s) if size is not Size.TINY else many
        with_few = measure_tray(FEW, latency_s) if size is not Size.TINY else {"absence": 0.0, "threads": 0}
        return {"300": few, "1000": many, **{key: with_few[key] for key in ("absence", "threads")}}

    yield Sides(ours, other)


DUE_AT_ONCE = Bench(
    "due_at_once",
    (
        Row("300", "300 accounts due at once, a server that takes 100 ms", POOL, "s", at_most_times(1.15)),
        Row("1000", "1,000 accounts due at once, a server that takes 100 ms", POOL, "s", at_most_times(1.15)),
        Row(
            "absence", "longest absence of the main thread with 1,000 accounts", f"with {FEW}", "ms", at_most(50, "ms")
        ),
        Row("threads", "threads with 1,000 accounts", f"with {FEW}", ""),
    ),
    rounds=3,
    quick_rounds=1,
    open=open_due_at_once,
)
