"""The daily loop in the real program, with every click and key press counted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.desktop.accessibility_tree import AccessibilityTree, accessibility_bus
from tests.desktop.guarddog_program import dog_values, sandbox_home, start_in_sandbox
from tests.desktop.processes import wait_until
from tests.desktop.program_process import script_path
from tests.desktop.test_diagnosis import PAGE, wrong_config
from tests.desktop.test_signing import URL, copied_config, is_valid_signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guarddog_gui.sandbox.server import SandboxServer
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost
    from tests.desktop.tray_item import TrayItem

POPOVER = "^Accounts .* Guard Dog$"


class CountingUser:
    """User whose clicks and key presses are counted; looking is free."""

    def __init__(self, screen: Screen, tree: AccessibilityTree, environment: dict[str, str]) -> None:
        """Take variables of the program that is to be used."""
        self.screen = screen
        self.tree = tree
        self.environment = environment
        self.steps = 0

    def press(self, key: str) -> None:
        self.steps += 1
        self.screen.xdotool("key", key)

    def click(self, role: str, text: str) -> None:
        """Click on the object with this role and text as soon as it is there."""
        place = wait_until(lambda: self.tree.place_of(role, text), f"the {role} {text!r}")
        self.steps += 1
        self.screen.xdotool("mousemove", *map(str, place), "click", "1")

    def middle_click(self, item: TrayItem) -> None:
        self.steps += 1
        item.middle_click()

    def click_icon(self, item: TrayItem) -> None:
        self.steps += 1
        item.click()

    def wait_for_text(self, text: str) -> None:
        wait_until(lambda: any(text in shown for shown in self.tree.texts()), f"{text!r} to be readable")


@pytest.fixture
def user(desktop_folder: Path, private_bus: str, screen: Screen) -> Iterator[CountingUser]:
    with accessibility_bus(desktop_folder, private_bus, screen.display) as (tree, address):
        environment = {
            "AT_SPI_BUS_ADDRESS": address,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "NO_AT_BRIDGE": "0",
            "GUARDDOG_LANG": "en",
        }
        yield CountingUser(screen, tree, environment)


@pytest.fixture
def item(
    user: CountingUser, start_program: StartProgram, desktop_folder: Path, tray_host: FakeTrayHost
) -> Iterator[TrayItem]:
    """Icon of the program, whose window is open."""
    start_in_sandbox(start_program, desktop_folder, "--show", **user.environment)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        user.screen.wait_for_keyboard()
        yield item


def test_everything_is_fine_at_a_glance(user: CountingUser, item: TrayItem) -> None:
    assert item.tooltip.splitlines()[1].startswith("5 of 5 usable")
    user.wait_for_text("Everything is usable")
    assert user.steps == 0


def test_the_default_token_is_copied_with_one_click(user: CountingUser, item: TrayItem, desktop_folder: Path) -> None:
    user.middle_click(item)
    copied = wait_until(user.screen.clipboard, "the token on the clipboard")
    assert copied in dog_values(sandbox_home(desktop_folder), "ACCESS_TOKEN")
    assert user.steps == 1


def test_any_token_is_copied_with_one_click_in_the_popover(
    user: CountingUser, item: TrayItem, desktop_folder: Path
) -> None:
    user.click_icon(item)
    wait_until(lambda: user.screen.windows(POPOVER), "the popover")
    user.click("push button", "Copy access_token of Sandbox magazine")
    copied = wait_until(user.screen.clipboard, "the token on the clipboard")
    assert copied in dog_values(sandbox_home(desktop_folder), "ACCESS_TOKEN")
    assert user.steps == 2  # with the one that opens it


def test_an_address_on_the_clipboard_is_signed_with_two_keys(
    user: CountingUser, item: TrayItem, desktop_folder: Path
) -> None:
    assert item.tooltip
    with user.screen.text_on_clipboard(URL):
        user.press("alt+3")
        user.wait_for_text("Signed with ticket")
        user.press("Return")
        assert is_valid_signature(copied_config(user.screen), sandbox_home(desktop_folder), URL)
    assert user.steps == 2


@pytest.mark.usefixtures("item")
def test_a_config_and_its_address_on_the_clipboard_are_diagnosed_with_one_key(
    user: CountingUser, desktop_folder: Path
) -> None:
    with user.screen.text_on_clipboard(f"{wrong_config(sandbox_home(desktop_folder))}\n{PAGE}"):
        user.press("alt+4")
        user.wait_for_text("is missing in what was signed")
        user.wait_for_text("Sign the right URL")
    assert user.steps <= 2


@pytest.mark.usefixtures("item")
def test_another_account_is_chosen_for_all_pages_with_one_click(user: CountingUser) -> None:
    with user.screen.text_on_clipboard(URL):
        user.press("alt+3")
        user.wait_for_text("Signed with ticket")
        user.steps = 0
        user.click("list item", "Sandbox magazine")
        assert user.steps == 1
        wait_until(lambda: user.tree.place_of("combo box", "Sandbox magazine"), "the account of the page that signs")
        user.press("alt+4")
        wait_until(lambda: user.tree.place_of("combo box", "Sandbox magazine"), "the account of the next page")


def test_yesterdays_incident_is_explained_with_a_key_and_a_click(
    user: CountingUser,
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    wechat: SandboxServer,
    session_environment: dict[str, str],
) -> None:
    write_incident(session_environment, wechat)
    start_program(script_path("guarddog-gui"), "--show", GUARDDOG_API_BASE=wechat.base_url, **user.environment)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        user.screen.wait_for_keyboard()
        user.press("alt+2")
        user.click("list item", "IP not whitelisted")
        user.wait_for_text("This computer calls from 203.0.113.9")
    assert user.steps == 2


def write_incident(environment: dict[str, str], wechat: SandboxServer) -> None:
    """Write an account whose values are fresh and which WeChat refused three times, a day ago."""
    container, now = make_container(environment, time.time), time.time()
    account = Account(wechat.accounts[0].appid, "Shop A")
    container.accounts.update(lambda _: (account,))
    for kind in (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET):
        container.dog_files.write(account, kind, TokenRecord(f"value of {kind}", 7200, int(now * 1000), "", 290))
    for minutes in (0, 1, 3):
        container.history.append(
            HistoryEntry(
                at=now - DAY_S + 60 * minutes,
                appid=account.appid,
                key=TokenKind.ACCESS_TOKEN.value,
                trigger=Trigger.TIMER,
                result=AttemptResult.REFUSED,
                calls=1,
                errcode=40164,
                errmsg="invalid ip 203.0.113.9, not in whitelist",
                ip="203.0.113.9",
                endpoint="stable_token",
            )
        )
    container.history.close()
