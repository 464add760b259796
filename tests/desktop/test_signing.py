"""The real program signs: from the tray entry to the copied text, and to a browser that says config:ok."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from guarddog_gui.domain.signing.signature import SignatureInput
from tests.desktop.accessibility_tree import accessibility_bus
from tests.desktop.browser import private_browser
from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until
from tests.desktop.test_main_journey import sandbox_home, start_in_sandbox, wait_until_fresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desktop.accessibility_tree import AccessibilityTree
    from tests.desktop.conftest import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

URL = "https://shop.example.com/p?id=1"
CHINESE = "https://shop.example.com/旗舰店/商品?名=值&id=%e4%b8%ad|7"
STOPS_MAX = 40


@contextmanager
def on_the_clipboard(screen: Screen, text: str) -> Iterator[None]:
    """As another program has copied it, until ours copies something."""
    environment = minimal_environment(DISPLAY=screen.display)
    command = [require_command("xclip"), "-selection", "clipboard", "-in", "-quiet"]
    owner = start_process(command, environment, stdin=subprocess.PIPE)
    try:
        assert owner.stdin is not None
        owner.stdin.write(text.encode())
        owner.stdin.close()
        wait_until(lambda: screen.clipboard() == text, "the text on the clipboard")
        yield
    finally:
        stop_process(owner)


def wait_for_keyboard(screen: Screen) -> None:
    """Until the keys go to the window."""

    def is_active() -> bool:
        return screen.xdotool("getactivewindow").strip() in screen.windows("Guard Dog")

    wait_until(is_active, "the window with the keyboard")
    time.sleep(0.3)


def copied_config(screen: Screen) -> str:
    """The wx.config on the clipboard, once it is there."""
    found = wait_until(lambda: re.fullmatch(r"(?s)wx\.config\(.*\);", screen.clipboard()), "wx.config on the clipboard")
    return found[0]


def is_right(config: str, home: Path, url: str) -> bool:
    """Whether the signature is that of the account's ticket on the disk for this address."""
    fields = dict(re.findall(r'(\w+): "?([^",\n]*)', config))
    dog = home / "data" / "dogs" / fields["appId"] / "JSAPI_TICKET.dog"
    ticket: str = json.loads(dog.read_text("utf-8"))["data"]
    signable = SignatureInput(ticket, fields["nonceStr"], int(fields["timestamp"]), url)
    return bool(fields["signature"] == signable.signature)


def test_with_the_keyboard_alone_it_takes_the_tray_entry_the_url_and_enter(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        wait_until_fresh(item)
        item.click_menu_item("Sign a URL…")
        wait_for_keyboard(screen)
        screen.xdotool("type", "--delay", "20", URL)
        screen.xdotool("key", "Return")
        assert is_right(copied_config(screen), sandbox_home(desktop_folder), URL)


def test_a_url_on_the_clipboard_leaves_the_tray_entry_and_enter(
    start_program: StartProgram, desktop_folder: Path, screen: Screen, tray_host: FakeTrayHost
) -> None:
    start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item, on_the_clipboard(screen, CHINESE):
        wait_until_fresh(item)
        item.click_menu_item("Sign a URL…")
        wait_for_keyboard(screen)
        screen.xdotool("key", "Return")
        assert is_right(copied_config(screen), sandbox_home(desktop_folder), CHINESE)


def test_a_browser_says_config_ok_on_the_page_that_the_window_opens(
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
        with tray_host.wait_for_item() as item, on_the_clipboard(screen, CHINESE):
            wait_until_fresh(item)
            item.click_menu_item("Sign a URL…")
            wait_for_keyboard(screen)
            press_button(screen, tree, "Open test page")
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
    """Tab on to it, and the space bar."""
    for _ in range(STOPS_MAX):
        stop = tree.focused()
        if stop and stop[0].name == name:
            screen.xdotool("key", "space")
            return
        screen.xdotool("key", "Tab")
        time.sleep(0.05)
    raise AssertionError(f"Tab does not come to {name}")
