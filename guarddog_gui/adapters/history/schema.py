"""Table of the history: schema, conversion between rows and entries, and filters as SQL."""

from dataclasses import MISSING, astuple, fields
from sqlite3 import Connection
from typing import Any, get_type_hints

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, HistoryRow, Trigger

SCHEMA_VERSION = 1
_TYPES: dict[str, Any] = get_type_hints(HistoryEntry)
_DEFAULTS: dict[str, object] = {"at": 0.0, "appid": "", "key": ""} | {
    field.name: field.default for field in fields(HistoryEntry) if field.default is not MISSING
}
_COLUMNS = ", ".join(_TYPES)  # the columns are named after the fields
SELECT_ROWS = f"SELECT id, {_COLUMNS} FROM attempt WHERE"  # noqa: S608 - constants only
INSERT_ROW = f"INSERT INTO attempt ({_COLUMNS}, good) VALUES (?{', ?' * len(_TYPES)})"  # noqa: S608 - constants only

# Pages are sorted by (at, id). Every filter of the window has an index in that order, so that a page
# costs the same however long the history is. SQLite appends the id to every index by itself, which
# makes the last one "newest rows of one key in the order of insertion".
_SCHEMA_STATEMENTS = (
    """CREATE TABLE attempt (
        id INTEGER PRIMARY KEY, at REAL, appid TEXT, key TEXT, trigger TEXT, result TEXT, forced INTEGER,
        calls INTEGER, errcode INTEGER, errmsg TEXT, rid TEXT, ip TEXT, took_ms INTEGER, fingerprint TEXT,
        detail TEXT, endpoint TEXT, expires_at REAL, good INTEGER
    )""",
    "CREATE INDEX by_time ON attempt (at)",
    "CREATE INDEX by_appid ON attempt (appid, at)",
    "CREATE INDEX by_key ON attempt (key, at)",
    "CREATE INDEX by_trigger ON attempt (trigger, at)",
    "CREATE INDEX by_errcode ON attempt (errcode, at) WHERE errcode IS NOT NULL",
    "CREATE INDEX failures ON attempt (at) WHERE good = 0",
    "CREATE INDEX by_appid_and_key ON attempt (appid, key)",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

_INT_MAX = 2**63 - 1
_RESULTS: dict[object, AttemptResult] = {result.value: result for result in AttemptResult}
_TRIGGERS: dict[object, Trigger] = {trigger.value: trigger for trigger in Trigger}

SqlValue = str | float | int | None


def create_schema(db: Connection) -> None:
    """Create the table unless another process was faster. Raises sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")
    if schema_version(db) == 0:
        for statement in _SCHEMA_STATEMENTS:
            db.execute(statement)
    db.execute("COMMIT")


def schema_version(db: Connection) -> int:
    """Return the schema's version, 0 for an empty database. Raises sqlite3.Error."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_foreign_database(db: Connection) -> bool:
    """Check for tables of another program. Raises sqlite3.Error."""
    # one statement: between two of them another process may create our table
    version, tables = db.execute(
        "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    ).fetchone()
    return bool(version == 0 and tables > 0)


def values_from_entry(entry: HistoryEntry) -> tuple[SqlValue, ...]:
    """Return the parameters of INSERT_ROW."""
    return (*map(to_sql_value, astuple(entry)), int(entry.is_success))


def to_sql_value(value: SqlValue) -> SqlValue:
    """Escape lone surrogates and clamp integers to 64 bits: SQLite refuses both."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, int):
        return max(-_INT_MAX, min(value, _INT_MAX))
    return value


def row_from_values(values: tuple[Any, ...]) -> HistoryRow:
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


def filter_to_sql(history_filter: HistoryFilter) -> tuple[str, list[SqlValue]]:
    """Return the filter as a condition and its parameters."""
    text = history_filter.text
    like = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    parameters: dict[str, SqlValue] = {
        "appid = ?": history_filter.appid,
        "key = ?": history_filter.key,
        "trigger = ?": history_filter.trigger,
        "errcode = ?": history_filter.errcode,
        "at >= ?": history_filter.since,
        "at <= ?": history_filter.until,
        r"errmsg LIKE ? ESCAPE '\'": f"%{like}%" if text else None,
    }
    conditions = [condition for condition, value in parameters.items() if value is not None]
    if history_filter.only_failures or text:
        conditions.append("good = 0")  # only failures have an errmsg, and their index is much smaller
    values = [to_sql_value(value) for value in parameters.values() if value is not None]
    return " AND ".join(conditions) or "1", values


def matches_filter(entry: HistoryEntry, history_filter: HistoryFilter) -> bool:
    """Apply the filter to an entry that is not in the database."""
    return (
        history_filter.appid in (None, entry.appid)
        and history_filter.key in (None, entry.key)
        and history_filter.trigger in (None, entry.trigger)
        and history_filter.errcode in (None, entry.errcode)
        and (history_filter.since is None or entry.at >= history_filter.since)
        and (history_filter.until is None or entry.at <= history_filter.until)
        and not (entry.is_success and (history_filter.only_failures or history_filter.text))
        and history_filter.text.lower() in entry.errmsg.lower()
    )
