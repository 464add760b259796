"""Functions that use the sign page as a user does and return what it shows."""

import json

from PySide6.QtWidgets import QPushButton, QTabBar, QTextBrowser
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.page_notes import NoteList
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.signing.sign_result import ResultTab
from guarddog_gui.ui.widgets.strip import Strip
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.code_view import CodeView
from tests.runtime.harness import SECRET, RuntimeHarness
from tests.ui.find import button, combo, field, widget

URL = "https://shop.example.com/p?id=1"
TICKET_VALUE = "kgt8ON7yVITDhtdwci0qeS" + "x" * 40
OTHER_TICKET_VALUE = "bxLdikRXVbTPdHSM05e5u5" + "y" * 40
JS, JSON, HTML = ResultTab.CONFIG, ResultTab.JSON, ResultTab.HTML
RESULT_BUTTONS = ("Copy wx.config", "Copy the signature", "Copy string1", "Verify in the browser")


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


def show_tab(page: SignPage, tab: ResultTab) -> None:
    widget(page, QTabBar).setCurrentIndex(tuple(ResultTab).index(tab))


def result(page: SignPage, tab: ResultTab = JS) -> str:
    """Return the text of one tab, and go back to the one that was shown."""
    tabs = widget(page, QTabBar)
    before = tabs.currentIndex()
    show_tab(page, tab)
    text = widget(page, CodeView, tab.value).toPlainText()
    tabs.setCurrentIndex(before)
    return text


def config(page: SignPage) -> dict[str, object]:
    fields: dict[str, object] = json.loads(result(page, JSON))
    return fields


def signature(page: SignPage) -> str:
    return str(config(page)["signature"])


def ticket_status(page: SignPage) -> str:
    """Return which ticket was used, a hint, or why nothing is signed."""
    problem = widget(page, Strip, "sign-problem")
    return widget(page, ElidedLabel, "ticket-status").text() if problem.isHidden() else problem.accessibleName()


def ticket_age(page: SignPage) -> str:
    return widget(page, ElidedLabel, "ticket-status").accessibleDescription()


def signed_string(page: SignPage) -> QTextBrowser:
    return widget(page, QTextBrowser, "Signed string (string1)")


def note_list(page: SignPage, name: str) -> NoteList:
    return widget(page, NoteList, f"{name}-notes")


def shown_warnings(page: SignPage, name: str) -> list[str]:
    """Return the notes below the field url, nonce or timestamp, after a click on the link that shows all."""
    notes = note_list(page, name)
    if notes.isHidden():
        return []
    for link in notes.findChildren(QPushButton):
        if link.text().startswith("Show "):
            link.click()
    return [strip.accessibleName() for strip in notes.findChildren(Strip)]


def corrections(page: SignPage) -> list[QPushButton]:
    """Return the links that correct the URL."""
    notes = note_list(page, "url")
    links = notes.findChildren(QPushButton) if not notes.isHidden() else []
    return [link for link in links if link.text() == "Fix"]


def recent_urls(page: SignPage) -> list[str]:
    urls = combo(page, "Page's URL")
    return [urls.itemText(row) for row in range(urls.count())]


def is_empty(page: SignPage) -> bool:
    """Return whether the page shows no signature, not even an earlier one."""
    texts = [result(page, tab) for tab in ResultTab] + [signed_string(page).toPlainText()]
    buttons = (*RESULT_BUTTONS, "Open on a phone")
    return not any(texts) and not any(button(page, name).isEnabled() for name in buttons)


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
