"""A field to search with: Escape empties it before it closes anything."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.search_field import SearchField


def test_escape_empties_it_and_only_then_closes_the_dialog(qtbot: QtBot) -> None:
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
