"""One `.dog` file: reading, replacing, and noticing changes by other processes."""

import logging
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.files.atomic import (
    FileStamp,
    atomic_write,
    get_file_stamp,
    read_text_if_valid,
    remove_stale_temp_files,
)
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.dog_format import DogRecord

OPEN_HANDLES_MAX = 32  # handles kept open by one process, which needs some of its limit for other files
ANY_VALUE_SIZE_MAX = 64 * 1024 * 1024  # bytes; the loader of a library user may return values of any kind

log = logging.getLogger(__name__)


def write_dog_text(path: Path, text: str) -> None:
    """Replace the file atomically, verify it, and create its folder if necessary. Raises FileError."""
    create_private_folder(path.parent)
    # a folder's name need not be UTF-8; JSON.stringify writes a lone surrogate as \udcxx, too
    atomic_write(path, text.encode(errors="backslashreplace"), verify=True)
    # here too, because a machine without the tray app has no other maintenance; by the clock of the file system
    with suppress(OSError):
        remove_stale_temp_files(path.parent, path.lstat().st_mtime)


def resolve_own_symlink(path: Path) -> Path:
    """Return the target of a symbolic link if the user owns both; the path itself otherwise.

    Deployments link files into a folder that outlives them, even before the file exists. Any other link will
    be replaced instead of followed, so that its author cannot choose which file of the user is overwritten.
    """
    try:
        link = path.lstat()
        if not stat.S_ISLNK(link.st_mode) or not _is_owned_by_user(link):
            return path
        target = Path(os.path.realpath(path))
        target_stat = _stat_or_none(target)
    except OSError:  # links in a circle, a file in the place of a folder
        return path
    is_safe = target_stat is None or (stat.S_ISREG(target_stat.st_mode) and _is_owned_by_user(target_stat))
    return target if is_safe else path


def _stat_or_none(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_owned_by_user(file_stat: os.stat_result) -> bool:
    return sys.platform == "win32" or file_stat.st_uid == os.geteuid()


class OpenFileHandle:
    """File descriptor kept open so that `fstat` alone shows whether the file was replaced.

    A process that becomes a daemon closes all descriptors, this one too, and the number may then belong to
    another file. So `is_open` compares device and inode before the number is trusted or closed.
    """

    __slots__ = ("device", "fd", "inode")
    open_count = 0  # of this process

    def __init__(self, fd: int) -> None:
        self.fd = fd
        seen = os.fstat(fd)
        self.device, self.inode = seen.st_dev, seen.st_ino
        OpenFileHandle.open_count += 1

    def is_open(self) -> bool:
        """Check that the descriptor still refers to the same file."""
        try:
            seen = os.fstat(self.fd)
        except OSError:
            return False
        return seen.st_ino == self.inode and seen.st_dev == self.device

    def __del__(self) -> None:
        OpenFileHandle.open_count -= 1
        if self.is_open():
            os.close(self.fd)


class DogFile:
    """File of one key with any JSON value. Holds no state."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._path_text = os.fspath(path)

    def stamp(self) -> FileStamp | None:
        return get_file_stamp(self._path_text)

    def read(self) -> DogRecord | None:
        """Return the record, or None if the file is missing, damaged or no `.dog` file."""
        text = read_text_if_valid(self.path, ANY_VALUE_SIZE_MAX)
        return dog_format.parse_dog(text) if text else None

    def write(self, dog: DogRecord) -> None:
        """Replace the file. Raises FileError."""
        if self.path.is_symlink():
            log.warning("%s: a symbolic link is in the place of the file and is replaced", self.path)
        write_dog_text(self.path, dog_format.format_dog(dog))

    def open_handle(self, stamp: FileStamp) -> OpenFileHandle | None:
        """Keep the file with this stamp open.

        Return None if it was replaced meanwhile, if too many are open, and on Windows, where an open file
        cannot be replaced.
        """
        if sys.platform == "win32" or OpenFileHandle.open_count >= OPEN_HANDLES_MAX:
            return None
        try:
            handle = OpenFileHandle(
                os.open(self._path_text, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            )
        except OSError:
            return None
        seen = os.fstat(handle.fd)
        return handle if (seen.st_mtime_ns, seen.st_size, seen.st_ino) == stamp else None
