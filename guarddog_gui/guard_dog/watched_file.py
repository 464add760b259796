"""The `.dog` file of one key: notice changes by other programs, write values, repair a damaged file."""

import logging
import math
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from guarddog_gui.adapters.files.atomic import FileStamp
from guarddog_gui.adapters.files.dog_file import DogFile, OpenFileHandle
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.tokens.dog_format import DogRecord

RACY_STAMP_NS = 50_000_000  # within this time of a change, another one may leave the same time stamp
TRUST_OPEN_FILE_S = 1.0  # an open file shows a replacement, but not one of a folder above it
HALF_WRITTEN_S = 5.0  # another program should complete a half-written file within this time
REPAIR_RETRY_MAX_S = 60.0  # between two attempts to repair a file

log = logging.getLogger(__name__)


class FileChange(NamedTuple):
    """Change of a file: removed, or its new record (None while it is unreadable)."""

    is_removed: bool
    record: DogRecord | None


class CachedValue:
    """Value that is valid from `since` to `until` (Unix seconds) as long as its file is unchanged.

    The check is one `fstat` of the open file, cheaper than a `stat` by path: a web server may ask for
    its token with every request. A replaced file has no links left; an edited one has another time or size.
    """

    __slots__ = ("_fd", "_handle", "_identity", "_since", "_until", "checked_at", "value")

    def __init__(self, value: str, since: float, until: float, handle: OpenFileHandle, stamp: FileStamp) -> None:
        self.value = value
        self.checked_at = 0.0  # time.perf_counter of the last check
        self._since = since
        self._until = until
        self._handle = handle  # keeps the file open
        self._fd = handle.fd
        # with device and inode, since another file may have got the same descriptor
        self._identity = (stamp[0], stamp[1], handle.inode, handle.device)

    def is_valid(self, now: float) -> bool:
        if not self._since <= now < self._until:
            return False
        try:
            status = os.fstat(self._fd)
        except OSError:  # closed by the program, as daemons do with all descriptors
            return False
        identity = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_dev)
        return status.st_nlink > 0 and identity == self._identity


class WatchedFile:
    """State of one `.dog` file as last seen. Thread-safe.

    The value of the key is also in memory. If the file becomes unreadable, or a value could not be written,
    the value is written again later (`repair_at`), because other programs want to read it.
    """

    def __init__(self, key: str, path: Path, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        """Create the state; `wake` is called when `repair_at` has come closer."""
        self.repair_at = math.inf  # Unix seconds
        self._key = key
        self._file = DogFile(path)
        self._clock = clock
        self._wake = wake
        self._stamp: FileStamp | None = None
        self._must_read = True  # whatever the stamp
        self._repair_wait_s = HALF_WRITTEN_S
        self._handle: OpenFileHandle | None = None
        self._handle_stamp: FileStamp | None = None
        self.reset_locks()

    def reset_locks(self) -> None:
        """Replace the locks, which in a forked child may be held by a thread that does not exist there."""
        self._lock = Lock()
        self._write_lock = Lock()

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """Lock the file against other programs. Raises LockBusy and FileError."""
        return file_lock(self._file.path.with_name(f"{self._file.path.name}.lock"), wait_s)

    def read(self) -> DogRecord | None:
        return self._file.read()

    def poll(self, now: float) -> FileChange | None:
        """Return the change since the last call; None if there is none."""
        with self._lock:
            stamp = self._file.stamp()
            if stamp == self._stamp and not self._must_read:
                return None
            record = self._file.read()
            is_settled = stamp is None or abs(now * 1e9 - stamp[0]) > RACY_STAMP_NS
            is_half_written = stamp is not None and record is None
            self._stamp, self._must_read = stamp, not is_settled or is_half_written
            needs_repair = stamp is not None and (record is None or record.remaining_s(now) <= 0)
            is_new_damage = needs_repair and self.repair_at == math.inf
            if not needs_repair:
                self.repair_at, self._repair_wait_s = math.inf, HALF_WRITTEN_S
            elif is_new_damage:
                self.repair_at = now + HALF_WRITTEN_S
        if is_new_damage:
            self._wake()  # this thread may be a reader's; the timer must learn of the repair
        return FileChange(stamp is None, record)

    def cache_value(self, record: DogRecord, now: float) -> CachedValue | None:
        """Return the file's value for use without a lock; None if a change might go unnoticed."""
        with self._lock:
            if not isinstance(record.data, str) or self._stamp is None or self._must_read:
                return None
            if self._handle is None or self._handle_stamp != self._stamp or not self._handle.is_open():
                self._handle, self._handle_stamp = self._file.open_handle(self._stamp), self._stamp
            if self._handle is None:
                return None
            until = min(record.refresh_at, now + TRUST_OPEN_FILE_S)
            return CachedValue(record.data, now, until, self._handle, self._stamp)

    def save(self, record: DogRecord) -> None:
        """Write a new value; if that fails, log it and try again in `repair`."""
        try:
            self._write(record)
        except FileError as error:
            log.warning("%s: the value is kept in memory only: %s", self._key, error)
            stamp = self._file.stamp()
            with self._lock:
                self._stamp, self._must_read = stamp, False  # the old value there is not news
                self.repair_at, self._repair_wait_s = self._clock() + HALF_WRITTEN_S, HALF_WRITTEN_S
        else:
            with self._lock:
                self._must_read = True

    def repair(self, record: DogRecord | None) -> float:
        """Write the value if it is valid and the file has none; return when to try again (Unix time), or infinity."""
        now = self._clock()
        is_done = record is None or record.remaining_s(now) <= 0 or self._try_repair(record, now)
        with self._lock:
            if is_done:
                self._repair_wait_s, self.repair_at = HALF_WRITTEN_S, math.inf
            else:
                self._repair_wait_s = min(REPAIR_RETRY_MAX_S, 2 * self._repair_wait_s)
                self.repair_at = now + self._repair_wait_s
            return self.repair_at

    def _try_repair(self, record: DogRecord, now: float) -> bool:
        with ExitStack() as stack:
            try:
                stack.enter_context(self.lock(0))
            except LockBusy:
                return False  # another program is loading a newer value
            except FileError:
                pass  # if this is a real problem, writing fails too and reports it
            found = self._file.read()
            if found is not None and found.remaining_s(now) > 0 and found.generated_ms >= record.generated_ms:
                with self._lock:
                    self._must_read = True
                return True
            try:
                self._write(record)
            except FileError as error:
                log.warning("%s: the value is still in memory only: %s", self._key, error)
                return False
        log.info("%s: the file has the value now", self._key)
        return True

    def _write(self, record: DogRecord) -> None:
        # one write at a time: a write is verified by reading back, and a late value may come with a new one
        with self._write_lock:
            self._file.write(record)
