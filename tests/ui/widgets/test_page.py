"""The search field: Escape clears it before it closes the dialog."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import MARGIN, PageScrollArea, SearchField
from guarddog_gui.ui.widgets.toast import END_ROOM


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


def test_a_page_scrolls_vertically_and_is_not_cut_off_at_the_side(qtbot: QtBot) -> None:
    content = QWidget()
    button = QPushButton("A name")
    button.setFixedSize(300, 500)
    content.setLayout(make_column(button))
    area = PageScrollArea(content)
    qtbot.addWidget(area)
    area.resize(area.minimumSizeHint().width(), 200)
    area.show()
    assert area.minimumSizeHint().height() < 200
    assert area.verticalScrollBar().maximum() > 0
    assert area.viewport().width() >= 300
    assert area.horizontalScrollBar().maximum() == 0


def test_room_for_a_toast_is_left_only_where_the_page_is_scrolled_anyway(qtbot: QtBot) -> None:
    content, button = QWidget(), QPushButton("A name")
    button.setFixedSize(300, 500)
    content.setLayout(make_column(button, margin=MARGIN))
    area = PageScrollArea(content)
    qtbot.addWidget(area)
    area.resize(400, 500 + 2 * MARGIN)
    area.show()
    qtbot.wait(20)
    assert area.verticalScrollBar().maximum() == 0
    area.resize(400, 500 + 2 * MARGIN - 1)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 1 + END_ROOM - MARGIN)
    area.resize(400, 500 + 2 * MARGIN)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
