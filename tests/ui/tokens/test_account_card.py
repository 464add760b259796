"""The card of one account: its head, several notices, its rows, its height."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.status import AccountStatus
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import LIGHT
from guarddog_gui.ui.tokens.account_card import AccountCard, CardContent
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction, NoticeKind
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel, EnvironmentBadge
from tests.fakes import NOW
from tests.runtime.harness import CARDS, GAME, SHOP
from tests.ui import find
from tests.ui.account_statuses import make_account_status

LONG_NAME = "深圳市某某科技有限公司官方商城服务号（生产环境）Production"


def notice(account: Account, kind: NoticeKind, text: str) -> AccountNotice:
    actions = (NoticeAction.COPY_IP, NoticeAction.RETRY, NoticeAction.DISMISS)
    return AccountNotice(kind, account, Severity.BAD, text, detail="40164 · 3 tries since 14:40", actions=actions)


@pytest.fixture
def requests() -> TokenRequests:
    return TokenRequests()


@pytest.fixture
def card(formatter: Formatter, requests: TokenRequests, qtbot: QtBot) -> AccountCard:
    card = AccountCard(formatter, requests)
    qtbot.addWidget(card)
    card.resize(800, 140)
    show(card, make_account_status(SHOP))
    card.show()
    qtbot.waitExposed(card)
    card.activateWindow()
    return card


def show(card: AccountCard, status: AccountStatus, *notices: AccountNotice, is_current: bool = False) -> None:
    card.show_content(CardContent(status, notices), NOW, is_current=is_current)
    card.resize(card.width(), card.height_for(card.width()))


def test_the_head_names_the_account_with_its_whole_appid(card: AccountCard) -> None:
    show(card, make_account_status(replace(SHOP, environment=Environment.PRODUCTION)))
    texts = [label.text() for label in card.findChildren(ElidedLabel)]
    assert texts == ["Shop", "official account"]
    assert find.widget(card, EnvironmentBadge).accessibleName() == "PROD"
    assert find.button(card, "Copy AppID of Shop").text() == SHOP.appid


def test_a_long_name_is_elided_and_the_appid_is_not(card: AccountCard) -> None:
    card.resize(640, 140)
    show(card, make_account_status(replace(SHOP, name=LONG_NAME, environment=Environment.TEST)))
    appid = find.button(card, f"Copy AppID of {LONG_NAME}")
    assert appid.width() >= appid.fontMetrics().horizontalAdvance(SHOP.appid)
    name = next(label for label in card.findChildren(ElidedLabel) if label.text() == LONG_NAME)
    name.grab()
    assert name.width() < name.sizeHint().width()
    assert LONG_NAME in name.toolTip()


def test_a_reused_card_shows_the_rows_of_its_account_only(card: AccountCard) -> None:
    show(card, make_account_status(CARDS))
    assert [row.isVisible() for row in card.rows] == [True, True, True]
    high = card.height()
    show(card, make_account_status(GAME), notice(GAME, NoticeKind.FAILURE, "Odd"))
    assert [row.isVisible() for row in card.rows] == [True, False, False]
    assert card.accessibleName().startswith("Game, ")
    assert find.has(card, "Retry: Game")
    show(card, make_account_status(GAME))
    assert not find.has(card, "Retry: Game")
    assert card.height() < high


def test_several_notices_stand_below_each_other(card: AccountCard) -> None:
    first, second = notice(SHOP, NoticeKind.FAILURE, "One"), notice(SHOP, NoticeKind.FOREIGN_WRITES, "Two")
    height = card.height()
    show(card, make_account_status(SHOP), first, second)
    upper, lower = card.visible_strips
    assert upper.geometry().bottom() < lower.y()
    assert lower.geometry().bottom() < card.rows[0].y()
    assert card.height() > height + 80


@pytest.mark.parametrize("width", [420, 640, 1000])
def test_all_children_are_inside_of_the_card_in_every_width(card: AccountCard, width: int) -> None:
    text = "WeChat refused an access_token that should still have been alive, and another program made a new one."
    card.resize(width, 100)
    show(card, make_account_status(SHOP), notice(SHOP, NoticeKind.SUPERSEDED, text))
    for button in card.findChildren(QAbstractButton):
        if button.isVisible():
            place = button.mapTo(card, QPoint(0, 0))
            assert card.rect().contains(place), button.accessibleName()
            assert card.rect().contains(place + QPoint(button.width() - 1, button.height() - 1))


def test_a_card_without_notices_has_exactly_its_estimated_height(card: AccountCard) -> None:
    content = CardContent(make_account_status(SHOP))
    assert card.height_for(800) == AccountCard.estimate_height(content, card)


def test_every_button_has_a_name(card: AccountCard) -> None:
    show(card, make_account_status(CARDS), notice(CARDS, NoticeKind.FAILURE, "Odd"))
    names = [button.accessibleName() for button in card.findChildren(QAbstractButton) if button.isVisible()]
    assert all("Shop" in name for name in names), names
    assert len(set(names)) == len(names) > 15


def test_the_buttons_of_the_head_are_about_the_whole_account(
    card: AccountCard, requests: TokenRequests, qtbot: QtBot
) -> None:
    for name, action in (("Refresh Shop", AccountAction.REFRESH), ("Copy AppID of Shop", AccountAction.COPY_APPID)):
        with qtbot.waitSignal(requests.action_requested) as requested:
            find.button(card, name).click()
        assert requested.args == [Target(SHOP.appid), action]
    with qtbot.waitSignal(requests.menu_requested) as opened:
        QApplication.sendEvent(card, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), QPoint(9, 9)))
    assert opened.args is not None
    assert opened.args[0] == Target(SHOP.appid)


def test_the_current_account_has_a_border_in_the_accent_colour(card: AccountCard) -> None:
    card.clearFocus()
    middle = QPoint(400, 0)
    assert card.grab().toImage().pixelColor(middle) == LIGHT.line
    show(card, make_account_status(SHOP), is_current=True)
    assert card.grab().toImage().pixelColor(middle) == LIGHT.accent


@pytest.mark.parametrize("way", ["enter", "double click"])
def test_enter_and_double_click_choose_the_account(
    card: AccountCard, requests: TokenRequests, qtbot: QtBot, way: str
) -> None:
    with qtbot.waitSignal(requests.account_chosen) as chosen:
        if way == "enter":
            QTest.keyClick(card, Qt.Key.Key_Return)
        else:
            QTest.mouseDClick(card, Qt.MouseButton.LeftButton, pos=QPoint(500, 20))
    assert chosen.args == [SHOP.appid]
