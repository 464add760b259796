"""The real window with the keyboard alone, as a screen reader hears it, in both languages."""

from __future__ import annotations

import time
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from tests.desktop.accessibility_tree import AccessibilityTree, Node, accessibility_bus
from tests.desktop.processes import wait_until
from tests.desktop.program import installed
from tests.desktop.test_main_journey import attempts, dog_values, sandbox_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desktop.conftest import StartProgram
    from tests.desktop.program import Program
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import TrayHost

STEPS_MAX = 60  # no window has more stops
IN_ENGLISH = {
    "preferences": "Preferences",
    "add": "Add account",
    "all fresh": "5 of 5 fresh",
    "40164": "whitelist",
    "copied": "Copied",
}
IN_CHINESE = {
    "preferences": "偏好设置",
    "add": "添加账号",
    "all fresh": "5/5 有效",
    "40164": "白名单",
    "copied": "已复制",
}
PAGES = 5


class Desk:
    """A person without a mouse, who hears what the accessibility tree says."""

    def __init__(
        self, program: Program, screen: Screen, tree: AccessibilityTree, home: Path, words: dict[str, str]
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

    def hears(self, text: str) -> bool:
        return any(text in said for said in self.tree.texts())

    def wait_to_hear(self, text: str) -> None:
        wait_until(lambda: self.hears(text), f"{text!r} to be said")

    def is_gone(self, window: str) -> bool:
        return not self.screen.windows(window)

    def focused(self) -> Node:
        return wait_until(self.tree.focused, "something with the keyboard")[0]

    def tab(self) -> list[Node]:
        """The next stop of Tab."""
        before = self.focused().path
        self.press("Tab")
        return wait_until(
            lambda: nodes if (nodes := self.tree.focused()) and nodes[0].path != before else None,
            f"Tab to go on from {before}",
        )

    def walk(self) -> list[list[Node]]:
        """Every stop of Tab, once round, each from the outside in."""
        stops: list[list[Node]] = []
        for _ in range(STEPS_MAX):
            stop = self.tab()
            if any(stop[0].path == seen[0].path for seen in stops):
                return stops
            stops.append(stop)
        raise AssertionError(f"Tab does not come back: {stops}")

    def go_to(self, role: str) -> Node:
        """Tab on to the next thing of this kind."""
        for _ in range(STEPS_MAX):
            if (stop := self.focused()).role == role:
                return stop
            self.tab()
        raise AssertionError(f"Tab does not come to a {role}")


@pytest.fixture(params=["en", "zh_CN"])
def desk(
    request: pytest.FixtureRequest,
    desk: Path,
    private_bus: str,
    screen: Screen,
    tray_host: TrayHost,
    start_program: StartProgram,
) -> Iterator[Desk]:
    with accessibility_bus(desk, private_bus, screen.display) as (tree, address):
        program = start_program(
            installed("guarddog-gui"),
            "--sandbox",
            "--show",
            TMPDIR=str(desk),
            GUARDDOG_LANG=request.param,
            AT_SPI_BUS_ADDRESS=address,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            NO_AT_BRIDGE="0",
        )
        wait_until(lambda: screen.windows("Guard Dog"), "the window", seconds=20)
        with tray_host.wait_for_item():
            pass
        words = IN_ENGLISH if request.param == "en" else IN_CHINESE
        person = Desk(program, screen, tree, sandbox_home(desk), words)
        wait_until(lambda: person.hears(words["all fresh"]), "five fresh keys", seconds=20)
        yield person


def unnamed(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if not node.name.strip()]


def test_tab_reaches_every_control_of_every_page_and_each_has_a_name(desk: Desk) -> None:
    for page in range(1, PAGES + 1):
        desk.press(f"alt+{page}")
        time.sleep(0.3)
        stops = desk.walk()
        assert unnamed([stop[0] for stop in stops]) == []
        usable = [node for node in desk.tree.nodes() if node.is_usable]
        assert unnamed(usable) == []
        missed = {(node.role, node.name) for node in usable} - {
            (node.role, node.name) for node in chain(*stops)
        }
        assert missed == set()


def test_tab_reaches_every_control_of_the_dialogs_and_escape_leaves_them(desk: Desk) -> None:
    for keys, title in (("ctrl+comma", "preferences"), ("ctrl+n", "add")):
        desk.press(keys)
        window = desk.words[title]
        wait_until(partial(desk.screen.windows, window), title)
        stops = desk.walk()
        assert len(stops) > 5
        assert unnamed([stop[0] for stop in stops]) == []
        desk.press("Escape")
        wait_until(partial(desk.is_gone, window), f"{title} to go")
    assert desk.screen.windows("Guard Dog")


def test_a_token_is_found_copied_and_refreshed(desk: Desk) -> None:
    desk.press("alt+1", "ctrl+f")
    assert desk.focused().role == "text"
    desk.type("magazine")
    desk.go_to("tree")
    desk.press("Home", "Down", "Return")
    copied = wait_until(desk.screen.clipboard, "something on the clipboard")
    assert copied in dog_values(desk.home, "ACCESS_TOKEN")
    desk.wait_to_hear(desk.words["copied"])
    before = attempts(desk.home)
    desk.press("F5")
    wait_until(lambda: attempts(desk.home) > before, "a line of history")


def test_a_line_of_the_history_is_read_and_an_errcode_looked_up(desk: Desk) -> None:
    desk.press("alt+2")
    assert desk.focused().role == "table"
    time.sleep(0.5)
    before = set(desk.tree.texts())
    desk.press("ctrl+Home", "Down", "Up")
    wait_until(lambda: set(desk.tree.texts()) - before, "the explanation of a line")
    desk.press(f"alt+{PAGES}", "ctrl+f")
    desk.type("40164")
    desk.wait_to_hear(desk.words["40164"])


def test_escape_hides_the_window_and_ctrl_q_ends_the_program(desk: Desk) -> None:
    desk.press("Escape")
    wait_until(lambda: not desk.screen.windows("Guard Dog"), "the window to go")
    assert desk.program.exit_code is None
