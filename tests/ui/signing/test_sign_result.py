"""Tests of the result of a signature: the tabs and what their buttons copy."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import TAB_FORMATS
from tests.fakes import NOW
from tests.runtime.harness import SHOP
from tests.ui.find import button, field, widget
from tests.ui.signing.sign_page_driver import (
    HTML,
    JS,
    JSON,
    RESULT_BUTTONS,
    TICKET_VALUE,
    URL,
    config,
    result,
    signature,
    type_url,
)


def test_all_three_tabs_show_the_same_signature(page: SignPage) -> None:
    type_url(page, f"{URL}#/route")
    for tab_format in TAB_FORMATS:
        assert signature(page) in result(page, tab_format)
    assert result(page, JS).startswith("wx.config({\n")
    assert result(page, HTML).startswith("<!DOCTYPE html>")
    assert URL.replace("&", "\\u0026") in result(page, HTML)
    assert [widget(page, QTabWidget).tabText(tab) for tab in range(3)] == ["wx.config", "JSON", "Test page"]


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
            "Copy": expected.signature in copied[-1],
            "Copy the signature": copied[-1] == expected.signature,
            "Copy string": copied[-1] == expected.signed_string,
            "Open test page": copied[-1] == url,
        }[name]
    assert len(copied) == 4


def test_enter_in_the_url_field_copies_the_current_tab(page: SignPage, qtbot: QtBot) -> None:
    copied: list[tuple[str, str]] = []
    page.copy_requested.connect(lambda *what: copied.append(what))
    page.focus()
    qtbot.waitUntil(field(page, "Page's URL").hasFocus)
    QTest.keyClicks(field(page, "Page's URL"), URL)
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert copied == [(result(page, JS), "wx.config")]
    widget(page, QTabWidget).setCurrentIndex(1)
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert copied[1:] == [(result(page, JSON), "JSON")]
    field(page, "Page's URL").setText("not an address")
    QTest.keyClick(field(page, "Page's URL"), Qt.Key.Key_Return)
    assert len(copied) == 2


def test_only_the_signed_string_is_copied_as_a_secret(page: SignPage) -> None:
    plain: list[str] = []
    secret: list[str] = []
    page.copy_requested.connect(lambda text, _name: plain.append(text))
    page.secret_copy_requested.connect(secret.append)
    type_url(page, URL)
    button(page, "Copy").click()
    button(page, "Copy the signature").click()
    button(page, "Copy string").click()
    assert plain == [result(page, JS), signature(page)]
    assert secret == [SignatureInput(TICKET_VALUE, str(config(page)["nonceStr"]), int(NOW), URL).signed_string]
    assert TICKET_VALUE not in "".join(plain)


def test_the_test_page_gets_the_account_the_url_and_the_config(page: SignPage) -> None:
    wanted: list[tuple[Account, str, WxConfig]] = []
    page.test_page_requested.connect(lambda *what: wanted.append(what))
    type_url(page, f"{URL}#/route")
    button(page, "Open test page").click()
    ((account, url, given),) = wanted
    assert (account, url) == (SHOP, URL)
    assert given.signature == signature(page)
