"""The list of pages: whatever is chosen in it is shown, with the keyboard where its work is done."""

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


class OnePage(Page):
    """A field to begin at, and one to search in."""

    def __init__(self) -> None:
        super().__init__()
        self.chief, self.search = QLineEdit(), QLineEdit("old words")
        layout = QVBoxLayout(self)
        layout.addWidget(self.chief)
        layout.addWidget(self.search)
        self.set_focus_widgets(self.chief, self.search)


@pytest.fixture
def pages(qapp: QApplication) -> tuple[OnePage, ...]:  # noqa: ARG001 - widgets need one
    return tuple(OnePage() for _ in PAGES)


@pytest.fixture
def listed(pages: tuple[OnePage, ...], formatter: Formatter, qtbot: QtBot) -> Sidebar:
    listed = Sidebar(tuple(zip(pages, PAGES, strict=True)), formatter.icons)
    qtbot.addWidget(listed)
    qtbot.addWidget(listed.stack)
    listed.set_page_names(("Tokens", "History", "errcodes"))
    listed.show()
    listed.stack.show()
    listed.stack.activateWindow()
    qtbot.waitExposed(listed.stack)
    return listed


def test_the_first_page_is_shown_first_and_the_chosen_one_after_it(
    listed: Sidebar, pages: tuple[OnePage, ...]
) -> None:
    assert listed.stack.currentWidget() is pages[0]
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert listed.stack.currentWidget() is pages[1]
    listed.show_page(pages[2])
    assert listed.currentRow() == 2
    assert listed.stack.currentWidget() is pages[2]


def test_who_goes_to_a_page_begins_at_its_chief_field(listed: Sidebar, pages: tuple[OnePage, ...]) -> None:
    listed.activate_row(1)
    assert listed.stack.currentWidget() is pages[1]
    assert listed.stack.focusWidget() is pages[1].chief


def test_ctrl_f_goes_to_the_search_of_the_page_that_is_shown(
    listed: Sidebar, pages: tuple[OnePage, ...], qtbot: QtBot
) -> None:
    listed.activate_row(1)
    qtbot.waitUntil(pages[1].chief.hasFocus)
    QTest.keyClick(pages[1].chief, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pages[1].search.hasFocus()
    assert pages[1].search.selectedText() == "old words"


def test_it_is_as_wide_as_its_longest_name_needs(listed: Sidebar) -> None:
    assert listed.width() == WIDTH_MIN
    listed.set_page_names(("Tokens", "A very long name of a page in some language", "errcodes"))
    assert listed.width() >= listed.sizeHintForColumn(0) > WIDTH_MIN
    assert [listed.item(row).text() for row in (0, 2)] == ["Tokens", "errcodes"]


def test_the_icon_of_the_chosen_row_is_in_the_ink_of_the_highlight(listed: Sidebar) -> None:
    listed.apply_palette()
    for row in range(listed.count()):
        icon = listed.item(row).icon()
        usual = icon.pixmap(16, 16, QIcon.Mode.Normal).toImage()
        chosen = icon.pixmap(16, 16, QIcon.Mode.Selected).toImage()
        assert not usual.isNull()
        assert usual != chosen
