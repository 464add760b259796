"""Looks at folders and files of ours without opening, making or changing any."""

import errno
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

from guarddog_gui.adapters.files.errors import file_trouble, no_folder
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.health import PathSeen


def look_at_folder(path: Path) -> PathSeen:
    """A folder to write in: as it is, or whether it could be made."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        nearest = next(place for place in (path, *path.parents) if os.path.lexists(place))
        if not nearest.exists():
            return _named(no_folder(nearest))
        return PathSeen(os.fspath(path), is_there=False, trouble=_trouble_in(nearest))
    except OSError as error:
        return _named(file_trouble(path, error))
    return _as_seen(path, seen, _trouble_in(path))


def look_at_named_folder(path: Path) -> PathSeen:
    """As `look_at_folder`; whose it is and who else may use it was the choice of the person who named it."""
    return replace(look_at_folder(path), is_ours=True, mode=None)


def look_at_file(path: Path) -> PathSeen:
    """A file to read: as it is; it need not be there."""
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return PathSeen(os.fspath(path), is_there=False)
    except OSError as error:
        return _named(file_trouble(path, error))
    if stat.S_ISLNK(seen.st_mode):
        return _as_seen(path, seen, "a symbolic link is in its place")
    if stat.S_ISDIR(seen.st_mode):
        return _as_seen(path, seen, "a folder is in its place")
    if not stat.S_ISREG(seen.st_mode):
        return _as_seen(path, seen, "not a regular file")
    return _as_seen(path, seen, "" if _may(path, os.R_OK) else "permission denied")


def _trouble_in(folder: Path) -> str:
    """Why no file can be made in there; empty if one can."""
    if not folder.is_dir():
        return no_folder(folder).reason
    if _may(folder, os.R_OK | os.W_OK | os.X_OK):
        return ""
    if sys.platform != "win32" and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return file_trouble(folder, OSError(errno.EROFS, "")).reason
    return "permission denied"


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _as_seen(path: Path, seen: os.stat_result, trouble: str) -> PathSeen:
    if sys.platform == "win32":
        return PathSeen(os.fspath(path), is_there=True, trouble=trouble)
    is_ours = seen.st_uid == os.geteuid()
    return PathSeen(os.fspath(path), True, trouble, is_ours, stat.S_IMODE(seen.st_mode) & 0o777)


def _named(trouble: FileTrouble) -> PathSeen:
    return PathSeen(trouble.path, is_there=True, trouble=trouble.reason)
