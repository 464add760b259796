"""The banner about a crash report: its text, its buttons, and its end."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.crash_banner import CrashBanner
from guarddog_gui.ui.formatter import Formatter
from tests.ui import find

REPORT = Path("/home/x/crash-1.txt")


@pytest.fixture
def banner(formatter: Formatter, qtbot: QtBot) -> CrashBanner:
    banner = CrashBanner(formatter)
    qtbot.addWidget(banner)
    return banner


def offered(banner: CrashBanner) -> list[str]:
    return [button.text() for button in banner.findChildren(QPushButton) if not button.isHidden()]


def test_the_report_can_be_copied_opened_and_closed(banner: CrashBanner, qtbot: QtBot) -> None:
    assert banner.isHidden()
    banner.show_report("the report", REPORT, is_of_earlier_run=False)
    assert find.label(banner, "crash-text").text() == (
        "Guard Dog made a mistake of its own and goes on. Copy the report, look it through, then open an issue with it."
    )
    assert offered(banner) == ["Copy report", "Show file", "Close"]
    with qtbot.waitSignal(banner.copy_requested) as copied:
        find.button(banner, "Copy report").click()
    assert copied.args == ["the report", "crash report"]
    with qtbot.waitSignal(banner.file_requested) as opened:
        find.button(banner, "Show file").click()
    assert opened.args == [REPORT]
    find.button(banner, "Close").click()
    assert banner.isHidden()


def test_a_report_without_a_file_can_still_be_copied(banner: CrashBanner) -> None:
    banner.show_report("the report", None, is_of_earlier_run=True)
    assert find.label(banner, "crash-text").text().startswith("Guard Dog ended unexpectedly the last time.")
    assert offered(banner) == ["Copy report", "Close"]
