"""The table of the history: its schema, its rows as entries, and filters as SQL."""

from dataclasses import astuple
from sqlite3 import Connection

from guarddog_gui.domain.refresh.history import Entry, HistoryFilter, HistoryRow, Result, Trigger

VERSION = 1
COLUMNS = (
    "at, appid, key, trigger, result, forced, calls, errcode, errmsg, rid, ip, took_ms, fingerprint, detail, "
    "endpoint, expires_at"
)  # the fields of Entry, in their order
INSERT = f"INSERT INTO attempt ({COLUMNS}, good) VALUES (?{', ?' * 16})"  # noqa: S608 - constants only

# Pages are sorted by (at, id). Every filter of the window has an index in that order, so that a page
# costs the same however long the history is. SQLite appends the id to every index by itself, which
# makes the last one "the newest of one key, in the order of their coming".
SCHEMA = (
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
    f"PRAGMA user_version = {VERSION}",
)

_INT_MAX = 2**63 - 1

Value = str | float | int | None


def create_schema(db: Connection) -> None:
    """Make the table unless another program was quicker. Raises sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")
    if version_of(db) == 0:
        for statement in SCHEMA:
            db.execute(statement)
    db.execute("COMMIT")


def version_of(db: Connection) -> int:
    """The schema's version; 0 for an empty database. Raises sqlite3.Error."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_somebody_elses(db: Connection) -> bool:
    """Whether it has tables and never was ours. Raises sqlite3.Error."""
    # one statement: between two of them another program may make our table
    version, tables = db.execute(
        "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    ).fetchone()
    return bool(version == 0 and tables > 0)


def values_of(entry: Entry) -> tuple[Value, ...]:
    """The values for INSERT, in a form that SQLite can store."""
    return (*map(storable, astuple(entry)), int(entry.is_good))


def storable(value: Value) -> Value:
    """Half characters spelled out and numbers kept within 64 bits: SQLite refuses them otherwise."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, int):
        return max(-_INT_MAX, min(value, _INT_MAX))
    return value


def row_of(values: tuple[object, ...]) -> HistoryRow:
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
    known = _result(result)
    entry = Entry(
        at=float(at) if isinstance(at, float | int) else 0.0,
        appid=_text(appid),
        key=_text(key),
        trigger=_trigger(trigger) or Trigger.COMMAND,
        result=known or Result.BUG,
        forced=bool(forced),
        calls=_whole(calls) or 0,
        errcode=_whole(errcode),
        errmsg=_text(errmsg),
        rid=_text(rid) or None,
        ip=_text(ip) or None,
        took_ms=_whole(took) or 0,
        fingerprint=_text(print_),
        detail=_text(detail) if known else _text(result),
        endpoint=_text(call),
        expires_at=float(expires_at) if isinstance(expires_at, float | int) else None,
    )
    return HistoryRow(_whole(number) or 0, entry)


def _trigger(value: object) -> Trigger | None:
    try:
        return Trigger(_text(value))
    except ValueError:
        return None


def _result(value: object) -> Result | None:
    try:
        return Result(_text(value))
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def where(chosen: HistoryFilter) -> tuple[str, list[Value]]:
    """The filter as a condition with its values."""
    conditions: list[tuple[str, Value]] = []
    if chosen.appid is not None:
        conditions.append(("appid = ?", chosen.appid))
    if chosen.key is not None:
        conditions.append(("key = ?", chosen.key))
    if chosen.trigger is not None:
        conditions.append(("trigger = ?", chosen.trigger))
    if chosen.errcode is not None:
        conditions.append(("errcode = ?", chosen.errcode))
    if chosen.since is not None:
        conditions.append(("at >= ?", chosen.since))
    if chosen.until is not None:
        conditions.append(("at <= ?", chosen.until))
    if chosen.text:
        conditions.append((r"errmsg LIKE ? ESCAPE '\'", f"%{_like(chosen.text)}%"))
    # an errmsg only ever comes with a refusal, and there are far fewer of those
    failures = ["good = 0"] if chosen.only_failures or chosen.text else []
    sql = " AND ".join([condition for condition, _ in conditions] + failures) or "1"
    return sql, [storable(value) for _, value in conditions]


def _like(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def matches(entry: Entry, chosen: HistoryFilter) -> bool:
    """Whether the filter lets an entry through that is not in the database yet."""
    return (
        chosen.appid in (None, entry.appid)
        and chosen.key in (None, entry.key)
        and chosen.trigger in (None, entry.trigger)
        and chosen.errcode in (None, entry.errcode)
        and (chosen.since is None or entry.at >= chosen.since)
        and (chosen.until is None or entry.at <= chosen.until)
        and not (entry.is_good and (chosen.only_failures or chosen.text))
        and chosen.text.lower() in entry.errmsg.lower()
    )
