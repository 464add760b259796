"""Turns what the operating system says about a file into a FileTrouble with a short reason."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.domain.errors import FileTrouble

_REASONS = {
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


def file_trouble(path: str | os.PathLike[str], error: OSError) -> FileTrouble:
    """The trouble in words that fit behind the path; the system's own words for what is not foreseen."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    return FileTrouble(os.fspath(path), reason)


def no_folder(path: Path) -> FileTrouble:
    """Why what is there is not a folder."""
    reason = "a file is in the place of the folder" if path.exists() else "the link leads nowhere"
    return FileTrouble(os.fspath(path), reason)


@contextmanager
def troubles_of(path: str | os.PathLike[str]) -> Iterator[None]:
    """Every OSError inside becomes FileTrouble about `path`."""
    try:
        yield
    except OSError as error:
        raise file_trouble(path, error) from error
