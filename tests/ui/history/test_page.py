"""The history page: newest first, filtered, and explained line by line as plain text."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import DAILY_CALL_BUDGET
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.runtime.jobs import RefreshTokens, TimelineQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.model import HistoryColumn
from guarddog_gui.ui.history.page import HistoryPage
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SECRET, SHOP, TOKEN, RuntimeHarness

DAY = 86_400.0
GOOD = HistoryEntry(
    NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1, endpoint="stable_token"
)
NOT_LISTED = replace(
    GOOD, result=AttemptResult.REFUSED, errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist",
    ip="203.0.113.9", rid="6176a2e0-0a0b0c0d-00000001",
)  # fmt: skip
HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<b>bold</b> & <script>alert(1)</script>",
    "\U0001f600 \u202eright to left\u202c \x07\x1b[31m",
    "a" * 500,
]


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> HistoryPage:
    harness.controller.reload_from_disk()
    page = HistoryPage(harness.controller, formatter)
    qtbot.addWidget(page)
    page.resize(900, 500)
    return page


def lines(page: HistoryPage, column: HistoryColumn) -> list[str]:
    model = page._model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def happened(harness: RuntimeHarness, *entries: HistoryEntry) -> None:
    for seconds, entry in enumerate(entries):
        harness.history.append(replace(entry, at=NOW + seconds))


def test_nothing_is_read_before_somebody_looks(
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


def test_the_newest_line_is_on_top_and_new_ones_come_by_themselves(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    happened(harness, GOOD, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused", "new"]
    assert lines(page, HistoryColumn.ACCOUNT) == ["Shop", "Shop"]
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.TRIGGER) == ["person", "person", "timer", "timer"]


def test_the_filters_leave_what_was_asked_for(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.accounts.update(lambda known: (*known, CAFE))
    harness.tick()
    harness.controller.reload_from_disk()
    page._on_overview_changed(harness.controller.overview())
    happened(
        harness, GOOD, NOT_LISTED, replace(NOT_LISTED, appid=CAFE.appid), replace(GOOD, appid=CAFE.appid)
    )
    page.show()
    harness.wait_until_idle(qtbot)
    assert page._model.rowCount() == 4
    page._filter_bar._only_failures_check_box.click()
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused", "refused"]
    page.filter_by_account(CAFE.appid)
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.ACCOUNT) == ["Café"]
    page._filter_bar._only_failures_check_box.click()
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["new", "refused"]
    page.filter_by_account("wx-nobody")
    harness.wait_until_idle(qtbot)
    assert page._model.rowCount() == 4


def test_the_window_does_not_wait_for_a_history_that_takes_its_time(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    happened(harness, GOOD, NOT_LISTED)
    with harness.history.block_pages():
        page.show()
        page._filter_bar._only_failures_check_box.click()  # a new wish while the first is under way
        qtbot.wait(50)
        assert page._model.rowCount() == 0
        assert page._model.is_loading
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused"]


def test_a_window_that_reads_does_not_wait_for_wechat(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    """Four accounts whose requests hang take all lanes but one."""
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    harness.wechat.hanging_appids |= {other.appid for other in others}
    harness.secrets.stored |= {other.appid: Secret(SECRET) for other in others}
    harness.accounts.update(lambda known: (*known, *others))
    harness.controller.start()
    happened(harness, GOOD)
    page.show()
    qtbot.waitUntil(lambda: page._model.rowCount() > 0)
    assert sum(isinstance(job, RefreshTokens) for job in harness.worker_pool.running_jobs()) == 4
    harness.wechat.release()
    harness.wait_until_idle(qtbot)


def test_a_chosen_account_stays_chosen_when_another_one_comes(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    page.show()
    page.filter_by_account(SHOP.appid)
    harness.accounts.update(lambda known: (CAFE, *known))
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert page._filter_bar._account_combo.currentData() == SHOP.appid
    assert [page._filter_bar._account_combo.itemText(i) for i in range(3)] == ["All accounts", "Café", "Shop"]


def test_a_chosen_line_is_explained_and_another_filter_hides_the_explanation(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    happened(harness, GOOD, NOT_LISTED)
    page.show()
    harness.wait_until_idle(qtbot)
    assert page._entry_details.isHidden()
    page._table.selectRow(0)
    assert not page._entry_details.isHidden()
    assert "203.0.113.9" in page._entry_details._summary_label.text()
    page._filter_bar._only_failures_check_box.click()
    assert page._entry_details.isHidden()


def test_somebody_who_reads_an_old_line_keeps_it_while_new_ones_come(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    happened(harness, NOT_LISTED, GOOD)
    page.show()
    harness.wait_until_idle(qtbot)
    page._table.selectRow(1)
    harness.clock.advance(60)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    current = page._table.currentIndex()
    assert current.row() == 3
    assert current.siblingAtColumn(HistoryColumn.ERRCODE).data() == "40164"
    assert "203.0.113.9" in page._entry_details._summary_label.text()


def test_a_change_of_language_reads_nothing_while_hidden(
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


# -- the detail -----------------------------------------------------------------------------------


@pytest.fixture
def detail(formatter: Formatter, qtbot: QtBot) -> EntryDetails:
    detail = EntryDetails(formatter)
    qtbot.addWidget(detail)
    return detail


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def test_a_refusal_is_explained_with_its_number_what_to_do_and_wechats_own_words(
    detail: EntryDetails,
) -> None:
    detail.show_entry(NOT_LISTED)
    what = "This computer calls from 203.0.113.9, which is not on the account's IP whitelist. (40164)"
    assert detail._summary_label.text() == what
    assert "whitelist" in detail._advice_label.text().lower()
    assert detail._errmsg_label.text() == NOT_LISTED.errmsg
    assert [
        not button.isHidden()
        for button in (detail._copy_ip_button, detail._copy_rid_button, detail._console_page_button)
    ] == [True] * 3


def test_ip_and_rid_can_be_copied_and_the_page_opened(
    detail: EntryDetails, qtbot: QtBot, opened: list[str]
) -> None:
    detail.show_entry(NOT_LISTED)
    with qtbot.waitSignal(detail.copy_requested) as ip:
        detail._copy_ip_button.click()
    with qtbot.waitSignal(detail.copy_requested) as rid:
        detail._copy_rid_button.click()
    assert (ip.args, rid.args) == ([NOT_LISTED.ip], [NOT_LISTED.rid])
    assert detail._copy_ip_button.text() == "Copy IP 203.0.113.9"
    detail._console_page_button.click()
    assert len(opened) == 1
    assert opened[0].startswith("https://")


def test_what_there_is_not_has_no_button(detail: EntryDetails) -> None:
    detail.show_entry(replace(GOOD, result=AttemptResult.NO_ANSWER, detail="offline"))
    assert [
        button.isHidden()
        for button in (detail._copy_ip_button, detail._copy_rid_button, detail._console_page_button)
    ] == [True] * 3
    assert detail._errmsg_label.isHidden()
    detail.show_entry(None)
    assert detail.isHidden()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("errcode", [40164, 123456])
def test_what_wechat_said_is_shown_letter_by_letter(detail: EntryDetails, text: str, errcode: int) -> None:
    detail.show_entry(replace(NOT_LISTED, errmsg=text, errcode=errcode, ip=None))
    detail.resize(600, 200)
    detail.show()
    assert detail._errmsg_label.text() == text
    for label in detail.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    detail.grab()


def test_every_button_can_be_reached_by_the_keyboard(detail: EntryDetails) -> None:
    for button in detail.findChildren(QPushButton):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("result", AttemptResult)
def test_every_kind_of_line_has_an_explanation(detail: EntryDetails, result: AttemptResult) -> None:
    detail.show_entry(replace(GOOD, result=result))
    assert detail._summary_label.text()


def test_an_index_of_nothing_is_no_line(page: HistoryPage) -> None:
    assert page._model.entry_at(QModelIndex()) is None


@pytest.mark.parametrize(
    ("age", "can_ask"), [(0, True), (7 * DAY - 1, True), (7 * DAY, False), (30 * DAY, False)]
)
def test_wechat_can_be_asked_about_a_rid_for_seven_days(
    detail: EntryDetails,
    qtbot: QtBot,
    age: float,
    can_ask: bool,  # noqa: FBT001 - a column of the table
) -> None:
    old = replace(NOT_LISTED, at=NOW - age)
    detail.show_entry(old)
    assert detail._query_rid_button.isHidden() is not can_ask
    assert not detail._copy_rid_button.isHidden()  # it can be copied for ever
    with qtbot.waitSignal(detail.rid_query_requested) as wanted:
        detail._query_rid_button.click()
    assert wanted.args == [old]


def test_a_line_without_a_rid_has_nothing_to_ask_about(detail: EntryDetails) -> None:
    detail.show_entry(replace(NOT_LISTED, rid=None))
    assert detail._query_rid_button.isHidden()


def test_what_guard_dog_does_about_a_refusal_is_said_and_about_a_success_nothing(
    detail: EntryDetails,
) -> None:
    detail.show_entry(NOT_LISTED)
    assert detail._reaction_label.text()
    assert not detail._reaction_label.isHidden()
    detail.show_entry(GOOD)
    assert detail._reaction_label.isHidden()


# -- the calls of today ---------------------------------------------------------------------------


def test_the_calls_of_today_are_counted_and_those_of_yesterday_are_not(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    midnight = beijing_day_start(NOW)
    for at in (midnight - 1, midnight, NOW - 1):
        harness.history.append(replace(GOOD, at=at, calls=2))
    harness.history.append(replace(GOOD, at=NOW - 5, forced=True, trigger=Trigger.USER))
    harness.history.append(replace(GOOD, at=NOW - 4, trigger=Trigger.USER))
    page.show()
    assert page._calls_today_label.text() == (
        f"Shop today: ACCESS_TOKEN 6 · 4 of {DAILY_CALL_BUDGET} automatic · 19 of 20 forced refreshes left"
    )
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert "ACCESS_TOKEN 7 · JSAPI_TICKET 1 · 6 of " in page._calls_today_label.text()


def test_without_a_choice_the_account_that_made_most_calls_is_counted(
    page: HistoryPage, harness: RuntimeHarness
) -> None:
    with_two_accounts(page, harness)
    for appid, calls in ((SHOP.appid, 3), (CAFE.appid, 8)):
        harness.history.append(replace(GOOD, at=NOW - 1, appid=appid, calls=calls))
    page.show()
    assert page._calls_today_label.text().startswith("Café today: ACCESS_TOKEN 8 ·")
    page.filter_by_account(SHOP.appid)
    assert page._calls_today_label.text().startswith("Shop today: ACCESS_TOKEN 3 ·")


def test_without_an_account_there_is_nothing_to_count_and_no_quota(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    page.show()
    assert page._quota_button.isVisible()
    harness.accounts.update(lambda _: ())
    harness.tick()
    harness.controller.reload_from_disk()
    page._on_overview_changed(harness.controller.overview())
    page._show_calls_today()
    assert page._calls_today_label.text() == ""
    assert not page._quota_button.isVisible()
    harness.wait_until_idle(qtbot)


# -- the picture ----------------------------------------------------------------------------------


def with_two_accounts(page: HistoryPage, harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: (*known, CAFE))
    harness.controller.reload_from_disk()
    page._on_overview_changed(harness.controller.overview())


def test_the_picture_is_of_the_chosen_accounts_and_time(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    with_two_accounts(page, harness)

    def asked() -> list[TimelineQuery]:
        return [job for job, _ in harness.job_results if isinstance(job, TimelineQuery)]

    page.show()
    qtbot.waitUntil(lambda: page._pending_timeline_query is None)
    page.filter_by_account(CAFE.appid)
    page._filter_bar._time_span_combo.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page._pending_timeline_query is None and len(asked()) == 3)
    assert [(len(job.appids), job.until - job.since) for job in asked()] == [
        (2, 7 * DAY),
        (1, 7 * DAY),
        (1, DAY),
    ]
    assert {job.appids for job in asked()} == {(SHOP.appid, CAFE.appid), (CAFE.appid,)}
    assert {job.until for job in asked()} == {NOW}
    assert page._timeline_view._timeline.since == NOW - DAY


def test_only_the_last_picture_that_was_asked_for_is_shown(page: HistoryPage, qtbot: QtBot) -> None:
    page.show()
    first = page._pending_timeline_query
    assert first is not None
    page._filter_bar._time_span_combo.setCurrentIndex(0)
    assert page._pending_timeline_query is not first
    first.finished.emit(Timeline(1.0, 2.0, 3), first.job)
    assert page._timeline_view._timeline.since != 1.0
    qtbot.waitUntil(lambda: page._pending_timeline_query is None)
    assert page._timeline_view._timeline.since == NOW - DAY


def test_a_click_into_the_picture_filters_the_lines(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    happened(harness, GOOD, NOT_LISTED, GOOD)
    page.show()
    harness.wait_until_idle(qtbot)
    assert page._model.rowCount() == 3
    page._timeline_view.time_span_selected.emit(SHOP.appid, NOW + 0.5, NOW + 1.5)
    harness.wait_until_idle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused"]
    assert page._filter_bar._time_span_button.isVisible()


# -- what the window does for it ------------------------------------------------------------------


def test_the_quota_is_asked_for_the_chosen_account_or_the_first(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    with_two_accounts(page, harness)
    wanted: list[str | None] = []
    page.quota_query_requested.connect(wanted.append)
    page._quota_button.click()
    page.filter_by_account(CAFE.appid)
    page._quota_button.click()
    assert wanted == [SHOP.appid, CAFE.appid]
    harness.wait_until_idle(qtbot)


def test_what_is_shown_is_what_is_exported(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    page.filter_by_account(SHOP.appid)
    page._filter_bar._only_failures_check_box.click()
    with qtbot.waitSignal(page.export_requested) as wanted:
        page._export_button.click()
    assert wanted.args == [page.current_filter()]
    assert page.current_filter().only_failures
    harness.wait_until_idle(qtbot)
