"""The line above the history: what each choice leaves, and what it says when."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryFilter, Trigger
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.filter_bar import TIME_SPANS_S, HistoryFilterBar
from tests.fakes import NOW

WEEK = 7 * 24 * HOUR_S
NAMES = {"wx1": "Shop", "wx2": "Café"}
DEFAULT = HistoryFilter(since=NOW - WEEK)


class HistoryFilterSetup:
    def __init__(self, formatter: Formatter, qtbot: QtBot) -> None:
        self.filters = HistoryFilterBar(formatter)
        qtbot.addWidget(self.filters)
        self.qtbot = qtbot
        self.heard: list[HistoryFilter] = []
        self.filters.set_account_names(NAMES)
        self.filters.filter_changed.connect(lambda: self.heard.append(self.filters.current_filter()))
        self.filters.show()


@pytest.fixture
def desk(formatter: Formatter, qtbot: QtBot) -> HistoryFilterSetup:
    return HistoryFilterSetup(formatter, qtbot)


def test_it_begins_with_a_week_of_everything(desk: HistoryFilterSetup) -> None:
    assert desk.filters.current_filter() == DEFAULT
    assert desk.filters.appid is None
    assert desk.filters.timeline_span_s == WEEK


def test_every_choice_is_a_part_of_the_filter_and_is_said_once(desk: HistoryFilterSetup) -> None:
    filters = desk.filters
    filters.select_account("wx2")
    filters._key_combo.setCurrentIndex(filters._key_combo.findData(TokenKind.JSAPI_TICKET.value))
    filters._trigger_combo.setCurrentIndex(filters._trigger_combo.findData(Trigger.COPY.value))
    filters._only_failures_check_box.click()
    filters._time_span_combo.setCurrentIndex(0)
    assert desk.heard == [
        HistoryFilter(appid="wx2", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", trigger="copy", since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - 24 * HOUR_S),
    ]


@pytest.mark.parametrize("trigger", Trigger)
def test_every_trigger_can_be_chosen_by_a_word(
    desk: HistoryFilterSetup, formatter: Formatter, trigger: Trigger
) -> None:
    box = desk.filters._trigger_combo
    row = box.findData(trigger.value)
    box.setCurrentIndex(row)
    assert desk.filters.current_filter().trigger == trigger.value
    assert box.itemText(row) == formatter.messages.trigger_name(trigger)


def test_all_time_has_no_beginning_and_the_picture_shows_its_longest_span(desk: HistoryFilterSetup) -> None:
    desk.filters._time_span_combo.setCurrentIndex(desk.filters._time_span_combo.count() - 1)
    assert desk.filters.current_filter().since is None
    assert desk.filters.timeline_span_s == TIME_SPANS_S[-1]


def test_a_text_is_looked_for_when_nobody_types_any_more(desk: HistoryFilterSetup) -> None:
    desk.filters._typing_timer.setInterval(30)
    QTest.keyClicks(desk.filters._text_field, " invalid ip ")
    assert desk.heard == []
    desk.qtbot.waitUntil(lambda: bool(desk.heard))
    assert [found.text for found in desk.heard] == ["invalid ip"]


# -- a span from the picture ----------------------------------------------------------------------


def test_a_click_into_the_picture_is_shown_and_can_be_taken_back(desk: HistoryFilterSetup) -> None:
    desk.filters.select_time_span("wx2", NOW - 600, NOW - 300)
    assert desk.heard == [HistoryFilter(appid="wx2", since=NOW - 600, until=NOW - 300)]
    button = desk.filters._time_span_button
    assert button.isVisible()
    assert button.accessibleName()
    assert "–" in button.text()
    button.click()
    assert not button.isVisible()
    assert desk.heard[-1] == HistoryFilter(appid="wx2", since=NOW - WEEK)
    assert len(desk.heard) == 2


def test_a_span_is_said_in_the_language_of_now(desk: HistoryFilterSetup, formatter: Formatter) -> None:
    desk.filters.select_time_span("wx1", NOW - 600, NOW - 300)
    desk.filters.retranslate()
    assert desk.filters._time_span_button.text().startswith(
        f"{formatter.format_time(NOW - 600)} – {formatter.format_time(NOW - 300)}"
    )


# -- accounts -------------------------------------------------------------------------------------


def test_a_chosen_account_stays_while_others_come_and_go(desk: HistoryFilterSetup) -> None:
    desk.filters.select_account("wx2")
    desk.heard.clear()
    desk.filters.set_account_names({"wx0": "New", "wx2": "Café!"})
    assert desk.filters.appid == "wx2"
    assert desk.filters._account_combo.currentText() == "Café!"
    assert desk.heard == []  # the choice is the same


def test_a_chosen_account_that_is_removed_leaves_all_of_them(desk: HistoryFilterSetup) -> None:
    desk.filters.select_account("wx2")
    desk.heard.clear()
    desk.filters.set_account_names({"wx1": "Shop"})
    assert desk.filters.appid is None
    assert desk.heard == [DEFAULT]


def test_an_account_that_is_not_there_means_all(desk: HistoryFilterSetup) -> None:
    desk.filters.select_account("wx1")
    desk.filters.select_account("wx-nobody")
    assert desk.filters.appid is None


def test_every_field_has_a_name(desk: HistoryFilterSetup) -> None:
    filters = desk.filters
    for field in (
        filters._account_combo,
        filters._key_combo,
        filters._trigger_combo,
        filters._time_span_combo,
        filters._text_field,
    ):
        assert field.accessibleName()
