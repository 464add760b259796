"""The catalogue of common calls is complete in both languages, and every call in it could be sent."""

import json

import pytest

from guarddog_gui.bootstrap.catalogues import load_api_catalogue
from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.api.catalogue import ApiCatalogue, CallEffect, CatalogueCall
from guarddog_gui.domain.api.request import ApiRequest, check_request
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH
from guarddog_gui.sandbox.common_calls.endpoints import ROUTES

CATALOGUE = load_api_catalogue()
CALLS = tuple(CATALOGUE)
# words by which a call of this name reads, although it is a POST
READING_WORDS = ("get", "list", "query", "check", "fetch", "match", "count", "datacube", "getwxacodeunlimit")


def test_there_are_at_least_sixty_calls() -> None:
    assert len(CALLS) >= 60


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
def test_every_call_could_be_sent_as_it_is(call: CatalogueCall) -> None:
    request = check_request(call.method, call.path, tuple(call.query.items()), call.body_text())
    assert isinstance(request, ApiRequest)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
def test_every_call_has_two_titles_and_a_page_of_wechat(call: CatalogueCall) -> None:
    english, chinese = call.title(ENGLISH), call.title(CHINESE)
    assert english.isascii() or "“" in english
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or "jsapi" in chinese
    assert call.help_url.startswith("https://developers.weixin.qq.com/")
    assert call.help_url.endswith(".html")


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
def test_a_post_that_reads_is_one_by_its_name(call: CatalogueCall) -> None:
    name = call.path.rpartition("/")[2]
    reads_by_name = call.method == "GET" or any(word in call.path for word in READING_WORDS)
    assert reads_by_name or call.effect is not CallEffect.READS, name
    if call.effect is not CallEffect.READS:
        assert call.method == "POST" or "delete" in call.path


def test_the_known_groups_are_there() -> None:
    names = {group.name(ENGLISH) for group in CATALOGUE.groups}
    assert {"Menu", "Followers", "Material", "Template messages", "QR codes and links", "Access and quota"} <= names


@pytest.mark.parametrize(
    ("method", "path", "is_changing"),
    [
        ("GET", "/cgi-bin/menu/get", False),
        ("get", "/cgi-bin/menu/delete", True),
        ("POST", "/cgi-bin/menu/create", True),
        ("GET", "/CGI-BIN/Menu/Delete", True),
        ("POST", "/cgi-bin/openapi/quota/get", False),
        ("POST", "/unknown/call", True),
        ("GET", "/unknown/call", True),
        ("GET", "/unknown/delete", True),
        ("GET", "/get/delete", True),
        *(
            ("GET", f"/x/{name}", True)
            for name in ("delaccount", "deletelist", "forget", "checkout", "getandset", "widget")
        ),
        ("GET", "/unknown/batchGet", False),
        ("GET", "/unknown/getuserinfo/", False),
    ],
)
def test_marked_calls_and_unknown_ones_that_do_not_say_that_they_read_change_something(
    method: str, path: str, *, is_changing: bool
) -> None:
    assert CATALOGUE.is_changing(method, path) is is_changing


def test_search_finds_words_of_both_languages_and_of_the_path() -> None:
    for text in ("menu create", "创建菜单", "CGI-BIN/menu/cre"):
        paths = [call.path for group in CATALOGUE.search(text) for call in group.calls]
        assert "/cgi-bin/menu/create" in paths
    assert CATALOGUE.search("no such call") == ()


def test_search_leaves_out_the_calls_of_the_other_platform() -> None:
    official = {call.path for group in CATALOGUE.search("", Platform.OFFICIAL) for call in group.calls}
    mini = {call.path for group in CATALOGUE.search("", Platform.MINI_PROGRAM) for call in group.calls}
    assert "/cgi-bin/menu/get" in official - mini
    assert "/wxa/getwxacodeunlimit" in mini - official
    assert "/cgi-bin/media/upload" in official & mini


def test_the_example_of_a_call_is_for_the_account() -> None:
    call = CATALOGUE.find("POST", "/cgi-bin/clear_quota")
    assert call is not None
    assert json.loads(call.body_text("wx00000000000000a1")) == {"appid": "wx00000000000000a1"}


def test_every_call_of_the_sandbox_is_in_the_catalogue() -> None:
    known = {call.key for call in CALLS}
    assert {(method, path) for path, (method, _) in ROUTES.items()} <= known


def test_a_damaged_or_ambiguous_catalogue_is_an_incomplete_installation() -> None:
    for text in ("", "{}", '[{"en": "x"}]'):
        with pytest.raises(InternalError):
            ApiCatalogue.from_json(text)
    with pytest.raises(InternalError):
        ApiCatalogue((*CATALOGUE.groups, CATALOGUE.groups[0]))
