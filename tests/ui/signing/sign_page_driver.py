"""Functions that use the sign page as a user does and return what it shows."""

import json

from guarddog_gui.ui.signing.url_warnings import WarningList
from PySide6.QtWidgets import QLabel, QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.qr_code import QrCodeLabel
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import TAB_FORMATS
from tests.runtime.harness import SECRET, RuntimeHarness
from tests.ui.find import button, combo, field, label, text_area, widget

URL = "https://shop.example.com/p?id=1"
TICKET_VALUE = "kgt8ON7yVITDhtdwci0qeS" + "x" * 40
OTHER_TICKET_VALUE = "bxLdikRXVbTPdHSM05e5u5" + "y" * 40
JS, JSON, HTML = TAB_FORMATS
TAB_NAMES = {JS: "wx.config", JSON: "JSON", HTML: "Test page"}
RESULT_BUTTONS = ("Copy", "Copy the signature", "Copy string", "Open test page")


def open_page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    harness.controller.reload_from_disk()
    page = SignPage(harness.controller, harness.signing, formatter)
    qtbot.addWidget(page)
    page.resize(800, 560)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    return page


def type_url(page: SignPage, url: str) -> None:
    """Fill in the URL and sign without waiting for the typing timer."""
    field(page, "Page's URL").setText(url)
    page.sign()


def result(page: SignPage, tab_format: str = JS) -> str:
    """Return the text of one tab."""
    return text_area(page, TAB_NAMES[tab_format]).toPlainText()


def config(page: SignPage) -> dict[str, object]:
    fields: dict[str, object] = json.loads(result(page, JSON))
    return fields


def signature(page: SignPage) -> str:
    return str(config(page)["signature"])


def ticket_status(page: SignPage) -> str:
    return label(page, "ticket-status").text()


def signed_string(page: SignPage) -> QTextBrowser:
    return widget(page, QTextBrowser, "What is signed")


def warning_list(page: SignPage, name: str) -> WarningList:
    return widget(page, WarningList, f"{name}-warnings")


def shown_warnings(page: SignPage, name: str) -> list[str]:
    """Return the warnings below the field url, nonce or timestamp."""
    warnings = warning_list(page, name)
    if warnings.isHidden():
        return []
    return [each.text() for each in warnings.findChildren(QLabel) if each.text()]


def corrections(page: SignPage) -> list[QPushButton]:
    """Return the buttons that correct the URL."""
    warnings = warning_list(page, "url")
    return warnings.findChildren(QPushButton) if not warnings.isHidden() else []


def recent_urls(page: SignPage) -> list[str]:
    urls = combo(page, "Page's URL")
    return [urls.itemText(row) for row in range(urls.count())]


def is_empty(page: SignPage) -> bool:
    """Return whether the page shows no signature, not even an earlier one."""
    texts = [result(page, tab_format) for tab_format in TAB_FORMATS] + [signed_string(page).toPlainText()]
    return (
        not any(texts)
        and not any(button(page, name).isEnabled() for name in RESULT_BUTTONS)
        and widget(page, QrCodeLabel).pixmap().isNull()
    )


def is_signed(page: SignPage, url: str) -> bool:
    return signed_string(page).toPlainText().endswith(f"url={url}")


def change_accounts(harness: RuntimeHarness, *accounts: Account) -> None:
    for account in accounts:
        harness.secrets.stored.setdefault(account.appid, Secret(SECRET))
    harness.accounts.update(lambda _: accounts)
    harness.controller.reload_from_disk()
    publish_overview(harness)


def publish_overview(harness: RuntimeHarness) -> None:
    """Publish the current state now, which the controller does after a short delay."""
    harness.controller.overview_changed.emit(harness.controller.overview())
