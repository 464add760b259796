"""The global hotkey on a private X server, with keys pressed by xdotool."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from guarddog_gui.adapters.hotkeys.x11 import X11Hotkey
from guarddog_gui.domain.hotkeys import Hotkey, HotkeyStatus, parse_hotkey
from tests.desktop.processes import wait_until
from tests.desktop.screen import Screen, private_screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs an X server")


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with private_screen() as screen:
        yield screen


@pytest.fixture
def hotkey(screen: Screen) -> Iterator[X11Hotkey]:
    hotkey = X11Hotkey(screen.display)
    yield hotkey
    hotkey.close()


def keys(text: str) -> Hotkey:
    hotkey = parse_hotkey(text)
    assert hotkey is not None
    return hotkey


def wait_for_press(hotkey: X11Hotkey) -> int:
    return wait_until(hotkey.read_presses, "a press")[0]


@pytest.mark.parametrize(
    ("text", "pressed"), [("Ctrl+Alt+G", "ctrl+alt+g"), ("Meta+1", "super+1"), ("Ctrl+Shift+F12", "ctrl+shift+F12")]
)
def test_pressed_keys_are_reported(hotkey: X11Hotkey, screen: Screen, text: str, pressed: str) -> None:
    assert hotkey.grab(keys(text)) is HotkeyStatus.ACTIVE
    screen.xdotool("key", pressed)
    assert wait_for_press(hotkey) > 0


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_the_keys_work_with_a_lock_on(hotkey: X11Hotkey, screen: Screen, lock: str) -> None:
    assert hotkey.grab(keys("Ctrl+Alt+G")) is HotkeyStatus.ACTIVE
    screen.xdotool("key", lock)
    try:
        screen.xdotool("key", "ctrl+alt+g")
        wait_for_press(hotkey)
    finally:
        screen.xdotool("key", lock)


def test_keys_of_another_program_are_taken_until_it_ends(hotkey: X11Hotkey, screen: Screen) -> None:
    other = X11Hotkey(screen.display)
    assert other.grab(keys("Ctrl+Alt+G")) is HotkeyStatus.ACTIVE
    assert hotkey.grab(keys("Ctrl+Alt+G")) is HotkeyStatus.TAKEN
    assert hotkey.grab(keys("Ctrl+Alt+J")) is HotkeyStatus.ACTIVE
    other.close()
    assert hotkey.grab(keys("Ctrl+Alt+G")) is HotkeyStatus.ACTIVE


def test_released_keys_are_free_for_others(hotkey: X11Hotkey, screen: Screen) -> None:
    hotkey.grab(keys("Ctrl+Alt+G"))
    hotkey.release()
    other = X11Hotkey(screen.display)
    assert wait_until(lambda: other.grab(keys("Ctrl+Alt+G")) is HotkeyStatus.ACTIVE, "free keys")
    other.close()


def test_keys_that_are_held_down_are_pressed_once(hotkey: X11Hotkey, screen: Screen) -> None:
    hotkey.grab(keys("Ctrl+Alt+G"))
    screen.xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "g", "sleep", "1.2")
    screen.xdotool("keyup", "g", "keyup", "alt", "keyup", "ctrl")
    wait_for_press(hotkey)
    assert hotkey.read_presses() == []


def test_a_missing_x_server_is_an_oserror() -> None:
    with pytest.raises(OSError, match="X server"):
        X11Hotkey(":987")
