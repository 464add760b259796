import os
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.atomic import get_file_stamp
from guarddog_gui.adapters.files.dog_file import DogFile, resolve_own_symlink, write_dog_text
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens.dog_format import DogRecord
from tests.adapters.unprivileged import NOBODY_UID, unprivileged_folder

DOG = DogRecord({"shop": "店"}, 7200, 1_790_000_000_000, "here", 2)


@pytest.fixture
def file(tmp_path: Path) -> DogFile:
    return DogFile(tmp_path / "dogs" / "A.dog")


def test_written_record_is_read_back(file: DogFile) -> None:
    file.write(DOG)
    assert file.read() == DOG


def test_invalid_file_counts_as_missing(file: DogFile) -> None:
    assert file.read() is None
    file.write(DOG)
    for damaged in (b"", b"{", b"\xff\xfe", b"null"):
        file.path.write_bytes(damaged)
        assert file.read() is None


def test_link_in_its_place_is_not_followed(file: DogFile, tmp_path: Path) -> None:
    file.write(DOG)
    other = tmp_path / "other"
    file.path.rename(other)
    file.path.symlink_to(other)
    assert file.read() is None
    file.write(DOG)
    assert not file.path.is_symlink()


@pytest.mark.only_on("linux", "darwin")
def test_link_to_a_file_of_the_same_user_is_followed() -> None:
    with unprivileged_folder() as folder:
        link, file = folder / "A.dog", folder / "file"
        assert resolve_own_symlink(link) == link
        link.symlink_to(file)
        assert resolve_own_symlink(link) == file.resolve()  # it will be there
        file.touch()
        assert resolve_own_symlink(link) == file.resolve()
        assert resolve_own_symlink(file) == file
        for elsewhere in ("/etc/passwd", folder, link, "/etc/passwd/below"):
            link.unlink()
            link.symlink_to(elsewhere)
            assert resolve_own_symlink(link) == link
    assert resolve_own_symlink(link / "nowhere") == link / "nowhere"


@pytest.mark.only_on("linux", "darwin")
def test_link_of_another_user_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    link = tmp_path / "A.dog"
    link.symlink_to(tmp_path / "file")
    if os.geteuid() == 0:  # only root can create links of other users
        os.chown(link, NOBODY_UID, NOBODY_UID, follow_symlinks=False)
        assert resolve_own_symlink(link) == link
    else:
        assert resolve_own_symlink(link) == tmp_path / "file"


def test_stamp_differs_after_every_change(file: DogFile) -> None:
    assert file.stamp() is None
    stamps = set()
    for number in range(20):
        write_dog_text(file.path, f"{number}")
        stamps.add(file.stamp())
    assert len(stamps) == 20
    assert file.stamp() == get_file_stamp(file.path)


@pytest.mark.only_on("linux", "darwin")
def test_handle_stays_open_only_for_the_file_that_was_read(file: DogFile) -> None:
    file.write(DOG)
    stamp = file.stamp()
    assert stamp is not None
    watch = file.open_handle(stamp)
    assert watch is not None
    assert os.fstat(watch.fd).st_nlink == 1
    file.write(DOG)
    assert os.fstat(watch.fd).st_nlink == 0
    assert file.open_handle(stamp) is None
    fd = watch.fd
    del watch
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(fd)


@pytest.mark.only_on("linux", "darwin")
def test_handle_closes_no_other_file_with_the_same_descriptor(file: DogFile, tmp_path: Path) -> None:
    file.write(DOG)
    stamp = file.stamp()
    assert stamp is not None
    watch = file.open_handle(stamp)
    assert watch is not None
    assert watch.is_open()
    fd = watch.fd
    (tmp_path / "other").touch()
    other = os.open(tmp_path / "other", os.O_RDONLY)
    os.close(fd)  # a program that becomes a daemon closes all
    assert not watch.is_open()
    os.dup2(other, fd)
    assert not watch.is_open()
    del watch
    assert os.fstat(fd).st_ino == os.fstat(other).st_ino
    os.close(other)
    os.close(fd)


def test_folder_that_cannot_be_created_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / "dogs").write_text("a file")
    with pytest.raises(FileError, match="a file is in the place"):
        DogFile(tmp_path / "dogs" / "A.dog").write(DOG)


def test_a_write_removes_what_a_killed_writer_left_in_the_folder(tmp_path: Path) -> None:
    left = tmp_path / ".ACCESS_TOKEN.dog.1-0.tmp"
    left.write_text("91_token")
    old = time.time() - 7200
    os.utime(left, (old, old))
    write_dog_text(tmp_path / "ACCESS_TOKEN.dog", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["ACCESS_TOKEN.dog"]
