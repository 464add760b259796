"""What is asked of the history's table. Every function may raise sqlite3.Error."""

from sqlite3 import Connection

from guarddog_gui.adapters.history.schema import (
    COLUMNS,
    INSERT_SQL,
    SqlValue,
    filter_to_sql,
    row_from_values,
    to_sql_value,
    values_from_entry,
)
from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.domain.refresh.timeline import TimelineMark
from guarddog_gui.domain.tokens.record import TokenKind

VALUE_ROWS_MAX = 10

_SELECT = f"SELECT id, {COLUMNS} FROM attempt WHERE"  # noqa: S608 - constants only


def insert(db: Connection, entries: list[HistoryEntry]) -> None:
    """Within a transaction of the caller's."""
    db.executemany(INSERT_SQL, [values_from_entry(entry) for entry in entries])


def newest_rows_of_key(db: Connection, appid: str, key: str, limit: int) -> list[HistoryRow]:
    """In the order of their coming, newest first: a clock that was wrong for a while must not matter here."""
    found = db.execute(f"{_SELECT} appid = ? AND key = ? ORDER BY id DESC LIMIT ?", (appid, key, limit))
    return [row_from_values(row) for row in found]


def newest_rows_of_value(
    db: Connection, appid: str, key: str, fingerprint: str, since: float
) -> list[HistoryRow]:
    """The newest few rows about one value, newest first."""
    found = db.execute(
        f"{_SELECT} appid = ? AND at >= ? AND key = ? AND fingerprint = ? ORDER BY id DESC LIMIT ?",
        (to_sql_value(appid), since, key, to_sql_value(fingerprint), VALUE_ROWS_MAX),
    )
    return [row_from_values(row) for row in found]


def newest_rows(
    db: Connection, history_filter: HistoryFilter, before: tuple[float, int] | None, limit: int
) -> list[HistoryRow]:
    """At most `limit` rows by time, newest first, that come after `before` (time and id) in that order."""
    condition, values = filter_to_sql(history_filter)
    if before is not None:
        condition += " AND (at, id) < (?, ?)"
        values += before
    found = db.execute(f"{_SELECT} {condition} ORDER BY at DESC, id DESC LIMIT ?", (*values, limit))
    return [row_from_values(row) for row in found]


def row_time(db: Connection, row_id: int) -> float | None:
    """When the row's attempt began; None for a row that is gone."""
    found = db.execute("SELECT at FROM attempt WHERE id = ?", (row_id,)).fetchone()
    return float(found[0]) if found else None


def changes_since(db: Connection, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
    """The newest id, and whose rows (appid and key) came after that one."""
    newest = _select_int(db, "SELECT coalesce(max(id), 0) FROM attempt")
    if newest <= after_id:
        return newest, frozenset()
    found = db.execute("SELECT DISTINCT appid, key FROM attempt WHERE id > ?", (after_id,))
    return newest, frozenset((appid, key) for appid, key in found)


def count_rows(db: Connection, history_filter: HistoryFilter) -> int:
    condition, values = filter_to_sql(history_filter)
    return _select_int(db, f"SELECT count(*) FROM attempt WHERE {condition}", *values)  # noqa: S608 - constants only


def count_calls(db: Connection, appid: str, since: float) -> CallCount:
    found = db.execute(
        "SELECT key, sum(calls), sum(calls) FILTER (WHERE NOT forced AND trigger <> ?),"
        " count(*) FILTER (WHERE forced), max(at) FILTER (WHERE forced)"
        " FROM attempt WHERE appid = ? AND at >= ? AND calls > 0 GROUP BY key ORDER BY key",
        (Trigger.USER.value, to_sql_value(appid), since),
    ).fetchall()
    return CallCount(
        automatic=sum(automatic or 0 for _, _, automatic, _, _ in found),
        forced=sum(forced for *_, forced, _ in found),
        last_forced_at=max((last or 0.0 for *_, last in found), default=0.0),
        by_key=tuple((key, calls) for key, calls, *_ in found),
    )


def last_success_ids(db: Connection) -> frozenset[int]:
    """The id of the last success of each key; steps from key to key instead of reading every row."""
    ids: set[int] = set()
    next_key = "SELECT appid, key FROM attempt WHERE (appid, key) > (?, ?) ORDER BY appid, key LIMIT 1"
    last = "SELECT id FROM attempt WHERE appid = ? AND key = ? AND good ORDER BY id DESC LIMIT 1"
    pair = db.execute(next_key, ("", "")).fetchone()
    while pair is not None:
        ids.update(row[0] for row in db.execute(last, pair))
        pair = db.execute(next_key, pair).fetchone()
    return frozenset(ids)


def delete_rows_before(db: Connection, before: float, protected_ids: frozenset[int], limit: int) -> int:
    """Remove at most `limit` rows from before a time, except the kept ones; gives how many."""
    found = db.execute(
        "SELECT id FROM attempt WHERE at < ? ORDER BY at LIMIT ?", (before, limit + len(protected_ids))
    )
    return _delete_rows(db, [row[0] for row in found if row[0] not in protected_ids][:limit])


def delete_first_rows(db: Connection, protected_ids: frozenset[int], limit: int) -> int:
    """Remove at most `limit` of the rows that came first, except the kept ones; gives how many."""
    found = db.execute("SELECT id FROM attempt ORDER BY id LIMIT ?", (limit + len(protected_ids),))
    return _delete_rows(db, [row[0] for row in found if row[0] not in protected_ids][:limit])


def _delete_rows(db: Connection, ids: list[int]) -> int:
    if ids:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM attempt WHERE id = ?", [(row_id,) for row_id in ids])
        db.execute("COMMIT")
    return len(ids)


def _select_int(db: Connection, sql: str, *values: SqlValue) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def timeline_marks(
    db: Connection, appid: str, since: float, until: float, columns: int
) -> tuple[TimelineMark, ...]:
    """How many attempts went well and how many did not, by column of the span."""
    width = (until - since) / columns
    found = db.execute(
        "SELECT CAST((at - ?) / ? AS INTEGER) AS column, sum(good), sum(NOT good), max(errcode)"
        " FROM attempt WHERE appid = ? AND at >= ? AND at < ? GROUP BY column ORDER BY column",
        (since, width, to_sql_value(appid), since, until),
    )
    return tuple(TimelineMark(column, good, bad, errcode) for column, good, bad, errcode in found)


def token_lifetimes(db: Connection, appid: str, since: float, until: float) -> list[tuple[float, float]]:
    """From when until when access tokens were valid, the one before the span included."""
    lives = (
        "SELECT at, expires_at FROM attempt WHERE appid = ? AND good AND expires_at IS NOT NULL AND key = ?"
    )
    values = (to_sql_value(appid), TokenKind.ACCESS_TOKEN.value)
    before = db.execute(f"{lives} AND at < ? ORDER BY at DESC LIMIT 1", (*values, since)).fetchall()
    within = db.execute(f"{lives} AND at >= ? AND at < ? ORDER BY at", (*values, since, until)).fetchall()
    return [(float(start), float(end)) for start, end in (*before, *within)]
