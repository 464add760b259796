"""Lock files that exclude other threads and processes; the system releases them when their holder dies."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.adapters.files.paths import create_private_folder, translate_os_errors
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.problems import FileErrorReason

if TYPE_CHECKING:
    from filelock import BaseFileLock

ACCOUNT_LOCK_TIMEOUT_S = 20.0  # longer than the deadline of one request: then the holder is stuck
POLL_INTERVAL_S = 0.02
# of NFS without a lock daemon, and of some FUSE file systems; for ENOSYS filelock has a substitute
_NO_LOCKS_ERRNOS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP})
WAIT_NOTICE_S = 1.0  # after this long the user is told that a command waits, and for which process

WaitListener = Callable[[Path], None]  # argument: the lock file

log = logging.getLogger(__name__)


@contextmanager
def file_lock(path: Path, timeout_s: float, on_long_wait: WaitListener | None = None) -> Iterator[None]:
    """Hold the lock file `path` during the block, and create its folder if necessary.

    `on_long_wait` is called once if the lock is not free within WAIT_NOTICE_S.

    Raises LockBusy when it is held elsewhere for longer than `timeout_s`, FileError when it cannot be created.
    """
    import filelock  # takes 45 ms, which reading a fresh token must not pay

    create_private_folder(path.parent)
    # a new object each time: a shared one would take a second thread for a re-entry
    lock = filelock.FileLock(path, timeout=timeout_s, mode=0o600, thread_local=False, poll_interval=POLL_INTERVAL_S)
    with translate_os_errors(path):
        try:
            if on_long_wait is not None and timeout_s > WAIT_NOTICE_S:
                _acquire_or_notify(lock, partial(on_long_wait, path), timeout_s)
            else:
                lock.acquire()
        except filelock.Timeout:
            raise LockBusy(path.name.removesuffix(".lock")) from None
        except OSError as error:
            if error.errno in _NO_LOCKS_ERRNOS:
                raise FileError(os.fspath(path), FileErrorReason.NO_LOCKS) from error
            raise
    try:
        yield
    finally:
        try:
            lock.release()
        except OSError as error:  # a process that becomes a daemon closes all files, and the lock with them
            log.warning("%s was released too early: %s", path.name, error.strerror)


def _acquire_or_notify(lock: "BaseFileLock", notify: Callable[[], None], timeout_s: float) -> None:
    import filelock

    try:
        lock.acquire(timeout=WAIT_NOTICE_S)
    except filelock.Timeout:
        notify()
        lock.acquire(timeout=timeout_s - WAIT_NOTICE_S)


@contextmanager
def lock_beside(path: Path, timeout_s: float, on_long_wait: WaitListener | None = None) -> Iterator[None]:
    """Hold the lock of one file of ours during the block. Raises FileError, also when it is held elsewhere."""
    try:
        with file_lock(path.with_name(f".{path.name}.lock"), timeout_s, on_long_wait):
            yield
    except LockBusy:
        raise FileError(os.fspath(path), FileErrorReason.LOCKED) from None


class AccountLockFiles:
    """One lock file per account in `locks_dir`: only one thread or process at a time refreshes the account."""

    def __init__(
        self, locks_dir: Path, timeout_s: float = ACCOUNT_LOCK_TIMEOUT_S, on_long_wait: WaitListener | None = None
    ) -> None:
        self._locks_dir = locks_dir
        self._timeout_s = timeout_s
        self._on_long_wait = on_long_wait

    def acquire(self, appid: str) -> AbstractContextManager[None]:
        return file_lock(self.lock_path(appid), self._timeout_s, self._on_long_wait)

    def lock_path(self, appid: str) -> Path:
        return self._locks_dir / f"{appid}.lock"
