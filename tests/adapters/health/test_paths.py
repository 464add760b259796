"""Folders and files as they are found, and that looking at them changes nothing."""

import os
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.paths import look_at_file, look_at_folder, look_at_named_folder
from guarddog_gui.domain.health import PathSeen
from tests.adapters.unprivileged import ordinary_folder, read_only

unix = pytest.mark.only_on("linux", "darwin")


def test_a_folder_that_is_not_there_could_be_made_and_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"

    assert look_at_folder(path) == PathSeen(str(path), is_there=False)
    assert list(tmp_path.iterdir()) == []


@unix
def test_what_is_there_is_told_with_its_mode(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir(mode=0o750)
    file.touch(mode=0o600)

    assert look_at_folder(folder) == PathSeen(str(folder), is_there=True, mode=0o750)
    assert look_at_folder(folder).is_open_to_others
    assert look_at_file(file) == PathSeen(str(file), is_there=True, mode=0o600)
    assert not look_at_file(file).is_open_to_others
    assert look_at_file(tmp_path / "none") == PathSeen(str(tmp_path / "none"), is_there=False)


@unix
def test_of_a_folder_that_a_person_named_only_what_hinders_us_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    assert look_at_named_folder(tmp_path) == PathSeen(str(tmp_path), is_there=True)
    assert not look_at_named_folder(Path("/")).is_open_to_others
    assert look_at_named_folder(tmp_path / "new") == PathSeen(str(tmp_path / "new"), is_there=False)
    with ordinary_folder() as folder, read_only(folder):
        assert look_at_named_folder(folder).trouble == "permission denied"


@unix
def test_what_cannot_be_used_says_why() -> None:
    with ordinary_folder() as folder, read_only(folder):
        assert look_at_folder(folder).trouble == "permission denied"
        assert look_at_folder(folder / "new").trouble == "permission denied"
    with ordinary_folder() as folder:
        secret = folder / "secret"
        secret.touch(mode=0o000)
        assert look_at_file(secret).trouble == "permission denied"


@unix
def test_something_else_in_its_place_is_named(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    file.touch()
    link.symlink_to(file)
    os.mkfifo(pipe)

    assert look_at_folder(file).trouble == "a file is in the place of the folder"
    assert look_at_folder(file / "below").trouble == "a file is in the place of its folder"
    assert look_at_file(link).trouble == "a symbolic link is in its place"
    assert look_at_file(pipe).trouble == "not a regular file"
    assert look_at_file(file / "below").trouble == "a file is in the place of its folder"


@unix
def test_a_folder_in_the_place_of_a_file_is_named_as_such(tmp_path: Path) -> None:
    assert look_at_file(tmp_path).trouble == "a folder is in its place"


@unix
def test_a_link_that_leads_nowhere_is_no_folder_that_will_be_made(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")

    for path in (link, link / "below", link / "far" / "below"):
        for look in (look_at_folder, look_at_named_folder):
            assert look(path) == PathSeen(str(link), is_there=True, trouble="the link leads nowhere")


@pytest.mark.only_on("linux")
def test_a_file_of_another_person_is_not_ours() -> None:
    with ordinary_folder():
        seen = look_at_file(Path("/etc/passwd"))

    assert (seen.is_ours, seen.trouble) == (False, "") if os.geteuid() == 0 else (True, "")
    assert look_at_folder(Path("/proc/sys")).trouble in ("", "the disk is read-only", "permission denied")
