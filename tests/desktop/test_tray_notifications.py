"""The real program with a notification server: a notification, its replacement and its buttons."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.desktop.guarddog_program import add_account, dog_values
from tests.desktop.processes import wait_until
from tests.desktop.program_process import script_path

if TYPE_CHECKING:
    from pathlib import Path

    from guarddog_gui.sandbox.server import SandboxServer
    from tests.desktop.dunst import Dunst
    from tests.desktop.gnome_keyring import GnomeKeyring
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.notification_server import NotificationServer, ReceivedNotification
    from tests.desktop.program_process import ProgramProcess
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

AT_ONCE_S = 10.0  # less than the quiet time after a start, which urgent notifications do not wait for
OUR_IP = "127.0.0.1"


class WeChatConsole:
    """WeChat's console: the settings of the account."""

    def __init__(self, wechat: SandboxServer) -> None:
        self._wechat = wechat
        self.shop = wechat.accounts[0]

    def whitelist(self, *ips: str) -> None:
        self._wechat.rules.set_account(replace(self.shop, ip_list=ips))


def has_call_count(wechat: SandboxServer, calls: int) -> bool:
    return wechat.rules.call_counts.total() >= calls


def shown(server: NotificationServer, number: int, *, seconds: float = AT_ONCE_S) -> ReceivedNotification:
    """Wait for this number of notifications, and return the last one."""
    wait_until(lambda: len(of_accounts(server)) >= number, f"notification {number}", timeout_s=seconds)
    assert len(of_accounts(server)) == number, [notification.title for notification in server.shown]
    return of_accounts(server)[-1]


def of_accounts(server: NotificationServer) -> list[ReceivedNotification]:
    """Return the notifications without the answers to copies."""
    return [notification for notification in server.shown if not notification.text.startswith("Copied ")]


def all_texts(server: NotificationServer) -> str:
    return repr(server.shown)


def start_with_account(start_program: StartProgram, wechat: SandboxServer) -> ProgramProcess:
    """Add an account without checking it, and start the program."""
    add_account(start_program, wechat, "--no-check")
    return start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)


def test_a_real_daemon_shows_it_and_its_actions_work(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    dunst: Dunst,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    WeChatConsole(wechat).whitelist("203.0.113.1")
    start_with_account(start_program, wechat)
    wait_until(lambda: dunst.displayed_count == 1, "a notification on the screen", timeout_s=AT_ONCE_S)
    assert tray_host.registered

    dunst.choose_action("Copy IP")
    wait_until(lambda: screen.clipboard() == OUR_IP, "the IP on the clipboard")
    assert not screen.windows("Guard Dog")

    dunst.choose_action("Open")
    wait_until(lambda: screen.windows("Guard Dog"), "the window")


def test_an_ip_not_on_the_whitelist_is_announced_once_and_copied_with_a_click(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    program = start_with_account(start_program, wechat)
    notification = shown(notification_server, 1)
    assert "Shop A" in notification.title
    assert OUR_IP in notification.text
    assert notification.actions["copy-ip"] == "Copy IP"
    assert notification.hints["urgency"] == 2
    assert notification.replaces_id == 0

    notification_server.invoke_action(notification, "copy-ip")
    wait_until(lambda: screen.clipboard() == OUR_IP, "the IP on the clipboard")
    assert not screen.windows("Guard Dog")
    wait_until(lambda: notification_server.shown[-1].text == f"Copied {OUR_IP}", "the answer to the copy")
    assert notification_server.shown[-1].hints["transient"] is True

    with tray_host.wait_for_item() as item:
        for _ in range(3):  # the same refusal again: no second notification
            wanted = wechat.rules.call_counts.total() + 1
            item.click_menu_item("Refresh now")
            wait_until(partial(has_call_count, wechat, wanted), "another refusal")
        time.sleep(1)
        assert len(of_accounts(notification_server)) == 1

        console.whitelist(OUR_IP)
        item.click_menu_item("Refresh now")
        item.wait_until_fresh(2)
    assert dog_values(guarddog_home)
    for value in dog_values(guarddog_home) | {console.shop.secret}:
        assert value not in all_texts(notification_server)
    assert program.output == ""


def test_a_recovery_replaces_the_notification_of_the_error(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    program = start_with_account(start_program, wechat)
    wrong = shown(notification_server, 1)
    with tray_host.wait_for_item() as item:
        time.sleep(16)  # the quiet time, in which a recovery is not announced
        console.whitelist(OUR_IP)
        item.click_menu_item("Refresh now")
        item.wait_until_fresh(2)
        well = shown(notification_server, 2)
        assert well.replaces_id == wrong.id
        assert "copy-ip" not in well.actions
        assert well.hints["urgency"] == 0
        item.click_menu_item("Quit")
    assert program.wait_for_exit(timeout_s=5) == 0
    wait_until(lambda: notification_server.closed_ids == [wrong.id], "the last notification to go")
    for value in dog_values(guarddog_home) | {console.shop.secret}:
        assert value not in all_texts(notification_server)


def test_the_try_again_button_retries(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    start_with_account(start_program, wechat)
    notification = shown(notification_server, 1)
    console.whitelist(OUR_IP)
    with tray_host.wait_for_item() as item:
        notification_server.invoke_action(notification, "try-again")
        item.wait_until_fresh(2)


def test_a_superseded_token_is_announced(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
) -> None:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat)
    before = dog_values(guarddog_home)
    wechat.rules.revoke_tokens(wechat.accounts[0].appid)
    for ticket in guarddog_home.glob("data/dogs/*/JSAPI_TICKET.dog"):
        ticket.unlink()  # so that the program requests a new one, with the revoked token
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        notification = shown(notification_server, 1)
        item.wait_until_fresh(2)
        assert "Shop A" in notification.title
        assert notification.hints["urgency"] == 2
        notification_server.invoke_action(notification)
        wait_until(lambda: screen.windows("Guard Dog"), "the window")
        wait_until(lambda: not before & dog_values(guarddog_home), "new values")
    for value in before | dog_values(guarddog_home):
        assert value not in all_texts(notification_server)
