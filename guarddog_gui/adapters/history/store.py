"""The history of attempts: on disk, and in memory for as long as the disk does not take them."""

import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from guarddog_gui.adapters.history import queries
from guarddog_gui.adapters.history.database import HistoryFile
from guarddog_gui.adapters.history.schema import matches
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.refresh.history import CallCount, Entry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineLane, gaps_between
from guarddog_gui.services.ports import Clock

KEPT_S = 180 * 86400.0
ROWS_MAX = 1_000_000
HELD_MAX = 1_000  # entries kept in memory while the disk takes none
HELD_ID = 2**62  # ids from here on belong to entries in memory
BATCH = 500  # rows deleted in one transaction: a few milliseconds
REST_S = 0.005  # between two such transactions, for those who want to write

T = TypeVar("T")


class HistoryDb:
    """The attempts; safe to use from any thread and from several programs at once. Nothing here raises.

    Entries that the disk does not take are kept in memory (the newest 1,000), count and show like the
    others, and are tried again with the next one.
    """

    def __init__(self, path: Path, clock: Clock, *, rows_max: int = ROWS_MAX) -> None:
        self._file = HistoryFile(path, clock)
        self._rows_max = rows_max
        self._held: deque[HistoryRow] = deque()  # under the readers' lock, oldest first
        self._next_id = HELD_ID

    @property
    def damaged(self) -> Path | None:
        """The damaged database that was set aside, when one was found since the start."""
        return self._file.damaged

    @property
    def trouble(self) -> FileTrouble | None:
        """Why entries are kept in memory only; None when the last write went well."""
        return self._file.trouble

    @property
    def held(self) -> int:
        """How many entries are in memory only."""
        return len(self._held)

    # -- writing ----------------------------------------------------------------------------------

    def append(self, entry: Entry) -> None:
        """Keep an attempt, on disk or for the time being in memory."""
        with self._file.readers_lock:
            if len(self._held) >= HELD_MAX:
                self._held.popleft()
            self._held.append(HistoryRow(self._next_id, entry))
            self._next_id += 1
        self.flush()

    def flush(self) -> None:
        """Try again to write what is in memory."""
        if not self._held:
            return
        if self._file.write(self._held_written):
            self._file.trouble = None

    def _held_written(self, db: sqlite3.Connection) -> bool:
        with self._file.readers_lock:
            batch = tuple(self._held)
        if batch:
            db.execute("BEGIN IMMEDIATE")
            queries.insert(db, [row.entry for row in batch])
            with self._file.readers_lock:  # nobody sees an entry twice, or not at all
                db.execute("COMMIT")
                while self._held and self._held[0].id <= batch[-1].id:
                    self._held.popleft()
        return True

    def trim(self, now: float) -> None:
        """Remove what is older than 180 days or beyond 1,000,000 rows, in short steps.

        The last success of each key stays. Takes seconds when there is much to remove.
        """
        kept = self._file.read(lambda db: None if db is None else queries.last_successes(db))
        if kept is None:
            return
        older = partial(queries.delete_older, than=now - KEPT_S, kept=kept, limit=BATCH)
        while self._file.write(older):
            time.sleep(REST_S)
        excess = self._read_at_length(lambda db: queries.count(db, HistoryFilter()), 0)[0] - self._rows_max
        while excess > 0:
            deleted = self._file.write(partial(queries.delete_first, kept=kept, limit=min(BATCH, excess)))
            if not deleted:
                return
            excess -= deleted
            time.sleep(REST_S)

    def break_off(self) -> None:
        """Let a page or a timeline that is being read end at once, empty: nobody waits for it any more."""
        self._file.break_off()

    def close(self) -> None:
        """Write what is in memory and let go of the file. A later call opens it again."""
        self.flush()
        self._file.close()

    # -- reading ----------------------------------------------------------------------------------

    def latest(self, appid: str, key: str, limit: int) -> tuple[Entry, ...]:
        """The newest entries of one key, oldest of them first."""
        none: list[HistoryRow] = []
        rows, held = self._read(lambda db: queries.newest_of_key(db, appid, key, limit), none)
        found = [row.entry for row in reversed(rows)]
        found += [row.entry for row in held if (row.entry.appid, row.entry.key) == (appid, key)]
        return tuple(found[-limit:]) if limit > 0 else ()

    def of_value(self, appid: str, key: str, fingerprint: str, since: float) -> tuple[Entry, ...]:
        """The newest entries about this value since a moment (Unix seconds), oldest of them first."""
        none: list[HistoryRow] = []
        rows, held = self._read(lambda db: queries.of_value(db, appid, key, fingerprint, since), none)
        found = [row.entry for row in reversed(rows)]
        chosen = HistoryFilter(appid=appid, key=key, since=since)
        found += [row.entry for row in held if matches(row.entry, chosen)]
        return tuple(entry for entry in found if entry.fingerprint == fingerprint)

    def count_calls(self, appid: str, since: float) -> CallCount:
        """The requests of an account since a moment; a person's own do not count as automatic."""
        stored, held = self._read(lambda db: queries.count_calls(db, appid, since), CallCount())
        recent = [row.entry for row in held if row.entry.appid == appid and row.entry.at >= since]
        automatic = [e.calls for e in recent if not e.forced and e.trigger is not Trigger.PERSON]
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

    def timeline(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> Timeline:
        """How things went for these accounts; what is in memory only is not in the picture."""

        def lane(db: sqlite3.Connection, appid: str) -> TimelineLane:
            lives = queries.token_lives(db, appid, since, until)
            marks = queries.marks(db, appid, since, until, columns)
            return TimelineLane(appid, marks, gaps_between(lives, since, until))

        nothing: tuple[TimelineLane, ...] = ()
        lanes, _ = self._read_at_length(lambda db: tuple(lane(db, appid) for appid in appids), nothing)
        return Timeline(since, until, columns, lanes)

    def page(self, wanted: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]:
        """At most `limit` rows by time, newest first, that come after the row `before_id` in that order.

        None begins at the newest. A row that was trimmed meanwhile has nothing after it.
        """
        nothing: list[HistoryRow] = []
        if before_id is None:
            rows, held = self._read_at_length(lambda db: queries.newest(db, wanted, None, limit), nothing)
        else:
            at = self._time_of(before_id)
            if at is None:
                return ()
            before = (at, before_id)
            rows, held = self._read_at_length(lambda db: queries.newest(db, wanted, before, limit), nothing)
            held = [row for row in held if (row.entry.at, row.id) < before]
        rows += [row for row in held if matches(row.entry, wanted)]
        rows.sort(key=lambda row: (row.entry.at, row.id), reverse=True)
        return tuple(rows[: max(0, limit)])

    def news(self, after: int) -> tuple[int, frozenset[tuple[str, str]]]:
        """The number of the newest entry on disk, and whose entries came after that number."""
        nothing: tuple[int, frozenset[tuple[str, str]]] = (after, frozenset())
        return self._read(lambda db: queries.news(db, after), nothing)[0]

    def count(self, chosen: HistoryFilter) -> int:
        """How many rows the filter lets through."""
        stored, held = self._read(lambda db: queries.count(db, chosen), 0)
        return stored + sum(matches(row.entry, chosen) for row in held)

    def _read(self, query: Callable[[sqlite3.Connection], T], nothing: T) -> tuple[T, list[HistoryRow]]:
        """The answer, or `nothing` without a database, and the entries in memory at the same moment."""
        return self._file.read(lambda db: (nothing if db is None else query(db), list(self._held)))

    def _read_at_length(
        self, query: Callable[[sqlite3.Connection], T], nothing: T
    ) -> tuple[T, list[HistoryRow]]:
        """The same for a question that may take long, without keeping anybody from the others."""
        return self._file.read_at_length(
            lambda: list(self._held), lambda db, held: (nothing if db is None else query(db), held)
        )

    def _time_of(self, row_id: int) -> float | None:
        stored, held = self._read(lambda db: queries.time_of(db, row_id), None)
        return next((row.entry.at for row in held if row.id == row_id), stored)
