# ruff: noqa: T201 - a bench prints
"""How long the main thread is away when all accounts change at once: a wake-up, the network going and coming back.

    python -m tests.bench.bench_changes [--accounts 20 50 100 200] [--profile 40]

Prints the longest absence in milliseconds: without the time for which other load of the machine kept the thread
from running, the thread's CPU time alone, and in all; and the number of absences above 50 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.bench.load import LoadedTray

SETTLE_S = 2.0


def measure(tray: LoadedTray, *commands: str, fresh: bool) -> str:
    tray.send("report")
    for command in commands:
        tray.send(command)
    longest, longest_own, longest_cpu, above = 0.0, 0.0, 0.0, 0
    started = time.monotonic()
    reached_at: float | None = None
    while reached_at is None or time.monotonic() < reached_at + SETTLE_S:
        time.sleep(0.5)
        report = tray.send("report")
        longest, above = max(longest, report["longest_ms"]), above + report["above_50_ms"]
        longest_own = max(longest_own, report["longest_own_ms"])
        longest_cpu = max(longest_cpu, report["longest_cpu_ms"])
        if reached_at is None and (
            (report["fresh"] == (report["keys"] if fresh else 0)) or time.monotonic() > started + 30
        ):
            reached_at = time.monotonic()
    return f"{longest_own:4.0f} ms (cpu {longest_cpu:3.0f}, in all {longest:4.0f}, {above:3} above 50)"


def run(account_count: int, *, show: bool, profile: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="gd-bench-") as folder,
        LoadedTray(Path(folder), account_count, 7200, show=show) as tray,
    ):
        tray.wait_until(lambda report: report["fresh"] == report["keys"] > 0)
        time.sleep(SETTLE_S)
        if not show:
            tray.send("hide")  # an app that finds no accounts within 20 ms opens the window
        if profile:
            tray.send("profile")
        wake_up = measure(tray, "skip 6990", "resume", fresh=True)
        tray.wechat.faults.add(Fault(FaultKind.RESET), times=10**9)
        offline = measure(tray, "skip 7300", "resume", fresh=False)
        tray.wechat.faults.clear()
        online = measure(tray, "network", fresh=True)
        window = "open  " if show else "closed"
        print(f"{account_count:4} accounts, window {window}: wake-up {wake_up}, offline {offline}, online {online}")
        sys.stdout.flush()
        if profile:
            print(tray.send(f"stats {profile}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="*", default=[20, 50, 100, 200])
    parser.add_argument("--window", choices=["closed", "open", "both"], default="both")
    parser.add_argument("--profile", type=int, default=0)
    args = parser.parse_args()
    for account_count in args.accounts:
        for show in (False, True):
            if args.window in ("both", "open" if show else "closed"):
                run(account_count, show=show, profile=args.profile)


if __name__ == "__main__":
    main()
