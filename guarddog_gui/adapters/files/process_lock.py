"""Lock that one process holds for its whole life, which no killed process can leave behind."""

import errno
import os
import sys
from pathlib import Path

from guarddog_gui.adapters.files.paths import translate_os_errors

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_BUSY_ERRNOS = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class ProcessLock:
    """Lock of the operating system on a file.

    The lock is in the kernel and ends with its process; neither the existence nor the content of the file means
    anything. QLockFile reads the holder's pid from the file instead: one that was killed after it had created the
    file and before it had written the pid left an empty file, which QLockFile takes for a lock of a living process.
    The file is never removed, because another process may be about to lock it: two processes would then hold locks
    on two files of the same name. QLockFile of earlier versions locks in the kernel, too, so old and new versions
    exclude each other. `filelock`, which makes the short locks, would take 45 ms of the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock; return False if another process has it. Raises FileError if the file cannot be used."""
        with translate_os_errors(self._path):
            fd = os.open(self._path, _FLAGS, 0o600)
            try:
                if sys.platform != "win32":
                    os.fchmod(fd, 0o600)  # whatever the umask, also for a file of an earlier version
                is_locked = _try_lock(fd)
            except BaseException:
                os.close(fd)
                raise
        if not is_locked:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def release(self) -> None:
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


def _try_lock(fd: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY_ERRNOS:
            return False
        raise
    return True
