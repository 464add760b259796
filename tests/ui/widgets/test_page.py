"""The search field: Escape clears it before it closes the dialog."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.page import SearchField


def test_escape_clears_the_field_and_only_then_closes_the_dialog(qtbot: QtBot) -> None:
    dialog, field = QDialog(), SearchField()
    qtbot.addWidget(dialog)
    QVBoxLayout(dialog).addWidget(field)
    dialog.show()
    field.setFocus()
    QTest.keyClicks(field, "share")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert dialog.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
