"""The popover of the tray icon: search, keyboard, copies, its foot, and its place on the screen."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment, Secret
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import KeySubject
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.popover import Popover, popover_position
from guarddog_gui.ui.tray.popover_row import PopoverRow
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.fakes import FakeClock, error_reply
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui import find

ICON = QRect(700, 2, 24, 24)
PRODUCTION = replace(CAFE, environment=Environment.PRODUCTION, group="Food")


class PopoverSetup:
    """A shown popover over three accounts whose values are fresh."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self.monotonic = FakeClock()
        self.clipboard = Clipboard(self.monotonic)
        self.popover = Popover(harness.controller, self.clipboard, formatter)
        harness.controller.copies.copy_ready.connect(self._copy)
        qtbot.addWidget(self.popover)

    def _copy(self, appid: str, kind: object, value: str) -> None:
        status = self.harness.controller.overview().account(appid)
        assert status is not None
        self.clipboard.copy_secret(value, KeySubject(kind, status.account.name, appid), 30)  # type: ignore[arg-type]

    def show(self, default: Account = SHOP) -> None:
        self.popover.toggle(ICON, default.appid)

    @property
    def search_field(self) -> QLineEdit:
        return find.widget(self.popover, QLineEdit)

    @property
    def names(self) -> list[str]:
        """Names of the accounts that are shown, from the top."""
        rows = [row for row in self.popover.findChildren(PopoverRow) if row.isVisibleTo(self.popover)]
        rows.sort(key=lambda row: row.mapTo(self.popover, QPoint(0, 0)).y())
        return [row.status.account.name for row in rows if row.status is not None]

    @property
    def news(self) -> str:
        return find.widget(self.popover, QLabel, "popover-news").text()

    def type_text(self, text: str) -> None:
        QTest.keyClicks(self.search_field, text)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.search_field, key)

    @property
    def copied(self) -> list[tuple[str, object]]:
        return [(appid, kind) for appid, kind, _ in self.harness.copied_values]


@pytest.fixture
def setup(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Iterator[PopoverSetup]:
    use_accounts(harness, SHOP, PRODUCTION, GAME)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    setup = PopoverSetup(harness, formatter, qtbot)
    yield setup
    setup.popover.close()
    setup.clipboard.clear()


def use_accounts(harness: RuntimeHarness, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored[account.appid] = Secret(SECRET)
    harness.put_fresh_values(*accounts)
    harness.accounts.update(lambda _: accounts)


def test_every_account_has_a_row_and_a_mini_program_no_ticket(setup: PopoverSetup) -> None:
    setup.show()
    assert setup.names == ["Shop", "Café", "Game"]
    for name in ("Copy access_token of Shop", "Copy jsapi_ticket of Café", "Copy access_token of Game"):
        assert find.button(setup.popover, name).isVisible()
    assert not find.button(setup.popover, "Copy jsapi_ticket of Game").isVisibleTo(setup.popover)


def test_one_click_copies_and_the_foot_answers_until_it_is_cleared(setup: PopoverSetup) -> None:
    setup.show()
    find.button(setup.popover, "Copy jsapi_ticket of Café").click()
    assert setup.copied == [(CAFE.appid, TICKET)]
    assert QGuiApplication.clipboard().text() == setup.harness.value(CAFE, TICKET)
    assert setup.news == "Copied jsapi_ticket of Café"
    assert [label.text() for label in setup.popover.findChildren(QLabel) if label.text() == "0:30"]
    setup.monotonic.advance(31)
    setup.clipboard.update_countdown()
    assert setup.news == "Cleared from the clipboard."


def test_enter_copies_the_token_of_the_default_account(setup: PopoverSetup) -> None:
    setup.show(default=GAME)
    setup.press(Qt.Key.Key_Return)
    assert setup.copied == [(GAME.appid, TOKEN)]


@pytest.mark.parametrize("text", ["caf", "CAFÉ", "b2", "food", "prod", "food caf"])
def test_enter_copies_the_token_of_the_first_account_that_is_found(setup: PopoverSetup, text: str) -> None:
    setup.show()
    setup.type_text(text)
    assert setup.names == ["Café"]
    setup.press(Qt.Key.Key_Return)
    assert setup.copied == [(CAFE.appid, TOKEN)]


def test_what_no_account_has_finds_none_and_enter_copies_nothing(setup: PopoverSetup) -> None:
    setup.show()
    setup.type_text("zzz")
    assert setup.names == []
    assert find.widget(setup.popover, QLabel, "No account has this in its name or AppID.").isVisible()
    setup.press(Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert setup.copied == []


def test_arrows_move_and_stop_at_the_ends(setup: PopoverSetup) -> None:
    setup.show()
    setup.press(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return)
    setup.press(Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert setup.copied == [(CAFE.appid, TOKEN), (GAME.appid, TOKEN)]


def test_escape_clears_the_search_and_then_closes(setup: PopoverSetup) -> None:
    setup.show()
    setup.type_text("caf")
    setup.press(Qt.Key.Key_Escape)
    assert (setup.search_field.text(), setup.popover.isVisible()) == ("", True)
    setup.press(Qt.Key.Key_Escape)
    assert not setup.popover.isVisible()


def test_a_second_click_on_the_icon_closes_it(setup: PopoverSetup) -> None:
    setup.show()
    assert setup.popover.isVisible()
    setup.show()
    assert not setup.popover.isVisible()


def test_losing_the_focus_closes_it_and_the_same_click_does_not_open_it_again(
    setup: PopoverSetup, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.show()
    qtbot.waitUntil(setup.popover.isActiveWindow)
    monkeypatch.setattr(setup.popover, "isActiveWindow", lambda: False)
    setup.popover.changeEvent(QEvent(QEvent.Type.ActivationChange))
    assert not setup.popover.isVisible()
    setup.show()
    assert not setup.popover.isVisible()
    monkeypatch.undo()
    monkeypatch.setattr("guarddog_gui.ui.tray.popover.REOPEN_DELAY_S", -1.0)
    setup.show()
    assert setup.popover.isVisible()


def test_an_account_without_a_value_stands_first_with_its_trouble(setup: PopoverSetup, qtbot: QtBot) -> None:
    usual = setup.harness.transport.handler
    refused = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    setup.harness.transport.handler = lambda request: (
        refused if dict(request.body or ()).get("appid") == GAME.appid else usual(request)
    )
    setup.show()
    setup.harness.advance(7200)
    setup.harness.wait_until_idle(qtbot)
    assert setup.names[0] == "Game"
    assert find.widget(setup.popover, QPushButton, "Copy access_token of Game").isVisible()
    assert "IP not whitelisted" in [label.text() for label in setup.popover.findChildren(ElidedLabel)]
    setup.press(Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return)
    setup.harness.wait_until_idle(qtbot)
    assert setup.news.startswith("Game: This computer calls from 203.0.113.9")
    assert (GAME.appid, TOKEN) not in setup.copied


def test_a_copy_that_has_to_wait_says_so(setup: PopoverSetup, qtbot: QtBot) -> None:
    setup.harness.wechat.hanging_appids.add(GAME.appid)
    setup.harness.jump_wall_clock(8000)
    setup.show(default=GAME)
    setup.press(Qt.Key.Key_Return)
    assert setup.news == "Getting a new access_token of Game…"
    setup.harness.wechat.release()
    setup.harness.wait_until_idle(qtbot)
    assert setup.news == "Copied access_token of Game"


def test_the_icons_at_the_foot_open_what_they_name(setup: PopoverSetup, qtbot: QtBot) -> None:
    for name, signal in (
        ("Open Guard Dog", setup.popover.open_requested),
        ("Sign a page…", setup.popover.sign_requested),
        ("Preferences…", setup.popover.preferences_requested),
    ):
        setup.show()
        with qtbot.waitSignal(signal):
            find.button(setup.popover, name).click()
        assert not setup.popover.isVisible()


def test_every_button_has_a_name(setup: PopoverSetup) -> None:
    setup.show()
    for button in setup.popover.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
    assert setup.search_field.accessibleName()


def test_sixty_accounts_scroll_and_the_highlighted_one_is_seen(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    accounts = tuple(Account(f"wx{index:016x}", f"Account {index:02}") for index in range(60))
    use_accounts(harness, *accounts)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    setup = PopoverSetup(harness, formatter, qtbot)
    setup.show(accounts[0])
    assert setup.popover.height() < 600
    setup.press(*[Qt.Key.Key_PageDown] * 8)
    row = next(r for r in setup.popover.findChildren(PopoverRow) if r.status and r.status.account is accounts[59])
    viewport = find.widget(setup.popover, QScrollArea).viewport()
    assert viewport.rect().contains(QRect(row.mapTo(viewport, QPoint(0, 0)), row.size()))


def test_it_is_placed_beside_the_icon_and_on_the_screen() -> None:
    screen, size = QRect(0, 0, 1280, 1000), QSize(372, 400)
    below = popover_position(QRect(700, 2, 24, 24), size, screen)
    assert below.y() > 25
    assert abs(below.x() + 186 - 712) <= 2
    above = popover_position(QRect(1250, 970, 24, 24), size, screen)
    assert above.y() + 400 < 970
    for position in (below, above, popover_position(QRect(-50, 2000, 1, 1), size, screen)):
        assert screen.contains(QRect(position, size))


def test_without_an_account_it_says_how_to_add_one(setup: PopoverSetup) -> None:
    setup.harness.accounts.update(lambda _: ())
    setup.harness.controller.tick()
    setup.show()
    assert find.has(setup.popover, "No account yet. Open Guard Dog to add one.")
    assert setup.news == ""
