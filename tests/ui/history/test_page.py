"""The history page: newest first, filtered, and explained line by line as plain text."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import BUDGET_A_DAY
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.runtime.jobs import Draw
from guarddog_gui.services.refresh import Order
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.history.entry_details import EntryDetail
from guarddog_gui.ui.history.model import HistoryColumn
from guarddog_gui.ui.history.page import HistoryPage
from tests.fakes import NOW
from tests.runtime.stage import CAFE, SECRET, SHOP, TOKEN, Stage

DAY = 86_400.0
GOOD = Entry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, Result.NEW, calls=1, endpoint="stable_token")
NOT_LISTED = replace(
    GOOD, result=Result.REFUSED, errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist",
    ip="203.0.113.9", rid="6176a2e0-0a0b0c0d-00000001",
)  # fmt: skip
HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<b>bold</b> & <script>alert(1)</script>",
    "\U0001f600 \u202eright to left\u202c \x07\x1b[31m",
    "a" * 500,
]


@pytest.fixture
def page(stage: Stage, voice: Voice, qtbot: QtBot) -> HistoryPage:
    stage.controller.read()
    page = HistoryPage(stage.controller, voice)
    qtbot.addWidget(page)
    page.resize(900, 500)
    return page


def lines(page: HistoryPage, column: HistoryColumn) -> list[str]:
    model = page._model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def happened(stage: Stage, *entries: Entry) -> None:
    for seconds, entry in enumerate(entries):
        stage.history.append(replace(entry, at=NOW + seconds))


def test_nothing_is_read_before_somebody_looks(page: HistoryPage, stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    stage.settle(qtbot)
    assert stage.history.reads == 0
    page.show()
    stage.settle(qtbot)
    assert stage.history.reads == 1
    page.hide()
    stage.controller.refresh()
    stage.settle(qtbot)
    assert stage.history.reads == 1


def test_the_newest_line_is_on_top_and_new_ones_come_by_themselves(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    happened(stage, GOOD, NOT_LISTED)
    page.show()
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused", "new"]
    assert lines(page, HistoryColumn.ACCOUNT) == ["Shop", "Shop"]
    stage.clock.advance(60)
    stage.controller.refresh()
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.TRIGGER) == ["person", "person", "timer", "timer"]


def test_the_filters_leave_what_was_asked_for(page: HistoryPage, stage: Stage, qtbot: QtBot) -> None:
    stage.accounts.change(lambda known: (*known, CAFE))
    stage.beat()
    stage.controller.read()
    page._on_changed(stage.controller.overview())
    happened(stage, GOOD, NOT_LISTED, replace(NOT_LISTED, appid=CAFE.appid), replace(GOOD, appid=CAFE.appid))
    page.show()
    stage.settle(qtbot)
    assert page._model.rowCount() == 4
    page._filters._failures.click()
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused", "refused"]
    page.show_account(CAFE.appid)
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.ACCOUNT) == ["Café"]
    page._filters._failures.click()
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["new", "refused"]
    page.show_account("wx-nobody")
    stage.settle(qtbot)
    assert page._model.rowCount() == 4


def test_the_window_does_not_wait_for_a_history_that_takes_its_time(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    happened(stage, GOOD, NOT_LISTED)
    with stage.history.slow():
        page.show()
        page._filters._failures.click()  # a new wish while the first is under way
        qtbot.wait(50)
        assert page._model.rowCount() == 0
        assert page._model.is_waiting
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused"]


def test_a_window_that_reads_does_not_wait_for_wechat(page: HistoryPage, stage: Stage, qtbot: QtBot) -> None:
    """Four accounts whose requests hang take all lanes but one."""
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    stage.wechat.hanging |= {other.appid for other in others}
    stage.secrets.stored |= {other.appid: Secret(SECRET) for other in others}
    stage.accounts.change(lambda known: (*known, *others))
    stage.controller.start()
    happened(stage, GOOD)
    page.show()
    qtbot.waitUntil(lambda: page._model.rowCount() > 0)
    assert sum(isinstance(job, Order) for job in stage.lanes.under_way()) == 4
    stage.wechat.go_on()
    stage.settle(qtbot)


def test_a_chosen_account_stays_chosen_when_another_one_comes(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    page.show()
    page.show_account(SHOP.appid)
    stage.accounts.change(lambda known: (CAFE, *known))
    stage.controller.start()
    stage.settle(qtbot)
    assert page._filters._account.currentData() == SHOP.appid
    assert [page._filters._account.itemText(i) for i in range(3)] == ["All accounts", "Café", "Shop"]


def test_a_chosen_line_is_explained_and_another_filter_hides_the_explanation(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    happened(stage, GOOD, NOT_LISTED)
    page.show()
    stage.settle(qtbot)
    assert page._detail.isHidden()
    page._table.selectRow(0)
    assert not page._detail.isHidden()
    assert "203.0.113.9" in page._detail._what.text()
    page._filters._failures.click()
    assert page._detail.isHidden()


def test_somebody_who_reads_an_old_line_keeps_it_while_new_ones_come(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    happened(stage, NOT_LISTED, GOOD)
    page.show()
    stage.settle(qtbot)
    page._table.selectRow(1)
    stage.clock.advance(60)
    stage.controller.refresh()
    stage.settle(qtbot)
    current = page._table.currentIndex()
    assert current.row() == 3
    assert current.siblingAtColumn(HistoryColumn.ERRCODE).data() == "40164"
    assert "203.0.113.9" in page._detail._what.text()


def test_a_change_of_language_reads_nothing_while_hidden(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    page.retranslate()
    stage.settle(qtbot)
    assert stage.history.reads == 0
    page.show()
    stage.settle(qtbot)
    page.retranslate()
    stage.settle(qtbot)
    assert stage.history.reads == 2


# -- the detail -----------------------------------------------------------------------------------


@pytest.fixture
def detail(voice: Voice, qtbot: QtBot) -> EntryDetail:
    detail = EntryDetail(voice)
    qtbot.addWidget(detail)
    return detail


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def test_a_refusal_is_explained_with_its_number_what_to_do_and_wechats_own_words(detail: EntryDetail) -> None:
    detail.show_entry(NOT_LISTED)
    what = "This computer calls from 203.0.113.9, which is not on the account's IP whitelist. (40164)"
    assert detail._what.text() == what
    assert "whitelist" in detail._todo.text().lower()
    assert detail._said.text() == NOT_LISTED.errmsg
    assert [not button.isHidden() for button in (detail._ip, detail._rid, detail._page)] == [True] * 3


def test_ip_and_rid_can_be_copied_and_the_page_opened(
    detail: EntryDetail, qtbot: QtBot, opened: list[str]
) -> None:
    detail.show_entry(NOT_LISTED)
    with qtbot.waitSignal(detail.copy_wanted) as ip:
        detail._ip.click()
    with qtbot.waitSignal(detail.copy_wanted) as rid:
        detail._rid.click()
    assert (ip.args, rid.args) == ([NOT_LISTED.ip], [NOT_LISTED.rid])
    assert detail._ip.text() == "Copy IP 203.0.113.9"
    detail._page.click()
    assert len(opened) == 1
    assert opened[0].startswith("https://")


def test_what_there_is_not_has_no_button(detail: EntryDetail) -> None:
    detail.show_entry(replace(GOOD, result=Result.UNHEARD, detail="offline"))
    assert [button.isHidden() for button in (detail._ip, detail._rid, detail._page)] == [True] * 3
    assert detail._said.isHidden()
    detail.show_entry(None)
    assert detail.isHidden()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("errcode", [40164, 123456])
def test_what_wechat_said_is_shown_letter_by_letter(detail: EntryDetail, text: str, errcode: int) -> None:
    detail.show_entry(replace(NOT_LISTED, errmsg=text, errcode=errcode, ip=None))
    detail.resize(600, 200)
    detail.show()
    assert detail._said.text() == text
    for label in detail.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    detail.grab()


def test_every_button_can_be_reached_by_the_keyboard(detail: EntryDetail) -> None:
    for button in detail.findChildren(QPushButton):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("result", Result)
def test_every_kind_of_line_has_an_explanation(detail: EntryDetail, result: Result) -> None:
    detail.show_entry(replace(GOOD, result=result))
    assert detail._what.text()


def test_an_index_of_nothing_is_no_line(page: HistoryPage) -> None:
    assert page._model.entry_at(QModelIndex()) is None


@pytest.mark.parametrize(
    ("age", "can_ask"), [(0, True), (7 * DAY - 1, True), (7 * DAY, False), (30 * DAY, False)]
)
def test_wechat_can_be_asked_about_a_rid_for_seven_days(
    detail: EntryDetail,
    qtbot: QtBot,
    age: float,
    can_ask: bool,  # noqa: FBT001 - a column of the table
) -> None:
    old = replace(NOT_LISTED, at=NOW - age)
    detail.show_entry(old)
    assert detail._ask.isHidden() is not can_ask
    assert not detail._rid.isHidden()  # it can be copied for ever
    with qtbot.waitSignal(detail.rid_wanted) as wanted:
        detail._ask.click()
    assert wanted.args == [old]


def test_a_line_without_a_rid_has_nothing_to_ask_about(detail: EntryDetail) -> None:
    detail.show_entry(replace(NOT_LISTED, rid=None))
    assert detail._ask.isHidden()


def test_what_guard_dog_does_about_a_refusal_is_said_and_about_a_success_nothing(detail: EntryDetail) -> None:
    detail.show_entry(NOT_LISTED)
    assert detail._reaction.text()
    assert not detail._reaction.isHidden()
    detail.show_entry(GOOD)
    assert detail._reaction.isHidden()


# -- the calls of today ---------------------------------------------------------------------------


def test_the_calls_of_today_are_counted_and_those_of_yesterday_are_not(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    midnight = beijing_day_start(NOW)
    for at in (midnight - 1, midnight, NOW - 1):
        stage.history.append(replace(GOOD, at=at, calls=2))
    stage.history.append(replace(GOOD, at=NOW - 5, forced=True, trigger=Trigger.PERSON))
    stage.history.append(replace(GOOD, at=NOW - 4, trigger=Trigger.PERSON))
    page.show()
    assert page._today.text() == (
        f"Shop today: ACCESS_TOKEN 6 · 4 of {BUDGET_A_DAY} automatic · 19 of 20 forced refreshes left"
    )
    stage.controller.start()
    stage.settle(qtbot)
    assert "ACCESS_TOKEN 7 · JSAPI_TICKET 1 · 6 of " in page._today.text()


def test_without_a_choice_the_account_that_made_most_calls_is_counted(
    page: HistoryPage, stage: Stage
) -> None:
    with_two_accounts(page, stage)
    for appid, calls in ((SHOP.appid, 3), (CAFE.appid, 8)):
        stage.history.append(replace(GOOD, at=NOW - 1, appid=appid, calls=calls))
    page.show()
    assert page._today.text().startswith("Café today: ACCESS_TOKEN 8 ·")
    page.show_account(SHOP.appid)
    assert page._today.text().startswith("Shop today: ACCESS_TOKEN 3 ·")


def test_without_an_account_there_is_nothing_to_count_and_no_quota(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    page.show()
    assert page._quota.isVisible()
    stage.accounts.change(lambda _: ())
    stage.beat()
    stage.controller.read()
    page._on_changed(stage.controller.overview())
    page._show_today()
    assert page._today.text() == ""
    assert not page._quota.isVisible()
    stage.settle(qtbot)


# -- the picture ----------------------------------------------------------------------------------


def with_two_accounts(page: HistoryPage, stage: Stage) -> None:
    stage.accounts.change(lambda known: (*known, CAFE))
    stage.controller.read()
    page._on_changed(stage.controller.overview())


def test_the_picture_is_of_the_chosen_accounts_and_time(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    with_two_accounts(page, stage)
    asked: list[Draw] = []
    stage.controller.job_done.connect(lambda job, _: asked.append(job) if isinstance(job, Draw) else None)
    page.show()
    qtbot.waitUntil(lambda: page._drawing is None)
    page.show_account(CAFE.appid)
    page._filters._days.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page._drawing is None and len(asked) == 3)
    assert [(len(job.appids), job.until - job.since) for job in asked] == [
        (2, 7 * DAY),
        (1, 7 * DAY),
        (1, DAY),
    ]
    assert {job.appids for job in asked} == {(SHOP.appid, CAFE.appid), (CAFE.appid,)}
    assert {job.until for job in asked} == {NOW}
    assert page._timeline._timeline.since == NOW - DAY


def test_only_the_last_picture_that_was_asked_for_is_shown(page: HistoryPage, qtbot: QtBot) -> None:
    page.show()
    first = page._drawing
    page._filters._days.setCurrentIndex(0)
    assert page._drawing is not first
    page._on_job_done(first, Timeline(1.0, 2.0, 3))
    assert page._timeline._timeline.since != 1.0
    qtbot.waitUntil(lambda: page._drawing is None)
    assert page._timeline._timeline.since == NOW - DAY


def test_a_click_into_the_picture_filters_the_lines(page: HistoryPage, stage: Stage, qtbot: QtBot) -> None:
    happened(stage, GOOD, NOT_LISTED, GOOD)
    page.show()
    stage.settle(qtbot)
    assert page._model.rowCount() == 3
    page._timeline.chosen.emit(SHOP.appid, NOW + 0.5, NOW + 1.5)
    stage.settle(qtbot)
    assert lines(page, HistoryColumn.RESULT) == ["refused"]
    assert page._filters._chosen_span.isVisible()


# -- what the window does for it ------------------------------------------------------------------


def test_the_quota_is_asked_for_the_chosen_account_or_the_first(
    page: HistoryPage, stage: Stage, qtbot: QtBot
) -> None:
    with_two_accounts(page, stage)
    wanted: list[str | None] = []
    page.quota_wanted.connect(wanted.append)
    page._quota.click()
    page.show_account(CAFE.appid)
    page._quota.click()
    assert wanted == [SHOP.appid, CAFE.appid]
    stage.settle(qtbot)


def test_what_is_shown_is_what_is_exported(page: HistoryPage, stage: Stage, qtbot: QtBot) -> None:
    page.show_account(SHOP.appid)
    page._filters._failures.click()
    with qtbot.waitSignal(page.export_wanted) as wanted:
        page._export.click()
    assert wanted.args == [page.filter()]
    assert page.filter().only_failures
    stage.settle(qtbot)
