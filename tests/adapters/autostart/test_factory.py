"""Autostart entries: the platforms can read them, and changes made by the platforms are recognised."""

import os
import plistlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.adapters.autostart.entry_files import (
    DesktopFile,
    LaunchAgent,
    desktop_entry_text,
    parse_desktop_entry,
    program_from_exec,
)
from guarddog_gui.adapters.autostart.factory import Autostart, AutostartEntry, find_installed_program
from guarddog_gui.adapters.autostart.windows import (
    RUN_KEY,
    STARTUP_APPROVED_KEY,
    Registry,
    RunKey,
    program_from_command_line,
)
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState
from tests.adapters.unprivileged import read_only_folder, unprivileged_folder
from tests.desktop.processes import require_command

APP_ID = "org.example.GuardDog"
ON, OFF = AutostartState.ON, AutostartState.OFF
OTHER_INSTALLATION, UNSUPPORTED = AutostartState.OTHER_INSTALLATION, AutostartState.UNSUPPORTED
LINUX = pytest.mark.only_on("linux")
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
@pytest.mark.parametrize("environ", [{}, {"HOME": "relative"}, {"HOME": "/h", "FLATPAK_ID": "x"}])
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


@LINUX
@pytest.mark.parametrize("folder", ["plain", "with space", "100% $HOME `x` \"q\" 'a' \\ (1);&|<>*?#~", "守护犬"])
def test_the_entry_is_valid_for_every_path(tmp_path: Path, folder: str) -> None:
    path = tmp_path / f"{APP_ID}.desktop"
    path.write_text(desktop_entry_text(f"/opt/{folder}/guarddog-gui", APP_ID), encoding="utf-8")
    checked = subprocess.run(
        [require_command("desktop-file-validate"), str(path)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@LINUX
@pytest.mark.parametrize("folder", ["plain", "with space", "$HOME `x` \"q\" 'a' \\ (1);&|<>*?#~", "守护犬"])
def test_glib_starts_the_program_for_every_path(tmp_path: Path, folder: str) -> None:
    """GNOME, Xfce, MATE and Cinnamon start programs by GLib. (It does not find a path with `%%`.)"""
    started = tmp_path / "started"
    program = tmp_path / folder / "guarddog-gui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$#" > "{started}"\n', encoding="utf-8")
    program.chmod(0o755)
    entry = tmp_path / f"{APP_ID}.desktop"
    entry.write_text(desktop_entry_text(str(program), APP_ID), encoding="utf-8")

    subprocess.run([require_command("gio"), "launch", str(entry)], check=True, capture_output=True, timeout=20)

    for _ in range(200):
        if started.exists() and started.read_text():
            break
        subprocess.run(["sleep", "0.05"], check=True)
    assert started.read_text() == "0\n"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_every_path_is_read_back_as_it_was_written(name: str) -> None:
    path = f"/opt/{name}"
    lines = desktop_entry_text(path, APP_ID).split("\n")
    (line,) = (line for line in lines if line.startswith("Exec="))
    value = parse_desktop_entry(f"[Desktop Entry]\n{line}")["Exec"] if line.splitlines() == [line] else None
    assert value is None or program_from_exec(value) == path


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


@POSIX
@pytest.mark.parametrize("data", [b"", b"<plist", b"<plist><array/></plist>", b"bplist00garbage", b"\xff"])
def test_a_damaged_launch_agent_counts_as_none_and_is_replaced(tmp_path: Path, data: bytes) -> None:
    agent = LaunchAgent(tmp_path, APP_ID)
    (tmp_path / f"{APP_ID}.plist").write_bytes(data)
    assert agent.read_program() is None
    agent.write("/Applications/Guard Dog.app/Contents/MacOS/guarddog-gui")
    assert agent.read_program() == "/Applications/Guard Dog.app/Contents/MacOS/guarddog-gui"


# -- Windows --------------------------------------------------------------------------------------


class MemoryRegistry:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}

    def read(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key, name))

    def write(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value

    def delete(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


PROGRAM = r"C:\Program Files\Guard Dog\guarddog-gui.exe"


def test_the_run_key_holds_the_quoted_path() -> None:
    registry = MemoryRegistry()
    entry = RunKey(registry, "Guard Dog")
    assert entry.read_program() is None
    entry.write(PROGRAM)
    assert registry.values == {(RUN_KEY, "Guard Dog"): f'"{PROGRAM}"'}
    assert entry.read_program() == PROGRAM
    entry.remove()
    assert registry.values == {}


@pytest.mark.parametrize(
    ("approved", "off"),
    [
        (None, False),
        (b"", False),
        (b"\x02" + bytes(11), False),
        (b"\x06" + bytes(11), False),
        (b"\x03" + bytes(3) + b"\x10\x20\x30\x40\x50\x60\x70\x01", True),
        (b"\x07" + bytes(11), True),
    ],
)
def test_a_value_disabled_in_the_task_manager_is_recognised(approved: bytes | None, off: bool) -> None:  # noqa: FBT001
    registry = MemoryRegistry()
    entry = RunKey(registry, "Guard Dog")
    entry.write(PROGRAM)
    if approved is not None:
        registry.values[STARTUP_APPROVED_KEY, "Guard Dog"] = approved
    assert entry.is_disabled() is off
    entry.write(PROGRAM)
    assert not entry.is_disabled()


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (f'"{PROGRAM}"', PROGRAM),
        (f'"{PROGRAM}" --show', PROGRAM),
        (PROGRAM, PROGRAM),
        (rf"{PROGRAM} --show", PROGRAM),
        (r"D:\guarddog-gui", r"D:\guarddog-gui"),
        ("", None),
        ('""', None),
    ],
)
def test_the_program_of_a_command_line(command: str, program: str | None) -> None:
    assert program_from_command_line(command) == program


@pytest.mark.only_on("win32")
def test_the_real_registry_stores_the_value() -> None:
    from guarddog_gui.adapters.autostart.windows import current_user_registry

    entry = RunKey(current_user_registry(), f"Guard Dog test {os.getpid()}")
    try:
        entry.write(PROGRAM)
        assert entry.read_program() == PROGRAM
        assert not entry.is_disabled()
    finally:
        entry.remove()
    assert entry.read_program() is None


def _implement_the_protocols(
    file: DesktopFile, agent: LaunchAgent, key: RunKey, registry: MemoryRegistry
) -> tuple[AutostartEntry, AutostartEntry, AutostartEntry, Registry]:  # for mypy
    return file, agent, key, registry
