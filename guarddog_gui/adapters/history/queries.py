"""Table of the history: schema, queries, and conversion between rows and entries.

Every function with a connection may raise sqlite3.Error.
"""

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any, get_type_hints

from msgspec import NODEFAULT
from msgspec.structs import astuple, fields, replace

from guarddog_gui.domain.refresh.history import (
    AttemptResult,
    HistoryEntry,
    HistoryFilter,
    HistoryRow,
    TextMatches,
    Trigger,
)
from guarddog_gui.domain.tokens.record import TokenKind

VALUE_ROWS_MAX = 10
SCHEMA_VERSION = 1
_TYPES: dict[str, Any] = get_type_hints(HistoryEntry)
_DEFAULTS: dict[str, object] = {"at": 0.0, "appid": "", "key": ""} | {
    field.name: field.default for field in fields(HistoryEntry) if field.default is not NODEFAULT
}
_COLUMNS = ", ".join(_TYPES)  # the columns are named after the fields
SELECT_ROWS = f"SELECT id, {_COLUMNS} FROM attempt WHERE"  # noqa: S608 - constants only
_INSERT_ROW = f"INSERT INTO attempt ({_COLUMNS}, good) VALUES (?{', ?' * len(_TYPES)})"  # noqa: S608 - constants only

_TABLE = """CREATE TABLE attempt (
    id INTEGER PRIMARY KEY, at REAL, appid TEXT, key TEXT, trigger TEXT, result TEXT, forced INTEGER,
    calls INTEGER, errcode INTEGER, errmsg TEXT, rid TEXT, ip TEXT, took_ms INTEGER, fingerprint TEXT,
    detail TEXT, endpoint TEXT, expires_at REAL, good INTEGER
)"""

# Pages are sorted by (at, id). Every filter of the window has an index in that order, so that a page
# costs the same however long the history is. SQLite appends the id to every index by itself, which
# makes `by_appid_and_key` "newest rows of one key in the order of insertion". A refresh needs the last two:
# each value is looked up by its fingerprint, and the calls of the day are counted from the index alone.
_INDEXES = {
    "by_time": "attempt (at)",
    "by_appid": "attempt (appid, at)",
    "by_key": "attempt (key, at)",
    "by_trigger": "attempt (trigger, at)",
    "by_errcode": "attempt (errcode, at) WHERE errcode IS NOT NULL",
    "failures": "attempt (at) WHERE good = 0",
    "by_appid_and_key": "attempt (appid, key)",
    "by_value": "attempt (appid, key, fingerprint) WHERE fingerprint <> ''",
    "addresses": "attempt (appid, at) WHERE ip IS NOT NULL",
    "counted_calls": "attempt (appid, at, key, calls, forced, trigger) WHERE calls > 0",
}

_INT_MAX = 2**63 - 1
_FAR_FUTURE = 1e18  # Unix seconds
_RESULTS: dict[object, AttemptResult] = {result.value: result for result in AttemptResult}
_TRIGGERS: dict[object, Trigger] = {trigger.value: trigger for trigger in Trigger}

SqlValue = str | float | int | None


def create_schema(db: Connection) -> None:
    """Create the table unless another process was faster."""
    db.execute("BEGIN IMMEDIATE")
    if schema_version(db) == 0:
        db.execute(_TABLE)
        for name, columns in _INDEXES.items():
            db.execute(f"CREATE INDEX {name} ON {columns}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def create_missing_indexes(db: Connection) -> None:
    """Add the indexes that the file of an older version lacks; takes a second for a million rows."""
    existing = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    for name in _INDEXES.keys() - existing:
        db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {_INDEXES[name]}")


def schema_version(db: Connection) -> int:
    """Return the schema's version, 0 for an empty database."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def insert(db: Connection, entries: list[HistoryEntry]) -> None:
    """Add the entries; the caller begins and commits the transaction."""
    rows = [(*map(_to_sql_value, astuple(entry)), int(entry.is_success)) for entry in entries]
    db.executemany(_INSERT_ROW, rows)


def insert_missing(db: Connection, entries: tuple[HistoryEntry, ...]) -> None:
    """Add the entries that are not in the table; the caller begins and commits the transaction."""
    condition = "appid = ? AND at = ? AND key = ? AND trigger = ? AND result = ?"
    sql = f"SELECT 1 FROM attempt WHERE {condition}"  # noqa: S608 - constants only
    for entry in entries:
        identity: tuple[SqlValue, ...] = (entry.appid, entry.at, entry.key, entry.trigger, entry.result)
        if db.execute(sql, tuple(map(_to_sql_value, identity))).fetchone() is None:
            insert(db, [entry])


def newest_rows_of_key(db: Connection, appid: str, key: str, limit: int) -> list[HistoryRow]:
    """Return the last inserted rows, newest first. Times are ignored: the clock may have been wrong."""
    return _select_rows(db, "appid = ? AND key = ? ORDER BY id DESC LIMIT ?", appid, key, limit)


def newest_rows_of_value(db: Connection, appid: str, key: str, fingerprint: str, since: float) -> list[HistoryRow]:
    """Return the last inserted rows with this value, newest first.

    The `+` keeps SQLite from the indexes by time, in which it would read all rows of the last hours.
    """
    condition = "appid = ? AND key = ? AND fingerprint = ? AND fingerprint <> '' AND +at >= ? ORDER BY id DESC LIMIT ?"
    return _select_rows(db, condition, _to_sql_value(appid), key, _to_sql_value(fingerprint), since, VALUE_ROWS_MAX)


def newest_addresses(db: Connection, appid: str, limit: int) -> list[HistoryRow]:
    """Return the newest rows with an IP address, newest first."""
    return _select_rows(db, "appid = ? AND ip IS NOT NULL ORDER BY at DESC, id DESC LIMIT ?", appid, limit)


def newest_rows(
    db: Connection, history_filter: HistoryFilter, before: tuple[float, int] | None, limit: int
) -> list[HistoryRow]:
    """Return at most `limit` rows, newest first, that are older than `before` (time and id)."""
    condition, values = _filter_to_sql(history_filter)
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
    # by the id: for DISTINCT alone SQLite would read the whole index of appids and keys
    rows = db.execute("SELECT DISTINCT appid, key FROM attempt NOT INDEXED WHERE id > ?", (after_id,))
    return newest_id, frozenset((appid, key) for appid, key in rows)


def count_rows(db: Connection, history_filter: HistoryFilter) -> int:
    condition, values = _filter_to_sql(history_filter)
    return _select_int(db, f"SELECT count(*) FROM attempt WHERE {condition}", *values)  # noqa: S608 - constants only


def sum_calls(db: Connection, appid: str, since: float) -> list[tuple[str, int, int, int, float]]:
    """Return key, all calls, automatic calls, forced refreshes and the time of the last one, for each key."""
    return db.execute(
        "SELECT key, sum(calls), coalesce(sum(calls) FILTER (WHERE NOT forced AND trigger <> ?), 0),"
        " count(*) FILTER (WHERE forced), coalesce(max(at) FILTER (WHERE forced), 0.0)"
        " FROM attempt WHERE appid = ? AND at >= ? AND calls > 0 GROUP BY key",
        (Trigger.USER.value, _to_sql_value(appid), since),
    ).fetchall()


def last_success_ids(db: Connection) -> frozenset[int]:
    """Return the id of the last success of each key. Steps from key to key instead of reading every row."""
    ids: set[int] = set()
    last = "SELECT id FROM attempt WHERE appid = ? AND key = ? AND good ORDER BY id DESC LIMIT 1"
    pair = _next_key(db, "", "")
    while pair is not None:
        ids.update(row[0] for row in db.execute(last, pair))
        pair = _next_key(db, *pair)
    return frozenset(ids)


def _next_key(db: Connection, appid: str, key: str) -> tuple[str, str] | None:
    """Return the appid and key that follow in the index.

    Not with `(appid, key) > (?, ?)`: SQLite then begins at the first row of the given key and reads all of it.
    """
    same_appid = "SELECT appid, key FROM attempt WHERE appid = ? AND key > ? ORDER BY key LIMIT 1"
    next_appid = "SELECT appid, key FROM attempt WHERE appid > ? ORDER BY appid, key LIMIT 1"
    found = db.execute(same_appid, (appid, key)).fetchone() or db.execute(next_appid, (appid,)).fetchone()
    return None if found is None else (found[0], found[1])


def rows_max(db: Connection) -> int:
    """Return a number that the table has no more rows than, without counting them."""
    return _select_int(db, "SELECT coalesce((SELECT max(id) FROM attempt) - (SELECT min(id) FROM attempt) + 1, 0)")


def delete_rows(db: Connection, protected_ids: frozenset[int], limit: int, before: float | None = None) -> int:
    """Delete at most `limit` rows: those older than `before` (Unix seconds), else the first ones; return how many."""
    condition, values = ("1 ORDER BY id", ()) if before is None else ("at < ? ORDER BY at", (before,))
    sql = f"SELECT id FROM attempt WHERE {condition} LIMIT ?"  # noqa: S608 - constants only
    rows = db.execute(sql, (*values, limit + len(protected_ids)))
    ids = [row_id for (row_id,) in rows if row_id not in protected_ids][:limit]
    if ids:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM attempt WHERE id = ?", [(row_id,) for row_id in ids])
        db.execute("COMMIT")
    return len(ids)


def timeline_counts(
    db: Connection, appid: str, since: float, until: float, columns: int
) -> list[tuple[int, int, str, int | None, str, int]]:
    """Return column, good, result, errcode, endpoint and number of the attempts; a column is an equal part of the time.

    The successes of a column are counted together, its failures by their reason.
    """
    return db.execute(
        "SELECT CAST((at - ?) / ? AS INTEGER) AS column, good, iif(good, '', result) AS reason,"
        " iif(good, NULL, errcode) AS code, iif(good, '', endpoint) AS endpoint_name, count(*)"
        " FROM attempt WHERE appid = ? AND at >= ? AND at < ?"
        " GROUP BY column, good, reason, code, endpoint_name ORDER BY column, good",
        (since, (until - since) / columns, _to_sql_value(appid), since, until),
    ).fetchall()


def to_result(word: object) -> AttemptResult:
    """Return the result with this stored word; an unknown one counts as INTERNAL_ERROR."""
    return _RESULTS.get(word, AttemptResult.INTERNAL_ERROR)


def add_outcomes(db: Connection, rows: Sequence[HistoryRow]) -> tuple[HistoryRow, ...]:
    """Fill in the outcomes of the failures among the rows, which are sorted by time, newest first.

    From one failure of a key to the next, only the time between the two is searched: reading on to the next success
    for each of them would take seconds after a long time offline.
    """
    recoveries: dict[tuple[str, str], tuple[float, float | None]] = {}  # time of a failure, and of its recovery
    with_recovery: list[HistoryRow] = []
    for row in rows:
        if row.entry.is_success:
            with_recovery.append(row)
            continue
        key = row.entry.appid, row.entry.key
        newer_at, recovered_at = recoveries.get(key, (_FAR_FUTURE, None))
        success = _first_success(db, *key, row.entry.at, newer_at)
        recoveries[key] = row.entry.at, success if success is not None else recovered_at
        with_recovery.append(replace(row, recovered_at=recoveries[key][1]))
    known: dict[tuple[str, str], HistoryRow] = {}  # the last failure of each key
    result: list[HistoryRow] = []
    for row in reversed(with_recovery):
        if row.entry.is_success:
            result.append(row)
            continue
        key = row.entry.appid, row.entry.key
        older = known.get(key)
        since = older.entry.at if older is not None else -_FAR_FUTURE
        success_at, valid_until = _last_success(db, *key, since, row.entry.at)
        if older is not None:
            success_at = older.last_success_at if success_at is None else success_at
            valid_until = older.valid_until if valid_until is None else valid_until
        known[key] = replace(row, last_success_at=success_at, valid_until=valid_until)
        result.append(known[key])
    return tuple(reversed(result))


# the plus sign keeps SQLite from the index of the key, with which it would sort all of its rows by time
_SUCCESSES = "FROM attempt WHERE appid = ? AND +key = ? AND good AND at >= ? AND at <= ?"


def _first_success(db: Connection, appid: str, key: str, since: float, until: float) -> float | None:
    values = (_to_sql_value(appid), _to_sql_value(key), since, until)
    row = db.execute(f"SELECT at {_SUCCESSES} ORDER BY at LIMIT 1", values).fetchone()
    return None if row is None else float(row[0])


def _last_success(
    db: Connection, appid: str, key: str, since: float, until: float
) -> tuple[float | None, float | None]:
    """Return the time of the last success, and the expiry of the value of the last one that tells it."""
    values = (_to_sql_value(appid), _to_sql_value(key), since, until)
    row = db.execute(f"SELECT at, expires_at {_SUCCESSES} ORDER BY at DESC LIMIT 1", values).fetchone()
    if row is None or row[1] is not None:
        return row or (None, None)
    with_expiry = f"SELECT expires_at {_SUCCESSES} AND expires_at IS NOT NULL ORDER BY at DESC LIMIT 1"
    expiry = db.execute(with_expiry, values).fetchone()
    return row[0], None if expiry is None else expiry[0]


def token_lifetimes(db: Connection, appid: str, since: float, until: float) -> list[tuple[float, float]]:
    """Return start and end of each access token's life in the time span, and of the one before it."""
    lifetimes = "SELECT at, expires_at FROM attempt WHERE appid = ? AND good AND expires_at IS NOT NULL AND key = ?"
    values = (_to_sql_value(appid), TokenKind.ACCESS_TOKEN.value)
    before = db.execute(f"{lifetimes} AND at < ? ORDER BY at DESC LIMIT 1", (*values, since)).fetchall()
    within = db.execute(f"{lifetimes} AND at >= ? AND at < ? ORDER BY at", (*values, since, until)).fetchall()
    return [(float(start), float(end)) for start, end in (*before, *within)]


def _select_rows(db: Connection, condition: str, *values: SqlValue) -> list[HistoryRow]:
    return [_row_from_values(row) for row in db.execute(f"{SELECT_ROWS} {condition}", values)]


def _select_int(db: Connection, sql: str, *values: SqlValue) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def _to_sql_value(value: SqlValue) -> SqlValue:
    """Escape lone surrogates and clamp integers to 64 bits: SQLite refuses both."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    return max(-_INT_MAX, min(value, _INT_MAX)) if isinstance(value, int) else value


def _row_from_values(values: tuple[Any, ...]) -> HistoryRow:
    """Convert a row of SELECT_ROWS, whatever another version or a damaged disk has put in it.

    A value of the wrong type becomes the default. An unknown result becomes INTERNAL_ERROR, with the stored
    word as its detail.
    """
    row_id, *stored = values
    row = dict(zip(_TYPES, stored, strict=True))
    if row["result"] not in _RESULTS:
        row["detail"] = row["result"]
    row["result"] = _RESULTS.get(row["result"], AttemptResult.INTERNAL_ERROR)
    row["trigger"] = _TRIGGERS.get(row["trigger"], Trigger.COMMAND)
    row["forced"] = bool(row["forced"])
    for name, expected_type in _TYPES.items():
        if not isinstance(row[name], expected_type):
            row[name] = _DEFAULTS[name]
    return HistoryRow(row_id, HistoryEntry(**row))


def _filter_to_sql(history_filter: HistoryFilter) -> tuple[str, list[SqlValue]]:
    parameters: dict[str, SqlValue] = {
        "appid = ?": history_filter.appid,
        "key = ?": history_filter.key,
        "trigger = ?": history_filter.trigger,
        "errcode = ?": history_filter.errcode,
        "at >= ?": history_filter.since,
        "at <= ?": history_filter.until,
    }
    conditions = [condition for condition, value in parameters.items() if value is not None]
    values = [_to_sql_value(value) for value in parameters.values() if value is not None]
    if history_filter.text:
        condition, text_values = _text_to_sql(history_filter.text, history_filter.text_matches)
        conditions.append(condition)
        values += text_values
    if history_filter.only_failures or _finds_only_failures(history_filter):
        conditions.append("good = 0")
    return " AND ".join(conditions) or "1", values


def _text_to_sql(text: str, matches: TextMatches) -> tuple[str, list[SqlValue]]:
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    conditions = [r"errmsg LIKE ? ESCAPE '\'", r"rid LIKE ? ESCAPE '\'"]
    values: list[SqlValue] = [_to_sql_value(f"%{escaped}%")] * 2
    lists: dict[str, Sequence[SqlValue]] = {
        "appid": matches.appids,
        "key": matches.keys,
        "trigger": matches.triggers,
        "result": matches.results,
        "errcode": matches.errcodes,
    }
    for column, listed in lists.items():
        if listed:
            conditions.append(f"{column} IN ({', '.join('?' * len(listed))})")
            values += map(_to_sql_value, listed)
    return f"({' OR '.join(conditions)})", values


def _finds_only_failures(history_filter: HistoryFilter) -> bool:
    """Return True if no success can match: only failures have an errmsg, and their index is much smaller."""
    return bool(history_filter.text) and history_filter.text_matches.only_of_failures


def matches_filter(entry: HistoryEntry, history_filter: HistoryFilter) -> bool:
    text = history_filter.text.lower()
    return (
        history_filter.appid in (None, entry.appid)
        and history_filter.key in (None, entry.key)
        and history_filter.trigger in (None, entry.trigger)
        and history_filter.errcode in (None, entry.errcode)
        and (history_filter.since is None or entry.at >= history_filter.since)
        and (history_filter.until is None or entry.at <= history_filter.until)
        and not (entry.is_success and (history_filter.only_failures or _finds_only_failures(history_filter)))
        and (
            text in entry.errmsg.lower()
            or text in (entry.rid or "").lower()
            or history_filter.text_matches.contain(entry)
        )
    )
