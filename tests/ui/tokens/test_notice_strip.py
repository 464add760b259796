"""The strip of a notice: its texts and buttons."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.notice_strip import NoticeStrip, notice_action_text
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction, NoticeKind
from guarddog_gui.ui.tokens.requests import TokenRequests
from guarddog_gui.ui.widgets.strip import Severity
from tests.runtime.harness import SHOP
from tests.ui import find

NOTICE = AccountNotice(
    NoticeKind.FAILURE,
    SHOP,
    Severity.BAD,
    "<img src=x> is odd",
    detail="40164",
    explanation='<img src="file:///etc/passwd"> & more',
    actions=(NoticeAction.COPY_IP, NoticeAction.RETRY),
)


@pytest.fixture
def requests() -> TokenRequests:
    return TokenRequests()


@pytest.fixture
def strip(formatter: Formatter, requests: TokenRequests, qtbot: QtBot) -> NoticeStrip:
    strip = NoticeStrip(formatter, requests)
    qtbot.addWidget(strip)
    strip.show_account_notice(NOTICE)
    return strip


def test_every_button_is_named_after_its_account(strip: NoticeStrip) -> None:
    assert [button.text() for button in strip.buttons.values()] == ["Copy IP", "Retry"]
    assert [button.accessibleName() for button in strip.buttons.values()] == ["Copy IP: Shop", "Retry: Shop"]


def test_a_button_requests_its_action_for_the_notice(strip: NoticeStrip, requests: TokenRequests, qtbot: QtBot) -> None:
    with qtbot.waitSignal(requests.notice_action_requested) as requested:
        find.button(strip, "Retry: Shop").click()
    assert requested.args == [NOTICE, NoticeAction.RETRY]


def test_another_notice_has_its_own_buttons(strip: NoticeStrip) -> None:
    strip.show_account_notice(replace(NOTICE, actions=(NoticeAction.DISMISS,)))
    assert [button.text() for button in strip.buttons.values()] == ["Dismiss"]
    assert not find.has(strip, "Copy IP")


def test_an_errmsg_is_shown_as_plain_text(strip: NoticeStrip) -> None:
    label = next(label for label in strip.findChildren(QLabel) if "<img src=x>" in label.text())
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "&lt;img src=" in strip.toolTip()
    assert "<img" not in strip.toolTip()
    assert strip.accessibleName() == "<img src=x> is odd 40164"


@pytest.mark.usefixtures("qapp")
def test_every_action_has_a_text() -> None:
    assert all(notice_action_text(action) for action in NoticeAction)
