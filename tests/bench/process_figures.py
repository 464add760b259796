"""What running processes cost, read from Linux's /proc."""

from __future__ import annotations

import os
import time
from pathlib import Path


def memory_mb(pid: int, name: str) -> float:
    """Return a figure of the process's memory: Pss, or Anonymous, to which other processes contribute nothing."""
    return memory_figures_mb(pid)[name]


def memory_figures_mb(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    return {name: int(value.split()[0]) / 1024 for name, _, value in (line.partition(":") for line in lines)}


def private_mb(pid: int) -> float:
    """Return the memory that no other process has mapped: other Qt programs of the machine share the rest."""
    figures = memory_figures_mb(pid)
    return figures["Private_Clean"] + figures["Private_Dirty"]


def thread_count(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def fd_count(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def cpu_s(pid: int) -> float:
    """Return the processor time of a process, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def exact_cpu_s(pid: int) -> float:
    """Return the processor time of a process and all its threads, to the nanosecond."""
    return time.clock_gettime(~pid << 3 | 2)  # what clock_getcpuclockid(3) returns for it


class WakeUps:
    """Counter of how often a process wakes up: all that its threads do within `STEP_S` counts as once."""

    STEP_S = 0.25

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def count(self, seconds: float) -> int:
        """Return how many there are from now on for so many seconds."""
        end, count, before = time.monotonic() + seconds, 0, self._by_thread()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, self.STEP_S))
            now = self._by_thread()
            count += any(waits != before.get(thread) for thread, waits in now.items())
            before = now
        return count

    def _by_thread(self) -> dict[str, int]:
        """Return how often each thread has waited for something: each wait ends with a wake-up."""
        counts = {}
        for task in Path(f"/proc/{self._pid}/task").iterdir():
            try:
                lines = (task / "status").read_text("ascii", "replace").splitlines()
            except OSError:  # it has just ended
                continue
            counts[task.name] = next(
                int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches")
            )
        return counts
