"""The filters above the history, and the filter that each selection results in."""

import json

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.filter_bar import Block, HistoryFilterBar
from guarddog_gui.ui.history.time_span_dialog import TimeSpanDialog
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP
from tests.ui import find

WEEK = 7.0 * DAY_S
ACCOUNTS = {SHOP.appid: SHOP, CAFE.appid: CAFE}
DEFAULT = HistoryFilter(since=NOW - WEEK)
BLOCK = Block(SHOP.appid, NOW - 600, NOW - 300)


class HistoryFilterSetup:
    def __init__(self, formatter: Formatter, qtbot: QtBot) -> None:
        self.filters = HistoryFilterBar(formatter)
        qtbot.addWidget(self.filters)
        self.qtbot = qtbot
        self.emitted: list[HistoryFilter] = []
        self.filters.set_accounts(ACCOUNTS)
        self.filters.filter_changed.connect(lambda: self.emitted.append(self.filters.current_filter()))
        self.filters.resize(900, 40)
        self.filters.show()

    def click(self, name: str) -> None:
        find.button(self.filters, name).click()

    def type_text(self, text: str) -> None:
        find.timer(self.filters, "typing-timer").setInterval(30)
        QTest.keyClicks(find.field(self.filters, "Search the history"), text)
        self.qtbot.waitUntil(lambda: bool(self.emitted))


@pytest.fixture
def setup(formatter: Formatter, qtbot: QtBot) -> HistoryFilterSetup:
    return HistoryFilterSetup(formatter, qtbot)


def test_the_initial_filter_is_everything_of_the_last_week(setup: HistoryFilterSetup) -> None:
    assert setup.filters.current_filter() == DEFAULT
    assert setup.filters.is_default
    assert setup.filters.time_span() == (NOW - WEEK, NOW)


def test_every_selection_changes_the_filter_and_is_signalled_once(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(CAFE.appid)
    setup.click("Problems only")
    setup.click("24 h")
    setup.click("30 days")
    assert setup.emitted == [
        HistoryFilter(appid=CAFE.appid, since=NOW - WEEK),
        HistoryFilter(appid=CAFE.appid, only_failures=True, since=NOW - WEEK),
        HistoryFilter(appid=CAFE.appid, only_failures=True, since=NOW - DAY_S),
        HistoryFilter(appid=CAFE.appid, only_failures=True, since=NOW - 30 * DAY_S),
    ]


def test_a_text_is_searched_for_when_the_user_stops_typing(setup: HistoryFilterSetup) -> None:
    setup.type_text(" 40164 ")
    (searched,) = setup.emitted
    assert searched.text == "40164"
    assert searched.text_matches.errcodes == (40164,)


def test_the_searched_accounts_are_those_with_the_text_in_their_names(setup: HistoryFilterSetup) -> None:
    setup.type_text("caf")
    assert setup.emitted[0].text_matches.appids == (CAFE.appid,)


def pick(setup: HistoryFilterSetup, monkeypatch: pytest.MonkeyPatch, code: QDialog.DialogCode) -> None:
    monkeypatch.setattr(TimeSpanDialog, "exec", lambda _: code)
    monkeypatch.setattr(TimeSpanDialog, "time_span", (NOW - 3 * DAY_S, NOW - 2 * DAY_S))
    setup.click("Pick a time…")


def test_a_picked_time_has_a_start_and_an_end(setup: HistoryFilterSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(setup, monkeypatch, QDialog.DialogCode.Accepted)
    assert setup.emitted == [HistoryFilter(since=NOW - 3 * DAY_S, until=NOW - 2 * DAY_S)]
    assert setup.filters.time_span() == (NOW - 3 * DAY_S, NOW - 2 * DAY_S)
    setup.click("24 h")
    assert setup.emitted[-1] == HistoryFilter(since=NOW - DAY_S)


def test_without_a_picked_time_the_one_before_stays(setup: HistoryFilterSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(setup, monkeypatch, QDialog.DialogCode.Rejected)
    assert setup.emitted == []
    assert setup.filters.filters()["span"] == "7d"
    checked = [b.text() for b in setup.filters.findChildren(type(find.button(setup.filters, "24 h"))) if b.isChecked()]
    assert checked == ["7 days"]


# -- a block of the lanes -------------------------------------------------------------------------


def test_a_block_limits_the_filter_and_its_end_restores_every_filter(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(CAFE.appid)
    setup.click("Problems only")
    before, fields = setup.emitted[-1], setup.filters.filters()
    setup.filters.choose_block(BLOCK)
    limited = HistoryFilter(appid=SHOP.appid, only_failures=True, since=NOW - 600, until=NOW - 300)
    assert setup.emitted[-1] == limited
    assert setup.filters.filters() == fields
    setup.filters.choose_block(None)
    assert setup.emitted[-1] == before
    assert setup.filters.appid == CAFE.appid


def test_a_change_of_a_filter_ends_the_block(setup: HistoryFilterSetup) -> None:
    setup.filters.choose_block(BLOCK)
    setup.click("24 h")
    assert setup.filters.block is None
    assert setup.emitted[-1] == HistoryFilter(since=NOW - DAY_S)


# -- the filters of the last session --------------------------------------------------------------


def test_filters_are_remembered_as_json(setup: HistoryFilterSetup, formatter: Formatter, qtbot: QtBot) -> None:
    remembered = {
        "text": "40164",
        "account": CAFE.appid,
        "problems_only": True,
        "span": "picked",
        "since": NOW - 9 * DAY_S,
        "until": NOW - 8 * DAY_S,
    }
    setup.filters.set_filters(json.loads(json.dumps(remembered)))
    assert setup.filters.filters() == remembered
    other = HistoryFilterSetup(formatter, qtbot)
    other.filters.set_filters(setup.filters.filters())
    assert other.filters.current_filter() == setup.emitted[-1]
    assert len(setup.emitted) == 1


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"text": 3, "account": "wx-gone", "problems_only": "yes", "span": "1y", "since": "x", "until": None},
        {"span": "picked", "since": 5, "until": 4},
        {"span": ["7d"], "account": ["x"]},
    ],
)
def test_unusable_filters_are_the_default_ones(setup: HistoryFilterSetup, damaged: dict[str, object]) -> None:
    setup.filters.set_filters(damaged)
    assert setup.emitted == [DEFAULT]


def test_clearing_keeps_only_the_time(setup: HistoryFilterSetup) -> None:
    setup.filters.set_filters({"text": "x", "account": CAFE.appid, "problems_only": True, "span": "24h"})
    setup.filters.clear()
    assert setup.emitted[-1] == HistoryFilter(since=NOW - DAY_S)
    setup.filters.show_longest_span()
    assert setup.emitted[-1] == HistoryFilter(since=NOW - 30 * DAY_S)
    assert not setup.filters.can_be_longer


# -- accounts -------------------------------------------------------------------------------------


def test_the_selected_account_stays_selected_while_others_change(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(CAFE.appid)
    setup.emitted.clear()
    setup.filters.set_accounts({CAFE.appid: CAFE})
    assert setup.filters.appid == CAFE.appid
    assert setup.emitted == []  # the same account is selected


def test_removing_the_selected_account_selects_all_accounts(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(CAFE.appid)
    setup.emitted.clear()
    setup.filters.set_accounts({SHOP.appid: SHOP})
    assert setup.filters.appid is None
    assert setup.emitted == [DEFAULT]


def test_selecting_an_unknown_account_selects_all_accounts(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(SHOP.appid)
    setup.filters.select_account("wx-nobody")
    assert setup.filters.appid is None


def test_every_field_has_a_name(setup: HistoryFilterSetup) -> None:
    fields: list[QWidget] = [*setup.filters.findChildren(QComboBox), *setup.filters.findChildren(QLineEdit)]
    assert len(fields) == 2
    for field in fields:
        assert field.accessibleName()


def test_a_narrow_bar_has_two_rows(setup: HistoryFilterSetup) -> None:
    field, chip = find.field(setup.filters, "Search the history"), find.button(setup.filters, "24 h")

    def top(widget: QWidget) -> int:
        return widget.mapTo(setup.filters, widget.rect().topLeft()).y()

    assert top(chip) == top(field)
    setup.filters.resize(setup.filters.minimumSizeHint().width(), 80)
    setup.qtbot.waitUntil(lambda: top(chip) > top(field))
    assert setup.filters.minimumSizeHint().width() < 500


def test_selecting_the_selected_account_again_ends_its_block(setup: HistoryFilterSetup) -> None:
    setup.filters.select_account(SHOP.appid)
    setup.filters.choose_block(BLOCK)
    setup.emitted.clear()

    setup.filters.select_account(SHOP.appid)

    assert setup.filters.block is None
    assert setup.emitted == [HistoryFilter(since=NOW - WEEK, appid=SHOP.appid)]
    setup.filters.select_account(SHOP.appid)
    assert len(setup.emitted) == 1, "nothing has changed"
