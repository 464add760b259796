"""The tray app with a heartbeat in its main thread, written to the file in TEST_HEARTBEAT_FILE.

It takes the place of `guarddog-gui`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from guarddog_gui.app.main import main
from guarddog_gui.app.tray_app import TrayApp
from tests.hard.heartbeat import BEAT_S, HeartbeatFile

START_MS = 2000  # loading modules is no part of it


class Heartbeat(QObject):
    """Timer of the main thread."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = HeartbeatFile(file)
        self._timer = QTimer(self, interval=round(BEAT_S * 1000))
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self._file.beat()


def run_with_heartbeat() -> int:
    run = TrayApp.run
    beats: list[Heartbeat] = []

    def run_and_beat(app: TrayApp, *, show: bool) -> int:
        file = Path(os.environ["TEST_HEARTBEAT_FILE"])
        QTimer.singleShot(START_MS, lambda: beats.append(Heartbeat(file)))
        return run(app, show=show)

    TrayApp.run = run_and_beat  # type: ignore[method-assign, assignment]
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run_with_heartbeat())
