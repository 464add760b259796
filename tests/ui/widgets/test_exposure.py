"""Waiting until a window is on the screen."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.exposure import call_when_exposed


def test_a_shown_window_is_called_for_once_when_it_is_exposed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    calls: list[int] = []
    call_when_exposed(window, calls.append)  # no window yet
    window.show()
    call_when_exposed(window, calls.append)
    qtbot.waitUntil(lambda: calls == [window.winId()])
    window.hide()
    window.show()
    qtbot.waitExposed(window)
    assert calls == [window.winId()]


def test_an_exposed_window_is_called_for_at_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle().isExposed())
    calls: list[int] = []
    call_when_exposed(window, calls.append)
    assert calls == [window.winId()]


def test_a_window_that_was_hidden_again_is_never_called_for(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.create()
    calls: list[int] = []
    call_when_exposed(window, calls.append)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle().isExposed())
    window.hide()
    call_when_exposed(window, calls.append)
    assert calls == []
