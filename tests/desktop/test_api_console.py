"""The API page in the real program: a call, a refusal, a renewed token, a picture, a copy, and no token anywhere."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.desktop.accessibility_tree import AccessibilityTree, accessibility_bus
from tests.desktop.guarddog_program import add_account, dog_values, read_dog
from tests.desktop.processes import wait_until
from tests.desktop.program_process import script_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guarddog_gui.sandbox.server import SandboxServer
    from tests.desktop.gnome_keyring import GnomeKeyring
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost


class ApiUser:
    """User at the keyboard with the API page open, who reads the accessibility tree."""

    def __init__(self, screen: Screen, tree: AccessibilityTree) -> None:
        self.screen = screen
        self.tree = tree

    def press(self, *keys: str) -> None:
        self.screen.xdotool("key", "--delay", "20", *keys)

    def send(self, path: str) -> None:
        """Replace the path and press Enter."""
        self.click("text", "Path")
        self.press("ctrl+a")
        self.screen.xdotool("type", "--delay", "10", path)
        self.press("Return")

    def click(self, role: str, text: str) -> None:
        place = wait_until(lambda: self.tree.place_of(role, text), f"the {role} {text!r}")
        self.screen.xdotool("mousemove", *map(str, place), "click", "1")

    def wait_for_text(self, text: str) -> None:
        wait_until(lambda: any(text in shown for shown in self.tree.texts()), f"{text!r} to be readable", timeout_s=20)


@pytest.fixture
def user(
    start_program: StartProgram,
    desktop_folder: Path,
    private_bus: str,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,  # noqa: ARG001 - the AppSecret is in it
    wechat: SandboxServer,
) -> Iterator[ApiUser]:
    add_account(start_program, wechat)
    with accessibility_bus(desktop_folder, private_bus, screen.display) as (tree, address):
        start_program(
            script_path("guarddog-gui"),
            "--show",
            GUARDDOG_API_BASE=wechat.base_url,
            AT_SPI_BUS_ADDRESS=address,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            NO_AT_BRIDGE="0",
        )
        with tray_host.wait_for_item() as item:
            item.wait_until_fresh(2)
            screen.wait_for_keyboard()
            user = ApiUser(screen, tree)
            user.press("alt+6")
            wait_until(lambda: tree.place_of("text", "Path"), "the API page")
            yield user


def test_the_page_calls_explains_renews_and_keeps_no_value(
    user: ApiUser, wechat: SandboxServer, guarddog_home: Path, desktop_folder: Path, screen: Screen
) -> None:
    shop = wechat.accounts[0]
    log = guarddog_home / "data" / "api_calls.json"

    user.send("cgi-bin/user/get")
    user.wait_for_text("200 · ")
    assert wechat.rules.call_counts["/cgi-bin/user/get"] == 1

    user.send("cgi-bin/user/info?openid=oPRIVATE")
    user.wait_for_text("openid is wrong")
    user.wait_for_text("About 40003")

    before = read_dog(guarddog_home, shop.appid, "ACCESS_TOKEN")
    wechat.rules.revoke_tokens(shop.appid)
    user.send("cgi-bin/get_api_domain_ip")
    user.wait_for_text("renewed it")
    assert wechat.rules.call_counts["/cgi-bin/get_api_domain_ip"] == 2
    assert read_dog(guarddog_home, shop.appid, "ACCESS_TOKEN") != before

    user.send("//evil.example/x")
    user.wait_for_text("another server")

    wait_until(lambda: len(json.loads(log.read_text("utf-8"))["calls"][shop.appid]) == 4, "the calls in the log")
    kept = b"".join(file.read_bytes() for file in guarddog_home.rglob("*") if file.is_file() and file.suffix != ".dog")
    outputs = b"".join(file.read_bytes() for file in desktop_folder.glob("program-*.log"))
    for value in (b"oPRIVATE", shop.secret.encode(), *(value.encode() for value in dog_values(guarddog_home))):
        assert value not in kept + outputs
    with sqlite3.connect(f"file:{guarddog_home}/data/history.sqlite3?mode=ro", uri=True) as history:
        assert history.execute("SELECT count(*) FROM attempt WHERE errcode = 40001").fetchone() == (1,)
    assert screen.windows("Guard Dog")


def test_a_call_is_copied_with_a_variable(user: ApiUser, wechat: SandboxServer, guarddog_home: Path) -> None:
    user.click("text", "Path")
    user.press("ctrl+a")
    user.screen.xdotool("type", "--delay", "10", "cgi-bin/user/get")
    user.click("button menu", "Copy as")
    user.press("Down", "Return")
    copied = wait_until(user.screen.clipboard, "a text on the clipboard")
    assert copied.startswith(f"curl '{wechat.base_url}/cgi-bin/user/get?access_token='")
    assert not any(value in copied for value in dog_values(guarddog_home))
