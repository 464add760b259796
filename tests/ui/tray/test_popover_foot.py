"""Foot of the popover: news with a countdown, and what its buttons ask for."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.popover_foot import PopoverFoot
from tests.runtime.harness import RuntimeHarness
from tests.ui import find


@pytest.fixture
def foot(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> PopoverFoot:
    foot = PopoverFoot(harness.controller, formatter)
    qtbot.addWidget(foot)
    foot.resize(348, foot.sizeHint().height())
    foot.show()
    return foot


def texts(foot: PopoverFoot) -> list[str]:
    return [label.text() for label in foot.findChildren(QLabel) if label.text()]


def test_a_copied_value_counts_down_until_it_is_cleared(foot: PopoverFoot) -> None:
    foot.show_news("Copied access_token of Shop", counts_down=True)
    foot.show_countdown(75)
    assert texts(foot) == ["Copied access_token of Shop", "1:15"]
    foot.show_countdown(0)
    assert texts(foot) == ["Cleared from the clipboard."]


def test_other_news_do_not_count_down(foot: PopoverFoot) -> None:
    foot.show_news("Getting a new access_token of Shop…")
    foot.show_countdown(75)
    foot.show_countdown(0)
    assert texts(foot) == ["Getting a new access_token of Shop…"]


def test_news_move_nothing(foot: PopoverFoot) -> None:
    before = foot.sizeHint().height()
    foot.show_news("Copied access_token of Shop · works until 16:05, a text of two lines in this width")
    assert foot.sizeHint().height() == before


def test_the_buttons_ask_for_what_is_on_them(foot: PopoverFoot, qtbot: QtBot) -> None:
    for name, signal in (
        ("Open Guard Dog", foot.open_clicked),
        ("Sign a page…", foot.sign_clicked),
        ("Preferences…", foot.preferences_clicked),
    ):
        with qtbot.waitSignal(signal):
            find.button(foot, name).click()
