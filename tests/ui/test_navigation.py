"""Navigation in the window: from the banner, the welcome page, and a selected row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.tokens.page import TokensPage
from tests.ui import find
from tests.ui.app_windows import AppLauncher, populated_app


@pytest.fixture
def app_launcher(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppLauncher]:
    with populated_app(qapp, qtbot, tmp_path) as app_launcher:
        yield app_launcher


def test_how_to_fix_opens_the_explanation_of_the_errcode(app_launcher: AppLauncher) -> None:
    window = app_launcher.start("en").window
    find.button(window, "How to fix").click()
    assert find.widget(window, ErrcodePage).isVisible()
    assert "(40164)" in find.label(window, "errcode-meaning").text()
    assert find.label(window, "errcode-fix").text()


def test_the_welcome_page_opens_the_sandbox(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.show_welcome_page()
    with qtbot.waitSignal(program.window.sandbox_requested):
        find.button(program.window, "Try the sandbox").click()


def test_the_selected_row_stays_visible_above_a_long_explanation(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.show_page("errcodes")
    table = find.widget(program.page(ErrcodePage), QTableView)
    table.selectRow(row_of(table, "0"))  # its explanation is short
    qtbot.wait(50)
    height = table.viewport().height()
    wanted = table.model().index(row_of(table, "40164"), 0)
    table.scrollTo(wanted, QAbstractItemView.ScrollHint.PositionAtBottom)
    table.setCurrentIndex(wanted)
    qtbot.waitUntil(lambda: table.viewport().height() < height)
    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(wanted)))


def row_of(table: QTableView, code: str) -> int:
    model = table.model()
    (found,) = model.match(model.index(0, 0), Qt.ItemDataRole.DisplayRole, code, 1, Qt.MatchFlag.MatchExactly)
    return found.row()


def test_the_header_shows_the_sorted_column(app_launcher: AppLauncher) -> None:
    program = app_launcher.start("en")
    header = find.widget(program.page(TokensPage), QTreeView).header()
    unsorted = header.grab().toImage()
    header.setSortIndicator(0, header.sortIndicatorOrder())
    assert header.grab().toImage() != unsorted
