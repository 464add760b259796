import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.adapters.files import atomic
from guarddog_gui.adapters.files.atomic import (
    atomic_write,
    backup_damaged,
    is_temp_file_of,
    quarantine,
    read_file,
    remove_stale_temp_files,
    write_named_file,
)
from guarddog_gui.domain.errors import FileError
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")
HOUR = 3600.0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_file_is_created_and_replaced_without_leftovers(tmp_path: Path) -> None:
    path = tmp_path / "a.dog"
    for data in (b"first", b"", b"second" * 100_000):
        atomic_write(path, data, verify=True)
        assert path.read_bytes() == data
    assert names(tmp_path) == ["a.dog"]


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077, 0o777])
def test_file_is_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "a.dog"
    path.touch(mode=0o666)
    with set_umask(bits):
        atomic_write(path, b"x")
    assert permission_bits(path) == 0o600


@POSIX
@pytest.mark.parametrize("bits", [0o600, 0o640, 0o664])
def test_mode_and_group_of_another_file_can_be_kept(tmp_path: Path, bits: int) -> None:
    path = tmp_path / ".env"
    path.touch()
    path.chmod(bits)
    group = max((os.getgid(), *os.getgroups()))
    os.chown(path, -1, group)
    with set_umask(0o077):
        atomic_write(path, b"x", metadata_from=path.stat())
    assert (permission_bits(path), path.stat().st_gid, path.read_bytes()) == (bits, group, b"x")


@POSIX
def test_symbolic_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"foreign")
    path = tmp_path / "a.dog"
    path.symlink_to(theirs)
    atomic_write(path, b"ours")
    assert (path.is_symlink(), path.read_bytes(), theirs.read_bytes()) == (False, b"ours", b"foreign")


@POSIX
def test_symbolic_link_at_the_temporary_path_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"foreign")
    (tmp_path / f".a.dog.{os.getpid()}-0.tmp").symlink_to(theirs)
    atomic_write(tmp_path / "a.dog", b"ours")
    assert theirs.read_bytes() == b"foreign"


def test_missing_folder_is_a_file_error_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        atomic_write(tmp_path / "no" / "a.dog", b"x")
    assert (caught.value.path, caught.value.reason) == (str(tmp_path / "no" / "a.dog"), "no such file or folder")


def test_folder_in_place_of_the_file_is_an_error_without_leftovers(tmp_path: Path) -> None:
    (tmp_path / "a.dog").mkdir()
    with pytest.raises(FileError):
        atomic_write(tmp_path / "a.dog", b"x")
    assert names(tmp_path) == ["a.dog"]


@POSIX
def test_read_only_folder_keeps_the_old_file_and_no_leftovers() -> None:
    with unprivileged_folder() as folder:
        atomic_write(folder / "a.dog", b"old")
        with read_only_folder(folder), pytest.raises(FileError, match="permission denied"):
            atomic_write(folder / "a.dog", b"new")
        assert (folder / "a.dog").read_bytes() == b"old"
        assert names(folder) == ["a.dog"]


def test_verification_failure_is_a_file_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dog"
    move = Path.replace

    def move_and_lose(self: Path, target: Path) -> Path:  # a file system that says yes and keeps nothing
        moved = move(self, target)
        moved.write_bytes(b"")
        return moved

    monkeypatch.setattr(Path, "replace", move_and_lose)
    with pytest.raises(FileError, match="did not keep what was written"):
        atomic_write(path, b"new", verify=True)


def test_failed_write_keeps_the_old_file_and_no_leftovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dog"
    atomic_write(path, b"old")

    def interrupted(_fd: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(path, b"new")
    assert (names(tmp_path), path.read_bytes()) == (["a.dog"], b"old")


def test_no_reader_sees_a_partly_written_file(tmp_path: Path) -> None:
    path = tmp_path / "a.dog"
    atomic_write(path, b"0" * 5000)
    done = threading.Event()

    def write(letter: bytes) -> None:
        while not done.is_set():
            atomic_write(path, letter * 5000)

    threads = [threading.Thread(target=write, args=(bytes([48 + n]),)) for n in range(4)]
    for thread in threads:
        thread.start()
    contents = {path.read_bytes() for _ in range(500)}
    done.set()
    for thread in threads:
        thread.join()
    assert all(len(set(data)) == 1 and len(data) == 5000 for data in contents)
    assert names(tmp_path) == ["a.dog"]


# -- reading --------------------------------------------------------------------------------------


def test_missing_file_reads_as_none_and_empty_file_as_empty(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert read_file(tmp_path / "absent", 10, follow_symlinks=False) is None
    assert read_file(tmp_path / "empty", 10, follow_symlinks=False) == b""


def test_file_may_have_the_maximum_size_and_not_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_file(path, 10, follow_symlinks=False) == b"x" * 10
    with pytest.raises(FileError, match="larger than 9 bytes"):
        read_file(path, 9, follow_symlinks=False)


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_device_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


@POSIX
@pytest.mark.parametrize("make", [make_fifo, make_device_link, Path.mkdir])
def test_reading_anything_but_a_file_fails_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "thing")
    for follow in (False, True):
        with pytest.raises(FileError):
            read_file(tmp_path / "thing", 10, follow_symlinks=follow)


@POSIX
def test_symbolic_link_is_read_only_if_requested(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_file(tmp_path / "link", 10, follow_symlinks=True) == b"x"
    with pytest.raises(FileError, match="a symbolic link is in its place"):
        read_file(tmp_path / "link", 10, follow_symlinks=False)


# -- damaged files --------------------------------------------------------------------------------

NOON = 1_700_000_000.0


def test_damaged_files_get_free_names(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    asides = []
    for content in (b"one", b"two", b"three"):
        path.write_bytes(content)
        asides.append(quarantine(path, NOON))
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(NOON))
    assert [a.name for a in asides] == [f"a.json.damaged-{stamp}{n}" for n in ("", "-2", "-3")]
    assert [a.read_bytes() for a in asides] == [b"one", b"two", b"three"]
    assert not path.exists()


def test_companions_of_a_damaged_file_move_along(tmp_path: Path) -> None:
    for ending in ("", "-wal"):
        (tmp_path / f"h.sqlite3{ending}").write_text(f"content{ending}")
    aside = quarantine(tmp_path / "h.sqlite3", NOON, ("-wal", "-shm"))
    assert names(tmp_path) == [aside.name, f"{aside.name}-wal"]


def test_folder_and_symbolic_link_can_be_moved_aside(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "kept").touch()
    aside = quarantine(tmp_path / "a", NOON)
    assert (aside / "kept").exists()
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    assert quarantine(tmp_path / "a", NOON).is_symlink()


def test_missing_damaged_file_is_an_error_without_leftovers(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        quarantine(tmp_path / "absent", NOON)
    assert names(tmp_path) == []


def test_backup_keeps_the_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"half")
    aside = backup_damaged(path, b"half", NOON)
    assert aside.name.startswith("a.json.damaged-")
    assert aside.read_bytes() == path.read_bytes() == b"half"


# -- left-overs -----------------------------------------------------------------------------------


def test_only_own_old_temporary_files_are_removed(tmp_path: Path) -> None:
    left = [f".a.dog.{os.getpid()}-0.tmp", ".theirs.tmp", "a.dog", f".a.dog.{os.getppid()}-1.tmp"]
    for name in left:
        (tmp_path / name).touch()
    modified = (tmp_path / left[0]).stat().st_mtime
    remove_stale_temp_files(tmp_path, modified + HOUR / 2)
    assert names(tmp_path) == sorted(left)
    remove_stale_temp_files(tmp_path, modified + HOUR * 2)
    assert names(tmp_path) == [".theirs.tmp", "a.dog"]
    remove_stale_temp_files(tmp_path / "absent", modified)


@pytest.mark.only_on("linux", "darwin")
def test_a_temporary_file_of_a_process_that_has_ended_is_removed_after_a_minute(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    temp = tmp_path / f".a.dog.{ended.pid}-0.tmp"
    temp.touch()
    modified = temp.stat().st_mtime
    remove_stale_temp_files(tmp_path, modified + 30)
    assert temp.exists()  # on a network share it may be of a process of another machine
    remove_stale_temp_files(tmp_path, modified + 61)
    assert not temp.exists()


def test_a_temporary_file_from_the_future_is_removed(tmp_path: Path) -> None:
    temp = tmp_path / f".a.dog.{os.getpid()}-0.tmp"
    temp.touch()
    remove_stale_temp_files(tmp_path, temp.stat().st_mtime - 2 * HOUR)
    assert not temp.exists()


def test_one_that_cannot_be_removed_does_not_protect_the_others(tmp_path: Path) -> None:
    folder, temp = tmp_path / ".a.dog.1-0.tmp", tmp_path / ".b.dog.1-0.tmp"
    folder.mkdir()  # unlink fails
    temp.touch()
    remove_stale_temp_files(tmp_path, temp.stat().st_mtime + 2 * HOUR)
    assert names(tmp_path) == [folder.name]


def test_temporary_file_is_recognised_by_the_name_of_its_file(tmp_path: Path) -> None:
    assert is_temp_file_of(".a.dog.12-0.tmp", tmp_path / "a.dog")
    assert not is_temp_file_of(".b.dog.12-0.tmp", tmp_path / "a.dog")
    assert not is_temp_file_of(".a.dog.swp", tmp_path / "a.dog")


def test_leftover_of_a_process_with_the_same_pid_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".a.dog.{os.getpid()}-0.tmp").write_bytes(b"half")
    atomic_write(tmp_path / "a.dog", b"whole")
    assert (tmp_path / "a.dog").read_bytes() == b"whole"


def test_windows_retries_while_the_file_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "sys", type("sys", (), {"platform": "win32"}))
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    move = Path.replace

    def busy_twice(self: Path, target: Path) -> Path:
        if len(waits) < 2:
            raise PermissionError(13, "in use")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", busy_twice)
    atomic_write(tmp_path / "a.dog", b"x")
    assert (tmp_path / "a.dog").read_bytes() == b"x"
    assert len(waits) == 2


# -- reading ----------------------------------------------------------------------------------------


def test_a_small_file_is_read_with_a_small_buffer_whatever_size_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    sizes: list[int] = []
    read = os.read

    def record_and_read(fd: int, size: int) -> bytes:
        sizes.append(size)
        return read(fd, size)

    monkeypatch.setattr(os, "read", record_and_read)
    assert read_file(path, 8 * 1024 * 1024, follow_symlinks=False) == b"x" * 100
    assert max(sizes) <= 4096


@pytest.mark.parametrize("size", [0, 1, 100, 4095, 4096, 4097, 100_000])
def test_a_file_is_read_completely_also_if_it_grows_meanwhile(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    fstat = os.fstat

    def grow_after_fstat(fd: int) -> os.stat_result:
        status = fstat(fd)
        with path.open("ab") as file:
            file.write(b"y" * 9000)
        return status

    monkeypatch.setattr(os, "fstat", grow_after_fstat)
    assert read_file(path, 200_000, follow_symlinks=False) == b"x" * size + b"y" * 9000


def test_a_file_that_grows_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 101)
    with pytest.raises(FileError, match="larger than 100 bytes"):
        read_file(path, 100, follow_symlinks=False)


@POSIX
def test_a_pipe_that_the_user_has_named_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe, data = tmp_path / "pipe", b"picture" * 1000  # less than a pipe holds
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_named_file(pipe, data)
        assert reader.communicate(timeout=20)[0] == data
    assert pipe.is_fifo()


@POSIX
def test_a_link_that_the_user_has_named_is_followed(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(file)
    for data in (b"new", b"replaced"):
        write_named_file(link, data)
        assert link.is_symlink()
        assert file.read_bytes() == data
