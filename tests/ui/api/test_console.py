"""The API page as a user meets it: choose, send, read, understand, copy, and be asked before a change."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.api.answer import ApiReply
from guarddog_gui.domain.api.request import Method
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.ui.api.copy_menu import CopyCallMenu
from tests.api_fakes import PNG, api_reply
from tests.fakes import token_reply
from tests.runtime.harness import SHOP
from tests.ui import find
from tests.ui.api.api_page_driver import TOKEN_VALUE, ApiPageDriver
from tests.ui.message_boxes import MessageBoxAnswerer

RID = "6566c1a8-2c4b1d0e-7f3a9b12"


def test_a_chosen_call_is_filled_in_and_sent_with_the_token(page: ApiPageDriver) -> None:
    page.choose("/cgi-bin/user/get")
    page.answer_with(api_reply(total=2))

    page.send()

    ((request, token),) = page.harness.api_transport.sent
    assert (request.method, request.path) == (Method.GET, "/cgi-bin/user/get")
    assert token == TOKEN_VALUE
    assert page.answer == '{\n  "total": 2\n}'
    assert page.status.startswith("200 · ")
    assert "Shop" in page.status


def test_a_call_with_a_body_shows_its_example(page: ApiPageDriver) -> None:
    page.search("clear_quota")
    page.choose("/cgi-bin/clear_quota")

    assert page.method == "POST"
    assert json.loads(page.text_area("Body").toPlainText()) == {"appid": SHOP.appid}
    assert page.text_area("Body").isVisible()


def test_the_path_field_has_the_focus_and_enter_sends(page: ApiPageDriver) -> None:
    page.page.focus()
    field = find.field(page.page, "Path")
    assert field.hasFocus()

    QTest.keyClicks(field, "cgi-bin/menu/get")
    QTest.keyClick(field, Qt.Key.Key_Return)
    page.wait()

    assert len(page.harness.api_transport.sent) == 1


def test_ctrl_enter_in_an_editor_sends_and_enter_alone_is_a_line(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    query = page.text_area("Query")
    query.setFocus()
    QTest.keyClick(query, Qt.Key.Key_Return)
    assert query.toPlainText() == "\n"
    QTest.keyClick(query, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page.wait()
    assert len(page.harness.api_transport.sent) == 1


def test_a_pasted_line_sets_the_method(page: ApiPageDriver) -> None:
    page.enter("POST https://api.weixin.qq.com/cgi-bin/menu/create?access_token=ACCESS_TOKEN")
    assert page.method == "POST"
    page.send()
    assert page.harness.api_transport.sent[0][0].path == "/cgi-bin/menu/create"


@pytest.mark.parametrize(
    ("path", "query", "body", "words"),
    [
        ("//evil.example/x", "", "", "another server"),
        ("https://evil.example/x", "", "", "another server"),
        ("cgi-bin/../x", "", "", "cannot be a path"),
        ("user@evil.example", "", "", "cannot be a path"),
        ("cgi-bin/x", "access_token=91_abc", "", "access_token in the query"),
        ("cgi-bin/x", "novalue", "", "line 1"),
        ("cgi-bin/x", "", "{}", "A GET has no body"),
        ("cgi-bin/token", "", "", "makes an access_token"),
        ("", "", "", "There is no path"),
    ],
)
def test_what_cannot_be_sent_is_explained_and_not_sent(
    page: ApiPageDriver, path: str, query: str, body: str, words: str
) -> None:
    page.enter(path, query=query, body=body)

    page.send()

    assert words in page.notice
    assert page.harness.api_transport.sent == []


def test_a_refusal_is_explained_with_its_buttons(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(api_reply(errcode=40164, errmsg=f"invalid ip 203.0.113.9, not in whitelist rid: {RID}"))

    page.send()

    assert "203.0.113.9" in page.message
    assert "40164" in page.message
    assert RID in page.status
    assert page.is_shown("Open WeChat console")
    page.click("Copy IP 203.0.113.9")
    page.click("Copy rid")
    assert page.copied == [("203.0.113.9", "203.0.113.9"), (RID, RID)]
    page.click("Ask WeChat about this rid")
    (entry,) = page.rid_queries
    assert isinstance(entry, HistoryEntry)
    assert (entry.appid, entry.rid) == (SHOP.appid, RID)
    page.click("About 40164")
    assert page.errcodes == [40164]


def test_a_quota_offers_its_numbers_and_a_success_offers_nothing(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(api_reply(errcode=45009, errmsg="reach max api daily quota limit"), api_reply(menu={}))
    page.send()
    assert page.is_shown("Quota…")
    page.send()
    assert page.message == ""
    assert not page.is_shown("Quota…")


def test_a_refused_token_is_renewed_and_the_call_repeated(page: ApiPageDriver) -> None:
    new = "91_new" + "n" * 60
    page.harness.wechat.forced_token_reply = token_reply(new)
    page.enter("cgi-bin/menu/get")
    page.answer_with(api_reply(errcode=40001, errmsg="invalid credential"), api_reply(menu={}))

    page.send()

    assert page.harness.api_transport.tokens == [TOKEN_VALUE, new]
    assert "renewed" in page.message
    assert '"menu"' in page.answer


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.OFFLINE, FailureKind.TOO_BIG])
def test_a_call_without_an_answer_says_why(page: ApiPageDriver, kind: FailureKind) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(TransportFailure(kind))
    page.send()
    assert page.message
    assert page.answer == ""


def test_a_redirect_is_told_and_not_followed(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(ApiReply(302, b""))
    page.send()
    assert page.message
    assert len(page.harness.api_transport.sent) == 1


def test_the_raw_answer_is_what_came(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(ApiReply(200, '{"n":1.50,"名":"花"}'.encode()))
    page.send()
    page.show_raw()
    assert page.answer == '{"n":1.50,"名":"花"}'


def test_the_token_is_not_shown_even_if_the_answer_has_it(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.answer_with(api_reply(url=f"?access_token={TOKEN_VALUE}"))
    page.send()
    assert TOKEN_VALUE not in page.answer
    page.show_raw()
    assert TOKEN_VALUE not in page.answer


def test_a_call_for_the_other_platform_is_warned_of_before_it_is_sent(page: ApiPageDriver) -> None:
    page.enter("/wxa/getwxacodeunlimit", "POST")
    assert "48001" in page.notice


def test_the_list_has_the_calls_of_the_platform_only(page: ApiPageDriver) -> None:
    assert SHOP.platform is Platform.OFFICIAL
    assert any("/cgi-bin/menu/get" in row for row in page.rows)
    assert not any("/wxa/getwxacodeunlimit" in row for row in page.rows)


# -- production accounts


CHANGES = [("POST", "cgi-bin/menu/create", '{"button":[]}'), ("GET", "cgi-bin/menu/delete", "")]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_on_a_production_account_is_not_sent_without_a_yes(
    production_page: ApiPageDriver, method: str, path: str, body: str
) -> None:
    production_page.enter(path, method, body=body)
    asked = MessageBoxAnswerer("Cancel")

    production_page.send()

    assert f"{method} /{path}" in asked.shown[0].text
    assert production_page.harness.api_transport.sent == []
    assert production_page.is_shown("Send")


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_on_a_production_account_is_sent_after_its_name(
    production_page: ApiPageDriver, method: str, path: str, body: str
) -> None:
    production_page.enter(path, method, body=body)
    asked = MessageBoxAnswerer("Send", typed="Shop")

    production_page.send()

    assert len(asked.shown) == 1
    assert len(production_page.harness.api_transport.sent) == 1


def test_a_call_that_reads_asks_nothing(production_page: ApiPageDriver) -> None:
    asked = MessageBoxAnswerer("Cancel")
    production_page.enter("cgi-bin/openapi/quota/get", "POST", body='{"cgi_path":"/x"}')
    production_page.send()
    assert asked.shown == []
    assert len(production_page.harness.api_transport.sent) == 1


def test_another_account_is_not_asked_about(page: ApiPageDriver) -> None:
    asked = MessageBoxAnswerer("Cancel")
    page.enter("cgi-bin/menu/delete")
    page.send()
    assert asked.shown == []


# -- copies, favourites, history


def copy_as(page: ApiPageDriver, form: str, *, with_token: bool = False) -> None:
    menu = find.widget(page.page, CopyCallMenu)
    if with_token:
        find.action(menu, "With the token itself, next time").trigger()
    find.action(menu, form).trigger()


@pytest.mark.parametrize("form", ["curl", "Python", "Node", "Bruno", "Postman"])
def test_a_copy_has_a_variable_unless_the_token_is_asked_for_once(page: ApiPageDriver, form: str) -> None:
    page.enter("cgi-bin/user/info", query="openid=o1")
    copy_as(page, form)
    copy_as(page, form, with_token=True)
    copy_as(page, form)

    texts = [text for text, _ in page.copied]
    assert len(texts) == 2
    assert not any(TOKEN_VALUE in text for text in texts)
    ((secret, name),) = page.copied_secrets
    assert TOKEN_VALUE in secret
    assert TOKEN_VALUE not in name


def test_without_a_live_token_none_is_copied(page: ApiPageDriver) -> None:
    page.harness.clock.advance(8000)
    page.enter("cgi-bin/user/info")
    copy_as(page, "curl", with_token=True)
    assert page.copied_secrets == []
    assert page.statuses


def test_what_cannot_be_sent_is_not_copied(page: ApiPageDriver) -> None:
    page.enter("//evil.example/x")
    copy_as(page, "curl")
    assert page.copied == []
    assert page.notice


def test_a_favourite_is_kept_and_chosen_from_its_list(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.click("Favourite")
    page.wait()
    page.enter("cgi-bin/user/get")
    page.show_list("Favourites")
    assert len(page.rows) == 1

    page.choose("/cgi-bin/menu/get")

    assert page.path == "/cgi-bin/menu/get"


def test_the_history_lists_calls_without_values_and_can_be_forgotten(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/user/info", query="openid=oPRIVATE")
    page.answer_with(api_reply(errcode=40003, errmsg="invalid openid"))
    page.send()
    page.show_list("History")
    page.qtbot.waitUntil(lambda: len(page.rows) == 1)
    assert "40003" in page.rows[0]
    assert "oPRIVATE" not in page.rows[0]

    page.click("Forget these calls")
    page.wait()

    page.qtbot.waitUntil(lambda: page.rows == [])
    assert find.shows(page.page, "Nothing has been called")


def test_a_picture_is_shown_and_saved(page: ApiPageDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    page.enter("cgi-bin/media/get", query="media_id=m")
    page.answer_with(ApiReply(200, PNG))
    page.send()
    assert find.shows(page.page, "Picture, 1 × 1 pixels")

    monkeypatch.setattr(
        "guarddog_gui.ui.api.answer_view.QFileDialog.getSaveFileName", lambda *_: ("/home/me/cat.png", "")
    )
    page.click("Save…")
    page.wait()

    assert page.harness.saved_files == {"/home/me/cat.png": PNG}
    assert page.statuses == ["Saved in /home/me/cat.png"]


def test_a_file_is_uploaded(page: ApiPageDriver) -> None:
    page.harness.uploads["/home/me/cat.png"] = PNG
    page.choose("/cgi-bin/media/upload")
    find.field(page.page, "File").setText("/home/me/cat.png")
    page.send()
    ((request, _),) = page.harness.api_transport.sent
    assert request.upload is not None
    assert request.upload.content == PNG
    assert request.query == (("type", "image"),)


def test_while_a_call_runs_a_second_one_waits_for_its_click(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/menu/get")
    page.console.send()
    assert not page.is_shown("Send")
    page.console.send()
    page.wait()
    assert len(page.harness.api_transport.sent) == 1
    assert page.is_shown("Send")
