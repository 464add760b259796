"""Queries on the history's table. Every function may raise sqlite3.Error."""

from sqlite3 import Connection
from typing import TYPE_CHECKING

from guarddog_gui.adapters.history.schema import (
    INSERT_ROW,
    SELECT_ROWS,
    SqlValue,
    filter_to_sql,
    row_from_values,
    to_sql_value,
    values_from_entry,
)
from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.domain.tokens.record import TokenKind

if TYPE_CHECKING:
    from guarddog_gui.domain.refresh.timeline import TimelineMark

VALUE_ROWS_MAX = 10


def insert(db: Connection, entries: list[HistoryEntry]) -> None:
    """Add the entries; the caller begins and commits the transaction."""
    db.executemany(INSERT_ROW, [values_from_entry(entry) for entry in entries])


def newest_rows_of_key(db: Connection, appid: str, key: str, limit: int) -> list[HistoryRow]:
    """Return the last inserted rows, newest first. Times are ignored: the clock may have been wrong."""
    return _select_rows(db, "appid = ? AND key = ? ORDER BY id DESC LIMIT ?", appid, key, limit)


def newest_rows_of_value(db: Connection, appid: str, key: str, fingerprint: str, since: float) -> list[HistoryRow]:
    """Return at most VALUE_ROWS_MAX rows about one value, newest first."""
    condition = "appid = ? AND at >= ? AND key = ? AND fingerprint = ? ORDER BY id DESC LIMIT ?"
    return _select_rows(db, condition, to_sql_value(appid), since, key, to_sql_value(fingerprint), VALUE_ROWS_MAX)


def newest_rows(
    db: Connection, history_filter: HistoryFilter, before: tuple[float, int] | None, limit: int
) -> list[HistoryRow]:
    """Return at most `limit` rows, newest first, that are older than `before` (time and id)."""
    condition, values = filter_to_sql(history_filter)
    if before is not None:
        condition += " AND (at, id) < (?, ?)"
        values += before
    return _select_rows(db, f"{condition} ORDER BY at DESC, id DESC LIMIT ?", *values, limit)


def row_time(db: Connection, row_id: int) -> float | None:
    """Return the time of a row (Unix seconds), or None if it was removed."""
    row = db.execute("SELECT at FROM attempt WHERE id = ?", (row_id,)).fetchone()
    return float(row[0]) if row else None


def changes_since(db: Connection, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
    """Return the newest id, and appid and key of all rows with an id above `after_id`."""
    newest_id = _select_int(db, "SELECT coalesce(max(id), 0) FROM attempt")
    if newest_id <= after_id:
        return newest_id, frozenset()
    rows = db.execute("SELECT DISTINCT appid, key FROM attempt WHERE id > ?", (after_id,))
    return newest_id, frozenset((appid, key) for appid, key in rows)


def count_rows(db: Connection, history_filter: HistoryFilter) -> int:
    condition, values = filter_to_sql(history_filter)
    return _select_int(db, f"SELECT count(*) FROM attempt WHERE {condition}", *values)  # noqa: S608 - constants only


def count_calls(db: Connection, appid: str, since: float) -> CallCount:
    rows = db.execute(
        "SELECT key, sum(calls), sum(calls) FILTER (WHERE NOT forced AND trigger <> ?),"
        " count(*) FILTER (WHERE forced), max(at) FILTER (WHERE forced)"
        " FROM attempt WHERE appid = ? AND at >= ? AND calls > 0 GROUP BY key ORDER BY key",
        (Trigger.USER.value, to_sql_value(appid), since),
    ).fetchall()
    return CallCount(
        automatic=sum(automatic or 0 for _, _, automatic, _, _ in rows),
        forced=sum(forced for *_, forced, _ in rows),
        last_forced_at=max((last or 0.0 for *_, last in rows), default=0.0),
        by_key=tuple((key, calls) for key, calls, *_ in rows),
    )


def last_success_ids(db: Connection) -> frozenset[int]:
    """Return the id of the last success of each key. Steps from key to key instead of reading every row."""
    ids: set[int] = set()
    next_key = "SELECT appid, key FROM attempt WHERE (appid, key) > (?, ?) ORDER BY appid, key LIMIT 1"
    last = "SELECT id FROM attempt WHERE appid = ? AND key = ? AND good ORDER BY id DESC LIMIT 1"
    pair = db.execute(next_key, ("", "")).fetchone()
    while pair is not None:
        ids.update(row[0] for row in db.execute(last, pair))
        pair = db.execute(next_key, pair).fetchone()
    return frozenset(ids)


def delete_rows_before(db: Connection, before: float, protected_ids: frozenset[int], limit: int) -> int:
    """Delete at most `limit` rows older than `before` (Unix seconds); return how many."""
    ids = db.execute("SELECT id FROM attempt WHERE at < ? ORDER BY at LIMIT ?", (before, limit + len(protected_ids)))
    return _delete_rows(db, [row[0] for row in ids if row[0] not in protected_ids][:limit])


def delete_first_rows(db: Connection, protected_ids: frozenset[int], limit: int) -> int:
    """Delete at most `limit` of the rows that were inserted first; return how many."""
    ids = db.execute("SELECT id FROM attempt ORDER BY id LIMIT ?", (limit + len(protected_ids),))
    return _delete_rows(db, [row[0] for row in ids if row[0] not in protected_ids][:limit])


def _delete_rows(db: Connection, ids: list[int]) -> int:
    if ids:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM attempt WHERE id = ?", [(row_id,) for row_id in ids])
        db.execute("COMMIT")
    return len(ids)


def _select_rows(db: Connection, condition: str, *values: SqlValue) -> list[HistoryRow]:
    return [row_from_values(row) for row in db.execute(f"{SELECT_ROWS} {condition}", values)]


def _select_int(db: Connection, sql: str, *values: SqlValue) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def timeline_marks(db: Connection, appid: str, since: float, until: float, columns: int) -> "tuple[TimelineMark, ...]":
    """Count successes and failures by column, each column an equal part of the time span."""
    column_s = (until - since) / columns
    rows = db.execute(
        "SELECT CAST((at - ?) / ? AS INTEGER) AS column, sum(good), sum(NOT good), max(errcode)"
        " FROM attempt WHERE appid = ? AND at >= ? AND at < ? GROUP BY column ORDER BY column",
        (since, column_s, to_sql_value(appid), since, until),
    )
    from guarddog_gui.domain.refresh.timeline import TimelineMark

    return tuple(TimelineMark(column, good, bad, errcode) for column, good, bad, errcode in rows)


def token_lifetimes(db: Connection, appid: str, since: float, until: float) -> list[tuple[float, float]]:
    """Return start and end of each access token's life in the time span, and of the one before it."""
    lifetimes = "SELECT at, expires_at FROM attempt WHERE appid = ? AND good AND expires_at IS NOT NULL AND key = ?"
    values = (to_sql_value(appid), TokenKind.ACCESS_TOKEN.value)
    before = db.execute(f"{lifetimes} AND at < ? ORDER BY at DESC LIMIT 1", (*values, since)).fetchall()
    within = db.execute(f"{lifetimes} AND at >= ? AND at < ? ORDER BY at", (*values, since, until)).fetchall()
    return [(float(start), float(end)) for start, end in (*before, *within)]
