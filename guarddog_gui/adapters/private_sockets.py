"""Names for local sockets that no other user can own, and the check who is at the other end."""

import os
import stat
import struct
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

if TYPE_CHECKING:
    import socket

_FOLDER_LENGTH_MAX = 70  # characters: the path of a socket has at most 104 bytes on macOS, 107 on Linux
_SHARED_BITS = stat.S_IRWXG | stat.S_IRWXO
_XUCRED = struct.Struct("=II")  # the beginning of macOS' struct xucred: version, uid
_MACOS_SOL_LOCAL, _MACOS_LOCAL_PEERCRED = 0, 1


def private_socket_name(name: str, environ: Mapping[str, str]) -> str:
    """Return the path of the socket `name` in a folder that only this user can enter.

    Raises FileError if another user has taken the folder: whoever owns the folder could put a socket there, and
    would get the commands and activation tokens that are meant for our own process. On Windows the name of a pipe
    is returned, whose access list names this user only.
    """
    if sys.platform == "win32":
        return f"{name}-{environ.get('USERNAME', '')}"
    runtime_dir = environ.get("XDG_RUNTIME_DIR", "")
    # a folder of another user is there after `su` and `sudo -E`
    if runtime_dir and len(runtime_dir) <= _FOLDER_LENGTH_MAX and _is_private(Path(runtime_dir)):
        return str(Path(runtime_dir) / name)
    folder = Path(tempfile.gettempdir()) / f"guarddog-{os.geteuid()}"
    with translate_os_errors(folder):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if not _is_own_folder(folder.lstat()):
            raise FileError(os.fspath(folder), FileErrorReason.NOT_PRIVATE)
        folder.chmod(0o700)
    return str(folder / name)


def is_same_user(fd: int) -> bool:
    """Return whether the process at the other end of a connected socket is of this user.

    On Windows always True: the pipe's access list has excluded others.
    """
    if sys.platform == "win32":
        return True
    import socket  # takes 2 ms, and no process connects before the tray icon is shown

    with socket.socket(fileno=os.dup(fd)) as duplicate, suppress(OSError):
        return _peer_uid(duplicate) == os.geteuid()
    return False


def _peer_uid(connected: "socket.socket") -> int:
    import socket

    if sys.platform == "linux":
        credentials = struct.Struct("=iii")  # pid, uid, gid
        _, uid, _ = credentials.unpack(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, credentials.size))
    else:
        data = connected.getsockopt(_MACOS_SOL_LOCAL, _MACOS_LOCAL_PEERCRED, 128)
        _, uid = _XUCRED.unpack_from(data)
    return int(uid)


def _is_private(folder: Path) -> bool:
    """Return whether the folder is of this user and closed to others."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return _is_own_folder(status) and not status.st_mode & _SHARED_BITS


def _is_own_folder(status: os.stat_result) -> bool:
    """Return whether this is the status of a folder of this user, and not of a link to one."""
    return stat.S_ISDIR(status.st_mode) and (sys.platform == "win32" or status.st_uid == os.geteuid())
