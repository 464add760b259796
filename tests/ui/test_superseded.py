"""Somebody took the token: what the window says about it, and the clicks that it offers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview, State
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, Request, Silence
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.main_window import MainWindow
from tests.fakes import NOW, OFFLINE, FakeClock, json_reply, refusal
from tests.runtime.stage import CAFE, SHOP, TICKET, TOKEN, Stage, stage_with
from tests.ui.conftest import voice_of

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=900)
TAKEN = Entry(
    NOW, SHOP.appid, TOKEN, Trigger.TIMER, Result.NEW, errcode=40001, detail=policy.TAKEN, ip="203.0.113.9"
)


def status_of(account: Account, *, taken: Entry | None = None, trouble: Entry | None = None) -> AccountStatus:
    record = TokenRecord("91_" + "v" * 60, 7200, round(NOW * 1000), "", account.ahead)
    state = State.FAILED if trouble is not None else State.FRESH
    keys = tuple(KeyStatus(kind, state, record, trouble, NOW + 3600) for kind in account.kinds)
    return AccountStatus(account, keys, taken)


# -- the banner -----------------------------------------------------------------------------------


@pytest.fixture
def banner(voice: Voice, qtbot: QtBot) -> Banner:
    banner = Banner(voice)
    qtbot.addWidget(banner)
    return banner


def offered(banner: Banner) -> list[str]:
    """The buttons that can be seen, by their names in the code."""
    buttons = {name: found for name, found in vars(banner).items() if isinstance(found, QPushButton)}
    assert set(banner.findChildren(QPushButton)) == set(buttons.values())
    return [name.strip("_") for name, button in buttons.items() if not button.isHidden()]


def test_a_taken_classic_token_is_told_and_offers_the_way_out(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, taken=TAKEN),)))
    assert banner._text.text().startswith("Shop: At ")
    assert "another program" in banner._text.text()
    assert offered(banner) == ["stable", "fetch", "known"]


def test_a_stable_account_is_not_offered_what_it_has(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, taken=TAKEN),)))
    assert offered(banner) == ["fetch", "known"]


def test_what_stops_an_account_comes_before_a_taken_token(banner: Banner) -> None:
    refused = Entry(NOW, CAFE.appid, TOKEN, Trigger.TIMER, Result.REFUSED, errcode=40164, ip="203.0.113.9")
    overview = Overview(NOW, (status_of(CLASSIC, taken=TAKEN), status_of(CAFE, trouble=refused)))
    banner.show_overview(overview)
    assert banner._text.text().startswith("Café: ")
    assert {"ip", "retry"} < set(offered(banner))
    assert not {"stable", "fetch", "known"} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, taken=TAKEN), status_of(CAFE))))
    assert offered(banner) == ["stable", "fetch", "known"]


def test_it_is_gone_when_somebody_knows(banner: Banner, qtbot: QtBot) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, taken=TAKEN),)))
    with qtbot.waitSignal(banner.known) as known:
        banner._known.click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


# -- a second writer ------------------------------------------------------------------------------


def with_foreign(account: Account, times: int, **changes: Entry) -> AccountStatus:
    status = status_of(account, **changes)
    token, *others = status.keys
    return replace(status, keys=(replace(token, foreign=times), *others))


def test_a_second_writer_is_named_with_the_loader_that_makes_it_a_follower(
    banner: Banner, qtbot: QtBot
) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3),)))
    assert banner._text.text().startswith(
        "Shop: Another program refreshes ACCESS_TOKEN.dog: 3 times in the last hour."
    )
    assert offered(banner) == ["known", "loader"]
    with qtbot.waitSignal(banner.loader_wanted) as wanted:
        banner._loader.click()
    assert wanted.args == [SHOP, TOKEN]
    with qtbot.waitSignal(banner.second_writer_known) as known, qtbot.assertNotEmitted(banner.known):
        banner._known.click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 1),)))
    assert "ACCESS_TOKEN.dog: once in the last hour. Its newer value" in banner._text.text()


def test_a_second_writer_comes_after_what_needs_somebody(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(CLASSIC, 3, taken=TAKEN),)))
    assert offered(banner) == ["stable", "fetch", "known"]
    refused = Entry(NOW, CAFE.appid, TOKEN, Trigger.TIMER, Result.REFUSED, errcode=40164, ip="203.0.113.9")
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3), status_of(CAFE, trouble=refused))))
    assert not {"loader", "known"} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


# -- in the window --------------------------------------------------------------------------------


class Desk:
    """A window over one classic account whose token somebody else can end."""

    def __init__(self, stage: Stage, qtbot: QtBot) -> None:
        self.stage = stage
        self.qtbot = qtbot
        self.clipboard = Clipboard(FakeClock())
        self.window = MainWindow(stage.controller, stage.signing, self.clipboard, voice_of(stage))
        qtbot.addWidget(self.window)
        self.refuse: Reply | Silence | None = None  # the next ticket or check
        stage.transport.handler = self.answer
        self.window.appear()
        stage.controller.start()
        stage.settle(qtbot)

    def answer(self, request: Request) -> Reply | Silence:
        if request.path.endswith(("getticket", "get_api_domain_ip")) and self.refuse is not None:
            refuse, self.refuse = self.refuse, None
            return refuse
        if request.path.endswith("get_api_domain_ip"):
            return json_reply(ip_list=["203.0.113.1"])
        return self.stage.wechat(request)

    def take(self) -> None:
        self.stage.clock.advance(60)
        self.refuse = refusal(40001)
        self.stage.controller.refresh(SHOP.appid, TICKET)
        self.stage.settle(self.qtbot)
        assert self.banner.isVisible()

    def check(self) -> None:
        self.window._tokens.check_wanted.emit(CLASSIC)
        assert self.status == "Asking WeChat…"
        self.qtbot.waitUntil(lambda: self.status != "Asking WeChat…")
        self.stage.settle(self.qtbot)

    @property
    def banner(self) -> Banner:
        return self.window._banner

    @property
    def status(self) -> str:
        return self.window.statusBar().currentMessage()

    @property
    def account(self) -> Account:
        return self.stage.controller.overview().accounts[0].account


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:  # noqa: ARG001 - windows need one
    with stage_with(CLASSIC) as stage:
        yield Desk(stage, qtbot)


def test_i_know_is_enough(desk: Desk) -> None:
    desk.take()
    asked = len(desk.stage.transport.requests)
    desk.banner._known.click()
    desk.stage.settle(desk.qtbot)
    assert not desk.banner.isVisible()
    assert len(desk.stage.transport.requests) == asked


def test_a_new_one_is_fetched_and_nothing_more_is_said(desk: Desk) -> None:
    desk.take()
    old = desk.stage.value(CLASSIC, TOKEN)
    desk.stage.clock.advance(60)
    desk.banner._fetch.click()
    desk.stage.settle(desk.qtbot)
    assert desk.stage.value(CLASSIC, TOKEN) != old
    assert not desk.banner.isVisible()


def test_one_click_moves_the_account_to_stable_token_with_an_ahead_that_fits(desk: Desk) -> None:
    desk.take()
    desk.banner._stable.click()
    desk.qtbot.waitUntil(lambda: desk.account.endpoint is Endpoint.STABLE)
    desk.stage.settle(desk.qtbot)
    assert desk.account == replace(CLASSIC, endpoint=Endpoint.STABLE, ahead=STABLE_AHEAD_MAX_S)
    assert not desk.banner.isVisible()
    assert desk.stage.secrets.stored.keys() == {SHOP.appid}
    desk.stage.clock.advance(60)
    desk.stage.controller.refresh(SHOP.appid, TOKEN)
    desk.stage.settle(desk.qtbot)
    assert desk.stage.transport.paths[-1] == "stable_token"


def test_one_that_was_removed_meanwhile_does_not_come_back(desk: Desk) -> None:
    desk.take()
    desk.stage.accounts.known = ()  # by guarddogctl, and the window has not looked yet
    desk.banner._stable.click()
    desk.stage.settle(desk.qtbot)
    assert desk.stage.accounts.known == ()
    assert "removed" in desk.status


def test_a_token_that_lives_is_said_to_live(desk: Desk) -> None:
    desk.check()
    assert desk.status == "Shop: WeChat takes this token."
    assert not desk.banner.isVisible()


def test_a_check_that_is_refused_says_why_and_shows_the_banner(desk: Desk) -> None:
    desk.refuse = refusal(42001, "access_token expired")
    desk.check()
    assert "42001" in desk.status
    assert offered(desk.banner) == ["stable", "fetch", "known"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(OFFLINE, "cannot reach WeChat"), (refusal(123456, "<b>odd</b>"), "<b>odd</b>")],
)
def test_a_check_without_a_verdict_says_why(desk: Desk, answer: Reply | Silence, words: str) -> None:
    desk.refuse = answer
    desk.check()
    assert words in desk.status
    assert not desk.banner.isVisible()


def test_only_the_answer_to_the_last_check_is_said(desk: Desk) -> None:
    desk.check()
    desk.window.say("something else")
    desk.stage.controller.job_done.emit(*desk.stage.jobs_done[-1])
    assert desk.status == "something else"


def test_a_second_writer_shows_in_the_window_until_somebody_knows(desk: Desk) -> None:
    desk.stage.clock.advance(60)
    desk.stage.put(SHOP, TOKEN, "THEIRS-" + "b" * 60, age=1)
    desk.stage.beat()
    desk.stage.settle(desk.qtbot)
    assert desk.banner.isVisible()
    with desk.qtbot.waitSignal(desk.window.loader_wanted) as wanted:
        desk.banner._loader.click()
    assert wanted.args[1] is TOKEN
    desk.banner._known.click()
    desk.stage.settle(desk.qtbot)
    assert not desk.banner.isVisible()
