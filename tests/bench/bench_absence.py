"""How long the main thread is away: in a journey through everything, and when all accounts change at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.bench.bench_history import create_history, make_entry
from tests.bench.load import ROOT, LoadedTray
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most
from tests.bench.tray_session import TraySession, tray_session
from tests.hard.heartbeat import HeartbeatReader

IDLE_PROGRAM = "an idle program beside it"
STEP_S = 0.35  # after a step: typed text is applied, and pages are drawn, after a delay
SETTLE_S = 2.0
RECOVERY_S = 30.0


@contextmanager
def idle_program(folder: Path) -> Iterator[HeartbeatReader]:
    """Run a program that only has a heartbeat: the machine delays it as it delays the tray app."""
    reader = HeartbeatReader(folder / "heartbeat")
    with subprocess.Popen([sys.executable, "-m", "tests.hard.heartbeat", str(reader.file)], cwd=ROOT) as program:
        yield reader
        program.terminate()


def fill_history(tray: LoadedTray, rows: int) -> None:
    """Write a history of the tray's accounts that ends now."""
    path = tray.home / "data" / "history.sqlite3"
    path.parent.mkdir(parents=True, mode=0o700)
    create_history(path, 1).close()
    accounts, now = tray.accounts, time.time()
    entries = [
        replace(make_entry(number), at=now - (rows - number) * 15, appid=accounts[number * 7 % len(accounts)].appid)
        for number in range(rows)
    ]
    history = SqliteHistoryStore(path, time.time)
    for entry in entries:
        history.enqueue(entry)
    history.flush()
    history.close()


def travel(tray: LoadedTray, step_s: float, steps_max: int) -> tuple[float, float, str]:
    """Make the journey; return the absence of its first step (the window opens), the longest of the others and where."""
    opening, longest, where = 0.0, 0.0, ""
    for number in range(steps_max):
        tray.send("report")
        step = tray.send("step")
        if step is None:
            break
        time.sleep(step_s if number else step_s * 3)
        absence = tray.send("report")["longest_own_ms"]
        if number == 0:
            opening = absence
        elif absence > longest:
            longest, where = absence, step
    return opening, longest, where


def change_all(tray: LoadedTray, settle_s: float, *commands: str, fresh: bool) -> float:
    """Have all accounts change at once, and return the longest absence until they have, and for a while after."""
    longest, started_at = 0.0, time.monotonic()
    tray.send("report")
    for command in commands:
        tray.send(command)
    reached_at: float | None = None
    while reached_at is None or time.monotonic() < reached_at + settle_s:
        time.sleep(min(0.5, settle_s))
        report: dict[str, Any] = tray.send("report")
        longest = max(longest, report["longest_own_ms"])
        has_changed = report["fresh"] == (report["keys"] if fresh else 0)
        if reached_at is None and (has_changed or time.monotonic() > started_at + RECOVERY_S):
            reached_at = time.monotonic()
    return longest


def wake_up(tray: LoadedTray, settle_s: float) -> float:
    """Return the longest absence of a wake-up with due values, of the network's loss, and of its return."""
    longest = change_all(tray, settle_s, "skip 6990", "resume", "network", fresh=True)
    tray.wechat.faults.add(Fault(FaultKind.RESET), times=10**9)
    longest = max(longest, change_all(tray, settle_s, "skip 7300", "resume", "network", fresh=False))
    tray.wechat.faults.clear()
    return max(longest, change_all(tray, settle_s, "network", fresh=True))


@contextmanager
def running_tray(
    session: TraySession, folder: Path, account_count: int, rows: int, *, show: bool = False
) -> Iterator[LoadedTray]:
    folder.mkdir()
    tray = LoadedTray(folder, account_count, 7200, show=show, environ=session.environment)
    if rows:
        fill_history(tray, rows)
    with tray:
        tray.wait_until(lambda report: report["fresh"] == report["keys"] > 0)
        if not show:
            tray.send("hide")  # an app that finds no accounts within 20 ms opens the window
        yield tray


def measure_absences(session: TraySession, folder: Path, size: Size) -> Figures:
    is_tiny = size is Size.TINY
    with running_tray(session, folder / "journey", 1 if is_tiny else 20, size.choose(100_000, 20_000, 5)) as tray:
        opening, journey, where = travel(tray, 0.0 if is_tiny else STEP_S, size.choose(10**6, 10**6, 30))
        changes = wake_up(tray, 0.0) if is_tiny else 0.0
    if not is_tiny:
        with running_tray(session, folder / "changes", size.choose(200, 50, 1), 0, show=True) as tray:
            changes = wake_up(tray, SETTLE_S)
    sys.stdout.write(f"  longest absence: {journey} ms in the step {where!r}\n")
    return {"journey": journey, "window": opening, "changes": changes}


@contextmanager
def open_absence(size: Size) -> Iterator[Sides]:
    with tray_session(1) as session, session.panel():
        folders = (session.folder / f"round-{number}" for number in range(10**6))
        idle: dict[str, float] = {}

        def ours() -> Figures:
            folder = next(folders)
            folder.mkdir()
            with idle_program(folder) as reader:
                figures = measure_absences(session, folder, size)
                idle["away"] = max((away for away, _ in reader.read()), default=0.0)
            return figures

        yield Sides(ours, lambda: dict.fromkeys(("journey", "window", "changes"), idle.get("away", 0.0)))


ABSENCE = Bench(
    "absence",
    (
        Row(
            "journey",
            "longest absence of the main thread in a journey through everything",
            IDLE_PROGRAM,
            "ms",
            at_most(50, "ms"),
        ),
        Row(
            "window",
            "absence of the main thread while the window opens for the first time",
            IDLE_PROGRAM,
            "ms",
            at_most(50, "ms"),
            "30 ms are the import of 65 modules that the tray does not need, 10 ms PySide's enums of the namespace Qt, the "
            "rest is making and painting the rail and the cards of 20 accounts (-X importtime, 2026-11-29). In pieces it "
            "would take as long, and no key is pressed before the window is there.",
        ),
        Row(
            "changes", "the same while 200 accounts change at once, window open", IDLE_PROGRAM, "ms", at_most(50, "ms")
        ),
    ),
    rounds=1,  # each takes four minutes
    quick_rounds=1,
    open=open_absence,
)
