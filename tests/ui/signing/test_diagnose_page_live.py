"""Tests of the diagnose page: its answers while the user types, the clipboard, and what its buttons do."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes import OFFLINE_FAILURE
from tests.runtime.harness import CAFE, RuntimeHarness
from tests.ui.find import button, field
from tests.ui.signing.diagnose_page_driver import (
    PAGE,
    DiagnosePageDriver,
    config_with,
    diagnose_harness,
    mistaken_config,
)


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with diagnose_harness() as harness:
        yield harness


# -- answering by itself --------------------------------------------------------------------------


def test_the_answer_comes_while_the_user_types(driver: DiagnosePageDriver) -> None:
    assert driver.verdict.startswith("Copy the wx.config")
    field(driver.page, "Page's URL").setText(PAGE)
    driver.qtbot.waitUntil(lambda: "wx.config" in driver.verdict and "Copy the" in driver.verdict)
    driver.paste_field.setPlainText(mistaken_config(driver))
    driver.qtbot.waitUntil(lambda: driver.verdict.startswith("from=timeline is missing"))
    field(driver.page, "Page's URL").setText("https://shop.example.cn/shop/?id=7")
    driver.qtbot.waitUntil(lambda: driver.verdict.startswith("The signature is right"))


def test_with_both_on_the_clipboard_opening_the_page_is_enough(
    driver: DiagnosePageDriver, clipboard: QClipboard
) -> None:
    driver.page.hide()
    clipboard.setText(f"{mistaken_config(driver)}\n{PAGE}")
    driver.page.show()
    driver.wait()
    assert driver.verdict.startswith("from=timeline is missing")


def test_the_clipboard_is_read_again_when_the_window_is_activated(
    driver: DiagnosePageDriver, clipboard: QClipboard
) -> None:
    other = QWidget()
    driver.qtbot.addWidget(other)
    for text in (mistaken_config(driver), PAGE):
        other.show()
        other.activateWindow()
        driver.qtbot.waitUntil(other.isActiveWindow)
        clipboard.setText(text)
        driver.page.activateWindow()
        driver.qtbot.waitUntil(driver.page.isActiveWindow)
    driver.qtbot.waitUntil(lambda: driver.verdict.startswith("from=timeline is missing"))


def test_a_hidden_page_neither_reads_the_clipboard_nor_searches(
    driver: DiagnosePageDriver, clipboard: QClipboard, harness: RuntimeHarness
) -> None:
    driver.page.hide()
    clipboard.setText(f"{mistaken_config(driver)}\n{PAGE}")
    driver.page.retranslate()
    driver.select_account(CAFE.appid)
    harness.wait_until_idle(driver.qtbot)
    assert driver.paste_field.toPlainText() == ""
    driver.page.set_input(config_with("0" * 40), PAGE)
    assert not driver.page.is_running


def test_an_old_answer_never_replaces_a_newer_one(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)  # a long search
    old = driver.page._diagnosis
    assert old is not None
    driver.diagnose(mistaken_config(driver))
    assert driver.verdict.startswith("from=timeline is missing")
    harness.wait_until_idle(driver.qtbot)
    assert driver.verdict.startswith("from=timeline is missing")
    driver.page.set_input("", "")
    assert driver.verdict.startswith("Copy the wx.config")


def test_the_same_input_is_not_searched_again(driver: DiagnosePageDriver) -> None:
    driver.diagnose(config_with("0" * 40))
    driver.page.hide()
    driver.page.show()
    assert not driver.page.is_running
    assert driver.verdict.startswith("None of")


def test_typing_requests_a_missing_ticket_once(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    for number in range(4):
        driver.diagnose(config_with("0" * 40), f"{PAGE}{number}")
        harness.wait_until_idle(driver.qtbot)
    assert len(harness.refresh_results) == 1
    driver.page.hide()
    driver.page.show()
    driver.diagnose(config_with("0" * 40), f"{PAGE}x")
    harness.wait_until_idle(driver.qtbot)
    assert len(harness.refresh_results) == 2


# -- what to do about it --------------------------------------------------------------------------


def test_the_right_url_is_signed_on_the_other_page(driver: DiagnosePageDriver) -> None:
    driver.diagnose(mistaken_config(driver))
    with driver.qtbot.waitSignal(driver.page.sign_requested) as requested:
        button(driver.page, "Sign the right URL").click()
    assert requested.args == [PAGE.partition("#")[0]]
    driver.diagnose(config_with("0" * 40))
    assert not button(driver.page, "Sign the right URL").isVisible()


def test_the_fix_is_copied_with_both_urls_and_without_secrets(driver: DiagnosePageDriver) -> None:
    driver.diagnose(mistaken_config(driver))
    with driver.qtbot.waitSignal(driver.page.copy_requested) as requested:
        button(driver.page, "Copy the fix").click()
    assert requested.args is not None
    text, name = requested.args
    assert name == "the fix"
    assert text.startswith("from=timeline is missing")
    assert text.endswith(f"signed: https://shop.example.cn/shop/?id=7\npage: {PAGE.partition('#')[0]}")
    assert driver.value() not in text


def test_a_message_of_the_jssdk_is_explained(driver: DiagnosePageDriver) -> None:
    text = driver.diagnose("config:fail, invalid url domain", "")
    assert text.startswith("invalid url domain: The domain of the page may not use the JS-SDK")
    # with a config beside it, the signature is looked into
    text = driver.diagnose(f"config:fail, invalid signature\n{mistaken_config(driver)}")
    assert text.startswith("from=timeline is missing")
