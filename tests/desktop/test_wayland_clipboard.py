"""Copying under Wayland: a click in the tray gives no window the focus, and the value is on the clipboard all the same."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.wayland.data_control import DataControlClipboard
from tests.desktop.guarddog_program import StartProgram, dog_values, sandbox_home
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.wayland_screen import WaylandScreen, private_wayland_screen

VALUE = "91_令牌"

# Clipboard on a compositor without data-control: it copies as soon as it has started.
COPYING = f"""
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import NamedTextSubject

app = QApplication(sys.argv)
app.setQuitOnLastWindowClosed(False)
clipboard = Clipboard(time.monotonic, None, is_wayland=True)
clipboard.copied.connect(lambda subject: print("copied", subject.name, flush=True))
clipboard.countdown_changed.connect(lambda left: print("left", left, flush=True))
QTimer.singleShot(200, lambda: clipboard.copy_secret({VALUE!r}, NamedTextSubject("the value"), 3))
print("running", flush=True)
sys.exit(app.exec())
"""


@pytest.fixture
def wayland() -> Iterator[WaylandScreen]:
    with private_wayland_screen() as screen:
        yield screen


def copy(clipboard: DataControlClipboard, text: str) -> list[bool]:
    results: list[bool] = []
    clipboard.copy({"text/plain;charset=utf-8": text.encode(), "text/plain": text.encode()}, results.append)
    wait_until(lambda: results, "the result of the copy")
    return results


def test_a_value_is_copied_without_a_window_and_removed_again(wayland: WaylandScreen) -> None:
    clipboard = DataControlClipboard(wayland.socket)
    assert copy(clipboard, VALUE) == [True]
    assert wayland.clipboard() == VALUE
    assert copy(clipboard, "another") == [True]
    assert wayland.clipboard() == "another"
    clipboard.withdraw(1)
    assert wayland.clipboard_formats() == []


def test_what_another_program_copied_is_not_removed(wayland: WaylandScreen) -> None:
    clipboard = DataControlClipboard(wayland.socket)
    assert copy(clipboard, VALUE) == [True]
    wayland.copy_like_another_program("a shopping list")
    clipboard.withdraw(1)
    assert wayland.clipboard() == "a shopping list"


def test_a_value_larger_than_a_pipe_is_pasted_completely(wayland: WaylandScreen) -> None:
    clipboard = DataControlClipboard(wayland.socket)
    text = "0123456789" * 50_000
    assert copy(clipboard, text) == [True]
    assert wayland.clipboard() == text
    clipboard.withdraw(1)


def start_on_wayland(
    start_program: StartProgram, wayland: WaylandScreen, desktop_folder: Path, *command: str
) -> ProgramProcess:
    return start_program(
        *command,
        TMPDIR=str(desktop_folder),
        QT_QPA_PLATFORM="wayland",
        XDG_RUNTIME_DIR=str(wayland.socket.parent),
        WAYLAND_DISPLAY=wayland.socket.name,
    )


def test_the_tray_copies_although_no_window_has_the_focus(
    start_program: StartProgram, wayland: WaylandScreen, desktop_folder: Path, tray_host: FakeTrayHost
) -> None:
    program = start_on_wayland(start_program, wayland, desktop_folder, script_path("guarddog-gui"), "--sandbox")
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        home = sandbox_home(desktop_folder)
        wayland.copy_like_another_program("before")
        item.click_menu_item("Copy access_token")
        wait_until(lambda: wayland.clipboard() in dog_values(home, "ACCESS_TOKEN"), "the token on the clipboard")
        assert wayland.clipboard("x-kde-passwordManagerHint") == "secret"
        item.click_menu_item("Quit")
    assert program.wait_for_exit(timeout_s=5) == 0
    assert program.output == ""
    assert wayland.clipboard_formats() == []  # it clears what it has copied


def test_without_data_control_a_window_asks_for_a_key_and_copies_then(
    start_program: StartProgram, wayland: WaylandScreen, desktop_folder: Path
) -> None:
    wayland.copy_like_another_program("before")
    program = start_on_wayland(start_program, wayland, desktop_folder, sys.executable, "-c", COPYING)
    program.wait_for_output("running")
    time.sleep(1)
    assert "copied" not in program.output
    assert wayland.clipboard() == "before"
    wayland.type_key("Return")
    program.wait_for_output("copied the value")
    assert wayland.clipboard() == VALUE
    program.wait_for_output("left 0")
    wait_until(lambda: wayland.clipboard_formats() == [], "an empty clipboard")
