"""The clicks that lead from what is wrong, or from nothing at all, to where a person can go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView
from pytestqt.qtbot import QtBot

from tests.ui.app_windows import AppLauncher, populated_app


@pytest.fixture
def app_launcher(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppLauncher]:
    with populated_app(qapp, qtbot, tmp_path) as app_launcher:
        yield app_launcher


def test_how_to_fix_leads_from_the_banner_to_the_explanation_of_its_errcode(
    app_launcher: AppLauncher,
) -> None:
    window = app_launcher.start("en").window
    window._banner._errcode_help_button.click()
    assert window._errcode_page.isVisible()
    assert "(40164)" in window._errcode_page._meaning_label.text()
    assert window._errcode_page._fix_label.text()


def test_the_first_window_offers_the_sandbox(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.show_welcome_page()
    with qtbot.waitSignal(program.window.sandbox_requested):
        program.window._welcome_page._sandbox_button.click()


def test_the_chosen_row_stays_in_sight_when_its_explanation_takes_room(
    app_launcher: AppLauncher, qtbot: QtBot
) -> None:
    program = app_launcher.start("en")
    program.show_page("errcodes")
    page = program.window._errcode_page
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


def test_the_header_shows_by_what_the_accounts_are_sorted(app_launcher: AppLauncher) -> None:
    program = app_launcher.start("en")
    header = program.window._tokens_page._view.header()
    plain = header.grab().toImage()
    header.setSortIndicator(0, header.sortIndicatorOrder())
    assert header.grab().toImage() != plain
