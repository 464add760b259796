"""The real program as a desktop sees it: from the tray icon to the clipboard, the files and the history."""

import json
import sqlite3
from pathlib import Path

from tests.desktop.conftest import StartProgram
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.tray_item import TrayItem


def sandbox_home(desktop_folder: Path) -> Path:
    """The throw-away home of the program that was started with TMPDIR=desk."""
    return wait_until(lambda: next(desktop_folder.glob("guarddog-sandbox-*"), None), "the throw-away home")


def dog_values(home: Path, key: str) -> set[str]:
    files = home.glob(f"data/dogs/*/{key}.dog")
    return {json.loads(file.read_text("utf-8"))["data"] for file in files}


def attempts(home: Path) -> int:
    history = sqlite3.connect(f"file:{home}/data/history.sqlite3?mode=ro", uri=True)
    try:
        (count,) = history.execute("SELECT count(*) FROM attempt").fetchone()
        return int(count)
    finally:
        history.close()


def start_in_sandbox(
    start_program: StartProgram, desktop_folder: Path, *arguments: str, **environment: str
) -> ProgramProcess:
    return start_program(
        script_path("guarddog-gui"), "--sandbox", *arguments, TMPDIR=str(desktop_folder), **environment
    )


def wait_until_fresh(item: TrayItem) -> None:
    wait_until(lambda: item.labels()[0].startswith("5 of 5 fresh"), "five fresh keys", timeout_s=20)


def test_from_the_tray_to_clipboard_files_and_history(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        wait_until_fresh(item)
        home = sandbox_home(desktop_folder)
        assert {16, 22, 24, 32, 48, 64} <= set(item.icon)
        assert "5 of 5 fresh" in item.tooltip
        assert not item.menu_item(item.labels()[0]).is_enabled  # the first row says the state and does nothing

        item.click_menu_item("Copy access_token")
        copied = wait_until(screen.clipboard, "something on the clipboard")
        assert copied in dog_values(home, "ACCESS_TOKEN")
        assert "x-kde-passwordManagerHint" in screen.clipboard_targets()

        account = next(label for label in item.labels() if label.startswith("Sandbox magazine"))
        item.click_menu_item(account, "Copy jsapi_ticket")
        wait_until(lambda: screen.clipboard() in dog_values(home, "JSAPI_TICKET"), "the ticket")

        before = attempts(home)
        item.click_menu_item("Refresh now")
        wait_until(lambda: attempts(home) >= before + 2, "two more lines of history")

        item.click_menu_item("Quit")
    assert program.wait_for_exit(timeout_s=5) == 0
    assert program.output == ""
    assert screen.clipboard() == ""  # what was ours is cleared on the way out
    assert not home.exists()


def test_a_click_on_the_icon_opens_the_window_and_closing_it_keeps_the_program(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost, tmp_path: Path
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        wait_until_fresh(item)
        assert not screen.windows("Guard Dog")
        item.click()
        wait_until(lambda: screen.windows("Guard Dog"), "the window")
        picture = tmp_path / "window.png"
        wait_until(lambda: screen.screenshot(picture).stat().st_size > 10_000, "something in the window")
        (window,) = screen.windows("Guard Dog")
        screen.xdotool("key", "--window", window, "Escape")
        wait_until(lambda: not screen.windows("Guard Dog"), "the window to go")
        item.click()
        wait_until(lambda: screen.windows("Guard Dog"), "the window again")
    assert program.exit_code is None


def test_the_panel_hears_nothing_while_nothing_changes(
    start_program: StartProgram, desktop_folder: Path, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        wait_until_fresh(item)
        heard = len(tray_host.signals)
        rows = {row.id for row in item.menu()}
        item.click_menu_item("Refresh now")
        wait_until_fresh(item)
        assert {row.id for row in item.menu()} == rows  # edited in place: no row was made anew
        # the state on the way and back, for icon, tooltip and a few rows; a rebuilt menu would be many more
        assert len(tray_host.signals) - heard < 40
