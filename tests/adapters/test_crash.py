"""Kill writers with SIGKILL at random moments while another thread reads their files.

60 kills by default; set `KILLS=2000` in the environment for more.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.atomic import remove_stale_temp_files
from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.domain.tokens.record import TokenKind
from tests.adapters import crash_writer
from tests.adapters.crash_writer import ACCOUNT_COUNT, SHOP, make_value

pytestmark = pytest.mark.only_on("linux", "darwin")

KILLS_EACH = int(os.environ.get("KILLS", "60")) // 4
FOREIGN = b"# of the shop\r\nDEBUG=1\r\n"


class Writers:
    """Start and kill writers. `last` is the number that was written last for certain."""

    def __init__(self, home: Path, acknowledged: Path) -> None:
        self.acknowledged = acknowledged
        acknowledged.write_bytes(bytes(8))
        command = [sys.executable, "-m", crash_writer.__name__, str(acknowledged), str(home)]
        self.program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @property
    def last(self) -> int:
        return int.from_bytes(self.acknowledged.read_bytes(), "little")

    def write_and_die(self, kind: str, seconds: float) -> None:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        print(kind, self.last + 1, file=self.program.stdin, flush=True)
        pid = int(self.program.stdout.readline())
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while is_alive(pid):
            time.sleep(0.0005)

    def stop(self) -> None:
        self.program.communicate()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def writers(tmp_path: Path, home: Path) -> Iterator[Writers]:
    made = Writers(home, tmp_path / "acknowledged")
    yield made
    made.stop()


@contextmanager
def reading(check: Callable[[], int | None]) -> Iterator[list[str]]:
    """Call `check` in a thread during the block, and yield the list of its failures."""
    wrong: list[str] = []
    done = threading.Event()
    checked = 0

    def read() -> None:
        nonlocal checked
        while not done.is_set():
            try:
                check()
                checked += 1
            except AssertionError as error:
                wrong.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield wrong
    finally:
        done.set()
        reader.join()
    assert checked > KILLS_EACH


def kill_many(writers: Writers, kind: str, check: Callable[[], int | None]) -> None:
    """Kill many writers. `check` returns the number that it read, None before the first write."""
    chance = random.Random(kind)  # noqa: S311 - moments, not secrets
    writers.write_and_die(kind, 0.2)
    assert writers.last > 0
    with reading(check) as wrong:
        for _ in range(KILLS_EACH):
            writers.write_and_die(kind, chance.uniform(0.0, 0.04))
            read = check()
            assert read is not None
            assert read >= writers.last  # what was reported as written is there
    assert wrong == []
    assert writers.last > KILLS_EACH


def test_dog_file_is_never_torn_or_lost(writers: Writers, home: Path) -> None:
    dogs = AccountDogFiles(home / "dogs")

    def check() -> int:
        record = dogs.read(SHOP, TokenKind.ACCESS_TOKEN)
        assert record is not None
        number = int(record.value[:8])
        assert record.value == make_value(number)
        return number

    kill_many(writers, "dog", check)
    folder = Path(dogs.directory(SHOP))
    remove_stale_temp_files(folder, folder.stat().st_mtime + 2 * 3600)
    assert sorted(path.name for path in folder.iterdir()) == [".guarddog", "ACCESS_TOKEN.dog"]


def test_foreign_env_file_is_never_torn_and_keeps_its_lines(writers: Writers, home: Path) -> None:
    env = home / "shop" / ".env"
    env.parent.mkdir()
    env.write_bytes(FOREIGN)

    def check() -> int | None:
        text = env.read_bytes()
        assert text.startswith(FOREIGN)
        if text == FOREIGN:
            return None
        value = text.removeprefix(FOREIGN).decode().splitlines()[1].removeprefix("WECHAT_ACCESS_TOKEN=")
        number = int(value[:8])
        assert value == make_value(number)
        return number

    kill_many(writers, "env", check)
    remove_stale_temp_files(env.parent, env.stat().st_mtime + 2 * 3600)
    assert [path.name for path in env.parent.iterdir()] == [".env"]


def test_no_account_is_ever_lost(writers: Writers, home: Path) -> None:
    accounts = AccountsFile(home / "accounts.json")

    def check() -> int:
        known = accounts.load()
        assert len(known) == ACCOUNT_COUNT
        assert len({account.name for account in known}) == 1
        return int(known[0].name)

    kill_many(writers, "accounts", check)
    assert accounts.damaged_backup is None


def test_settings_are_never_damaged(writers: Writers, home: Path) -> None:
    settings = SettingsFile(home / "settings.json")

    def check() -> int:
        known = settings.load()
        assert known.language == "zh_CN"
        assert known.close_hint_shown
        return 2**60  # a setting has no room for the number

    kill_many(writers, "settings", check)
    assert (settings.damaged_backup, settings.load_error) == (None, None)


def test_history_is_never_damaged_and_keeps_all_appended_entries(writers: Writers, home: Path) -> None:
    history = SqliteHistoryStore(home / "history.sqlite3", lambda: 0.0)

    def check() -> int | None:
        newest = history.latest("wx1", "ACCESS_TOKEN", 1)
        if not newest:
            return None
        number = int(newest[0].errmsg[:8])
        assert newest[0].errmsg == make_value(number)
        return number

    kill_many(writers, "history", check)
    assert (history.quarantined_path, history.write_error) == (None, None)
    assert history.count(HistoryFilter()) >= writers.last
    history.close()
    db = sqlite3.connect(home / "history.sqlite3")
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
