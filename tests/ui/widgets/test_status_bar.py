"""The status bar: messages that are too long are elided and shown in full in the tooltip."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.plain_text import plain_tooltip
from guarddog_gui.ui.widgets.status_bar import StatusBar

LONG = "WeChat does not answer. " * 20


@pytest.fixture
def status_bar(qtbot: QtBot) -> StatusBar:
    status_bar = StatusBar()
    qtbot.addWidget(status_bar)
    status_bar.resize(400, 24)
    status_bar.show()
    return status_bar


def picture(status_bar: StatusBar) -> QImage:
    return status_bar.grab().toImage()


def test_the_status_bar_is_hidden_until_the_first_message(qtbot: QtBot) -> None:
    window, status_bar = QMainWindow(), StatusBar()
    qtbot.addWidget(window)
    window.setStatusBar(status_bar)
    window.show()
    status_bar.show_text("")
    assert not status_bar.isVisible()
    status_bar.show_text("Copied")
    assert status_bar.isVisible()
    status_bar.show_text("")
    assert status_bar.isVisible(), "the widgets above must not move"


def test_a_short_message_is_shown_in_full(status_bar: StatusBar) -> None:
    empty = picture(status_bar)
    status_bar.show_text("Copied")
    assert (status_bar.elided_message(), status_bar.toolTip()) == ("Copied", "")
    assert picture(status_bar) != empty
    status_bar.show_text("")
    assert picture(status_bar) == empty


def test_a_long_message_is_elided_and_shown_in_the_tooltip(status_bar: StatusBar) -> None:
    status_bar.show_text(LONG)
    assert status_bar.elided_message().startswith("WeChat does not answer.")
    assert status_bar.elided_message().endswith("…")
    assert status_bar.toolTip() == plain_tooltip(LONG)
    assert status_bar.currentMessage() == status_bar.accessibleName() == LONG


def test_a_wider_status_bar_shows_more_of_the_message(status_bar: StatusBar) -> None:
    status_bar.show_text("Copied <b>something</b> with a name of a good length · " + "a" * 30)
    assert status_bar.toolTip()
    status_bar.resize(1600, 24)
    assert (status_bar.elided_message(), status_bar.toolTip()) == (status_bar.currentMessage(), "")


def test_a_message_with_a_timeout_disappears(status_bar: StatusBar, qtbot: QtBot) -> None:
    status_bar.show_text("WeChat gave a new jsapi_ticket.", timeout_ms=1)
    qtbot.waitUntil(lambda: status_bar.currentMessage() == "")
    assert (status_bar.elided_message(), status_bar.accessibleName(), status_bar.toolTip()) == ("", "", "")
    status_bar.show_text("WeChat gave a new jsapi_ticket.", timeout_ms=60_000)
    clock = status_bar.findChild(QTimer)
    assert clock is not None
    assert clock.isActive()
    status_bar.show_text("Copied")
    assert not any(clock.isActive() for clock in status_bar.findChildren(QTimer))


def test_the_suffix_is_never_elided_and_not_read_aloud(status_bar: StatusBar) -> None:
    status_bar.show_text(LONG, "cleared in 0:30")
    assert status_bar.elided_message().endswith("… · cleared in 0:30")
    assert status_bar.accessibleName() == LONG
    status_bar.show_text(LONG)
    assert status_bar.elided_message().endswith("…")
