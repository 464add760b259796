"""The table of the history: its schema, its rows as entries, and filters as SQL."""

from dataclasses import astuple
from sqlite3 import Connection

from guarddog_gui.domain.refresh.history import (
    AttemptResult,
    HistoryEntry,
    HistoryFilter,
    HistoryRow,
    Trigger,
)

SCHEMA_VERSION = 1
COLUMNS = (
    "at, appid, key, trigger, result, forced, calls, errcode, errmsg, rid, ip, took_ms, fingerprint, detail, "
    "endpoint, expires_at"
)  # the fields of Entry, in their order
INSERT_SQL = f"INSERT INTO attempt ({COLUMNS}, good) VALUES (?{', ?' * 16})"  # noqa: S608 - constants only

# Pages are sorted by (at, id). Every filter of the window has an index in that order, so that a page
# costs the same however long the history is. SQLite appends the id to every index by itself, which
# makes the last one "the newest of one key, in the order of their coming".
SCHEMA_STATEMENTS = (
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

SqlValue = str | float | int | None


def create_schema(db: Connection) -> None:
    """Make the table unless another program was quicker. Raises sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")
    if schema_version(db) == 0:
        for statement in SCHEMA_STATEMENTS:
            db.execute(statement)
    db.execute("COMMIT")


def schema_version(db: Connection) -> int:
    """The schema's version; 0 for an empty database. Raises sqlite3.Error."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_foreign_database(db: Connection) -> bool:
    """Whether it has tables and never was ours. Raises sqlite3.Error."""
    # one statement: between two of them another program may make our table
    version, tables = db.execute(
        "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    ).fetchone()
    return bool(version == 0 and tables > 0)


def values_from_entry(entry: HistoryEntry) -> tuple[SqlValue, ...]:
    """The values for INSERT, in a form that SQLite can store."""
    return (*map(to_sql_value, astuple(entry)), int(entry.is_success))


def to_sql_value(value: SqlValue) -> SqlValue:
    """Half characters spelled out and numbers kept within 64 bits: SQLite refuses them otherwise."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, int):
        return max(-_INT_MAX, min(value, _INT_MAX))
    return value


def row_from_values(values: tuple[object, ...]) -> HistoryRow:
    """The row of `id, COLUMNS`. Words that this version does not know become a bug's, with the word kept."""
    (
        number,
        at,
        appid,
        key,
        trigger,
        result,
        forced,
        calls,
        errcode,
        errmsg,
        rid,
        ip,
        took,
        print_,
        detail,
        call,
        expires_at,
    ) = values
    known = _parse_result(result)
    entry = HistoryEntry(
        at=float(at) if isinstance(at, float | int) else 0.0,
        appid=_text_or_empty(appid),
        key=_text_or_empty(key),
        trigger=_parse_trigger(trigger) or Trigger.COMMAND,
        result=known or AttemptResult.INTERNAL_ERROR,
        forced=bool(forced),
        calls=_int_or_none(calls) or 0,
        errcode=_int_or_none(errcode),
        errmsg=_text_or_empty(errmsg),
        rid=_text_or_empty(rid) or None,
        ip=_text_or_empty(ip) or None,
        took_ms=_int_or_none(took) or 0,
        fingerprint=_text_or_empty(print_),
        detail=_text_or_empty(detail) if known else _text_or_empty(result),
        endpoint=_text_or_empty(call),
        expires_at=float(expires_at) if isinstance(expires_at, float | int) else None,
    )
    return HistoryRow(_int_or_none(number) or 0, entry)


def _parse_trigger(value: object) -> Trigger | None:
    try:
        return Trigger(_text_or_empty(value))
    except ValueError:
        return None


def _parse_result(value: object) -> AttemptResult | None:
    try:
        return AttemptResult(_text_or_empty(value))
    except ValueError:
        return None


def _text_or_empty(value: object) -> str:
    return value if isinstance(value, str) else ""


def _int_or_none(value: object) -> int | None:
    return value if isinstance(value, int) else None


def filter_to_sql(history_filter: HistoryFilter) -> tuple[str, list[SqlValue]]:
    """The filter as a condition with its values."""
    conditions: list[tuple[str, SqlValue]] = []
    if history_filter.appid is not None:
        conditions.append(("appid = ?", history_filter.appid))
    if history_filter.key is not None:
        conditions.append(("key = ?", history_filter.key))
    if history_filter.trigger is not None:
        conditions.append(("trigger = ?", history_filter.trigger))
    if history_filter.errcode is not None:
        conditions.append(("errcode = ?", history_filter.errcode))
    if history_filter.since is not None:
        conditions.append(("at >= ?", history_filter.since))
    if history_filter.until is not None:
        conditions.append(("at <= ?", history_filter.until))
    if history_filter.text:
        conditions.append((r"errmsg LIKE ? ESCAPE '\'", f"%{_escape_like(history_filter.text)}%"))
    # an errmsg only ever comes with a refusal, and there are far fewer of those
    failures = ["good = 0"] if history_filter.only_failures or history_filter.text else []
    sql = " AND ".join([condition for condition, _ in conditions] + failures) or "1"
    return sql, [to_sql_value(value) for _, value in conditions]


def _escape_like(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def matches_filter(entry: HistoryEntry, history_filter: HistoryFilter) -> bool:
    """Whether the filter lets an entry through that is not in the database yet."""
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
