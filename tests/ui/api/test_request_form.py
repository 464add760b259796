"""The form: the tab of a call, its page, its file, and the star."""

import pytest
from PySide6.QtWidgets import QAbstractButton

from tests.api_fakes import api_reply
from tests.ui import find
from tests.ui.api.api_page_driver import ApiPageDriver
from tests.ui.opened_urls import record_opened_urls


def test_the_editor_shows_what_a_call_needs(page: ApiPageDriver) -> None:
    page.choose("/cgi-bin/user/info")
    page.search("upload a file")
    assert page.text_area("Query").isVisible()
    page.choose("/cgi-bin/media/upload")
    assert find.field(page.page, "File").isVisible()


def test_the_page_of_a_known_call_opens_in_the_browser(page: ApiPageDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = record_opened_urls(monkeypatch)
    page.enter("cgi-bin/unknown/call")
    assert not page.is_shown("Docs")
    page.enter("cgi-bin/menu/create", "POST")
    page.click("Docs")
    assert opened[0].startswith("https://developers.weixin.qq.com/")


def test_a_file_is_chosen_with_the_dialog_of_the_desktop(page: ApiPageDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = "guarddog_gui.ui.api.request_form.QFileDialog.getOpenFileName"
    monkeypatch.setattr(dialog, lambda *_: ("/home/me/cat.png", ""))
    page.search("upload a file")
    page.choose("/cgi-bin/media/upload")
    page.click("Choose…")
    assert find.field(page.page, "File").text() == "/home/me/cat.png"
    monkeypatch.setattr(dialog, lambda *_: ("", ""))
    page.click("Choose…")
    assert find.field(page.page, "File").text() == "/home/me/cat.png"


def test_another_call_takes_nothing_of_the_last_one_along(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/x", "POST", query="a=1", body='{"b":2}')
    page.choose("/cgi-bin/get_api_domain_ip")
    assert page.text_area("Query").toPlainText() == ""
    assert page.text_area("Body").toPlainText() == ""


def test_the_star_shows_whether_the_call_is_a_favourite(page: ApiPageDriver) -> None:
    star = find.widget(page.page, QAbstractButton, "Favourite")
    page.enter("cgi-bin/menu/get")
    page.click("Favourite")
    page.wait()
    page.qtbot.waitUntil(star.isChecked)
    page.enter("cgi-bin/user/get")
    assert not star.isChecked()


def test_a_path_that_cannot_be_sent_is_no_favourite(page: ApiPageDriver) -> None:
    page.enter("//evil.example")
    page.click("Favourite")
    page.wait()
    assert page.harness.api_calls.favourites() == ()
    assert not find.widget(page.page, QAbstractButton, "Favourite").isChecked()


def test_a_notice_goes_when_the_mistake_is_corrected(page: ApiPageDriver) -> None:
    page.enter("//evil.example")
    page.send()
    assert page.notice
    page.enter("cgi-bin/menu/get")
    page.answer_with(api_reply())
    assert page.notice == ""
