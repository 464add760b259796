"""The card of the list: its block, its empty states, and the way to older attempts."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryRow
from guarddog_gui.runtime.jobs import IncidentPageQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.filter_bar import Block
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.list_card import ListCard
from guarddog_gui.ui.history.model import LOADED_ROWS_MAX, HistoryModel
from tests.fakes import NOW
from tests.runtime.harness import SHOP, FakePagedHistoryStore
from tests.ui import find
from tests.ui.history.entries import NOT_LISTED

OLDER = "Load older attempts"


@pytest.fixture
def model(formatter: Formatter) -> HistoryModel:
    model = HistoryModel(formatter)
    model.set_accounts({SHOP.appid: SHOP})
    return model


@pytest.fixture
def card(model: HistoryModel, formatter: Formatter, qtbot: QtBot) -> ListCard:
    card = ListCard(model, formatter)
    qtbot.addWidget(card)
    card.resize(800, 400)
    card.retranslate()
    card.show()
    return card


def answer(model: HistoryModel, *rows: HistoryRow) -> None:
    queries: list[IncidentPageQuery] = []
    model.rows_requested.connect(queries.append)
    model.reload()
    model.rows_requested.disconnect(queries.append)
    model.apply_rows(queries[0], rows)


def test_the_list_is_shown_until_the_answer_says_that_it_is_empty(card: ListCard, model: HistoryModel) -> None:
    assert find.widget(card, HistoryList).isVisible()
    answer(model)
    assert not find.widget(card, HistoryList).isVisible()
    assert find.has(card, "Nothing happened in this time")
    answer(model, HistoryRow(1, NOT_LISTED))
    assert find.widget(card, HistoryList).isVisible()


@pytest.mark.parametrize("has_filters", [True, False])
@pytest.mark.parametrize("can_be_longer", [True, False])
def test_the_next_steps_of_an_empty_list(
    card: ListCard,
    model: HistoryModel,
    has_filters: bool,  # noqa: FBT001 - a column of the table
    can_be_longer: bool,  # noqa: FBT001 - a column of the table
) -> None:
    card.show_filters(has_filters=has_filters, can_be_longer=can_be_longer)
    answer(model)
    assert find.has(card, "Clear the filters") is has_filters
    assert find.has(card, "Show 30 days") is can_be_longer


def test_the_block_names_its_account_and_can_be_ended(card: ListCard, model: HistoryModel, qtbot: QtBot) -> None:
    block = Block(SHOP.appid, NOW - 60, NOW)
    card.show_block(block)
    assert find.has(card, "Shop")
    assert find.has(card, model.texts.span(NOW - 60, NOW))
    with qtbot.waitSignal(card.block_ended):
        find.button(card, "Show everything again").click()
    card.show_block(None)
    assert not find.has(card, "Shop")


def test_older_attempts_of_a_long_incident_are_loaded_on_request(
    card: ListCard, model: HistoryModel, qtbot: QtBot
) -> None:
    store = FakePagedHistoryStore()
    store.entries.extend(replace(NOT_LISTED, at=NOW + n) for n in range(2 * LOADED_ROWS_MAX))

    def load(query: IncidentPageQuery) -> None:
        model.apply_rows(query, store.read_page(query.history_filter, query.before_id, query.limit))

    model.rows_requested.connect(load)
    assert not find.has(card, OLDER)
    model.reload()
    qtbot.waitUntil(lambda: find.has(card, OLDER))
    reads = store.page_reads
    find.button(card, OLDER).click()
    qtbot.waitUntil(lambda: store.page_reads > reads)
