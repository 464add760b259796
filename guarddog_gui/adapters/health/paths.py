"""Check Guard Dog's folders and files without opening, creating or changing any."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui.adapters.files.paths import not_a_folder_error, to_file_error
from guarddog_gui.adapters.forked_call import lines_from_child
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.results import PathProbeResult
from guarddog_gui.domain.problems import FileErrorReason

_REASON_BY_FILE_TYPE = {stat.S_IFLNK: FileErrorReason.IS_A_LINK, stat.S_IFDIR: FileErrorReason.IS_A_FOLDER}

_FIRST_USER_UID = 1000  # of persons, on all common systems


def check_folder(path: Path) -> PathProbeResult:
    """Check a folder to write in; if it does not exist, check that it could be created."""
    try:
        folder_stat = path.stat()
    except FileNotFoundError:
        nearest = next(folder for folder in (path, *path.parents) if os.path.lexists(folder))
        if not nearest.exists():
            return _from_file_error(not_a_folder_error(nearest))
        return PathProbeResult(os.fspath(path), exists=False, error=_write_error_in(nearest))
    except OSError as error:
        return _from_file_error(to_file_error(path, error))
    return _from_stat(path, folder_stat, _write_error_in(path))


def check_custom_folder(path: Path) -> PathProbeResult:
    """Check a folder that the user chose, like `check_folder` but without its owner and permissions."""
    return replace(check_folder(path), is_owned_by_user=True, mode=None)


def check_file(path: Path) -> PathProbeResult:
    """Check a file to read; it need not exist."""
    try:
        file_stat = path.lstat()
    except FileNotFoundError:
        return PathProbeResult(os.fspath(path), exists=False)
    except OSError as error:
        return _from_file_error(to_file_error(path, error))
    if not stat.S_ISREG(file_stat.st_mode):
        reason = _REASON_BY_FILE_TYPE.get(stat.S_IFMT(file_stat.st_mode), FileErrorReason.NOT_A_REGULAR_FILE)
        return _from_stat(path, file_stat, reason)
    return _from_stat(path, file_stat, "" if _has_access(path, os.R_OK) else FileErrorReason.PERMISSION_DENIED)


def is_answering(path: Path, timeout_s: float) -> bool:
    """Return False if a path on a hung network share does not answer within `timeout_s` seconds. Linux only."""
    if sys.platform != "linux":
        return True

    def look() -> Iterator[bytes]:
        with suppress(OSError):
            path.stat()
        yield b"answered"

    try:
        return list(lines_from_child(look, timeout_s)) == [b"answered"]
    except OSError:  # no process can be started
        return True


def find_other_owner(path: Path) -> str:
    """Return the owner of a file that is another user; empty for our own, a missing one and on Windows.

    Only accounts of the system are named: the report may be published, and other names are of persons.
    """
    if sys.platform == "win32":
        return ""
    try:
        uid = path.lstat().st_uid
    except OSError:
        return ""
    if uid == os.geteuid():
        return ""
    if uid < _FIRST_USER_UID:
        import pwd

        try:
            return f"{pwd.getpwuid(uid).pw_name} (uid {uid})"
        except KeyError:
            pass
    return f"uid {uid}"


def _write_error_in(folder: Path) -> str:
    if not folder.is_dir():
        return not_a_folder_error(folder).reason
    if _has_access(folder, os.R_OK | os.W_OK | os.X_OK):
        return ""
    if sys.platform != "win32" and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return to_file_error(folder, OSError(errno.EROFS, "")).reason
    return FileErrorReason.PERMISSION_DENIED


def _has_access(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _from_stat(path: Path, file_stat: os.stat_result, error: str) -> PathProbeResult:
    if sys.platform == "win32":
        return PathProbeResult(os.fspath(path), exists=True, error=error)
    is_ours = file_stat.st_uid == os.geteuid()
    return PathProbeResult(os.fspath(path), True, error, is_ours, stat.S_IMODE(file_stat.st_mode) & 0o777)


def _from_file_error(error: FileError) -> PathProbeResult:
    return PathProbeResult(error.path, exists=True, error=error.reason)
