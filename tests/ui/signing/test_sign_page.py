"""Tests of the sign page: signing while the user types, tickets, accounts and languages."""

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import ResultTab
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, combo, field
from tests.ui.signing.sign_page_driver import (
    OTHER_TICKET_VALUE,
    TICKET_VALUE,
    URL,
    change_accounts,
    config,
    is_empty,
    open_page,
    publish_overview,
    result,
    signature,
    ticket_age,
    ticket_status,
    type_url,
)


def test_the_page_starts_empty_with_a_hint(page: SignPage) -> None:
    assert is_empty(page)
    assert ticket_status(page) == "Enter the URL of a page."
    assert field(page, "Page's URL").placeholderText()


def test_a_typed_url_is_signed_when_typing_stops(page: SignPage, qtbot: QtBot) -> None:
    page.focus()
    for end in range(1, len(URL) + 1):
        field(page, "Page's URL").setText(URL[:end])
        assert is_empty(page)  # nothing is signed on the way
    qtbot.waitUntil(lambda: not is_empty(page))
    fields = config(page)
    nonce = str(fields["nonceStr"])
    assert re.fullmatch("[0-9a-f]{16}", nonce)
    assert fields["signature"] == SignatureInput(TICKET_VALUE, nonce, int(NOW), URL).signature
    assert fields["timestamp"] == int(NOW)
    assert fields["appId"] == SHOP.appid


def test_the_ticket_status_shows_the_age_but_not_the_value(page: SignPage) -> None:
    type_url(page, URL)
    assert ticket_status(page).startswith("Signed with ticket kgt8…xxxx, valid until ")
    assert ticket_age(page) == "10 min old"
    assert TICKET_VALUE not in "".join(result(page, tab) for tab in ResultTab)


def test_clearing_the_url_clears_the_signature(page: SignPage) -> None:
    type_url(page, URL)
    type_url(page, "")
    assert is_empty(page)
    assert ticket_status(page) == "Enter the URL of a page."


def test_a_missing_ticket_is_requested_and_used_when_it_arrives(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    type_url(ticketless, URL)
    assert is_empty(ticketless)
    assert ticket_status(ticketless).startswith("There is no live jsapi_ticket")
    for end in range(5):
        type_url(ticketless, f"{URL}{end}")
    qtbot.waitUntil(lambda: not is_empty(ticketless))
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert "TICK…tttt" in ticket_status(ticketless)
    type_url(ticketless, "")
    assert ticket_status(ticketless) == "Enter the URL of a page."


@pytest.mark.parametrize(
    ("refuses", "locked", "why"),
    [
        (error_reply(40164, "invalid ip 203.0.113.9, not in whitelist"), False, "203.0.113.9"),
        (OFFLINE_FAILURE, False, "WeChat"),
        (None, True, "keyring"),
    ],
)
def test_a_failed_ticket_request_is_explained_and_not_repeated_per_character(
    ticketless: SignPage,
    harness: RuntimeHarness,
    qtbot: QtBot,
    refuses: Reply | TransportFailure | None,
    locked: bool,  # noqa: FBT001 - a row of the table
    why: str,
) -> None:
    harness.wechat.forced_token_reply = refuses
    harness.secrets.lookup_result = KeyringIsLocked("locked") if locked else None
    type_url(ticketless, URL)
    harness.wait_until_idle(qtbot)
    assert why in ticket_status(ticketless)
    attempts = len(harness.refresh_results)
    for end in range(5):
        type_url(ticketless, f"{URL}{end}")
        harness.wait_until_idle(qtbot)
        assert why in ticket_status(ticketless)
    assert len(harness.refresh_results) == attempts
    assert is_empty(ticketless)


def test_f5_requests_the_ticket_again(ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    type_url(ticketless, URL)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    QTest.keyClick(ticketless, Qt.Key.Key_F5)
    harness.wait_until_idle(qtbot)
    assert not is_empty(ticketless)


def test_a_ticket_from_an_automatic_refresh_is_used(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    type_url(ticketless, URL)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert not is_empty(ticketless)


def test_a_hidden_page_requests_no_ticket(ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    ticketless.hide()
    type_url(ticketless, URL)
    ticketless.retranslate()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == []
    ticketless.show()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]


def test_a_replaced_ticket_signs_the_page_again(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    type_url(page, URL)
    before = signature(page)
    harness.put_value(SHOP, TICKET, OTHER_TICKET_VALUE, age_s=0)
    harness.controller.reload_from_disk()
    publish_overview(harness)
    harness.wait_until_idle(qtbot)
    assert signature(page) != before
    assert signature(page) == SignatureInput(OTHER_TICKET_VALUE, str(config(page)["nonceStr"]), int(NOW), URL).signature
    assert "bxLd…yyyy" in ticket_status(page)


def test_the_same_ticket_keeps_the_signature_while_its_age_grows(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    type_url(page, URL)
    before = result(page)
    harness.clock.advance(300)
    publish_overview(harness)
    harness.wait_until_idle(qtbot)
    assert result(page) == before
    assert ticket_age(page) == "15 min old"


def test_an_expired_ticket_clears_the_signature(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    type_url(page, URL)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.clock.advance(7000)
    publish_overview(harness)
    harness.wait_until_idle(qtbot)
    assert is_empty(page)
    assert "WeChat" in ticket_status(page)


def test_a_full_disk_is_shown_and_no_second_ticket_is_requested(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.dogs.is_disk_full = True
    type_url(ticketless, URL)
    harness.wait_until_idle(qtbot)
    asked = len(harness.transport.endpoints)
    type_url(ticketless, f"{URL}2")
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.endpoints) == asked
    assert "no space left on device" in ticket_status(ticketless)


def test_a_mini_program_shows_that_it_has_no_ticket(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    type_url(page, URL)
    change_accounts(harness, SHOP, GAME)
    page.select_account(GAME.appid)
    assert is_empty(page)
    assert ticket_status(page).startswith("Game is a mini program and has no jsapi_ticket.")
    type_url(page, "")
    assert "mini program" in ticket_status(page)
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == []
    page.select_account(SHOP.appid)
    assert ticket_status(page) == "Enter the URL of a page."


def test_another_account_signs_with_its_own_ticket(page: SignPage, harness: RuntimeHarness) -> None:
    harness.put_value(CAFE, TICKET, OTHER_TICKET_VALUE, age_s=0)
    type_url(page, URL)
    change_accounts(harness, SHOP, CAFE)
    page.select_account(CAFE.appid)
    fields = config(page)
    assert fields["appId"] == CAFE.appid
    assert fields["signature"] == SignatureInput(OTHER_TICKET_VALUE, str(fields["nonceStr"]), int(NOW), URL).signature


def test_an_error_of_one_account_is_not_shown_for_another(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_value(CAFE, TICKET, OTHER_TICKET_VALUE, age_s=0)
    change_accounts(harness, SHOP, CAFE)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    type_url(ticketless, URL)
    ticketless.select_account(CAFE.appid)
    harness.wait_until_idle(qtbot)
    assert "bxLd…yyyy" in ticket_status(ticketless)


def test_a_renamed_account_stays_selected(page: SignPage, harness: RuntimeHarness) -> None:
    change_accounts(harness, CAFE, SHOP)
    page.select_account(SHOP.appid)
    type_url(page, URL)
    change_accounts(harness, CAFE, replace(SHOP, name="Magazine"))
    assert combo(page, "Account").currentText() == "Magazine"
    assert config(page)["appId"] == SHOP.appid


def test_removing_an_account_clears_its_signature(page: SignPage, harness: RuntimeHarness) -> None:
    harness.put_value(CAFE, TICKET, OTHER_TICKET_VALUE, age_s=0)
    change_accounts(harness, SHOP, CAFE)
    type_url(page, URL)
    change_accounts(harness, CAFE)
    assert page.account == CAFE
    assert config(page)["appId"] == CAFE.appid
    change_accounts(harness)
    assert combo(page, "Account").count() == 0
    assert is_empty(page)


def test_nothing_is_signed_before_the_first_account_is_added(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.accounts.stored = ()
    page = open_page(harness, formatter, qtbot)
    type_url(page, URL)
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    button(page, "Forget recent URLs").click()
    assert is_empty(page)
    harness.put_value(SHOP, TICKET, TICKET_VALUE, age_s=0)
    change_accounts(harness, SHOP)
    assert config(page)["appId"] == SHOP.appid


def test_a_ticket_error_is_translated_when_the_language_changes(
    ticketless: SignPage, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.secrets.lookup_result = KeyringIsLocked("locked")
    type_url(ticketless, URL)
    harness.wait_until_idle(qtbot)
    assert harness.refresh_results[-1].kind is TOKEN
    formatter.messages = make_formatter(harness, "zh_CN").messages
    ticketless.retranslate()
    assert ticket_status(ticketless).startswith("密钥环已锁定")


def test_the_url_on_the_clipboard_is_taken_when_the_page_opens(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    QGuiApplication.clipboard().setText(f" {URL}\n")
    page = open_page(harness, formatter, qtbot)
    assert field(page, "Page's URL").text() == URL
    page.hide()
    QGuiApplication.clipboard().setText("https://shop.example.com/other")
    page.show()
    assert field(page, "Page's URL").text() == "https://shop.example.com/other"
    QGuiApplication.clipboard().clear()


def test_a_typed_url_stays_and_other_copied_texts_are_not_taken(page: SignPage) -> None:
    for text, taken in (("typed", "typed"), ("", "")):
        field(page, "Page's URL").setText(text)
        for copied in ("0123456789abcdef", "http://", "file:///etc/hosts"):
            QGuiApplication.clipboard().setText(copied)
            page.hide()
            page.show()
            assert field(page, "Page's URL").text() == taken
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize(("typed", "checked"), [(f"{URL}&code=081x&state=1", URL), ("", ""), ("no url", "")])
def test_the_page_is_checked_without_the_code_of_a_login(
    page: SignPage, qtbot: QtBot, typed: str, checked: str
) -> None:
    type_url(page, typed)
    with qtbot.waitSignal(page.page_check_requested) as caught:
        button(page, "Check the page…").click()
    assert caught.args == [SHOP, checked]


def test_the_web_authorisation_is_opened_for_the_account_and_its_page(page: SignPage, qtbot: QtBot) -> None:
    type_url(page, URL)
    with qtbot.waitSignal(page.oauth_requested) as requested:
        button(page, "Web authorisation…").click()
    assert requested.args == [page.account, URL]
