"""The global hotkey of the settings: which way it is asked for, and that it costs nothing while it is off."""

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.app.global_hotkey import GlobalHotkey
from guarddog_gui.domain.hotkeys import HotkeyAction, HotkeyState, HotkeyStatus

NOTHING_LOADED = """
import sys
import guarddog_gui.app.tray_app
print([name for name in sys.modules if "hotkey" in name and name != "guarddog_gui.domain.hotkeys"])
"""


def hotkey_on(platform: str, **environ: str) -> tuple[GlobalHotkey, list[HotkeyState]]:
    hotkey, states = GlobalHotkey(platform, environ, "app.id"), list[HotkeyState]()
    hotkey.state_changed.connect(states.append)
    return hotkey, states


@pytest.mark.parametrize("platform", ["windows", "cocoa", "offscreen"])
def test_it_is_honest_where_there_is_none(platform: str, qtbot: QtBot) -> None:  # noqa: ARG001 - signals need Qt
    hotkey, states = hotkey_on(platform)
    hotkey.apply("Ctrl+Alt+G", HotkeyAction.SEARCH, "")
    hotkey.apply("Ctrl+Alt+G", HotkeyAction.POPOVER, "")
    assert states == [HotkeyState(HotkeyStatus.UNAVAILABLE, "Ctrl+Alt+G")]
    hotkey.apply("", HotkeyAction.SEARCH, "")
    assert hotkey.state == HotkeyState()


def test_keys_that_would_be_typed_are_refused(qtbot: QtBot) -> None:  # noqa: ARG001 - signals need Qt
    hotkey, states = hotkey_on("xcb")
    hotkey.apply("Shift+G", HotkeyAction.SEARCH, "")
    assert states == [HotkeyState(HotkeyStatus.INVALID, "Shift+G")]


@pytest.mark.skipif(sys.platform != "linux", reason="X11 and portals exist on Linux only")
@pytest.mark.parametrize(("platform", "session"), [("wayland", "wayland"), ("xcb", "wayland")])
def test_a_session_of_wayland_asks_the_desktop(
    platform: str, session: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    hotkey, states = hotkey_on(platform, XDG_SESSION_TYPE=session)
    hotkey.apply("Ctrl+Alt+G", HotkeyAction.SEARCH, "Open Guard Dog")
    qtbot.waitUntil(lambda: len(states) == 2)
    assert [state.status for state in states] == [HotkeyStatus.ASKING, HotkeyStatus.UNAVAILABLE]
    hotkey.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="X11 exists on Linux only")
def test_a_missing_x_server_is_no_crash(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("DISPLAY", ":987")
    hotkey, states = hotkey_on("xcb")
    hotkey.apply("Ctrl+Alt+G", HotkeyAction.SEARCH, "")
    assert [state.status for state in states] == [HotkeyStatus.UNAVAILABLE]


def test_nothing_of_it_is_loaded_at_the_start() -> None:
    done = subprocess.run([sys.executable, "-c", NOTHING_LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
