"""The list of the history: keys, clicks, and pages that are loaded when they are needed."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.runtime.jobs import IncidentPageQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.model import PAGE_SIZE, HistoryModel
from tests.fakes import NOW
from tests.runtime.harness import SHOP, FakePagedHistoryStore
from tests.ui.history.entries import NOT_LISTED, SUCCESS


class HistoryListSetup:
    """A list over a store that answers at once."""

    def __init__(self, formatter: Formatter, qtbot: QtBot) -> None:
        self.store = FakePagedHistoryStore()
        self.model = HistoryModel(formatter)
        self.model.set_accounts({SHOP.appid: SHOP})
        self.list = HistoryList(self.model, formatter)
        qtbot.addWidget(self.list)
        self.model.rows_requested.connect(self._answer)
        self.list.resize(700, 400)
        self.list.show()

    def _answer(self, query: IncidentPageQuery) -> None:
        page = self.store.read_page(query.history_filter, query.before_id, query.limit)
        self.model.apply_rows(query, self.store.add_outcomes(page))

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.list, key)


@pytest.fixture
def setup(formatter: Formatter, qtbot: QtBot) -> HistoryListSetup:
    setup = HistoryListSetup(formatter, qtbot)
    for number in range(3):
        setup.store.append(replace(NOT_LISTED, at=NOW + number))
    setup.store.append(replace(SUCCESS, at=NOW + 3))
    setup.model.reload()
    return setup


def test_right_and_enter_expand_and_left_collapses(setup: HistoryListSetup) -> None:
    model = setup.model
    setup.list.setCurrentIndex(model.index(2))  # below the day and the success
    setup.press(Qt.Key.Key_Right)
    assert model.rowCount() == 6
    setup.press(Qt.Key.Key_Down, Qt.Key.Key_Left)  # to the item of the attempt
    assert setup.list.currentIndex().row() == 2
    setup.press(Qt.Key.Key_Left)
    assert model.rowCount() == 3
    setup.press(Qt.Key.Key_Return)
    assert model.rowCount() == 6
    setup.press(Qt.Key.Key_Enter)
    assert model.rowCount() == 3


def test_keys_skip_the_days(setup: HistoryListSetup) -> None:
    setup.store.entries.insert(0, replace(SUCCESS, at=NOW - 86_400))
    setup.model.reload()
    setup.list.setCurrentIndex(setup.model.index(2))
    setup.press(Qt.Key.Key_Down)
    assert setup.list.currentIndex().row() == 4  # row 3 is "Yesterday"


def test_a_double_click_and_a_click_on_the_arrow_expand(setup: HistoryListSetup) -> None:
    rect = setup.list.visualRect(setup.model.index(2))
    viewport, left = setup.list.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseDClick(viewport, left, pos=rect.center())
    assert setup.model.rowCount() == 6
    QTest.mouseClick(viewport, left, pos=QPoint(rect.right() - 20, rect.center().y()))
    assert setup.model.rowCount() == 3
    QTest.mouseClick(viewport, left, pos=rect.center())
    assert setup.model.rowCount() == 3
    assert setup.list.currentIndex().row() == 2


def test_pages_are_loaded_until_the_list_is_full_and_then_on_scrolling(setup: HistoryListSetup, qtbot: QtBot) -> None:
    setup.store.entries[:] = [
        replace(NOT_LISTED, at=NOW + number, errcode=number // 60) for number in range(20 * PAGE_SIZE)
    ]
    setup.model.set_filter(HistoryFilter())
    qtbot.waitUntil(lambda: setup.list.verticalScrollBar().maximum() > 0)
    qtbot.wait(50)
    before = setup.store.page_reads
    assert before < 8
    setup.list.scrollToBottom()
    qtbot.waitUntil(lambda: setup.store.page_reads > before)


def test_every_row_can_be_painted(setup: HistoryListSetup) -> None:
    setup.model.set_expanded(setup.model.index(2), expanded=True)
    setup.list.setCurrentIndex(setup.model.index(3))
    for width in (700, 300, 40):
        setup.list.resize(width, 400)
        assert not setup.list.grab().isNull()
