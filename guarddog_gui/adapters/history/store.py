"""History of refresh attempts: in SQLite, and in memory while the disk refuses to store it."""

import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from guarddog_gui.adapters.history import queries
from guarddog_gui.adapters.history.database import HistoryDatabase
from guarddog_gui.adapters.history.pending_entries import PendingEntryFiles
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.services.ports import Clock

if TYPE_CHECKING:  # only the window draws a timeline
    from guarddog_gui.domain.refresh.timeline import Timeline, TimelineMark

RETENTION_S = 180 * 86400.0
ROWS_MAX = 1_000_000
BUFFER_MAX = 1_000  # entries kept in memory while the disk refuses them
BUFFERED_ID_START = 2**62  # ids from here on belong to entries in memory
DELETE_BATCH_SIZE = 500  # rows deleted in one transaction: a few milliseconds
DELETE_PAUSE_S = 0.005  # between two such transactions, to let other writers in

_ALL = HistoryFilter()

T = TypeVar("T")


class SqliteHistoryStore:
    """History of all accounts, for use from any thread and from several processes at once. Never raises.

    Entries that the disk refuses stay in memory (the newest BUFFER_MAX). They are counted and shown like the
    others, and written with the next entry. Every method sees each entry once: on disk or in memory. What is
    still in memory at `close` goes into a file for the next process, see `PendingEntryFiles`.
    """

    def __init__(self, path: Path, clock: Clock, *, rows_max: int = ROWS_MAX) -> None:
        self._database = HistoryDatabase(path, clock)
        self._clock = clock
        self._pending_files = PendingEntryFiles(path)
        self._has_looked_for_files = False  # for those of processes that have ended
        # appended to from any thread without a lock, and moved into the buffer by whoever holds the commit lock
        self._incoming: deque[HistoryEntry] = deque()
        self._rows_max = rows_max
        self._buffer: deque[HistoryRow] = deque()  # oldest first; changed only under the commit lock
        self._next_id = BUFFERED_ID_START

    @property
    def quarantined_path(self) -> Path | None:
        return self._database.quarantined_path

    @property
    def write_error(self) -> FileError | None:
        """The reason why entries are in memory only; None after a successful write."""
        return self._database.last_error

    @property
    def buffered_count(self) -> int:
        return len(self._buffer) + len(self._incoming)

    @property
    def lock_files(self) -> tuple[Path, ...]:
        return self._database.lock_files

    # -- writing ----------------------------------------------------------------------------------

    def append(self, entry: HistoryEntry) -> None:
        self.enqueue(entry)
        self.flush()

    def enqueue(self, entry: HistoryEntry) -> None:
        """Add an entry without waiting for anything; `flush` writes it, and so does the next `append`."""
        self._incoming.append(entry)

    def flush(self) -> None:
        """Try to write the entries that are in memory only, and those that earlier processes have left."""
        with self._database.commit_lock:
            self._take_incoming()
        is_needed = self.buffered_count > 0 or (not self._has_looked_for_files and self._pending_files.paths())
        if is_needed and self._database.write(self._write_buffer):
            self._database.last_error = None

    def _take_incoming(self) -> None:
        """Give the new entries their ids. The caller holds the commit lock."""
        while self._incoming:
            if len(self._buffer) >= BUFFER_MAX:
                self._buffer.popleft()
            self._buffer.append(HistoryRow(self._next_id, self._incoming.popleft()))
            self._next_id += 1

    def _write_buffer(self, db: Connection) -> bool:
        with self._database.commit_lock:
            batch = tuple(self._buffer)
        files = () if self._has_looked_for_files else self._pending_files.paths()
        self._has_looked_for_files = True
        if not batch and not files:
            return True
        try:
            db.execute("BEGIN IMMEDIATE")
            # inside the transaction: of two processes the second one finds the entries in the table
            for path in files:
                queries.insert_missing(db, self._pending_files.load(path))
            queries.insert(db, [row.entry for row in batch])
            with self._database.commit_lock:  # a reader must not see an entry twice, or not at all
                db.execute("COMMIT")
                while batch and self._buffer and self._buffer[0].id <= batch[-1].id:
                    self._buffer.popleft()
        except BaseException:
            self._has_looked_for_files = not files  # they are still there
            raise
        for path in files:
            self._pending_files.remove(path)
        return True

    def trim(self, now: float) -> None:
        """Delete entries older than 180 days and above 1,000,000 rows, except the last success of each key.

        Works in short steps, so that others can write meanwhile; may take seconds.
        """
        self._has_looked_for_files = False
        self.flush()
        protected_ids, _ = self._read(queries.last_success_ids)
        if protected_ids is None:
            return
        delete_rows = partial(queries.delete_rows, protected_ids=protected_ids)
        delete_old_rows = partial(delete_rows, limit=DELETE_BATCH_SIZE, before=now - RETENTION_S)
        while self._database.write(delete_old_rows):
            time.sleep(DELETE_PAUSE_S)
        excess = self._count_excess()
        while excess > 0:
            deleted = self._database.write(partial(delete_rows, limit=min(DELETE_BATCH_SIZE, excess)))
            if not deleted:
                return
            excess -= deleted
            time.sleep(DELETE_PAUSE_S)

    def _count_excess(self) -> int:
        highest, _ = self._read(queries.rows_max)
        if (highest or 0) <= self._rows_max:
            return 0
        row_count, _ = self._read(partial(queries.count_rows, history_filter=_ALL), is_interruptible=True)
        return (row_count or 0) - self._rows_max

    def interrupt(self) -> None:
        """End the reading of pages and timelines at once; they come out empty, for nothing needs them now."""
        self._database.interrupt()

    def close(self) -> None:
        """Write what is in memory and close the file. A later call opens it again.

        Entries that the database refuses go into a file, so that the end of the process does not lose them.
        """
        if self.buffered_count:
            self.flush()
        self.save_unwritten()
        self._database.close()

    def save_unwritten(self) -> None:
        """Store the entries that are in memory only in a file; they stay in memory if that fails, too.

        Only if the reason passes: beside the database of a newer version such files would become ever more.
        """
        error = self.write_error
        if error is not None and error.reason != FileErrorReason.BEING_WRITTEN:
            return
        with self._database.commit_lock:
            self._take_incoming()
            entries = [row.entry for row in self._buffer]
            if not entries:
                return
            try:
                self._pending_files.save(entries, self._clock())
            except FileError:
                return
            self._buffer.clear()
            self._has_looked_for_files = False

    # -- reading ----------------------------------------------------------------------------------

    def latest(self, appid: str, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        key_filter = HistoryFilter(appid=appid, key=key)
        rows, buffered = self._read(lambda db: queries.newest_rows_of_key(db, appid, key, limit), key_filter)
        entries = [row.entry for row in (*reversed(rows or ()), *buffered)]
        return tuple(entries[-limit:]) if limit > 0 else ()

    def entries_of_value(self, appid: str, key: str, fingerprint: str, since: float) -> tuple[HistoryEntry, ...]:
        key_filter = HistoryFilter(appid=appid, key=key, since=since)
        rows, buffered = self._read(
            lambda db: queries.newest_rows_of_value(db, appid, key, fingerprint, since), key_filter
        )
        entries = [row.entry for row in (*reversed(rows or ()), *buffered)]
        return tuple(entry for entry in entries if entry.fingerprint == fingerprint)

    def addresses(self, appid: str, limit: int) -> tuple[HistoryEntry, ...]:
        rows, buffered = self._read(lambda db: queries.newest_addresses(db, appid, limit), HistoryFilter(appid=appid))
        unwritten = [row.entry for row in reversed(buffered) if row.entry.ip is not None]
        return (*unwritten, *(row.entry for row in rows or ()))[:limit]

    def count_calls(self, appid: str, since: float) -> CallCount:
        """Count the requests of an account since a time; the user's own are not automatic ones."""
        appid_filter = HistoryFilter(appid=appid, since=since)
        stored, buffered = self._read(lambda db: queries.sum_calls(db, appid, since), appid_filter)
        sums = stored or []
        for entry in (row.entry for row in buffered if row.entry.calls > 0):
            is_automatic = not entry.forced and entry.trigger is not Trigger.USER
            automatic, forced_at = entry.calls if is_automatic else 0, entry.at if entry.forced else 0.0
            sums.append((entry.key, entry.calls, automatic, int(entry.forced), forced_at))
        by_key: Counter[str] = Counter()
        for key, calls, *_ in sums:
            by_key[key] += calls
        return CallCount(
            automatic=sum(automatic for _, _, automatic, _, _ in sums),
            forced=sum(forced for *_, forced, _ in sums),
            last_forced_at=max((at for *_, at in sums), default=0.0),
            by_key=tuple(sorted(by_key.items())),
        )

    def read_timeline(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> "Timeline":
        """Return the timeline of these accounts, without the entries that are in memory only."""
        from guarddog_gui.domain.refresh.timeline import Timeline, TimelineRow, find_gaps

        def read_row(db: Connection, appid: str) -> TimelineRow:
            marks = _to_marks(queries.timeline_counts(db, appid, since, until, columns))
            lifetimes = queries.token_lifetimes(db, appid, since, until)
            is_known_before = bool(lifetimes) and lifetimes[0][0] < since
            return TimelineRow(appid, marks, find_gaps(lifetimes, since, until), is_known_before)

        def read_rows(db: Connection) -> tuple[TimelineRow, ...]:
            return tuple(read_row(db, appid) for appid in appids)

        rows, _ = self._read(read_rows, is_interruptible=True)
        return Timeline(since, until, columns, rows or ())

    def read_page(self, history_filter: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]:
        """Return at most `limit` rows, newest first by time, that follow the row `before_id` in that order.

        None starts at the newest row. A row that was trimmed meanwhile has no successors.
        """
        before: tuple[float, int] | None = None
        if before_id is not None:
            stored_at, buffered = self._read(lambda db: queries.row_time(db, before_id))
            at = next((row.entry.at for row in buffered if row.id == before_id), stored_at)
            if at is None:
                return ()
            before = (at, before_id)
        rows, buffered = self._read(
            lambda db: queries.newest_rows(db, history_filter, before, limit), history_filter, is_interruptible=True
        )
        page = [row for row in buffered if before is None or (row.entry.at, row.id) < before]
        page += rows or ()
        page.sort(key=lambda row: (row.entry.at, row.id), reverse=True)
        return tuple(page[: max(0, limit)])

    def add_outcomes(self, rows: tuple[HistoryRow, ...]) -> tuple[HistoryRow, ...]:
        """Return the rows of a page with the outcomes of their failures, as far as they are on disk."""
        answer, _ = self._read(lambda db: queries.add_outcomes(db, rows), is_interruptible=True)
        return answer if answer is not None else rows

    def changes_since(self, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
        changes, _ = self._read(lambda db: queries.changes_since(db, after_id))
        return changes or (after_id, frozenset())

    def count(self, history_filter: HistoryFilter) -> int:
        stored, buffered = self._read(lambda db: queries.count_rows(db, history_filter), history_filter)
        return (stored or 0) + len(buffered)

    def _read(
        self, query: Callable[[Connection], T], history_filter: HistoryFilter = _ALL, *, is_interruptible: bool = False
    ) -> tuple[T | None, list[HistoryRow]]:
        """Return the answer, None without a database, and the matching entries in memory at the same moment."""
        answer, rows = self._database.read_snapshot(query, self._copy_buffer, is_interruptible=is_interruptible)
        return answer, [row for row in rows if queries.matches_filter(row.entry, history_filter)]

    def _copy_buffer(self) -> list[HistoryRow]:
        self._take_incoming()
        return list(self._buffer)


def _to_marks(counts: list[tuple[int, int, str, int | None, str, int]]) -> "tuple[TimelineMark, ...]":
    from guarddog_gui.domain.refresh.timeline import FailureCount, TimelineMark

    marks: dict[int, TimelineMark] = {}
    for column, good, word, errcode, endpoint, count in counts:
        mark = marks.get(column, TimelineMark(column))
        if good:
            marks[column] = replace(mark, success_count=mark.success_count + count)
        else:
            failure = FailureCount(queries.to_result(word), count, errcode, endpoint)
            marks[column] = replace(mark, failures=(*mark.failures, failure))
    return tuple(marks.values())
