"""Files that are replaced and read as a whole, so that nobody ever sees half of one."""

import os
import stat
import sys
import time
from pathlib import Path

from guarddog_gui.adapters.files.errors import file_trouble, troubles_of
from guarddog_gui.domain.errors import FileTrouble

STALE_S = 3600.0  # a temporary file this old belongs to nobody any more
BUSY_WAITS_S = (
    0.01,
    0.03,
    0.1,
    0.3,
    0.6,
)  # Windows: a reader or a virus scanner has the file open for a moment

# flags that a platform lacks count as 0; O_NONBLOCK so that a FIFO in place of a file cannot hold us
_READ = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CREATE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | _NOFOLLOW
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_file(path: Path, limit: int, *, follow: bool) -> bytes | None:
    """The bytes of a regular file; None when it is absent. Never waits, whatever is in its place.

    Raises FileTrouble for what cannot be read, is no regular file or has more than `limit` bytes.
    `follow` says whether a symbolic link will do.
    """
    try:
        fd = os.open(path, _READ if follow else _READ | _NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise file_trouble(path, error) from error
    try:
        with troubles_of(path):
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise FileTrouble(os.fspath(path), "not a regular file")
            data = b""
            while len(data) <= limit and (chunk := os.read(fd, limit + 1 - len(data))):
                data += chunk
    finally:
        os.close(fd)
    if len(data) > limit:
        raise FileTrouble(os.fspath(path), f"larger than {limit} bytes")
    return data


def replace_file(
    path: Path, data: bytes, *, verify: bool = False, like: os.stat_result | None = None
) -> None:
    """Put `data` in place of the file in one step, 0600 whatever the umask, safe against a power cut.

    A symbolic link in its place is replaced, not followed. `verify` reads it back. `like` has the mode and
    the group that it gets, for a file that is not ours alone. Raises FileTrouble; then the old file is as it
    was and no temporary file is left.
    """
    with troubles_of(path):
        fd, temp = _open_temp(path)
        try:
            _write_all(fd, data, like)
            _move(temp, path)
        except BaseException:
            temp.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)
    if verify and read_file(path, len(data), follow=False) != data:
        raise FileTrouble(os.fspath(path), "did not keep what was written")


def create_empty(path: Path) -> bool:
    """Make an empty file, 0600 whatever the umask; False when the name is taken. Raises OSError."""
    try:
        fd = os.open(path, _CREATE, 0o600)
    except FileExistsError:
        return False
    try:
        if sys.platform != "win32":
            os.fchmod(fd, 0o600)
    finally:
        os.close(fd)
    return True


def set_aside(path: Path, now: float, companions: tuple[str, ...] = ()) -> Path:
    """Rename a damaged file to `<name>.damaged-<date>-<time>`, with a number behind it if that exists.

    `companions` are endings of files that belong to it (`-wal`) and go along. Raises FileTrouble.
    """
    with troubles_of(path):
        aside = _free_name(path, now)
        _rename_onto(path, aside)
        for ending in companions:
            companion = path.with_name(path.name + ending)
            if companion.exists():
                companion.replace(aside.with_name(aside.name + ending))
    _sync_folder(path.parent)
    return aside


def copy_aside(path: Path, data: bytes, now: float) -> Path:
    """Keep `data`, the content of a damaged file, under the name that set_aside would choose.

    Raises FileTrouble.
    """
    with troubles_of(path):
        aside = _free_name(path, now)
    try:
        replace_file(aside, data, verify=True)
    except FileTrouble:
        aside.unlink(missing_ok=True)
        raise
    return aside


def clean_left_overs(folder: Path, now: float) -> None:
    """Remove temporary files that a killed program left in the folder, once they are an hour old."""
    try:
        with os.scandir(folder) as entries:
            temps = [entry for entry in entries if entry.name.startswith(".") and entry.name.endswith(".tmp")]
        for temp in temps:
            if now - temp.stat(follow_symlinks=False).st_mtime > STALE_S and _is_ours(temp.name):
                os.unlink(temp.path)  # noqa: PTH108 - scandir gives names, not Paths
    except OSError:
        pass  # they hurt nobody; the next start tries again


def is_temp_of(name: str, path: Path) -> bool:
    """Whether `name` is a temporary file that replace_file made for `path`."""
    return name.startswith(f".{path.name}.") and _is_ours(name)


def _is_ours(name: str) -> bool:
    """`.<name>.<pid>-<n>.tmp`."""
    pid, _, number = name.removesuffix(".tmp").rpartition(".")[2].partition("-")
    return name.endswith(".tmp") and pid.isdigit() and number.isdigit()


def _open_temp(path: Path) -> tuple[int, Path]:
    number = 0
    while True:
        temp = path.with_name(f".{path.name}.{os.getpid()}-{number}.tmp")
        try:
            return os.open(temp, _CREATE, 0o600), temp
        except FileExistsError:
            number += 1  # another thread's, or left by a killed program that had this pid


def _write_all(fd: int, data: bytes, like: os.stat_result | None) -> None:
    try:
        if sys.platform != "win32":
            os.fchmod(fd, 0o600)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
        if like is not None and sys.platform != "win32":
            if os.fstat(fd).st_gid != like.st_gid:
                os.fchown(fd, -1, like.st_gid)
            os.fchmod(fd, stat.S_IMODE(like.st_mode))
        os.fsync(fd)
    finally:
        os.close(fd)


def _move(temp: Path, path: Path) -> None:
    for wait in BUSY_WAITS_S if sys.platform == "win32" else ():
        try:
            temp.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    temp.replace(path)


def _free_name(path: Path, now: float) -> Path:
    """A name beside the damaged file, taken by an empty file so that no other program chooses it too."""
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    number = 1
    while True:
        aside = path.with_name(stem if number == 1 else f"{stem}-{number}")
        if create_empty(aside):
            return aside
        number += 1


def _rename_onto(path: Path, aside: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            aside.unlink()  # a folder cannot take the place of a file
            path.rename(aside)
        else:
            path.replace(aside)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut; not every file system can, and then nothing is lost by it."""
    if sys.platform != "win32":
        try:
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
        except OSError:
            pass
