"""The tray app with a heartbeat in its main thread: a script that takes the place of `guarddog-gui`.

Every quarter of a second it appends a line to the file in TEST_HEARTBEAT_FILE: the longest absence of the main thread
since the line before, in milliseconds. The time that threads of this program were ready to run, but the machine gave
them no processor, does not count: other programs of the machine are no fault of this one. (All threads: the main
thread also waits for one that holds the interpreter's lock.)
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from guarddog_gui.app.main import main
from guarddog_gui.app.tray_app import TrayApp

BEAT_MS = 10
LINE_S = 0.25


class Heartbeat(QObject):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file.open("a", encoding="utf-8")
        self._longest_ms = 0.0
        self._line_at = self._beat_at = time.monotonic()
        self._waited_s = waited_for_processor_s()
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    @Slot()
    def _beat(self) -> None:
        now, waited_s = time.monotonic(), waited_for_processor_s()
        waited_now_s = max(0.0, waited_s - self._waited_s)  # the time of a thread that has ended is missing
        away_ms = (now - self._beat_at - waited_now_s) * 1000 - BEAT_MS
        self._longest_ms = max(self._longest_ms, away_ms)
        self._beat_at, self._waited_s = now, waited_s
        if now - self._line_at >= LINE_S:
            self._file.write(f"{self._longest_ms:.1f}\n")
            self._file.flush()
            self._line_at, self._longest_ms = now, 0.0


def waited_for_processor_s() -> float:
    """Return how long the threads of this process were ready to run without a processor, together."""
    total_ns = 0
    for thread in Path("/proc/self/task").iterdir():
        try:
            total_ns += int((thread / "schedstat").read_text("ascii").split()[1])
        except OSError:  # it has just ended
            pass
    return total_ns / 1e9


def run_with_heartbeat() -> int:
    run = TrayApp.run
    beats: list[Heartbeat] = []

    def run_and_beat(app: TrayApp, *, show: bool) -> int:
        QTimer.singleShot(2000, lambda: beats.append(Heartbeat(Path(os.environ["TEST_HEARTBEAT_FILE"]))))
        return run(app, show=show)

    TrayApp.run = run_and_beat  # type: ignore[method-assign, assignment]
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run_with_heartbeat())
