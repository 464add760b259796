"""Padded tables: widths, selection, header."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt
from PySide6.QtGui import QPalette, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTableView
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.widgets.tables import (
    CELL_PADDING,
    HEADER_HEIGHT,
    NAME_COLUMN_WIDTH_MIN,
    OTHER_COLUMNS_WIDTH,
    PaddedDelegate,
    PaddedHeader,
    RowTable,
)
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


# -- alone -----------------------------------------------------------------------------------------

NAME, EXPLANATION = 0, 1
LONG_NAME = "W" * 200


def make_model(rows: list[tuple[str, str]]) -> QStandardItemModel:
    model = QStandardItemModel(0, 2)
    model.setHorizontalHeaderLabels(["Account", "Explanation"])
    for row in rows:
        model.appendRow([QStandardItem(text) for text in row])
    return model


def make_table(qtbot: QtBot, rows: list[tuple[str, str]], *, name_column: int | None = NAME) -> RowTable:
    model = make_model(rows)
    table = RowTable(model, EXPLANATION, name_column)
    model.setParent(table)
    qtbot.addWidget(table)
    table.resize(800, 200)
    table.show()
    return table


@pytest.mark.parametrize("width", [600, 900])
def test_a_column_of_long_names_leaves_space_for_the_others(qtbot: QtBot, width: int) -> None:
    table = make_table(qtbot, [(LONG_NAME, "explained")])
    table.resize(width, 200)

    limit = max(NAME_COLUMN_WIDTH_MIN, (table.viewport().width() - OTHER_COLUMNS_WIDTH) // 3)

    assert table.sizeHintForColumn(NAME) <= limit + 1  # the grid
    assert table.horizontalHeader().length() == table.viewport().width()


def test_other_columns_are_as_wide_as_their_texts(qtbot: QtBot) -> None:
    table = make_table(qtbot, [(LONG_NAME, "explained")], name_column=None)

    assert table.columnWidth(NAME) > table.fontMetrics().horizontalAdvance(LONG_NAME)


def test_a_cell_has_padding_on_both_sides(qtbot: QtBot) -> None:
    table = make_table(qtbot, [("Shop", "explained")])
    index, option = table.model().index(0, EXPLANATION), QStyleOptionViewItem()
    option.rect = QRect(10, 20, 100, 30)
    unpadded, padded = PaddedDelegate(table, padding=0), PaddedDelegate(table, padding=CELL_PADDING)

    assert padded.padded_option(option).rect == QRect(10 + CELL_PADDING, 20, 100 - 2 * CELL_PADDING, 30)
    assert option.rect == QRect(10, 20, 100, 30), "the option itself is unchanged"
    assert padded.sizeHint(option, index).width() == unpadded.sizeHint(option, index).width() + 2 * CELL_PADDING


def test_a_click_selects_the_whole_row(qtbot: QtBot) -> None:
    table = make_table(qtbot, [("Shop", "one"), ("Café", "two")])

    QTest.mouseClick(
        table.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        table.visualRect(table.model().index(1, EXPLANATION)).center(),
    )

    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_the_selected_row_is_scrolled_to(qtbot: QtBot) -> None:
    table = make_table(qtbot, [(f"Shop {number}", "") for number in range(100)])
    last = table.model().index(99, NAME)
    assert not table.viewport().rect().contains(table.visualRect(last))

    table.selectionModel().setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)

    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(last)))


def test_the_background_of_a_selected_row_reaches_into_the_padding(qtbot: QtBot) -> None:
    table = make_table(qtbot, [("Shop", "one")])
    place = table.visualRect(table.model().index(0, NAME))
    corner = QPoint(place.left() + 1, place.center().y())
    before = table.viewport().grab().toImage().pixelColor(corner)

    table.selectRow(0)

    group = QPalette.ColorGroup.Active if table.isActiveWindow() else QPalette.ColorGroup.Inactive
    highlight = table.palette().color(group, QPalette.ColorRole.Highlight)
    assert table.viewport().grab().toImage().pixelColor(corner) == highlight != before


def test_a_header_has_space_for_its_text(qtbot: QtBot) -> None:
    table = make_table(qtbot, [("Shop", "one")])
    header = table.horizontalHeader()
    assert isinstance(header, PaddedHeader)
    size = header.sectionSizeFromContents(NAME)
    assert size.width() >= header.fontMetrics().horizontalAdvance("Account") + 2 * CELL_PADDING
    assert size.height() >= HEADER_HEIGHT
