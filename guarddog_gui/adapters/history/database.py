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

from guarddog_gui.adapters.files.atomic import create_empty, set_aside
from guarddog_gui.adapters.files.errors import file_trouble, troubles_of
from guarddog_gui.adapters.files.lock import locked
from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.adapters.history.schema import (
    COLUMNS,
    VERSION,
    create_schema,
    is_somebody_elses,
    version_of,
)
from guarddog_gui.domain.errors import FileTrouble, LockBusy
from guarddog_gui.services.ports import Clock

BUSY_S = 2.0  # how long another program may write before we do without the file
ROOM_MIN = 64 * 1024  # bytes that the files beside the database need at the least

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "permission denied",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program is writing it",
    sqlite3.SQLITE_IOERR: "the disk reported an error",
}
# what SQLite says of a full disk, too, when it is a file beside the database that finds no room
_MAY_BE_FULL = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_OUT_OF_REACH = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
}

S = TypeVar("S")
T = TypeVar("T")
Opener = Callable[[], sqlite3.Connection | None]  # None: there is no database, or none that can be used now


class _NotOurs(sqlite3.DatabaseError):
    """What is in the place of the database is no regular file, or a database of somebody else's."""


class _Side:
    """One connection, and the lock of the threads that share it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.db: sqlite3.Connection | None = None
        self.file: tuple[int, int] | None = None

    def roll_back(self) -> None:
        """End an open transaction. The connection stays: a full disk may have no room for a new one."""
        try:
            if self.db is not None and self.db.in_transaction:
                self.db.execute("ROLLBACK")
        except sqlite3.Error:
            self.drop()

    def drop(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        db, self.db = self.db, None
        try:
            if db is not None:
                db.close()
        except sqlite3.Error:
            pass


class HistoryFile:
    """A SQLite file that one thread at a time reads and one writes; a reader does not wait for a writer.

    What takes long to read has a connection of its own, so that nobody waits for that either.

    Never raises for what the disk does: `trouble` says what was wrong last, and `damaged` names a damaged
    database that was set aside. The file is made by the first write. It must never be opened other than
    by SQLite: closing such a handle would take SQLite's own locks away.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._writing = _Side()
        self._reading = _Side()
        self._leafing = _Side()  # locks are taken in the order writing, leafing, reading
        self.damaged: Path | None = None
        self.trouble: FileTrouble | None = None

    @property
    def readers_lock(self) -> threading.RLock:
        """Held while `read` works. Inside `write` it may be taken; never the other way round."""
        return self._reading.lock

    def read(self, work: Callable[[sqlite3.Connection | None], T]) -> T:
        """What `work` gives; it gets None when there is no database, or none that can be used now."""
        return self._ask(self._reading, lambda opened: work(opened()))

    def read_at_length(self, glance: Callable[[], S], work: Callable[[sqlite3.Connection | None, S], T]) -> T:
        """Like `read`, for what may take long. `work` sees the database as it was at the time of `glance`."""

        def with_glance(opened: Opener) -> T:
            with self._reading.lock:  # from the opening on: the first write may be making the database now
                db = opened()
                if db is not None:
                    db.execute("BEGIN")
                    version_of(db)  # SQLite takes its picture with the first look, not with BEGIN
                seen = glance()
            try:
                return work(db, seen)
            finally:
                self._leafing.roll_back()

        return self._ask(self._leafing, with_glance)

    def break_off(self) -> None:
        """Let a long read end at once, with what it would give if there were no database."""
        db = self._leafing.db
        if db is not None:
            try:
                db.interrupt()
            except sqlite3.ProgrammingError:  # closed meanwhile
                pass

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` gives; None when the disk does not take it now, and then nothing has changed."""
        return self._ask(self._writing, lambda opened: None if (db := opened()) is None else work(db))

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self.break_off()
        with self._writing.lock, self._leafing.lock, self._reading.lock:
            self._drop_all()

    def _drop_all(self) -> None:
        for side in (self._reading, self._leafing, self._writing):
            side.drop()

    def _ask(self, side: _Side, work: Callable[[Opener], T]) -> T:
        for _ in range(2):  # a damaged database is set aside, then the new one has to do
            with side.lock:
                try:
                    return work(lambda: self._opened(side))
                except FileTrouble as trouble:
                    self.trouble = trouble
                    return work(_without)
                except sqlite3.Error as error:
                    side.roll_back()
                    if not _is_damage(error):
                        self.trouble = self._trouble(error)
                        return work(_without)
            # here without `side.lock`: setting aside takes all locks in their order
            if not self._damage_set_aside():
                break
        with side.lock:
            return work(_without)

    def _opened(self, side: _Side) -> sqlite3.Connection | None:
        """The connection; None for a reader when there is nothing yet. Raises sqlite3.Error, FileTrouble."""
        is_writer = side is self._writing
        if is_writer and not os.path.lexists(self._path):
            private_folder(self._path.parent)
            with troubles_of(self._path):
                create_empty(self._path)
        file = self._file()
        if side.db is not None and side.file == file:
            return side.db
        side.drop()  # another program has set it aside, or somebody has removed it
        if file is None:
            return None
        db = _connect(self._path)
        try:
            if is_writer:
                _prepare(db)
            elif not _can_share(db):
                db.close()
                db, file = _connect(self._path, "mode=ro&immutable=1"), None  # for this one question
            version = version_of(db)
            if version > VERSION:
                raise FileTrouble(os.fspath(self._path), "written by a newer Guard Dog")
            if version == VERSION:
                side.db, side.file = db, file
            return side.db
        finally:
            if side.db is None:
                db.close()

    def _file(self) -> tuple[int, int] | None:
        """Which file is in place now; a link counts as damage. Raises _NotOurs, FileTrouble."""
        try:
            found = os.lstat(self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise file_trouble(self._path, error) from error
        if not stat.S_ISREG(found.st_mode):
            raise _NotOurs
        return found.st_dev, found.st_ino

    def _damage_set_aside(self) -> bool:
        """Set a damaged database aside, unless another program was quicker. False: it is not possible now."""
        with self._writing.lock, self._leafing.lock, self._reading.lock:
            self._drop_all()
            try:
                with locked(self._path.with_name(f".{self._path.name}.lock"), BUSY_S):
                    if not self._is_sound():
                        self.damaged = set_aside(self._path, self._clock(), ("-wal", "-shm"))
            except (FileTrouble, LockBusy) as trouble:
                self.trouble = FileTrouble(
                    os.fspath(self._path), f"damaged, and cannot be set aside: {trouble}"
                )
                return False
            return True

    def _is_sound(self) -> bool:
        """Whether the database can be used; one that is only busy or out of reach counts as sound."""
        try:
            if self._file() is None:
                return True
            db = _connect(self._path)
            try:
                return _is_ours(db)
            finally:
                db.close()
        except sqlite3.Error as error:
            return not _is_damage(error)

    def _trouble(self, error: sqlite3.Error) -> FileTrouble:
        code = _code(error)
        if code in _MAY_BE_FULL and self._has_no_room():
            code = sqlite3.SQLITE_FULL
        return FileTrouble(os.fspath(self._path), _REASONS.get(code) or str(error))

    def _has_no_room(self) -> bool:
        try:
            return shutil.disk_usage(self._path.parent).free < ROOM_MIN
        except OSError:
            return False


def _without() -> None:
    """The opener for a database that cannot be used now."""


def _connect(path: Path, options: str = "mode=rw") -> sqlite3.Connection:
    """A connection to a file that exists. Raises sqlite3.Error."""
    uri = f"{path.absolute().as_uri()}?{options}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    db.text_factory = lambda data: data.decode(errors="replace")  # damaged text must not stop a page
    return db


def _can_share(db: sqlite3.Connection) -> bool:
    """Whether a reader can use the files beside the database. Raises sqlite3.Error.

    It has to make them, in a folder that is full or read-only, only when no other program has the database
    open; then nothing can change under its hands and it can do without.
    """
    try:
        version_of(db)
    except sqlite3.OperationalError as error:
        if _code(error) in _OUT_OF_REACH:
            return False
        raise
    return True


def _prepare(db: sqlite3.Connection) -> None:
    """WAL, so that readers and a writer do not wait for each other, and the table. Raises sqlite3.Error."""
    if version_of(db) > VERSION:
        return
    if is_somebody_elses(db):
        raise _NotOurs
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # WORKAROUND: SQLite does not wait here when two programs make the database at the same time
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous = NORMAL")
    if version_of(db) == 0:
        create_schema(db)


def _is_ours(db: sqlite3.Connection) -> bool:
    """Whether it is whole and has our table, or is empty, or is newer than we know. Raises sqlite3.Error."""
    version = version_of(db)
    if version > VERSION:
        return True
    if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        return False
    if version == VERSION:
        db.execute(f"SELECT id, good, {COLUMNS} FROM attempt LIMIT 1").fetchone()  # noqa: S608 - constants only
        return True
    return not is_somebody_elses(db)


def _is_damage(error: sqlite3.Error) -> bool:
    return isinstance(error, _NotOurs) or _code(error) in _DAMAGE


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
