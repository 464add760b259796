"""The desktop fixtures, each tested against a real program before tests of Guard Dog rely on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jeepney import DBusAddress

from tests.desktop.bus_service import BusClient, BusMessage, BusService
from tests.desktop.processes import wait_until
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.tray_item import displayed_label

if TYPE_CHECKING:
    from tests.desktop.gnome_keyring import GnomeKeyring
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.logind import FakeLogind
    from tests.desktop.notification_server import NotificationServer
    from tests.desktop.screen import Screen

MINIMAL_TRAY = [sys.executable, str(Path(__file__).parent / "minimal_tray.py")]


def test_the_icon_tooltip_and_menu_of_a_registered_program_can_be_read(
    tray_host: FakeTrayHost, start_program: StartProgram
) -> None:
    start_program(*MINIMAL_TRAY)
    with tray_host.wait_for_item() as item:
        assert item.properties()["Title"] == "smallest-tray"
        assert item.properties()["Status"] == "Active"
        assert item.tooltip == "awake"
        assert item.icon[22].startswith(bytes.fromhex("ff1a7f37"))
        assert item.labels() == ["Copy access_token", "Not now", "More"]
        assert not item.menu_item("Not now").is_enabled
        assert item.menu_item("More", "Pause").is_checked is False


def test_a_clicked_menu_item_acts_and_copies_to_the_clipboard_of_the_screen(
    tray_host: FakeTrayHost, screen: Screen, start_program: StartProgram
) -> None:
    start_program(*MINIMAL_TRAY)
    with tray_host.wait_for_item() as item:
        item.click_menu_item("Copy access_token")
        wait_until(screen.clipboard, "text on the clipboard")
        assert screen.clipboard() == "令牌 of the tray"
        assert "UTF8_STRING" in screen.clipboard_targets()
        item.click_menu_item("More", "Pause")
        wait_until(lambda: item.menu_item("More", "Pause").is_checked, "the check mark")
        assert item.tooltip == "paused"
        assert tray_host.signal_bodies("NewToolTip")


def test_mouse_clicks_and_the_opening_of_the_menu_reach_the_program(
    tray_host: FakeTrayHost, start_program: StartProgram
) -> None:
    program = start_program(*MINIMAL_TRAY)
    with tray_host.wait_for_item() as item:
        item.click()
        program.wait_for_output("activated: Trigger")
        item.middle_click()
        program.wait_for_output("activated: MiddleClick")
        item.open_menu()
        program.wait_for_output("about to show")


def test_after_a_restart_of_the_panel_the_program_registers_again(
    tray_host: FakeTrayHost, start_program: StartProgram
) -> None:
    start_program(*MINIMAL_TRAY)
    tray_host.wait_for_item().close()
    tray_host.restart()
    with tray_host.wait_for_item() as item:
        assert item.tooltip == "awake"


def test_a_panel_that_starts_late_is_missed_by_a_program_that_does_not_watch_for_it(
    private_bus: str, start_program: StartProgram
) -> None:
    start_program(*MINIMAL_TRAY).wait_for_output("ready")
    with FakeTrayHost(private_bus) as late, pytest.raises(pytest.fail.Exception, match="an icon in the tray"):
        late.wait_for_item(seconds=1)


def test_the_tray_removes_a_program_that_exits(tray_host: FakeTrayHost, start_program: StartProgram) -> None:
    program = start_program(*MINIMAL_TRAY)
    tray_host.wait_for_item().close()
    assert program.stop() == -15
    wait_until(lambda: not tray_host.registered, "an empty tray")


def test_a_screenshot_can_be_taken(screen: Screen, tmp_path: Path) -> None:
    assert screen.screenshot(tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("sent", "shown"), [("Copy access_token", "Copy accesstoken"), ("a__b", "a_b"), ("_Quit", "Quit")]
)
def test_a_panel_takes_an_underscore_for_a_mnemonic_mark(sent: str, shown: str) -> None:
    assert displayed_label(sent) == shown


# The keyring, used by a separate process.


def keyring(environment: dict[str, str], code: str, *, seconds: float = 20) -> str:
    """Run code after `import keyring` and return its output, or the last line of its traceback."""
    command = [sys.executable, "-c", f"import keyring; {code}"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    return (result.stdout or result.stderr).strip().rpartition("\n")[2]


STORE = "keyring.set_password('guarddog:wx1', 'appsecret', '密码')"
LOOKUP = "print(keyring.get_password('guarddog:wx1', 'appsecret'))"


def test_a_secret_survives_a_restart_of_the_real_keyring(
    gnome_keyring: GnomeKeyring, session_environment: dict[str, str]
) -> None:
    keyring(session_environment, STORE)
    gnome_keyring.stop()
    gnome_keyring.start()
    assert keyring(session_environment, LOOKUP) == "密码"


def test_a_locked_keyring_reports_that_until_it_is_unlocked(
    gnome_keyring: GnomeKeyring, session_environment: dict[str, str]
) -> None:
    keyring(session_environment, STORE)
    gnome_keyring.lock()
    assert "KeyringLocked" in keyring(session_environment, LOOKUP)
    gnome_keyring.unlock()
    assert keyring(session_environment, LOOKUP) == "密码"


def test_a_keyring_can_be_locked_from_the_start(
    gnome_keyring: GnomeKeyring, session_environment: dict[str, str]
) -> None:
    keyring(session_environment, STORE)
    gnome_keyring.stop()
    gnome_keyring.start_locked()
    assert "KeyringLocked" in keyring(session_environment, LOOKUP)


def test_a_frozen_keyring_answers_only_once_it_is_thawed(
    gnome_keyring: GnomeKeyring, session_environment: dict[str, str]
) -> None:
    keyring(session_environment, STORE)
    gnome_keyring.freeze()
    with pytest.raises(subprocess.TimeoutExpired):
        keyring(session_environment, LOOKUP, seconds=1)
    gnome_keyring.thaw()
    assert keyring(session_environment, LOOKUP) == "密码"


def test_a_killed_keyring_is_not_restarted(gnome_keyring: GnomeKeyring, session_environment: dict[str, str]) -> None:
    gnome_keyring.kill()
    assert "NoKeyringError" in keyring(session_environment, LOOKUP)


# Notifications, suspend and resume.


def test_a_notification_is_recorded_and_a_click_on_it_is_signalled(
    notification_server: NotificationServer, private_bus: str
) -> None:
    service = DBusAddress(notification_server.path, notification_server.name, notification_server.name)
    hints = {"urgency": ("y", 2), "desktop-entry": ("s", "guarddog-gui")}
    arguments = ("Guard Dog", 0, "", "标题", "text", ["default", "Open"], hints, -1)
    with SignalListener(private_bus) as program:
        client = BusClient(private_bus)
        (number,) = client.call(service, "Notify", "susssasa{sv}i", arguments)
        client.close()
        (shown,) = notification_server.shown
        assert (shown.id, shown.title, shown.actions) == (number, "标题", {"default": "Open"})
        assert shown.hints == {"urgency": 2, "desktop-entry": "guarddog-gui"}
        notification_server.invoke_action(shown)
        wait_until(lambda: len(program.signals) == 2, "both signals of a click")
    assert program.signals == [("ActionInvoked", (number, "default")), ("NotificationClosed", (number, 2))]


def test_suspend_and_resume_are_announced_on_the_private_system_bus(logind: FakeLogind) -> None:
    with SignalListener(logind.bus) as program:
        logind.suspend()
        logind.resume()
        wait_until(lambda: len(program.signals) == 2, "both signals of a sleep")
    assert program.signals == [("PrepareForSleep", (True,)), ("PrepareForSleep", (False,))]


class SignalListener(BusService):
    """Program on the bus that records the signals of the desktop."""

    name = "org.example.Listener"
    path = "/"

    def __init__(self, bus: str) -> None:
        super().__init__(bus)
        self.signals: list[tuple[str, tuple[object, ...]]] = []

    def match_rules(self) -> list[str]:
        interfaces = ("org.freedesktop.Notifications", "org.freedesktop.login1.Manager")
        return [f"type='signal',interface='{interface}'" for interface in interfaces]

    def on_signal(self, signal: BusMessage) -> None:
        if signal.member != "NameAcquired":
            self.signals.append((signal.member, signal.body))
