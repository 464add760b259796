"""The model of the history table: paging, new rows, texts, and Qt's own tester through every change."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.model import PAGE_SIZE, HistoryColumn, HistoryModel
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN, FakePagedHistoryStore


def entry_at(number: int, appid: str = SHOP.appid, **fields: object) -> HistoryEntry:
    entry = HistoryEntry(NOW + number, appid, TOKEN, Trigger.TIMER, AttemptResult.NEW)
    return replace(entry, **fields)  # the caller's words


@pytest.fixture
def store() -> FakePagedHistoryStore:
    return FakePagedHistoryStore()


@pytest.fixture
def history(store: FakePagedHistoryStore, formatter: Formatter) -> HistoryModel:
    model = HistoryModel(formatter)
    model.rows_requested.connect(
        lambda query: model.apply_rows(query, store.read_page(query.history_filter, query.before_id, query.limit))
    )
    return model


def times(history: HistoryModel) -> list[float]:
    entries = [history.entry_at(history.index(row, 0)) for row in range(history.rowCount())]
    return [entry.at - NOW for entry in entries if entry is not None]


def test_the_model_passes_qts_tester_while_it_grows_and_is_filtered(
    history: HistoryModel, store: FakePagedHistoryStore
) -> None:
    for number in range(PAGE_SIZE + 40):
        store.append(entry_at(number))
    tester = QAbstractItemModelTester(history, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)  # it would fetch in the middle of a reset, and fail
    history.reload()
    history.fetchMore(QModelIndex())
    store.append(entry_at(PAGE_SIZE + 40))
    history.load_newer()
    history.set_account_names({SHOP.appid: "Shop"})
    history.set_filter(HistoryFilter(only_failures=True))
    history.load_newer()
    history.set_filter(HistoryFilter())
    history.fetchMore(QModelIndex())
    assert history.rowCount() == PAGE_SIZE + 41


def test_the_newest_row_is_on_top_and_older_ones_are_fetched_on_demand(
    history: HistoryModel, store: FakePagedHistoryStore
) -> None:
    for number in range(2 * PAGE_SIZE + 3):
        store.append(entry_at(number))
    history.reload()
    assert history.rowCount() == PAGE_SIZE
    assert history.canFetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    assert not history.canFetchMore(QModelIndex())
    assert times(history) == [*range(2 * PAGE_SIZE + 2, -1, -1)]


def test_a_full_last_page_is_followed_by_an_empty_one(history: HistoryModel, store: FakePagedHistoryStore) -> None:
    for number in range(PAGE_SIZE):
        store.append(entry_at(number))
    history.reload()
    assert history.canFetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    assert not history.canFetchMore(QModelIndex())
    assert history.rowCount() == PAGE_SIZE


def test_new_rows_are_inserted_at_the_top(history: HistoryModel, store: FakePagedHistoryStore, qtbot: QtBot) -> None:
    for number in range(5):
        store.append(entry_at(number))
    history.reload()
    before = history.entry_at(history.index(2, 0))
    for number in range(5, 8):
        store.append(entry_at(number))
    with qtbot.assertNotEmitted(history.modelReset), qtbot.waitSignal(history.rowsInserted):
        history.load_newer()
    assert times(history) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert history.entry_at(history.index(5, 0)) == before
    with qtbot.assertNotEmitted(history.rowsInserted):
        history.load_newer()


def test_more_new_rows_than_a_page_replace_all_rows(history: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(entry_at(0))
    history.reload()
    for number in range(1, PAGE_SIZE + 10):
        store.append(entry_at(number))
    history.load_newer()
    assert times(history) == [*range(PAGE_SIZE + 9, 9, -1)]
    history.fetchMore(QModelIndex())
    assert times(history)[-1] == 0


def test_the_very_first_entry_is_shown(history: HistoryModel, store: FakePagedHistoryStore) -> None:
    history.load_newer()
    store.append(entry_at(0))
    history.load_newer()
    assert times(history) == [0]


def test_every_cell_of_an_entry_has_a_text(history: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(entry_at(0, result=AttemptResult.REFUSED, errcode=40164, took_ms=123, trigger=Trigger.USER))
    store.append(entry_at(1, appid="wx-gone"))
    history.set_account_names({SHOP.appid: "Shop"})
    history.reload()
    cells = [history.index(1, column).data() for column in HistoryColumn if column != HistoryColumn.TIME]
    assert cells == ["Shop", "ACCESS_TOKEN", "person", "refused", "40164", "123"]
    assert history.index(0, HistoryColumn.ACCOUNT).data() == "wx-gone"
    headers = [history.headerData(column, Qt.Orientation.Horizontal) for column in HistoryColumn]
    assert headers == ["Time", "Account", "Key", "Trigger", "Result", "errcode", "ms"]


def test_an_errmsg_is_escaped_in_the_tooltip(history: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(entry_at(0, result=AttemptResult.REFUSED, errcode=1, errmsg="<img src=x>\U0001f600"))
    store.append(entry_at(1))
    history.reload()
    assert (
        history.index(1, HistoryColumn.RESULT).data(Qt.ItemDataRole.ToolTipRole).count("&lt;img src=x&gt;\U0001f600")
        == 1
    )
    assert history.index(0, HistoryColumn.RESULT).data(Qt.ItemDataRole.ToolTipRole) is None


def test_rows_that_come_in_for_days_do_not_make_the_table_grow(
    history: HistoryModel, store: FakePagedHistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.ui.history.model.ROWS_KEPT_MAX", PAGE_SIZE)
    for number in range(PAGE_SIZE):
        store.append(entry_at(number))
    history.reload()
    for number in range(PAGE_SIZE, 2 * PAGE_SIZE):
        store.append(entry_at(number))
        history.load_newer()
        assert history.rowCount() == PAGE_SIZE
    assert times(history) == list(range(2 * PAGE_SIZE - 1, PAGE_SIZE - 1, -1))

    assert history.canFetchMore(QModelIndex()), "the dropped rows are loaded again"
    history.fetchMore(QModelIndex())
    assert times(history) == list(range(2 * PAGE_SIZE - 1, -1, -1))

    store.append(entry_at(2 * PAGE_SIZE))
    history.load_newer()
    assert history.rowCount() == 2 * PAGE_SIZE, "what the user has loaded stays"
