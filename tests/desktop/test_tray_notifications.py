"""The real program and a notification server: one notice that is replaced, its buttons, and no token in it."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.processes import wait_until
from tests.desktop.program_process import script_path
from tests.desktop.test_quit import add_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop.conftest import StartProgram
    from tests.desktop.dunst import Dunst
    from tests.desktop.gnome_keyring import GnomeKeyring
    from tests.desktop.notification_server import NotificationServer, ReceivedNotification
    from tests.desktop.program_process import ProgramProcess
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost
    from tests.desktop.tray_item import TrayItem

AT_ONCE_S = 10.0  # below the quiet time after a start: what needs a person does not wait for its end
OUR_IP = "127.0.0.1"


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def home(session_environment: dict[str, str]) -> str:
    return session_environment["GUARDDOG_HOME"]


class WeChatConsole:
    """What a person does on WeChat's side."""

    def __init__(self, wechat: SandboxServer) -> None:
        self._wechat = wechat
        self.shop = wechat.accounts[0]

    def whitelist(self, *ips: str) -> None:
        order = json.dumps({"appid": self.shop.appid, "ip_list": list(ips)}).encode()
        status, answer = self._wechat.app._control.handle(
            "POST", "/_sandbox/accounts", order, "127.0.0.1", self._wechat.control_key
        )
        assert status == 200, answer


def has_heard(wechat: SandboxServer, calls: int) -> bool:
    return wechat.rules.call_counts.total() >= calls


def shown(server: NotificationServer, number: int, *, seconds: float = AT_ONCE_S) -> ReceivedNotification:
    """The notice with this number, and not one more."""
    wait_until(lambda: len(server.shown) >= number, f"notice {number}", timeout_s=seconds)
    assert len(server.shown) == number, [one.title for one in server.shown]
    return server.shown[-1]


def values_of(home: str) -> set[str]:
    """Every token and ticket that lies on the disk."""
    return {json.loads(file.read_text("utf-8"))["data"] for file in Path(home).glob("data/dogs/*/*.dog")}


def everything_said(server: NotificationServer) -> str:
    return repr(server.shown)


def begin(start_program: StartProgram, wechat: SandboxServer) -> ProgramProcess:
    """With an account that nobody has checked."""
    add_account(start_program, wechat, "--no-check")
    return start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)


def wait_until_fresh(item: TrayItem) -> None:
    wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "two fresh keys", timeout_s=20)


def test_a_real_daemon_shows_it_and_what_a_person_chooses_there_happens(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    dunst: Dunst,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    WeChatConsole(wechat).whitelist("203.0.113.1")
    begin(start_program, wechat)
    wait_until(lambda: dunst.displayed_count == 1, "a notification on the screen", timeout_s=AT_ONCE_S)
    assert tray_host.registered

    dunst.choose_action("Copy IP")
    wait_until(lambda: screen.clipboard() == OUR_IP, "the IP on the clipboard")
    assert not screen.windows("Guard Dog")

    dunst.choose_action("Open")
    wait_until(lambda: screen.windows("Guard Dog"), "the window")


def test_an_ip_that_is_not_listed_is_told_once_copied_with_one_click_and_taken_back(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: str,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    program = begin(start_program, wechat)
    notice = shown(notification_server, 1)
    assert "Shop A" in notice.title
    assert OUR_IP in notice.text
    assert notice.actions["copy-ip"] == "Copy IP"
    assert notice.hints["urgency"] == 2
    assert notice.replaces_id == 0

    notification_server.invoke_action(notice, "copy-ip")
    wait_until(lambda: screen.clipboard() == OUR_IP, "the IP on the clipboard")
    assert not screen.windows("Guard Dog")

    with tray_host.wait_for_item() as item:
        for _ in range(3):  # refused again and again: the same trouble, and no second notice
            wanted = wechat.rules.call_counts.total() + 1
            item.click_menu_item("Refresh now")
            wait_until(partial(has_heard, wechat, wanted), "another refusal")
        time.sleep(1)
        assert len(notification_server.shown) == 1

        console.whitelist(OUR_IP)
        item.click_menu_item("Refresh now")
        wait_until_fresh(item)
    assert values_of(home)
    for value in values_of(home) | {console.shop.secret}:
        assert value not in everything_said(notification_server)
    assert program.output == ""


def test_what_is_over_takes_the_place_of_what_was_wrong(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: str,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    program = begin(start_program, wechat)
    wrong = shown(notification_server, 1)
    with tray_host.wait_for_item() as item:
        time.sleep(16)  # the quiet time: before its end nobody is told that all is well
        console.whitelist(OUR_IP)
        item.click_menu_item("Refresh now")
        wait_until_fresh(item)
        well = shown(notification_server, 2)
        assert well.replaces_id == wrong.id
        assert "copy-ip" not in well.actions
        assert well.hints["urgency"] == 0
        item.click_menu_item("Quit")
    assert program.wait_for_exit(timeout_s=5) == 0
    wait_until(lambda: notification_server.closed_ids == [wrong.id], "the last notice to go")
    for value in values_of(home) | {console.shop.secret}:
        assert value not in everything_said(notification_server)


def test_try_again_in_the_notice_tries_again(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    console = WeChatConsole(wechat)
    console.whitelist("203.0.113.1")
    begin(start_program, wechat)
    notice = shown(notification_server, 1)
    console.whitelist(OUR_IP)
    with tray_host.wait_for_item() as item:
        notification_server.invoke_action(notice, "try-again")
        wait_until_fresh(item)


def test_a_token_that_somebody_took_is_told(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: str,
) -> None:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat)
    before = values_of(home)
    wechat.rules.revoke_tokens(wechat.accounts[0].appid)
    for ticket in Path(home).glob("data/dogs/*/JSAPI_TICKET.dog"):
        ticket.unlink()  # so that a new one is asked for, with the token that is dead by now
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        notice = shown(notification_server, 1)
        wait_until_fresh(item)
        assert "Shop A" in notice.title
        assert notice.hints["urgency"] == 2
        notification_server.invoke_action(notice)
        wait_until(lambda: screen.windows("Guard Dog"), "the window")
        wait_until(lambda: not before & values_of(home), "new values")
    for value in before | values_of(home):
        assert value not in everything_said(notification_server)
