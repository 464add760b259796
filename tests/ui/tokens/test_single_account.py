"""The view of the only account: panels with rings, their words, narrow windows."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Renewal
from guarddog_gui.domain.tokens.record import PreviousToken
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.account_card import CardContent
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction, NoticeKind
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from guarddog_gui.ui.tokens.single_account import SingleAccountView
from guarddog_gui.ui.widgets.strip import Severity
from tests.fakes import NOW
from tests.runtime.harness import CARDS, GAME, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.account_statuses import make_account_status


@pytest.fixture
def requests() -> TokenRequests:
    return TokenRequests()


@pytest.fixture
def view(
    harness: RuntimeHarness, formatter: Formatter, requests: TokenRequests, qtbot: QtBot
) -> Iterator[SingleAccountView]:
    view = SingleAccountView(harness.controller, formatter, requests)
    qtbot.addWidget(view)
    view.resize(1000, 600)
    show(view, make_account_status(SHOP))
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.hide()


def show(view: SingleAccountView, status: AccountStatus, *notices: AccountNotice) -> None:
    view.show_content(CardContent(status, notices), NOW)


def test_each_key_has_a_ring_with_its_countdown(view: SingleAccountView) -> None:
    token, ticket = view.panels
    assert token.ring.countdown == ticket.ring.countdown == "1:00:00"
    assert token.ring.caption == "left"
    view.update_countdowns(NOW + 1)
    assert token.ring.countdown == "59:59"
    assert token.x() < ticket.x()
    assert token.y() == ticket.y()


def test_a_panel_says_until_when_and_what_comes_next(view: SingleAccountView, formatter: Formatter) -> None:
    keys = tuple(replace(key, next_attempt_at=NOW + 3000) for key in make_account_status(SHOP).keys)
    show(view, AccountStatus(SHOP, keys))
    until, at = formatter.format_time(NOW + 3600), formatter.format_time(NOW + 3000)
    texts = [panel.state_label.text() for panel in view.panels]
    assert texts == [f"valid until {until}, renewed at {at}", f"valid until {until}, checked at {at}"]
    stopped = (replace(keys[0], renewal=Renewal.STOPPED), keys[1])
    show(view, AccountStatus(SHOP, stopped))
    assert view.panels[0].state_label.text() == f"works until {until} · renewal stopped"


def test_panels_do_not_grow_with_the_height_of_the_window(view: SingleAccountView, qtbot: QtBot) -> None:
    heights = [panel.height() for panel in view.panels]
    view.resize(1000, 1400)
    qtbot.wait(50)
    assert [panel.height() for panel in view.panels] == heights


def test_without_a_value_the_ring_names_the_state(view: SingleAccountView) -> None:
    token, ticket = make_account_status(SHOP, left=-5).keys
    show(view, AccountStatus(SHOP, (replace(token, state=KeyState.FAILED), ticket)))
    assert (view.panels[0].ring.countdown, view.panels[0].ring.caption) == ("–", "failed")
    assert not find.button(view, "Copy access_token of Shop").isEnabled()


def test_the_buttons_request_their_actions(view: SingleAccountView, requests: TokenRequests, qtbot: QtBot) -> None:
    for name, target, action in (
        ("Copy jsapi_ticket of Shop", Target(SHOP.appid, TICKET), AccountAction.COPY),
        ("Refresh access_token of Shop", Target(SHOP.appid, TOKEN), AccountAction.REFRESH),
        ("Sign a page", Target(SHOP.appid), AccountAction.SIGN),
        ("Edit", Target(SHOP.appid), AccountAction.EDIT),
        ("All history", Target(SHOP.appid), AccountAction.HISTORY),
    ):
        with qtbot.waitSignal(requests.action_requested) as requested:
            find.button(view, name).click()
        assert requested.args == [target, action]


def test_a_mini_program_has_one_ring_and_signs_nothing(view: SingleAccountView, qtbot: QtBot) -> None:
    show(view, make_account_status(GAME))
    assert [panel.isVisible() for panel in view.panels] == [True, False]
    assert not find.has(view, "Sign a page", QPushButton)
    qtbot.waitUntil(lambda: view.panels[0].width() > 600)


def test_panels_stand_below_each_other_in_a_narrow_window(view: SingleAccountView, qtbot: QtBot) -> None:
    show(view, make_account_status(CARDS))
    view.resize(640, 600)
    qtbot.waitUntil(lambda: len({panel.y() for panel in view.panels}) == 3)
    qtbot.waitUntil(lambda: view.last_day.width() <= view.viewport().width())


@pytest.mark.parametrize("width", [640, 700, 760, 830])
def test_nothing_is_cut_off_at_the_right_after_the_window_became_narrower(
    view: SingleAccountView, qtbot: QtBot, width: int
) -> None:
    actions = (NoticeAction.COPY_IP, NoticeAction.OPEN_CONSOLE, NoticeAction.RETRY, NoticeAction.HOW_TO_FIX)
    notice = AccountNotice(NoticeKind.FAILURE, SHOP, Severity.BAD, "Odd " * 9, detail="40164 · 3", actions=actions)
    view.resize(1000, 600)
    show(view, make_account_status(SHOP), notice)
    qtbot.waitUntil(lambda: view.last_day.width() > 900)
    view.resize(width, 600)
    qtbot.waitUntil(lambda: view.last_day.width() <= view.viewport().width())
    for button in view.findChildren(QPushButton):
        if button.isVisible():
            assert button.mapTo(view.viewport(), button.rect().topRight()).x() < view.viewport().width()


def test_trouble_and_the_token_before_are_shown_here_too(view: SingleAccountView, formatter: Formatter) -> None:
    previous = PreviousToken("91_" + "p" * 60, NOW + 200)
    token, ticket = make_account_status(SHOP).keys
    notice = AccountNotice(NoticeKind.FAILURE, SHOP, Severity.BAD, "Odd", actions=(NoticeAction.RETRY,))
    show(view, AccountStatus(SHOP, (replace(token, previous_token=previous), ticket)), notice)
    assert find.button(view, "Retry: Shop").isVisible()
    assert view.panels[0].previous_label.isVisible()
    assert view.panels[0].previous_label.text() == formatter.previous_token_text(previous)
    show(view, make_account_status(SHOP))
    assert not find.has(view, "Retry: Shop")
    assert not view.panels[0].previous_label.isVisible()
