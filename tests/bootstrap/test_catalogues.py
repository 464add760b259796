"""The files of data that the program comes with can be read."""

from guarddog_gui.bootstrap.catalogues import load_api_catalogue, load_errcode_catalog, load_jssdk_errors, make_messages
from guarddog_gui.domain.api.request import Method


def test_the_errcodes_of_both_hosts_are_found_in_the_lists() -> None:
    catalog = load_errcode_catalog()
    assert catalog.find(40164) is not None
    assert catalog.find(301002) is not None or catalog.lists.find(301002)


def test_the_calls_and_the_errors_of_the_js_sdk_are_there() -> None:
    assert load_api_catalogue().find(Method.GET, "/cgi-bin/menu/get") is not None
    assert any(load_jssdk_errors())


def test_messages_are_in_the_language_of_the_environment() -> None:
    messages = make_messages({"GUARDDOG_LANG": "zh_CN"}, "system", load_errcode_catalog(), str)
    assert messages.message_catalog.language == "zh_CN"
