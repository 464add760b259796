"""The history of attempts: on disk, and in memory for as long as the disk does not take them."""

import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from guarddog_gui.adapters.history import queries
from guarddog_gui.adapters.history.database import HistoryDatabase
from guarddog_gui.adapters.history.schema import matches_filter
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineRow, find_gaps
from guarddog_gui.services.ports import Clock

RETENTION_S = 180 * 86400.0
ROWS_MAX = 1_000_000
BUFFER_MAX = 1_000  # entries kept in memory while the disk takes none
BUFFERED_ID_START = 2**62  # ids from here on belong to entries in memory
DELETE_BATCH_SIZE = 500  # rows deleted in one transaction: a few milliseconds
DELETE_PAUSE_S = 0.005  # between two such transactions, for those who want to write

T = TypeVar("T")


class SqliteHistoryStore:
    """The attempts; safe to use from any thread and from several programs at once. Nothing here raises.

    Entries that the disk does not take are kept in memory (the newest 1,000), count and show like the
    others, and are tried again with the next one.
    """

    def __init__(self, path: Path, clock: Clock, *, rows_max: int = ROWS_MAX) -> None:
        self._database = HistoryDatabase(path, clock)
        self._rows_max = rows_max
        self._buffer: deque[HistoryRow] = deque()  # under the readers' lock, oldest first
        self._next_id = BUFFERED_ID_START

    @property
    def quarantined_path(self) -> Path | None:
        """The damaged database that was set aside, when one was found since the start."""
        return self._database.quarantined_path

    @property
    def write_error(self) -> FileError | None:
        """Why entries are kept in memory only; None when the last write went well."""
        return self._database.last_error

    @property
    def buffered_count(self) -> int:
        """How many entries are in memory only."""
        return len(self._buffer)

    # -- writing ----------------------------------------------------------------------------------

    def append(self, entry: HistoryEntry) -> None:
        """Keep an attempt, on disk or for the time being in memory."""
        with self._database.read_lock:
            if len(self._buffer) >= BUFFER_MAX:
                self._buffer.popleft()
            self._buffer.append(HistoryRow(self._next_id, entry))
            self._next_id += 1
        self.flush()

    def flush(self) -> None:
        """Try again to write what is in memory."""
        if not self._buffer:
            return
        if self._database.write(self._write_buffer):
            self._database.last_error = None

    def _write_buffer(self, db: sqlite3.Connection) -> bool:
        with self._database.read_lock:
            batch = tuple(self._buffer)
        if batch:
            db.execute("BEGIN IMMEDIATE")
            queries.insert(db, [row.entry for row in batch])
            with self._database.read_lock:  # nobody sees an entry twice, or not at all
                db.execute("COMMIT")
                while self._buffer and self._buffer[0].id <= batch[-1].id:
                    self._buffer.popleft()
        return True

    def trim(self, now: float) -> None:
        """Remove what is older than 180 days or beyond 1,000,000 rows, in short steps.

        The last success of each key stays. Takes seconds when there is much to remove.
        """
        kept = self._database.read(lambda db: None if db is None else queries.last_success_ids(db))
        if kept is None:
            return
        older = partial(
            queries.delete_rows_before, before=now - RETENTION_S, protected_ids=kept, limit=DELETE_BATCH_SIZE
        )
        while self._database.write(older):
            time.sleep(DELETE_PAUSE_S)
        excess = (
            self._read_snapshot(lambda db: queries.count_rows(db, HistoryFilter()), 0)[0] - self._rows_max
        )
        while excess > 0:
            deleted = self._database.write(
                partial(queries.delete_first_rows, protected_ids=kept, limit=min(DELETE_BATCH_SIZE, excess))
            )
            if not deleted:
                return
            excess -= deleted
            time.sleep(DELETE_PAUSE_S)

    def interrupt(self) -> None:
        """Let a page or a timeline that is being read end at once, empty: nobody waits for it any more."""
        self._database.interrupt()

    def close(self) -> None:
        """Write what is in memory and let go of the file. A later call opens it again."""
        self.flush()
        self._database.close()

    # -- reading ----------------------------------------------------------------------------------

    def latest(self, appid: str, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        """The newest entries of one key, oldest of them first."""
        none: list[HistoryRow] = []
        rows, held = self._read(lambda db: queries.newest_rows_of_key(db, appid, key, limit), none)
        found = [row.entry for row in reversed(rows)]
        found += [row.entry for row in held if (row.entry.appid, row.entry.key) == (appid, key)]
        return tuple(found[-limit:]) if limit > 0 else ()

    def entries_of_value(
        self, appid: str, key: str, fingerprint: str, since: float
    ) -> tuple[HistoryEntry, ...]:
        """The newest entries about this value since a moment (Unix seconds), oldest of them first."""
        none: list[HistoryRow] = []
        rows, held = self._read(
            lambda db: queries.newest_rows_of_value(db, appid, key, fingerprint, since), none
        )
        found = [row.entry for row in reversed(rows)]
        chosen = HistoryFilter(appid=appid, key=key, since=since)
        found += [row.entry for row in held if matches_filter(row.entry, chosen)]
        return tuple(entry for entry in found if entry.fingerprint == fingerprint)

    def count_calls(self, appid: str, since: float) -> CallCount:
        """The requests of an account since a moment; a person's own do not count as automatic."""
        stored, held = self._read(lambda db: queries.count_calls(db, appid, since), CallCount())
        recent = [row.entry for row in held if row.entry.appid == appid and row.entry.at >= since]
        automatic = [e.calls for e in recent if not e.forced and e.trigger is not Trigger.USER]
        forced = [e.at for e in recent if e.forced and e.calls > 0]
        by_key = Counter(dict(stored.by_key))
        for made in recent:
            by_key[made.key] += made.calls
        return CallCount(
            automatic=stored.automatic + sum(automatic),
            forced=stored.forced + len(forced),
            last_forced_at=max([stored.last_forced_at, *forced]),
            by_key=tuple(sorted((key, calls) for key, calls in by_key.items() if calls)),
        )

    def read_timeline(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> Timeline:
        """How things went for these accounts; what is in memory only is not in the picture."""

        def lane(db: sqlite3.Connection, appid: str) -> TimelineRow:
            lives = queries.token_lifetimes(db, appid, since, until)
            marks = queries.timeline_marks(db, appid, since, until, columns)
            return TimelineRow(appid, marks, find_gaps(lives, since, until))

        nothing: tuple[TimelineRow, ...] = ()
        lanes, _ = self._read_snapshot(lambda db: tuple(lane(db, appid) for appid in appids), nothing)
        return Timeline(since, until, columns, lanes)

    def read_page(
        self, history_filter: HistoryFilter, before_id: int | None, limit: int
    ) -> tuple[HistoryRow, ...]:
        """At most `limit` rows by time, newest first, that come after the row `before_id` in that order.

        None begins at the newest. A row that was trimmed meanwhile has nothing after it.
        """
        nothing: list[HistoryRow] = []
        if before_id is None:
            rows, held = self._read_snapshot(
                lambda db: queries.newest_rows(db, history_filter, None, limit), nothing
            )
        else:
            at = self._row_time(before_id)
            if at is None:
                return ()
            before = (at, before_id)
            rows, held = self._read_snapshot(
                lambda db: queries.newest_rows(db, history_filter, before, limit), nothing
            )
            held = [row for row in held if (row.entry.at, row.id) < before]
        rows += [row for row in held if matches_filter(row.entry, history_filter)]
        rows.sort(key=lambda row: (row.entry.at, row.id), reverse=True)
        return tuple(rows[: max(0, limit)])

    def changes_since(self, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
        """The number of the newest entry on disk, and whose entries came after that number."""
        nothing: tuple[int, frozenset[tuple[str, str]]] = (after_id, frozenset())
        return self._read(lambda db: queries.changes_since(db, after_id), nothing)[0]

    def count(self, history_filter: HistoryFilter) -> int:
        """How many rows the filter lets through."""
        stored, held = self._read(lambda db: queries.count_rows(db, history_filter), 0)
        return stored + sum(matches_filter(row.entry, history_filter) for row in held)

    def _read(self, query: Callable[[sqlite3.Connection], T], default: T) -> tuple[T, list[HistoryRow]]:
        """The answer, or `nothing` without a database, and the entries in memory at the same moment."""
        return self._database.read(lambda db: (default if db is None else query(db), list(self._buffer)))

    def _read_snapshot(
        self, query: Callable[[sqlite3.Connection], T], default: T
    ) -> tuple[T, list[HistoryRow]]:
        """The same for a question that may take long, without keeping anybody from the others."""
        return self._database.read_snapshot(
            lambda: list(self._buffer), lambda db, held: (default if db is None else query(db), held)
        )

    def _row_time(self, row_id: int) -> float | None:
        stored, held = self._read(lambda db: queries.row_time(db, row_id), None)
        return next((row.entry.at for row in held if row.id == row_id), stored)
