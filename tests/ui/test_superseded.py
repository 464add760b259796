"""Somebody took the token: what the window says about it, and the clicks that it offers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.runtime.jobs import QueryKind
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.main_window import MainWindow
from tests.fakes import NOW, OFFLINE_FAILURE, FakeClock, error_reply, json_reply
from tests.runtime.harness import CAFE, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=900)
TAKEN = HistoryEntry(
    NOW,
    SHOP.appid,
    TOKEN,
    Trigger.TIMER,
    AttemptResult.NEW,
    errcode=40001,
    detail=policy.SUPERSEDED,
    ip="203.0.113.9",
)


def status_of(
    account: Account, *, taken: HistoryEntry | None = None, trouble: HistoryEntry | None = None
) -> AccountStatus:
    record = TokenRecord("91_" + "v" * 60, 7200, round(NOW * 1000), "", account.ahead)
    state = KeyState.FAILED if trouble is not None else KeyState.FRESH
    keys = tuple(KeyStatus(kind, state, record, trouble, NOW + 3600) for kind in account.token_kinds)
    return AccountStatus(account, keys, taken)


# -- the banner -----------------------------------------------------------------------------------


@pytest.fixture
def banner(formatter: Formatter, qtbot: QtBot) -> Banner:
    banner = Banner(formatter)
    qtbot.addWidget(banner)
    return banner


def offered(banner: Banner) -> list[str]:
    """The buttons that can be seen, by their names in the code."""
    buttons = {name: found for name, found in vars(banner).items() if isinstance(found, QPushButton)}
    assert set(banner.findChildren(QPushButton)) == set(buttons.values())
    return [name.strip("_") for name, button in buttons.items() if not button.isHidden()]


def test_a_taken_classic_token_is_told_and_offers_the_way_out(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, taken=TAKEN),)))
    assert banner._text_label.text().startswith("Shop: At ")
    assert "another program" in banner._text_label.text()
    assert offered(banner) == ["stable", "fetch", "known"]


def test_a_stable_account_is_not_offered_what_it_has(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, taken=TAKEN),)))
    assert offered(banner) == ["fetch", "known"]


def test_what_stops_an_account_comes_before_a_taken_token(banner: Banner) -> None:
    refused = HistoryEntry(
        NOW, CAFE.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9"
    )
    overview = Overview(NOW, (status_of(CLASSIC, taken=TAKEN), status_of(CAFE, trouble=refused)))
    banner.show_overview(overview)
    assert banner._text_label.text().startswith("Café: ")
    assert {"ip", "retry"} < set(offered(banner))
    assert not {"stable", "fetch", "known"} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, taken=TAKEN), status_of(CAFE))))
    assert offered(banner) == ["stable", "fetch", "known"]


def test_it_is_gone_when_somebody_knows(banner: Banner, qtbot: QtBot) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, taken=TAKEN),)))
    with qtbot.waitSignal(banner.superseded_dismissed) as known:
        banner._dismiss_button.click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


# -- a second writer ------------------------------------------------------------------------------


def with_foreign(account: Account, times: int, **changes: HistoryEntry) -> AccountStatus:
    status = status_of(account, **changes)
    token, *others = status.keys
    return replace(status, keys=(replace(token, foreign_refresh_count=times), *others))


def test_a_second_writer_is_named_with_the_loader_that_makes_it_a_follower(
    banner: Banner, qtbot: QtBot
) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3),)))
    assert banner._text_label.text().startswith(
        "Shop: Another program refreshes ACCESS_TOKEN.dog: 3 times in the last hour."
    )
    assert offered(banner) == ["known", "loader"]
    with qtbot.waitSignal(banner.node_loader_requested) as wanted:
        banner._node_loader_button.click()
    assert wanted.args == [SHOP, TOKEN]
    with (
        qtbot.waitSignal(banner.foreign_writes_dismissed) as known,
        qtbot.assertNotEmitted(banner.superseded_dismissed),
    ):
        banner._dismiss_button.click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 1),)))
    assert "ACCESS_TOKEN.dog: once in the last hour. Its newer value" in banner._text_label.text()


def test_a_second_writer_comes_after_what_needs_somebody(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(CLASSIC, 3, taken=TAKEN),)))
    assert offered(banner) == ["stable", "fetch", "known"]
    refused = HistoryEntry(
        NOW, CAFE.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9"
    )
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3), status_of(CAFE, trouble=refused))))
    assert not {"loader", "known"} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


# -- in the window --------------------------------------------------------------------------------


class SupersededTokenSetup:
    """A window over one classic account whose token somebody else can end."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.clipboard = Clipboard(FakeClock())
        self.window = MainWindow(harness.controller, harness.signing, self.clipboard, make_formatter(harness))
        qtbot.addWidget(self.window)
        self.refuse: Reply | TransportFailure | None = None  # the next ticket or check
        harness.transport.handler = self.answer
        self.window.show_and_activate()
        harness.controller.start()
        harness.wait_until_idle(qtbot)

    def answer(self, request: Request) -> Reply | TransportFailure:
        if request.path.endswith(("getticket", "get_api_domain_ip")) and self.refuse is not None:
            refuse, self.refuse = self.refuse, None
            return refuse
        if request.path.endswith("get_api_domain_ip"):
            return json_reply(ip_list=["203.0.113.1"])
        return self.harness.wechat(request)

    def take(self) -> None:
        self.harness.clock.advance(60)
        self.refuse = error_reply(40001)
        self.harness.controller.refresh(SHOP.appid, TICKET)
        self.harness.wait_until_idle(self.qtbot)
        assert self.banner.isVisible()

    def check(self) -> None:
        self.window._tokens_page.token_check_requested.emit(CLASSIC)
        assert self.status == "Asking WeChat…"
        self.qtbot.waitUntil(lambda: self.status != "Asking WeChat…")
        self.harness.wait_until_idle(self.qtbot)

    @property
    def banner(self) -> Banner:
        return self.window._banner

    @property
    def status(self) -> str:
        return self.window.statusBar().currentMessage()

    @property
    def account(self) -> Account:
        return self.harness.controller.overview().accounts[0].account


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[SupersededTokenSetup]:  # noqa: ARG001 - windows need one
    with runtime_harness(CLASSIC) as harness:
        yield SupersededTokenSetup(harness, qtbot)


def test_i_know_is_enough(desk: SupersededTokenSetup) -> None:
    desk.take()
    asked = len(desk.harness.transport.requests)
    desk.banner._dismiss_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    assert not desk.banner.isVisible()
    assert len(desk.harness.transport.requests) == asked


def test_a_new_one_is_fetched_and_nothing_more_is_said(desk: SupersededTokenSetup) -> None:
    desk.take()
    old = desk.harness.value(CLASSIC, TOKEN)
    desk.harness.clock.advance(60)
    desk.banner._fetch_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.harness.value(CLASSIC, TOKEN) != old
    assert not desk.banner.isVisible()


def test_one_click_moves_the_account_to_stable_token_with_an_ahead_that_fits(
    desk: SupersededTokenSetup,
) -> None:
    desk.take()
    desk.banner._stable_token_button.click()
    desk.qtbot.waitUntil(lambda: desk.account.endpoint is Endpoint.STABLE)
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.account == replace(CLASSIC, endpoint=Endpoint.STABLE, ahead=STABLE_AHEAD_MAX_S)
    assert not desk.banner.isVisible()
    assert desk.harness.secrets.stored.keys() == {SHOP.appid}
    desk.harness.clock.advance(60)
    desk.harness.controller.refresh(SHOP.appid, TOKEN)
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.harness.transport.endpoints[-1] == "stable_token"


def test_one_that_was_removed_meanwhile_does_not_come_back(desk: SupersededTokenSetup) -> None:
    desk.take()
    desk.harness.accounts.stored = ()  # by guarddogctl, and the window has not looked yet
    desk.banner._stable_token_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.harness.accounts.stored == ()
    assert "removed" in desk.status


def test_a_token_that_lives_is_said_to_live(desk: SupersededTokenSetup) -> None:
    desk.check()
    assert desk.status == "Shop: WeChat takes this token."
    assert not desk.banner.isVisible()


def test_a_check_that_is_refused_says_why_and_shows_the_banner(desk: SupersededTokenSetup) -> None:
    desk.refuse = error_reply(42001, "access_token expired")
    desk.check()
    assert "42001" in desk.status
    assert offered(desk.banner) == ["stable", "fetch", "known"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(OFFLINE_FAILURE, "cannot reach WeChat"), (error_reply(123456, "<b>odd</b>"), "<b>odd</b>")],
)
def test_a_check_without_a_verdict_says_why(
    desk: SupersededTokenSetup, answer: Reply | TransportFailure, words: str
) -> None:
    desk.refuse = answer
    desk.check()
    assert words in desk.status
    assert not desk.banner.isVisible()


def test_only_the_answer_to_the_last_check_is_said(desk: SupersededTokenSetup) -> None:
    earlier = desk.harness.controller.account_jobs.query_wechat(SHOP, QueryKind.TOKEN_VALID)
    desk.check()
    desk.window.show_status("something else")
    job, answer = desk.harness.job_results[-1]
    earlier.finished.emit(answer, job)
    assert desk.status == "something else"


def test_a_second_writer_shows_in_the_window_until_somebody_knows(desk: SupersededTokenSetup) -> None:
    desk.harness.clock.advance(60)
    desk.harness.put_value(SHOP, TOKEN, "THEIRS-" + "b" * 60, age_s=1)
    desk.harness.tick()
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.banner.isVisible()
    with desk.qtbot.waitSignal(desk.window.node_loader_requested) as wanted:
        desk.banner._node_loader_button.click()
    assert wanted.args[1] is TOKEN
    desk.banner._dismiss_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    assert not desk.banner.isVisible()
