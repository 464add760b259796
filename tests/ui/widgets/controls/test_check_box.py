"""The border of a check box is visible in light and dark themes, in a form and in a list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QStyleFactory, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.widgets.controls.check_box import CheckBox, CheckBoxDelegate
from tests.ui.contrast import SIGN_CONTRAST_MIN, contrast
from tests.ui.palettes import palette_of


def best_contrast(image: QImage, background: QColor) -> float:
    """Return the best contrast in the left part of the middle line, which contains the left border."""
    line = [image.pixelColor(x, image.height() // 2) for x in range(16)]
    return max(contrast(colour, background) for colour in line)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize("kind", ["box", "list"])
def test_the_border_of_an_empty_check_box_is_visible(theme: Theme, kind: str, qtbot: QtBot, qapp: QApplication) -> None:
    palette = palette_of(theme)
    widget: QWidget
    if kind == "box":
        widget = CheckBox("debug")
        background = palette.color(QPalette.ColorRole.Window)
    else:
        widget = QListWidget()
        widget.setItemDelegate(CheckBoxDelegate(widget))
        item = QListWidgetItem("chooseImage", widget)
        item.setCheckState(Qt.CheckState.Unchecked)
        background = palette.color(QPalette.ColorRole.Base)
    qtbot.addWidget(widget)
    style = QStyleFactory.create("fusion")
    style.setParent(qapp)
    widget.setStyle(style)
    widget.setPalette(palette)
    widget.show()
    if isinstance(widget, QListWidget):
        image = widget.viewport().grab(widget.visualItemRect(widget.item(0))).toImage()
    else:
        image = widget.grab().toImage()
    assert best_contrast(image, background) >= SIGN_CONTRAST_MIN
