"""The window that asks for the key or click without which some desktops copy nothing."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.copy_window import CopyWindow
from guarddog_gui.ui.clipboard.subject import SignedStringSubject


def test_enter_copies_and_escape_gives_up(qtbot: QtBot) -> None:
    window = CopyWindow(SignedStringSubject())
    qtbot.addWidget(window)
    window.show_and_activate()
    assert window.windowTitle() == "Copy the signed string"
    with qtbot.waitSignal(window.copy_requested):
        QTest.keyClick(window, Qt.Key.Key_Return)
    assert window.isVisible()  # until the desktop has accepted the value
    with qtbot.waitSignal(window.rejected):
        QTest.keyClick(window, Qt.Key.Key_Escape)


def test_the_window_opens_as_high_as_its_text(qtbot: QtBot) -> None:
    window = CopyWindow(SignedStringSubject())
    qtbot.addWidget(window)
    window.show_and_activate()
    (label,) = window.findChildren(QLabel)
    assert label.height() >= label.heightForWidth(label.width())


def test_a_value_that_was_not_accepted_is_reported(qtbot: QtBot) -> None:
    window = CopyWindow(SignedStringSubject())
    qtbot.addWidget(window)
    window.show_failure()
    (label,) = window.findChildren(QLabel)
    assert label.text() == "It was not copied: the desktop did not accept it. Press Copy again."
