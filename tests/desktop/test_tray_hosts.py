"""Panels that are missing, start late, stop and restart: the user can always reach the icon or the window."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desktop.guarddog_program import StartProgram
from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost

WINDOW = "^Guard Dog .* sandbox$"
POPOVER = "^Accounts .* Guard Dog$"
NO_TRAY_S = 5  # without a tray for this long after the start, the window opens
GRACE_S = 10  # a panel that is missing for less time is assumed to restart

Run = Callable[[], ProgramProcess]


@pytest.fixture
def run(start_program: StartProgram, desktop_folder: Path) -> Run:
    return lambda: start_program(script_path("guarddog-gui"), "--sandbox", TMPDIR=str(desktop_folder))


def windows(screen: Screen) -> list[str]:
    return screen.windows(WINDOW)


def wait_for_window(screen: Screen, *, seconds: float = 10) -> str:
    return wait_until(lambda: windows(screen), "the window", timeout_s=seconds)[0]


def test_without_a_panel_the_window_opens_and_closing_it_ends_the_program(run: Run, screen: Screen) -> None:
    program = run()
    time.sleep(NO_TRAY_S - 2)
    assert windows(screen) == []  # most panels have started by then: no unrequested window
    window = wait_for_window(screen)
    screen.xdotool("windowactivate", "--sync", window, "key", "ctrl+w")
    assert program.wait_for_exit() == 0
    assert program.output == ""


@pytest.mark.parametrize("seconds", [1.5, NO_TRAY_S + 3])
def test_a_panel_that_starts_late_gets_the_icon(run: Run, screen: Screen, private_bus: str, seconds: float) -> None:
    program = run()
    time.sleep(seconds)
    with FakeTrayHost(private_bus) as late, late.wait_for_item() as item:
        item.wait_for_menu_item("Open Guard Dog")
        assert item.icon
        if windows(screen):  # with an icon, closing the window only hides it
            screen.xdotool("windowactivate", "--sync", windows(screen)[0], "key", "ctrl+w")
            wait_until(lambda: not windows(screen), "a hidden window")
        item.click_menu_item("Open Guard Dog")
        wait_for_window(screen)
        item.click_menu_item("Quit")
    assert program.wait_for_exit() == 0
    assert program.output == ""


def test_a_panel_that_restarts_repeatedly_gets_the_icon_each_time(
    run: Run, screen: Screen, tray_host: FakeTrayHost
) -> None:
    program = run()
    tray_host.wait_for_item().close()
    for away in (0, 0, 0, 0, 3):
        tray_host.stop()
        time.sleep(away)
        tray_host.start()
        with tray_host.wait_for_item() as item:
            item.wait_for_menu_item("Copy access_token")
            assert item.tooltip.startswith("Guard Dog")
    assert program.exit_code is None
    assert windows(screen) == []  # the user was not disturbed


def test_when_the_panel_stops_the_window_opens_until_the_panel_restarts(
    run: Run, screen: Screen, tray_host: FakeTrayHost
) -> None:
    program = run()
    tray_host.wait_for_item().close()
    tray_host.stop()
    wait_for_window(screen, seconds=GRACE_S + 5)
    tray_host.start()
    with tray_host.wait_for_item() as item:
        item.wait_for_menu_item("Copy access_token")
        item.click_menu_item("Quit")
    assert program.wait_for_exit() == 0
    assert program.output == ""


@contextmanager
def x11_tray(screen: Screen) -> Iterator[None]:
    """Run a tray of the X11 kind, without D-Bus, in the upper right corner."""
    command = [require_command("trayer"), "--edge", "top", "--align", "right", "--widthtype", "pixel", "--width", "40"]
    process = start_process(
        [*command, "--heighttype", "pixel", "--height", "32"],
        minimal_environment(DISPLAY=screen.display, DBUS_SESSION_BUS_ADDRESS="disabled:"),
    )
    try:
        yield
    finally:
        stop_process(process)


def wait_for_click(screen: Screen) -> None:
    """Click on the icon until the popover opens, and close it again."""

    def opened() -> list[str]:
        screen.xdotool("mousemove", "1260", "16", "click", "1")
        time.sleep(0.5)
        return screen.windows(POPOVER)

    wait_until(opened, "the popover after a click on the icon", timeout_s=15)
    time.sleep(0.3)
    screen.xdotool("key", "Escape")
    wait_until(lambda: not screen.windows(POPOVER), "a closed popover")


@pytest.mark.parametrize("bus", ["private", "none"])
def test_a_tray_without_dbus_works_also_after_its_restart(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, private_bus: str, bus: str
) -> None:
    address = private_bus if bus == "private" else "disabled:"
    with x11_tray(screen):
        program = start_program(
            script_path("guarddog-gui"), "--sandbox", TMPDIR=str(desktop_folder), DBUS_SESSION_BUS_ADDRESS=address
        )
        time.sleep(NO_TRAY_S + 1.5)
        assert windows(screen) == []  # the program has detected that its icon is visible
        wait_for_click(screen)
    time.sleep(0.5)
    with x11_tray(screen):
        wait_for_click(screen)
    assert program.stop() == 0
    assert program.output == ""


def test_an_old_tray_that_starts_late_gets_the_icon(run: Run, screen: Screen) -> None:
    program = run()
    time.sleep(2)
    with x11_tray(screen):
        wait_for_click(screen)
        assert program.stop() == 0
