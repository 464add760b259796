"""The line above the history: what each choice leaves, and what it says when."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryFilter, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.history.filter_bar import HOUR, SPANS, HistoryFilters
from tests.fakes import NOW

WEEK = 7 * 24 * HOUR
NAMES = {"wx1": "Shop", "wx2": "Café"}
DEFAULT = HistoryFilter(since=NOW - WEEK)


class Desk:
    def __init__(self, voice: Voice, qtbot: QtBot) -> None:
        self.filters = HistoryFilters(voice)
        qtbot.addWidget(self.filters)
        self.qtbot = qtbot
        self.heard: list[HistoryFilter] = []
        self.filters.name_accounts(NAMES)
        self.filters.changed.connect(lambda: self.heard.append(self.filters.filter()))
        self.filters.show()


@pytest.fixture
def desk(voice: Voice, qtbot: QtBot) -> Desk:
    return Desk(voice, qtbot)


def test_it_begins_with_a_week_of_everything(desk: Desk) -> None:
    assert desk.filters.filter() == DEFAULT
    assert desk.filters.appid is None
    assert desk.filters.seconds == WEEK


def test_every_choice_is_a_part_of_the_filter_and_is_said_once(desk: Desk) -> None:
    filters = desk.filters
    filters.choose_account("wx2")
    filters._key.setCurrentIndex(filters._key.findData(TokenKind.JSAPI_TICKET.value))
    filters._trigger.setCurrentIndex(filters._trigger.findData(Trigger.COPY.value))
    filters._failures.click()
    filters._days.setCurrentIndex(0)
    assert desk.heard == [
        HistoryFilter(appid="wx2", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", since=NOW - WEEK),
        HistoryFilter(appid="wx2", key="JSAPI_TICKET", trigger="copy", since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - WEEK),
        HistoryFilter("wx2", "JSAPI_TICKET", "copy", only_failures=True, since=NOW - 24 * HOUR),
    ]


@pytest.mark.parametrize("trigger", Trigger)
def test_every_trigger_can_be_chosen_by_a_word(desk: Desk, voice: Voice, trigger: Trigger) -> None:
    box = desk.filters._trigger
    row = box.findData(trigger.value)
    box.setCurrentIndex(row)
    assert desk.filters.filter().trigger == trigger.value
    assert box.itemText(row) == voice.sentences.trigger(trigger)


def test_all_time_has_no_beginning_and_the_picture_shows_its_longest_span(desk: Desk) -> None:
    desk.filters._days.setCurrentIndex(desk.filters._days.count() - 1)
    assert desk.filters.filter().since is None
    assert desk.filters.seconds == SPANS[-1]


def test_a_text_is_looked_for_when_nobody_types_any_more(desk: Desk) -> None:
    desk.filters._typing.setInterval(30)
    QTest.keyClicks(desk.filters._text, " invalid ip ")
    assert desk.heard == []
    desk.qtbot.waitUntil(lambda: bool(desk.heard))
    assert [found.text for found in desk.heard] == ["invalid ip"]


# -- a span from the picture ----------------------------------------------------------------------


def test_a_click_into_the_picture_is_shown_and_can_be_taken_back(desk: Desk) -> None:
    desk.filters.choose_span("wx2", NOW - 600, NOW - 300)
    assert desk.heard == [HistoryFilter(appid="wx2", since=NOW - 600, until=NOW - 300)]
    button = desk.filters._chosen_span
    assert button.isVisible()
    assert button.accessibleName()
    assert "–" in button.text()
    button.click()
    assert not button.isVisible()
    assert desk.heard[-1] == HistoryFilter(appid="wx2", since=NOW - WEEK)
    assert len(desk.heard) == 2


def test_a_span_is_said_in_the_language_of_now(desk: Desk, voice: Voice) -> None:
    desk.filters.choose_span("wx1", NOW - 600, NOW - 300)
    desk.filters.retranslate()
    assert desk.filters._chosen_span.text().startswith(f"{voice.when(NOW - 600)} – {voice.when(NOW - 300)}")


# -- accounts -------------------------------------------------------------------------------------


def test_a_chosen_account_stays_while_others_come_and_go(desk: Desk) -> None:
    desk.filters.choose_account("wx2")
    desk.heard.clear()
    desk.filters.name_accounts({"wx0": "New", "wx2": "Café!"})
    assert desk.filters.appid == "wx2"
    assert desk.filters._account.currentText() == "Café!"
    assert desk.heard == []  # the choice is the same


def test_a_chosen_account_that_is_removed_leaves_all_of_them(desk: Desk) -> None:
    desk.filters.choose_account("wx2")
    desk.heard.clear()
    desk.filters.name_accounts({"wx1": "Shop"})
    assert desk.filters.appid is None
    assert desk.heard == [DEFAULT]


def test_an_account_that_is_not_there_means_all(desk: Desk) -> None:
    desk.filters.choose_account("wx1")
    desk.filters.choose_account("wx-nobody")
    assert desk.filters.appid is None


def test_every_field_has_a_name(desk: Desk) -> None:
    filters = desk.filters
    for field in (filters._account, filters._key, filters._trigger, filters._days, filters._text):
        assert field.accessibleName()
