"""The clipboard: a value goes in with its hints, and out again if it is still ours."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication

from guarddog_gui.ui.clipboard import Clipboard
from tests.fakes import FakeClock

TOKEN = "91_" + "t" * 100


class ClipboardSetup:
    """A clipboard whose seconds pass when a test says so."""

    def __init__(self) -> None:
        self.steady = FakeClock(50.0)
        self.ours = Clipboard(self.steady)
        self.counted: list[int] = []
        self.ours.countdown_changed.connect(self.counted.append)

    @property
    def text(self) -> str:
        return QGuiApplication.clipboard().text()

    def seconds_pass(self, seconds: int) -> None:
        for _ in range(seconds):
            self.steady.advance(1)
            if self.ours._timer.isActive():
                self.ours._on_timeout()


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[ClipboardSetup]:  # noqa: ARG001 - the clipboard needs one
    QGuiApplication.clipboard().clear()
    desk = ClipboardSetup()
    yield desk
    desk.ours.clear()
    QGuiApplication.clipboard().clear()


def test_a_value_is_there_for_its_time_and_gone_after_it(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    desk.seconds_pass(29)
    assert desk.text == TOKEN
    desk.seconds_pass(1)
    assert desk.text == ""
    assert desk.counted == [*range(30, -1, -1)]


def test_the_seconds_are_real_ones(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    assert desk.ours._timer.interval() == 1000


def test_what_a_person_copied_meanwhile_is_left_alone(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    desk.seconds_pass(60)
    assert desk.text == "a shopping list"
    assert desk.counted[-1] == 0


def test_what_a_person_copied_meanwhile_is_left_alone_on_quit(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    desk.ours.clear()
    assert desk.text == "a shopping list"


def test_what_was_there_before_is_left_alone_if_nothing_was_copied(desk: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    desk.ours.clear()
    assert desk.text == "a shopping list"


def test_a_second_value_gets_its_own_full_time(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    desk.seconds_pass(20)
    desk.ours.copy("another", 30)
    desk.seconds_pass(29)
    assert desk.text == "another"
    desk.seconds_pass(1)
    assert desk.text == ""


def test_with_no_time_it_stays_and_is_cleared_on_quit(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 0)
    desk.seconds_pass(3600)
    assert desk.text == TOKEN
    assert desk.counted == []  # a 0 would say that nothing of ours is there any more
    desk.ours.clear()
    assert desk.text == ""


def test_a_value_without_a_time_is_not_cleared_by_the_time_of_the_one_before(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    desk.ours.copy("another", 0)
    desk.seconds_pass(60)
    assert desk.text == "another"


def test_after_a_sleep_it_is_cleared_at_the_first_second(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    desk.steady.advance(3600)
    desk.ours._on_timeout()
    assert desk.text == ""


@pytest.mark.only_on("linux")
def test_clipboard_managers_are_asked_not_to_keep_it(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert data.text() == TOKEN


@pytest.mark.skipif(sys.platform != "linux", reason="only X11 has a second clipboard")
def test_the_selection_of_x11_is_not_touched(desk: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("marked", QClipboard.Mode.Selection)
    desk.ours.copy(TOKEN, 1)
    desk.seconds_pass(2)
    if QGuiApplication.clipboard().supportsSelection():
        assert QGuiApplication.clipboard().text(QClipboard.Mode.Selection) == "marked"


def test_nothing_of_the_value_stays_in_our_object(desk: ClipboardSetup) -> None:
    desk.ours.copy(TOKEN, 30)
    assert all(TOKEN not in str(value) for value in vars(desk.ours).values())
