"""The panel that explains an entry of the history: its texts, which are plain text, and its buttons."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.entry_details import EntryDetails
from tests.fakes import NOW
from tests.ui import find
from tests.ui.history.entries import DAY, NOT_LISTED, SUCCESS
from tests.ui.opened_urls import record_opened_urls

BUTTONS = ("copy-ip-button", "Copy rid", "Open WeChat console")
HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<b>bold</b> & <script>alert(1)</script>",
    "\U0001f600 \u202eright to left\u202c \x07\x1b[31m",
    "a" * 500,
]


@pytest.fixture
def details(formatter: Formatter, qtbot: QtBot) -> EntryDetails:
    details = EntryDetails(formatter)
    qtbot.addWidget(details)
    return details


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that were opened in the browser."""
    return record_opened_urls(monkeypatch)


def test_a_refusal_is_explained_with_errcode_advice_and_errmsg(details: EntryDetails) -> None:
    details.show_entry(NOT_LISTED)
    summary = "This computer calls from 203.0.113.9, which is not on the account's IP whitelist."
    assert find.label(details, "entry-summary").text() == summary
    assert "whitelist" in find.label(details, "entry-advice").text().lower()
    assert find.label(details, "entry-errmsg").text() == f"40164 · {NOT_LISTED.rid} · {NOT_LISTED.errmsg}"
    assert [not find.button(details, name).isHidden() for name in BUTTONS] == [True] * 3


def test_buttons_copy_ip_and_rid_and_open_the_console_page(
    details: EntryDetails, qtbot: QtBot, opened: list[str]
) -> None:
    details.show_entry(NOT_LISTED)
    with qtbot.waitSignal(details.copy_requested) as ip:
        find.button(details, "copy-ip-button").click()
    with qtbot.waitSignal(details.copy_requested) as rid:
        find.button(details, "Copy rid").click()
    assert (ip.args, rid.args) == ([NOT_LISTED.ip], [NOT_LISTED.rid])
    assert find.button(details, "copy-ip-button").text() == "Copy IP 203.0.113.9"
    find.button(details, "Open WeChat console").click()
    assert len(opened) == 1
    assert opened[0].startswith("https://")


def test_an_entry_without_ip_and_rid_has_no_buttons_for_them(details: EntryDetails) -> None:
    details.show_entry(replace(SUCCESS, result=AttemptResult.NO_ANSWER, detail="offline"))
    assert [find.button(details, name).isHidden() for name in BUTTONS] == [True] * 3
    assert find.label(details, "entry-errmsg").isHidden()
    details.show_entry(None)
    assert details.isHidden()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("errcode", [40164, 123456])
def test_an_errmsg_is_shown_as_plain_text(details: EntryDetails, text: str, errcode: int) -> None:
    details.show_entry(replace(NOT_LISTED, errmsg=text, errcode=errcode, ip=None))
    details.resize(600, 200)
    details.show()
    assert find.label(details, "entry-errmsg").text().endswith(f" · {text}")
    for label in details.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    details.grab()


def test_every_button_can_be_reached_by_the_keyboard(details: EntryDetails) -> None:
    for button in details.findChildren(QPushButton):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("result", AttemptResult)
def test_every_result_has_an_explanation(details: EntryDetails, result: AttemptResult) -> None:
    details.show_entry(replace(SUCCESS, result=result))
    assert find.label(details, "entry-summary").text()


@pytest.mark.parametrize(("age", "can_query"), [(0, True), (7 * DAY - 1, True), (7 * DAY, False), (30 * DAY, False)])
def test_wechat_can_be_asked_about_a_rid_for_seven_days(
    details: EntryDetails,
    qtbot: QtBot,
    age: float,
    can_query: bool,  # noqa: FBT001 - a column of the table
) -> None:
    old = replace(NOT_LISTED, at=NOW - age)
    details.show_entry(old)
    assert find.button(details, "Ask WeChat about this rid").isHidden() is not can_query
    assert not find.button(details, "Copy rid").isHidden()
    with qtbot.waitSignal(details.rid_query_requested) as wanted:
        find.button(details, "Ask WeChat about this rid").click()
    assert wanted.args == [old]


def test_without_a_rid_wechat_cannot_be_asked(details: EntryDetails) -> None:
    details.show_entry(replace(NOT_LISTED, rid=None))
    assert find.button(details, "Ask WeChat about this rid").isHidden()


def test_the_reaction_is_shown_for_a_refusal_and_not_for_a_success(details: EntryDetails) -> None:
    details.show_entry(NOT_LISTED)
    assert find.label(details, "entry-reaction").text()
    assert not find.label(details, "entry-reaction").isHidden()
    details.show_entry(SUCCESS)
    assert find.label(details, "entry-reaction").isHidden()


def test_a_rid_that_is_in_the_errmsg_is_shown_once(details: EntryDetails) -> None:
    details.show_entry(replace(NOT_LISTED, errmsg=f"invalid ip rid: {NOT_LISTED.rid}"))
    assert find.label(details, "entry-errmsg").text() == f"40164 · invalid ip rid: {NOT_LISTED.rid}"


def test_the_account_and_the_outcome_stand_above_the_explanation(details: EntryDetails) -> None:
    details.show_entry(NOT_LISTED, "Shop · 14:00–14:05 · 3 tries")
    assert find.label(details, "entry-subject").text() == "Shop · 14:00–14:05 · 3 tries"


def test_the_details_can_be_closed(details: EntryDetails, qtbot: QtBot) -> None:
    details.show_entry(NOT_LISTED)
    with qtbot.waitSignal(details.closed):
        find.button(details, "Close the details").click()


def test_below_the_list_the_details_are_as_high_as_their_text_up_to_a_limit(details: EntryDetails) -> None:
    details.set_place(beside=False, height_max=150)
    details.resize(700, 150)
    details.show_entry(replace(NOT_LISTED, errmsg="x " * 500))
    assert details.sizeHint().height() == 150
    details.show_entry(replace(SUCCESS, result=AttemptResult.NO_ANSWER, detail="timeout"))
    assert details.sizeHint().height() < 150
    details.set_place(beside=True, height_max=150)
    assert details.maximumHeight() > 1000
