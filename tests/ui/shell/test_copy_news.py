"""The tests of news about copies are in tests/ui/test_main_window.py; here is what no window shows by itself."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import NamedTextSubject
from guarddog_gui.ui.shell.copy_news import CopyNews
from guarddog_gui.ui.widgets.toast import Toast
from tests.fakes import FakeClock


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_other_news_end_the_countdown(window: QWidget) -> None:
    clipboard, toast = Clipboard(FakeClock()), Toast(window)
    news = CopyNews(clipboard, toast, str)
    clipboard.copied.emit(NamedTextSubject("the address"))
    clipboard.countdown_changed.emit(5)
    assert toast.message.endswith("cleared in 0:05")
    news.forget()
    toast.show_text("Something else")
    clipboard.countdown_changed.emit(4)
    assert toast.message == "Something else"


def test_a_failure_is_no_copy(window: QWidget) -> None:
    clipboard, toast = Clipboard(FakeClock()), Toast(window)
    CopyNews(clipboard, toast, str).show_failure(NamedTextSubject("the address"))
    assert "the address" in toast.message
    clipboard.countdown_changed.emit(4)
    assert "cleared" not in toast.message


def test_another_language_brings_no_old_copy_back(window: QWidget) -> None:
    clipboard, toast = Clipboard(FakeClock()), Toast(window)
    news = CopyNews(clipboard, toast, str)
    clipboard.copied.emit(NamedTextSubject("the address"))
    news.retranslate()
    assert "the address" in toast.message
    toast.hide()
    news.retranslate()
    assert toast.message == ""
