"""Signing in the real program: from the tray menu to the copied text, and to config:ok in a browser."""

from __future__ import annotations

import json
import os
import re
import time
from typing import TYPE_CHECKING

from guarddog_gui.domain.signing.signature import SignatureInput
from tests.desktop.accessibility_tree import accessibility_bus
from tests.desktop.browser import private_browser
from tests.desktop.guarddog_program import sandbox_home, start_in_sandbox
from tests.desktop.processes import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desktop.accessibility_tree import AccessibilityTree
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

URL = "https://shop.example.com/p?id=1"
CHINESE = "https://shop.example.com/旗舰店/商品?名=值&id=%e4%b8%ad|7"
STOPS_MAX = 40


def copied_config(screen: Screen) -> str:
    """Wait for a wx.config on the clipboard and return it."""
    match = wait_until(lambda: re.fullmatch(r"(?s)wx\.config\(.*\);", screen.clipboard()), "wx.config on the clipboard")
    return match[0]


def is_valid_signature(config: str, home: Path, url: str) -> bool:
    """Return True if the signature is the one of this URL with the account's ticket on disk."""
    fields = dict(re.findall(r'(\w+): "?([^",\n]*)', config))
    dog = home / "data" / "dogs" / fields["appId"] / "JSAPI_TICKET.dog"
    ticket: str = json.loads(dog.read_text("utf-8"))["data"]
    signable = SignatureInput(ticket, fields["nonceStr"], int(fields["timestamp"]), url)
    return bool(fields["signature"] == signable.signature)


def test_a_url_is_signed_with_the_tray_menu_and_the_keyboard(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        item.click_menu_item("Sign a page…")
        screen.wait_for_keyboard()
        screen.xdotool("type", "--delay", "20", URL)
        screen.xdotool("key", "Return")
        assert is_valid_signature(copied_config(screen), sandbox_home(desktop_folder), URL)


def test_a_url_on_the_clipboard_is_signed_with_the_tray_menu_and_enter(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item, screen.text_on_clipboard(CHINESE):
        item.wait_until_fresh(5)
        item.click_menu_item("Sign a page…")
        screen.wait_for_keyboard()
        screen.xdotool("key", "Return")
        assert is_valid_signature(copied_config(screen), sandbox_home(desktop_folder), CHINESE)


def test_the_opened_test_page_shows_config_ok_in_a_browser(
    start_program: StartProgram,
    desktop_folder: Path,
    private_bus: str,
    screen: Screen,
    tray_host: FakeTrayHost,
    tmp_path: Path,
) -> None:
    programs, opened = tmp_path / "bin", tmp_path / "opened"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}.part" && mv "{opened}.part" "{opened}"\n')
    opener.chmod(0o755)
    with accessibility_bus(desktop_folder, private_bus, screen.display) as (tree, address):
        start_in_sandbox(
            start_program,
            desktop_folder,
            AT_SPI_BUS_ADDRESS=address,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            NO_AT_BRIDGE="0",
            PATH=f"{programs}:{os.environ['PATH']}",
            BROWSER=str(opener),
        )
        with tray_host.wait_for_item() as item, screen.text_on_clipboard(CHINESE):
            item.wait_until_fresh(5)
            item.click_menu_item("Sign a page…")
            screen.wait_for_keyboard()
            press_button(screen, tree, "Verify in the browser")
            wait_until(opened.exists, "a browser to be asked for")
            profile = tmp_path / "chromium"
            profile.mkdir()
            with private_browser(profile) as browser:
                browser.open(opened.read_text())
                wait_until(
                    lambda: browser.execute_script("return document.getElementById('result').dataset.shown"),
                    "a verdict",
                )
                assert browser.text("#result") == "config:ok"
                assert browser.execute_script("return location.pathname") == (
                    "/jssdk/%E6%97%97%E8%88%B0%E5%BA%97/%E5%95%86%E5%93%81"
                )
                assert browser.execute_script("return location.search") == "?%E5%90%8D=%E5%80%BC&id=%E4%B8%AD%7C7"


def press_button(screen: Screen, tree: AccessibilityTree, name: str) -> None:
    """Press Tab until the button is focused, then press space."""
    for _ in range(STOPS_MAX):
        stop = tree.focused()
        if stop and stop[0].name == name:
            screen.xdotool("key", "space")
            return
        screen.xdotool("key", "Tab")
        time.sleep(0.05)
    raise AssertionError(f"Tab does not reach {name}")
