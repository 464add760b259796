"""Clicks on the real tray icon: the popover with the left button, a copy with the middle one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.desktop.guarddog_program import dog_values, sandbox_home, start_in_sandbox
from tests.desktop.processes import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.notification_server import NotificationServer
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

POPOVER = "^Accounts .* Guard Dog$"


def test_a_middle_click_copies_the_default_token_and_is_answered_at_the_icon(
    start_program: StartProgram,
    desktop_folder: Path,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        assert "sandbox" in item.tooltip
        usual = item.icon
        item.middle_click()
        wait_until(lambda: item.icon != usual, "the check mark on the icon", timeout_s=2)
        copied = wait_until(screen.clipboard, "the token on the clipboard")
        assert copied in dog_values(sandbox_home(desktop_folder), "ACCESS_TOKEN")
        answer = wait_until(lambda: notification_server.shown, "the answer")[-1]
        assert answer.text.startswith("Copied access_token of Sandbox shop · works until ")
        assert answer.hints["transient"] is True
        assert copied not in repr(notification_server.shown)
        wait_until(lambda: item.icon == usual, "the usual icon again", timeout_s=3)
    assert screen.windows("Guard Dog") == []
    assert program.output == ""


def test_a_click_opens_the_popover_which_copies_and_closes_by_keyboard(
    start_program: StartProgram,
    desktop_folder: Path,
    screen: Screen,
    tray_host: FakeTrayHost,
    notification_server: NotificationServer,
) -> None:
    program = start_in_sandbox(start_program, desktop_folder)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(5)
        screen.xdotool("mousemove", "1200", "10")
        item.click()
        (popover,) = wait_until(lambda: screen.windows(POPOVER), "the popover")
        wait_until(lambda: screen.xdotool("getactivewindow").strip() == popover, "the keyboard in the popover")
        time.sleep(0.3)
        screen.xdotool("type", "magazine")
        screen.xdotool("key", "Return")
        copied = wait_until(screen.clipboard, "the token on the clipboard")
        assert copied in dog_values(sandbox_home(desktop_folder), "ACCESS_TOKEN")
        wait_until(lambda: item.menu_item("Copy access_token").label.endswith("Sandbox magazine"), "the last used one")
        assert notification_server.shown == []  # the popover itself has answered
        screen.xdotool("key", "Escape", "Escape")
        wait_until(lambda: not screen.windows(POPOVER), "a closed popover")
        item.click()
        wait_until(lambda: screen.windows(POPOVER), "the popover again")
        item.click_menu_item("Open Guard Dog")
        wait_until(lambda: screen.windows("^Guard Dog .* sandbox$"), "the window")
        wait_until(lambda: not screen.windows(POPOVER), "a popover that closed without the focus")
    assert program.output == ""
