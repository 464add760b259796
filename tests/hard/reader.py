"""Program that reads all files of a home again and again until its stdin ends, and prints what was wrong.

The first argument is the home, the others are the appids that must always be in the list of accounts.
"""

from __future__ import annotations

import json
import select
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

WRONG_MAX = 20
PAUSE_S = 0.001


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def check_dog(path: Path) -> None:
    assert len(read_json(path)["data"]) > 20


def check_accounts(path: Path, appids: list[str]) -> None:
    listed = {account["appid"] for account in read_json(path)["accounts"]}
    assert listed.issuperset(appids), f"lost {set(appids) - listed}"


def check_history(path: Path, least: int) -> int:
    """Return the number of rows; rows that were seen are never lost."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        (count,) = database.execute("SELECT count(*) FROM attempt").fetchone()
    finally:
        database.close()
    assert count >= least, f"{least - count} rows lost"
    return int(count)


def main(home: Path, appids: list[str]) -> None:
    dogs = [file for appid in appids for file in (home / "data" / "dogs" / appid).glob("*.dog")]
    reads, rows = 0, 0
    wrong: list[str] = []
    unreadable: list[str] = []
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        checks: list[Any] = [lambda file=file: check_dog(file) for file in dogs]
        checks.append(lambda: check_accounts(home / "config" / "accounts.json", appids))
        checks.append(lambda: read_json(home / "config" / "settings.json"))
        for check in checks:
            reads += 1
            try:
                check()
            except Exception as error:  # noqa: BLE001 - every kind is reported
                wrong.append(repr(error))
        reads += 1
        try:
            rows = check_history(home / "data" / "history.sqlite3", rows)
        except sqlite3.OperationalError as error:  # locked, or its companion files cannot be created
            unreadable.append(repr(error))
            time.sleep(0.01)
        except Exception as error:  # noqa: BLE001
            wrong.append(repr(error))
            time.sleep(0.01)
    sys.stdout.write(
        json.dumps({"reads": reads, "wrong": wrong[:WRONG_MAX], "unreadable": unreadable[:WRONG_MAX], "rows": rows})
        + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
