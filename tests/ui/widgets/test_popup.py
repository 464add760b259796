"""Tests of the popup: where it opens, and what closes it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.popup import GAP, Popup
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

FRAME = 4  # pixels around a window that the offscreen platform invents


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(10, 10, 300, 60)
    window.show()
    return window


def make_popup(window: QWidget) -> Popup:
    popup = Popup(window)
    popup.setLayout(make_column(QLineEdit(), margin=12))
    return popup


def test_a_popup_opens_below_its_widget(window: QWidget) -> None:
    button = QPushButton(window)
    button.show()
    popup = make_popup(window)
    popup.open_below(button)
    assert popup.isVisible()
    distance = popup.pos() - button.mapToGlobal(QPoint(0, button.height() + GAP))
    assert distance.manhattanLength() <= FRAME


def test_a_popup_stays_on_the_screen(window: QWidget) -> None:
    screen = available_geometry(window)
    window.move(screen.right() - 20, screen.bottom() - 40)
    button = QPushButton(window)
    button.show()
    popup = make_popup(window)
    popup.open_below(button)
    assert screen.adjusted(-FRAME, -FRAME, FRAME, FRAME).contains(popup.geometry())


def test_escape_closes_a_popup(window: QWidget) -> None:
    popup = make_popup(window)
    popup.open_below(window)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
