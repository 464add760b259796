import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.history import queries
from guarddog_gui.adapters.history.store import BUFFER_MAX, SqliteHistoryStore
from guarddog_gui.domain.refresh.history import (
    AttemptResult,
    CallCount,
    HistoryEntry,
    HistoryFilter,
    HistoryRow,
    Trigger,
)
from tests.adapters.history.history_entries import ALL, DAY, NOW, entry, everything
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")

FULL = HistoryEntry(
    at=NOW,
    appid="wx1",
    key="ACCESS_TOKEN",
    trigger=Trigger.USER,
    result=AttemptResult.REFUSED,
    forced=True,
    calls=2,
    errcode=40001,
    errmsg="invalid credential 100% sure",
    rid="6512c7d1-1a2b3c4d-5e6f7a8b",
    ip="203.0.113.7",
    took_ms=123,
    fingerprint="90_a…7Qz4 (136)",
    detail="a word",
    endpoint="token",
)

WRITER = """
import sys
from pathlib import Path
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import HistoryEntry, AttemptResult, Trigger
history = SqliteHistoryStore(Path(sys.argv[1]), lambda: 0.0)
for n in range(200):
    history.append(HistoryEntry(1.7e9 + n, sys.argv[2], "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1))
print(history.buffered_count, history.write_error, history.quarantined_path)
history.close()
"""


def entries(rows: tuple[HistoryRow, ...]) -> list[HistoryEntry]:
    return [row.entry for row in rows]


def test_reading_creates_no_file(history: SqliteHistoryStore, path: Path) -> None:
    assert history.read_page(ALL, None, 10) == ()
    assert history.latest("wx1", "ACCESS_TOKEN", 5) == ()
    assert history.count_calls("wx1", 0) == CallCount()
    assert history.count(ALL) == 0
    history.trim(NOW)
    history.flush()
    assert not path.parent.exists()
    assert history.write_error is None


def test_entry_is_read_back_unchanged(history: SqliteHistoryStore, path: Path) -> None:
    history.append(FULL)
    history.append(entry())
    assert SqliteHistoryStore(path, lambda: NOW).latest("wx1", "ACCESS_TOKEN", 5) == (FULL, entry())
    assert history.buffered_count == 0


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_all_files_are_private_whatever_the_umask(history: SqliteHistoryStore, path: Path, bits: int) -> None:
    with set_umask(bits):
        history.append(entry())
        assert len(list(path.parent.iterdir())) == 3  # with -wal and -shm
        assert {permission_bits(file) for file in path.parent.iterdir()} == {0o600}
        assert permission_bits(path.parent) == 0o700


def test_entries_of_one_value_are_found_on_disk_and_in_memory() -> None:
    value = "91_a…7Qz4 (136)"
    about_value = [entry(NOW + n, fingerprint=value) for n in range(3)]
    others = [
        replace(about_value[0], key="JSAPI_TICKET"),
        replace(about_value[0], appid="wx2"),
        entry(fingerprint="90_a…"),
    ]
    with unprivileged_folder() as folder:
        history = SqliteHistoryStore(folder / "history.sqlite3", lambda: NOW)
        for made in (replace(about_value[0], at=NOW - 9), about_value[0], *others, about_value[1]):
            history.append(made)
        history.close()
        with read_only_folder(folder):
            history.append(about_value[2])

            assert history.buffered_count == 1
            assert history.entries_of_value("wx1", "ACCESS_TOKEN", value, NOW) == tuple(about_value)
            assert history.entries_of_value("wx1", "ACCESS_TOKEN", "none", NOW) == ()


# -- what the disk does ---------------------------------------------------------------------------


@POSIX
def test_entries_refused_by_the_disk_are_counted_shown_and_written_later() -> None:
    with unprivileged_folder() as folder:
        path = folder / "history.sqlite3"
        history = SqliteHistoryStore(path, lambda: NOW)
        with read_only_folder(folder):
            for n in range(3):
                history.append(entry(NOW + n, forced=n == 2))
            assert (history.buffered_count, str(history.write_error)) == (3, f"{path}: permission denied")
            assert history.count_calls("wx1", NOW) == CallCount(2, 1, NOW + 2, (("ACCESS_TOKEN", 3),))
            assert [made.at for made in everything(history)] == [NOW + 2, NOW + 1, NOW]
            assert history.latest("wx1", "ACCESS_TOKEN", 1) == (entry(NOW + 2, forced=True),)
        history.append(entry(NOW + 3))
        assert (history.buffered_count, history.write_error) == (0, None)
        history.close()
        assert SqliteHistoryStore(path, lambda: NOW).count(ALL) == 4


@POSIX
def test_read_only_folder_is_read_and_new_entries_stay_in_memory() -> None:
    with unprivileged_folder() as folder:
        path = folder / "history.sqlite3"
        fill(path, 3)
        history = SqliteHistoryStore(path, lambda: NOW)
        with read_only_folder(folder):
            assert history.count(ALL) == 3
            assert history.write_error is None
            history.append(entry(NOW + 3))
            assert [made.at for made in everything(history)] == [NOW + n for n in (3, 2, 1, 0)]
            assert history.buffered_count == 1
        other = SqliteHistoryStore(path, lambda: NOW)
        other.append(entry(NOW + 4))
        assert history.count(ALL) == 5
        history.flush()
        assert (history.buffered_count, other.count(ALL)) == (0, 5)


@pytest.mark.only_on("linux")
def test_full_disk_is_named_whatever_sqlite_reports(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = SqliteHistoryStore(path, lambda: NOW)
    history.append(entry(NOW))
    history.close()
    path.with_name(f"{path.name}-wal").mkdir()  # what SQLite needs beside the database cannot be made
    history.append(entry(NOW + 1))
    assert str(history.write_error) == f"{path}: it cannot be opened"

    monkeypatch.setattr("guarddog_gui.adapters.history.database.FREE_SPACE_MIN", 2**62)
    history.append(entry(NOW + 2))
    assert str(history.write_error) == f"{path}: the disk is full"


def test_memory_keeps_the_newest_thousand_entries(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = SqliteHistoryStore(tmp_path / "file" / "history.sqlite3", lambda: NOW)
    for n in range(BUFFER_MAX + 5):
        history.append(entry(NOW + n))
    assert history.buffered_count == BUFFER_MAX
    assert history.latest("wx1", "ACCESS_TOKEN", BUFFER_MAX)[0].at == NOW + 5
    assert "a file is in the place of" in str(history.write_error)


def test_entry_stays_in_memory_while_another_process_writes(
    history: SqliteHistoryStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.adapters.history.database.BUSY_TIMEOUT_S", 0.05)
    history.append(entry(NOW))
    history.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    history.append(entry(NOW + 1))
    assert (history.buffered_count, str(history.write_error)) == (1, f"{path}: another program is writing it")
    assert [made.at for made in everything(history)] == [NOW + 1, NOW]
    other.execute("COMMIT")
    other.close()
    history.flush()
    assert (history.buffered_count, history.write_error, len(everything(history))) == (0, None, 2)


def test_concurrent_threads_neither_lose_nor_duplicate_entries(history: SqliteHistoryStore) -> None:
    wrong: list[int] = []
    done = threading.Event()

    def append(name: str) -> None:
        for n in range(100):
            history.append(entry(NOW + n, appid=name))

    def read() -> None:
        before = 0
        while not done.is_set():
            shown = [(made.appid, made.at) for made in entries(history.read_page(ALL, None, 1000))]
            if len(shown) != len(set(shown)) or len(shown) < before:
                wrong.append(len(shown))
            before = len(shown)

    writers = [threading.Thread(target=append, args=(f"wx{n}",)) for n in range(4)]
    reader = threading.Thread(target=read)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert wrong == []
    assert history.count(ALL) == 400
    assert (history.buffered_count, history.write_error) == (0, None)


def test_page_requested_during_the_first_write_is_not_empty(history: SqliteHistoryStore) -> None:
    shown: list[tuple[HistoryRow, ...]] = []
    reader = threading.Thread(target=lambda: shown.append(history.read_page(ALL, None, 10)))
    with history._database.commit_lock:  # the reader gets as far as it can while there is no database
        reader.start()
        reader.join(0.1)
        history.append(entry())
    reader.join()
    assert [len(rows) for rows in shown] == [1]


def test_processes_that_start_and_append_together_lose_nothing(history: SqliteHistoryStore, path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    programs = [subprocess.Popen([*command, f"wx{n}"], stdout=subprocess.PIPE, text=True) for n in range(3)]
    for n in range(100):
        history.append(entry(NOW + n, appid="ours"))
    assert [program.communicate()[0] for program in programs] == ["0 None None\n"] * 3
    history.flush()
    assert history.count(ALL) == 700
    assert history.buffered_count == 0


# -- damage ---------------------------------------------------------------------------------------


def fill(path: Path, rows: int) -> None:
    history = SqliteHistoryStore(path, lambda: NOW)
    for n in range(rows):
        history.append(entry(NOW + n, errmsg="some text to fill pages " * 10))
    history.close()


def tear(path: Path) -> None:
    """Overwrite everything after the first page, as a failing disk may."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


@pytest.mark.parametrize("content", [b"garbage " * 1000, b"SQLite format 3\0" + b"\xff" * 5000, b"x" * 600])
def test_file_that_is_no_database_is_moved_aside_and_replaced(
    history: SqliteHistoryStore, path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    history.append(entry())
    assert history.quarantined_path is not None
    assert history.quarantined_path.name.startswith("history.sqlite3.damaged-")
    assert history.quarantined_path.read_bytes() == content
    assert (everything(history), history.buffered_count, history.write_error) == ([entry()], 0, None)


def test_damage_is_found_by_readers_too(history: SqliteHistoryStore, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"garbage " * 1000)
    assert history.read_page(ALL, None, 10) == ()
    assert history.quarantined_path is not None
    assert not path.exists()


def test_damaged_pages_found_while_reading_are_moved_aside(history: SqliteHistoryStore, path: Path) -> None:
    fill(path, 100)
    tear(path)
    assert history.read_page(ALL, None, 100) == ()
    history.append(entry())
    assert history.quarantined_path is not None
    assert everything(history) == [entry()]


def test_damaged_pages_found_in_use_lose_no_new_entry(path: Path) -> None:
    fill(path, 300)
    history = SqliteHistoryStore(path, lambda: NOW)
    history.append(entry(NOW + 500))
    history._database.close()
    tear(path)
    for n in range(501, 505):
        history.append(entry(NOW + n))
    assert history.quarantined_path is not None
    assert {made.at for made in everything(history)} >= {NOW + n for n in range(502, 505)}
    assert history.buffered_count == 0
    history.close()


def test_two_users_move_a_damaged_database_aside_only_once(path: Path) -> None:
    fill(path, 100)
    first, second = SqliteHistoryStore(path, lambda: NOW), SqliteHistoryStore(path, lambda: NOW)
    assert first.count(ALL) == second.count(ALL) == 100
    first._database.close()
    second._database.close()
    tear(path)
    for n in range(10):
        first.append(entry(NOW + n, appid="first"))
        second.append(entry(NOW + n, appid="second"))
    assert len([file for file in path.parent.iterdir() if file.name.endswith("-wal")]) >= 1
    assert first.count(ALL) == second.count(ALL) == 20
    assert [first.quarantined_path, second.quarantined_path].count(None) == 1
    second.close()
    first.append(entry(NOW + 11))
    first.close()
    assert SqliteHistoryStore(path, lambda: NOW).count(ALL) == 21


@POSIX
def test_database_moved_aside_by_another_process_is_reopened(history: SqliteHistoryStore, path: Path) -> None:
    history.append(entry(NOW))
    assert history.count(ALL) == 1
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).rename(path.with_name(f"aside{ending}"))
    other = SqliteHistoryStore(path, lambda: NOW)
    other.append(entry(NOW + 1))
    history.append(entry(NOW + 2))
    assert history.count(ALL) == other.count(ALL) == 2
    history.close()
    other.append(entry(NOW + 3))
    other.close()
    assert [made.at for made in everything(SqliteHistoryStore(path, lambda: NOW))] == [NOW + 3, NOW + 2, NOW + 1]


@POSIX
def test_removed_database_is_created_again(history: SqliteHistoryStore, path: Path) -> None:
    history.append(entry(NOW))
    path.unlink()
    assert history.count(ALL) == 0
    history.append(entry(NOW + 1))
    assert everything(history) == [entry(NOW + 1)]
    assert history.quarantined_path is None


def test_foreign_database_is_moved_aside_unchanged(history: SqliteHistoryStore, path: Path) -> None:
    path.parent.mkdir()
    for pragma in ("user_version = 0", "user_version = 1"):
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE theirs (id)")
        db.execute(f"PRAGMA {pragma}")
        db.commit()
        db.close()
        history.append(entry())
        assert history.quarantined_path is not None
        aside = sqlite3.connect(history.quarantined_path)
        assert aside.execute("SELECT count(*) FROM theirs").fetchone() == (0,)
        aside.close()
        history.close()
        path.unlink()


def test_newer_database_is_not_changed_and_entries_stay_in_memory(history: SqliteHistoryStore, path: Path) -> None:
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE future (id)")
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()
    before = path.read_bytes()
    history.append(entry())
    assert everything(history) == [entry()]
    assert (history.buffered_count, str(history.write_error)) == (1, f"{path}: written by a newer Guard Dog")
    history.close()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@POSIX
def test_link_in_its_place_is_moved_aside_and_not_followed(history: SqliteHistoryStore, path: Path) -> None:
    path.parent.mkdir()
    theirs = path.parent / "theirs.sqlite3"
    theirs.touch()
    path.symlink_to(theirs)
    history.append(entry())
    assert theirs.read_bytes() == b""
    assert (history.quarantined_path is not None, path.is_symlink(), history.buffered_count) == (True, False, 0)


def test_folder_in_its_place_is_moved_aside(history: SqliteHistoryStore, path: Path) -> None:
    path.mkdir(parents=True)
    history.append(entry())
    assert (history.quarantined_path is not None, path.is_file(), history.buffered_count) == (True, True, 0)


@POSIX
def test_damage_in_a_read_only_folder_keeps_entries_in_memory() -> None:
    with unprivileged_folder() as folder:
        path = folder / "history.sqlite3"
        path.write_bytes(b"garbage " * 1000)
        history = SqliteHistoryStore(path, lambda: NOW)
        with read_only_folder(folder):
            history.append(entry())
        assert (history.buffered_count, history.quarantined_path) == (1, None)
        assert "it is damaged and cannot be moved aside" in str(history.write_error)
        assert everything(history) == [entry()]


# -- trimming -------------------------------------------------------------------------------------


def test_trim_keeps_half_a_year_and_the_last_success_of_each_key(history: SqliteHistoryStore) -> None:
    old = NOW - 181 * DAY
    lonely = entry(old, appid="wx2")
    last_ticket = entry(old + 5, AttemptResult.SAME, key="JSAPI_TICKET")
    kept = [entry(NOW - 179 * DAY), lonely, last_ticket]
    gone = [entry(old), entry(old, AttemptResult.NO_ANSWER, appid="wx2"), entry(old, key="JSAPI_TICKET")]
    for made in (gone[0], lonely, *gone[1:], last_ticket, kept[0]):
        history.append(made)
    history.trim(NOW)
    assert sorted(everything(history), key=repr) == sorted(kept, key=repr)
    history.trim(NOW)
    assert history.count(ALL) == 3


def test_trim_removes_the_oldest_rows_above_the_limit(path: Path) -> None:
    history = SqliteHistoryStore(path, lambda: NOW, rows_max=1000)
    history.append(entry(NOW, appid="quiet"))
    db = sqlite3.connect(path)
    queries.insert(db, [entry(NOW + n) for n in range(2600)])
    db.commit()
    db.close()
    history.trim(NOW + 2600)
    assert history.count(ALL) == 1000
    assert history.latest("quiet", "ACCESS_TOKEN", 1) == (entry(NOW, appid="quiet"),)
    assert [row.entry.at for row in history.read_page(HistoryFilter(appid="wx1"), None, 2000)] == [
        NOW + n for n in range(2599, 1600, -1)
    ]
    history.close()
