"""Reading and replacing whole files, so that a reader never sees a partly written one.

Every write goes to a temporary file in the same folder, which is flushed to disk and then renamed over the
old file. After a crash or a power cut there is either the old content or the new one.
"""

import os
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

STALE_TEMP_AGE_S = 3600.0  # a temporary file this old was left by a killed process
ORPHANED_TEMP_AGE_S = 60.0  # the same if no process has the pid in its name; on a share it may be of another machine
# Windows refuses to replace a file that a reader or a virus scanner has open for a moment; together 2.5 s,
# as shorter times were not enough for others
REPLACE_RETRY_DELAYS_S = (0.01, 0.03, 0.06, 0.1, 0.3, 0.5, 0.7, 0.8)

# flags that a platform lacks count as 0; O_NONBLOCK so that opening a FIFO in place of a file does not block
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOFOLLOW_FLAG = getattr(os, "O_NOFOLLOW", 0)
_CREATE_FLAGS = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW_FLAG | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)

_READ_CHUNK_SIZE = 4096  # bytes, once all is read that the file had when it was opened

FileStamp = tuple[int, int, int]  # time of the last change (Unix nanoseconds), size, inode


def get_file_stamp(path: str | os.PathLike[str], *, follow_symlinks: bool = False) -> FileStamp | None:
    """Return a value that differs after the file was replaced or changed; None without a file."""
    try:
        status = os.stat(path, follow_symlinks=follow_symlinks)  # noqa: PTH116 - called often
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read_file(path: str | os.PathLike[str], size_max: int, *, follow_symlinks: bool) -> bytes | None:
    """Return the content of a regular file, or None if it is missing. Never blocks, not even on a FIFO.

    Raises FileError if it cannot be read, is not a regular file, has more than `size_max` bytes, or is a
    symbolic link and `follow_symlinks` is false.
    """
    with translate_os_errors(path):
        try:
            fd = os.open(path, _READ_FLAGS if follow_symlinks else _READ_FLAGS | _NOFOLLOW_FLAG)
        except FileNotFoundError:
            return None
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise FileError(os.fspath(path), FileErrorReason.NOT_A_REGULAR_FILE)
            data, wanted = b"", status.st_size + 1
            # Not `size_max` at once: `os.read` allocates all of it, and glibc keeps that for each thread. Two such
            # buffers for the replaced tickets alone made a process with ten threads grow by 20 MB.
            while len(data) <= size_max and (chunk := os.read(fd, min(wanted, size_max + 1 - len(data)))):
                data, wanted = data + chunk, _READ_CHUNK_SIZE
        finally:
            os.close(fd)
    if len(data) > size_max:
        raise FileError(os.fspath(path), f"larger than {size_max} bytes")
    return data


def read_text_if_valid(path: str | os.PathLike[str], size_max: int) -> str:
    """Return the text of a regular file in UTF-8, but no link; empty if it is missing or cannot be read."""
    try:
        return (read_file(path, size_max, follow_symlinks=False) or b"").decode()
    except (FileError, UnicodeDecodeError):
        return ""


def atomic_write(path: Path, data: bytes, *, verify: bool = False, metadata_from: os.stat_result | None = None) -> None:
    """Replace the file by `data`, with mode 0600 whatever the umask.

    A symbolic link is replaced, not followed. `verify` reads the file back. `metadata_from` is the status of
    a file of another program whose mode and group are kept. Raises FileError; then the old file is unchanged
    and no temporary file is left.
    """
    with translate_os_errors(path):
        fd, temp = _create_temp_file(path)
        try:
            _write_all(fd, data, metadata_from)
            _replace_with_retries(temp, path)
        except BaseException:
            temp.unlink(missing_ok=True)
            raise
    _fsync_folder(path.parent)
    if verify and read_file(path, len(data), follow_symlinks=False) != data:
        raise FileError(os.fspath(path), FileErrorReason.NOT_PERSISTED)


def write_named_file(path: Path, data: bytes) -> None:
    """Write a file that the user has named. A link is followed, a device or pipe is written to. Raises FileError.

    `atomic_write` would put a regular file in the place of `/dev/null`, for every program of the system.
    """
    with translate_os_errors(path):
        if path.exists() and not path.is_file():
            with path.open("wb", buffering=0) as device:
                remaining = memoryview(data)
                while remaining:
                    remaining = remaining[device.write(remaining) :]
            return
        target = path.resolve()
    atomic_write(target, data)


def create_empty_file(path: Path) -> bool:
    """Create an empty file with mode 0600; return False if the name is taken. Raises OSError."""
    try:
        fd = os.open(path, _CREATE_FLAGS, 0o600)
    except FileExistsError:
        return False
    try:
        if sys.platform != "win32":
            os.fchmod(fd, 0o600)
    finally:
        os.close(fd)
    return True


def quarantine(path: Path, now: float, companion_suffixes: tuple[str, ...] = ()) -> Path:
    """Rename a damaged file to `<name>.damaged-<date>-<time>`, plus a number if that exists.

    Files that belong to it, named with one of `companion_suffixes` (such as `-wal`), move along. Raises FileError.
    """
    with translate_os_errors(path):
        aside = _reserve_quarantine_path(path, now)
        _move_to_quarantine(path, aside)
        for ending in companion_suffixes:
            companion = path.with_name(path.name + ending)
            if companion.exists():
                companion.replace(aside.with_name(aside.name + ending))
    _fsync_folder(path.parent)
    return aside


def backup_damaged(path: Path, data: bytes, now: float) -> Path:
    """Store `data`, the content of a damaged file, under the name that `quarantine` would choose. Raises FileError."""
    with translate_os_errors(path):
        aside = _reserve_quarantine_path(path, now)
    try:
        atomic_write(aside, data, verify=True)
    except FileError:
        aside.unlink(missing_ok=True)
        raise
    return aside


def remove_stale_temp_files(folder: Path, now: float) -> None:
    """Remove temporary files that killed processes left in the folder: there may be a token inside. Never raises."""
    temps: list[os.DirEntry[str]] = []
    with suppress(OSError), os.scandir(folder) as entries:
        temps = [entry for entry in entries if entry.name.startswith(".") and _is_temp_name(entry.name)]
    for temp in temps:
        with suppress(OSError):  # the next call tries again
            age = now - temp.stat(follow_symlinks=False).st_mtime
            is_orphaned = age > ORPHANED_TEMP_AGE_S and not _may_be_running(_pid_in_temp_name(temp.name))
            if is_orphaned or abs(age) > STALE_TEMP_AGE_S:  # one from the future was written before the clock was set
                os.unlink(temp.path)  # noqa: PTH108 - scandir gives names, not Paths


def is_temp_file_of(name: str, path: Path) -> bool:
    """Check for the name of a temporary file of `atomic_write(path, …)`."""
    return name.startswith(f".{path.name}.") and _is_temp_name(name)


def _is_temp_name(name: str) -> bool:
    """Check for `.<name>.<pid>-<n>.tmp`."""
    pid, _, number = name.removesuffix(".tmp").rpartition(".")[2].partition("-")
    return name.endswith(".tmp") and pid.isdigit() and number.isdigit()


def _pid_in_temp_name(name: str) -> int:
    return int(name.removesuffix(".tmp").rpartition(".")[2].partition("-")[0])


def _may_be_running(pid: int) -> bool:
    """Return False only if this machine certainly has no process with this id."""
    if sys.platform == "win32":  # os.kill would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _create_temp_file(path: Path) -> tuple[int, Path]:
    number = 0
    while True:
        temp = path.with_name(f".{path.name}.{os.getpid()}-{number}.tmp")
        try:
            return os.open(temp, _CREATE_FLAGS, 0o600), temp
        except FileExistsError:
            number += 1  # of another thread, or left by a killed process with this pid


def _write_all(fd: int, data: bytes, metadata_from: os.stat_result | None) -> None:
    try:
        if sys.platform != "win32":
            os.fchmod(fd, 0o600)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
        if metadata_from is not None and sys.platform != "win32":
            if os.fstat(fd).st_gid != metadata_from.st_gid:
                os.fchown(fd, -1, metadata_from.st_gid)
            os.fchmod(fd, stat.S_IMODE(metadata_from.st_mode))
        os.fsync(fd)
    finally:
        os.close(fd)


def _replace_with_retries(temp: Path, path: Path) -> None:
    for wait in REPLACE_RETRY_DELAYS_S if sys.platform == "win32" else ():
        try:
            temp.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    temp.replace(path)


def _reserve_quarantine_path(path: Path, now: float) -> Path:
    """Create an empty file for a free name, so that no other process chooses the same."""
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    number = 1
    while True:
        aside = path.with_name(stem if number == 1 else f"{stem}-{number}")
        if create_empty_file(aside):
            return aside
        number += 1


def _move_to_quarantine(path: Path, aside: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            aside.unlink()  # a folder cannot take the place of a file
            path.rename(aside)
        else:
            path.replace(aside)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _fsync_folder(folder: Path) -> None:
    """Flush a rename to disk, so that it survives a power cut; file systems without that are left alone."""
    if sys.platform != "win32":
        with suppress(OSError):
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
