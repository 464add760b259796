"""Queries about an account: parsing of replies, and redaction of secrets."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.wechat import account_queries
from guarddog_gui.domain.wechat.account_queries import (
    TEXT_MAX,
    Quota,
    QuotaCleared,
    RidReport,
    TokenValid,
    parse_clear_quota,
    parse_quota,
    parse_rid,
    parse_token_check,
    redact_secrets,
)
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, Reply, TransportFailure
from tests.fakes import error_reply, json_reply

TOKEN = "91_" + "Ab3-_xYz9" * 15
SECRET = "0123456789abcdef0123456789abcdef"
PATH = "/cgi-bin/token"
RID = "6176a2e0-0a0b0c0d-00000001"


def report(**fields: Any) -> RidReport:
    request = {"invoke_time": 1790000000, "cost_in_ms": 30, "client_ip": "203.0.113.7", **fields}
    found = parse_rid(json_reply(errcode=0, errmsg="ok", request=request), TOKEN)
    assert isinstance(found, RidReport)
    return found


# -- questions ------------------------------------------------------------------------------------


def test_every_query_has_the_token_in_its_url_and_not_in_its_repr() -> None:
    asked = (
        account_queries.token_check_request(TOKEN),
        account_queries.rid_request(TOKEN, RID),
        account_queries.quota_request(TOKEN, PATH),
        account_queries.clear_quota_request(TOKEN, "wx1"),
    )
    assert [request.path for request in asked] == [
        "/cgi-bin/get_api_domain_ip",
        "/cgi-bin/openapi/rid/get",
        "/cgi-bin/openapi/quota/get",
        "/cgi-bin/clear_quota",
    ]
    assert {request.query for request in asked} == {(("access_token", TOKEN),)}
    bodies = [request.body for request in asked]
    assert bodies == [None, (("rid", RID),), (("cgi_path", PATH),), (("appid", "wx1"),)]
    assert TOKEN not in repr(asked)


# -- answers --------------------------------------------------------------------------------------


def test_a_list_of_addresses_means_that_the_token_is_valid() -> None:
    assert parse_token_check(json_reply(ip_list=["203.0.113.1"]), TOKEN) == TokenValid()
    assert parse_token_check(json_reply(ip_list=[]), TOKEN) == TokenValid()
    assert parse_token_check(error_reply(40001), TOKEN) == Refusal(
        40001, "no rid: 6176a2e0-0a0b0c0d-00000001", "6176a2e0-0a0b0c0d-00000001"
    )


@pytest.mark.parametrize("ip_list", [None, {}, "203.0.113.1", 1])
def test_a_reply_without_addresses_is_no_result(ip_list: object) -> None:
    heard = parse_token_check(json_reply(ip_list=ip_list), TOKEN)
    assert heard == TransportFailure(FailureKind.UNEXPECTED_JSON, "no ip_list")


def test_a_quota_has_three_numbers_and_an_optional_rate_limit() -> None:
    fields = {"daily_limit": 2000, "used": 12, "remain": 1988}
    assert parse_quota(json_reply(quota=fields), TOKEN, PATH) == Quota(PATH, 2000, 12, 1988)
    rate = {"call_count": 10000, "refresh_second": 60}
    heard = parse_quota(json_reply(quota=fields, rate_limit=rate), TOKEN, PATH)
    assert heard == Quota(PATH, 2000, 12, 1988, 10000, 60)


@pytest.mark.parametrize("number", [None, -1, 1.5, True, "12a", "９", [], 2**60, "1" * 40])
def test_an_invalid_number_counts_as_zero(number: object) -> None:
    heard = parse_quota(json_reply(quota={"daily_limit": number, "used": "7", "remain": 8}), TOKEN, PATH)
    assert heard == Quota(PATH, 0, 7, 8)


def test_a_reply_without_the_expected_field_is_a_failure() -> None:
    assert parse_quota(json_reply(errcode=0), TOKEN, PATH) == TransportFailure(FailureKind.UNEXPECTED_JSON, "no quota")
    assert parse_rid(json_reply(request=[]), TOKEN) == TransportFailure(FailureKind.UNEXPECTED_JSON, "no request")


def test_counters_are_cleared_unless_wechat_refuses() -> None:
    assert parse_clear_quota(json_reply(errcode=0, errmsg="ok"), TOKEN) == QuotaCleared()
    heard = parse_clear_quota(error_reply(48006, "over limit"), TOKEN)
    assert heard == Refusal(48006, "over limit")


@pytest.mark.parametrize("parse", [parse_token_check, parse_rid, parse_clear_quota])
def test_a_token_in_a_refusal_is_removed(parse: Any) -> None:
    heard = parse(error_reply(40001, f"invalid credential, access_token {TOKEN} is not latest"), TOKEN)
    assert isinstance(heard, Refusal)
    assert heard.errmsg == "invalid credential, access_token … is not latest"


# -- what a rid brings back -----------------------------------------------------------------------


def test_a_rid_report_has_time_duration_address_and_texts() -> None:
    heard = report(
        request_url=f"https://api.weixin.qq.com/cgi-bin/ticket/getticket?type=jsapi&access_token={TOKEN}",
        request_body="",
        response_body='{"errcode":40001,"errmsg":"invalid credential"}',
    )
    assert (heard.requested_at, heard.cost_ms, heard.client_ip) == (1790000000, 30, "203.0.113.7")
    assert heard.url == "https://api.weixin.qq.com/cgi-bin/ticket/getticket?type=jsapi&access_token=…"
    assert heard.response == '{"errcode":40001,"errmsg":"invalid credential"}'


FORMS = {
    "url": lambda name, value: f"https://api.weixin.qq.com/cgi-bin/token?appid=wx1&{name}={value}&x=1",
    "last in the url": lambda name, value: f"/cgi-bin/token?x=1&{name}={value}",
    "form": lambda name, value: urlencode({"appid": "wx1", name: value, "x": "1"}),
    "json": lambda name, value: json.dumps({"appid": "wx1", name: value, "x": 1}),
    "tight json": lambda name, value: json.dumps({"appid": "wx1", name: value}, separators=(",", ":")),
    "pretty json": lambda name, value: json.dumps({"appid": "wx1", name: value, "x": 1}, indent=4),
    "json in json": lambda name, value: json.dumps({"body": json.dumps({name: value, "x": 1})}),
    "json in json in json": lambda name, value: json.dumps([json.dumps([json.dumps({name: value})])]),
    "url in a url": lambda name, value: f"/go?to={quote(f'/cgi-bin/token?{name}={value}&x=1', safe='')}",
    "json in a url": lambda name, value: f"/go?body={quote(json.dumps({name: value}), safe='')}",
    "single quotes": lambda name, value: f"{{'{name}': '{value}'}}",
    "xml": lambda name, value: f"<xml><{name}>{value}</{name}></xml>",
    "cdata": lambda name, value: f"<xml><{name}><![CDATA[{value}]]></{name}></xml>",
}
NAMES = ("access_token", "secret", "appsecret", "ticket", "refresh_token", "Access_Token", "SECRET",
         "AppSecret", "component_access_token", "component_appsecret", "authorizer_refresh_token",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [SECRET, "77_" + "q8Z_-w" * 25])
def test_secrets_are_redacted_in_any_form(form: str, name: str, value: str) -> None:
    text = FORMS[form](name, value)
    assert value in text
    for shown in (redact_secrets(text), report(request_url=text).url, report(request_body=text).body):
        assert value not in shown
        assert value[:12] not in shown
        assert value[-12:] not in shown


@given(st.text(), st.text(), st.sampled_from(sorted(FORMS)), st.sampled_from(NAMES))
def test_secrets_are_redacted_in_any_context(before: str, after: str, form: str, name: str) -> None:
    secret = "s3cr3t" * 6
    shown = redact_secrets(f"{before} {FORMS[form](name, secret)} {after}")
    assert secret not in shown


@pytest.mark.parametrize("form", FORMS)
def test_other_texts_are_not_redacted(form: str) -> None:
    text = FORMS[form]("cgi_path", "/cgi-bin/token") + " errcode 40001 grant_type=client_credential"
    assert redact_secrets(text) == text


def test_the_used_token_is_redacted_everywhere() -> None:
    heard = report(
        request_url=f"https://api.weixin.qq.com/{TOKEN}",
        request_body={"note": TOKEN, TOKEN: 1},
        response_body=f"no field has {TOKEN}, but there it is",
        client_ip=TOKEN,
    )
    assert TOKEN not in repr(heard)
    assert heard.url == "https://api.weixin.qq.com/…"


def test_a_token_is_redacted_before_the_text_is_shortened() -> None:
    filled = f"access_token={TOKEN}&" * 40  # the text is shortened after redaction
    for length in range(2 * TEXT_MAX - len(filled) - 160, 2 * TEXT_MAX - len(filled)):
        shown = report(request_body=f"{filled}{'x' * length}/{TOKEN}/").body
        assert TOKEN[:12] not in shown
        assert len(shown) <= TEXT_MAX


def test_control_characters_and_lines_become_spaces() -> None:
    assert report(request_body="a\r\n\x1b[31mb\u202ec\x00d").body == "a   [31mb c d"


# -- anything at all ------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
some_requests = st.fixed_dictionaries(
    {},
    optional={
        "invoke_time": json_values,
        "cost_in_ms": json_values,
        "request_url": json_values,
        "request_body": json_values,
        "response_body": json_values,
        "client_ip": json_values,
    },
)


def take_everything(reply: Reply) -> None:
    assert isinstance(parse_token_check(reply, TOKEN), TokenValid | Refusal | TransportFailure)
    assert isinstance(parse_clear_quota(reply, TOKEN), QuotaCleared | Refusal | TransportFailure)
    assert isinstance(parse_quota(reply, TOKEN, PATH), Quota | Refusal | TransportFailure)
    heard = parse_rid(reply, TOKEN)
    assert isinstance(heard, RidReport | Refusal | TransportFailure)
    if isinstance(heard, RidReport):
        assert len(heard.url) <= TEXT_MAX
        assert heard.url.isprintable()


@given(st.binary(), st.sampled_from([200, 302, 500]))
def test_any_bytes_can_be_parsed(body: bytes, status: int) -> None:
    take_everything(Reply(status, body))


@given(st.dictionaries(st.sampled_from(["errcode", "errmsg", "ip_list", "quota", "request"]), json_values))
def test_any_json_can_be_parsed(fields: dict[str, Any]) -> None:
    take_everything(json_reply(**fields))


@given(some_requests)
def test_any_request_of_a_rid_can_be_parsed(request: dict[str, Any]) -> None:
    take_everything(json_reply(errcode=0, request=request))
