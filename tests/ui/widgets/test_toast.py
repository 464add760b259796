"""Short news over the content of a window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.toast import DISTANCE, WIDTH_MAX, Toast


@pytest.fixture
def toast(qtbot: QtBot) -> Toast:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    toast = Toast(window)
    window.show()
    qtbot.waitExposed(window)
    toast.setProperty("window", window)  # kept alive
    return toast


def test_it_is_at_the_bottom_centre_and_follows_the_window(toast: Toast) -> None:
    assert not toast.isVisible()
    toast.show_text("Copied access_token of Flower shop", "cleared in 0:30")
    assert toast.message == "Copied access_token of Flower shop · cleared in 0:30"
    window = toast.window()
    for width in (800, 500):
        window.resize(width, 600)
        centre = toast.geometry().center().x()
        assert abs(centre - width // 2) <= 1
        assert toast.geometry().bottom() <= 600 - DISTANCE


def test_a_long_text_is_wrapped_and_no_wider_than_the_window(toast: Toast) -> None:
    toast.show_text("word " * 200)
    assert toast.width() <= min(WIDTH_MAX, toast.window().width())
    assert toast.height() > 100


def test_it_goes_away_by_itself_or_stays(toast: Toast, qtbot: QtBot) -> None:
    toast.show_text("soon gone", timeout_ms=1)
    qtbot.waitUntil(lambda: not toast.isVisible())
    assert toast.message == ""
    toast.show_text("stays", timeout_ms=0)
    toast.show_text("")
    assert not toast.isVisible()


def test_its_action_runs_and_closes_it(toast: Toast, qtbot: QtBot) -> None:
    toast.show_text("Removed Flower shop", action="Undo")
    with qtbot.waitSignal(toast.action_button.clicked):
        toast.action_button.click()
    assert not toast.isVisible()
    toast.show_text("Something else")
    assert not toast.action_button.isVisible()


def test_a_new_suffix_is_not_read_aloud(toast: Toast) -> None:
    toast.show_text("Copied", "0:30")
    toast.set_suffix("0:29")
    assert toast.message == "Copied · 0:29"
    assert toast.accessibleName() == "Copied"


def test_a_click_hides_it(toast: Toast) -> None:
    toast.show_text("Copied", timeout_ms=0)
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert toast.isHidden()
