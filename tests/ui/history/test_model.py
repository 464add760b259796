"""The model of the history: paging, new rows, expanding, texts, and Qt's own tester through every change."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from guarddog_gui.runtime.jobs import IncidentPageQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.model import LOADED_ROWS_MAX, PAGE_SIZE, HistoryModel
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN, FakePagedHistoryStore

HOUR = 3600.0


def entry_at(number: float, **fields: object) -> HistoryEntry:
    entry = HistoryEntry(NOW + number, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW)
    return replace(entry, **fields)  # the caller's words


def failure_at(number: float, **fields: object) -> HistoryEntry:
    return entry_at(number, **{"result": AttemptResult.REFUSED, "errcode": 40164, **fields})


@pytest.fixture
def store() -> FakePagedHistoryStore:
    return FakePagedHistoryStore()


@pytest.fixture
def model(store: FakePagedHistoryStore, formatter: Formatter) -> HistoryModel:
    model = HistoryModel(formatter)

    def answer(query: IncidentPageQuery) -> None:
        page = store.read_page(query.history_filter, query.before_id, query.limit)
        model.apply_rows(query, store.add_outcomes(page))

    model.rows_requested.connect(answer)
    model.set_accounts({SHOP.appid: SHOP})
    return model


def texts(model: HistoryModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def items(model: HistoryModel) -> list[str]:
    """Return the texts of the items, without days and attempts."""
    rows = [model.row_at(model.index(row)) for row in range(model.rowCount())]
    shown = zip(rows, texts(model), strict=True)
    return [text for row, text in shown if row is not None and row.item is not None and row.attempt is None]


def attempt_count(model: HistoryModel) -> int:
    rows = [model.row_at(model.index(row)) for row in range(model.rowCount())]
    return sum(len(row.item.rows) for row in rows if row is not None and row.item is not None and row.attempt is None)


def index_of(model: HistoryModel, text: str) -> QModelIndex:
    return model.index(next(row for row, shown in enumerate(texts(model)) if text in shown))


def test_the_model_passes_qts_tester_while_it_grows_and_is_filtered(
    model: HistoryModel, store: FakePagedHistoryStore
) -> None:
    for number in range(PAGE_SIZE + 40):
        store.append(failure_at(number) if number % 10 in (3, 4) else entry_at(number))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)  # it would fetch in the middle of a reset, and fail
    model.reload()
    model.set_expanded(index_of(model, "renewed"), expanded=True)
    model.fetchMore(QModelIndex())
    store.append(failure_at(PAGE_SIZE + 40))
    model.load_newer()
    model.set_expanded(index_of(model, "renewed"), expanded=False)
    model.set_accounts({})
    model.set_filter(HistoryFilter(only_failures=True))
    model.load_newer()
    model.set_filter(HistoryFilter())
    model.fetchMore(QModelIndex())
    assert attempt_count(model) == PAGE_SIZE + 41


def test_items_stand_below_their_day_newest_first(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    for number in (-24 * HOUR, 0):
        store.append(entry_at(number))
        store.append(failure_at(number + 1))
    model.reload()
    shown = texts(model)
    assert shown[0].startswith("Today · ")
    assert ["40164" in text for text in shown] == [False, True, False, False, True, False]
    assert shown[3].startswith("Yesterday · ")
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags


def test_older_pages_are_fetched_on_demand(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    for number in range(2 * PAGE_SIZE + 3):
        store.append(failure_at(number))
    model.reload()
    assert attempt_count(model) == PAGE_SIZE
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    (item,) = items(model)  # all of them are one incident
    assert f"{2 * PAGE_SIZE + 3} tries" in item


def test_a_full_last_page_is_followed_by_an_empty_one(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    for number in range(PAGE_SIZE):
        store.append(entry_at(number))
    model.reload()
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    assert attempt_count(model) == PAGE_SIZE


def test_a_long_incident_loads_only_so_much_without_the_user(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.entries.extend(failure_at(number) for number in range(LOADED_ROWS_MAX + PAGE_SIZE))
    model.reload()
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert attempt_count(model) == LOADED_ROWS_MAX
    assert model.waits_for_user
    model.allow_more()
    model.fetchMore(QModelIndex())
    assert attempt_count(model) == LOADED_ROWS_MAX + PAGE_SIZE


def test_attempts_that_come_in_for_days_do_not_make_the_list_grow(
    model: HistoryModel, store: FakePagedHistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.ui.history.model.LOADED_ROWS_MAX", PAGE_SIZE)
    for number in range(PAGE_SIZE):
        store.append(failure_at(number, errcode=number // 100))
    model.reload()
    newest = index_of(model, "Shop")
    model.set_expanded(newest, expanded=True)
    selected = QPersistentModelIndex(newest)
    for number in range(PAGE_SIZE, 4 * PAGE_SIZE):
        store.append(entry_at(number, appid="wx2"))
        model.load_newer()
        assert attempt_count(model) <= 2 * PAGE_SIZE
    assert selected.row() == -1, "the selected incident is older than what is kept"
    kept = attempt_count(model)
    assert model.canFetchMore(QModelIndex()) or model.waits_for_user, "the dropped ones are loaded again"
    model.allow_more()
    model.fetchMore(QModelIndex())
    assert attempt_count(model) == kept + PAGE_SIZE


def test_selection_and_expanded_items_stay_while_old_attempts_are_dropped(
    model: HistoryModel, store: FakePagedHistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.ui.history.model.LOADED_ROWS_MAX", PAGE_SIZE)
    for number in range(PAGE_SIZE):
        store.append(entry_at(number))
    for number in range(3):
        store.append(failure_at(PAGE_SIZE + number))
    model.reload()
    model.set_expanded(index_of(model, "3 tries"), expanded=True)
    selected = QPersistentModelIndex(index_of(model, "3 tries"))
    for number in range(PAGE_SIZE + 3, 2 * PAGE_SIZE + 2):
        store.append(entry_at(number, appid="wx2"))
        model.load_newer()
    assert attempt_count(model) < 2 * PAGE_SIZE
    assert "3 tries" in selected.data()
    assert model.is_expanded(selected)


def test_selection_and_expanded_items_stay_while_new_rows_come(
    model: HistoryModel, store: FakePagedHistoryStore
) -> None:
    for entry in (failure_at(0), failure_at(1), entry_at(2), entry_at(3)):
        store.append(entry)
    model.reload()
    model.set_expanded(index_of(model, "40164"), expanded=True)
    selected = QPersistentModelIndex(index_of(model, "2 tries"))
    store.append(failure_at(4, appid="wx2"))
    model.load_newer()
    assert selected.row() == index_of(model, "2 tries").row()
    assert model.is_expanded(selected)
    assert len(items(model)) == 3


def test_an_incident_that_goes_on_moves_to_the_top(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    for entry in (failure_at(0), failure_at(1, appid="wx2"), entry_at(2, appid="wx3")):
        store.append(entry)
    model.reload()
    selected = QPersistentModelIndex(index_of(model, "Shop"))
    store.append(failure_at(3))
    model.load_newer()
    assert "2 tries" in items(model)[0]
    assert selected.data() == items(model)[0]


def test_more_new_rows_than_a_page_replace_all_rows(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(entry_at(0))
    model.reload()
    for number in range(1, PAGE_SIZE + 10):
        store.append(entry_at(number))
    model.load_newer()
    assert attempt_count(model) == PAGE_SIZE
    model.fetchMore(QModelIndex())
    assert attempt_count(model) == PAGE_SIZE + 10


def test_the_very_first_entry_is_shown(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    model.load_newer()
    assert not model.is_loading
    store.append(entry_at(0))
    model.load_newer()
    assert attempt_count(model) == 1


def test_an_answer_to_a_replaced_request_is_ignored(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    model.reload()
    store.append(entry_at(0))
    model.apply_rows(IncidentPageQuery(HistoryFilter(), None, PAGE_SIZE), store.read_page(HistoryFilter(), None, 1))
    assert model.rowCount() == 0


# -- expanding ------------------------------------------------------------------------------------


def test_an_expanded_item_shows_its_attempts_newest_first(
    model: HistoryModel, store: FakePagedHistoryStore, qtbot: QtBot
) -> None:
    for number in range(3):
        store.append(failure_at(number, took_ms=number))
    model.reload()
    index = index_of(model, "3 tries")
    with qtbot.waitSignal(model.rowsInserted):
        model.set_expanded(index, expanded=True)
    assert [text.rpartition(", ")[2] for text in texts(model)[2:]] == ["2 ms", "1 ms", "0 ms"]
    assert "access_token · timer · refused by WeChat · 40164" in texts(model)[2]
    assert model.item_index(model.index(4)) == index
    with qtbot.waitSignal(model.rowsRemoved):
        model.set_expanded(index, expanded=False)
    assert model.rowCount() == 2


def test_an_item_of_one_attempt_cannot_be_expanded(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(failure_at(0))
    model.reload()
    model.set_expanded(index_of(model, "40164"), expanded=True)
    assert model.rowCount() == 2
    assert not model.can_expand(model.index(0))


def test_screen_readers_are_told_whether_an_item_is_expanded(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    for number in range(2):
        store.append(failure_at(number))
    model.reload()
    index, role = index_of(model, "2 tries"), Qt.ItemDataRole.AccessibleTextRole
    assert index.data(role).endswith("collapsed")
    model.set_expanded(index, expanded=True)
    assert index.data(role).endswith("expanded")


def test_an_errmsg_is_escaped_in_the_tooltip(model: HistoryModel, store: FakePagedHistoryStore) -> None:
    store.append(failure_at(0, errmsg="<img src=x>\U0001f600"))
    model.reload()
    tooltip = index_of(model, "40164").data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip.count("&lt;img src=x&gt;\U0001f600") == 1
