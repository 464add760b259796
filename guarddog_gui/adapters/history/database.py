"""The SQLite file of the history: one connection per thread, and what to do when the file cannot be used.

The file is in WAL mode, so readers and a writer never wait for each other. `HistoryDatabase` creates the file
with the first write, moves a damaged one aside and falls back to "no database" for everything else that the
disk or another process may do.
"""

import logging
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from guarddog_gui.adapters.files.atomic import create_empty_file, quarantine
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import create_private_folder, to_file_error, translate_os_errors
from guarddog_gui.adapters.history.queries import (
    SCHEMA_VERSION,
    SELECT_ROWS,
    create_missing_indexes,
    create_schema,
    schema_version,
)
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.ports import Clock

# How long to wait for another process that is writing. Ours need some milliseconds. A longer wait would delay a
# value, for which nobody needs the history: what cannot be written is kept in memory, then in a file.
BUSY_TIMEOUT_S = 0.5
BUSY_PAUSE_S = 3.0  # after a wait in vain, this long every access tries once, without waiting
QUARANTINE_LOCK_TIMEOUT_S = 2.0
log = logging.getLogger(__name__)

# Per connection, and each worker thread has one. SQLite's default of 2 MB fills up with a long history, although no
# query of a refresh reads more than a few pages.
PAGE_CACHE_KIB = 256
FREE_SPACE_MIN = 64 * 1024  # bytes; the -wal and -shm files need at least this much

_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_REASON_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: FileErrorReason.DISK_FULL,
    sqlite3.SQLITE_READONLY: FileErrorReason.PERMISSION_DENIED,
    sqlite3.SQLITE_CANTOPEN: FileErrorReason.CANNOT_BE_OPENED,
    sqlite3.SQLITE_BUSY: FileErrorReason.BEING_WRITTEN,
    sqlite3.SQLITE_IOERR: FileErrorReason.IO_ERROR,
}
# SQLite reports these, not SQLITE_FULL, when the -wal or -shm file does not fit on the disk
_POSSIBLY_DISK_FULL_CODES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_INACCESSIBLE_CODES = _POSSIBLY_DISK_FULL_CODES | {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}

S = TypeVar("S")
T = TypeVar("T")


class _ForeignDatabaseError(sqlite3.DatabaseError):
    """The path holds no regular file, or a database of another program."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


class _ThreadConnection:
    """Connection of one thread. Its lock is held during use: to close it meanwhile would crash SQLite."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.db: sqlite3.Connection | None = None
        self.file_id: tuple[int, int] | None = None
        self.can_write = False  # in WAL mode and with our table
        self.is_interruptible = False
        self.busy_timeout_s = BUSY_TIMEOUT_S

    def __del__(self) -> None:
        self.close()  # a thread that ends leaves it behind, and Python 3.13 warns of one that is not closed

    def set_busy_timeout(self, timeout_s: float) -> None:
        if self.db is not None and timeout_s != self.busy_timeout_s:
            self.db.execute(f"PRAGMA busy_timeout = {timeout_s * 1000:.0f}")
            self.busy_timeout_s = timeout_s

    def roll_back(self) -> None:
        """End an open transaction, but keep the connection: a full disk may have no room for a new one."""
        try:
            if self.db is not None:
                self.db.rollback()
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        db, self.db, self.can_write = self.db, None, False
        if db is not None:
            with suppress(sqlite3.Error):
                db.close()


class HistoryDatabase:
    """SQLite file for use from any thread and from several processes at once.

    Each thread gets a connection of its own. Errors of the disk are never raised: `last_error` holds the last
    one, and `quarantined_path` is where a damaged database was moved to. The file must not be opened except
    by SQLite: on POSIX, closing any other handle of it would drop SQLite's locks.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self.quarantined_path: Path | None = None
        self.last_error: FileError | None = None
        # By process and thread. A forked child must neither use nor close the connections of its parent. One
        # of an ended thread stays open until `close`, or until a new thread gets the same number.
        self._connections: dict[tuple[int, int], _ThreadConnection] = {}
        # locks are taken in this order: write lock, lock of a connection, commit lock
        self._write_lock = threading.RLock()
        self.commit_lock = threading.RLock()  # held while a snapshot starts; hold it to commit, too
        self._interrupt_lock = threading.Lock()
        self._busy_until = 0.0  # on the monotonic clock

    @property
    def lock_files(self) -> tuple[Path, ...]:
        """The files on which SQLite holds its locks: the second one in WAL mode."""
        return self._path, self._path.with_name(f"{self._path.name}-shm")

    def _busy_timeout_s(self) -> float:
        return 0.0 if time.monotonic() < self._busy_until else BUSY_TIMEOUT_S

    def read_snapshot(
        self,
        query: Callable[[sqlite3.Connection], T],
        capture_state: Callable[[], S],
        *,
        is_interruptible: bool = False,
    ) -> tuple[T | None, S]:
        """Return the results of `query` and of `capture_state`, both as of the same moment.

        The first is None if there is no usable database, or after `interrupt` if `is_interruptible`.
        """

        def query_in_transaction(connection: _ThreadConnection) -> tuple[T | None, S]:
            # The lock covers the opening, too: another thread may be creating the database, and then its
            # entry must be either in the state or in the database that this thread sees.
            with self.commit_lock:
                db = self._open(connection)
                if db is not None:
                    db.execute("BEGIN")
                    schema_version(db)  # SQLite takes the snapshot with the first read, not with BEGIN
                state = capture_state()
            if db is None:
                return None, state
            try:
                connection.is_interruptible = is_interruptible
                return query(db), state
            finally:
                with self._interrupt_lock:  # an interrupt must not reach what this thread does next
                    connection.is_interruptible = False
                connection.roll_back()

        result = self._run(query_in_transaction)
        if result is not None:
            return result
        with self.commit_lock:
            return None, capture_state()

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return the result of `work`, or None if the disk or, for BUSY_TIMEOUT_S, another process refused it."""

        def write_with(connection: _ThreadConnection) -> T | None:
            db = self._open(connection, for_writing=True)
            return None if db is None else work(db)

        with self._write_lock:
            return self._run(write_with)

    def interrupt(self) -> None:
        with self._interrupt_lock:
            for connection in self._own_connections():
                if connection.is_interruptible and connection.db is not None:
                    connection.db.interrupt()

    def close(self) -> None:
        """Close the connections of all threads: SQLite removes the -wal and -shm files. A later call reopens it."""
        self.interrupt()
        for connection in self._own_connections():
            with connection.lock:
                connection.close()

    def _own_connections(self) -> list[_ThreadConnection]:
        pid = os.getpid()
        return [connection for key, connection in tuple(self._connections.items()) if key[0] == pid]

    def _run(self, work: Callable[[_ThreadConnection], T]) -> T | None:
        """Return the result of `work`, or None and set `last_error`."""
        key = os.getpid(), threading.get_ident()
        connection = self._connections.setdefault(key, _ThreadConnection())
        for _ in range(2):  # the second time with a new database in place of a damaged one
            with connection.lock:
                try:
                    return work(connection)
                except FileError as error:
                    self.last_error = error
                    return None
                except sqlite3.Error as error:
                    connection.roll_back()
                    if _error_code(error) == sqlite3.SQLITE_INTERRUPT:
                        return None
                    if _error_code(error) == sqlite3.SQLITE_BUSY and self._busy_timeout_s() > 0:
                        self._busy_until = time.monotonic() + BUSY_PAUSE_S
                    if _error_code(error) not in _DAMAGE_CODES:
                        self.last_error = self._to_file_error(error)
                        return None
            # without the connection's lock: another thread may be here, too, and close all connections
            if not self._quarantine_if_damaged():
                return None
        return None

    def _open(self, connection: _ThreadConnection, *, for_writing: bool = False) -> sqlite3.Connection | None:
        """Connect the thread to the current file; return None if there is none, or an empty one, to read."""
        if for_writing and not os.path.lexists(self._path):
            create_private_folder(self._path.parent)
            with self.commit_lock, translate_os_errors(self._path):
                create_empty_file(self._path)
        file_id = self._current_file_id()
        timeout_s = self._busy_timeout_s()
        if file_id is not None and connection.db is not None and connection.file_id == file_id:
            connection.set_busy_timeout(timeout_s)
            if for_writing and not connection.can_write:
                _prepare_for_writing(connection.db, timeout_s)
                connection.can_write = True
            return connection.db
        connection.close()  # another process has moved the file aside, or the user has removed it
        if file_id is None:
            return None
        db = _connect(self._path, timeout_s=timeout_s)
        connection.busy_timeout_s = timeout_s
        try:
            if for_writing:
                _prepare_for_writing(db, timeout_s)
            elif not _can_use_wal_files(db):
                db.close()
                # with an id that matches no file: the next query tries to connect the usual way again
                db, file_id = _connect(self._path, "mode=ro&immutable=1", timeout_s), (0, 0)
            version = schema_version(db)
            if version > SCHEMA_VERSION:
                raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
            if version == SCHEMA_VERSION:
                db.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
                connection.db, connection.file_id, connection.can_write = db, file_id, for_writing
            return connection.db
        finally:
            if connection.db is None:
                db.close()

    def _current_file_id(self) -> tuple[int, int] | None:
        """Return device and inode of the file. Raises FileError, and for a link _ForeignDatabaseError."""
        try:
            found = os.lstat(self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise to_file_error(self._path, error) from error
        if not stat.S_ISREG(found.st_mode):
            raise _ForeignDatabaseError
        return found.st_dev, found.st_ino

    def _quarantine_if_damaged(self) -> bool:
        """Move a damaged database aside unless another thread or process already has; return False on failure."""
        self.close()  # Windows moves no file that is open
        try:
            with file_lock(self._path.with_name(f".{self._path.name}.lock"), QUARANTINE_LOCK_TIMEOUT_S):
                if not self._is_usable():
                    self.quarantined_path = quarantine(self._path, self._clock(), ("-wal", "-shm"))
        except (FileError, LockBusy) as error:
            log.warning("a damaged history cannot be moved aside: %s", error)
            self.last_error = FileError(os.fspath(self._path), FileErrorReason.DAMAGED)
            return False
        return True

    def _is_usable(self) -> bool:
        """Return False only for a damaged or foreign file; a busy, inaccessible or newer one is left in its place."""
        try:
            if self._current_file_id() is None:
                return True
            with closing(_connect(self._path)) as db:
                version = schema_version(db)
                if version > SCHEMA_VERSION:
                    return True
                if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                    return False
                if version == SCHEMA_VERSION:
                    db.execute(f"{SELECT_ROWS} good LIMIT 1").fetchone()
                return not _is_foreign_database(db)
        except sqlite3.Error as error:
            return _error_code(error) not in _DAMAGE_CODES

    def _to_file_error(self, error: sqlite3.Error) -> FileError:
        code = _error_code(error)
        if code in _POSSIBLY_DISK_FULL_CODES:
            import shutil  # rarely needed, and it loads bz2 and lzma

            with suppress(OSError):
                if shutil.disk_usage(self._path.parent).free < FREE_SPACE_MIN:
                    code = sqlite3.SQLITE_FULL
        return FileError(os.fspath(self._path), _REASON_BY_SQLITE_CODE.get(code) or str(error))


def _connect(path: Path, options: str = "mode=rw", timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{options}"
    # a thread may close the connections of others, under their locks
    db = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    db.text_factory = lambda data: data.decode(errors="replace")  # damaged text must not stop a page
    return db


def _can_use_wal_files(db: sqlite3.Connection) -> bool:
    """Return False if the -wal and -shm files are missing and cannot be created. Raises sqlite3.Error.

    They are missing only while no process has the database open. In a full or read-only folder none can begin
    to write it either, so it can be read as immutable.
    """
    try:
        return schema_version(db) >= 0
    except sqlite3.OperationalError as error:
        if _error_code(error) in _INACCESSIBLE_CODES:
            return False
        raise


def _prepare_for_writing(db: sqlite3.Connection, timeout_s: float) -> None:
    """Switch to WAL mode (also a file of an old version) and create the table. Raises sqlite3.Error."""
    if schema_version(db) > SCHEMA_VERSION:
        return
    if _is_foreign_database(db):
        raise _ForeignDatabaseError
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # WORKAROUND: SQLite ignores its busy timeout here when two processes create the database together
            if _error_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous = NORMAL")
    if schema_version(db) == 0:
        create_schema(db)
    create_missing_indexes(db)


def _is_foreign_database(db: sqlite3.Connection) -> bool:
    """Check for tables of another program. Raises sqlite3.Error."""
    # one statement: between two of them another process may create our table
    sql = "SELECT user_version = 0 AND (SELECT count(*) FROM sqlite_master) > 0 FROM pragma_user_version"
    return bool(db.execute(sql).fetchone()[0])


def _error_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
