import os
import subprocess
import sys
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.paths import (
    create_private_folder,
    first_existing,
    get_app_paths,
    resource_folders,
    resource_path,
)
from guarddog_gui.domain.errors import FileError
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")


def test_guarddog_home_contains_everything(tmp_path: Path) -> None:
    places = get_app_paths({"GUARDDOG_HOME": str(tmp_path)})
    assert places.accounts_file == tmp_path / "config" / "accounts.json"
    assert places.settings_file == tmp_path / "config" / "settings.json"
    assert places.recent_urls_file == tmp_path / "config" / "recent_urls.json"
    assert places.dogs_dir == tmp_path / "data" / "dogs"
    assert places.locks_dir == tmp_path / "data" / "locks"
    assert places.history_file == tmp_path / "data" / "history.sqlite3"
    assert places.log_file == tmp_path / "logs" / "guarddog.log"
    assert list(tmp_path.iterdir()) == []  # asking makes nothing


def test_relative_home_does_not_follow_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert get_app_paths({"GUARDDOG_HOME": "here"}).config_dir == tmp_path / "here" / "config"


@pytest.mark.only_on("linux")
def test_without_guarddog_home_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    for environ in ({}, {"GUARDDOG_HOME": ""}):
        places = get_app_paths(environ)
        assert places.accounts_file == tmp_path / "c" / "guarddog" / "accounts.json"
        assert places.dogs_dir == tmp_path / "d" / "guarddog" / "dogs"
        assert "guarddog" in places.log_file.parts


def test_guarddog_home_does_not_import_platformdirs() -> None:
    code = (
        "import sys; from guarddog_gui.adapters.files.paths import get_app_paths;"
        "get_app_paths({'GUARDDOG_HOME': '/x'});"
        "print({'platformdirs', 'filelock', 'sqlite3', 'logging', 'tempfile'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_bundled_resource_is_found_in_the_source_tree() -> None:
    assert resource_path("errcodes.json").read_bytes().startswith(b"[")


def test_resources_are_found_in_wheel_frozen_app_and_source_tree(tmp_path: Path) -> None:
    package, frozen = tmp_path / "tree" / "guarddog_gui", tmp_path / "frozen"
    folders = resource_folders(package, frozen)
    for folder in reversed(folders):  # the last one first: each one found then wins over those behind it
        folder.mkdir(parents=True)
        (folder / "icon.svg").touch()
        assert first_existing("icon.svg", folders) == folder / "icon.svg"
    assert folders[0] == package / "resources"
    assert folders[-1] == tmp_path / "tree" / "resources"


def test_incomplete_installation_names_the_missing_resource() -> None:
    with pytest.raises(FileError, match=r"nothing\.svg: missing from this installation"):
        resource_path("nothing.svg")


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077, 0o777])
def test_new_folders_are_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with set_umask(bits):
        create_private_folder(tmp_path / "a" / "b")
    assert (permission_bits(tmp_path / "a"), permission_bits(tmp_path / "a" / "b")) == (0o700, 0o700)


@POSIX
def test_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    create_private_folder(shared)
    assert permission_bits(shared) == 0o755


@pytest.mark.parametrize("below", ["taken", "taken/deeper"])
def test_file_in_place_of_the_folder_is_a_file_error(tmp_path: Path, below: str) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(FileError, match="a file is in the place of"):
        create_private_folder(tmp_path / below)


@POSIX
@pytest.mark.parametrize("below", ["link", "link/deeper"])
def test_dangling_link_is_reported(tmp_path: Path, below: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(FileError, match="link: the link leads nowhere"):
        create_private_folder(tmp_path / below)


@POSIX
def test_read_only_parent_is_a_file_error() -> None:
    with unprivileged_folder() as folder, read_only_folder(folder):
        with pytest.raises(FileError) as caught:
            create_private_folder(folder / "new")
        assert caught.value.path == os.fspath(folder / "new")
        assert caught.value.reason == "permission denied"


@POSIX
def test_inaccessible_folder_is_a_file_error() -> None:
    with unprivileged_folder() as folder:
        (folder / "closed").mkdir(mode=0o000)
        with pytest.raises(FileError, match="permission denied"):
            create_private_folder(folder / "closed" / "logs")
        with pytest.raises(FileError, match="permission denied"):
            first_existing("icon.svg", [folder / "closed"])
