"""The page that signs: while somebody types, with a word on all that is suspicious, and nothing by accident."""

import json
import re
import time
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import TAB_FORMATS
from guarddog_gui.ui.signing.url_warnings import WarningList
from guarddog_gui.ui.theme import make_palette
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui.conftest import make_formatter

URL = "https://shop.example.com/p?id=1"
VALUE = "kgt8ON7yVITDhtdwci0qeS" + "x" * 40
OTHER = "bxLdikRXVbTPdHSM05e5u5" + "y" * 40
JS, JSON, HTML = TAB_FORMATS


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    """On an account with a live ticket; nothing is refreshed by itself."""
    harness.put_value(SHOP, TICKET, VALUE, age_s=600)
    return opened(harness, formatter, qtbot)


@pytest.fixture
def ticketless(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    return opened(harness, formatter, qtbot)


def opened(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    harness.controller.reload_from_disk()
    page = SignPage(harness.controller, harness.signing, formatter)
    qtbot.addWidget(page)
    page.resize(800, 560)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    return page


def typed(page: SignPage, url: str) -> None:
    """Typed, and signed without the wait."""
    page._url_field.setText(url)
    page.sign()


def result(page: SignPage, form: str = JS) -> str:
    return page._result_view._tab_text_edits[form].toPlainText()


def config(page: SignPage) -> dict[str, object]:
    fields: dict[str, object] = json.loads(result(page, JSON))
    return fields


def signature(page: SignPage) -> str:
    return str(config(page)["signature"])


def said(notes: WarningList) -> list[str]:
    if notes.isHidden():
        return []
    return [label.text() for label in notes.findChildren(QLabel) if label.text()]


def corrections(page: SignPage) -> list[QPushButton]:
    return page._url_warning_list.findChildren(QPushButton) if not page._url_warning_list.isHidden() else []


def is_empty(page: SignPage) -> bool:
    """Nothing is signed, and nothing that was signed before is left."""
    buttons = (
        page._result_view._copy_button,
        page._result_view._copy_signature_button,
        page._result_view._copy_string_button,
        page._result_view._test_page_button,
    )
    texts = [result(page, form) for form in TAB_FORMATS] + [
        page._result_view._signed_string_view.toPlainText()
    ]
    return (
        not any(texts)
        and not any(b.isEnabled() for b in buttons)
        and page._result_view._qr_code.pixmap().isNull()
    )


def is_signed(page: SignPage, url: str) -> bool:
    return page._result_view._signed_string_view.toPlainText().endswith(f"url={url}")


def change_accounts(page: SignPage, harness: RuntimeHarness, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored.setdefault(account.appid, Secret(SECRET))
    harness.accounts.update(lambda _: accounts)
    harness.controller.reload_from_disk()
    page._on_overview_changed(harness.controller.overview())


# -- signing while somebody types -----------------------------------------------------------------


def test_it_begins_empty_and_says_what_to_do(page: SignPage) -> None:
    assert is_empty(page)
    assert page._result_view._ticket_status_label.text() == "Type the address of a page."
    assert page._url_field.placeholderText()


def test_what_is_typed_is_signed_when_the_fingers_rest(page: SignPage, qtbot: QtBot) -> None:
    page.focus()
    for end in range(1, len(URL) + 1):
        page._url_field.setText(URL[:end])
        assert is_empty(page)  # nothing is signed on the way
    qtbot.waitUntil(lambda: not is_empty(page))
    fields = config(page)
    nonce = str(fields["nonceStr"])
    assert re.fullmatch("[0-9a-f]{16}", nonce)
    assert fields["signature"] == SignatureInput(VALUE, nonce, int(NOW), URL).signature
    assert fields["timestamp"] == int(NOW)
    assert fields["appId"] == SHOP.appid


def test_all_three_texts_are_of_one_signature(page: SignPage) -> None:
    typed(page, f"{URL}#/route")
    for form in TAB_FORMATS:
        assert signature(page) in result(page, form)
    assert result(page, JS).startswith("wx.config({\n")
    assert result(page, HTML).startswith("<!DOCTYPE html>")
    assert URL.replace("&", "\\u0026") in result(page, HTML)
    assert [page._result_view._tabs.tabText(tab) for tab in range(3)] == ["wx.config", "JSON", "Test page"]


def test_the_ticket_is_told_by_its_age_and_never_by_its_value(page: SignPage) -> None:
    typed(page, URL)
    assert page._result_view._ticket_status_label.text().startswith(
        "Signed with the ticket kgt8…xxxx, 10 min old, good until "
    )
    assert VALUE not in "".join(result(page, form) for form in TAB_FORMATS)


def test_what_was_signed_is_gone_when_the_address_is(page: SignPage) -> None:
    typed(page, URL)
    typed(page, "")
    assert is_empty(page)
    assert page._result_view._ticket_status_label.text() == "Type the address of a page."


def test_a_click_right_after_the_last_letter_copies_what_is_typed_now(page: SignPage) -> None:
    copied: list[str] = []
    page.copy_requested.connect(lambda text, _name: copied.append(text))
    page.secret_copy_requested.connect(copied.append)
    page.test_page_requested.connect(lambda _account, url, _config: copied.append(url))
    typed(page, URL)
    for number, button in enumerate(
        (
            page._result_view._copy_button,
            page._result_view._copy_signature_button,
            page._result_view._copy_string_button,
            page._result_view._test_page_button,
        )
    ):
        url = f"{URL}{number}"
        page._url_field.setText(url)
        button.click()
        nonce, signed = (
            str(config(page)["nonceStr"]),
            SignatureInput(VALUE, str(config(page)["nonceStr"]), int(NOW), url),
        )
        assert nonce
        assert {
            page._result_view._copy_button: signed.signature in copied[-1],
            page._result_view._copy_signature_button: copied[-1] == signed.signature,
            page._result_view._copy_string_button: copied[-1] == signed.signed_string,
            page._result_view._test_page_button: copied[-1] == url,
        }[button]
    assert len(copied) == 4


# -- warnings and refusals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "warned", "corrected"),
    [
        (f"  {URL}\u200b", ["White space"], URL),
        (f"{URL}#/cart", ["#/cart is not signed"], URL),
        (f"{URL}&a=1×tamp=2", ["× in the address", "The browser reports"], f"{URL}&a=1&timestamp=2"),
        ("https://a.cn/%25E4", ["%25E4 looks"], "https://a.cn/%E4"),
        ("http://a.cn/p", ["This signs http"], "https://a.cn/p"),
        ("https://a.cn:443/p", ["The address has a port (:443)"], "https://a.cn/p"),
        (f"{URL}&code=081&state=s", ["The address still has the code, state"], URL),
        (f"{URL}&from=timeline&isappinstalled=0", ["from, isappinstalled was added"], URL),
        ("https://a.cn", ["The browser puts a /"], "https://a.cn/"),
        ("https://A.cn/中", ["The browser reports"], "https://a.cn/%E4%B8%AD"),
        (
            "http://A.cn/旗舰店?from=timeline&code=1&state=2#/cart",
            ["#/cart is", "This signs http", "The address still", "from was", "The browser reports"],
            "https://a.cn/%E6%97%97%E8%88%B0%E5%BA%97",
        ),
    ],
)
def test_every_warning_is_corrected_by_its_button_until_none_is_left(
    page: SignPage, url: str, warned: list[str], corrected: str
) -> None:
    typed(page, url)
    assert [
        note[: len(begin)] for note, begin in zip(said(page._url_warning_list), warned, strict=True)
    ] == warned
    assert not is_empty(page)  # a warning is no refusal
    for _ in warned:
        if buttons := corrections(page):
            buttons[0].click()
    assert said(page._url_warning_list) == []
    assert page._url_field.text() == corrected
    assert f"url={corrected}" in page._result_view._signed_string_view.toPlainText()


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("https://192.0.2.1/p", "192.0.2.1 is an IP address"),
        ("http://localhost:9999/p", "localhost is this computer"),
        ("https://a.cn:8443/p", "The address has a port (:8443)"),
    ],
)
def test_what_nobody_can_correct_is_only_said(page: SignPage, url: str, warned: str) -> None:
    typed(page, url)
    assert said(page._url_warning_list)[0].startswith(warned)
    assert corrections(page) == []
    assert not is_empty(page)


def test_a_domain_that_is_not_the_accounts_is_named(page: SignPage, harness: RuntimeHarness) -> None:
    typed(page, "https://b.example/p")
    assert said(page._url_warning_list) == []
    change_accounts(page, harness, replace(SHOP, js_domains=("a.cn",)))
    assert said(page._url_warning_list)[0].startswith("b.example is not covered")


def test_the_keyboard_is_in_the_address_again_after_a_correction(page: SignPage, qtbot: QtBot) -> None:
    typed(page, "http://a.cn/p#x")
    for _ in range(2):
        corrections(page)[0].setFocus()
        QTest.keyClick(corrections(page)[0], Qt.Key.Key_Space)
        qtbot.waitUntil(page._url_field.hasFocus)
    assert page._url_field.text() == "https://a.cn/p"


def test_the_tab_key_goes_from_the_address_to_its_corrections_and_on_to_the_nonce(
    page: SignPage, qtbot: QtBot
) -> None:
    for _ in range(2):  # built again, the notes are where they were
        typed(page, "http://a.cn/p#x")
        page._url_field.setFocus()
        for wanted in (*corrections(page), page._nonce_field):
            QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
            qtbot.waitUntil(wanted.hasFocus)
        typed(page, URL)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("shop.example.com/p", "This is not a full address"),
        ("/p?id=1", "This is not a full address"),
        ("ftp://a.cn/p", "Only https:// and http://"),
        ("https://", "This address has no domain"),
        ("https://a.cn:99999/p", "This address has no domain"),
        ("https%3A%2F%2Fa.cn%2Fp", "This address is percent-encoded as a whole"),
        ("   ", "Copy the page's full address"),
        ("https://a.cn/" + "x" * 9000, "This text is too long"),
        ("x" * 100_000, "This text is too long"),
    ],
)
def test_what_must_not_be_signed_clears_what_was_and_says_why_beside_it(
    page: SignPage, url: str, why: str
) -> None:
    typed(page, URL)
    typed(page, url)
    assert is_empty(page)
    (note,) = said(page._url_warning_list)
    assert why in note
    assert page._result_view._ticket_status_label.text() == ""


def test_an_encoded_address_is_decoded_by_its_button(page: SignPage) -> None:
    typed(page, "https%253A%252F%252Fa.cn%252Fp")
    corrections(page)[0].click()
    assert is_empty(page)
    corrections(page)[0].click()
    assert page._url_field.text() == "https://a.cn/p"
    assert not is_empty(page)
    assert said(page._url_warning_list) == []


@pytest.mark.parametrize("length", [8_000, 100_000, 5_000_000])
def test_a_very_long_text_is_no_stall(page: SignPage, length: int) -> None:
    began = time.perf_counter()
    typed(page, "https://a.cn/?" + "x" * (length - 14))
    QApplication.processEvents()
    assert time.perf_counter() - began < 1
    assert is_empty(page) is (length > 8192)


@pytest.mark.parametrize("text", ["<img src=x>", "<b>&amp;</b>", "\u202eltr", "\U0001f600"])
def test_hostile_text_is_text_wherever_it_is_shown(
    page: SignPage, harness: RuntimeHarness, text: str
) -> None:
    change_accounts(page, harness, replace(SHOP, name=text))
    typed(page, f"https://a.cn/p?{text}#{text}")
    assert page._result_view._signed_string_view.toPlainText().endswith(f"&url=https://a.cn/p?{text}")
    assert said(page._url_warning_list)[0].startswith(f"#{text} is not signed")
    assert page._account_combo.itemText(0).startswith(text)
    assert result(page, HTML).count("<img") == 0
    typed(page, text)
    assert is_empty(page)


# -- nonce and timestamp --------------------------------------------------------------------------


def test_each_address_and_each_f5_has_a_nonce_of_its_own(page: SignPage) -> None:
    nonces: list[object] = []
    for url in (URL, f"{URL}2"):
        typed(page, url)
        nonces.append(config(page)["nonceStr"])
        page.sign()
        assert config(page)["nonceStr"] == nonces[-1]  # the same address again is the same page
    for _ in range(3):
        QTest.keyClick(page, Qt.Key.Key_F5)
        nonces.append(config(page)["nonceStr"])
    assert len(set(nonces)) == 5


def test_a_typed_nonce_and_timestamp_are_signed(page: SignPage) -> None:
    page._nonce_field.setText("Wm3WZYTPz0wzccnW")
    page._timestamp_field.setText(str(int(NOW) - 60))
    typed(page, URL)
    assert signature(page) == SignatureInput(VALUE, "Wm3WZYTPz0wzccnW", int(NOW) - 60, URL).signature
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert config(page)["nonceStr"] == "Wm3WZYTPz0wzccnW"


@pytest.mark.parametrize("nonce", ["a&b", "a b", "n" * 33, "\u202e"])
def test_a_bad_nonce_is_refused_at_its_field(page: SignPage, qtbot: QtBot, nonce: str) -> None:
    typed(page, f"{URL}#x")
    page._nonce_field.setText(nonce)
    qtbot.waitUntil(lambda: is_empty(page))
    assert len(said(page._nonce_warning_list)) == 1
    assert said(page._url_warning_list) == said(page._timestamp_warning_list) == []
    page._nonce_field.clear()
    qtbot.waitUntil(lambda: not is_empty(page))
    assert said(page._nonce_warning_list) == []


@pytest.mark.parametrize(
    "timestamp", ["now", "1.5", " 1790000000", "1414587457", str(int(NOW) + 90_000), "0"]
)
def test_a_bad_timestamp_is_refused_at_its_field(page: SignPage, timestamp: str) -> None:
    page._timestamp_field.setText(timestamp)
    typed(page, URL)
    assert is_empty(page)
    assert len(said(page._timestamp_warning_list)) == 1
    assert said(page._url_warning_list) == said(page._nonce_warning_list) == []


def test_milliseconds_become_seconds_by_a_button(page: SignPage, qtbot: QtBot) -> None:
    page._timestamp_field.setText(f"{int(NOW)}000")
    typed(page, URL)
    assert is_empty(page)
    button = page._timestamp_warning_list.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()
    assert page._timestamp_field.text() == str(int(NOW))
    qtbot.waitUntil(page._timestamp_field.hasFocus)
    assert not is_empty(page)


# -- the ticket -----------------------------------------------------------------------------------


def test_without_a_ticket_one_is_ordered_and_the_page_signs_when_it_comes(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(ticketless, URL)
    assert is_empty(ticketless)
    assert ticketless._result_view._ticket_status_label.text().startswith("There is no live jsapi_ticket")
    for end in range(5):
        typed(ticketless, f"{URL}{end}")
    qtbot.waitUntil(lambda: not is_empty(ticketless))
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert "TICK…tttt" in ticketless._result_view._ticket_status_label.text()
    typed(ticketless, "")
    assert ticketless._result_view._ticket_status_label.text() == "Type the address of a page."


@pytest.mark.parametrize(
    ("refuses", "locked", "why"),
    [
        (error_reply(40164, "invalid ip 203.0.113.9, not in whitelist"), False, "203.0.113.9"),
        (OFFLINE_FAILURE, False, "WeChat"),
        (None, True, "keyring"),
    ],
)
def test_a_ticket_that_does_not_come_is_explained_and_not_asked_for_with_every_letter(
    ticketless: SignPage,
    harness: RuntimeHarness,
    qtbot: QtBot,
    refuses: Reply | TransportFailure | None,
    locked: bool,  # noqa: FBT001 - a row of the table
    why: str,
) -> None:
    harness.wechat.forced_token_reply = refuses
    harness.secrets.lookup_result = KeyringIsLocked("locked") if locked else None
    typed(ticketless, URL)
    harness.wait_until_idle(qtbot)
    assert why in ticketless._result_view._ticket_status_label.text()
    attempts = len(harness.refresh_results)
    for end in range(5):
        typed(ticketless, f"{URL}{end}")
        harness.wait_until_idle(qtbot)
        assert why in ticketless._result_view._ticket_status_label.text()
    assert len(harness.refresh_results) == attempts
    assert is_empty(ticketless)


def test_f5_tries_again(ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    typed(ticketless, URL)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    QTest.keyClick(ticketless, Qt.Key.Key_F5)
    harness.wait_until_idle(qtbot)
    assert not is_empty(ticketless)


def test_a_ticket_that_comes_by_itself_is_signed_with(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    typed(ticketless, URL)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert not is_empty(ticketless)


def test_nobody_asks_for_a_ticket_while_the_page_is_not_looked_at(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    ticketless.hide()
    typed(ticketless, URL)
    ticketless.retranslate()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == []
    ticketless.show()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]


def test_a_replaced_ticket_signs_the_page_anew(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    typed(page, URL)
    before = signature(page)
    harness.put_value(SHOP, TICKET, OTHER, age_s=0)
    harness.controller.reload_from_disk()
    harness.controller._schedule_publish()
    harness.wait_until_idle(qtbot)
    assert signature(page) != before
    assert signature(page) == SignatureInput(OTHER, str(config(page)["nonceStr"]), int(NOW), URL).signature
    assert "bxLd…yyyy" in page._result_view._ticket_status_label.text()


def test_the_same_ticket_leaves_the_signature_while_its_age_grows(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(page, URL)
    before = result(page)
    harness.clock.advance(300)
    harness.controller._schedule_publish()
    harness.wait_until_idle(qtbot)
    assert result(page) == before
    assert "15 min old" in page._result_view._ticket_status_label.text()


def test_a_ticket_that_dies_takes_its_signature_with_it(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(page, URL)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.clock.advance(7000)
    harness.controller._schedule_publish()
    harness.wait_until_idle(qtbot)
    assert is_empty(page)
    assert "WeChat" in page._result_view._ticket_status_label.text()


def test_a_full_disk_is_said_and_asks_no_second_time(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.dogs.is_disk_full = True
    typed(ticketless, URL)
    harness.wait_until_idle(qtbot)
    asked = len(harness.transport.endpoints)
    typed(ticketless, f"{URL}2")
    harness.wait_until_idle(qtbot)
    assert len(harness.transport.endpoints) == asked
    assert "no space left on device" in ticketless._result_view._ticket_status_label.text()


def test_the_ticket_is_masked_unless_asked_for_and_masked_again_after_hiding(page: SignPage) -> None:
    typed(page, URL)
    assert page._result_view._signed_string_view.toPlainText().startswith("jsapi_ticket=kgt8…xxxx&noncestr=")
    page._result_view._show_ticket_check_box.click()
    assert page._result_view._signed_string_view.toPlainText().startswith(f"jsapi_ticket={VALUE}&noncestr=")
    page.hide()
    page.show()
    assert not page._result_view._show_ticket_check_box.isChecked()
    assert VALUE not in page._result_view._signed_string_view.toPlainText()


def test_the_four_parts_are_in_four_colours_of_the_theme(page: SignPage, qapp: QApplication) -> None:
    def colours() -> set[str]:
        return set(re.findall(r"color:(#[0-9a-f]{6})", page._result_view._signed_string_view.toHtml()))

    typed(page, URL)
    light = colours()
    assert len(light) == 4
    page.setPalette(make_palette(Theme.DARK))
    qapp.processEvents()
    assert page._result_view._signed_string_view.palette().color(QPalette.ColorRole.Base).lightness() < 128
    assert len(colours()) == 4
    assert not colours() & light


# -- accounts -------------------------------------------------------------------------------------


def test_a_mini_program_has_no_ticket_and_says_so(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(page, URL)
    change_accounts(page, harness, SHOP, GAME)
    page.select_account(GAME.appid)
    assert is_empty(page)
    assert page._result_view._ticket_status_label.text().startswith(
        "Game is a mini program and has no jsapi_ticket."
    )
    typed(page, "")
    assert "mini program" in page._result_view._ticket_status_label.text()
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == []
    page.select_account(SHOP.appid)
    assert page._result_view._ticket_status_label.text() == "Type the address of a page."


def test_another_account_signs_with_its_own_ticket(page: SignPage, harness: RuntimeHarness) -> None:
    harness.put_value(CAFE, TICKET, OTHER, age_s=0)
    typed(page, URL)
    change_accounts(page, harness, SHOP, CAFE)
    page.select_account(CAFE.appid)
    fields = config(page)
    assert fields["appId"] == CAFE.appid
    assert fields["signature"] == SignatureInput(OTHER, str(fields["nonceStr"]), int(NOW), URL).signature


def test_the_trouble_of_one_account_is_not_said_of_another(
    ticketless: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_value(CAFE, TICKET, OTHER, age_s=0)
    change_accounts(ticketless, harness, SHOP, CAFE)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    typed(ticketless, URL)
    ticketless.select_account(CAFE.appid)
    harness.wait_until_idle(qtbot)
    assert "bxLd…yyyy" in ticketless._result_view._ticket_status_label.text()


def test_a_renamed_account_stays_chosen_under_its_new_name(page: SignPage, harness: RuntimeHarness) -> None:
    change_accounts(page, harness, CAFE, SHOP)
    page.select_account(SHOP.appid)
    typed(page, URL)
    change_accounts(page, harness, CAFE, replace(SHOP, name="Magazine"))
    assert page._account_combo.currentText().startswith("Magazine · wx00")
    assert config(page)["appId"] == SHOP.appid


def test_what_a_removed_account_signed_is_gone(page: SignPage, harness: RuntimeHarness) -> None:
    harness.put_value(CAFE, TICKET, OTHER, age_s=0)
    change_accounts(page, harness, SHOP, CAFE)
    typed(page, URL)
    change_accounts(page, harness, CAFE)
    assert page.account == CAFE
    assert config(page)["appId"] == CAFE.appid
    change_accounts(page, harness)
    assert page._account_combo.count() == 0
    assert is_empty(page)


def test_before_the_first_account_nothing_is_signed(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.accounts.stored = ()
    page = opened(harness, formatter, qtbot)
    typed(page, URL)
    page._on_copy_clicked()
    page._on_forget_urls_clicked()
    assert is_empty(page)
    harness.put_value(SHOP, TICKET, VALUE, age_s=0)
    change_accounts(page, harness, SHOP)
    assert config(page)["appId"] == SHOP.appid


# -- what the page may call -----------------------------------------------------------------------


def test_ticked_apis_and_open_tags_go_to_their_own_lists(page: SignPage) -> None:
    typed(page, URL)
    assert config(page)["jsApiList"] == list(DEFAULT_JS_APIS)
    assert "openTagList" not in config(page)
    before = signature(page)
    names = (*JS_APIS, *OPEN_TAGS)
    for name in ("wx-open-audio", "scanQRCode"):
        page._api_list.search_field.setText(name)
        page._api_list.list_widget.item(names.index(name)).setCheckState(Qt.CheckState.Checked)
    page._api_list.search_field.setText("nothing has this name")
    assert config(page)["jsApiList"] == [*DEFAULT_JS_APIS, "scanQRCode"]
    assert config(page)["openTagList"] == ["wx-open-audio"]
    assert signature(page) == before  # the lists are not signed


def test_debug_is_said_and_not_signed(page: SignPage) -> None:
    typed(page, URL)
    before = signature(page)
    assert config(page)["debug"] is False
    page._debug_check_box.click()
    assert config(page)["debug"] is True
    assert "debug: true" in result(page, JS)
    assert signature(page) == before


# -- using it -------------------------------------------------------------------------------------


def test_enter_in_the_address_copies_the_text_of_the_open_tab(page: SignPage, qtbot: QtBot) -> None:
    copied: list[tuple[str, str]] = []
    page.copy_requested.connect(lambda *what: copied.append(what))
    page.focus()
    qtbot.waitUntil(page._url_field.hasFocus)
    QTest.keyClicks(page._url_field, URL)
    QTest.keyClick(page._url_field, Qt.Key.Key_Return)
    assert copied == [(result(page, JS), "wx.config")]
    page._result_view._tabs.setCurrentIndex(1)
    QTest.keyClick(page._url_field, Qt.Key.Key_Return)
    assert copied[1:] == [(result(page, JSON), "JSON")]
    page._url_field.setText("not an address")
    QTest.keyClick(page._url_field, Qt.Key.Key_Return)
    assert len(copied) == 2


def test_the_signed_string_goes_the_way_of_secrets_and_nothing_else_does(page: SignPage) -> None:
    plain: list[str] = []
    secret: list[str] = []
    page.copy_requested.connect(lambda text, _name: plain.append(text))
    page.secret_copy_requested.connect(secret.append)
    typed(page, URL)
    page._result_view._copy_button.click()
    page._result_view._copy_signature_button.click()
    page._result_view._copy_string_button.click()
    assert plain == [result(page, JS), signature(page)]
    assert secret == [SignatureInput(VALUE, str(config(page)["nonceStr"]), int(NOW), URL).signed_string]
    assert VALUE not in "".join(plain)


def test_the_test_page_is_for_the_account_the_address_and_the_config(page: SignPage) -> None:
    wanted: list[tuple[Account, str, WxConfig]] = []
    page.test_page_requested.connect(lambda *what: wanted.append(what))
    typed(page, f"{URL}#/route")
    page._result_view._test_page_button.click()
    ((account, url, given),) = wanted
    assert (account, url) == (SHOP, URL)
    assert given.signature == signature(page)


def test_an_address_on_the_clipboard_is_taken_and_other_text_is_not(page: SignPage) -> None:
    page.set_url("some words https://a.cn/")
    page.set_url("kgt8ON7yVITDhtdwci0qeS")
    page.set_url(f"{URL}\n{URL}2")
    page.set_url("https://" + "x" * 9000)
    page.set_url("")
    assert page._url_field.text() == ""
    page.set_url(f" {URL}\n")
    assert page._url_field.text() == URL
    page.set_url("https%3A%2F%2Fa.cn%2F")
    assert page._url_field.text() == "https%3A%2F%2Fa.cn%2F"


# -- recent addresses -----------------------------------------------------------------------------


def recents(page: SignPage) -> list[str]:
    return [page._url_combo.itemText(row) for row in range(page._url_combo.count())]


def test_addresses_that_were_used_are_offered_newest_first_without_oauth(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(page, URL)
    assert recents(page) == []  # typing alone leaves nothing behind
    page._result_view._copy_button.click()
    typed(page, f"{URL}2&code=081abc&state=s#x")
    page._result_view._copy_signature_button.click()
    assert recents(page) == [f"{URL}2", URL]
    assert page._url_field.text() == f"{URL}2&code=081abc&state=s#x"
    harness.wait_until_idle(qtbot)
    assert harness.recent_urls.recent(SHOP.appid) == (f"{URL}2", URL)


def test_an_offered_address_is_chosen_with_the_arrow_keys(page: SignPage, qtbot: QtBot) -> None:
    for url in (URL, f"{URL}2"):
        typed(page, url)
        page._result_view._copy_button.click()
    typed(page, "https://a.cn/")
    page._url_field.setFocus()
    for wanted in (f"{URL}2", URL):
        QTest.keyClick(page._url_combo, Qt.Key.Key_Down)
        assert page._url_field.text() == wanted
        qtbot.waitUntil(partial(is_signed, page, wanted))


def test_each_account_has_addresses_of_its_own(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_value(CAFE, TICKET, OTHER, age_s=0)
    change_accounts(page, harness, SHOP, CAFE)
    typed(page, URL)
    page._result_view._copy_button.click()
    harness.wait_until_idle(qtbot)
    page.select_account(CAFE.appid)
    assert recents(page) == []
    assert page._url_field.text() == URL
    page.select_account(SHOP.appid)
    assert recents(page) == [URL]


def test_forgotten_addresses_are_gone_and_what_is_typed_stays(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    assert not page._forget_urls_button.isEnabled()
    typed(page, URL)
    page._result_view._copy_button.click()
    page._forget_urls_button.click()
    assert recents(page) == []
    assert page._url_field.text() == URL
    assert not page._forget_urls_button.isEnabled()
    harness.wait_until_idle(qtbot)
    assert harness.recent_urls.recent(SHOP.appid) == ()


def test_what_could_not_be_forgotten_is_offered_still(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    typed(page, URL)
    page._result_view._copy_button.click()
    harness.wait_until_idle(qtbot)
    harness.recent_urls.is_disk_full = True
    page._forget_urls_button.click()
    harness.wait_until_idle(qtbot)
    assert recents(page) == [URL]
    assert page._forget_urls_button.isEnabled()


# -- languages ------------------------------------------------------------------------------------


def test_notes_are_said_again_in_the_language_of_now(
    page: SignPage, harness: RuntimeHarness, formatter: Formatter
) -> None:
    typed(page, f"{URL}#x")
    before = result(page, JS)
    formatter.messages = make_formatter(harness, "zh_CN").messages
    page.retranslate()
    assert said(page._url_warning_list)[0].startswith("#x 不参与签名")
    assert result(page, JS) == before
    assert page._url_field.text() == f"{URL}#x"


def test_why_no_ticket_came_is_said_again_in_the_language_of_now(
    ticketless: SignPage, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.secrets.lookup_result = KeyringIsLocked("locked")
    typed(ticketless, URL)
    harness.wait_until_idle(qtbot)
    assert harness.refresh_results[-1].kind is TOKEN
    formatter.messages = make_formatter(harness, "zh_CN").messages
    ticketless.retranslate()
    assert ticketless._result_view._ticket_status_label.text().startswith("密钥环已锁定")
