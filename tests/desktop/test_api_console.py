"""The API page in the real program: a call, a refusal, a renewed token, a picture, a copy, and no token anywhere."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Platform
from tests.api_fakes import PNG
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
        self.type_into("Path", path)
        self.press("Return")

    def type_into(self, name: str, text: str) -> None:
        self.click("text", name)
        self.press("ctrl+a")
        self.screen.xdotool("type", "--delay", "10", text)

    def click(self, role: str, text: str) -> None:
        place = wait_until(lambda: self.tree.place_of(role, text), f"the {role} {text!r}")
        self.screen.xdotool("mousemove", *map(str, place), "click", "1")

    def wait_for_text(self, text: str) -> None:
        wait_until(lambda: any(text in shown for shown in self.tree.texts()), f"{text!r} to be readable", timeout_s=20)


@pytest.fixture
def account_options(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options of `accounts add` for the account of the test."""
    return getattr(request, "param", ())


@pytest.fixture
def user(
    account_options: tuple[str, ...],
    start_program: StartProgram,
    desktop_folder: Path,
    private_bus: str,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,  # noqa: ARG001 - the AppSecret is in it
    wechat: SandboxServer,
) -> Iterator[ApiUser]:
    if "mini-program" in account_options:
        wechat.rules.set_account(replace(wechat.accounts[0], platform=Platform.MINI_PROGRAM))
    add_account(start_program, wechat, *account_options)
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
            item.wait_until_fresh(1 if "mini-program" in account_options else 2)
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
    user.type_into("Path", "cgi-bin/user/get")
    user.click("button menu", "Copy as")
    user.press("Down", "Return")
    copied = wait_until(user.screen.clipboard, "a text on the clipboard")
    assert copied.startswith(f"curl '{wechat.base_url}/cgi-bin/user/get?access_token='")
    assert not any(value in copied for value in dog_values(guarddog_home))


def test_a_call_is_found_kept_and_listed(user: ApiUser, guarddog_home: Path) -> None:
    log = guarddog_home / "data" / "api_calls.json"
    user.press("ctrl+f")
    user.screen.xdotool("type", "--delay", "10", "list of followers")
    user.click("list item", "/cgi-bin/user/get")
    user.click("push button", "Send")
    user.wait_for_text("200 · ")
    user.click("check box", "Favourite")
    wait_until(lambda: json.loads(log.read_text("utf-8")).get("favourites"), "the favourite on disk")
    user.press("ctrl+f", "ctrl+a", "BackSpace", "shift+Tab", "End")  # the last list is the history
    wait_until(lambda: user.tree.place_of("list item", " ms"), "the call in the history")
    user.click("push button", "Forget these calls")
    wait_until(lambda: json.loads(log.read_text("utf-8"))["calls"] == {}, "the calls to be forgotten")


@pytest.mark.parametrize("account_options", [("--platform", "mini-program")], indirect=True)
def test_a_picture_is_shown(user: ApiUser) -> None:
    user.type_into("Path", "POST wxa/getwxacodeunlimit")
    user.click("page tab", "Body")
    user.type_into("Body", '{"scene": "id=1"}')
    user.press("ctrl+Return")
    user.wait_for_text("Picture, 222 × 222 pixels")


@pytest.mark.parametrize("account_options", [("--environment", "production")], indirect=True)
def test_a_change_on_a_production_account_asks_for_its_name(user: ApiUser, wechat: SandboxServer) -> None:
    user.send("cgi-bin/menu/delete")
    user.wait_for_text("Call GET /cgi-bin/menu/delete on Shop A?")
    user.press("Escape")
    wait_until(lambda: not any("Call GET" in text for text in user.tree.texts()), "the question to go")
    assert wechat.rules.call_counts["/cgi-bin/menu/delete"] == 0
    user.send("cgi-bin/menu/delete")
    user.wait_for_text("Call GET /cgi-bin/menu/delete on Shop A?")
    user.screen.xdotool("type", "--delay", "20", "Shop A")
    user.press("Return")
    user.wait_for_text("200 · ")
    assert wechat.rules.call_counts["/cgi-bin/menu/delete"] == 1


def test_a_file_is_uploaded(user: ApiUser, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    user.type_into("Path", "POST cgi-bin/media/upload?type=image")
    user.click("page tab", "File")
    user.type_into("File", str(tmp_path / "cat.png"))
    user.click("push button", "Send")
    user.wait_for_text("200 · ")
    assert not any("About" in text for text in user.tree.texts())
