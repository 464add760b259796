"""Banner, first run, force dialog, pause menu and moments: the small parts of the window."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.keyring_results import Locked
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.ui.accounts.force_dialog import ask_force
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.time_format import Moments
from guarddog_gui.ui.tray.pause_menu import PauseMenu
from guarddog_gui.ui.welcome_page import FirstRunPage
from guarddog_gui.ui.widgets.plain_text import plain_tooltip
from tests.fakes import OFFLINE, refusal
from tests.runtime.stage import SHOP, TOKEN, Stage
from tests.ui.questions import Answering

# -- banner ---------------------------------------------------------------------------------------


@pytest.fixture
def banner(stage: Stage, voice: Voice, qtbot: QtBot) -> Banner:
    banner = Banner(voice)
    qtbot.addWidget(banner)
    stage.controller.changed.connect(banner.show_overview)
    return banner


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def test_while_nobody_is_needed_there_is_no_banner(banner: Banner, stage: Stage, qtbot: QtBot) -> None:
    assert banner.isHidden()
    stage.controller.start()
    stage.settle(qtbot)
    assert banner.isHidden()
    stage.wechat.refuses = OFFLINE
    stage.later(7200)
    stage.settle(qtbot)
    assert banner.isHidden()  # time will mend it


def test_a_person_who_is_needed_is_told_what_to_do_and_helped(
    banner: Banner, stage: Stage, qtbot: QtBot, opened: list[str]
) -> None:
    stage.wechat.refuses = refusal(40164, "invalid ip 203.0.113.9, not in whitelist")
    stage.controller.start()
    stage.settle(qtbot)
    assert not banner.isHidden()
    assert banner._text.text().startswith("Shop: This computer calls from 203.0.113.9")
    with qtbot.waitSignal(banner.copy_wanted) as copied:
        banner._ip.click()
    assert copied.args == ["203.0.113.9"]
    banner._page.click()
    assert opened[0].startswith("https://")
    with qtbot.waitSignal(banner.retry_wanted) as retried:
        banner._retry.click()
    assert retried.args == [SHOP.appid]
    stage.wechat.refuses = None
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert banner.isHidden()


def test_a_locked_keyring_needs_somebody_and_has_no_ip_to_copy(
    banner: Banner, stage: Stage, qtbot: QtBot
) -> None:
    stage.secrets.trouble = Locked()
    stage.controller.start()
    stage.settle(qtbot)
    assert "keyring is locked" in banner._text.text()
    assert banner._ip.isHidden()
    assert banner._page.isHidden()


def test_the_banner_shows_wechats_words_as_text(banner: Banner, stage: Stage, qtbot: QtBot) -> None:
    stage.wechat.refuses = refusal(123456, "<img src=x>")
    stage.controller.start()
    stage.settle(qtbot)
    assert banner._text.textFormat() is Qt.TextFormat.PlainText
    assert "<img src=x>" in banner._text.text()


# -- first run ------------------------------------------------------------------------------------


def test_the_first_window_says_what_to_do_and_where_to_find_it(qtbot: QtBot) -> None:
    page = FirstRunPage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.add_wanted):
        page.findChildren(QPushButton)[0].click()
    assert "https://mp.weixin.qq.com" in page._where.text()
    assert page._where.openExternalLinks()


# -- forcing --------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def forced(at: float) -> Entry:
    return Entry(at, SHOP.appid, TOKEN, Trigger.PERSON, Result.NEW, forced=True, calls=1)


@pytest.mark.parametrize("button", [None, "Cancel"])
def test_forcing_says_its_cost_and_takes_no_for_the_usual_answer(
    window: QWidget, stage: Stage, voice: Voice, qtbot: QtBot, button: str | None
) -> None:
    stage.controller.read()
    answering = Answering(button)
    ask_force(window, stage.controller, voice, SHOP)
    (question,) = answering.asked
    assert "dies at once" in question.text
    assert "20 forced refreshes are left" in question.text
    assert question.default == "Cancel"
    assert question.is_plain
    stage.settle(qtbot)
    assert stage.transport.requests == []


def test_a_yes_forces(window: QWidget, stage: Stage, voice: Voice, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    stage.controller.read()
    answering = Answering("Force a new token")
    ask_force(window, stage.controller, voice, SHOP)
    stage.settle(qtbot)
    assert len(answering.asked) == 1
    assert dict(stage.transport.requests[0].body or ())["force_refresh"] is True


def test_the_classic_endpoint_costs_something_else(window: QWidget, stage: Stage, voice: Voice) -> None:
    answering = Answering("Cancel")
    ask_force(window, stage.controller, voice, Account(SHOP.appid, "Shop", endpoint=Endpoint.CLASSIC))
    assert "within five minutes" in answering.asked[0].text


def test_too_soon_after_the_last_one_there_is_nothing_to_say_yes_to(
    window: QWidget, stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    stage.controller.read()
    stage.history.append(forced(stage.clock() - 10))
    answering = Answering("Close")
    ask_force(window, stage.controller, voice, SHOP)
    (question,) = answering.asked
    assert "30 seconds apart" in question.text
    assert question.informative.startswith("Force it again at ")
    assert question.buttons == ("Close",)
    stage.settle(qtbot)
    assert stage.transport.requests == []


def test_after_twenty_a_day_it_is_over_until_tomorrow(window: QWidget, stage: Stage, voice: Voice) -> None:
    for number in range(20):
        stage.history.append(forced(stage.clock() - 3600 + number * 31))
    answering = Answering("Close")
    ask_force(window, stage.controller, voice, SHOP)
    assert "All 20 forced refreshes of today are used up." in answering.asked[0].text


# -- pause ----------------------------------------------------------------------------------------


@pytest.fixture
def pause(stage: Stage, voice: Voice) -> PauseMenu:
    pause = PauseMenu(stage.controller, voice)
    stage.controller.changed.connect(pause.show)
    stage.controller.start()
    return pause


def test_a_pause_lasts_as_long_as_its_row_says(pause: PauseMenu, stage: Stage, qtbot: QtBot) -> None:
    for row, seconds in ((0, 1800), (1, 3600)):
        pause.menu.actions()[row].trigger()
        stage.settle(qtbot)
        assert stage.controller.overview().paused_until == stage.clock() + seconds


def test_until_tomorrow_is_until_midnight_here(pause: PauseMenu, stage: Stage, qtbot: QtBot) -> None:
    pause.menu.actions()[2].trigger()
    stage.settle(qtbot)
    until = stage.controller.overview().paused_until
    assert until is not None
    today = datetime.fromtimestamp(stage.clock())  # noqa: DTZ006 - the person's own midnight is meant
    tomorrow = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert until == tomorrow.timestamp()


def test_the_menu_says_until_when_and_only_then_offers_to_resume(
    pause: PauseMenu, stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    resume = pause.menu.actions()[3]
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()
    pause.menu.actions()[1].trigger()
    stage.settle(qtbot)
    assert pause.menu.title() == f"Paused until {voice.when(stage.clock() + 3600)}"
    assert resume.isVisible()
    resume.trigger()
    stage.settle(qtbot)
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()


def test_a_pause_without_an_end_has_no_time(pause: PauseMenu, stage: Stage, qtbot: QtBot) -> None:
    stage.controller.pause(float("inf"))
    stage.settle(qtbot)
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
    moments = Moments(QLocale(QLocale.Language.English))
    assert moments.clock(moment, at(2026, 11, 23, 12, 0)) == text


def test_a_stamp_says_it_all() -> None:
    assert Moments.stamp(at(2026, 11, 23, 16, 5) + 9) == "2026-11-23 16:05:09"


def test_a_tooltip_says_what_it_was_given_and_nothing_else() -> None:
    told = plain_tooltip('<img src="x"> &amp;\nsecond')
    assert "&lt;img src=&quot;x&quot;&gt; &amp;amp;\nsecond" in told
    assert "<img" not in told
