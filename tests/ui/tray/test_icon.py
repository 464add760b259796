"""The tray's menu: edited in place, and all that can be done with it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.tray.icon import ROWS, Tray
from tests.fakes import refusal
from tests.runtime.stage import CAFE, CARD, GAME, SECRET, SHOP, TICKET, TOKEN, Stage


class Panel(QObject):
    """A place for an icon that comes and goes when a test says so."""

    appeared = Signal()
    lost = Signal()

    def __init__(self, *, speaks_bus: bool) -> None:
        super().__init__()
        self.speaks_bus = speaks_bus
        self.is_there = False


class Icon(QSystemTrayIcon):
    """An icon that shows itself nowhere and counts what would go to the panel."""

    made: list["Icon"] = []  # noqa: RUF012 - emptied for every test

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.icons = 0
        self.tooltips: list[str] = []
        self.messages: list[str] = []
        self.is_shown = False
        Icon.made.append(self)

    def setIcon(self, icon: QIcon | QPixmap) -> None:  # noqa: N802 - Qt's own name
        self.icons += 1
        super().setIcon(icon)

    def setToolTip(self, text: str) -> None:  # noqa: N802 - Qt's own name
        self.tooltips.append(text)

    def show(self) -> None:
        self.is_shown = True

    def hide(self) -> None:
        self.is_shown = False

    def showMessage(self, _title: str, text: str, *_: object) -> None:  # noqa: N802
        self.messages.append(text)


class Shown:
    """A tray and what is in its menu."""

    def __init__(self, stage: Stage, voice: Voice, panel: Panel) -> None:
        self.stage = stage
        self.panel = panel
        self.tray = Tray(stage.controller, panel, voice)  # type: ignore[arg-type]  # all that it asks of a host

    def appear(self) -> Icon:
        self.panel.is_there = True
        self.panel.appeared.emit()
        return Icon.made[-1]

    @property
    def labels(self) -> list[str]:
        return labels(self.tray.menu)

    def action(self, *path: str) -> QAction:
        """The row to which these labels lead, through submenus; a beginning of a label will do."""
        menu = self.tray.menu
        for depth, label in enumerate(path, 1):
            found = [a for a in menu.actions() if a.isVisible() and a.text().startswith(label)]
            assert found, f"no {label} among {labels(menu)}"
            if depth == len(path):
                return found[0]
            below = found[0].menu()
            assert isinstance(below, QMenu)
            menu = below
        raise AssertionError

    def settle(self, qtbot: QtBot) -> None:
        self.stage.settle(qtbot)


def labels(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def every_action(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        found.append(action)
        below = action.menu()
        if isinstance(below, QMenu):
            found += every_action(below)
    return found


MakeTray = Callable[[], Shown]


@pytest.fixture
def make_tray(stage: Stage, voice: Voice, monkeypatch: pytest.MonkeyPatch) -> MakeTray:
    monkeypatch.setattr("guarddog_gui.ui.tray.icon.QSystemTrayIcon", Icon)
    Icon.made.clear()
    return lambda: Shown(stage, voice, Panel(speaks_bus=False))


@pytest.fixture
def shown(make_tray: MakeTray, stage: Stage, qtbot: QtBot) -> Shown:
    shown = make_tray()
    stage.put_fresh(SHOP)
    stage.controller.start()
    stage.settle(qtbot)
    return shown


def change_accounts(stage: Stage, qtbot: QtBot, *accounts: Account) -> None:
    for account in accounts:
        stage.secrets.stored[account.appid] = Secret(SECRET)
        if stage.dogs.stamp(account, TOKEN) is None:
            stage.put_fresh(account)
    stage.accounts.change(lambda _: accounts)
    stage.beat()
    stage.settle(qtbot)


def test_before_there_is_an_account_the_menu_offers_the_window_and_the_way_out(make_tray: MakeTray) -> None:
    shown = make_tray()
    assert shown.labels == [
        "No account yet",
        "Pause",
        "No notifications for 1 hour",
        "Open Guard Dog",
        "Preferences…",
        "Quit",
    ]


def test_the_menu_says_how_it_stands_and_what_can_be_done(shown: Shown) -> None:
    headline, account, *rest = shown.labels
    assert headline.startswith("2 of 2 fresh · next refresh")
    assert account.startswith("Shop · until ")
    assert rest == [
        "Copy access_token", "Copy jsapi_ticket", "Refresh now", "Sign a URL…", "Pause",
        "No notifications for 1 hour", "Open Guard Dog", "Preferences…", "Quit",
    ]  # fmt: skip
    below = shown.action("Shop").menu()
    assert isinstance(below, QMenu)
    assert labels(below) == ["Copy access_token", "Copy jsapi_ticket", "Refresh now", "Force a new token…"]
    assert not shown.action("2 of 2").isEnabled()


def test_a_mini_program_has_no_ticket_to_copy(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    change_accounts(stage, qtbot, GAME)
    assert "Copy jsapi_ticket" not in shown.labels
    below = shown.action("Game").menu()
    assert isinstance(below, QMenu)
    assert labels(below) == ["Copy access_token", "Refresh now", "Force a new token…"]


def test_a_ticket_for_cards_can_be_copied_where_it_is_switched_on(
    shown: Shown, stage: Stage, qtbot: QtBot
) -> None:
    change_accounts(stage, qtbot, replace(SHOP, card_ticket=True), CAFE)
    below, other = shown.action("Shop").menu(), shown.action("Café").menu()
    assert isinstance(below, QMenu)
    assert isinstance(other, QMenu)
    assert labels(below)[:3] == ["Copy access_token", "Copy jsapi_ticket", "Copy wx_card ticket"]
    assert "Copy wx_card ticket" not in labels(other)
    shown.action("Copy wx_card ticket").trigger()
    shown.action("Shop", "Copy wx_card ticket").trigger()
    assert stage.copied == [(SHOP.appid, CARD, stage.value(SHOP, CARD))] * 2
    change_accounts(stage, qtbot, SHOP)
    assert "Copy wx_card ticket" not in shown.labels


def test_what_is_worst_stands_below_the_headline(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(40164, "invalid ip 203.0.113.9, not in whitelist")
    stage.later(7200)
    stage.settle(qtbot)
    _, trouble, account, *_ = shown.labels
    assert trouble.startswith("Shop: This computer calls from 203.0.113.9")
    assert account == "Shop · failed 40164"
    with qtbot.waitSignal(shown.tray.open_wanted):
        shown.action("Shop: ").trigger()


# -- in place -------------------------------------------------------------------------------------


def test_rows_stay_the_same_objects_whatever_happens(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    change_accounts(stage, qtbot, SHOP, CAFE)
    before = every_action(shown.tray.menu)
    stage.controller.refresh()
    stage.settle(qtbot)
    stage.wechat.refuses = refusal(40125)
    stage.jump(86_400)
    stage.settle(qtbot)
    stage.controller.pause(float("inf"))
    stage.settle(qtbot)
    shown.tray.retranslate()
    change_accounts(stage, qtbot, replace(CAFE, name="Now first"), SHOP)
    after = every_action(shown.tray.menu)
    assert len(before) == len(after)
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_what_has_not_changed_is_not_sent_to_the_panel_again(
    shown: Shown, stage: Stage, qtbot: QtBot
) -> None:
    icon = shown.appear()
    stage.settle(qtbot)
    changed: list[str] = []
    for action in every_action(shown.tray.menu):
        action.changed.connect(lambda: changed.append("row"))
    icons, tooltips = icon.icons, len(icon.tooltips)
    for _ in range(20):
        stage.later(1)
        stage.settle(qtbot)
    assert changed == []
    assert (icon.icons, len(icon.tooltips)) == (icons, tooltips)
    stage.controller.pause(stage.clock() + 60)  # the counter-test: this does change something
    stage.settle(qtbot)
    assert changed
    assert icon.icons == icons + 1


def test_accounts_appear_change_places_and_vanish(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    change_accounts(stage, qtbot, SHOP, CAFE, GAME)
    assert [label.split(" · ")[0] for label in shown.labels[1:4]] == ["Shop", "Café", "Game"]
    change_accounts(stage, qtbot, GAME, SHOP)
    assert [label.split(" · ")[0] for label in shown.labels[1:3]] == ["Game", "Shop"]
    shown.action("Game", "Copy access_token").trigger()
    assert stage.copied == [(GAME.appid, TOKEN, stage.value(GAME, TOKEN))]
    change_accounts(stage, qtbot)
    qtbot.waitUntil(
        lambda: (
            shown.labels
            == [
                "No account yet",
                "Pause",
                "No notifications for 1 hour",
                "Open Guard Dog",
                "Preferences…",
                "Quit",
            ]
        )
    )


def many(number: int) -> list[Account]:
    return [Account(f"wx{index:016x}", f"Account {index:02}") for index in range(number)]


def test_more_than_ten_accounts_go_below_more_and_come_back_out_of_it(
    shown: Shown, stage: Stage, qtbot: QtBot
) -> None:
    accounts = many(ROWS + 3)
    change_accounts(stage, qtbot, *accounts)
    assert [label[:10] for label in shown.labels[1 : ROWS + 2]] == [
        *[account.name for account in accounts[:ROWS]],
        "More",
    ]
    more = shown.action("More").menu()
    assert isinstance(more, QMenu)
    assert [label[:10] for label in labels(more)] == ["Account 10", "Account 11", "Account 12"]
    shown.action("More", "Account 12", "Copy jsapi_ticket").trigger()
    assert stage.copied[-1][0] == accounts[12].appid
    change_accounts(stage, qtbot, *accounts[:ROWS])
    assert "More" not in shown.labels
    qtbot.waitUntil(lambda: labels(more) == [])


# -- doing ----------------------------------------------------------------------------------------


def test_rows_without_a_name_are_about_the_first_or_the_last_used_account(
    shown: Shown, stage: Stage, qtbot: QtBot
) -> None:
    change_accounts(stage, qtbot, SHOP, CAFE)
    shown.action("Copy access_token").trigger()
    shown.action("Café", "Copy jsapi_ticket").trigger()
    shown.action("Copy access_token").trigger()
    assert [(appid, kind) for appid, kind, _ in stage.copied] == [
        (SHOP.appid, TOKEN), (CAFE.appid, TICKET), (CAFE.appid, TOKEN),
    ]  # fmt: skip
    change_accounts(stage, qtbot, SHOP)
    shown.action("Copy jsapi_ticket").trigger()
    assert stage.copied[-1][:2] == (SHOP.appid, TICKET)


def test_refresh_is_asked_of_wechat_for_both_keys(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    shown.action("Refresh now").trigger()
    stage.settle(qtbot)
    assert stage.transport.paths == ["stable_token", "getticket"]
    shown.action("Shop", "Refresh now").trigger()
    stage.settle(qtbot)
    assert len(stage.transport.paths) == 4


def test_what_needs_a_dialog_or_the_program_is_asked_for(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.tray.force_wanted) as force:
        shown.action("Shop", "Force").trigger()
    assert force.args == [SHOP.appid]
    with qtbot.waitSignal(shown.tray.open_wanted):
        shown.action("Open Guard Dog").trigger()
    with qtbot.waitSignal(shown.tray.sign_wanted):
        shown.action("Sign a URL…").trigger()
    with qtbot.waitSignal(shown.tray.preferences_wanted):
        shown.action("Preferences…").trigger()
    with qtbot.waitSignal(shown.tray.quit_wanted):
        shown.action("Quit").trigger()


# -- the icon -------------------------------------------------------------------------------------


def test_the_icon_is_made_when_there_is_a_place_for_it_and_anew_for_a_new_place(shown: Shown) -> None:
    assert Icon.made == []
    first = shown.appear()
    states = [first.is_shown]
    assert not first.icon().isNull()
    assert first.contextMenu() is shown.tray.menu
    shown.panel.lost.emit()
    states.append(first.is_shown)
    assert states == [True, False]
    second = shown.appear()
    assert second is not first
    assert second.is_shown
    assert second.tooltips
    assert second.icons == 1


def test_the_tooltip_says_what_the_menu_says(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    icon = shown.appear()
    assert icon.tooltips[-1] == f"Guard Dog\n{shown.labels[0]}"
    stage.wechat.refuses = refusal(40125)
    stage.later(7200)
    stage.settle(qtbot)
    assert icon.tooltips[-1].split("\n")[2] == shown.labels[1]


def test_a_click_on_the_icon_opens_the_window_and_a_middle_click_does_not(shown: Shown, qtbot: QtBot) -> None:
    icon = shown.appear()
    reason = QSystemTrayIcon.ActivationReason
    for clicked in (reason.Trigger, reason.DoubleClick):
        with qtbot.waitSignal(shown.tray.open_wanted):
            icon.activated.emit(clicked)
    with qtbot.assertNotEmitted(shown.tray.open_wanted):
        icon.activated.emit(reason.MiddleClick)
        icon.activated.emit(reason.Context)


def test_the_icon_is_taken_away_on_quit(shown: Shown, qtbot: QtBot) -> None:
    icon = shown.appear()
    with qtbot.waitSignal(icon.destroyed):
        shown.tray.remove()
    shown.tray.remove()
    assert shown.labels  # the menu is still there


def test_where_the_window_went_is_told_where_the_icon_is(shown: Shown) -> None:
    shown.tray.tell_where_it_went()
    icon = shown.appear()
    shown.tray.tell_where_it_went()
    assert icon.messages == ["Guard Dog goes on in the tray. Quit is in its menu."]


def test_a_pause_is_in_the_icon(shown: Shown, stage: Stage, voice: Voice, qtbot: QtBot) -> None:
    icon = shown.appear()
    stage.controller.pause(float("inf"))
    stage.settle(qtbot)
    assert icon.icon().cacheKey() == voice.icons.tray_icon(State.PAUSED).cacheKey()


def test_the_preferences_are_in_the_menu(shown: Shown, qtbot: QtBot) -> None:
    assert shown.labels[-2:] == ["Preferences…", "Quit"]
    with qtbot.waitSignal(shown.tray.preferences_wanted):
        shown.action("Preferences…").trigger()


@pytest.mark.parametrize("style", TrayStyle)
def test_the_icon_is_painted_in_the_chosen_style_at_once(
    shown: Shown, voice: Voice, style: TrayStyle
) -> None:
    icon = shown.appear()
    shown.tray.set_style(style)
    assert icon.icon().cacheKey() == voice.icons.tray_icon(State.FRESH, style).cacheKey()
    others = [
        voice.icons.tray_icon(State.FRESH, other).cacheKey() for other in TrayStyle if other is not style
    ]
    assert icon.icon().cacheKey() not in others


def test_the_same_style_again_is_no_news_for_the_panel(shown: Shown) -> None:
    icon = shown.appear()
    shown.tray.set_style(TrayStyle.MONO_DARK)
    sent = icon.icons
    shown.tray.set_style(TrayStyle.MONO_DARK)
    assert icon.icons == sent


def test_a_style_that_was_chosen_without_a_panel_is_used_when_one_comes(shown: Shown, voice: Voice) -> None:
    shown.tray.set_style(TrayStyle.MONO_LIGHT)
    icon = shown.appear()
    wanted = voice.icons.tray_icon(State.FRESH, TrayStyle.MONO_LIGHT)
    assert icon.icon().cacheKey() == wanted.cacheKey()


# -- letters that a panel would take for marks ----------------------------------------------------


def test_a_panel_that_draws_the_menu_gets_its_underscores_doubled(
    shown: Shown, stage: Stage, qtbot: QtBot
) -> None:
    change_accounts(stage, qtbot, replace(SHOP, name="R&D_shop"))
    assert shown.labels[1].startswith("R&&D_shop")
    shown.panel.speaks_bus = True
    shown.appear()
    stage.settle(qtbot)
    assert shown.labels[1].startswith("R&&D__shop")
    assert "Copy access__token" in shown.labels
    shown.action("R&&D", "Copy jsapi__ticket").trigger()
    assert len(stage.copied) == 1


def test_back_in_an_old_tray_they_are_single_again(shown: Shown, stage: Stage, qtbot: QtBot) -> None:
    shown.panel.speaks_bus = True
    shown.appear()
    shown.panel.speaks_bus = False
    shown.appear()
    stage.settle(qtbot)
    assert "Copy access_token" in shown.labels
