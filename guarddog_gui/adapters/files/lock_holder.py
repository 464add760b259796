"""Find the process that holds a lock on a file, to name it to a user who waits for it."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

_LOCK_TABLE = Path("/proc/locks")
_PROCESSES = Path("/proc")


class LockHolder(Struct, frozen=True):
    """Process that holds a lock; `program` is empty if its name cannot be read."""

    pid: int
    program: str = ""


def find_lock_holder(*paths: Path) -> LockHolder | None:
    """Return another process that has one of these files locked for writing, or None if the system does not tell.

    Only Linux lists the locks of all processes. The pid is not written into the lock files instead: `filelock`
    empties a file whenever it opens it, also to wait.
    """
    if not sys.platform.startswith("linux"):
        return None
    inodes = set(_inodes(paths))
    with suppress(OSError):
        for line in _LOCK_TABLE.read_text().splitlines():
            pid, inode = _parse_lock(line)
            # A process of another PID namespace has the number 0 or less. The device is not compared: overlay and
            # btrfs list another one than stat reports.
            if inode in inodes and pid > 0 and pid != os.getpid():
                return LockHolder(pid, read_program_name(_PROCESSES / str(pid)))
    return None


def _inodes(paths: Iterable[Path]) -> Iterable[int]:
    for path in paths:
        with suppress(OSError):
            yield path.stat().st_ino


def _parse_lock(line: str) -> tuple[int, int]:
    """Return pid and inode of a lock for writing: `1: FLOCK ADVISORY WRITE 1234 fe:00:567 0 EOF`; else zeros."""
    fields = line.split()
    # "1: -> FLOCK …" is a process that waits
    if len(fields) < 6 or fields[3] != "WRITE":
        return 0, 0
    try:
        return int(fields[4]), int(fields[5].rpartition(":")[2])
    except ValueError:
        return 0, 0


def read_program_name(process_folder: Path) -> str:
    """Return the name of the program in `/proc/<pid>`, or nothing if the process has ended."""
    try:
        return (process_folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
