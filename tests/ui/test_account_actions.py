"""Actions on an account in the main window: token checks, and the buttons of the notice in its card."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.runtime.jobs import QueryKind
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.network.address_dialog import AddressDialog
from guarddog_gui.ui.readiness.dialog import PageCheckDialog
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.notice_strip import NoticeStrip
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.transfer.export_dialog import ExportDialog
from guarddog_gui.ui.transfer.import_dialog import ImportDialog
from tests.fakes import OFFLINE_FAILURE, FakeClock, error_reply, json_reply
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui import find
from tests.ui.conftest import make_formatter

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=900)


class SupersededTokenSetup:
    """A window with one classic account whose token WeChat can refuse as superseded."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.clipboard = Clipboard(FakeClock())
        self.window = MainWindow(harness.controller, harness.signing, self.clipboard, make_formatter(harness))
        qtbot.addWidget(self.window)
        self.refusal: Reply | TransportFailure | None = None  # of the next ticket or check
        harness.transport.handler = self.answer
        self.window.show_and_activate()
        harness.controller.start()
        harness.wait_until_idle(qtbot)

    def answer(self, request: Request) -> Reply | TransportFailure:
        if request.path.endswith(("getticket", "get_api_domain_ip")) and self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            return refusal
        if request.path.endswith("get_api_domain_ip"):
            return json_reply(ip_list=["203.0.113.1"])
        return self.harness.wechat(request)

    def supersede_token(self) -> None:
        self.harness.clock.advance(60)
        self.refusal = error_reply(40001)
        self.harness.controller.refresh(SHOP.appid, TICKET)
        self.harness.wait_until_idle(self.qtbot)
        assert self.notice_buttons

    def check(self) -> None:
        find.page(self.window, TokensPage).token_check_requested.emit(CLASSIC)
        assert self.status == "Asking WeChat…"
        self.qtbot.waitUntil(lambda: self.status != "Asking WeChat…")
        self.harness.wait_until_idle(self.qtbot)

    @property
    def notice_buttons(self) -> list[str]:
        """The texts of the buttons of the notice in the card; none without a notice."""
        strips = self.window.findChildren(NoticeStrip)
        shown = (strip for strip in strips if strip.isVisible())
        return [button.text() for strip in shown for button in strip.buttons.values()]

    @property
    def status(self) -> str:
        return find.toast(self.window)

    @property
    def account(self) -> Account:
        return self.harness.controller.overview().accounts[0].account


@pytest.fixture
def setup(qapp: QApplication, qtbot: QtBot) -> Iterator[SupersededTokenSetup]:  # noqa: ARG001 - windows need one
    with runtime_harness(CLASSIC) as harness:
        yield SupersededTokenSetup(harness, qtbot)


def test_dismissing_the_notice_sends_no_request(setup: SupersededTokenSetup) -> None:
    setup.supersede_token()
    asked = len(setup.harness.transport.requests)
    find.button(setup.window, "Dismiss: Shop").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.notice_buttons == []
    assert len(setup.harness.transport.requests) == asked


def test_getting_a_new_token_removes_the_notice(setup: SupersededTokenSetup) -> None:
    setup.supersede_token()
    old = setup.harness.value(CLASSIC, TOKEN)
    setup.harness.clock.advance(60)
    find.button(setup.window, "Get a new token: Shop").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.value(CLASSIC, TOKEN) != old
    assert setup.notice_buttons == []


def test_one_click_switches_the_account_to_the_stable_endpoint(setup: SupersededTokenSetup) -> None:
    setup.supersede_token()
    find.button(setup.window, "Use stable_token: Shop").click()
    setup.qtbot.waitUntil(lambda: setup.account.endpoint is Endpoint.STABLE)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.account == replace(CLASSIC, endpoint=Endpoint.STABLE, ahead=STABLE_AHEAD_MAX_S)
    assert setup.notice_buttons == []
    assert setup.harness.secrets.stored.keys() == {SHOP.appid}
    setup.harness.clock.advance(60)
    setup.harness.controller.refresh(SHOP.appid, TOKEN)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.transport.endpoints[-1] == "stable_token"


def test_switching_an_account_that_was_removed_does_not_restore_it(setup: SupersededTokenSetup) -> None:
    setup.supersede_token()
    setup.harness.accounts.stored = ()  # by guarddogctl; the window has not noticed yet
    find.button(setup.window, "Use stable_token: Shop").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.accounts.stored == ()
    assert "removed" in setup.status


def test_a_check_reports_a_valid_token(setup: SupersededTokenSetup) -> None:
    setup.check()
    assert setup.status == "Shop: WeChat takes this token."
    assert setup.notice_buttons == []


def test_a_refused_check_reports_its_errcode_and_shows_a_notice(setup: SupersededTokenSetup) -> None:
    setup.refusal = error_reply(42001, "access_token expired")
    setup.check()
    assert "42001" in setup.status
    assert setup.notice_buttons == ["Get a new token", "Use stable_token", "Dismiss"]


@pytest.mark.parametrize(
    ("reply", "text"), [(OFFLINE_FAILURE, "cannot reach WeChat"), (error_reply(123456, "<b>odd</b>"), "<b>odd</b>")]
)
def test_a_check_without_a_result_reports_the_reason(
    setup: SupersededTokenSetup, reply: Reply | TransportFailure, text: str
) -> None:
    setup.refusal = reply
    setup.check()
    assert text in setup.status
    assert setup.notice_buttons == []


def test_the_result_of_a_check_is_reported_once(setup: SupersededTokenSetup) -> None:
    other_handle = setup.harness.controller.account_jobs.query_wechat(SHOP, QueryKind.TOKEN_VALID)
    setup.check()
    setup.window.show_status("something else")
    job, answer = setup.harness.job_results[-1]
    other_handle.finished.emit(answer, job)
    assert setup.status == "something else"


def test_another_writer_is_shown_until_it_is_dismissed(setup: SupersededTokenSetup) -> None:
    setup.harness.clock.advance(60)
    setup.harness.put_value(SHOP, TOKEN, "THEIRS-" + "b" * 60, age_s=1, is_foreign=True)
    setup.harness.tick()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.notice_buttons == ["Copy the loader for Node", "Dismiss"]
    with setup.qtbot.waitSignal(setup.window.node_loader_requested) as wanted:
        find.button(setup.window, "Copy the loader for Node: Shop").click()
    assert wanted.args[1] is TOKEN
    find.button(setup.window, "Dismiss: Shop").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.notice_buttons == []


def test_an_import_that_is_not_chosen_opens_nothing_and_one_that_was_done_is_reported(
    setup: SupersededTokenSetup, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    actions, chosen = setup.window.account_actions, ["", "/tmp/x.age"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen.pop(0), ""))
    actions.import_accounts(setup.window)
    assert setup.window.findChildren(ImportDialog) == []

    actions.import_accounts(setup.window)
    dialog = find.dialog(setup.window, ImportDialog)
    setup.harness.accounts.update(lambda accounts: (*accounts, Account("wx2", "Café")))
    with qtbot.waitSignal(actions.settings_imported):
        dialog.imported.emit(True)
    setup.harness.wait_until_idle(qtbot)

    assert setup.harness.controller.overview().account("wx2") is not None
    dialog.reject()


def test_the_export_opens_its_dialog(setup: SupersededTokenSetup) -> None:
    setup.window.account_actions.export_accounts(setup.window)

    find.dialog(setup.window, ExportDialog).reject()


def test_the_page_and_the_address_of_an_account_have_their_dialogs(setup: SupersededTokenSetup) -> None:
    find.page(setup.window, TokensPage).address_requested.emit(CLASSIC)
    find.page(setup.window, SignPage).page_check_requested.emit(CLASSIC, "https://a.cn/p")
    shown = {type(dialog) for dialog in setup.window.findChildren(QDialog) if dialog.isVisible()}
    assert {AddressDialog, PageCheckDialog} <= shown
    assert setup.harness.page_fetcher.asked == []
    for dialog in setup.window.findChildren(QDialog):
        dialog.close()
    setup.harness.wait_until_idle(setup.qtbot)


# --- sharing


def test_an_account_is_shared_from_its_menu(harness: RuntimeHarness, qtbot: QtBot) -> None:
    window = MainWindow(harness.controller, harness.signing, Clipboard(FakeClock()), make_formatter(harness))
    qtbot.addWidget(window)
    window.show_and_activate()
    find.page(window, TokensPage).share_requested.emit(SHOP)
    dialog = find.dialog(window, ShareDialog)
    assert dialog.windowTitle() == "Share Shop"
    find.field(dialog, "url").setText("redis://redis.example.com")
    with qtbot.waitSignal(window.account_actions.status_reported, timeout=20_000) as reported:
        find.button(dialog, "Share").click()
    assert reported.args == ["Shop: leader."]
    harness.wait_until_idle(qtbot)


def test_adding_an_account_leads_to_one_without_an_appsecret(harness: RuntimeHarness, qtbot: QtBot) -> None:
    window = MainWindow(harness.controller, harness.signing, Clipboard(FakeClock()), make_formatter(harness))
    qtbot.addWidget(window)
    window.show_and_activate()
    window.account_actions.add_account()
    adding = find.dialog(window, AccountDialog)
    find.button(adding, "No AppSecret?").click()
    assert not adding.isVisible()
    assert find.dialog(window, ShareDialog).windowTitle() == "Follow an account without its AppSecret"
