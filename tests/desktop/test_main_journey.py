"""The real program as a desktop sees it: from the tray icon to the clipboard, the files and the history."""

from pathlib import Path

from tests.desktop.guarddog_program import StartProgram, dog_values, history_row_count, sandbox_home, start_in_sandbox
from tests.desktop.processes import wait_until
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost


def test_from_the_tray_to_clipboard_files_and_history(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        home = sandbox_home(desktop_folder)
        assert {16, 22, 24, 32, 48, 64} <= set(item.icon)
        assert "5 of 5 usable" in item.tooltip
        assert item.labels()[:2] == ["Open Guard Dog", item.headline]

        item.click_menu_item("Copy access_token")
        copied = wait_until(screen.clipboard, "something on the clipboard")
        assert copied in dog_values(home, "ACCESS_TOKEN")
        assert "x-kde-passwordManagerHint" in screen.clipboard_targets()

        account = next(label for label in item.labels() if label.startswith("Sandbox magazine"))
        item.click_menu_item(account, "Copy jsapi_ticket")
        wait_until(lambda: screen.clipboard() in dog_values(home, "JSAPI_TICKET"), "the ticket")

        before = history_row_count(home)
        item.click_menu_item("Refresh now")
        wait_until(lambda: history_row_count(home) >= before + 2, "two more lines of history")

        item.click_menu_item("Quit")
    assert program.wait_for_exit(timeout_s=5) == 0
    assert program.output == ""
    assert screen.clipboard() == ""  # it clears what it has copied
    assert not home.exists()


def test_the_window_opens_from_the_menu_and_closing_it_keeps_the_program(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost, tmp_path: Path
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        assert not screen.windows("Guard Dog")
        item.click_menu_item("Open Guard Dog")
        wait_until(lambda: screen.windows("^Guard Dog .* sandbox$"), "the window, marked as that of the sandbox")
        image = tmp_path / "window.png"
        wait_until(lambda: screen.screenshot(image).stat().st_size > 10_000, "something in the window")
        (window,) = screen.windows("Guard Dog")
        screen.xdotool("key", "--window", window, "Escape")
        wait_until(lambda: not screen.windows("Guard Dog"), "the window to go")
        item.click_menu_item("Open Guard Dog")
        wait_until(lambda: screen.windows("Guard Dog"), "the window again")
    assert program.exit_code is None


def test_the_panel_gets_few_signals_while_little_changes(
    start_program: StartProgram, desktop_folder: Path, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        signal_count = len(tray_host.signals)
        rows = {row.id for row in item.menu()}
        item.click_menu_item("Refresh now")
        item.wait_until_fresh(5)
        assert {row.id for row in item.menu()} == rows  # edited in place: no item is new
        # two changes of icon, tooltip and a few items; a rebuilt menu would send many more
        assert len(tray_host.signals) - signal_count < 40
