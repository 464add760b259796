import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.lock import AccountLockFiles
from guarddog_gui.domain.errors import FileError, LockBusy
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")
APPID = "wx00000000000000a1"

HOLDER = """
import sys, time
from pathlib import Path
from guarddog_gui.adapters.files.lock import AccountLockFiles
with AccountLockFiles(Path(sys.argv[1])).acquire(sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""

COUNTER = """
import sys
from pathlib import Path
from guarddog_gui.adapters.files.lock import AccountLockFiles
folder, number = Path(sys.argv[1]), Path(sys.argv[1]) / "number"
for _ in range(50):
    with AccountLockFiles(folder).acquire("wx1"):
        number.write_text(str(int(number.read_text()) + 1))
"""


def start_holder(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(folder), APPID]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_another_thread_has_to_wait(tmp_path: Path) -> None:
    locks = AccountLockFiles(tmp_path, timeout_s=0.1)
    refused: list[LockBusy] = []

    def want() -> None:
        try:
            with locks.acquire(APPID):
                pass
        except LockBusy as busy:
            refused.append(busy)

    with locks.acquire(APPID):
        thread = threading.Thread(target=want)
        thread.start()
        thread.join()
    assert str(refused[0]) == APPID
    want()
    assert len(refused) == 1  # after the holder has let go there is nothing in the way


def test_only_one_thread_holds_the_lock(tmp_path: Path) -> None:
    locks = AccountLockFiles(tmp_path)
    inside: list[int] = []
    crowds: list[int] = []

    def work() -> None:
        for _ in range(20):
            with locks.acquire(APPID):
                inside.append(1)
                crowds.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crowds == [1] * 80


def test_only_one_process_holds_the_lock(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("0")
    command = [sys.executable, "-c", COUNTER, str(tmp_path)]
    programs = [subprocess.Popen(command) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert (tmp_path / "number").read_text() == "150"


def test_another_account_does_not_wait(tmp_path: Path) -> None:
    locks = AccountLockFiles(tmp_path, timeout_s=0)
    with locks.acquire("wx1"), locks.acquire("wx2"):
        pass


def test_lock_busy_after_timeout(tmp_path: Path) -> None:
    with start_holder(tmp_path) as holder:
        begun = time.monotonic()
        with pytest.raises(LockBusy), AccountLockFiles(tmp_path, timeout_s=0.2).acquire(APPID):
            pass
        assert time.monotonic() - begun >= 0.2
        assert holder.stdin is not None
        holder.stdin.close()
        with AccountLockFiles(tmp_path, timeout_s=10).acquire(APPID):
            pass


@POSIX
def test_lock_of_a_killed_process_is_released(tmp_path: Path) -> None:
    with start_holder(tmp_path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        with AccountLockFiles(tmp_path, timeout_s=5).acquire(APPID):
            pass


def test_exception_in_the_block_releases_the_lock(tmp_path: Path) -> None:
    locks = AccountLockFiles(tmp_path, timeout_s=0)
    with pytest.raises(OSError, match="the body's own"), locks.acquire(APPID):
        raise OSError("the body's own")
    with locks.acquire(APPID):
        pass


@POSIX
def test_lock_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    with set_umask(0), AccountLockFiles(tmp_path / "locks").acquire(APPID):
        pass
    assert permission_bits(tmp_path / "locks") == 0o700
    assert permission_bits(tmp_path / "locks" / f"{APPID}.lock") == 0o600


@POSIX
@pytest.mark.parametrize("below", [".", "locks"])
def test_lock_that_cannot_be_created_is_a_file_error(below: str) -> None:
    with (
        unprivileged_folder() as folder,
        read_only_folder(folder),
        pytest.raises(FileError, match="permission denied"),
        AccountLockFiles(folder / below).acquire(APPID),
    ):
        pass


def test_folder_in_place_of_the_lock_file_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / f"{APPID}.lock").mkdir()
    with pytest.raises(FileError), AccountLockFiles(tmp_path).acquire(APPID):
        pass


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)

    with pytest.raises(FileError, match="the file system has no locks"), AccountLockFiles(tmp_path).acquire("wx1"):
        pass
