"""Autostart entries: the platforms can read them, and changes made by the platforms are recognised."""

import plistlib
import sys
from pathlib import Path

import pytest

from guarddog_gui.adapters.autostart.entry_files import parse_desktop_entry
from guarddog_gui.adapters.autostart.factory import Autostart, find_installed_program
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState
from tests.adapters.unprivileged import read_only_folder, unprivileged_folder

APP_ID = "org.example.GuardDog"
ON, OFF = AutostartState.ON, AutostartState.OFF
OTHER_INSTALLATION, UNSUPPORTED = AutostartState.OTHER_INSTALLATION, AutostartState.UNSUPPORTED
POSIX = pytest.mark.only_on("linux", "darwin")


def install(folder: Path) -> Path:
    """Create an executable program."""
    program = folder / "bin" / "guarddog-gui"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


class LinuxHome:
    """Home folder on Linux, with Guard Dog installed."""

    def __init__(self, folder: Path) -> None:
        self.environ = {"HOME": str(folder / "home")}
        self.folder = folder
        self.program = install(folder / "ours")
        self.file = folder / "home" / ".config" / "autostart" / f"{APP_ID}.desktop"

    @property
    def autostart(self) -> Autostart:
        return Autostart(self.environ, self.program, app_id=APP_ID, platform="linux")

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def session(tmp_path: Path) -> LinuxHome:
    return LinuxHome(tmp_path)


# -- Linux ----------------------------------------------------------------------------------------


@POSIX
def test_enable_writes_an_entry_and_disable_removes_it(session: LinuxHome) -> None:
    assert session.autostart.state() is OFF
    session.autostart.enable()
    assert session.autostart.state() is ON
    fields = parse_desktop_entry(session.file.read_text(encoding="utf-8"))
    assert fields["Exec"] == str(session.program)
    assert (fields["Type"], fields["Terminal"], fields["Icon"]) == ("Application", "false", APP_ID)
    session.autostart.disable()
    assert session.autostart.state() is OFF
    assert not session.file.exists()
    session.autostart.disable()


@POSIX
def test_xdg_config_home_is_used_if_it_is_absolute(session: LinuxHome) -> None:
    session.environ["XDG_CONFIG_HOME"] = "not/full"
    session.autostart.enable()
    assert session.file.exists()
    session.environ["XDG_CONFIG_HOME"] = str(session.folder / "config")
    assert session.autostart.state() is OFF
    session.autostart.enable()
    assert (session.folder / "config" / "autostart" / session.file.name).exists()


@POSIX
@pytest.mark.parametrize("marker_line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_disabled_by_the_desktop_is_off_until_it_is_enabled(session: LinuxHome, marker_line: str) -> None:
    session.autostart.enable()
    session.edit("X-GNOME-Autostart-enabled=true", marker_line)
    assert session.autostart.state() is OFF
    assert not session.autostart.repair()
    session.autostart.enable()
    assert session.autostart.state() is ON


@POSIX
def test_keys_in_another_group_of_the_file_are_ignored(session: LinuxHome) -> None:
    session.autostart.enable()
    session.edit("X-LXQt-Need-Tray=true\n", "\n[Desktop Action x]\nHidden=true\nExec=/bin/false\n")
    assert session.autostart.state() is ON


@POSIX
def test_another_installation_is_reported_and_kept_until_enable(session: LinuxHome) -> None:
    session.autostart.enable()
    session.program = install(session.folder / "another")
    assert session.autostart.state() is OTHER_INSTALLATION
    assert not session.autostart.repair()
    assert session.autostart.state() is OTHER_INSTALLATION
    session.autostart.enable()
    assert session.autostart.state() is ON


@POSIX
def test_an_entry_whose_program_is_gone_is_off_and_can_be_repaired(session: LinuxHome) -> None:
    session.autostart.enable()
    session.program.unlink()
    session.program = install(session.folder / "moved")
    assert session.autostart.state() is OFF
    assert session.autostart.repair()
    assert session.autostart.state() is ON
    assert not session.autostart.repair()


@POSIX
def test_repair_without_an_entry_writes_nothing(session: LinuxHome) -> None:
    assert not session.autostart.repair()
    assert not session.file.exists()


@POSIX
@pytest.mark.parametrize("environ", [{}, {"HOME": "relative"}, {"HOME": "/h", "SNAP": "x"}])
def test_autostart_is_unsupported_without_a_home_and_inside_a_sandbox(tmp_path: Path, environ: dict[str, str]) -> None:
    autostart = Autostart(environ, install(tmp_path), app_id=APP_ID, platform="linux")
    assert autostart.state() is UNSUPPORTED
    autostart.enable()
    autostart.disable()
    assert not autostart.repair()


@POSIX
def test_autostart_is_unsupported_without_an_installed_program(session: LinuxHome) -> None:
    assert Autostart(session.environ, None, app_id=APP_ID, platform="linux").state() is UNSUPPORTED


@POSIX
def test_a_folder_in_place_of_the_entry_is_an_error(session: LinuxHome) -> None:
    session.file.mkdir(parents=True)
    assert session.autostart.state() is UNSUPPORTED
    with pytest.raises(FileError):
        session.autostart.enable()
    with pytest.raises(FileError):
        session.autostart.disable()


@POSIX
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0", b"Exec=/bin/x", b"[Desktop Entry]\nExec\nExec ="])
def test_an_empty_or_damaged_entry_counts_as_none(session: LinuxHome, data: bytes) -> None:
    session.file.parent.mkdir(parents=True)
    session.file.write_bytes(data)
    assert session.autostart.state() is OFF


@POSIX
def test_a_read_only_home_raises_a_file_error() -> None:
    with unprivileged_folder() as folder:
        session = LinuxHome(folder)
        (folder / "home").mkdir()
        with read_only_folder(folder / "home"), pytest.raises(FileError, match="permission"):
            session.autostart.enable()


# -- finding the installed program ----------------------------------------------------------------


@POSIX
def test_the_script_that_was_started_is_the_program(tmp_path: Path) -> None:
    program = install(tmp_path)
    assert find_installed_program({}, str(program)) == program


@POSIX
def test_started_as_a_module_the_script_next_to_python_is_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install(tmp_path)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    assert find_installed_program({}, "/src/guarddog_gui/__main__.py") == program
    program.unlink()
    assert find_installed_program({}, "/src/guarddog_gui/__main__.py") is None


@POSIX
def test_inside_an_appimage_the_image_is_the_program(tmp_path: Path) -> None:
    mounted = install(tmp_path / "mount")
    image = tmp_path / "GuardDog.AppImage"
    image.write_bytes(b"")
    environ = {"APPDIR": str(tmp_path / "mount"), "APPIMAGE": str(image)}
    assert find_installed_program(environ, str(mounted)) == image


@POSIX
def test_the_appimage_variables_of_a_terminal_are_ignored(tmp_path: Path) -> None:
    program = install(tmp_path / "ours")
    environ = {"APPDIR": str(tmp_path / "terminal"), "APPIMAGE": str(tmp_path / "Terminal.AppImage")}
    assert find_installed_program(environ, str(program)) == program


@POSIX
def test_a_bundle_under_app_translocation_has_no_lasting_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(install(tmp_path / "AppTranslocation")))
    assert find_installed_program({}, "whatever") is None
    moved = install(tmp_path / "Applications")
    monkeypatch.setattr(sys, "executable", str(moved))
    assert find_installed_program({}, "whatever") == moved


# -- macOS ----------------------------------------------------------------------------------------


@POSIX
def test_a_launch_agent_starts_at_login_and_can_be_quit(tmp_path: Path) -> None:
    program = install(tmp_path)
    autostart = Autostart({"HOME": str(tmp_path)}, program, app_id=APP_ID, platform="darwin")
    file = tmp_path / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
    assert autostart.state() is OFF
    autostart.enable()
    assert autostart.state() is ON
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == [str(program)]
    assert agent["RunAtLoad"] is True
    assert "KeepAlive" not in agent
    file.write_bytes(plistlib.dumps({**agent, "Disabled": True}))
    assert autostart.state() is OFF
    autostart.disable()
    assert not file.exists()
