"""The real window with the keyboard alone, as a screen reader presents it, in both languages."""

from __future__ import annotations

import re
import time
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from tests.desktop.accessibility_tree import AccessibilityTree, AccessibleNode, accessibility_bus
from tests.desktop.guarddog_program import dog_values, history_row_count, sandbox_home
from tests.desktop.processes import wait_until
from tests.desktop.program_process import script_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.program_process import ProgramProcess
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

STEPS_MAX = 60  # more than any window has
IN_ENGLISH = {
    "preferences": "Preferences",
    "add": "Add an account",
    "copy": "Copy access_token of",
    "all fresh": "5 of 5 usable",
    "40164": "whitelist",
    "copied": "Copied",
}
IN_CHINESE = {
    "preferences": "偏好设置",
    "add": "添加账号",
    "copy": "复制 .* 的 access_token",
    "all fresh": "5 个凭据，5 个可用",
    "40164": "白名单",
    "copied": "已复制",
}
PAGES = 6


class KeyboardUser:
    """User without a mouse, who reads the accessibility tree."""

    def __init__(
        self, program: ProgramProcess, screen: Screen, tree: AccessibilityTree, home: Path, words: dict[str, str]
    ) -> None:
        self.program = program
        self.screen = screen
        self.tree = tree
        self.home = home
        self.words = words

    def press(self, *keys: str) -> None:
        self.screen.xdotool("key", "--delay", "20", *keys)

    def type(self, text: str) -> None:
        self.screen.xdotool("type", "--delay", "20", text)

    def shows(self, text: str) -> bool:
        return any(text in shown for shown in self.tree.texts())

    def wait_for_text(self, text: str) -> None:
        wait_until(lambda: self.shows(text), f"{text!r} to be readable")

    def is_gone(self, window: str) -> bool:
        return not self.screen.windows(window)

    def focused(self) -> AccessibleNode:
        return wait_until(self.tree.focused, "something with the keyboard")[0]

    def tab(self, before: str) -> list[AccessibleNode]:
        """Press Tab and return the newly focused nodes; `before` is the path of the node that is focused."""
        self.press("Tab")
        return wait_until(
            lambda: nodes if (nodes := self.tree.focused()) and nodes[0].path != before else None,
            f"Tab to go on from {before}",
        )

    def walk(self) -> list[list[AccessibleNode]]:
        """Press Tab until the focus returns to the first control. Return the focused nodes of each stop, outer ones first."""
        stops: list[list[AccessibleNode]] = []
        focused = self.focused()
        for _ in range(STEPS_MAX):
            stop = self.tab(focused.path)
            focused = stop[0]
            if any(stop[0].path == seen[0].path for seen in stops):
                return stops
            stops.append(stop)
        raise AssertionError(f"Tab does not come back: {stops}")

    def go_to(self, name: str) -> AccessibleNode:
        """Press Tab until a button is focused whose name begins with this regular expression."""
        stop = self.focused()
        for _ in range(STEPS_MAX):
            if stop.role == "push button" and re.match(name, stop.name):
                return stop
            stop = self.tab(stop.path)[0]
        raise AssertionError(f"Tab does not come to {name!r}")


@pytest.fixture(params=["en", "zh_CN"])
def keyboard_user(
    request: pytest.FixtureRequest,
    desktop_folder: Path,
    private_bus: str,
    screen: Screen,
    tray_host: FakeTrayHost,
    start_program: StartProgram,
) -> Iterator[KeyboardUser]:
    with accessibility_bus(desktop_folder, private_bus, screen.display) as (tree, address):
        program = start_program(
            script_path("guarddog-gui"),
            "--sandbox",
            "--show",
            TMPDIR=str(desktop_folder),
            GUARDDOG_LANG=request.param,
            AT_SPI_BUS_ADDRESS=address,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            NO_AT_BRIDGE="0",
        )
        wait_until(lambda: screen.windows("Guard Dog"), "the window", timeout_s=20)
        with tray_host.wait_for_item():
            pass
        words = IN_ENGLISH if request.param == "en" else IN_CHINESE
        user = KeyboardUser(program, screen, tree, sandbox_home(desktop_folder), words)
        wait_until(lambda: user.shows(words["all fresh"]), "five fresh keys", timeout_s=20)
        yield user


def unnamed(nodes: list[AccessibleNode]) -> list[AccessibleNode]:
    return [node for node in nodes if not node.name.strip()]


def test_tab_reaches_every_control_of_every_page_and_each_has_a_name(keyboard_user: KeyboardUser) -> None:
    for page in range(1, PAGES + 1):
        keyboard_user.press(f"alt+{page}")
        time.sleep(0.3)
        stops = keyboard_user.walk()
        assert unnamed([stop[0] for stop in stops]) == []
        usable = [node for node in keyboard_user.tree.nodes() if node.is_usable]
        assert unnamed(usable) == []
        missed = {(node.role, node.name) for node in usable} - {(node.role, node.name) for node in chain(*stops)}
        assert missed == set()


def test_tab_reaches_every_control_of_the_dialogs_and_escape_leaves_them(keyboard_user: KeyboardUser) -> None:
    for keys, title in (("ctrl+comma", "preferences"), ("ctrl+n", "add")):
        keyboard_user.press(keys)
        window = keyboard_user.words[title]
        wait_until(partial(keyboard_user.screen.windows, window), title)
        stops = keyboard_user.walk()
        assert len(stops) > 5
        assert unnamed([stop[0] for stop in stops]) == []
        keyboard_user.press("Escape")
        wait_until(partial(keyboard_user.is_gone, window), f"{title} to go")
    assert keyboard_user.screen.windows("Guard Dog")


def test_a_token_is_found_copied_and_refreshed(keyboard_user: KeyboardUser) -> None:
    keyboard_user.press("alt+1", "ctrl+f")
    assert keyboard_user.focused().role == "text"
    keyboard_user.type("magazine")
    keyboard_user.go_to(keyboard_user.words["copy"])
    keyboard_user.press("space")
    copied = wait_until(keyboard_user.screen.clipboard, "something on the clipboard")
    assert copied in dog_values(keyboard_user.home, "ACCESS_TOKEN")
    keyboard_user.wait_for_text(keyboard_user.words["copied"])
    before = history_row_count(keyboard_user.home)
    keyboard_user.press("F5")
    wait_until(lambda: history_row_count(keyboard_user.home) > before, "a line of history")


def test_a_history_row_is_readable_and_an_errcode_can_be_looked_up(keyboard_user: KeyboardUser) -> None:
    keyboard_user.press("alt+2")
    assert keyboard_user.focused().role == "list"
    time.sleep(0.5)
    before = set(keyboard_user.tree.texts())
    keyboard_user.press("Home", "Down")
    wait_until(lambda: set(keyboard_user.tree.texts()) - before, "the explanation of a line")
    keyboard_user.press("alt+5", "ctrl+f")
    keyboard_user.type("40164")
    keyboard_user.wait_for_text(keyboard_user.words["40164"])


def test_escape_hides_the_window_and_ctrl_q_ends_the_program(keyboard_user: KeyboardUser) -> None:
    keyboard_user.press("Escape")
    wait_until(lambda: not keyboard_user.screen.windows("Guard Dog"), "the window to go")
    assert keyboard_user.program.exit_code is None
