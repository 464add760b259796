"""The list of cards: few real cards for many accounts, scrolling, the keyboard, what stays in place."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.account_card import AccountCard, CardContent
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.tokens.notices import account_notices
from guarddog_gui.ui.tokens.requests import TokenRequests
from tests.fakes import NOW
from tests.runtime.harness import TOKEN
from tests.ui.account_statuses import make_account_status

ACCOUNTS = tuple(Account(f"wx{number:016x}", f"Account {number}") for number in range(200))


def contents_of(formatter: Formatter, *failing: Account, accounts: tuple[Account, ...] = ACCOUNTS) -> list[CardContent]:
    contents = []
    for account in accounts:
        entry = HistoryEntry(
            NOW, account.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9"
        )
        status = make_account_status(account, failure=entry if account in failing else None)
        contents.append(CardContent(status, account_notices(status, formatter, NOW)))
    return contents


@pytest.fixture
def cards(formatter: Formatter, qtbot: QtBot) -> Iterator[CardList]:
    cards = CardList(formatter, TokenRequests())
    qtbot.addWidget(cards)
    cards.resize(800, 500)
    cards.show_contents(tuple(contents_of(formatter)), "", NOW)
    cards.show()
    qtbot.waitExposed(cards)
    cards.activateWindow()
    yield cards
    cards.hide()


def is_inside(cards: CardList, widget: QWidget) -> bool:
    top = widget.mapTo(cards.viewport(), QPoint(0, 0)).y()
    return top >= 0 and top + widget.height() <= cards.viewport().height()


def press(key: Qt.Key) -> None:
    """Press a key on the widget that has the keyboard focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key)


def focused_card() -> AccountCard:
    widget = QApplication.focusWidget()
    while not isinstance(widget, AccountCard):
        assert widget is not None
        widget = widget.parentWidget()
    return widget


def test_only_cards_near_the_visible_part_exist(cards: CardList) -> None:
    assert 0 < len(cards.cards) < 12
    assert set(cards.cards) == set(cards.appids[: len(cards.cards)])


def test_scrolling_shows_other_accounts_in_the_same_cards(cards: CardList) -> None:
    bar = cards.verticalScrollBar()
    for position in range(0, bar.maximum(), 400):
        bar.setValue(position)
    assert len(cards.findChildren(AccountCard)) < 16
    bar.setValue(bar.maximum())
    assert cards.appids[-1] in cards.cards
    last = cards.cards[cards.appids[-1]]
    assert last.isVisible()
    assert last.accessibleName().startswith("Account 199, ")
    assert is_inside(cards, last)


def test_the_scroll_range_has_room_for_all_accounts(cards: CardList) -> None:
    card = cards.cards[cards.appids[0]]
    step = cards.cards[cards.appids[1]].y() - card.y()
    assert cards.verticalScrollBar().maximum() + cards.viewport().height() == pytest.approx(200 * step, abs=step)


def test_the_tab_key_goes_on_beyond_the_visible_cards(cards: CardList) -> None:
    cards.cards[cards.appids[0]].setFocus()
    reached: list[str] = []
    for _ in range(200):
        press(Qt.Key.Key_Tab)
        appid = focused_card().target.appid
        if appid not in reached[-1:]:
            reached.append(appid)
    assert len(reached) > 10
    assert tuple(reached) == cards.appids[: len(reached)]
    widget = QApplication.focusWidget()
    assert widget is not None
    assert widget is focused_card() or is_inside(cards, widget)


def test_shift_tab_goes_back_to_the_first_card(cards: CardList) -> None:
    cards.focus_row(40)
    reached = [focused_card().target.appid]
    for _ in range(100):
        press(Qt.Key.Key_Backtab)
        appid = focused_card().target.appid
        if appid != reached[-1]:
            reached.append(appid)
    assert len(reached) > 5
    first = cards.appids.index(reached[-1])
    assert tuple(reversed(reached)) == cards.appids[first : first + len(reached)]


def test_arrow_keys_move_from_card_to_card(cards: CardList) -> None:
    cards.focus_row(0)
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_End, 199), (Qt.Key.Key_Up, 198), (Qt.Key.Key_Home, 0)):
        press(key)
        assert focused_card().target.appid == cards.appids[row]
        assert is_inside(cards, focused_card())
    press(Qt.Key.Key_Up)
    assert focused_card().target.appid == cards.appids[0]


def test_the_card_with_the_focus_is_not_reused(cards: CardList) -> None:
    cards.focus_row(0)
    card = focused_card()
    cards.verticalScrollBar().setValue(10_000)
    assert QApplication.focusWidget() is card
    assert card.target.appid == cards.appids[0]


def test_what_is_visible_stays_when_a_card_above_grows(cards: CardList, formatter: Formatter) -> None:
    cards.verticalScrollBar().setValue(3000)
    visible = next(c for c in sorted(cards.cards.values(), key=AccountCard.y) if is_inside(cards, c))
    top = visible.mapTo(cards.viewport(), QPoint(0, 0)).y()
    cards.show_contents(tuple(contents_of(formatter, ACCOUNTS[0], ACCOUNTS[1])), "", NOW)
    moved = visible.mapTo(cards.viewport(), QPoint(0, 0)).y()
    assert cards.cards[visible.target.appid] is visible
    assert abs(moved - top) <= 2


def test_cards_never_overlap(cards: CardList, formatter: Formatter) -> None:
    contents = contents_of(formatter, *ACCOUNTS[::2])
    for width in (420, 640, 900):
        cards.resize(width, 700)
        cards.show_contents(tuple(contents), "", NOW)
        for position in (0, 900, 5000):
            cards.verticalScrollBar().setValue(position)
            ordered = sorted(cards.cards.values(), key=AccountCard.y)
            gaps = [after.y() - before.geometry().bottom() - 1 for before, after in pairwise(ordered)]
            assert min(gaps) == 14
            assert all(card.height() == card.height_for(card.width()) for card in ordered)


def test_an_unchanged_account_keeps_its_card(cards: CardList, formatter: Formatter) -> None:
    before = dict(cards.cards)
    cards.show_contents(tuple(contents_of(formatter)), "", NOW + 1)
    assert cards.cards == before


def test_another_order_moves_the_cards_with_their_accounts(cards: CardList, formatter: Formatter) -> None:
    card = cards.cards[cards.appids[1]]
    contents = contents_of(formatter)
    contents.insert(0, contents.pop(1))
    cards.show_contents(tuple(contents), "", NOW)
    assert cards.cards[ACCOUNTS[1].appid] is card
    assert card.y() == 0


def test_an_empty_list_has_no_cards(cards: CardList) -> None:
    cards.show_contents((), "", NOW)
    assert cards.cards == {}
    assert not [card for card in cards.findChildren(AccountCard) if card.isVisible()]
    cards.focus_row(0)


def test_a_larger_font_makes_the_cards_higher(cards: CardList, qtbot: QtBot) -> None:
    height = cards.cards[cards.appids[0]].height()
    font = cards.font()
    font.setPixelSize(40)
    cards.setFont(font)
    qtbot.waitUntil(lambda: cards.cards[cards.appids[0]].height() > height)


def test_scrolling_to_an_account_shows_its_whole_card(cards: CardList) -> None:
    cards.scroll_to(cards.appids[100])
    assert is_inside(cards, cards.cards[cards.appids[100]])
    cards.scroll_to(cards.appids[3])
    assert is_inside(cards, cards.cards[cards.appids[3]])
    cards.scroll_to("wx-unknown")


def test_a_renamed_account_is_shown_with_its_new_name(cards: CardList, formatter: Formatter) -> None:
    renamed = (replace(ACCOUNTS[0], name="Another"), *ACCOUNTS[1:])
    cards.show_contents(tuple(contents_of(formatter, accounts=renamed)), "", NOW)
    assert cards.cards[cards.appids[0]].accessibleName().startswith("Another, ")
