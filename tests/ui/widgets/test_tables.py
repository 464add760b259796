"""Padded tables: widths, selection, header."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.tokens.page import TokensPage
from tests.ui import find
from tests.ui.app_windows import AppLauncher


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
