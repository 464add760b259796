"""A lock file that excludes other threads and processes; the system releases it when its holder dies."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import LockBusy

POLL_INTERVAL_S = 0.02

log = logging.getLogger(__name__)


@contextmanager
def file_lock(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold the lock file `path` during the block, and create its folder if necessary.

    Raises LockBusy when it is held elsewhere for longer than `timeout_s`, FileError when it cannot be
    created.
    """
    import filelock  # takes 45 ms, which reading a fresh token must not pay

    create_private_folder(path.parent)
    # a new object each time: a shared one would take a second thread for a re-entry
    lock = filelock.FileLock(path, timeout=timeout_s, mode=0o600, thread_local=False, poll_interval=POLL_INTERVAL_S)
    with translate_os_errors(path):
        try:
            lock.acquire()
        except filelock.Timeout:
            raise LockBusy(path.name.removesuffix(".lock")) from None
    try:
        yield
    finally:
        try:
            lock.release()
        except OSError as error:  # a process that becomes a daemon closes all files, and the lock with them
            log.warning("%s was released too early: %s", path.name, error.strerror)
