"""The clicks that lead from what is wrong, or from nothing at all, to where a person can go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView
from pytestqt.qtbot import QtBot

from tests.ui.every_window import Programs, busy_programs


@pytest.fixture
def programs(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Programs]:
    with busy_programs(qapp, qtbot, tmp_path) as programs:
        yield programs


def test_how_to_fix_leads_from_the_banner_to_the_explanation_of_its_errcode(programs: Programs) -> None:
    window = programs.start("en").window
    window._banner._explain.click()
    assert window._errcodes.isVisible()
    assert "(40164)" in window._errcodes._meaning.text()
    assert window._errcodes._fix.text()


def test_the_first_window_offers_the_sandbox(programs: Programs, qtbot: QtBot) -> None:
    program = programs.start("en")
    program.first_run()
    with qtbot.waitSignal(program.window.sandbox_wanted):
        program.window._first_run._sandbox.click()


def test_the_chosen_row_stays_in_sight_when_its_explanation_takes_room(
    programs: Programs, qtbot: QtBot
) -> None:
    program = programs.start("en")
    program.turn_to("errcodes")
    page = program.window._errcodes
    table = page._table
    table.selectRow(row_of(table, "0"))  # there is little to say about it
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


def test_the_header_shows_by_what_the_accounts_are_sorted(programs: Programs) -> None:
    program = programs.start("en")
    header = program.window._tokens._view.header()
    plain = header.grab().toImage()
    header.setSortIndicator(0, header.sortIndicatorOrder())
    assert header.grab().toImage() != plain
