"""The history page: its list, filters, lanes and details, and the requests that it makes."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Platform, Secret
from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.jobs import RefreshTokens
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.calls_dialog import CallsDialog
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.lanes import LanesView
from guarddog_gui.ui.history.page import UPDATE_DELAY_MS, HistoryPage
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SECRET, SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.history.entries import DAY, NOT_LISTED, SUCCESS
from tests.ui.history.shown import add_second_account, append, history_list, is_explained, items, select


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


def test_the_newest_incident_is_on_top_and_new_attempts_are_added(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    failure, success = items(page)
    assert "Shop, IP not whitelisted, 40164, still open" in failure
    assert "Shop, 1 token renewed" in success
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    assert "tokens renewed" in items(page)[0]
    assert "recovered after 1 min" in items(page)[1] or "no valid value" in items(page)[1]


def test_only_entries_that_match_the_filters_are_shown(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)
    append(harness, SUCCESS, NOT_LISTED, replace(NOT_LISTED, appid=CAFE.appid), replace(SUCCESS, appid=CAFE.appid))
    page.show()
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 3  # the successes are one
    find.button(page, "Problems only").click()
    harness.wait_until_idle(qtbot)
    assert ["40164" in item for item in items(page)] == [True, True]
    page.filter_by_account(CAFE.appid)
    harness.wait_until_idle(qtbot)
    (item,) = items(page)
    assert "Café" in item
    assert "recovered" in item or "no valid value" in item  # though the success is not shown
    find.button(page, "Problems only").click()
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 2
    page.filter_by_account("wx-nobody")
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 3


def test_the_window_does_not_wait_for_a_slow_history(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    with harness.history.block_pages():
        page.show()
        find.button(page, "Problems only").click()  # a new request while the first one is pending
        qtbot.wait(50)
        assert items(page) == []
        assert not find.has(page, "Nothing matches these filters")  # not known yet
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 1


def test_reading_the_history_does_not_wait_for_wechat(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    """Four accounts whose requests hang take all worker threads but one."""
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    harness.wechat.hanging_appids |= {other.appid for other in others}
    harness.secrets.stored |= {other.appid: Secret(SECRET) for other in others}
    harness.accounts.update(lambda known: (*known, *others))
    harness.controller.start()
    append(harness, SUCCESS)
    page.show()
    qtbot.waitUntil(lambda: len(items(page)) > 0)
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


# -- details --------------------------------------------------------------------------------------


def test_the_selected_incident_is_explained_until_the_filter_changes(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    assert not is_explained(page)
    select(page, "40164")
    assert is_explained(page)
    assert "203.0.113.9" in find.label(page, "entry-summary").text()
    assert find.label(page, "entry-subject").text().startswith("Shop · ")
    find.button(page, "Problems only").click()
    assert not is_explained(page)


def test_the_details_can_be_closed(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    append(harness, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    select(page, "40164")
    find.button(page, "Close the details").click()
    assert not is_explained(page)
    select(page, "40164")
    assert is_explained(page)


def test_the_details_stand_beside_the_list_in_a_wide_page_and_below_it_else(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    select(page, "40164")
    details, view = find.widget(page, EntryDetails), history_list(page)

    def corner(widget: QWidget) -> tuple[int, int]:
        point = widget.mapTo(page, widget.rect().topLeft())
        return point.x(), point.y()

    page.resize(1000, 700)
    qtbot.waitUntil(lambda: corner(details)[0] > corner(view)[0] + view.width())
    page.resize(999, 700)
    qtbot.waitUntil(lambda: corner(details)[1] > corner(view)[1] + view.height())


@pytest.mark.parametrize(("height", "hidden", "shown"), [(600, 4, 2), (720, 8, 4), (900, 8, 8)])
def test_details_below_the_list_take_their_room_from_the_lanes(
    page: HistoryPage,
    harness: RuntimeHarness,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    height: int,
    hidden: int,
    shown: int,
) -> None:
    append(harness, NOT_LISTED)
    page.resize(800, height)
    page.show()
    harness.wait_until_idle(qtbot)
    lanes: list[int] = []
    view = find.widget(page, LanesView)
    monkeypatch.setattr(view, "set_lanes_max", lanes.append)
    page.resize(799, height)
    select(page, "40164")
    assert (lanes[0], lanes[-1]) == (hidden, shown)


def test_the_selected_incident_stays_selected_while_new_attempts_are_added(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, NOT_LISTED, SUCCESS)
    page.show()
    harness.wait_until_idle(qtbot)
    select(page, "40164")
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    assert "40164" in history_list(page).currentIndex().data()
    assert "203.0.113.9" in find.label(page, "entry-summary").text()


def test_the_details_of_several_renewals_are_those_of_all_and_follow_new_ones(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS, replace(SUCCESS, at=SUCCESS.at + 60), replace(SUCCESS, appid=CAFE.appid))
    page.show()
    harness.wait_until_idle(qtbot)
    select(page, "3 tokens renewed")
    subject, summary = find.label(page, "entry-subject"), find.label(page, "entry-summary")
    assert subject.text().startswith("2 accounts · ")
    assert summary.text() == "3 tokens renewed"
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    qtbot.waitUntil(lambda: summary.text() == "5 tokens renewed")


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


# -- empty ----------------------------------------------------------------------------------------


def test_an_empty_list_says_so_and_offers_the_next_step(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    append(harness, SUCCESS)
    page.show()
    find.button(page, "Problems only").click()
    harness.wait_until_idle(qtbot)
    assert find.has(page, "Nothing matches these filters")
    find.button(page, "Clear the filters").click()
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 1
    assert not find.has(page, "Nothing matches these filters")


def test_a_longer_time_is_offered_where_nothing_happened(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.history.append(replace(SUCCESS, at=NOW - 20 * DAY))
    page.show()
    harness.wait_until_idle(qtbot)
    assert find.has(page, "Nothing happened in this time")
    find.button(page, "Show 30 days").click()
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 1


# -- requests to the window -----------------------------------------------------------------------


def test_the_quota_dialog_shows_all_accounts_the_selected_one_first(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)
    page.show()
    page.filter_by_account(CAFE.appid)
    find.button(page, "API quota").click()
    harness.wait_until_idle(qtbot)
    dialog = find.dialog(page, CallsDialog)
    with qtbot.waitSignal(page.quota_query_requested) as asked:
        find.button(dialog, "Ask WeChat for the counters of Café").click()
    assert asked.args == [CAFE.appid]
    dialog.reject()


def test_without_an_account_there_is_no_quota(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    page.show()
    assert find.has(page, "API quota")
    harness.accounts.update(lambda _: ())
    harness.tick()
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    assert not find.has(page, "API quota")
    harness.wait_until_idle(qtbot)


def test_the_shown_filter_is_exported(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    page.filter_by_account(SHOP.appid)
    find.button(page, "Problems only").click()
    find.widget(page, LanesView).block_chosen.emit(CAFE.appid, NOW, NOW + 1)
    with qtbot.waitSignal(page.export_requested) as wanted:
        find.button(page, "Export…").click()
    exported = wanted.args[0] if wanted.args else None
    assert isinstance(exported, HistoryFilter)
    assert (exported.appid, exported.only_failures, exported.until) == (CAFE.appid, True, NOW + 1)
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


def test_filters_are_restored_in_the_next_session(
    page: HistoryPage, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    assert page.filters() == ""
    page.filter_by_account(SHOP.appid)
    find.button(page, "Problems only").click()
    find.button(page, "30 days").click()
    other = HistoryPage(harness.controller, formatter)
    qtbot.addWidget(other)
    other.set_filters(page.filters())
    assert other.filters() == page.filters()
    for damaged in ("", "{", "[1]", "3"):
        other.set_filters(damaged)
    assert other.filters() == page.filters()
    harness.wait_until_idle(qtbot)


def test_the_details_follow_a_change_of_the_account(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    append(harness, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    select(page, "40164")
    advice, subject = find.label(page, "entry-advice"), find.label(page, "entry-subject")
    assert "WeChat Developer Platform" in advice.text()
    harness.accounts.update(lambda _: (replace(SHOP, name="New name", platform=Platform.MINI_PROGRAM),))
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    qtbot.waitUntil(lambda: subject.text().startswith("New name · "))
    assert "mp.weixin.qq.com" in advice.text()
    assert "WeChat Developer Platform" not in advice.text()
