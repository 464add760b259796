"""Names of sockets: in a folder that nobody else can have made or can enter, or an error."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from guarddog_gui.adapters import private_sockets
from guarddog_gui.adapters.private_sockets import is_same_user, private_socket_name
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

pytestmark = pytest.mark.only_on("linux")

ANOTHER_UID = 54321
# the credentials of a socket are those that its process had when it called listen()
LISTENER = f"""
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.setuid({ANOTHER_UID})
listener.listen()
print("listening", flush=True)
listener.accept()
"""


@pytest.fixture
def temp_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"guarddog-{os.geteuid()}"


def private_folder(path: Path, mode: int = 0o700) -> Path:
    path.mkdir()
    path.chmod(mode)
    return path


def test_the_run_time_folder_is_used() -> None:
    with tempfile.TemporaryDirectory() as folder:  # private, and its path is short enough for a socket
        assert private_socket_name("name", {"XDG_RUNTIME_DIR": folder}) == str(Path(folder) / "name")


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_run_time_folder_that_others_can_enter_is_not_used(tmp_path: Path, temp_folder: Path, mode: int) -> None:
    folder = private_folder(tmp_path / "run", mode)
    assert private_socket_name("name", {"XDG_RUNTIME_DIR": str(folder)}) == str(temp_folder / "name")


def test_a_run_time_folder_of_another_user_is_not_used(
    tmp_path: Path, temp_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the environment after `su` and `sudo -E`."""
    folder = private_folder(tmp_path / "run")
    monkeypatch.setattr(private_sockets, "_is_private", lambda path: path != folder)
    assert private_socket_name("name", {"XDG_RUNTIME_DIR": str(folder)}) == str(temp_folder / "name")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_without_one_a_private_folder_is_made_whatever_the_umask(temp_folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert private_socket_name("name", {}) == str(temp_folder / "name")
    finally:
        os.umask(before)
    assert stat.S_IMODE(temp_folder.stat().st_mode) == 0o700
    assert private_socket_name("name", {}) == str(temp_folder / "name")


def test_our_folder_is_closed_to_others_again(temp_folder: Path) -> None:
    private_folder(temp_folder, 0o777)
    private_socket_name("name", {})
    assert stat.S_IMODE(temp_folder.stat().st_mode) == 0o700


def assert_refused(folder: Path) -> None:
    with pytest.raises(FileError) as error:
        private_socket_name("name", {})
    assert (error.value.path, error.value.reason) == (str(folder), FileErrorReason.NOT_PRIVATE)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_in_the_place_of_ours_is_refused(temp_folder: Path) -> None:
    private_folder(temp_folder)
    os.chown(temp_folder, ANOTHER_UID, ANOTHER_UID)
    assert_refused(temp_folder)


def test_a_link_in_the_place_of_our_folder_is_refused(tmp_path: Path, temp_folder: Path) -> None:
    temp_folder.symlink_to(private_folder(tmp_path / "elsewhere"))
    assert_refused(temp_folder)


def test_a_file_in_the_place_of_our_folder_is_refused(temp_folder: Path) -> None:
    temp_folder.touch()
    assert_refused(temp_folder)


def test_a_process_of_this_user_is_recognised() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert is_same_user(one.fileno())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_process_of_another_user_is_recognised(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    with (
        subprocess.Popen([sys.executable, "-c", LISTENER, path], stdout=subprocess.PIPE) as listener,
        socket.socket(socket.AF_UNIX) as client,
    ):
        assert listener.stdout is not None
        assert listener.stdout.readline()
        client.connect(path)
        assert not is_same_user(client.fileno())
        listener.kill()
