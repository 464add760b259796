"""Painted rows of the tokens page: ring, state, buttons at the end."""

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.tokens.delegate import BUTTON_SIZE, RowButton, TokenDelegate, button_rect
from guarddog_gui.ui.tokens.model import TokenColumn
from tests.runtime.harness import CAFE, SHOP, TOKEN, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.palettes import palette_of
from tests.ui.tokens.tokens_page_setup import TokensPageSetup, add_accounts


def test_an_account_row_has_no_copy_button(setup: TokensPageSetup) -> None:
    setup.click_button(0, None, RowButton.COPY)
    assert setup.harness.copied_values == []


def test_a_right_click_on_a_button_does_nothing(setup: TokensPageSetup) -> None:
    place = setup.view.visualRect(setup.index(0, 0, TokenColumn.ACTIONS))
    middle = button_rect(place, RowButton.REFRESH).center()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(setup.view.viewport(), Qt.MouseButton.RightButton, none, middle)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.requests == []


def test_the_refresh_button_refreshes_its_row(setup: TokensPageSetup) -> None:
    setup.click_button(0, 0, RowButton.REFRESH)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.endpoints == ["stable_token"]


def test_the_rows_can_be_painted_in_every_state(setup: TokensPageSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, CAFE)
    setup.harness.secrets.stored.clear()
    setup.harness.advance(7200)
    setup.select(setup.index(0, 0))
    picture = setup.page.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, 900, 3) for y in range(0, 300, 3)}
    assert len(colours) > 10


def test_the_button_under_the_mouse_pointer_is_highlighted(setup: TokensPageSetup) -> None:
    rect = button_rect(setup.view.visualRect(setup.index(0, 0, TokenColumn.ACTIONS)), RowButton.REFRESH)
    QTest.mouseMove(setup.view.viewport(), rect.center())
    setup.qtbot.waitUntil(lambda: setup.delegate.hovered_button is not None)
    assert setup.delegate.hovered_button is RowButton.REFRESH


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_the_highlighted_button_is_visible_in_a_selected_row(setup: TokensPageSetup, theme: Theme) -> None:
    setup.page.setPalette(palette_of(theme))
    setup.select(setup.index(0, 0))
    row = setup.view.visualRect(setup.index(0, 0, TokenColumn.ACTIONS))
    for button in (RowButton.COPY, RowButton.MORE):  # a pointer that is already there does not move
        place = button_rect(row, button)
        QTest.mouseMove(setup.view.viewport(), place.center())
    setup.qtbot.waitUntil(lambda: setup.delegate.hovered_button is RowButton.MORE)
    picture = setup.view.viewport().grab(place).toImage()
    fill = picture.pixelColor(1, 1).lightness()
    inks = [picture.pixelColor(x, y).lightness() for x in range(BUTTON_SIZE) for y in range(BUTTON_SIZE)]
    assert fill == palette_of(theme).midlight().color().lightness()
    assert max(abs(ink - fill) for ink in inks) > 100


@pytest.mark.usefixtures("qapp")
def test_of_a_thousand_accounts_only_the_visible_rows_are_painted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [Account(f"wx{number:016x}", f"Account {number}") for number in range(1000)]
    with runtime_harness(*accounts) as harness:
        harness.put_fresh_values(*accounts)
        harness.controller.start()
        harness.wait_until_idle(qtbot)
        page = TokensPageSetup(harness, make_formatter(harness), qtbot)
        page.show()
        painted: list[int] = []
        paint = TokenDelegate._paint_ring

        def counted(*words: object) -> None:
            painted.append(1)
            paint(*words)  # type: ignore[arg-type]  # what it was called with

        monkeypatch.setattr(TokenDelegate, "_paint_ring", counted)
        changed: list[int] = []
        page.model.dataChanged.connect(lambda *_: changed.append(1))
        harness.clock.advance(1)
        page.page.update_countdowns()
        page.page.grab()
        assert 0 < len(painted) < 100
        assert changed == []  # no account has changed
        page.page.hide()


def test_the_buttons_stand_side_by_side_and_in_the_middle_of_the_row() -> None:
    row = QRect(100, 50, 120, 36)
    rects = [button_rect(row, button) for button in RowButton]

    assert all(row.contains(rect) for rect in rects)
    assert all(rect.size() == QSize(BUTTON_SIZE, BUTTON_SIZE) for rect in rects)
    assert [rect.left() for rect in rects[1:]] == [rect.right() + 1 for rect in rects[:-1]]
    assert {rect.center().y() for rect in rects} == {row.center().y()}


def test_the_value_is_shown_only_while_the_mouse_button_is_pressed_on_it(setup: TokensPageSetup) -> None:
    viewport, middle = setup.view.viewport(), setup.view.visualRect(setup.index(0, 0, TokenColumn.VALUE)).center()

    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    value = setup.harness.value(SHOP, TOKEN)
    assert value is not None
    assert QToolTip.text().replace("\n", "") == value
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)

    setup.qtbot.waitUntil(lambda: not QToolTip.isVisible())
