"""Heartbeat of a main thread, which records when it was away, and what it was doing then."""

import sys
import threading
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

LIMIT_S = 0.05
_PACKAGE = f"{Path('guarddog_gui')}"


class Heartbeat(QObject):
    """Timer of 5 ms, and a thread that looks at the main thread whenever a beat is late.

    Only stalls in which the main thread waited count: those in which it used the processor are another matter, and
    so are those in which a busy machine did not run it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[tuple[float, str]] = []  # seconds, and where
        self._main_id = threading.get_ident()
        self._last = (time.monotonic(), time.thread_time())
        self._seen: list[str] = []  # stacks since the last beat
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now, cpu = time.monotonic(), time.thread_time()
        waited = (now - self._last[0]) - (cpu - self._last[1])
        seen, self._seen = self._seen, []
        self._last = now, cpu
        same = next((stack for stack in seen if seen.count(stack) >= 3), "")
        if waited > LIMIT_S and same:
            self.stalls.append((round(waited, 3), same))

    def _watch(self) -> None:
        while True:
            time.sleep(0.01)
            if time.monotonic() - self._last[0] < LIMIT_S / 2:
                continue
            frame = sys._current_frames().get(self._main_id)
            stack = traceback.extract_stack(frame)
            own = [line for line in stack if _PACKAGE in line.filename]
            # a thread takes as long to start as a busy machine takes to run it
            is_starting_thread = any(line.name == "start" and "threading" in line.filename for line in stack)
            if own and own[-1].name != "run" and not is_starting_thread:  # of `TrayApp.run`: in Qt's event loop
                self._seen.append(" < ".join(f"{Path(i.filename).name}:{i.lineno} {i.name}" for i in reversed(stack)))
