"""The lock of a whole process: it ends with the process, whatever is left of its file."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.process_lock import ProcessLock
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

HOLDER = """
import sys, time
from pathlib import Path
from guarddog_gui.adapters.files.process_lock import ProcessLock
lock = ProcessLock(Path(sys.argv[1]))
print(lock.try_acquire(), flush=True)
time.sleep(60)
"""


def start_holder(path: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    return holder


def test_only_one_process_gets_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with start_holder(path) as holder:
        assert not ProcessLock(path).try_acquire()
        holder.kill()
    assert path.exists()
    lock = ProcessLock(path)
    assert lock.try_acquire()
    lock.release()


def test_a_released_lock_is_free(tmp_path: Path) -> None:
    first, second = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock")
    assert first.try_acquire()
    assert not second.try_acquire()
    first.release()
    first.release()
    assert second.try_acquire()
    second.release()


@pytest.mark.only_on("linux")
def test_a_file_that_others_could_open_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    path.chmod(0o666)
    lock = ProcessLock(path)
    assert lock.try_acquire()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lock.release()


@pytest.mark.only_on("linux")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept")
    (tmp_path / "lock").symlink_to(target)
    with pytest.raises(FileError) as error:
        ProcessLock(tmp_path / "lock").try_acquire()
    assert error.value.reason == FileErrorReason.IS_A_LINK
    assert target.read_text() == "kept"


def test_a_missing_folder_is_an_error_and_leaves_no_descriptor_open(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        ProcessLock(tmp_path / "absent" / "lock").try_acquire()
    lock = ProcessLock(tmp_path / "lock")
    assert lock.try_acquire()
    lock.release()
    os.remove(tmp_path / "lock")  # noqa: PTH107 - nothing holds it open, which Windows would refuse
