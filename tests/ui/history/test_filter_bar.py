"""The filters above the history, and the filter that each selection results in."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryFilter, Trigger
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.filter_bar import TIME_SPANS_S, HistoryFilterBar
from tests.fakes import NOW
from tests.ui import find

WEEK = 7 * 24 * HOUR_S
NAMES = {"wx1": "Shop", "wx2": "Café"}
DEFAULT = HistoryFilter(since=NOW - WEEK)


class HistoryFilterSetup:
    def __init__(self, formatter: Formatter, qtbot: QtBot) -> None:
        self.filters = HistoryFilterBar(formatter)
        qtbot.addWidget(self.filters)
        self.qtbot = qtbot
        self.emitted: list[HistoryFilter] = []
        self.filters.set_account_names(NAMES)
        self.filters.filter_changed.connect(lambda: self.emitted.append(self.filters.current_filter()))
        self.filters.show()


def select(combo: QComboBox, data: str) -> None:
    combo.setCurrentIndex(combo.findData(data))


@pytest.fixture
def setup(formatter: Formatter, qtbot: QtBot) -> HistoryFilterSetup:
    return HistoryFilterSetup(formatter, qtbot)


def test_the_initial_filter_is_everything_of_the_last_week(setup: HistoryFilterSetup) -> None:
    assert setup.filters.current_filter() == DEFAULT
    assert setup.filters.appid is None
    assert setup.filters.timeline_span_s == WEEK


def test_every_selection_changes_the_filter_and_is_signalled_once(setup: HistoryFilterSetup) -> None:
    filters = setup.filters
    filters.select_account("wx2")
    select(find.combo(filters, "Key"), TokenKind.JSAPI_TICKET.value)
    select(find.combo(filters, "Trigger"), Trigger.COPY.value)
    find.check_box(filters, "Only failures").click()
    find.combo(filters, "Time").setCurrentIndex(0)
    assert setup.emitted == [
        HistoryFilter(appid="wx2", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", trigger="copy", since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - 24 * HOUR_S),
    ]


@pytest.mark.parametrize("trigger", Trigger)
def test_every_trigger_can_be_selected_by_its_name(
    setup: HistoryFilterSetup, formatter: Formatter, trigger: Trigger
) -> None:
    combo = find.combo(setup.filters, "Trigger")
    select(combo, trigger.value)
    assert setup.filters.current_filter().trigger == trigger.value
    assert combo.currentText() == formatter.messages.trigger_name(trigger)


def test_all_time_has_no_start_and_the_timeline_shows_its_longest_span(setup: HistoryFilterSetup) -> None:
    combo = find.combo(setup.filters, "Time")
    combo.setCurrentIndex(combo.count() - 1)
    assert setup.filters.current_filter().since is None
    assert setup.filters.timeline_span_s == TIME_SPANS_S[-1]


def test_a_text_is_searched_for_when_the_user_stops_typing(setup: HistoryFilterSetup) -> None:
    find.timer(setup.filters, "typing-timer").setInterval(30)
    QTest.keyClicks(find.field(setup.filters, "Text in errmsg"), " invalid ip ")
    assert setup.emitted == []
    setup.qtbot.waitUntil(lambda: bool(setup.emitted))
    assert [history_filter.text for history_filter in setup.emitted] == ["invalid ip"]


# -- a time span from the timeline ----------------------------------------------------------------


def test_a_time_span_from_the_timeline_is_shown_and_can_be_removed(setup: HistoryFilterSetup) -> None:
    setup.filters.select_time_span("wx2", NOW - 600, NOW - 300)
    assert setup.emitted == [HistoryFilter(appid="wx2", since=NOW - 600, until=NOW - 300)]
    button = find.button(setup.filters, "time-span-button")
    assert button.isVisible()
    assert button.accessibleName()
    assert "–" in button.text()
    button.click()
    assert not button.isVisible()
    assert setup.emitted[-1] == HistoryFilter(appid="wx2", since=NOW - WEEK)
    assert len(setup.emitted) == 2


def test_a_time_span_is_shown_in_the_current_language(setup: HistoryFilterSetup, formatter: Formatter) -> None:
    setup.filters.select_time_span("wx1", NOW - 600, NOW - 300)
    setup.filters.retranslate()
    assert (
        find.button(setup.filters, "time-span-button")
        .text()
        .startswith(f"{formatter.format_time(NOW - 600)} – {formatter.format_time(NOW - 300)}")
    )


# -- accounts -------------------------------------------------------------------------------------


def test_the_selected_account_stays_selected_while_others_change(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account("wx2")
    setup.emitted.clear()
    setup.filters.set_account_names({"wx0": "New", "wx2": "Café!"})
    assert setup.filters.appid == "wx2"
    assert find.combo(setup.filters, "Account").currentText() == "Café!"
    assert setup.emitted == []  # the same account is selected


def test_removing_the_selected_account_selects_all_accounts(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account("wx2")
    setup.emitted.clear()
    setup.filters.set_account_names({"wx1": "Shop"})
    assert setup.filters.appid is None
    assert setup.emitted == [DEFAULT]


def test_selecting_an_unknown_account_selects_all_accounts(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account("wx1")
    setup.filters.select_account("wx-nobody")
    assert setup.filters.appid is None


def test_every_field_has_a_name(setup: HistoryFilterSetup) -> None:
    fields: list[QWidget] = [*setup.filters.findChildren(QComboBox), *setup.filters.findChildren(QLineEdit)]
    assert len(fields) == 5
    for field in fields:
        assert field.accessibleName()
