"""The clipboard: values are copied with hints for managers, and cleared unless something replaced them."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication

from guarddog_gui.ui.clipboard import Clipboard
from tests.fakes import FakeClock

TOKEN = "91_" + "t" * 100


class ClipboardSetup:
    """A clipboard with a fake clock."""

    def __init__(self) -> None:
        self.monotonic = FakeClock(50.0)
        self.clipboard = Clipboard(self.monotonic)
        self.countdown: list[int] = []
        self.clipboard.countdown_changed.connect(self.countdown.append)

    @property
    def text(self) -> str:
        return QGuiApplication.clipboard().text()

    @property
    def timer(self) -> QTimer:
        timer = self.clipboard.findChild(QTimer)
        assert timer is not None
        return timer

    def pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            self.monotonic.advance(1)
            if self.timer.isActive():
                self.clipboard.update_countdown()


@pytest.fixture
def setup(qapp: QApplication) -> Iterator[ClipboardSetup]:  # noqa: ARG001 - the clipboard needs one
    QGuiApplication.clipboard().clear()
    setup = ClipboardSetup()
    yield setup
    setup.clipboard.clear()
    QGuiApplication.clipboard().clear()


def test_a_value_is_cleared_after_its_time(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    setup.pass_seconds(29)
    assert setup.text == TOKEN
    setup.pass_seconds(1)
    assert setup.text == ""
    assert setup.countdown == [*range(30, -1, -1)]


def test_the_countdown_runs_once_per_second(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    assert setup.timer.interval() == 1000


def test_text_copied_by_another_program_is_not_cleared(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    setup.pass_seconds(60)
    assert setup.text == "a shopping list"
    assert setup.countdown[-1] == 0


def test_text_copied_by_another_program_is_not_cleared_on_quit(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    setup.clipboard.clear()
    assert setup.text == "a shopping list"


def test_without_a_copied_value_nothing_is_cleared(setup: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    setup.clipboard.clear()
    assert setup.text == "a shopping list"


def test_a_second_value_has_its_own_time(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    setup.pass_seconds(20)
    setup.clipboard.copy("another", 30)
    setup.pass_seconds(29)
    assert setup.text == "another"
    setup.pass_seconds(1)
    assert setup.text == ""


def test_a_value_without_a_time_is_cleared_on_quit(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 0)
    setup.pass_seconds(3600)
    assert setup.text == TOKEN
    assert setup.countdown == []  # a 0 would report that it was cleared
    setup.clipboard.clear()
    assert setup.text == ""


def test_a_value_without_a_time_outlives_the_time_of_the_previous_one(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    setup.clipboard.copy("another", 0)
    setup.pass_seconds(60)
    assert setup.text == "another"


def test_after_a_suspend_the_value_is_cleared_at_once(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    setup.monotonic.advance(3600)
    setup.clipboard.update_countdown()
    assert setup.text == ""


@pytest.mark.only_on("linux")
def test_clipboard_managers_are_asked_not_to_record_the_value(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert data.text() == TOKEN


@pytest.mark.skipif(sys.platform != "linux", reason="only X11 has a second clipboard")
def test_the_x11_selection_is_not_changed(setup: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("marked", QClipboard.Mode.Selection)
    setup.clipboard.copy(TOKEN, 1)
    setup.pass_seconds(2)
    if QGuiApplication.clipboard().supportsSelection():
        assert QGuiApplication.clipboard().text(QClipboard.Mode.Selection) == "marked"


def test_the_clipboard_object_does_not_keep_the_value(setup: ClipboardSetup) -> None:
    setup.clipboard.copy(TOKEN, 30)
    assert all(TOKEN not in str(value) for value in vars(setup.clipboard).values())
