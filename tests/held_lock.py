"""Another process that holds a lock of Guard Dog: on a lock file, or on the database of the history."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE_LOCK = """
import sys
from pathlib import Path
from guarddog_gui.adapters.files.lock import file_lock
with file_lock(Path(sys.argv[1]), 5):
    print("held", flush=True)
    sys.stdin.read()
"""
_DATABASE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(sys.argv[2])
db.execute("BEGIN EXCLUSIVE")
db.execute("CREATE TABLE IF NOT EXISTS held (id)")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_file_lock(lock_file: Path) -> Iterator[int]:
    """Have another process hold this lock file; provide its pid."""
    with _holder(_FILE_LOCK, str(lock_file)) as pid:
        yield pid


@contextmanager
def held_database(path: Path, *, also_from_readers: bool = False) -> Iterator[int]:
    """Have another process hold the database for writing, or for itself alone; provide its pid."""
    mode = "EXCLUSIVE" if also_from_readers else "NORMAL"
    with _holder(_DATABASE, str(path), f"PRAGMA locking_mode = {mode}") as pid:
        yield pid


@contextmanager
def _holder(code: str, *arguments: str) -> Iterator[int]:
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "held\n"
            yield holder.pid
        finally:
            holder.stdin.close()
            holder.wait(10)
