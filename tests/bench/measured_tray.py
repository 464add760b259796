"""The tray app with a heartbeat in its main thread: a script that benches and the soak start as a process.

    python -m tests.bench.measured_tray CONFIGURATION.json

Only the keyring is replaced, by one in memory. Commands come line by line on standard input, each answered by
one line of JSON on standard output:

    report             longest absence of the main thread since the last report, in milliseconds: in all, without
                       the time for which the machine had no processor for it, and its CPU time alone
    objects            number of Python's container objects
    resume             as after a suspend; `network` as after the network came back
    skip SECONDS       move the clock of the app forward
    show, hide         the window
    step               make the next step of the journey and print its name; null after the last one
    profile, stats N   start cProfile in the main thread, and print its N most expensive functions
    quit
"""

from __future__ import annotations

import cProfile
import gc
import io
import json
import os
import pstats
import resource
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Slot

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app import main as app_main
from guarddog_gui.app import tray_app
from guarddog_gui.app.tray_app import TrayApp
from guarddog_gui.bootstrap import container as bootstrap
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.journey import Step

HEARTBEAT_MS = 5


class ShiftedClock:
    """Wall clock that can be moved forward."""

    def __init__(self) -> None:
        self.offset_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset_s


class Heartbeat(QObject):
    """Timer in the main thread that measures how much later than planned it fires."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.reset()
        self._timer = QTimer(self, interval=HEARTBEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    def reset(self) -> None:
        self.last_at = time.monotonic()
        self.longest_ms = 0.0
        self.above_50_ms = 0
        self.longest_cpu_ms = 0.0
        self.longest_own_ms = 0.0
        self._last_cpu_s = time.thread_time()
        self._last_queued_s = queued_s()

    @Slot()
    def _on_beat(self) -> None:
        now, cpu_s, waited_s = time.monotonic(), time.thread_time(), queued_s()
        away_ms = (now - self.last_at) * 1000 - HEARTBEAT_MS
        own_ms = away_ms - (waited_s - self._last_queued_s) * 1000
        self.above_50_ms += own_ms > 50
        self.longest_own_ms = max(self.longest_own_ms, own_ms)
        self.longest_ms = max(self.longest_ms, away_ms)
        self.longest_cpu_ms = max(self.longest_cpu_ms, (cpu_s - self._last_cpu_s) * 1000)
        self.last_at, self._last_cpu_s, self._last_queued_s = now, cpu_s, waited_s


def queued_s() -> float:
    """Return for how long this thread has waited for a processor: that is the other load of the machine."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


class Commands(QObject):
    """Commands from standard input, executed in the main thread."""

    def __init__(self, app: TrayApp, clock: ShiftedClock) -> None:
        super().__init__(app)
        self._app = app
        self._clock = clock
        self._heartbeat = Heartbeat(self)
        self._profile: cProfile.Profile | None = None
        self._steps: Iterator[Step] | None = None
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_input)

    @Slot()
    def _on_input(self) -> None:
        text = os.read(0, 65536).decode()
        if not text:  # the bench is gone
            self._app._app.quit()
        for line in text.splitlines():
            name, _, argument = line.partition(" ")
            answer = getattr(self, f"_do_{name}")(argument)
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()

    def _do_report(self, _argument: str) -> dict[str, Any]:
        beat, overview = self._heartbeat, self._app._background_engine.controller.overview()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        answer = {
            "longest_ms": round(beat.longest_ms, 1),
            "longest_cpu_ms": round(beat.longest_cpu_ms, 1),
            "longest_own_ms": round(beat.longest_own_ms, 1),
            "above_50_ms": beat.above_50_ms,
            "main_cpu_s": time.thread_time(),
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "fresh": overview.usable_count,
            "keys": len(overview.keys),
            "state": overview.state.value,
            "threads": threading.active_count(),
            "modules": len(sys.modules),
        }
        beat.reset()
        return answer

    def _do_objects(self, _argument: str) -> int:
        return len(gc.get_objects())

    def _do_resume(self, _argument: str) -> str:
        self._app._background_engine.controller.on_system_resumed()
        return "ok"

    def _do_network(self, _argument: str) -> str:
        self._app._background_engine.controller.on_network_restored()
        return "ok"

    def _do_skip(self, argument: str) -> str:
        self._clock.offset_s += float(argument)
        return "ok"

    def _do_show(self, _argument: str) -> str:
        self._app.windows.main_window.show_and_activate()
        return "ok"

    def _do_hide(self, _argument: str) -> str:
        if self._app.windows.existing_main_window is not None:
            self._app.windows.existing_main_window.hide()
        return "ok"

    def _do_step(self, _argument: str) -> str | None:
        if self._steps is None:
            from tests.bench.journey import make_steps  # it loads widgets, and most benches measure without them

            self._steps = make_steps(self._app)
        name, action = next(self._steps, (None, None))
        if action is not None:
            QTimer.singleShot(0, self, action)  # so that a dialog's own event loop does not delay the answer
        return name

    def _do_profile(self, _argument: str) -> str:
        self._profile = cProfile.Profile()
        self._profile.enable()
        return "ok"

    def _do_stats(self, argument: str) -> str:
        if self._profile is None:
            return ""
        self._profile.disable()
        out = io.StringIO()
        pstats.Stats(self._profile, stream=out).sort_stats("cumulative").print_stats(int(argument or "40"))
        return out.getvalue()

    def _do_quit(self, _argument: str) -> str:
        self._app._app.quit()
        return "ok"


def make_accounts(container: Container, secrets: MemorySecretStore, listed: list[dict[str, Any]]) -> None:
    accounts = []
    for fields in listed:
        secrets.set(fields["appid"], Secret(fields["secret"]))
        accounts.append(Account(fields["appid"], fields["name"], ahead=fields["ahead"]))
    container.accounts.update(lambda _: tuple(accounts))


def main(path: Path) -> int:
    """Run the program's own `main`, with a container that has the accounts, and with the commands."""
    configuration = json.loads(path.read_text("utf-8"))
    show = bool(configuration["show"])
    secrets, clock = MemorySecretStore(), ShiftedClock()
    container = bootstrap.make_container(os.environ, clock, secrets=secrets, api_base=configuration["api_base"])
    make_accounts(container, secrets, configuration["accounts"])
    run = TrayApp.run
    if not show:
        tray_app.TRAY_TIMEOUT_MS = 2**31 - 1  # offscreen there is no tray: the window would come up

    def run_with_commands(app: TrayApp, *, show: bool) -> int:
        Commands(app, clock)
        return run(app, show=show)

    bootstrap.make_container = lambda *_arguments, **_options: container
    TrayApp.run = run_with_commands  # type: ignore[assignment, method-assign]
    return app_main.main(["--show"] if show else [])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
