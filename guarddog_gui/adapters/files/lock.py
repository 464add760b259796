"""A lock file that excludes threads and programs, and that a killed holder lets go."""

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
    """Hold the lock file `path` for the block; its folder is made if it is missing.

    Raises LockBusy when somebody else holds it for longer than `wait_s` seconds, FileTrouble when it
    cannot be made.
    """
    import filelock  # 45 ms that reading a fresh token must not pay

    create_private_folder(path.parent)
    # a new object each time: one shared object would let a second thread in as a re-entry
    lock = filelock.FileLock(
        path, timeout=timeout_s, mode=0o600, thread_local=False, poll_interval=POLL_INTERVAL_S
    )
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
        except OSError as error:  # who becomes a daemon closes every file: nobody holds it any more
            log.warning("%s was let go before its time: %s", path.name, error.strerror)
