"""Tests of the result of a signature: the tabs and what their buttons copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.signing.qr_code import QrCodeLabel
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import ResultTab
from guarddog_gui.ui.widgets.text.code_view import CodeView
from tests.fakes import NOW
from tests.runtime.harness import SHOP
from tests.ui.find import button, field, label, widget
from tests.ui.signing.sign_page_driver import (
    HTML,
    JS,
    JSON,
    RESULT_BUTTONS,
    TICKET_VALUE,
    URL,
    config,
    result,
    show_tab,
    signature,
    signed_string,
    type_url,
)
from tests.ui.signing.test_qr_code import decode


def test_each_tab_shows_the_page_that_was_signed(page: SignPage) -> None:
    type_url(page, f"{URL}#/route")
    for tab in (JS, JSON, HTML, ResultTab.CURL):
        assert signature(page) in result(page, tab)
    assert result(page, JS).startswith("wx.config({\n")
    assert result(page, HTML).startswith("<!DOCTYPE html>")
    assert "createHash" in result(page, ResultTab.NODE)
    assert result(page, ResultTab.PHP).startswith("<?php")
    assert "curl " in result(page, ResultTab.CURL)
    for tab in ResultTab:
        assert SHOP.appid in result(page, tab)
        assert URL.replace("&", "\\u0026") in result(page, tab) or tab in (JS, JSON)
        assert TICKET_VALUE not in result(page, tab)


def test_the_copy_button_is_named_after_the_tab_and_copies_it(page: SignPage) -> None:
    copied: list[tuple[str, str]] = []
    page.copy_requested.connect(lambda *arguments: copied.append(arguments))
    type_url(page, URL)
    for tab in ResultTab:
        show_tab(page, tab)
        button(page, f"Copy {tab.value}").click()
        text, name = copied[-1]
        assert text == result(page, tab)
        assert name.split(" · ")[:2] == [tab.value, "Shop"]
        assert ("valid until" in name) == (tab in (JS, JSON, HTML))  # a sample signs anew each time


def test_long_lines_of_code_are_not_broken(page: SignPage) -> None:
    type_url(page, "https://a.cn/?" + "x" * 3000)
    show_tab(page, HTML)
    view = widget(page, CodeView)
    view.moveCursor(QTextCursor.MoveOperation.End)
    view.grab()
    assert view.horizontalScrollBar().maximum() > 0
    assert view.document().lineCount() == view.blockCount()


def test_the_phone_gets_a_qr_code_of_the_signed_url(page: SignPage) -> None:
    type_url(page, f"{URL}#/route")
    button(page, "Open on a phone").click()
    code = widget(page, QrCodeLabel)
    assert code.isVisible()
    assert decode(code.grab().toImage()) == URL
    code.window().close()
    type_url(page, "https://a.cn/?" + "x" * 3000)
    button(page, "Open on a phone").click()
    assert not code.isVisible()
    assert "too long for a QR code" in label(page, "qr-text").text()
    label(page, "qr-text").window().close()


def test_the_signed_string_is_shown_on_demand(page: SignPage) -> None:
    type_url(page, URL)
    assert not signed_string(page).isVisible()
    button(page, "View string1").click()
    assert signed_string(page).isVisible()


def test_a_click_right_after_typing_copies_the_current_url(page: SignPage) -> None:
    copied: list[str] = []
    page.copy_requested.connect(lambda text, _name: copied.append(text))
    page.secret_copy_requested.connect(copied.append)
    page.test_page_requested.connect(lambda _account, url, _config: copied.append(url))
    type_url(page, URL)
    for number, name in enumerate(RESULT_BUTTONS):
        url = f"{URL}{number}"
        field(page, "Page's URL").setText(url)
        button(page, name).click()
        nonce = str(config(page)["nonceStr"])
        expected = SignatureInput(TICKET_VALUE, nonce, int(NOW), url)
        assert nonce
        assert {
            "Copy wx.config": expected.signature in copied[-1],
            "Copy the signature": copied[-1] == expected.signature,
            "Copy string1": copied[-1] == expected.signed_string,
            "Verify in the browser": copied[-1] == url,
        }[name]
    assert len(copied) == 4


def test_enter_in_the_url_field_copies_the_current_tab(page: SignPage, qtbot: QtBot) -> None:
    copied: list[tuple[str, str]] = []
    page.copy_requested.connect(lambda *what: copied.append(what))
    page.focus()
    qtbot.waitUntil(field(page, "Page's URL").hasFocus)
    QTest.keyClicks(field(page, "Page's URL"), URL)
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert [text for text, _ in copied] == [result(page, JS)]
    show_tab(page, JSON)
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert [text for text, _ in copied[1:]] == [result(page, JSON)]
    field(page, "Page's URL").setText("not an address")
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert len(copied) == 2


def test_only_the_signed_string_is_copied_as_a_secret(page: SignPage) -> None:
    plain: list[str] = []
    secret: list[str] = []
    page.copy_requested.connect(lambda text, _name: plain.append(text))
    page.secret_copy_requested.connect(secret.append)
    type_url(page, URL)
    button(page, "Copy wx.config").click()
    button(page, "Copy the signature").click()
    button(page, "Copy string1").click()
    assert plain == [result(page, JS), signature(page)]
    assert secret == [SignatureInput(TICKET_VALUE, str(config(page)["nonceStr"]), int(NOW), URL).signed_string]
    assert TICKET_VALUE not in "".join(plain)


def test_the_test_page_gets_the_account_the_url_and_the_config(page: SignPage) -> None:
    wanted: list[tuple[Account, str, WxConfig]] = []
    page.test_page_requested.connect(lambda *what: wanted.append(what))
    type_url(page, f"{URL}#/route")
    button(page, "Verify in the browser").click()
    ((account, url, given),) = wanted
    assert (account, url) == (SHOP, URL)
    assert given.signature == signature(page)
