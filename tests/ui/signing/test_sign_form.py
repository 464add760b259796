"""Tests of the form of the sign page: warnings, corrections, nonce, timestamp, APIs and recent URLs."""

import time
from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.sign_form import SignForm
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import ResultTab
from guarddog_gui.ui.widgets.strip import Strip
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, TICKET, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, check_box, combo, field, widget
from tests.ui.signing.sign_page_driver import (
    HTML,
    JS,
    OTHER_TICKET_VALUE,
    TICKET_VALUE,
    URL,
    change_accounts,
    config,
    corrections,
    is_empty,
    is_signed,
    note_list,
    recent_urls,
    result,
    shown_warnings,
    signature,
    signed_string,
    ticket_status,
    type_url,
)


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
            ["This signs http", "The address still", "from was", "The browser reports", "#/cart is"],
            "https://a.cn/%E6%97%97%E8%88%B0%E5%BA%97",
        ),
    ],
)
def test_each_warning_is_corrected_by_its_button(page: SignPage, url: str, warned: list[str], corrected: str) -> None:
    type_url(page, url)
    assert [warning[: len(begin)] for warning, begin in zip(shown_warnings(page, "url"), warned, strict=True)] == warned
    assert not is_empty(page)  # a warning does not prevent signing
    for _ in warned:
        if buttons := corrections(page):
            buttons[0].click()
    assert shown_warnings(page, "url") == []
    assert field(page, "Page's URL").text() == corrected
    assert f"url={corrected}" in signed_string(page).toPlainText()


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("https://192.0.2.1/p", "192.0.2.1 is an IP address"),
        ("http://localhost:9999/p", "localhost is this computer"),
        ("https://a.cn:8443/p", "The address has a port (:8443)"),
    ],
)
def test_a_warning_without_a_correction_has_no_button(page: SignPage, url: str, warned: str) -> None:
    type_url(page, url)
    assert shown_warnings(page, "url")[0].startswith(warned)
    assert corrections(page) == []
    assert not is_empty(page)


def test_a_domain_outside_the_js_safe_domains_is_named(page: SignPage, harness: RuntimeHarness) -> None:
    type_url(page, "https://b.example/p")
    assert shown_warnings(page, "url") == []
    change_accounts(harness, replace(SHOP, js_domains=("a.cn",)))
    assert shown_warnings(page, "url")[0].startswith("b.example is not covered")


def test_the_url_field_has_the_focus_after_a_correction(page: SignPage, qtbot: QtBot) -> None:
    type_url(page, "http://a.cn/p#x")
    for _ in range(2):
        corrections(page)[0].setFocus()
        QTest.keyClick(corrections(page)[0], Qt.Key.Key_Space)
        qtbot.waitUntil(field(page, "Page's URL").hasFocus)
    assert field(page, "Page's URL").text() == "https://a.cn/p"


def test_tab_goes_from_the_url_over_its_corrections_to_the_apis(page: SignPage, qtbot: QtBot) -> None:
    chip = button(page, "Remove updateAppMessageShareData")
    for _ in range(2):  # the second time with rebuilt notes
        type_url(page, "http://a.cn/p#x")
        field(page, "Page's URL").setFocus()
        for wanted in (button(page, "Paste"), *corrections(page), chip):
            QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
            qtbot.waitUntil(wanted.hasFocus)
        type_url(page, URL)


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
def test_a_refused_url_clears_the_signature_and_is_explained_below_its_field(
    page: SignPage, url: str, why: str
) -> None:
    type_url(page, URL)
    type_url(page, url)
    assert is_empty(page)
    (warning,) = shown_warnings(page, "url")
    assert why in warning
    assert ticket_status(page) == ""


def test_an_encoded_url_is_decoded_by_its_button(page: SignPage) -> None:
    type_url(page, "https%253A%252F%252Fa.cn%252Fp")
    corrections(page)[0].click()
    assert is_empty(page)
    corrections(page)[0].click()
    assert field(page, "Page's URL").text() == "https://a.cn/p"
    assert not is_empty(page)
    assert shown_warnings(page, "url") == []


@pytest.mark.parametrize("length", [8_000, 100_000, 5_000_000])
def test_a_very_long_text_does_not_block_the_window(page: SignPage, length: int) -> None:
    began = time.perf_counter()
    type_url(page, "https://a.cn/?" + "x" * (length - 14))
    QApplication.processEvents()
    assert time.perf_counter() - began < 1
    assert is_empty(page) is (length > 8192)


@pytest.mark.parametrize("text", ["<img src=x>", "<b>&amp;</b>", "\u202eltr", "\U0001f600"])
def test_markup_in_names_and_urls_is_shown_as_text(page: SignPage, harness: RuntimeHarness, text: str) -> None:
    change_accounts(harness, replace(SHOP, name=text))
    type_url(page, f"https://a.cn/p?{text}#{text}")
    assert signed_string(page).toPlainText().endswith(f"&url=https://a.cn/p?{text}")
    assert shown_warnings(page, "url")[-1].startswith(f"#{text} is not signed")
    assert combo(page, "Account").itemText(0).startswith(text)
    assert result(page, HTML).count("<img") == 0
    type_url(page, text)
    assert is_empty(page)


def test_each_url_and_each_f5_gets_a_new_nonce(page: SignPage) -> None:
    nonces: list[object] = []
    for url in (URL, f"{URL}2"):
        type_url(page, url)
        nonces.append(config(page)["nonceStr"])
        page.sign()
        assert config(page)["nonceStr"] == nonces[-1]  # the same address again is the same page
    for _ in range(3):
        QTest.keyClick(page, Qt.Key.Key_F5)
        nonces.append(config(page)["nonceStr"])
    assert len(set(nonces)) == 5


def test_a_typed_nonce_and_timestamp_are_signed(page: SignPage) -> None:
    field(page, "nonceStr").setText("Wm3WZYTPz0wzccnW")
    field(page, "timestamp").setText(str(int(NOW) - 60))
    type_url(page, URL)
    assert signature(page) == SignatureInput(TICKET_VALUE, "Wm3WZYTPz0wzccnW", int(NOW) - 60, URL).signature
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert config(page)["nonceStr"] == "Wm3WZYTPz0wzccnW"


@pytest.mark.parametrize("nonce", ["a&b", "a b", "n" * 33, "\u202e"])
def test_a_bad_nonce_is_refused_at_its_field(page: SignPage, qtbot: QtBot, nonce: str) -> None:
    type_url(page, f"{URL}#x")
    field(page, "nonceStr").setText(nonce)
    qtbot.waitUntil(lambda: is_empty(page))
    assert len(shown_warnings(page, "nonce")) == 1
    assert shown_warnings(page, "url") == shown_warnings(page, "timestamp") == []
    field(page, "nonceStr").clear()
    qtbot.waitUntil(lambda: not is_empty(page))
    assert shown_warnings(page, "nonce") == []


@pytest.mark.parametrize("timestamp", ["now", "1.5", " 1790000000", "01790000000"])
def test_a_bad_timestamp_is_refused_at_its_field(page: SignPage, timestamp: str) -> None:
    field(page, "timestamp").setText(timestamp)
    type_url(page, URL)
    assert is_empty(page)
    assert len(shown_warnings(page, "timestamp")) == 1
    assert shown_warnings(page, "url") == shown_warnings(page, "nonce") == []


@pytest.mark.parametrize("timestamp", ["1414587457", str(int(NOW) + 90_000), "0"])
def test_a_timestamp_of_another_day_is_signed_with_a_warning(page: SignPage, timestamp: str) -> None:
    field(page, "timestamp").setText(timestamp)
    type_url(page, URL)
    assert not is_empty(page)
    assert len(shown_warnings(page, "timestamp")) == 1


def test_a_timestamp_in_milliseconds_is_corrected_by_a_button(page: SignPage, qtbot: QtBot) -> None:
    field(page, "timestamp").setText(f"{int(NOW)}000")
    type_url(page, URL)
    assert is_empty(page)
    button = note_list(page, "timestamp").findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()
    assert field(page, "timestamp").text() == str(int(NOW))
    qtbot.waitUntil(field(page, "timestamp").hasFocus)
    assert not is_empty(page)


def test_checked_apis_and_open_tags_go_to_separate_lists(page: SignPage) -> None:
    type_url(page, URL)
    assert config(page)["jsApiList"] == list(DEFAULT_JS_APIS)
    assert "openTagList" not in config(page)
    before = signature(page)
    names = (*JS_APIS, *OPEN_TAGS)
    for name in ("wx-open-audio", "scanQRCode"):
        field(page, "Search the names").setText(name)
        widget(page, QListWidget, "APIs and open tags").item(names.index(name)).setCheckState(Qt.CheckState.Checked)
    field(page, "Search the names").setText("nothing has this name")
    assert config(page)["jsApiList"] == [*DEFAULT_JS_APIS, "scanQRCode"]
    assert config(page)["openTagList"] == ["wx-open-audio"]
    assert signature(page) == before  # the lists are not signed


def test_a_chip_removes_its_api_and_the_list_adds_one(page: SignPage) -> None:
    type_url(page, URL)
    button(page, "Remove updateAppMessageShareData").click()
    assert config(page)["jsApiList"] == ["updateTimelineShareData"]
    button(page, "Add APIs and open tags").click()
    search = field(page, "Search the names")
    assert search.isVisible()
    names = widget(page, QListWidget, "APIs and open tags")
    QTest.keyClicks(search, "scan")
    QTest.keyClick(names, Qt.Key.Key_Space)
    assert config(page)["jsApiList"] == ["updateTimelineShareData", "scanQRCode"]
    QTest.keyClick(search, Qt.Key.Key_Escape)  # clears the search
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()
    button(page, "Remove scanQRCode").click()
    assert config(page)["jsApiList"] == ["updateTimelineShareData"]


def test_nonce_timestamp_and_debug_are_folded_until_they_are_needed(page: SignPage) -> None:
    assert not field(page, "nonceStr").isVisible()
    assert field(page, "nonceStr").placeholderText() == "random"
    assert field(page, "timestamp").placeholderText() == "now"
    advanced = button(page, "Advanced: nonceStr, timestamp, debug")
    advanced.click()
    assert field(page, "nonceStr").isVisible()
    advanced.click()
    assert not field(page, "nonceStr").isVisible()
    field(page, "nonceStr").setText("a b")  # refused
    type_url(page, URL)
    assert field(page, "nonceStr").isVisible()


def test_paste_takes_the_url_from_the_clipboard(page: SignPage, qtbot: QtBot) -> None:
    QApplication.clipboard().setText(f" {URL}\n")
    button(page, "Paste").click()
    assert is_signed(page, URL)
    qtbot.waitUntil(field(page, "Page's URL").hasFocus)
    QApplication.clipboard().setText("no address")
    button(page, "Paste").click()
    assert "This is not a full address" in shown_warnings(page, "url")[0]
    QApplication.clipboard().clear()


def test_two_notes_are_shown_and_a_link_shows_the_others(page: SignPage) -> None:
    type_url(page, "http://A.cn/p?from=timeline&code=1&state=2#/cart")
    assert len(note_list(page, "url").findChildren(Strip)) == 2
    button(page, "Show 3 more").click()
    assert len(note_list(page, "url").findChildren(Strip)) == 5


def test_a_note_about_a_shared_url_leads_to_sample_code(page: SignPage) -> None:
    type_url(page, f"{URL}&from=timeline")
    button(page, "See sample code").click()
    assert widget(page, QTabBar).currentIndex() == tuple(ResultTab).index(ResultTab.NODE)
    assert "createHash" in result(page, ResultTab.NODE)
    type_url(page, f"{URL}#x")
    assert [link.text() for link in note_list(page, "url").findChildren(QPushButton)] == ["Fix"]


def test_debug_is_in_the_config_and_not_signed(page: SignPage) -> None:
    type_url(page, URL)
    before = signature(page)
    assert config(page)["debug"] is False
    check_box(page, "debug: let the page show what it gets").click()
    assert config(page)["debug"] is True
    assert "debug: true" in result(page, JS)
    assert signature(page) == before


def test_set_url_accepts_a_url_and_ignores_other_text(page: SignPage) -> None:
    page.set_url("some words https://a.cn/")
    page.set_url("kgt8ON7yVITDhtdwci0qeS")
    page.set_url(f"{URL}\n{URL}2")
    page.set_url("https://" + "x" * 9000)
    page.set_url("")
    assert field(page, "Page's URL").text() == ""
    page.set_url(f" {URL}\n")
    assert field(page, "Page's URL").text() == URL
    assert is_signed(page, URL)  # at once
    page.set_url("https%3A%2F%2Fa.cn%2F")
    assert field(page, "Page's URL").text() == "https%3A%2F%2Fa.cn%2F"


def test_used_urls_are_offered_newest_first_without_oauth_parameters(
    page: SignPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    type_url(page, URL)
    assert recent_urls(page) == []  # typing alone leaves nothing behind
    button(page, "Copy wx.config").click()
    type_url(page, f"{URL}2&code=081abc&state=s#x")
    button(page, "Copy the signature").click()
    assert recent_urls(page) == [f"{URL}2", URL]
    assert field(page, "Page's URL").text() == f"{URL}2&code=081abc&state=s#x"
    harness.wait_until_idle(qtbot)
    assert harness.recent_urls.recent(SHOP.appid) == (f"{URL}2", URL)


def test_a_recent_url_is_selected_with_the_arrow_keys(page: SignPage, qtbot: QtBot) -> None:
    for url in (URL, f"{URL}2"):
        type_url(page, url)
        button(page, "Copy wx.config").click()
    type_url(page, "https://a.cn/")
    field(page, "Page's URL").setFocus()
    for wanted in (f"{URL}2", URL):
        QTest.keyClick(combo(page, "Page's URL"), Qt.Key.Key_Down)
        assert field(page, "Page's URL").text() == wanted
        qtbot.waitUntil(partial(is_signed, page, wanted))


def test_each_account_has_separate_recent_urls(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_value(CAFE, TICKET, OTHER_TICKET_VALUE, age_s=0)
    change_accounts(harness, SHOP, CAFE)
    type_url(page, URL)
    button(page, "Copy wx.config").click()
    harness.wait_until_idle(qtbot)
    page.select_account(CAFE.appid)
    assert recent_urls(page) == []
    assert field(page, "Page's URL").text() == URL
    page.select_account(SHOP.appid)
    assert recent_urls(page) == [URL]


def test_forgetting_recent_urls_keeps_the_typed_url(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    assert not button(page, "Forget recent URLs").isEnabled()
    type_url(page, URL)
    button(page, "Copy wx.config").click()
    button(page, "Forget recent URLs").click()
    assert recent_urls(page) == []
    assert field(page, "Page's URL").text() == URL
    assert not button(page, "Forget recent URLs").isEnabled()
    harness.wait_until_idle(qtbot)
    assert harness.recent_urls.recent(SHOP.appid) == ()


def test_urls_that_could_not_be_deleted_stay_offered(page: SignPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    type_url(page, URL)
    button(page, "Copy wx.config").click()
    harness.wait_until_idle(qtbot)
    harness.recent_urls.is_disk_full = True
    button(page, "Forget recent URLs").click()
    harness.wait_until_idle(qtbot)
    assert recent_urls(page) == [URL]
    assert button(page, "Forget recent URLs").isEnabled()


def test_warnings_are_translated_when_the_language_changes(
    page: SignPage, harness: RuntimeHarness, formatter: Formatter
) -> None:
    type_url(page, f"{URL}#x")
    before = result(page, JS)
    formatter.messages = make_formatter(harness, "zh_CN").messages
    page.retranslate()
    assert shown_warnings(page, "url")[0].startswith("#x 不参与签名")
    assert result(page, JS) == before
    assert field(page, "Page's URL").text() == f"{URL}#x"


def test_a_long_url_is_shown_from_its_start_with_a_mark_that_it_goes_on(page: SignPage, qtbot: QtBot) -> None:
    form = widget(page, SignForm)
    page.resize(700, 600)
    page.show()
    page.activateWindow()
    form.set_url("https://shop.example.com/" + "flowers/" * 30 + "#/cart")
    field = form.url_field
    field.clearFocus()
    assert field.is_cut_off()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_End)
    assert not field.is_cut_off()
    field.clearFocus()
    assert field.cursorPosition() == 0
    assert field.is_cut_off()
    form.set_url("https://a.cn/")
    assert not field.is_cut_off()
