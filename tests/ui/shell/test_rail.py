"""The rail: pages with badges, accounts, the foot, and its narrow form."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.navigation import BadgeRole
from guarddog_gui.ui.shell.rail import COMPACT_WIDTH, WIDTH, Rail
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find

NAMES = ("Tokens", "History")


@pytest.fixture
def rail(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Rail:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    rail = Rail(harness.controller, formatter, ("tokens", "history"))
    qtbot.addWidget(rail)
    rail.retranslate(NAMES)
    rail.show_overview(harness.controller.overview(), SHOP.appid)
    rail.resize(rail.width(), 600)
    rail.show()
    return rail


def test_the_foot_says_how_many_values_work_and_when_they_are_looked_at(rail: Rail) -> None:
    headline = find.widget(rail, ElidedLabel, "headline")
    assert headline.text() == "2 of 2 usable"
    headline.setFixedWidth(50)
    assert headline.shown_text() == "2 / 2", "where the words have no room"
    assert any(label.text().startswith("next check ") for label in rail.findChildren(ElidedLabel))


def test_a_page_is_chosen_with_the_mouse_and_the_keyboard(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        place = rail.navigation.visualItemRect(rail.navigation.item(1)).center()
        QTest.mouseClick(rail.navigation.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1]
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        QTest.keyClick(rail.navigation, Qt.Key.Key_Up)
    assert chosen.args == [0]


def test_a_badge_is_read_in_words(rail: Rail) -> None:
    rail.navigation.set_badge(1, "2", "2 accounts need you")
    item = rail.navigation.item(1)
    assert item.data(BadgeRole) == "2"
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "History, 2 accounts need you"


def test_search_add_and_preferences_are_buttons_with_names(rail: Rail, qtbot: QtBot) -> None:
    for name, signal in (
        ("Search everywhere", rail.search_requested),
        ("Add account", rail.add_requested),
        ("Preferences…", rail.preferences_requested),
    ):
        with qtbot.waitSignal(signal):
            find.button(rail, name).click()


def test_a_narrow_rail_has_icons_and_tooltips(rail: Rail) -> None:
    rail.set_compact(compact=True)
    assert rail.width() == COMPACT_WIDTH
    assert not find.widget(rail, ElidedLabel, "headline").isVisible()
    assert rail.navigation.item(0).toolTip() == "Tokens"
    rail.set_compact(compact=False)
    assert rail.width() == WIDTH
    assert rail.navigation.item(0).toolTip() == ""


def test_the_narrow_rail_shows_tiles_and_icons_whole(rail: Rail, qtbot: QtBot) -> None:
    rail.resize(rail.width(), 180)  # too low for the accounts: a scroll bar would cover their tiles
    rail.set_compact(compact=True)
    qtbot.waitUntil(lambda: rail.width() == COMPACT_WIDTH)
    accounts = rail.account_list
    assert not accounts.verticalScrollBar().isVisible()
    assert accounts.visualRect(accounts.model().index(0, 0)).width() == accounts.viewport().width()


def test_the_narrow_rail_marks_a_page_with_problems_and_says_their_number(rail: Rail) -> None:
    rail.set_compact(compact=True)
    image = rail.navigation.grab().toImage()
    rail.navigation.set_badge(0, "3", "3 accounts need you")
    assert rail.navigation.item(0).toolTip() == "Tokens, 3 accounts need you"
    assert rail.navigation.grab().toImage() != image
