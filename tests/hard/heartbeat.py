"""Heartbeats of a thread: how long it was away. As a script, those of a program that does nothing else.

On a busy machine even such a program is away for more than 50 ms now and then; what the tray app is measured by.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

BEAT_S = 0.01
LINE_S = 0.25


class HeartbeatFile:
    """File with one line per quarter of a second: longest absence and most processor time of a beat, both in ms."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="ascii")
        self._away_ms = self._busy_ms = 0.0
        self._line_at = self._beat_at = time.monotonic()
        self._waited_s, self._busy_s = waited_for_processor_s(), time.thread_time()

    def beat(self) -> None:
        now, waited_s, busy_s = time.monotonic(), waited_for_processor_s(), time.thread_time()
        waited_now_s = max(0.0, waited_s - self._waited_s)  # the time of a thread that has ended is missing
        self._away_ms = max(self._away_ms, (now - self._beat_at - waited_now_s - BEAT_S) * 1000)
        self._busy_ms = max(self._busy_ms, (busy_s - self._busy_s) * 1000)
        self._beat_at, self._waited_s, self._busy_s = now, waited_s, busy_s
        if now - self._line_at >= LINE_S:
            self._file.write(f"{self._away_ms:.1f} {self._busy_ms:.1f}\n")
            self._file.flush()
            self._line_at, self._away_ms, self._busy_ms = now, 0.0, 0.0


class HeartbeatReader:
    """Lines that were written to a file of heartbeats since it was read last."""

    def __init__(self, file: Path) -> None:
        file.touch()
        self.file = file
        self.seen = 0

    def read(self) -> list[tuple[float, float]]:
        lines = self.file.read_text("ascii").splitlines(keepends=True)
        new = [line.split() for line in lines[self.seen :] if line.endswith("\n")]
        self.seen += len(new)
        return [(float(away), float(busy)) for away, busy in new]


def waited_for_processor_s() -> float:
    """Return how long the threads of this process were ready to run without a processor, together.

    All threads count: the main thread also waits for one that holds the interpreter's lock.
    """
    total_ns = 0
    for thread in Path("/proc/self/task").iterdir():
        try:
            total_ns += int((thread / "schedstat").read_text("ascii").split()[1])
        except OSError:  # it has just ended
            pass
    return total_ns / 1e9


if __name__ == "__main__":
    heartbeat = HeartbeatFile(Path(sys.argv[1]))
    while True:
        time.sleep(BEAT_S)
        heartbeat.beat()
