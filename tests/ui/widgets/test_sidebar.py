"""The sidebar: it shows the page of the selected row, and sets the keyboard focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.sidebar import WIDTH_MIN, Sidebar

PAGES = ("tokens", "history", "search")


class FakePage(Page):
    """Page with an initial field and a search field."""

    def __init__(self) -> None:
        super().__init__()
        self.initial, self.search = QLineEdit(), QLineEdit("old words")
        layout = QVBoxLayout(self)
        layout.addWidget(self.initial)
        layout.addWidget(self.search)
        self.set_focus_widgets(self.initial, self.search)


@pytest.fixture
def pages(qapp: QApplication) -> tuple[FakePage, ...]:  # noqa: ARG001 - widgets need one
    return tuple(FakePage() for _ in PAGES)


@pytest.fixture
def sidebar(pages: tuple[FakePage, ...], formatter: Formatter, qtbot: QtBot) -> Sidebar:
    sidebar = Sidebar(tuple(zip(pages, PAGES, strict=True)), formatter.icons)
    qtbot.addWidget(sidebar)
    qtbot.addWidget(sidebar.stack)
    sidebar.set_page_names(("Tokens", "History", "errcodes"))
    sidebar.show()
    sidebar.stack.show()
    sidebar.stack.activateWindow()
    qtbot.waitExposed(sidebar.stack)
    return sidebar


def test_the_page_of_the_selected_row_is_shown(sidebar: Sidebar, pages: tuple[FakePage, ...]) -> None:
    assert sidebar.stack.currentWidget() is pages[0]
    QTest.keyClick(sidebar, Qt.Key.Key_Down)
    assert sidebar.stack.currentWidget() is pages[1]
    sidebar.show_page(pages[2])
    assert sidebar.currentRow() == 2
    assert sidebar.stack.currentWidget() is pages[2]


def test_activating_a_page_focuses_its_initial_field(sidebar: Sidebar, pages: tuple[FakePage, ...]) -> None:
    sidebar.activate_row(1)
    assert sidebar.stack.currentWidget() is pages[1]
    assert sidebar.stack.focusWidget() is pages[1].initial


def test_ctrl_f_focuses_the_search_field_of_the_shown_page(
    sidebar: Sidebar, pages: tuple[FakePage, ...], qtbot: QtBot
) -> None:
    sidebar.activate_row(1)
    qtbot.waitUntil(pages[1].initial.hasFocus)
    QTest.keyClick(pages[1].initial, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pages[1].search.hasFocus()
    assert pages[1].search.selectedText() == "old words"


def test_the_sidebar_is_as_wide_as_its_longest_name(sidebar: Sidebar) -> None:
    assert sidebar.width() == WIDTH_MIN
    sidebar.set_page_names(("Tokens", "A very long name of a page in some language", "errcodes"))
    assert sidebar.width() >= sidebar.sizeHintForColumn(0) > WIDTH_MIN
    assert [sidebar.item(row).text() for row in (0, 2)] == ["Tokens", "errcodes"]


def test_the_icon_of_the_selected_row_has_the_colour_of_selected_text(sidebar: Sidebar) -> None:
    sidebar.apply_palette()
    for row in range(sidebar.count()):
        icon = sidebar.item(row).icon()
        usual = icon.pixmap(16, 16, QIcon.Mode.Normal).toImage()
        chosen = icon.pixmap(16, 16, QIcon.Mode.Selected).toImage()
        assert not usual.isNull()
        assert usual != chosen
