"""The search everywhere, by keyboard and mouse."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.search_dialog import SearchDialog, row_height_for
from guarddog_gui.ui.shell.search_index import EntryKind, SearchEntry
from guarddog_gui.ui.widgets.page import SearchField
from tests.ui import find


class Opened:
    """The dialog over a window, and the titles of the entries that were run."""

    def __init__(self, formatter: Formatter, qtbot: QtBot) -> None:
        self.ran: list[str] = []
        titles = ("Flower shop", "Coffee to go", "Museum guide")
        entries = [SearchEntry(EntryKind.ACCOUNT, t, "wx1", lambda t=t: self.ran.append(t)) for t in titles]  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        self.window = QWidget()
        self.window.resize(800, 600)
        qtbot.addWidget(self.window)
        self.window.show()
        self.dialog = SearchDialog(entries, formatter, self.window, self.entry_of_text)
        self.dialog.show()
        qtbot.waitExposed(self.dialog)

    def entry_of_text(self, text: str) -> SearchEntry | None:
        run = partial(self.ran.append, text)
        return SearchEntry(EntryKind.ADDRESS, f"Sign {text}", "", run) if text.startswith("https:") else None

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(find.widget(self.dialog, SearchField), key)

    def type(self, text: str) -> None:
        QTest.keyClicks(find.widget(self.dialog, SearchField), text)

    @property
    def rows(self) -> list[str]:
        rows = find.widget(self.dialog, QListWidget)
        return [rows.item(row).text() for row in range(rows.count())]


@pytest.fixture
def opened(formatter: Formatter, qtbot: QtBot) -> Opened:
    return Opened(formatter, qtbot)


def test_enter_runs_the_best_match_and_closes(opened: Opened) -> None:
    opened.type("coff")
    assert opened.rows == ["Coffee to go"]
    opened.press(Qt.Key.Key_Return)
    assert opened.ran == ["Coffee to go"]
    assert not opened.dialog.isVisible()


def test_the_arrow_keys_choose_while_the_field_has_the_focus(opened: Opened) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        opened.press(key)
    opened.press(Qt.Key.Key_Enter)
    assert opened.ran == ["Coffee to go"]


def test_a_click_runs_an_entry(opened: Opened) -> None:
    rows = find.widget(opened.dialog, QListWidget)
    place = rows.visualItemRect(rows.item(2)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.ran == ["Museum guide"]


def test_where_nothing_matches_it_says_what_to_try(opened: Opened) -> None:
    opened.type("nowhere")
    label = find.widget(opened.dialog, QLabel)
    assert label.isVisible()
    assert label.text().startswith("Nothing matches.")
    opened.press(Qt.Key.Key_Return)
    assert opened.ran == []


def test_escape_closes_it(opened: Opened) -> None:
    opened.press(Qt.Key.Key_Escape)
    assert not opened.dialog.isVisible()
    assert opened.ran == []


def test_a_text_that_is_an_entry_itself_comes_first(opened: Opened) -> None:
    opened.type("https://a.cn/p")
    assert opened.rows == ["Sign https://a.cn/p"]
    opened.press(Qt.Key.Key_Return)
    assert opened.ran == ["https://a.cn/p"]


def test_a_click_on_the_window_closes_it(opened: Opened) -> None:
    QTest.mouseClick(opened.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not opened.dialog.isVisible()
    assert opened.ran == []


def test_it_does_not_outlive_its_window(opened: Opened) -> None:
    opened.window.close()
    assert not opened.dialog.isVisible()


def test_on_x11_the_corners_are_cut_off_instead_of_being_transparent(
    formatter: Formatter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    dialog = Opened(formatter, qtbot).dialog

    assert not dialog.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    assert not dialog.mask().contains(QPoint(0, 0))
    assert dialog.mask().contains(dialog.rect().center())


def test_the_list_has_whole_rows_only(formatter: Formatter, qtbot: QtBot) -> None:
    dialog = Opened(formatter, qtbot).dialog
    entries = find.widget(dialog, QListWidget)
    assert entries.viewport().height() % row_height_for(entries.fontMetrics().height()) == 0
