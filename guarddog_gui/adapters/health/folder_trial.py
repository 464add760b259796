"""Try in a folder what Guard Dog does there: write, chmod, replace, lock and a database.

The files of the trial have names of their own, and all of them are removed. Each call may hang for as long as a
network share does: the caller needs a deadline.
"""

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import to_file_error
from guarddog_gui.adapters.history.database import HistoryDatabase
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.health.mounts import Mount, find_mount
from guarddog_gui.domain.health.results import ABILITIES_BY_USE, FolderAbility, FolderLack, FolderTrial, FolderUse
from guarddog_gui.domain.problems import FileErrorReason

_PREFIX = ".guarddog-trial."  # of every file of a trial
_LEFTOVER_AGE_S = 60.0  # a file this old is of a trial that was killed
_CONTENT = b"0" * 16384  # more than a .dog file has: it must not fit into the last free bytes
_LOCK_TIMEOUT_S = 0.1
_NEVER = 0.0  # the time of a database without entries


def try_folder(path: Path, use: FolderUse, mounts: tuple[Mount, ...], now: float) -> FolderTrial:
    """Return what the folder lacks for its use. A missing one is tried in a temporary folder of its nearest parent.

    `now` (Unix seconds) tells the files of a killed trial from those of a running one.
    """
    nearest = next((folder for folder in (path, *path.parents) if folder.is_dir()), path)
    real_path = os.path.realpath(nearest)
    lacks: tuple[FolderLack, ...]
    try:
        with _trial_folder(path, nearest, now) as folder:
            lacks = tuple(_find_lacks(folder, ABILITIES_BY_USE[use]))
    except OSError as error:
        lacks = (FolderLack(FolderAbility.WRITE, to_file_error(path, error).reason),)
    return FolderTrial(os.fspath(path), use, lacks, find_mount(mounts, real_path), _free_bytes(nearest))


@contextmanager
def _trial_folder(path: Path, nearest: Path, now: float) -> Iterator[Path]:
    """Give the folder itself, or a temporary one in its nearest parent."""
    if path == nearest:
        _remove_leftovers(path, now)
        yield path
        return
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=nearest))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_lacks(folder: Path, needed: frozenset[FolderAbility]) -> Iterator[FolderLack]:
    base = folder / f"{_PREFIX}{os.getpid()}-{time.monotonic_ns()}"
    try:
        lack = _try_to_write(base)
        if lack is not None:
            yield lack
            return
        trials: dict[FolderAbility, Callable[[Path], FolderLack | None]] = {
            FolderAbility.MODE: _try_mode,
            FolderAbility.REPLACE: _try_to_replace,
            FolderAbility.LOCK: _try_lock,
            FolderAbility.DATABASE: _try_database,
        }
        for ability, attempt in trials.items():
            lack = attempt(base) if ability in needed else None
            if lack is not None:
                yield lack
                if ability is FolderAbility.MODE and lack.mode is None:
                    return  # without chmod every other step fails in the same way
    finally:
        _remove_files(base)


def _try_to_write(base: Path) -> FolderLack | None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
    try:
        fd = os.open(base, flags, 0o600)
        try:
            os.write(fd, _CONTENT)
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        return FolderLack(FolderAbility.WRITE, to_file_error(base, error).reason)
    return None


def _try_mode(base: Path) -> FolderLack | None:
    if sys.platform == "win32":
        return None
    try:
        base.chmod(0o600)
        mode = stat.S_IMODE(base.stat().st_mode)
    except OSError as error:
        return FolderLack(FolderAbility.MODE, to_file_error(base, error).reason)
    return FolderLack(FolderAbility.MODE, mode=mode) if mode & 0o077 else None


def _try_to_replace(base: Path) -> FolderLack | None:
    try:
        atomic_write(base, b"replaced", verify=True)
    except FileError as error:
        return FolderLack(FolderAbility.REPLACE, error.reason)
    return None


def _try_lock(base: Path) -> FolderLack | None:
    """Take the lock twice: some file systems give it to everybody."""
    path = base.with_name(f"{base.name}.lock")
    try:
        with file_lock(path, _LOCK_TIMEOUT_S):
            try:
                with file_lock(path, _LOCK_TIMEOUT_S):
                    return FolderLack(FolderAbility.LOCK)
            except LockBusy:
                return None
    except LockBusy:  # nobody else knows the name
        return FolderLack(FolderAbility.LOCK, FileErrorReason.NO_LOCKS)
    except FileError as error:
        return FolderLack(FolderAbility.LOCK, error.reason)


def _try_database(base: Path) -> FolderLack | None:
    database = HistoryDatabase(base.with_name(f"{base.name}.sqlite3"), lambda: _NEVER)
    try:
        is_written = database.write(_write_and_read)
    finally:
        database.close()
    if is_written:
        return None
    error = database.last_error
    return FolderLack(FolderAbility.DATABASE, FileErrorReason.NOT_PERSISTED if error is None else error.reason)


def _write_and_read(db: sqlite3.Connection) -> bool:
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE trial (value TEXT)")
    db.execute("INSERT INTO trial VALUES ('written')")
    db.execute("COMMIT")
    return bool(db.execute("SELECT value FROM trial").fetchone() == ("written",))


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _remove_files(base: Path) -> None:
    """Remove what one trial has made, also the temporary files of `atomic_write` and those of SQLite."""
    with suppress(OSError), os.scandir(base.parent) as entries:
        for entry in entries:
            if base.name in entry.name:
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 - scandir gives names, not Paths


def _remove_leftovers(folder: Path, now: float) -> None:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PREFIX in entry.name and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    if now - entry.stat(follow_symlinks=False).st_mtime > _LEFTOVER_AGE_S:
                        os.unlink(entry.path)  # noqa: PTH108 - scandir gives names, not Paths
