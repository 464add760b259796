"""Tests of the dialog that checks if a page is ready for the JS-SDK."""

import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.readiness.answers import PageAnswer
from guarddog_gui.domain.readiness.certificate import Certificate
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.ui.readiness.dialog import PageCheckDialog
from tests.fakes import NOW
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, field, label

LISTED = replace(SHOP, js_domains=("a.cn",))
PAGE = PageAnswer(
    "https://a.cn/",
    status=200,
    address="93.184.216.34",
    certificate=Certificate(("a.cn",), NOW - 1, NOW + 90 * 86_400, "An authority"),
)


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with runtime_harness(LISTED) as harness:
        harness.page_fetcher.answers["https://a.cn/"] = PAGE
        harness.page_fetcher.answers["http://a.cn/"] = PageAnswer("http://a.cn/", status=301, location="https://a.cn/")
        yield harness


def open_dialog(
    harness: RuntimeHarness, qtbot: QtBot, account: Account | None = LISTED, url: str = ""
) -> PageCheckDialog:
    dialog = PageCheckDialog(harness.signing, make_formatter(harness), account, url)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def shown_texts(dialog: PageCheckDialog) -> str:
    return "\n".join(shown.text() for shown in dialog.findChildren(QLabel) if shown.isVisible())


def check(dialog: PageCheckDialog, qtbot: QtBot) -> None:
    button(dialog, "Check").click()
    qtbot.waitUntil(lambda: button(dialog, "Check").isEnabled())


def test_nothing_is_asked_before_the_user_says_so(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot)
    assert field(dialog, "Domain or page").text() == "a.cn"
    qtbot.wait(50)
    assert harness.page_fetcher.asked == []
    assert not button(dialog, "Copy report").isEnabled()


def test_a_page_that_is_ready(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot)
    check(dialog, qtbot)
    assert label(dialog, "message-summary").text() == "a.cn is ready."
    assert label(dialog, "certificate-summary").text() == "Valid for a.cn; days left: 90 (An authority)."
    copied: list[str] = []
    dialog.copy_requested.connect(lambda text, _name: copied.append(text))
    button(dialog, "Copy report").click()
    assert copied[0].startswith("https://a.cn/\n[ok] domain: a.cn can be a JS-safe domain.")


def test_a_page_that_is_not_ready(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.page_fetcher.answers["https://a.cn/"] = PageAnswer(
        "https://a.cn/", failure=TransportFailure(FailureKind.TIMEOUT)
    )
    dialog = open_dialog(harness, qtbot)
    check(dialog, qtbot)
    assert label(dialog, "message-summary").text() == "a.cn is not ready: 1 check failed."
    qtbot.waitUntil(lambda: "The server did not answer in time." in shown_texts(dialog))
    assert "Check that the web server runs" in shown_texts(dialog)


def test_the_page_that_is_signed_is_taken(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot, url="https://a.cn/p?id=1")
    field(dialog, "Name of WeChat's file (optional)").setText("MP_verify_abcd1234.txt")
    check(dialog, qtbot)
    assert harness.page_fetcher.urls == ["https://a.cn/p?id=1", "http://a.cn/", "https://a.cn/MP_verify_abcd1234.txt"]


def test_a_mistake_stands_at_its_field(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot, None)
    button(dialog, "Check").click()
    assert label(dialog, "page-error").text().startswith("There is no domain to check.")
    field(dialog, "Domain or page").setText("a.cn")
    field(dialog, "Name of WeChat's file (optional)").setText("robots.txt")
    button(dialog, "Check").click()
    assert label(dialog, "page-error").text() == ""
    assert label(dialog, "verify-file-error").text().startswith("This is not the name of WeChat's file.")
    assert harness.page_fetcher.asked == []


def test_closing_the_dialog_ends_the_check(harness: RuntimeHarness, qtbot: QtBot) -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    def hang() -> None:
        is_asked.set()
        may_answer.wait(10)

    harness.page_fetcher.on_fetch = hang
    dialog = open_dialog(harness, qtbot)
    button(dialog, "Check").click()
    assert is_asked.wait(10)
    assert not button(dialog, "Check").isEnabled()
    dialog.reject()
    may_answer.set()
    qtbot.waitUntil(lambda: harness.worker_pool.is_idle)
    assert harness.page_fetcher.urls == ["https://a.cn/"]
