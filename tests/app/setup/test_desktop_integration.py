"""Menu entry and icons in a data folder."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.autostart.entry_files import parse_desktop_entry
from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.app.setup.desktop_integration import ICON_SIZES, data_home, install_files, remove_files

PROGRAM = "/home/u/my apps/guarddog-gui"


@pytest.fixture
def folder(qapp: QApplication, tmp_path: Path) -> Path:  # noqa: ARG001 - pictures need one
    install_files(tmp_path, PROGRAM, APP_ID)
    return tmp_path


def test_the_menu_entry_starts_this_installation_and_shows_its_window(folder: Path) -> None:
    file = folder / "applications" / f"{APP_ID}.desktop"
    fields = parse_desktop_entry(file.read_text("utf-8"))
    assert fields["Exec"] == f'"{PROGRAM}" --show'
    assert fields["Icon"] == fields["StartupWMClass"] == APP_ID
    assert fields["Comment[zh_CN]"]
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_there_is_an_icon_in_every_size_that_desktops_ask_for(folder: Path) -> None:
    icons = folder / "icons" / "hicolor"
    assert (icons / "scalable" / "apps" / f"{APP_ID}.svg").is_file()
    assert b"#000000" in (icons / "symbolic" / "apps" / f"{APP_ID}-symbolic.svg").read_bytes()
    for size in ICON_SIZES:
        data = (icons / f"{size}x{size}" / "apps" / f"{APP_ID}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">II", data[16:24]) == (size, size)
    assert {16, 22, 24, 32, 48, 64, 128, 256, 512} == set(ICON_SIZES)


def test_removal_leaves_no_file_of_ours_and_every_other_one(folder: Path) -> None:
    other = folder / "applications" / "other.desktop"
    other.touch()
    remove_files(folder, APP_ID)
    # desktops' own programs may have written caches
    left = {path for path in folder.rglob("*") if path.is_file() and "cache" not in path.name}
    assert left == {other}
    remove_files(folder, APP_ID)  # once more: nothing to do


def test_the_data_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_home({"XDG_DATA_HOME": "/data"}) == Path("/data")
    assert data_home({"XDG_DATA_HOME": "relative"}) == tmp_path / ".local" / "share"
    assert data_home({}) == tmp_path / ".local" / "share"
