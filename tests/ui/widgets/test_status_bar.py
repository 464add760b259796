"""The line at the bottom: whatever it says can be read, here or in its tooltip."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.plain_text import plain_tooltip
from guarddog_gui.ui.widgets.status_bar import StatusLine

LONG = "WeChat does not answer. " * 20


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(400, 24)
    line.show()
    return line


def picture(line: StatusLine) -> QImage:
    return line.grab().toImage()


def test_it_takes_no_room_before_there_is_something_to_say(qtbot: QtBot) -> None:
    window, line = QMainWindow(), StatusLine()
    qtbot.addWidget(window)
    window.setStatusBar(line)
    window.show()
    line.say("")
    assert not line.isVisible()
    line.say("Copied")
    assert line.isVisible()
    line.say("")
    assert line.isVisible(), "what is above it does not jump"


def test_what_has_room_is_shown_as_it_is(line: StatusLine) -> None:
    empty = picture(line)
    line.say("Copied")
    assert (line.shown(), line.toolTip()) == ("Copied", "")
    assert picture(line) != empty
    line.say("")
    assert picture(line) == empty


def test_what_has_no_room_ends_in_dots_and_is_whole_in_the_tooltip(line: StatusLine) -> None:
    line.say(LONG)
    assert line.shown().startswith("WeChat does not answer.")
    assert line.shown().endswith("…")
    assert line.toolTip() == plain_tooltip(LONG)
    assert line.currentMessage() == line.accessibleName() == LONG


def test_with_more_room_more_is_shown(line: StatusLine) -> None:
    line.say("Copied <b>something</b> with a name of a good length · " + "a" * 30)
    assert line.toolTip()
    line.resize(1600, 24)
    assert (line.shown(), line.toolTip()) == (line.currentMessage(), "")


def test_what_is_news_goes_by_itself_and_whatever_comes_after_it_does_not(
    line: StatusLine, qtbot: QtBot
) -> None:
    line.say("WeChat gave a new jsapi_ticket.", news_ms=1)
    qtbot.waitUntil(lambda: line.currentMessage() == "")
    assert (line.shown(), line.accessibleName(), line.toolTip()) == ("", "", "")
    line.say("WeChat gave a new jsapi_ticket.", news_ms=60_000)
    clock = line.findChild(QTimer)
    assert clock is not None
    assert clock.isActive()
    line.say("Copied")
    assert not any(clock.isActive() for clock in line.findChildren(QTimer))


def test_the_end_is_never_cut_off_and_not_read_aloud(line: StatusLine) -> None:
    line.say(LONG, "cleared in 0:30")
    assert line.shown().endswith("… · cleared in 0:30")
    assert line.accessibleName() == LONG
    line.say(LONG)
    assert line.shown().endswith("…")
