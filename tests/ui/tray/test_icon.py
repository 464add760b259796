"""The tray's menu: edited in place, and all that can be done with it."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.icon import MENU_ACCOUNTS_MAX, SUBMENUS_MAX, TrayIcon
from tests.fakes import error_reply
from tests.runtime.harness import CAFE, CARD, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness


class FakeTrayAvailability(QObject):
    """A place for an icon that comes and goes when a test says so."""

    became_available = Signal()
    became_unavailable = Signal()

    def __init__(self, *, uses_dbus: bool) -> None:
        super().__init__()
        self.uses_dbus = uses_dbus
        self.is_available = False


class FakeSystemTrayIcon(QSystemTrayIcon):
    """An icon that shows itself nowhere and counts what would go to the panel."""

    made: list["FakeSystemTrayIcon"] = []  # noqa: RUF012 - emptied for every test

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.icons = 0
        self.tooltips: list[str] = []
        self.messages: list[str] = []
        self.is_shown = False
        FakeSystemTrayIcon.made.append(self)

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


class TrayIconSetup:
    """A tray and what is in its menu."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, panel: FakeTrayAvailability) -> None:
        self.harness = harness
        self.panel = panel
        self.tray = TrayIcon(harness.controller, panel, formatter)  # type: ignore[arg-type]  # all that it asks of a host

    def appear(self) -> FakeSystemTrayIcon:
        self.panel.is_available = True
        self.panel.became_available.emit()
        return FakeSystemTrayIcon.made[-1]

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
        self.harness.wait_until_idle(qtbot)


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


MakeTray = Callable[[], TrayIconSetup]


@pytest.fixture
def make_tray(harness: RuntimeHarness, formatter: Formatter, monkeypatch: pytest.MonkeyPatch) -> MakeTray:
    monkeypatch.setattr("guarddog_gui.ui.tray.icon.QSystemTrayIcon", FakeSystemTrayIcon)
    FakeSystemTrayIcon.made.clear()
    return lambda: TrayIconSetup(harness, formatter, FakeTrayAvailability(uses_dbus=False))


@pytest.fixture
def shown(make_tray: MakeTray, harness: RuntimeHarness, qtbot: QtBot) -> TrayIconSetup:
    shown = make_tray()
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    return shown


def change_accounts(harness: RuntimeHarness, qtbot: QtBot, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored[account.appid] = Secret(SECRET)
        if harness.dogs.stamp(account, TOKEN) is None:
            harness.put_fresh_values(account)
    harness.accounts.update(lambda _: accounts)
    harness.tick()
    harness.wait_until_idle(qtbot)


WITHOUT_ACCOUNT = [
    "Open Guard Dog", "No account yet", "Add account…", "Pause", "No notifications for 1 hour", "Preferences…", "Quit",
]  # fmt: skip


def test_before_there_is_an_account_the_menu_offers_to_add_one(make_tray: MakeTray, qtbot: QtBot) -> None:
    shown = make_tray()
    assert shown.labels == WITHOUT_ACCOUNT
    with qtbot.waitSignal(shown.tray.add_account_requested):
        shown.action("Add account…").trigger()


def test_the_menu_says_how_it_stands_and_what_can_be_done(shown: TrayIconSetup) -> None:
    opens, headline, account, *rest = shown.labels
    assert opens == "Open Guard Dog"
    assert headline.startswith("2 of 2 usable · next check")
    assert account.startswith("Shop · until ")
    assert rest == [
        "Copy access_token · Shop", "Copy jsapi_ticket · Shop", "Refresh now · Shop", "Sign a page…", "Pause",
        "No notifications for 1 hour", "Preferences…", "Quit",
    ]  # fmt: skip
    below = shown.action("Shop").menu()
    assert isinstance(below, QMenu)
    assert labels(below) == ["Copy access_token", "Copy jsapi_ticket", "Refresh now", "Force a new token…"]
    assert not shown.action("2 of 2").isEnabled()


def test_a_mini_program_has_no_ticket_to_copy(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    change_accounts(harness, qtbot, GAME)
    assert "Copy jsapi_ticket" not in shown.labels
    below = shown.action("Game").menu()
    assert isinstance(below, QMenu)
    assert labels(below) == ["Copy access_token", "Refresh now", "Force a new token…"]


def test_a_ticket_for_cards_can_be_copied_where_it_is_switched_on(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, replace(SHOP, card_ticket=True), CAFE)
    below, other = shown.action("Shop").menu(), shown.action("Café").menu()
    assert isinstance(below, QMenu)
    assert isinstance(other, QMenu)
    assert labels(below)[:3] == ["Copy access_token", "Copy jsapi_ticket", "Copy wx_card ticket"]
    assert "Copy wx_card ticket" not in labels(other)
    shown.action("Copy wx_card ticket").trigger()
    shown.action("Shop", "Copy wx_card ticket").trigger()
    assert harness.copied_values == [(SHOP.appid, CARD, harness.value(SHOP, CARD))] * 2
    change_accounts(harness, qtbot, SHOP)
    assert "Copy wx_card ticket" not in shown.labels


def test_what_is_worst_stands_below_the_headline(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    harness.advance(7200)
    harness.wait_until_idle(qtbot)
    _, _, trouble, account, *_ = shown.labels
    assert trouble.startswith("Shop: This computer calls from 203.0.113.9")
    assert account == "Shop · failed 40164"
    with qtbot.waitSignal(shown.tray.open_requested):
        shown.action("Shop: ").trigger()


# -- in place -------------------------------------------------------------------------------------


def test_rows_stay_the_same_objects_whatever_happens(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    before = every_action(shown.tray.menu)
    harness.controller.refresh()
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.jump_wall_clock(86_400)
    harness.wait_until_idle(qtbot)
    harness.controller.pause(float("inf"))
    harness.wait_until_idle(qtbot)
    shown.tray.retranslate()
    change_accounts(harness, qtbot, replace(CAFE, name="Now first"), SHOP)
    after = every_action(shown.tray.menu)
    assert len(before) == len(after)
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_what_has_not_changed_is_not_sent_to_the_panel_again(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    icon = shown.appear()
    harness.wait_until_idle(qtbot)
    changed: list[str] = []
    for action in every_action(shown.tray.menu):
        action.changed.connect(lambda: changed.append("row"))
    icons, tooltips = icon.icons, len(icon.tooltips)
    for _ in range(20):
        harness.advance(1)
        harness.wait_until_idle(qtbot)
    assert changed == []
    assert (icon.icons, len(icon.tooltips)) == (icons, tooltips)
    harness.controller.pause(harness.clock() + 60)  # the counter-test: this does change something
    harness.wait_until_idle(qtbot)
    assert changed
    assert icon.icons == icons + 1


def test_accounts_appear_change_places_and_vanish(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE, GAME)
    assert [label.split(" · ")[0] for label in shown.labels[2:5]] == ["Shop", "Café", "Game"]
    change_accounts(harness, qtbot, GAME, SHOP)
    assert [label.split(" · ")[0] for label in shown.labels[2:4]] == ["Game", "Shop"]
    shown.action("Game", "Copy access_token").trigger()
    assert harness.copied_values == [(GAME.appid, TOKEN, harness.value(GAME, TOKEN))]
    change_accounts(harness, qtbot)
    qtbot.waitUntil(lambda: shown.labels == WITHOUT_ACCOUNT)


def many(number: int) -> list[Account]:
    return [Account(f"wx{index:016x}", f"Account {index:02}") for index in range(number)]


def test_more_than_eight_accounts_go_below_more_and_come_back_out_of_it(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    accounts = many(MENU_ACCOUNTS_MAX + 3)
    change_accounts(harness, qtbot, *accounts)
    assert [label[:10] for label in shown.labels[2 : MENU_ACCOUNTS_MAX + 3]] == [
        *[account.name for account in accounts[:MENU_ACCOUNTS_MAX]],
        "More",
    ]
    more = shown.action("More").menu()
    assert isinstance(more, QMenu)
    assert [label[:10] for label in labels(more)] == [account.name for account in accounts[MENU_ACCOUNTS_MAX:]]
    shown.action("More", accounts[-1].name, "Copy jsapi_ticket").trigger()
    assert harness.copied_values[-1][0] == accounts[-1].appid
    change_accounts(harness, qtbot, *accounts[:MENU_ACCOUNTS_MAX])
    assert "More" not in shown.labels
    qtbot.waitUntil(lambda: labels(more) == [])


def test_more_has_forty_accounts_at_most_and_a_row_that_opens_the_window_for_all(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, *many(SUBMENUS_MAX + 1))
    more = shown.action("More").menu()
    assert isinstance(more, QMenu)
    assert len(labels(more)) == SUBMENUS_MAX - MENU_ACCOUNTS_MAX + 1
    assert labels(more)[-1] == "All 41 accounts…"
    with qtbot.waitSignal(shown.tray.open_requested):
        shown.action("More", "All 41 accounts…").trigger()
    change_accounts(harness, qtbot, *many(SUBMENUS_MAX))
    assert labels(more)[-1].startswith("Account 39")


# -- doing ----------------------------------------------------------------------------------------


def test_rows_without_a_name_are_about_the_first_or_the_last_used_account(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    shown.action("Copy access_token").trigger()
    shown.action("Café", "Copy jsapi_ticket").trigger()
    shown.action("Copy access_token").trigger()
    assert [(appid, kind) for appid, kind, _ in harness.copied_values] == [
        (SHOP.appid, TOKEN), (CAFE.appid, TICKET), (CAFE.appid, TOKEN),
    ]  # fmt: skip
    change_accounts(harness, qtbot, SHOP)
    shown.action("Copy jsapi_ticket").trigger()
    assert harness.copied_values[-1][:2] == (SHOP.appid, TICKET)


def test_refresh_is_asked_of_wechat_for_both_keys(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    shown.action("Refresh now").trigger()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    shown.action("Shop", "Refresh now").trigger()
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.endpoints) == 4


def test_what_needs_a_dialog_or_the_program_is_asked_for(shown: TrayIconSetup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.tray.force_requested) as force:
        shown.action("Shop", "Force").trigger()
    assert force.args == [SHOP.appid]
    with qtbot.waitSignal(shown.tray.open_requested):
        shown.action("Open Guard Dog").trigger()
    with qtbot.waitSignal(shown.tray.sign_requested):
        shown.action("Sign a page…").trigger()
    with qtbot.waitSignal(shown.tray.preferences_requested):
        shown.action("Preferences…").trigger()
    with qtbot.waitSignal(shown.tray.quit_requested):
        shown.action("Quit").trigger()


# -- the icon -------------------------------------------------------------------------------------


def test_the_icon_is_made_when_there_is_a_place_for_it_and_anew_for_a_new_place(shown: TrayIconSetup) -> None:
    assert FakeSystemTrayIcon.made == []
    first = shown.appear()
    states = [first.is_shown]
    assert not first.icon().isNull()
    assert first.contextMenu() is shown.tray.menu
    shown.panel.became_unavailable.emit()
    states.append(first.is_shown)
    assert states == [True, False]
    second = shown.appear()
    assert second is not first
    assert second.is_shown
    assert second.tooltips
    assert second.icons == 1


def test_the_tooltip_says_what_the_menu_says(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    icon = shown.appear()
    assert icon.tooltips[-1] == f"Guard Dog\n{shown.labels[1]}"
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.advance(7200)
    harness.wait_until_idle(qtbot)
    assert icon.tooltips[-1].split("\n")[2] == shown.labels[2]


def test_a_click_opens_the_popover_and_a_double_click_the_window(shown: TrayIconSetup, qtbot: QtBot) -> None:
    icon = shown.appear()
    reason = QSystemTrayIcon.ActivationReason
    with qtbot.waitSignal(shown.tray.popover_requested):
        icon.activated.emit(reason.Trigger)
    with qtbot.waitSignal(shown.tray.open_requested):
        icon.activated.emit(reason.DoubleClick)
    with qtbot.assertNotEmitted(shown.tray.open_requested), qtbot.assertNotEmitted(shown.tray.popover_requested):
        icon.activated.emit(reason.MiddleClick)
        icon.activated.emit(reason.Context)


def test_on_macos_a_click_opens_only_the_menu(
    shown: TrayIconSetup, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.ui.tray.icon.sys.platform", "darwin")
    icon = shown.appear()
    with qtbot.assertNotEmitted(shown.tray.open_requested), qtbot.assertNotEmitted(shown.tray.popover_requested):
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)


def test_a_click_before_there_is_an_account_opens_the_window(make_tray: MakeTray, qtbot: QtBot) -> None:
    shown = make_tray()
    icon = shown.appear()
    with qtbot.waitSignal(shown.tray.open_requested), qtbot.assertNotEmitted(shown.tray.popover_requested):
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    icon.activated.emit(QSystemTrayIcon.ActivationReason.MiddleClick)
    assert shown.harness.copied_values == []


def test_a_middle_click_copies_the_token_of_the_default_account(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    icon = shown.appear()
    icon.activated.emit(QSystemTrayIcon.ActivationReason.MiddleClick)
    shown.tray.set_default_account(CAFE.appid)
    icon.activated.emit(QSystemTrayIcon.ActivationReason.MiddleClick)
    assert [(appid, kind) for appid, kind, _ in harness.copied_values] == [(SHOP.appid, TOKEN), (CAFE.appid, TOKEN)]


# -- the default account --------------------------------------------------------------------------


def test_the_account_in_the_settings_comes_before_the_last_used_one(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    shown.tray.set_default_account(SHOP.appid)
    shown.action("Café", "Copy access_token").trigger()
    assert "Copy access_token · Shop" in shown.labels
    shown.tray.set_default_account("")
    assert "Copy access_token · Café" in shown.labels
    shown.tray.set_default_account("wx-removed")
    assert "Copy access_token · Café" in shown.labels


def test_a_copy_from_a_window_makes_its_account_the_last_used_one(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    harness.controller.copies.request(CAFE.appid, TICKET)
    assert {"Copy access_token · Café", "Refresh now · Café"} <= set(shown.labels)
    assert shown.tray.default_appid == CAFE.appid


def test_a_long_name_is_shortened_in_its_middle(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    change_accounts(harness, qtbot, replace(SHOP, name="UniStore official service account of the north, production"))
    assert "Copy access_token · UniStore official s…e north, production" in [
        label for label in shown.labels if label.startswith("Copy access_token")
    ]


# -- states ---------------------------------------------------------------------------------------


def test_the_account_that_fails_stands_first_and_its_shape_in_front_of_it(
    shown: TrayIconSetup, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, SHOP, CAFE)
    assert shown.action("Shop").icon().isNull()  # the icon of the tray did not wait for them
    shown.tray.show_states()
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.advance(7200)
    harness.wait_until_idle(qtbot)
    icons = [
        action.icon().cacheKey()
        for action in shown.tray.menu.actions()
        if isinstance(action.menu(), QMenu) and action.isVisible()
    ]
    failed = formatter.icons.state_icon(KeyState.FAILED, dark=False).cacheKey()
    assert icons[:2] == [failed, failed]


def test_a_value_that_works_is_amber_at_most(
    shown: TrayIconSetup, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    icon = shown.appear()
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.advance(7200 - 280)
    harness.wait_until_idle(qtbot)
    row = next(label for label in shown.labels if label.startswith("Shop · "))
    assert "works until" in row
    assert row.endswith("renewal failing (40125)")
    assert icon.icon().cacheKey() == formatter.icons.tray_icon(KeyState.DUE_SOON).cacheKey()


def test_without_an_account_the_icon_says_neither_well_nor_ill(make_tray: MakeTray, formatter: Formatter) -> None:
    icon = make_tray().appear()
    assert icon.icon().cacheKey() == formatter.icons.tray_icon(None).cacheKey()
    assert icon.tooltips[-1] == "Guard Dog\nNo account yet"


def test_a_copy_is_answered_by_the_icon_for_a_second(shown: TrayIconSetup, formatter: Formatter, qtbot: QtBot) -> None:
    icon = shown.appear()
    shown.tray.show_copied()
    copied = formatter.icons.tray_icon(KeyState.FRESH, is_copied=True).cacheKey()
    assert icon.icon().cacheKey() == copied
    tooltips = len(icon.tooltips)
    qtbot.waitUntil(
        lambda: icon.icon().cacheKey() == formatter.icons.tray_icon(KeyState.FRESH).cacheKey(), timeout=3000
    )
    assert len(icon.tooltips) == tooltips


def test_the_sandbox_is_marked_in_icon_and_tooltip(
    make_tray: MakeTray, harness: RuntimeHarness, formatter: Formatter
) -> None:
    make_tray()
    panel = FakeTrayAvailability(uses_dbus=False)
    tray = TrayIcon(harness.controller, panel, formatter, is_sandbox=True)  # type: ignore[arg-type]
    panel.became_available.emit()
    icon = FakeSystemTrayIcon.made[-1]
    assert icon.tooltips[-1].startswith("Guard Dog · sandbox\n")
    assert icon.icon().cacheKey() == formatter.icons.tray_icon(None, is_sandbox=True).cacheKey()
    tray.remove()


def test_the_icon_is_taken_away_on_quit(shown: TrayIconSetup, qtbot: QtBot) -> None:
    icon = shown.appear()
    with qtbot.waitSignal(icon.destroyed):
        shown.tray.remove()
    shown.tray.remove()
    assert shown.labels  # the menu is still there


def test_where_the_window_went_is_told_where_the_icon_is(shown: TrayIconSetup) -> None:
    shown.tray.show_close_hint()
    icon = shown.appear()
    shown.tray.show_close_hint()
    assert icon.messages == ["Guard Dog keeps running in the tray. Quit from its menu."]


def test_a_pause_is_in_the_icon(
    shown: TrayIconSetup, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    icon = shown.appear()
    harness.controller.pause(float("inf"))
    harness.wait_until_idle(qtbot)
    assert icon.icon().cacheKey() == formatter.icons.tray_icon(KeyState.PAUSED).cacheKey()


def test_the_preferences_are_in_the_menu(shown: TrayIconSetup, qtbot: QtBot) -> None:
    assert shown.labels[-2:] == ["Preferences…", "Quit"]
    with qtbot.waitSignal(shown.tray.preferences_requested):
        shown.action("Preferences…").trigger()


@pytest.mark.parametrize("style", TrayStyle)
def test_the_icon_is_painted_in_the_chosen_style_at_once(
    shown: TrayIconSetup, formatter: Formatter, style: TrayStyle
) -> None:
    icon = shown.appear()
    shown.tray.set_style(style)
    assert icon.icon().cacheKey() == formatter.icons.tray_icon(KeyState.FRESH, style).cacheKey()
    others = [formatter.icons.tray_icon(KeyState.FRESH, other).cacheKey() for other in TrayStyle if other is not style]
    assert icon.icon().cacheKey() not in others


def test_the_same_style_again_is_no_news_for_the_panel(shown: TrayIconSetup) -> None:
    icon = shown.appear()
    shown.tray.set_style(TrayStyle.MONO_DARK)
    sent = icon.icons
    shown.tray.set_style(TrayStyle.MONO_DARK)
    assert icon.icons == sent


def test_a_style_that_was_chosen_without_a_panel_is_used_when_one_comes(
    shown: TrayIconSetup, formatter: Formatter
) -> None:
    shown.tray.set_style(TrayStyle.MONO_LIGHT)
    icon = shown.appear()
    wanted = formatter.icons.tray_icon(KeyState.FRESH, TrayStyle.MONO_LIGHT)
    assert icon.icon().cacheKey() == wanted.cacheKey()


# -- letters that a panel would take for marks ----------------------------------------------------


def test_a_panel_that_draws_the_menu_gets_its_underscores_doubled(
    shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    change_accounts(harness, qtbot, replace(SHOP, name="R&D_shop"))
    assert shown.labels[2].startswith("R&&D_shop")
    shown.panel.uses_dbus = True
    shown.appear()
    harness.wait_until_idle(qtbot)
    assert shown.labels[2].startswith("R&&D__shop")
    assert "Copy access__token · R&&D__shop" in shown.labels
    shown.action("R&&D", "Copy jsapi__ticket").trigger()
    assert len(harness.copied_values) == 1


def test_back_in_an_old_tray_they_are_single_again(shown: TrayIconSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    shown.panel.uses_dbus = True
    shown.appear()
    shown.panel.uses_dbus = False
    shown.appear()
    harness.wait_until_idle(qtbot)
    assert "Copy access_token · Shop" in shown.labels
