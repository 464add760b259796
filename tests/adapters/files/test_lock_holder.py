import os
import sqlite3
from pathlib import Path

import pytest

from guarddog_gui.adapters.files import lock_holder
from guarddog_gui.adapters.files.lock_holder import LockHolder, find_lock_holder
from tests.held_lock import held_database, held_file_lock

pytestmark = pytest.mark.only_on("linux")


def test_holder_of_a_lock_file(tmp_path: Path) -> None:
    lock_file = tmp_path / "wx1.lock"
    assert find_lock_holder(lock_file) is None
    with held_file_lock(lock_file) as pid:
        holder = find_lock_holder(tmp_path / "missing", lock_file)
        assert holder is not None
        assert (holder.pid, holder.program.startswith("python")) == (pid, True)
    assert find_lock_holder(lock_file) is None


@pytest.mark.parametrize("also_from_readers", [False, True])
def test_holder_of_a_database_in_wal_mode(tmp_path: Path, *, also_from_readers: bool) -> None:
    path = tmp_path / "history.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE attempt (id)")
    db.close()
    with held_database(path, also_from_readers=also_from_readers) as pid:
        holder = find_lock_holder(path, tmp_path / "history.sqlite3-shm")
        assert holder is not None
        assert holder.pid == pid


def test_own_locks_and_those_of_other_namespaces_name_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_file = tmp_path / "wx1.lock"
    lock_file.touch()
    inode = lock_file.stat().st_ino
    table = tmp_path / "locks"
    monkeypatch.setattr(lock_holder, "_LOCK_TABLE", table)
    lines = [
        f"1: FLOCK  ADVISORY  WRITE {os.getpid()} fe:00:{inode} 0 EOF",
        f"2: FLOCK  ADVISORY  WRITE -1 fe:00:{inode} 0 EOF",
        f"3: FLOCK  ADVISORY  READ 1 fe:00:{inode} 0 EOF",
        f"3: -> FLOCK  ADVISORY  WRITE 1 fe:00:{inode} 0 EOF",
        f"4: FLOCK  ADVISORY  WRITE none fe:00:{inode} 0 EOF",
        "damaged",
    ]
    table.write_text("\n".join(lines))
    assert find_lock_holder(lock_file) is None
    table.write_text("\n".join([*lines, f"5: FLOCK  ADVISORY  WRITE 4194999 ff:ff:{inode} 0 EOF"]))
    assert find_lock_holder(lock_file) == LockHolder(4194999)
    table.unlink()
    assert find_lock_holder(lock_file) is None
