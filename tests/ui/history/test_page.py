"""The history page: its table, filters, timeline, and the calls of today."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.refresh.history import HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import DAILY_CALL_BUDGET
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.runtime.jobs import RefreshTokens, TimelineQuery
from guarddog_gui.services.refresh_request import RefreshResult
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.model import HistoryColumn, HistoryModel
from guarddog_gui.ui.history.page import UPDATE_DELAY_MS, HistoryPage
from guarddog_gui.ui.history.timeline import TimelineView
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SECRET, SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.history.entries import DAY, NOT_LISTED, SUCCESS


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> HistoryPage:
    harness.controller.reload_from_disk()
    page = HistoryPage(harness.controller, formatter)
    qtbot.addWidget(page)
    page.resize(900, 500)
    return page


def table(page: HistoryPage) -> QTableView:
    return find.widget(page, QTableView)


def row_count(page: HistoryPage) -> int:
    return table(page).model().rowCount()


def column(page: HistoryPage, number: HistoryColumn) -> list[str]:
    return find.column(table(page), number)


def timeline(page: HistoryPage) -> Timeline:
    return find.widget(page, TimelineView).timeline


def is_explained(page: HistoryPage) -> bool:
    return not find.widget(page, EntryDetails).isHidden()


def calls_today(page: HistoryPage) -> str:
    return find.label(page, "calls-today").text()


def append(harness: RuntimeHarness, *entries: HistoryEntry) -> None:
    for seconds, entry in enumerate(entries):
        harness.history.append(replace(entry, at=NOW + seconds))


def test_the_history_is_read_only_while_the_page_is_visible(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert harness.history.page_reads == 0
    page.show()
    harness.wait_until_idle(qtbot)
    assert harness.history.page_reads == 1
    page.hide()
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    assert harness.history.page_reads == 1


def test_the_newest_entry_is_on_top_and_new_ones_are_added(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.RESULT) == ["refused", "new"]
    assert column(page, HistoryColumn.ACCOUNT) == ["Shop", "Shop"]
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.TRIGGER) == ["person", "person", "timer", "timer"]


def test_only_entries_that_match_the_filters_are_shown(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.accounts.update(lambda known: (*known, CAFE))
    harness.tick()
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    append(harness, SUCCESS, NOT_LISTED, replace(NOT_LISTED, appid=CAFE.appid), replace(SUCCESS, appid=CAFE.appid))
    page.show()
    harness.wait_until_idle(qtbot)
    assert row_count(page) == 4
    find.check_box(page, "Only failures").click()
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.RESULT) == ["refused", "refused"]
    page.filter_by_account(CAFE.appid)
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.ACCOUNT) == ["Café"]
    find.check_box(page, "Only failures").click()
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.RESULT) == ["new", "refused"]
    page.filter_by_account("wx-nobody")
    harness.wait_until_idle(qtbot)
    assert row_count(page) == 4


def test_the_window_does_not_wait_for_a_slow_history(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    with harness.history.block_pages():
        page.show()
        find.check_box(page, "Only failures").click()  # a new request while the first one is pending
        qtbot.wait(50)
        assert row_count(page) == 0
        model = table(page).model()
        assert isinstance(model, HistoryModel)
        assert model._pending_query is not None
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.RESULT) == ["refused"]


def test_reading_the_history_does_not_wait_for_wechat(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    """Four accounts whose requests hang take all worker threads but one."""
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    harness.wechat.hanging_appids |= {other.appid for other in others}
    harness.secrets.stored |= {other.appid: Secret(SECRET) for other in others}
    harness.accounts.update(lambda known: (*known, *others))
    harness.controller.start()
    append(harness, SUCCESS)
    page.show()
    qtbot.waitUntil(lambda: row_count(page) > 0)
    assert sum(isinstance(job, RefreshTokens) for job in harness.worker_pool.running_jobs()) == 4
    harness.wechat.release()
    harness.wait_until_idle(qtbot)


def test_the_selected_account_stays_selected_when_another_one_is_added(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    page.show()
    page.filter_by_account(SHOP.appid)
    harness.accounts.update(lambda known: (CAFE, *known))
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    combo = find.combo(page, "Account")
    assert combo.currentData() == SHOP.appid
    assert [combo.itemText(i) for i in range(3)] == ["All accounts", "Café", "Shop"]


def test_the_selected_entry_is_explained_until_the_filter_changes(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    assert not is_explained(page)
    table(page).selectRow(0)
    assert is_explained(page)
    assert "203.0.113.9" in find.label(page, "entry-summary").text()
    find.check_box(page, "Only failures").click()
    assert not is_explained(page)


def test_the_selected_entry_stays_selected_while_new_ones_are_added(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, NOT_LISTED, SUCCESS)
    page.show()
    harness.wait_until_idle(qtbot)
    table(page).selectRow(1)
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    current = table(page).currentIndex()
    assert current.row() == 3
    assert current.siblingAtColumn(HistoryColumn.ERRCODE).data() == "40164"
    assert "203.0.113.9" in find.label(page, "entry-summary").text()


def test_a_change_of_language_reads_nothing_while_the_page_is_hidden(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    page.retranslate()
    harness.wait_until_idle(qtbot)
    assert harness.history.page_reads == 0
    page.show()
    harness.wait_until_idle(qtbot)
    page.retranslate()
    harness.wait_until_idle(qtbot)
    assert harness.history.page_reads == 2


def test_without_a_selected_row_there_is_no_selected_entry(page: HistoryPage) -> None:
    assert page._model.entry_at(page._table.currentIndex()) is None


# -- the calls of today ---------------------------------------------------------------------------


def test_only_the_calls_of_today_are_counted(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    midnight = beijing_day_start(NOW)
    for at in (midnight - 1, midnight, NOW - 1):
        harness.history.append(replace(SUCCESS, at=at, calls=2))
    harness.history.append(replace(SUCCESS, at=NOW - 5, forced=True, trigger=Trigger.USER))
    harness.history.append(replace(SUCCESS, at=NOW - 4, trigger=Trigger.USER))
    page.show()
    assert calls_today(page) == (
        f"Shop today: ACCESS_TOKEN 6 · 4 of {DAILY_CALL_BUDGET} automatic · 19 of 20 forced refreshes left"
    )
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert "ACCESS_TOKEN 7 · JSAPI_TICKET 1 · 6 of " in calls_today(page)


def test_without_a_selected_account_the_one_with_most_calls_is_shown(
    page: HistoryPage, harness: RuntimeHarness
) -> None:
    add_second_account(harness)
    for appid, calls in ((SHOP.appid, 3), (CAFE.appid, 8)):
        harness.history.append(replace(SUCCESS, at=NOW - 1, appid=appid, calls=calls))
    page.show()
    assert calls_today(page).startswith("Café today: ACCESS_TOKEN 8 ·")
    page.filter_by_account(SHOP.appid)
    assert calls_today(page).startswith("Shop today: ACCESS_TOKEN 3 ·")


def test_without_an_account_there_are_no_calls_and_no_quota(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    page.show()
    assert find.button(page, "Quota…").isVisible()
    harness.accounts.update(lambda _: ())
    harness.tick()
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    page.retranslate()
    assert calls_today(page) == ""
    assert not find.button(page, "Quota…").isVisible()
    harness.wait_until_idle(qtbot)


# -- the timeline ---------------------------------------------------------------------------------


def add_second_account(harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: (*known, CAFE))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())


def test_the_timeline_shows_the_selected_accounts_and_time(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)

    def asked() -> list[TimelineQuery]:
        return [job for job, _ in harness.job_results if isinstance(job, TimelineQuery)]

    page.show()
    qtbot.waitUntil(lambda: len(asked()) == 1)
    page.filter_by_account(CAFE.appid)
    find.combo(page, "Time").setCurrentIndex(0)
    qtbot.waitUntil(lambda: len(asked()) == 3 and timeline(page).since == NOW - DAY)
    assert [(len(job.appids), job.until - job.since) for job in asked()] == [(2, 7 * DAY), (1, 7 * DAY), (1, DAY)]
    assert {job.appids for job in asked()} == {(SHOP.appid, CAFE.appid), (CAFE.appid,)}
    assert {job.until for job in asked()} == {NOW}


def test_only_the_last_requested_timeline_is_shown(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[float] = []
    show = TimelineView.show_timeline

    def record(view: TimelineView, timeline: Timeline, names: dict[str, str]) -> None:
        shown.append(timeline.since)
        show(view, timeline, names)

    monkeypatch.setattr(TimelineView, "show_timeline", record)
    page.show()
    find.combo(page, "Time").setCurrentIndex(0)
    harness.wait_until_idle(qtbot)
    assert shown == [NOW - DAY]
    assert timeline(page).since == NOW - DAY


def test_a_click_into_the_timeline_filters_the_entries(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, NOT_LISTED, SUCCESS)
    page.show()
    harness.wait_until_idle(qtbot)
    assert row_count(page) == 3
    find.widget(page, TimelineView).time_span_selected.emit(SHOP.appid, NOW + 0.5, NOW + 1.5)
    harness.wait_until_idle(qtbot)
    assert column(page, HistoryColumn.RESULT) == ["refused"]
    assert find.button(page, "time-span-button").isVisible()


# -- requests to the window -----------------------------------------------------------------------


def test_the_quota_is_requested_for_the_selected_or_the_first_account(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)
    wanted: list[str | None] = []
    page.quota_query_requested.connect(wanted.append)
    find.button(page, "Quota…").click()
    page.filter_by_account(CAFE.appid)
    find.button(page, "Quota…").click()
    assert wanted == [SHOP.appid, CAFE.appid]
    harness.wait_until_idle(qtbot)


def test_the_shown_filter_is_exported(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    page.filter_by_account(SHOP.appid)
    find.check_box(page, "Only failures").click()
    with qtbot.waitSignal(page.export_requested) as wanted:
        find.button(page, "Export…").click()
    assert wanted.args == [page._filter_bar.current_filter()]
    assert page._filter_bar.current_filter().only_failures
    harness.wait_until_idle(qtbot)


def test_attempts_that_follow_each_other_are_loaded_together(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[int] = []
    monkeypatch.setattr(page._model, "load_newer", lambda: loads.append(1))
    page.show()
    qtbot.wait(2 * UPDATE_DELAY_MS)
    loads.clear()
    for _ in range(50):
        harness.controller.refresh_attempted.emit(RefreshResult(SHOP.appid, TokenKind.ACCESS_TOKEN, SUCCESS, None))
    assert len(loads) == 1, "the first one at once"
    qtbot.wait(3 * UPDATE_DELAY_MS)
    assert len(loads) == 2
