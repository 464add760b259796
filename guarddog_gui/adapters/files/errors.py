"""Translation of OSError into FileError with a short reason that users understand."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.domain.errors import FileError

_REASON_BY_ERRNO = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would become larger than is allowed",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "a folder is in its place",
    errno.ENOTDIR: "a file is in the place of its folder",
    errno.ENOENT: "no such file or folder",
    errno.ELOOP: "a symbolic link is in its place",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk reported an error",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files",
}


def to_file_error(path: str | os.PathLike[str], error: OSError) -> FileError:
    """Return the error with a reason that fits behind the path; an unknown errno keeps the system's text."""
    reason = _REASON_BY_ERRNO.get(error.errno or 0) or error.strerror or type(error).__name__
    return FileError(os.fspath(path), reason)


def not_a_folder_error(path: Path) -> FileError:
    """Return the error for a file or a dangling link in the place of a folder."""
    reason = "a file is in the place of the folder" if path.exists() else "the link leads nowhere"
    return FileError(os.fspath(path), reason)


@contextmanager
def translate_os_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise FileError about `path` for every OSError in the block."""
    try:
        yield
    except OSError as error:
        raise to_file_error(path, error) from error
