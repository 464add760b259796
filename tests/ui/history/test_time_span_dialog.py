"""The dialog in which the user picks a time."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateTimeEdit, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.history.time_span_dialog import TimeSpanDialog
from tests.fakes import NOW
from tests.ui import find

HOUR = 3600.0


@pytest.fixture
def dialog(qtbot: QtBot) -> TimeSpanDialog:
    dialog = TimeSpanDialog(NOW - HOUR, NOW)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_whole_minutes_are_picked_and_the_last_one_is_included(dialog: TimeSpanDialog) -> None:
    since, until = dialog.time_span
    assert since <= NOW - HOUR
    assert until > NOW
    assert since % 60 == until % 60 == 0
    assert until - since == HOUR + 60


def test_an_end_before_the_start_cannot_be_shown(dialog: TimeSpanDialog) -> None:
    error = "The end is before the start. Choose a later end."
    assert not find.has(dialog, error)
    end = find.widget(dialog, QDateTimeEdit, "End time")
    end.setDateTime(end.dateTime().addDays(-2))
    assert find.has(dialog, error)
    assert not find.button(dialog, "Show").isEnabled()
    end.setDateTime(end.dateTime().addDays(3))
    assert find.button(dialog, "Show").isEnabled()
    find.button(dialog, "Show").click()
    assert dialog.result() == TimeSpanDialog.DialogCode.Accepted


def test_enter_on_cancel_cancels(dialog: TimeSpanDialog, qtbot: QtBot) -> None:
    cancel = find.button(dialog, "Cancel")
    cancel.setFocus()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(cancel, Qt.Key.Key_Return)


def test_enter_shows_the_time(dialog: TimeSpanDialog, qtbot: QtBot) -> None:
    defaults = [button.text() for button in dialog.findChildren(QPushButton) if button.isDefault()]
    assert defaults == ["Show"]
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
