"""Answers of WeChat in a dialog: the quota, clearing it after a question, and what a rid was about."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA, Entry, Result, Trigger
from guarddog_gui.domain.wechat.errcodes import beijing_month_start
from guarddog_gui.domain.wechat.protocol import Reply, Request, Silence
from guarddog_gui.ui.accounts.query_dialog import InquiryDialog
from tests.fakes import NOW, OFFLINE, json_reply, refusal
from tests.runtime.stage import SHOP, TOKEN, Stage, stage_with
from tests.ui.conftest import voice_of
from tests.ui.questions import Answering

RID = "6176a2e0-0a0b0c0d-00000001"
ENTRY = Entry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, Result.REFUSED, errcode=40125, rid=RID)
SECRET = "a1b2c3d4" * 4
HOSTILE = '<img src="file:///etc/passwd"><b>bold</b>'


class Desk:
    """A stage with a live token, and the answers that WeChat gives by the end of a path."""

    def __init__(self, stage: Stage, qtbot: QtBot) -> None:
        self.stage = stage
        self.qtbot = qtbot
        self.answers: dict[str, Reply | Silence] = {"clear_quota": json_reply(errcode=0, errmsg="ok")}
        self.used = 12
        stage.put_fresh(SHOP)
        stage.transport.handler = self.answer
        stage.controller.start()
        stage.settle(qtbot)

    def answer(self, request: Request) -> Reply | Silence:
        found = next((a for path, a in self.answers.items() if request.path.endswith(path)), None)
        if found is not None:
            return found
        assert request.path.endswith("quota/get")
        return json_reply(
            errcode=0, quota={"daily_limit": 2000, "used": self.used, "remain": 2000 - self.used}
        )

    def open(self, entry: Entry | None = None, *, answered: bool = True) -> InquiryDialog:
        dialog = InquiryDialog(self.stage.controller, voice_of(self.stage), SHOP, entry)
        self.qtbot.addWidget(dialog)
        dialog.show()
        if answered:
            self.qtbot.waitUntil(lambda: dialog._job is None)
        return dialog

    @property
    def paths(self) -> list[str]:
        return self.stage.transport.paths


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:  # noqa: ARG001 - windows need one
    with stage_with(SHOP) as stage:
        yield Desk(stage, qtbot)


# -- quota ----------------------------------------------------------------------------------------


def test_the_quota_of_each_call_is_a_line(desk: Desk) -> None:
    dialog = desk.open()
    assert dialog.windowTitle() == "Quota of Shop"
    lines = dialog._text.text().splitlines()
    assert lines[0] == "/cgi-bin/token: 12 of 2000 used today, 1988 left"
    assert len(lines) == 3
    assert desk.paths == ["get"] * 3


def test_until_the_answer_comes_it_says_so_and_nothing_can_be_cleared(desk: Desk) -> None:
    dialog = desk.open(answered=False)
    assert dialog._text.text() == "Asking WeChat…"
    assert not dialog._clear.isEnabled()
    desk.qtbot.waitUntil(dialog._clear.isEnabled)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(76003, "no"), "(76003)"),
        (refusal(123456, HOSTILE), HOSTILE),
        (OFFLINE, "cannot reach WeChat"),
        (json_reply(errcode=0), "answer"),
    ],
)
def test_a_quota_that_cannot_be_had_says_why(desk: Desk, answer: Reply | Silence, words: str) -> None:
    desk.answers["quota/get"] = answer
    assert words in desk.open()._text.text()


def test_without_a_live_token_it_says_what_to_do_first(desk: Desk) -> None:
    desk.stage.clock.advance(7200)
    assert "Refresh it first" in desk.open()._text.text()
    assert desk.paths == []


def test_a_mistake_of_ours_is_a_sentence(desk: Desk) -> None:
    desk.answers["quota/get"] = None  # type: ignore[assignment]  # nothing that a transport would give
    desk.stage.transport.handler = lambda _: 1 / 0  # type: ignore[assignment,return-value]  # a bug
    assert "mistake of its own" in desk.open()._text.text()


# -- clearing -------------------------------------------------------------------------------------


def test_clearing_asks_first_and_enter_means_no(desk: Desk) -> None:
    dialog = desk.open()
    answering = Answering(None)
    dialog._clear.click()
    (asked,) = answering.asked
    assert asked.default == "Cancel"
    assert asked.is_plain
    assert "0 of 10 times this month" in asked.informative
    assert "clear_quota" not in desk.paths
    assert dialog._text.text().startswith("/cgi-bin/token")


@pytest.mark.parametrize("button", ["Cancel", None])
def test_who_does_not_mean_it_clears_nothing(desk: Desk, button: str | None) -> None:
    dialog = desk.open()
    answering = Answering(button)
    dialog._clear.click()
    assert len(answering.asked) == 1
    assert dialog._job is None
    assert "clear_quota" not in desk.paths


def test_who_means_it_clears_once_and_is_told(desk: Desk) -> None:
    dialog = desk.open()
    answering = Answering("Clear")
    dialog._clear.click()
    assert len(answering.asked) == 1
    desk.qtbot.waitUntil(lambda: dialog._job is None)
    assert desk.paths.count("clear_quota") == 1
    assert dict(desk.stage.transport.requests[-1].body or ()) == {"appid": SHOP.appid}
    assert dialog._text.text() == (
        "The day's counters are at zero again. Guard Dog has done this 1 of 10 times this month."
    )


def test_the_times_of_this_month_are_counted_and_those_of_the_last_and_vain_ones_are_not(desk: Desk) -> None:
    month = beijing_month_start(NOW)
    cleared = Entry(NOW, SHOP.appid, CLEAR_QUOTA, Trigger.PERSON, Result.CLEARED, calls=1)
    for made in (
        replace(cleared, at=month - 1),
        replace(cleared, at=month),
        replace(cleared, at=NOW - 60),
        replace(cleared, at=NOW - 50, result=Result.REFUSED, errcode=48006),
        replace(cleared, at=NOW - 40, appid="wxOther"),
    ):
        desk.stage.history.append(made)
    answering = Answering("Clear")
    dialog = desk.open()
    dialog._clear.click()
    desk.qtbot.waitUntil(lambda: dialog._job is None)
    assert "2 of 10 times this month" in answering.asked[0].informative
    assert "3 of 10 times this month" in dialog._text.text()
    assert desk.stage.history.entries[-1] == cleared


def test_the_eleventh_time_in_a_month_is_told_as_wechat_tells_it(desk: Desk) -> None:
    desk.answers["clear_quota"] = refusal(48006, "forbid to clear quota because of reaching the limit")
    dialog = desk.open()
    answering = Answering("Clear")
    dialog._clear.click()
    desk.qtbot.waitUntil(lambda: dialog._job is None)
    assert "(48006)" in dialog._text.text()
    entry = desk.stage.history.entries[-1]
    assert (entry.key, entry.result, entry.errcode) == (CLEAR_QUOTA, Result.REFUSED, 48006)
    assert desk.stage.controller.clears_this_month(SHOP.appid) == 0
    assert len(answering.asked) == 1


def test_enter_in_the_dialog_does_not_clear(desk: Desk) -> None:
    dialog = desk.open()
    assert not dialog._clear.autoDefault()
    assert not dialog._clear.isDefault()


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


def test_a_rid_is_told_with_everything_but_the_secret(desk: Desk) -> None:
    desk.answers["rid/get"] = report()
    dialog = desk.open(ENTRY)
    text = dialog._text.text()
    assert "203.0.113.9" in text
    assert "30 ms" in text
    assert "secret=…" in text
    assert "invalid appsecret" in text
    assert SECRET not in text
    assert "Body" not in text  # there was none
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Close"]
    assert dict(desk.stage.transport.requests[-1].body or ()) == {"rid": RID}


def test_whatever_stands_in_a_report_is_text(desk: Desk) -> None:
    desk.answers["rid/get"] = report(request_body=HOSTILE, client_ip=HOSTILE)
    dialog = desk.open(ENTRY)
    assert dialog._text.text().count(HOSTILE) == 2
    for label in dialog.findChildren(QLabel):
        if label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText
    dialog.grab()


def test_a_rid_that_is_too_old_is_told_as_such(desk: Desk) -> None:
    desk.answers["rid/get"] = refusal(76004, "rid expired")
    assert "(76004)" in desk.open(ENTRY)._text.text()


def test_a_report_can_be_selected_with_the_keyboard(desk: Desk) -> None:
    desk.answers["rid/get"] = report()
    dialog = desk.open(ENTRY)
    flags = dialog._text.textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert not flags & Qt.TextInteractionFlag.LinksAccessibleByMouse


def test_two_dialogs_hear_their_own_answers(desk: Desk) -> None:
    desk.answers["rid/get"] = report()
    quota, rid = desk.open(answered=False), desk.open(ENTRY, answered=False)
    desk.qtbot.waitUntil(lambda: quota._job is None and rid._job is None)
    assert quota._text.text().startswith("/cgi-bin/token:")
    assert "203.0.113.9" in rid._text.text()


def test_an_answer_that_comes_after_it_was_closed_is_no_trouble(desk: Desk) -> None:
    dialog = desk.open(answered=False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    with desk.qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    desk.qtbot.waitUntil(lambda: bool(desk.stage.jobs_done))
