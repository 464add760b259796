"""Checks of folders and files, which change nothing."""

import os
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.paths import check_custom_folder, check_file, check_folder
from guarddog_gui.domain.health.results import PathProbeResult
from tests.adapters.unprivileged import read_only_folder, unprivileged_folder

unix = pytest.mark.only_on("linux", "darwin")


def test_a_missing_folder_that_could_be_created_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"

    assert check_folder(path) == PathProbeResult(str(path), exists=False)
    assert list(tmp_path.iterdir()) == []


@unix
def test_existing_paths_are_reported_with_their_mode(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir(mode=0o750)
    file.touch(mode=0o600)

    assert check_folder(folder) == PathProbeResult(str(folder), exists=True, mode=0o750)
    assert check_folder(folder).is_accessible_to_others
    assert check_file(file) == PathProbeResult(str(file), exists=True, mode=0o600)
    assert not check_file(file).is_accessible_to_others
    assert check_file(tmp_path / "none") == PathProbeResult(str(tmp_path / "none"), exists=False)


@unix
def test_owner_and_mode_of_a_folder_chosen_by_the_user_do_not_matter(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    assert check_custom_folder(tmp_path) == PathProbeResult(str(tmp_path), exists=True)
    assert not check_custom_folder(Path("/")).is_accessible_to_others
    assert check_custom_folder(tmp_path / "new") == PathProbeResult(str(tmp_path / "new"), exists=False)
    with unprivileged_folder() as folder, read_only_folder(folder):
        assert check_custom_folder(folder).error == "permission denied"


@unix
def test_paths_without_permission_are_reported() -> None:
    with unprivileged_folder() as folder, read_only_folder(folder):
        assert check_folder(folder).error == "permission denied"
        assert check_folder(folder / "new").error == "permission denied"
    with unprivileged_folder() as folder:
        secret = folder / "secret"
        secret.touch(mode=0o000)
        assert check_file(secret).error == "permission denied"


@unix
def test_a_path_of_the_wrong_type_is_reported(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    file.touch()
    link.symlink_to(file)
    os.mkfifo(pipe)

    assert check_folder(file).error == "a file is in the place of the folder"
    assert check_folder(file / "below").error == "a file is in the place of its folder"
    assert check_file(link).error == "a symbolic link is in its place"
    assert check_file(pipe).error == "not a regular file"
    assert check_file(file / "below").error == "a file is in the place of its folder"


@unix
def test_a_folder_in_the_place_of_a_file_is_reported(tmp_path: Path) -> None:
    assert check_file(tmp_path).error == "a folder is in its place"


@unix
def test_a_broken_link_in_the_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")

    for path in (link, link / "below", link / "far" / "below"):
        for check in (check_folder, check_custom_folder):
            assert check(path) == PathProbeResult(str(link), exists=True, error="the link leads nowhere")


@pytest.mark.only_on("linux")
def test_a_file_of_another_user_is_recognised() -> None:
    with unprivileged_folder():
        result = check_file(Path("/etc/passwd"))

    assert (result.is_owned_by_user, result.error) == (False, "") if os.geteuid() == 0 else (True, "")
    assert check_folder(Path("/proc/sys")).error in ("", "the disk is read-only", "permission denied")
