"""Autostart entries in files: every path is valid, read back and started; damaged files count as none."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.adapters.autostart.entry_files import (
    LaunchAgent,
    desktop_entry_text,
    parse_desktop_entry,
    program_from_exec,
)
from tests.desktop.processes import require_command

APP_ID = "org.example.GuardDog"
LINUX = pytest.mark.only_on("linux")
POSIX = pytest.mark.only_on("linux", "darwin")


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


@POSIX
@pytest.mark.parametrize("data", [b"", b"<plist", b"<plist><array/></plist>", b"bplist00garbage", b"\xff"])
def test_a_damaged_launch_agent_counts_as_none_and_is_replaced(tmp_path: Path, data: bytes) -> None:
    agent = LaunchAgent(tmp_path, APP_ID)
    (tmp_path / f"{APP_ID}.plist").write_bytes(data)
    assert agent.read_program() is None
    agent.write("/Applications/Guard Dog.app/Contents/MacOS/guarddog-gui")
    assert agent.read_program() == "/Applications/Guard Dog.app/Contents/MacOS/guarddog-gui"
