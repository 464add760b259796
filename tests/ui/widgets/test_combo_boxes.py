"""Combo boxes of accounts and other names."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.combo_boxes import ElidedComboBox
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

LONG = "深圳市某某科技有限公司官方商城服务号（生产环境）Production shop"


def test_an_elided_name_in_a_combo_box_keeps_its_end(qtbot: QtBot) -> None:
    box = ElidedComboBox()
    qtbot.addWidget(box)
    box.add_item_with_tooltip("Shop", 1)
    box.add_item_with_tooltip(f"{LONG} · wx5a…ee01", 2)
    box.resize(box.sizeHint())
    box.show()
    assert box.elided_text() == "Shop"
    box.setCurrentIndex(1)
    assert box.elided_text().startswith("深圳")
    assert box.elided_text().endswith("ee01")
    assert len(box.elided_text()) < len(box.currentText())
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert box.toolTip() == plain_tooltip(box.currentText())
    before = box.grab().toImage()
    box.setItemText(1, f"{LONG} · wx5a…ee02")
    assert box.grab().toImage() != before, "the end is visible"
