"""The history's database file: its connections, and what happens when it is damaged, busy or out of reach."""

import os
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from guarddog_gui.adapters.files.atomic import create_empty_file, quarantine
from guarddog_gui.adapters.files.errors import to_file_error, translate_os_errors
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.adapters.history.schema import (
    COLUMNS,
    SCHEMA_VERSION,
    create_schema,
    is_foreign_database,
    schema_version,
)
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.ports import Clock

BUSY_TIMEOUT_S = 2.0  # how long another program may write before we do without the file
FREE_SPACE_MIN = 64 * 1024  # bytes that the files beside the database need at the least

_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_REASON_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: FileErrorReason.DISK_FULL,
    sqlite3.SQLITE_READONLY: FileErrorReason.PERMISSION_DENIED,
    sqlite3.SQLITE_CANTOPEN: FileErrorReason.CANNOT_BE_OPENED,
    sqlite3.SQLITE_BUSY: FileErrorReason.BEING_WRITTEN,
    sqlite3.SQLITE_IOERR: FileErrorReason.IO_ERROR,
}
# what SQLite says of a full disk, too, when it is a file beside the database that finds no room
_POSSIBLY_DISK_FULL_CODES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_INACCESSIBLE_CODES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
}

S = TypeVar("S")
T = TypeVar("T")
ConnectionFactory = Callable[
    [], sqlite3.Connection | None
]  # None: there is no database, or none that can be used now


class _ForeignDatabaseError(sqlite3.DatabaseError):
    """What is in the place of the database is no regular file, or a database of somebody else's."""


class _ConnectionSlot:
    """One connection, and the lock of the threads that share it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.db: sqlite3.Connection | None = None
        self.file_id: tuple[int, int] | None = None

    def roll_back(self) -> None:
        """End an open transaction. The connection stays: a full disk may have no room for a new one."""
        try:
            if self.db is not None and self.db.in_transaction:
                self.db.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        db, self.db = self.db, None
        try:
            if db is not None:
                db.close()
        except sqlite3.Error:
            pass


class HistoryDatabase:
    """A SQLite file that one thread at a time reads and one writes; a reader does not wait for a writer.

    What takes long to read has a connection of its own, so that nobody waits for that either.

    Never raises for what the disk does: `trouble` says what was wrong last, and `damaged` names a damaged
    database that was set aside. The file is made by the first write. It must never be opened other than
    by SQLite: closing such a handle would take SQLite's own locks away.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._write_slot = _ConnectionSlot()
        self._read_slot = _ConnectionSlot()
        self._snapshot_slot = _ConnectionSlot()  # locks are taken in the order writing, leafing, reading
        self.quarantined_path: Path | None = None
        self.last_error: FileError | None = None

    @property
    def read_lock(self) -> threading.RLock:
        """Held while `read` works. Inside `write` it may be taken; never the other way round."""
        return self._read_slot.lock

    def read(self, work: Callable[[sqlite3.Connection | None], T]) -> T:
        """What `work` gives; it gets None when there is no database, or none that can be used now."""
        return self._run(self._read_slot, lambda opened: work(opened()))

    def read_snapshot(
        self, capture_state: Callable[[], S], work: Callable[[sqlite3.Connection | None, S], T]
    ) -> T:
        """Like `read`, for what may take long. `work` sees the database as it was at the time of `glance`."""

        def with_glance(opened: ConnectionFactory) -> T:
            with self._read_slot.lock:  # from the opening on: the first write may be making the database now
                db = opened()
                if db is not None:
                    db.execute("BEGIN")
                    schema_version(db)  # SQLite takes its picture with the first look, not with BEGIN
                seen = capture_state()
            try:
                return work(db, seen)
            finally:
                self._snapshot_slot.roll_back()

        return self._run(self._snapshot_slot, with_glance)

    def interrupt(self) -> None:
        """Let a long read end at once, with what it would give if there were no database."""
        db = self._snapshot_slot.db
        if db is not None:
            try:
                db.interrupt()
            except sqlite3.ProgrammingError:  # closed meanwhile
                pass

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` gives; None when the disk does not take it now, and then nothing has changed."""
        return self._run(self._write_slot, lambda opened: None if (db := opened()) is None else work(db))

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self.interrupt()
        with self._write_slot.lock, self._snapshot_slot.lock, self._read_slot.lock:
            self._close_all()

    def _close_all(self) -> None:
        for side in (self._read_slot, self._snapshot_slot, self._write_slot):
            side.close()

    def _run(self, slot: _ConnectionSlot, work: Callable[[ConnectionFactory], T]) -> T:
        for _ in range(2):  # a damaged database is set aside, then the new one has to do
            with slot.lock:
                try:
                    return work(lambda: self._get_connection(slot))
                except FileError as trouble:
                    self.last_error = trouble
                    return work(_no_connection)
                except sqlite3.Error as error:
                    slot.roll_back()
                    if not _is_damage_error(error):
                        self.last_error = self._to_file_error(error)
                        return work(_no_connection)
            # here without `side.lock`: setting aside takes all locks in their order
            if not self._quarantine_damaged():
                break
        with slot.lock:
            return work(_no_connection)

    def _get_connection(self, slot: _ConnectionSlot) -> sqlite3.Connection | None:
        """The connection; None for a reader when there is nothing yet. Raises sqlite3.Error, FileTrouble."""
        is_writer = slot is self._write_slot
        if is_writer and not os.path.lexists(self._path):
            create_private_folder(self._path.parent)
            with translate_os_errors(self._path):
                create_empty_file(self._path)
        file = self._current_file_id()
        if slot.db is not None and slot.file_id == file:
            return slot.db
        slot.close()  # another program has set it aside, or somebody has removed it
        if file is None:
            return None
        db = _connect(self._path)
        try:
            if is_writer:
                _initialize(db)
            elif not _can_use_wal_files(db):
                db.close()
                db, file = _connect(self._path, "mode=ro&immutable=1"), None  # for this one question
            version = schema_version(db)
            if version > SCHEMA_VERSION:
                raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
            if version == SCHEMA_VERSION:
                slot.db, slot.file_id = db, file
            return slot.db
        finally:
            if slot.db is None:
                db.close()

    def _current_file_id(self) -> tuple[int, int] | None:
        """Which file is in place now; a link counts as damage. Raises _NotOurs, FileTrouble."""
        try:
            found = os.lstat(self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise to_file_error(self._path, error) from error
        if not stat.S_ISREG(found.st_mode):
            raise _ForeignDatabaseError
        return found.st_dev, found.st_ino

    def _quarantine_damaged(self) -> bool:
        """Set a damaged database aside, unless another program was quicker. False: it is not possible now."""
        with self._write_slot.lock, self._snapshot_slot.lock, self._read_slot.lock:
            self._close_all()
            try:
                with file_lock(self._path.with_name(f".{self._path.name}.lock"), BUSY_TIMEOUT_S):
                    if not self._is_usable():
                        self.quarantined_path = quarantine(self._path, self._clock(), ("-wal", "-shm"))
            except (FileError, LockBusy) as trouble:
                self.last_error = FileError(
                    os.fspath(self._path), f"damaged, and cannot be set aside: {trouble}"
                )
                return False
            return True

    def _is_usable(self) -> bool:
        """Whether the database can be used; one that is only busy or out of reach counts as sound."""
        try:
            if self._current_file_id() is None:
                return True
            db = _connect(self._path)
            try:
                return _is_valid_database(db)
            finally:
                db.close()
        except sqlite3.Error as error:
            return not _is_damage_error(error)

    def _to_file_error(self, error: sqlite3.Error) -> FileError:
        code = _error_code(error)
        if code in _POSSIBLY_DISK_FULL_CODES and self._is_disk_full():
            code = sqlite3.SQLITE_FULL
        return FileError(os.fspath(self._path), _REASON_BY_SQLITE_CODE.get(code) or str(error))

    def _is_disk_full(self) -> bool:
        try:
            return shutil.disk_usage(self._path.parent).free < FREE_SPACE_MIN
        except OSError:
            return False


def _no_connection() -> None:
    """The opener for a database that cannot be used now."""


def _connect(path: Path, options: str = "mode=rw") -> sqlite3.Connection:
    """A connection to a file that exists. Raises sqlite3.Error."""
    uri = f"{path.absolute().as_uri()}?{options}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    db.text_factory = lambda data: data.decode(errors="replace")  # damaged text must not stop a page
    return db


def _can_use_wal_files(db: sqlite3.Connection) -> bool:
    """Whether a reader can use the files beside the database. Raises sqlite3.Error.

    It has to make them, in a folder that is full or read-only, only when no other program has the database
    open; then nothing can change under its hands and it can do without.
    """
    try:
        schema_version(db)
    except sqlite3.OperationalError as error:
        if _error_code(error) in _INACCESSIBLE_CODES:
            return False
        raise
    return True


def _initialize(db: sqlite3.Connection) -> None:
    """WAL, so that readers and a writer do not wait for each other, and the table. Raises sqlite3.Error."""
    if schema_version(db) > SCHEMA_VERSION:
        return
    if is_foreign_database(db):
        raise _ForeignDatabaseError
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # WORKAROUND: SQLite does not wait here when two programs make the database at the same time
            if _error_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous = NORMAL")
    if schema_version(db) == 0:
        create_schema(db)


def _is_valid_database(db: sqlite3.Connection) -> bool:
    """Whether it is whole and has our table, or is empty, or is newer than we know. Raises sqlite3.Error."""
    version = schema_version(db)
    if version > SCHEMA_VERSION:
        return True
    if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        return False
    if version == SCHEMA_VERSION:
        db.execute(f"SELECT id, good, {COLUMNS} FROM attempt LIMIT 1").fetchone()  # noqa: S608 - constants only
        return True
    return not is_foreign_database(db)


def _is_damage_error(error: sqlite3.Error) -> bool:
    return isinstance(error, _ForeignDatabaseError) or _error_code(error) in _DAMAGE_CODES


def _error_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
