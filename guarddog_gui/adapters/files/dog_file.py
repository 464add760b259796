"""One `.dog` file: read, replaced, and watched for what others do to it."""

import logging
import os
import stat
import sys
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.dogfile import DogRecord

OPEN_HANDLES_MAX = 32  # files kept open by one process, which has to open others, too
ANY_VALUE_SIZE_MAX = 64 * 1024 * 1024  # bytes; what loaders of other things than tokens may hand over

log = logging.getLogger(__name__)

FileStamp = tuple[int, int, int]  # time of the last change (Unix nanoseconds), size, inode


def get_file_stamp(path: str | os.PathLike[str]) -> FileStamp | None:
    """Something that differs after the file was replaced; None while there is no file."""
    try:
        seen = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - asked often
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def write_dog_text(path: Path, text: str) -> None:
    """Replace the file in one step and read it back; its folder is made. Raises FileTrouble."""
    create_private_folder(path.parent)
    # a folder's name need not be UTF-8: JSON.stringify writes such a half character as \udcxx, too
    atomic_write(path, text.encode(errors="backslashreplace"), verify=True)


def resolve_own_symlink(path: Path) -> Path:
    """Where the file really is: a person's link to a file of the same person is followed.

    Deployments link files into a folder that outlasts them, also before the file is there. Any other link is
    left to be replaced: who put it there shall not choose what of ours is overwritten.
    """
    try:
        link = path.lstat()
        if not stat.S_ISLNK(link.st_mode) or not _is_owned_by_user(link):
            return path
        target = Path(os.path.realpath(path))
        seen = _stat_or_none(target)
    except OSError:  # links in a circle, a file in the place of a folder
        return path
    return target if seen is None or (stat.S_ISREG(seen.st_mode) and _is_owned_by_user(seen)) else path


def _stat_or_none(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_owned_by_user(file_stat: os.stat_result) -> bool:
    return sys.platform == "win32" or file_stat.st_uid == os.geteuid()


class OpenFileHandle:
    """A file kept open, to notice by its number alone whether it is still the one that was read.

    A program that becomes a daemon closes every number, ours too, and may have another file under it then.
    """

    __slots__ = ("device", "fd", "inode")
    open_count = 0  # of those that are open

    def __init__(self, fd: int) -> None:
        self.fd = fd
        seen = os.fstat(fd)
        self.device, self.inode = seen.st_dev, seen.st_ino
        OpenFileHandle.open_count += 1

    def is_open(self) -> bool:
        """Whether the number is still that of our file."""
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
    """The file of one key with any JSON value in it. Holds no state."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._path_text = os.fspath(path)

    def stamp(self) -> FileStamp | None:
        return get_file_stamp(self._path_text)

    def read(self) -> DogRecord | None:
        """What it holds; None for anything that is not a whole `.dog` file."""
        try:
            data = read_file(self.path, ANY_VALUE_SIZE_MAX, follow_symlinks=False)
            return dogfile.parse_dog(data.decode()) if data else None
        except (FileError, UnicodeDecodeError):
            return None

    def write(self, dog: DogRecord) -> None:
        """Replace the file. Raises FileTrouble."""
        if self.path.is_symlink():
            log.warning("%s: a symbolic link is in the place of the file and is replaced", self.path)
        write_dog_text(self.path, dogfile.format_dog(dog))

    def open_handle(self, stamp: FileStamp) -> OpenFileHandle | None:
        """The file with this stamp kept open; None where it is another one by now, where many are kept, and
        on Windows, where nobody could replace it then.
        """
        if sys.platform == "win32" or OpenFileHandle.open_count >= OPEN_HANDLES_MAX:
            return None
        try:
            watch = OpenFileHandle(
                os.open(self._path_text, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            )
        except OSError:
            return None
        seen = os.fstat(watch.fd)
        return watch if (seen.st_mtime_ns, seen.st_size, seen.st_ino) == stamp else None
