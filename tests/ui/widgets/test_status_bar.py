"""The line at the bottom: whatever it says can be read, here or in its tooltip."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.plain_text import plain_tooltip
from guarddog_gui.ui.widgets.status_bar import StatusBar

LONG = "WeChat does not answer. " * 20


@pytest.fixture
def line(qtbot: QtBot) -> StatusBar:
    line = StatusBar()
    qtbot.addWidget(line)
    line.resize(400, 24)
    line.show()
    return line


def picture(line: StatusBar) -> QImage:
    return line.grab().toImage()


def test_it_takes_no_room_before_there_is_something_to_say(qtbot: QtBot) -> None:
    window, line = QMainWindow(), StatusBar()
    qtbot.addWidget(window)
    window.setStatusBar(line)
    window.show()
    line.show_text("")
    assert not line.isVisible()
    line.show_text("Copied")
    assert line.isVisible()
    line.show_text("")
    assert line.isVisible(), "what is above it does not jump"


def test_what_has_room_is_shown_as_it_is(line: StatusBar) -> None:
    empty = picture(line)
    line.show_text("Copied")
    assert (line.elided_message(), line.toolTip()) == ("Copied", "")
    assert picture(line) != empty
    line.show_text("")
    assert picture(line) == empty


def test_what_has_no_room_ends_in_dots_and_is_whole_in_the_tooltip(line: StatusBar) -> None:
    line.show_text(LONG)
    assert line.elided_message().startswith("WeChat does not answer.")
    assert line.elided_message().endswith("…")
    assert line.toolTip() == plain_tooltip(LONG)
    assert line.currentMessage() == line.accessibleName() == LONG


def test_with_more_room_more_is_shown(line: StatusBar) -> None:
    line.show_text("Copied <b>something</b> with a name of a good length · " + "a" * 30)
    assert line.toolTip()
    line.resize(1600, 24)
    assert (line.elided_message(), line.toolTip()) == (line.currentMessage(), "")


def test_what_is_news_goes_by_itself_and_whatever_comes_after_it_does_not(
    line: StatusBar, qtbot: QtBot
) -> None:
    line.show_text("WeChat gave a new jsapi_ticket.", timeout_ms=1)
    qtbot.waitUntil(lambda: line.currentMessage() == "")
    assert (line.elided_message(), line.accessibleName(), line.toolTip()) == ("", "", "")
    line.show_text("WeChat gave a new jsapi_ticket.", timeout_ms=60_000)
    clock = line.findChild(QTimer)
    assert clock is not None
    assert clock.isActive()
    line.show_text("Copied")
    assert not any(clock.isActive() for clock in line.findChildren(QTimer))


def test_the_end_is_never_cut_off_and_not_read_aloud(line: StatusBar) -> None:
    line.show_text(LONG, "cleared in 0:30")
    assert line.elided_message().endswith("… · cleared in 0:30")
    assert line.accessibleName() == LONG
    line.show_text(LONG)
    assert line.elided_message().endswith("…")
