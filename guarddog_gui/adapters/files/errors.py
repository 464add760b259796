"""Translation of OSError into FileError with a short reason that users understand."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

_REASON_BY_ERRNO = {
    errno.ENOSPC: FileErrorReason.DISK_FULL,
    errno.EDQUOT: FileErrorReason.QUOTA_EXCEEDED,
    errno.EFBIG: FileErrorReason.FILE_SIZE_LIMIT,
    errno.EROFS: FileErrorReason.READ_ONLY,
    errno.EACCES: FileErrorReason.PERMISSION_DENIED,
    errno.EPERM: FileErrorReason.PERMISSION_DENIED,
    errno.EISDIR: FileErrorReason.IS_A_FOLDER,
    errno.ENOTDIR: FileErrorReason.PARENT_IS_A_FILE,
    errno.ENOENT: FileErrorReason.NOT_FOUND,
    errno.ELOOP: FileErrorReason.IS_A_LINK,
    errno.ENAMETOOLONG: FileErrorReason.NAME_TOO_LONG,
    errno.EIO: FileErrorReason.IO_ERROR,
    errno.EMFILE: FileErrorReason.TOO_MANY_OPEN_FILES,
    errno.ENFILE: FileErrorReason.TOO_MANY_OPEN_FILES,
}


def to_file_error(path: str | os.PathLike[str], error: OSError) -> FileError:
    """Return the error with a reason that fits behind the path; an unknown errno keeps the system's text."""
    reason = _REASON_BY_ERRNO.get(error.errno or 0) or error.strerror or type(error).__name__
    return FileError(os.fspath(path), reason)


def not_a_folder_error(path: Path) -> FileError:
    """Return the error for a file or a dangling link in the place of a folder."""
    reason = FileErrorReason.FOLDER_IS_A_FILE if path.exists() else FileErrorReason.BROKEN_LINK
    return FileError(os.fspath(path), reason)


@contextmanager
def translate_os_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise FileError about `path` for every OSError in the block."""
    try:
        yield
    except OSError as error:
        raise to_file_error(path, error) from error
