"""Answers of WeChat in a dialog: the quota, clearing it after a question, and what a rid was about."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.wechat.errcodes import beijing_month_start
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.ui.accounts.query_dialog import QueryDialog
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply, json_reply
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.message_boxes import MessageBoxAnswerer

RID = "6176a2e0-0a0b0c0d-00000001"
ENTRY = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40125, rid=RID)
SECRET = "a1b2c3d4" * 4
HOSTILE = '<img src="file:///etc/passwd"><b>bold</b>'


class QueryDialogSetup:
    """A stage with a live token, and the answers that WeChat gives by the end of a path."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.answers: dict[str, Reply | TransportFailure] = {
            "clear_quota": json_reply(errcode=0, errmsg="ok")
        }
        self.used = 12
        harness.put_fresh_values(SHOP)
        harness.transport.handler = self.answer
        harness.controller.start()
        harness.wait_until_idle(qtbot)

    def answer(self, request: Request) -> Reply | TransportFailure:
        found = next((a for path, a in self.answers.items() if request.path.endswith(path)), None)
        if found is not None:
            return found
        assert request.path.endswith("quota/get")
        return json_reply(
            errcode=0, quota={"daily_limit": 2000, "used": self.used, "remain": 2000 - self.used}
        )

    def open(self, entry: HistoryEntry | None = None, *, answered: bool = True) -> QueryDialog:
        dialog = QueryDialog(self.harness.controller, make_formatter(self.harness), SHOP, entry)
        self.qtbot.addWidget(dialog)
        dialog.show()
        if answered:
            self.qtbot.waitUntil(lambda: dialog._query_job is None)
        return dialog

    @property
    def paths(self) -> list[str]:
        return self.harness.transport.endpoints


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[QueryDialogSetup]:  # noqa: ARG001 - windows need one
    with runtime_harness(SHOP) as harness:
        yield QueryDialogSetup(harness, qtbot)


# -- quota ----------------------------------------------------------------------------------------


def test_the_quota_of_each_call_is_a_line(desk: QueryDialogSetup) -> None:
    dialog = desk.open()
    assert dialog.windowTitle() == "Quota of Shop"
    lines = dialog._answer_label.text().splitlines()
    assert lines[0] == "/cgi-bin/token: 12 of 2000 used today, 1988 left"
    assert len(lines) == 3
    assert desk.paths == ["get"] * 3


def test_until_the_answer_comes_it_says_so_and_nothing_can_be_cleared(desk: QueryDialogSetup) -> None:
    dialog = desk.open(answered=False)
    assert dialog._answer_label.text() == "Asking WeChat…"
    assert not dialog._clear_quota_button.isEnabled()
    desk.qtbot.waitUntil(dialog._clear_quota_button.isEnabled)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error_reply(76003, "no"), "(76003)"),
        (error_reply(123456, HOSTILE), HOSTILE),
        (OFFLINE_FAILURE, "cannot reach WeChat"),
        (json_reply(errcode=0), "answer"),
    ],
)
def test_a_quota_that_cannot_be_had_says_why(
    desk: QueryDialogSetup, answer: Reply | TransportFailure, words: str
) -> None:
    desk.answers["quota/get"] = answer
    assert words in desk.open()._answer_label.text()


def test_without_a_live_token_it_says_what_to_do_first(desk: QueryDialogSetup) -> None:
    desk.harness.clock.advance(7200)
    assert "Refresh it first" in desk.open()._answer_label.text()
    assert desk.paths == []


def test_a_mistake_of_ours_is_a_sentence(desk: QueryDialogSetup) -> None:
    desk.answers["quota/get"] = None  # type: ignore[assignment]  # nothing that a transport would give
    desk.harness.transport.handler = lambda _: 1 / 0  # type: ignore[assignment,return-value]  # a bug
    assert "mistake of its own" in desk.open()._answer_label.text()


# -- clearing -------------------------------------------------------------------------------------


def test_clearing_asks_first_and_enter_means_no(desk: QueryDialogSetup) -> None:
    dialog = desk.open()
    answering = MessageBoxAnswerer(None)
    dialog._clear_quota_button.click()
    (asked,) = answering.shown
    assert asked.default_button == "Cancel"
    assert asked.is_plain_text
    assert "0 of 10 times this month" in asked.informative_text
    assert "clear_quota" not in desk.paths
    assert dialog._answer_label.text().startswith("/cgi-bin/token")


@pytest.mark.parametrize("button", ["Cancel", None])
def test_who_does_not_mean_it_clears_nothing(desk: QueryDialogSetup, button: str | None) -> None:
    dialog = desk.open()
    answering = MessageBoxAnswerer(button)
    dialog._clear_quota_button.click()
    assert len(answering.shown) == 1
    assert dialog._query_job is None
    assert "clear_quota" not in desk.paths


def test_who_means_it_clears_once_and_is_told(desk: QueryDialogSetup) -> None:
    dialog = desk.open()
    answering = MessageBoxAnswerer("Clear")
    dialog._clear_quota_button.click()
    assert len(answering.shown) == 1
    desk.qtbot.waitUntil(lambda: dialog._query_job is None)
    assert desk.paths.count("clear_quota") == 1
    assert dict(desk.harness.transport.requests[-1].body or ()) == {"appid": SHOP.appid}
    assert dialog._answer_label.text() == (
        "The day's counters are at zero again. Guard Dog has done this 1 of 10 times this month."
    )


def test_the_times_of_this_month_are_counted_and_those_of_the_last_and_vain_ones_are_not(
    desk: QueryDialogSetup,
) -> None:
    month = beijing_month_start(NOW)
    cleared = HistoryEntry(
        NOW, SHOP.appid, CLEAR_QUOTA_KEY, Trigger.USER, AttemptResult.QUOTA_CLEARED, calls=1
    )
    for made in (
        replace(cleared, at=month - 1),
        replace(cleared, at=month),
        replace(cleared, at=NOW - 60),
        replace(cleared, at=NOW - 50, result=AttemptResult.REFUSED, errcode=48006),
        replace(cleared, at=NOW - 40, appid="wxOther"),
    ):
        desk.harness.history.append(made)
    answering = MessageBoxAnswerer("Clear")
    dialog = desk.open()
    dialog._clear_quota_button.click()
    desk.qtbot.waitUntil(lambda: dialog._query_job is None)
    assert "2 of 10 times this month" in answering.shown[0].informative_text
    assert "3 of 10 times this month" in dialog._answer_label.text()
    assert desk.harness.history.entries[-1] == cleared


def test_the_eleventh_time_in_a_month_is_told_as_wechat_tells_it(desk: QueryDialogSetup) -> None:
    desk.answers["clear_quota"] = error_reply(48006, "forbid to clear quota because of reaching the limit")
    dialog = desk.open()
    answering = MessageBoxAnswerer("Clear")
    dialog._clear_quota_button.click()
    desk.qtbot.waitUntil(lambda: dialog._query_job is None)
    assert "(48006)" in dialog._answer_label.text()
    entry = desk.harness.history.entries[-1]
    assert (entry.key, entry.result, entry.errcode) == (CLEAR_QUOTA_KEY, AttemptResult.REFUSED, 48006)
    assert desk.harness.controller.history_queries.count_quota_clears_this_month(SHOP.appid) == 0
    assert len(answering.shown) == 1


def test_enter_in_the_dialog_does_not_clear(desk: QueryDialogSetup) -> None:
    dialog = desk.open()
    assert not dialog._clear_quota_button.autoDefault()
    assert not dialog._clear_quota_button.isDefault()


# -- a rid ----------------------------------------------------------------------------------------


def report(**fields: object) -> Reply:
    request = {
        "invoke_time": 1_789_999_990,
        "cost_in_ms": 30,
        "request_url": f"https://api.weixin.qq.com/cgi-bin/token?appid={SHOP.appid}&secret={SECRET}",
        "request_body": "",
        "response_body": '{"errcode":40125,"errmsg":"invalid appsecret"}',
        "client_ip": "203.0.113.9",
    }
    return json_reply(errcode=0, errmsg="ok", request={**request, **fields})


def test_a_rid_is_told_with_everything_but_the_secret(desk: QueryDialogSetup) -> None:
    desk.answers["rid/get"] = report()
    dialog = desk.open(ENTRY)
    text = dialog._answer_label.text()
    assert "203.0.113.9" in text
    assert "30 ms" in text
    assert "secret=…" in text
    assert "invalid appsecret" in text
    assert SECRET not in text
    assert "Body" not in text  # there was none
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Close"]
    assert dict(desk.harness.transport.requests[-1].body or ()) == {"rid": RID}


def test_whatever_stands_in_a_report_is_text(desk: QueryDialogSetup) -> None:
    desk.answers["rid/get"] = report(request_body=HOSTILE, client_ip=HOSTILE)
    dialog = desk.open(ENTRY)
    assert dialog._answer_label.text().count(HOSTILE) == 2
    for label in dialog.findChildren(QLabel):
        if label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText
    dialog.grab()


def test_a_rid_that_is_too_old_is_told_as_such(desk: QueryDialogSetup) -> None:
    desk.answers["rid/get"] = error_reply(76004, "rid expired")
    assert "(76004)" in desk.open(ENTRY)._answer_label.text()


def test_a_report_can_be_selected_with_the_keyboard(desk: QueryDialogSetup) -> None:
    desk.answers["rid/get"] = report()
    dialog = desk.open(ENTRY)
    flags = dialog._answer_label.textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert not flags & Qt.TextInteractionFlag.LinksAccessibleByMouse


def test_two_dialogs_hear_their_own_answers(desk: QueryDialogSetup) -> None:
    desk.answers["rid/get"] = report()
    quota, rid = desk.open(answered=False), desk.open(ENTRY, answered=False)
    desk.qtbot.waitUntil(lambda: quota._query_job is None and rid._query_job is None)
    assert quota._answer_label.text().startswith("/cgi-bin/token:")
    assert "203.0.113.9" in rid._answer_label.text()


def test_an_answer_that_comes_after_it_was_closed_is_no_trouble(desk: QueryDialogSetup) -> None:
    dialog = desk.open(answered=False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    with desk.qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    desk.qtbot.waitUntil(lambda: bool(desk.harness.job_results))
