"""The global hotkey of the real program: on X11, through the portal, and when the keys are taken."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from guarddog_gui.adapters.hotkeys.x11 import X11Hotkey
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.hotkeys import HotkeyAction, HotkeyStatus, parse_hotkey
from guarddog_gui.domain.settings import Settings
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.shortcuts_portal import ShortcutsPortal
from tests.desktop.test_step_counts import POPOVER, write_incident

if TYPE_CHECKING:
    from guarddog_gui.sandbox.server import SandboxServer
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

KEYS = "Ctrl+Alt+G"
SEARCH = "^Search everywhere$"
PRESS_INTERVAL_S = 3.0  # a second press would close the popover that the first one opens


def start_with_hotkey(
    start_program: StartProgram,
    environment: dict[str, str],
    wechat: SandboxServer,
    action: HotkeyAction = HotkeyAction.SEARCH,
    **variables: str,
) -> ProgramProcess:
    """Start the program with one account and the hotkey, in the tray."""
    write_incident(environment, wechat)
    container = make_container(environment, time.time)
    container.settings.save(Settings(hotkey=KEYS, hotkey_action=action))
    return start_program(
        script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url, GUARDDOG_LANG="en", **variables
    )


def press_until(screen: Screen, title: str) -> str:
    """Press the hotkey, again if it is not grabbed yet, and return the window with the keyboard."""

    pressed_at = -PRESS_INTERVAL_S

    def opened() -> list[str]:
        nonlocal pressed_at
        windows = screen.windows(title)
        if not windows and time.monotonic() - pressed_at > PRESS_INTERVAL_S:
            screen.xdotool("key", "ctrl+alt+g")
            pressed_at = time.monotonic()
        return windows

    (window,) = wait_until(opened, title)
    wait_until(lambda: screen.xdotool("getactivewindow").strip() == window, "the keyboard in it")
    return window


def test_the_keys_open_the_search_which_takes_what_is_typed(
    start_program: StartProgram,
    session_environment: dict[str, str],
    wechat: SandboxServer,
    screen: Screen,
    tray_host: FakeTrayHost,
) -> None:
    program = start_with_hotkey(start_program, session_environment, wechat)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        press_until(screen, SEARCH)
        screen.xdotool("type", "--delay", "20", "Preferences")
        screen.xdotool("key", "Return")
        wait_until(lambda: screen.windows("^Preferences$"), "what was searched")
    assert program.output == ""


def test_the_keys_open_and_close_the_popover_at_the_pointer(
    start_program: StartProgram,
    session_environment: dict[str, str],
    wechat: SandboxServer,
    screen: Screen,
    tray_host: FakeTrayHost,
) -> None:
    program = start_with_hotkey(start_program, session_environment, wechat, HotkeyAction.POPOVER)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        screen.xdotool("mousemove", "640", "400")
        popover = press_until(screen, POPOVER)
        place = dict(line.split("=") for line in screen.xdotool("getwindowgeometry", "--shell", popover).split())
        assert abs(int(place["X"]) + 372 // 2 - 640) < 372
        screen.xdotool("key", "Return")
        wait_until(screen.clipboard, "the token on the clipboard")
        screen.xdotool("key", "ctrl+alt+g")
        wait_until(lambda: not screen.windows(POPOVER), "a closed popover")
        assert screen.windows("^Guard Dog") == []
    assert program.output == ""


def test_the_search_has_the_keyboard_if_the_window_manager_is_slow(
    start_program: StartProgram,
    session_environment: dict[str, str],
    wechat: SandboxServer,
    screen: Screen,
    tray_host: FakeTrayHost,
) -> None:
    program = start_with_hotkey(start_program, session_environment, wechat)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        press_until(screen, SEARCH)
        screen.xdotool("key", "Escape")
        wait_until(lambda: not screen.windows(SEARCH), "a closed search")
        (window,) = screen.windows("^Guard Dog")
        wait_until(lambda: screen.xdotool("getactivewindow").strip() == window, "the keyboard in the window")
        screen.xdotool("key", "ctrl+w")
        wait_until(lambda: not screen.windows("Guard Dog"), "a closed window")
        with screen.stopped_window_manager():
            screen.xdotool("key", "ctrl+alt+g")
            time.sleep(1.0)  # until the window below the search and the search have been sent
        (window,) = wait_until(lambda: screen.windows(SEARCH), "the search")
        time.sleep(0.5)  # until the window below has asked for the keyboard as well
        wait_until(lambda: screen.xdotool("getactivewindow").strip() == window, "the keyboard in it")
    assert program.output == ""


def test_keys_that_are_taken_leave_the_program_running(
    start_program: StartProgram,
    session_environment: dict[str, str],
    wechat: SandboxServer,
    screen: Screen,
    tray_host: FakeTrayHost,
) -> None:
    keys = parse_hotkey(KEYS)
    assert keys is not None
    other = X11Hotkey(screen.display)
    assert other.grab(keys) is HotkeyStatus.ACTIVE
    program = start_with_hotkey(start_program, session_environment, wechat)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        screen.xdotool("key", "ctrl+alt+g")
        wait_until(other.read_presses, "a press for the other program")
        other.close()
        assert screen.windows(SEARCH) == []
    assert program.output == ""


def test_the_portal_of_a_wayland_session_opens_the_search(
    start_program: StartProgram,
    session_environment: dict[str, str],
    wechat: SandboxServer,
    screen: Screen,
    private_bus: str,
    tray_host: FakeTrayHost,
) -> None:
    with ShortcutsPortal(private_bus) as portal:
        program = start_with_hotkey(start_program, session_environment, wechat, XDG_SESSION_TYPE="wayland")
        with tray_host.wait_for_item() as item:
            item.wait_until_fresh(2)
            wait_until(lambda: portal.bound, "the shortcut")
            time.sleep(0.3)  # until it listens
            portal.press("a token")
            wait_until(lambda: screen.windows(SEARCH), "the search")
        assert portal.registered == ["io.github.guarddog.GuardDog"]
    assert program.output == ""
