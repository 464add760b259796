"""Forms of a copied value: each is taken by the program that it is meant for."""

import json
import shlex

import pytest

from guarddog_gui.domain.exports.formats import VALUE_VARIABLES
from guarddog_gui.domain.tokens.copy_formats import CopyFormat, copy_formats_for, render_copy, usable_format
from guarddog_gui.domain.tokens.record import TokenKind

APPID = "wx00000000000000a1"
VALUE = "91_abc-DEF_" + "x" * 50
TOKEN, TICKET, CARD = TokenKind


def render(copy_format: CopyFormat, kind: TokenKind = TOKEN, value: str = VALUE) -> str:
    return render_copy(copy_format, kind, value, appid=APPID, expires_at=1_800_000_000.7, api_base="https://api.test")


def test_the_value_alone_is_copied_without_anything_around_it() -> None:
    assert render(CopyFormat.VALUE) == VALUE


def test_the_appid_contains_nothing_of_the_token() -> None:
    assert render(CopyFormat.APPID) == APPID


def test_curl_calls_an_api_that_needs_only_the_token() -> None:
    program, url = shlex.split(render(CopyFormat.CURL))
    assert program == "curl"
    assert url == f"https://api.test/cgi-bin/get_api_domain_ip?access_token={VALUE}"


@pytest.mark.parametrize("value", ['a"b', "$(id)", "`id`", "a b", "a&b", "%PATH%"])
def test_a_shell_does_not_run_anything_in_the_value(value: str) -> None:
    _, url = shlex.split(render(CopyFormat.CURL, value=value))
    assert not set('"$`&() ') & set(url.partition("access_token=")[2])
    assert shlex.split(render(CopyFormat.ENV, value=value)) == [f"WECHAT_ACCESS_TOKEN={value}"]


@pytest.mark.parametrize("kind", TokenKind)
def test_the_env_line_has_the_name_that_exports_and_commands_use(kind: TokenKind) -> None:
    assert render(CopyFormat.ENV, kind) == f"{VALUE_VARIABLES[kind]}={VALUE}"


def test_json_names_account_value_and_expiry() -> None:
    assert json.loads(render(CopyFormat.JSON)) == {"appid": APPID, "access_token": VALUE, "expires_at": 1_800_000_000}
    assert json.loads(render(CopyFormat.JSON, TICKET))["jsapi_ticket"] == VALUE


def test_json_of_a_value_without_known_expiry_leaves_it_out() -> None:
    text = render_copy(CopyFormat.JSON, TOKEN, VALUE, appid=APPID, expires_at=None, api_base="")
    assert json.loads(text) == {"appid": APPID, "access_token": VALUE}


def test_a_ticket_has_no_curl_line_so_its_value_is_copied() -> None:
    assert CopyFormat.CURL in copy_formats_for(TOKEN)
    for kind in (TICKET, CARD):
        assert CopyFormat.CURL not in copy_formats_for(kind)
        assert usable_format(CopyFormat.CURL, kind) is CopyFormat.VALUE
    assert usable_format(CopyFormat.CURL, TOKEN) is CopyFormat.CURL
    assert usable_format(CopyFormat.JSON, TICKET) is CopyFormat.JSON
