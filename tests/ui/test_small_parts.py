"""Banner, first run, force dialog, pause menu and moments: the small parts of the window."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.time_format import TimeFormat
from guarddog_gui.ui.tray.pause_menu import PauseMenu
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.widgets.plain_text import plain_tooltip
from tests.fakes import OFFLINE_FAILURE, error_reply
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui.message_boxes import MessageBoxAnswerer

# -- banner ---------------------------------------------------------------------------------------


@pytest.fixture
def banner(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Banner:
    banner = Banner(formatter)
    qtbot.addWidget(banner)
    harness.controller.overview_changed.connect(banner.show_overview)
    return banner


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def test_while_nobody_is_needed_there_is_no_banner(
    banner: Banner, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    assert banner.isHidden()
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert banner.isHidden()
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.advance(7200)
    harness.wait_until_idle(qtbot)
    assert banner.isHidden()  # time will mend it


def test_a_person_who_is_needed_is_told_what_to_do_and_helped(
    banner: Banner, harness: RuntimeHarness, qtbot: QtBot, opened: list[str]
) -> None:
    harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert not banner.isHidden()
    assert banner._text_label.text().startswith("Shop: This computer calls from 203.0.113.9")
    with qtbot.waitSignal(banner.copy_requested) as copied:
        banner._copy_ip_button.click()
    assert copied.args == ["203.0.113.9"]
    banner._console_page_button.click()
    assert opened[0].startswith("https://")
    with qtbot.waitSignal(banner.retry_requested) as retried:
        banner._retry_button.click()
    assert retried.args == [SHOP.appid]
    harness.wechat.forced_token_reply = None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert banner.isHidden()


def test_a_locked_keyring_needs_somebody_and_has_no_ip_to_copy(
    banner: Banner, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.secrets.lookup_result = KeyringIsLocked()
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert "keyring is locked" in banner._text_label.text()
    assert banner._copy_ip_button.isHidden()
    assert banner._console_page_button.isHidden()


def test_the_banner_shows_wechats_words_as_text(
    banner: Banner, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.wechat.forced_token_reply = error_reply(123456, "<img src=x>")
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert banner._text_label.textFormat() is Qt.TextFormat.PlainText
    assert "<img src=x>" in banner._text_label.text()


# -- first run ------------------------------------------------------------------------------------


def test_the_first_window_says_what_to_do_and_where_to_find_it(qtbot: QtBot) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.add_account_requested):
        page.findChildren(QPushButton)[0].click()
    assert "https://mp.weixin.qq.com" in page._links_label.text()
    assert page._links_label.openExternalLinks()


# -- forcing --------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def forced(at: float) -> HistoryEntry:
    return HistoryEntry(at, SHOP.appid, TOKEN, Trigger.USER, AttemptResult.NEW, forced=True, calls=1)


@pytest.mark.parametrize("button", [None, "Cancel"])
def test_forcing_says_its_cost_and_takes_no_for_the_usual_answer(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, button: str | None
) -> None:
    harness.controller.reload_from_disk()
    answering = MessageBoxAnswerer(button)
    confirm_and_force(window, harness.controller, formatter, SHOP)
    (question,) = answering.shown
    assert "dies at once" in question.text
    assert "20 forced refreshes are left" in question.text
    assert question.default_button == "Cancel"
    assert question.is_plain_text
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def test_a_yes_forces(window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.reload_from_disk()
    answering = MessageBoxAnswerer("Force a new token")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    harness.wait_until_idle(qtbot)
    assert len(answering.shown) == 1
    assert dict(harness.transport.requests[0].body or ())["force_refresh"] is True


def test_the_classic_endpoint_costs_something_else(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter
) -> None:
    answering = MessageBoxAnswerer("Cancel")
    confirm_and_force(
        window, harness.controller, formatter, Account(SHOP.appid, "Shop", endpoint=Endpoint.CLASSIC)
    )
    assert "within five minutes" in answering.shown[0].text


def test_too_soon_after_the_last_one_there_is_nothing_to_say_yes_to(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.controller.reload_from_disk()
    harness.history.append(forced(harness.clock() - 10))
    answering = MessageBoxAnswerer("Close")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    (question,) = answering.shown
    assert "30 seconds apart" in question.text
    assert question.informative_text.startswith("Force it again at ")
    assert question.buttons == ("Close",)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def test_after_twenty_a_day_it_is_over_until_tomorrow(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter
) -> None:
    for number in range(20):
        harness.history.append(forced(harness.clock() - 3600 + number * 31))
    answering = MessageBoxAnswerer("Close")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    assert "All 20 forced refreshes of today are used up." in answering.shown[0].text


# -- pause ----------------------------------------------------------------------------------------


@pytest.fixture
def pause(harness: RuntimeHarness, formatter: Formatter) -> PauseMenu:
    pause = PauseMenu(harness.controller, formatter)
    harness.controller.overview_changed.connect(pause.show_overview)
    harness.controller.start()
    return pause


def test_a_pause_lasts_as_long_as_its_row_says(
    pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    for row, seconds in ((0, 1800), (1, 3600)):
        pause.menu.actions()[row].trigger()
        harness.wait_until_idle(qtbot)
        assert harness.controller.overview().paused_until == harness.clock() + seconds


def test_until_tomorrow_is_until_midnight_here(
    pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    pause.menu.actions()[2].trigger()
    harness.wait_until_idle(qtbot)
    until = harness.controller.overview().paused_until
    assert until is not None
    today = datetime.fromtimestamp(harness.clock())  # noqa: DTZ006 - the person's own midnight is meant
    tomorrow = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert until == tomorrow.timestamp()


def test_the_menu_says_until_when_and_only_then_offers_to_resume(
    pause: PauseMenu, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    resume = pause.menu.actions()[3]
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()
    pause.menu.actions()[1].trigger()
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == f"Paused until {formatter.format_time(harness.clock() + 3600)}"
    assert resume.isVisible()
    resume.trigger()
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()


def test_a_pause_without_an_end_has_no_time(pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.pause(float("inf"))
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == "Paused"


# -- moments and tooltips -------------------------------------------------------------------------


def at(year: int, month: int, day: int, hour: int, minute: int) -> float:
    return datetime(year, month, day, hour, minute).timestamp()  # noqa: DTZ001 - local times are meant


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (at(2026, 11, 23, 16, 5), "16:05"),
        (at(2026, 11, 23, 0, 0), "00:00"),
        (at(2026, 11, 24, 0, 0), "Tue 00:00"),
        (at(2026, 11, 22, 23, 59), "Sun 23:59"),
        (at(2026, 11, 29, 9, 0), "Sun 09:00"),
        (at(2026, 11, 30, 9, 0), "2026-11-30 09:00"),
        (at(2027, 1, 1, 9, 0), "2027-01-01 09:00"),
    ],
)
def test_a_moment_says_its_day_only_where_it_is_another(moment: float, text: str) -> None:
    moments = TimeFormat(QLocale(QLocale.Language.English))
    assert moments.format_short(moment, at(2026, 11, 23, 12, 0)) == text


def test_a_stamp_says_it_all() -> None:
    assert TimeFormat.format_full(at(2026, 11, 23, 16, 5) + 9) == "2026-11-23 16:05:09"


def test_a_tooltip_says_what_it_was_given_and_nothing_else() -> None:
    told = plain_tooltip('<img src="x"> &amp;\nsecond')
    assert "&lt;img src=&quot;x&quot;&gt; &amp;amp;\nsecond" in told
    assert "<img" not in told
