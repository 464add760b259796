"""Accounts with very long names: the window keeps its width, and every name can be read."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.account_card import AccountHead
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.widgets.controls.combo_boxes import ElidedComboBox
from guarddog_gui.ui.widgets.page import SearchField
from guarddog_gui.ui.window_pages import PageName
from tests.ui import find
from tests.ui.app_windows import CAFE, AppLauncher, AppWindows

LONG = "深圳市某某科技有限公司官方商城服务号（生产环境）Production shop"
NO_WORDS = "W" * 80


def settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.sendPostedEvents()
        qapp.processEvents()


def rename(program: AppWindows, long: str | None, qapp: QApplication, qtbot: QtBot) -> None:
    """Give this name to every account, or a short one to each."""
    harness = program.harness
    harness.accounts.update(lambda known: tuple(replace(a, name=long or a.appid[-2:]) for a in known))
    with qtbot.waitSignal(harness.controller.overview_changed):
        harness.controller.tick()
    settle(qapp)


def minimum_width(program: AppWindows, qapp: QApplication) -> int:
    """Return the minimum width of the window after every page was shown."""
    for page in PageName:
        program.show_page(page)
        settle(qapp)
    return program.window.minimumSizeHint().width()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("long", [LONG, NO_WORDS], ids=["words", "no words"])
def test_the_window_can_be_as_narrow_as_with_short_names(
    long: str, language: str, app_launcher: AppLauncher, qapp: QApplication, qtbot: QtBot
) -> None:
    program = app_launcher.start(language)
    program.window.resize(960, 640)
    box = find.widget(program.page(HistoryPage), ElidedComboBox)
    program.window.resize(960, 640)
    rename(program, long, qapp, qtbot)
    needed, wide = minimum_width(program, qapp), box.width()
    assert program.window.width() == 960
    rename(program, None, qapp, qtbot)
    assert minimum_width(program, qapp) == needed
    program.show_page("history")
    settle(qapp)
    assert box.width() < wide


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [800, 960])
@pytest.mark.parametrize("long", [LONG, NO_WORDS], ids=["words", "no words"])
def test_long_names_do_not_shrink_the_other_columns(
    long: str, width: int, language: str, app_launcher: AppLauncher, qapp: QApplication, qtbot: QtBot
) -> None:
    program = app_launcher.start(language)
    rename(program, long, qapp, qtbot)
    program.show_page("history")
    program.window.resize(width, 640)
    settle(qapp)
    assert find.widget(program.page(HistoryPage), SearchField).width() >= 72
    program.show_page("tokens")
    settle(qapp)
    cards = find.widget(program.page(TokensPage), CardList)
    card = cards.cards[CAFE.appid]
    assert card.width() <= cards.viewport().width()
    appid = find.button(card, CAFE.appid)
    assert appid.width() >= appid.fontMetrics().horizontalAdvance(CAFE.appid)
    for button in card.findChildren(QAbstractButton):
        if button.isVisible():
            right = button.mapTo(card, button.rect().bottomRight())
            assert card.rect().contains(right), button.accessibleName()


def test_an_elided_name_is_shown_in_full_in_its_tooltip(
    app_launcher: AppLauncher, qapp: QApplication, qtbot: QtBot
) -> None:
    program = app_launcher.start("en")
    rename(program, LONG, qapp, qtbot)
    program.show_page("history")
    settle(qapp)
    role = Qt.ItemDataRole.ToolTipRole
    history = find.widget(program.page(HistoryPage), HistoryList)
    assert LONG in history.currentIndex().data(role)
    head = find.widget(program.page(TokensPage), CardList).cards[CAFE.appid].findChildren(AccountHead)[0]
    assert LONG in head.toolTip()
    for box in (find.combo(program.page(HistoryPage), "Account"), find.combo(program.page(SignPage), "Account")):
        assert LONG in box.itemData(box.count() - 1, role)
