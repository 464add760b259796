"""Requests for tokens and tickets, and parsing of replies."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.accounts.route import normalize_api_base
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.protocol import (
    REPLY_MAX,
    FailureKind,
    IssuedToken,
    Refusal,
    Reply,
    TransportFailure,
    endpoint_name,
    parse_token_reply,
    redact_api_base,
    ticket_request,
    token_request,
)
from tests.fakes import json_reply

SECRET = "0123456789abcdef0123456789abcdef"
STABLE = Account("wx0123456789abcdef", "Shop")
CLASSIC = Account("wx0123456789abcdef", "Shop", endpoint=Endpoint.CLASSIC, ahead=600)


def parsed(**fields: Any) -> protocol.Answer:
    return parse_token_reply(json_reply(**fields), "access_token")


# -- requests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("force", [False, True])
def test_the_stable_token_request_has_the_secret_in_its_body(force: bool) -> None:  # noqa: FBT001
    request = token_request(STABLE, Secret(SECRET), force=force)

    assert request.path == "/cgi-bin/stable_token"
    assert request.query == ()
    assert dict(request.body or ()) == {
        "grant_type": "client_credential",
        "appid": STABLE.appid,
        "secret": SECRET,
        "force_refresh": force,
    }


def test_the_classic_token_request_is_a_get() -> None:
    request = token_request(CLASSIC, Secret(SECRET), force=False)

    assert request.path == "/cgi-bin/token"
    assert request.body is None
    assert dict(request.query) == {"grant_type": "client_credential", "appid": CLASSIC.appid, "secret": SECRET}


@pytest.mark.parametrize(("kind", "named"), [(TokenKind.JSAPI_TICKET, "jsapi"), (TokenKind.CARD_TICKET, "wx_card")])
def test_a_ticket_request_has_the_token_and_the_type(kind: TokenKind, named: str) -> None:
    request = ticket_request("T", kind)

    assert (request.path, request.body) == ("/cgi-bin/ticket/getticket", None)
    assert request.query == (("access_token", "T"), ("type", named))
    assert endpoint_name(CLASSIC, kind) == "getticket"


def test_no_repr_shows_a_secret_a_token_or_a_ticket() -> None:
    shown = repr(
        [
            token_request(STABLE, Secret(SECRET), force=False),
            token_request(CLASSIC, Secret(SECRET), force=False),
            ticket_request("a-token-in-use", TokenKind.JSAPI_TICKET),
            IssuedToken("a-granted-value", 7200),
            Reply(200, b'{"access_token":"a-granted-value"}'),
        ]
    )

    assert SECRET not in shown
    assert "a-token-in-use" not in shown
    assert "a-granted-value" not in shown


def test_each_call_has_its_name_in_the_errcode_catalogue() -> None:
    assert endpoint_name(STABLE, TokenKind.ACCESS_TOKEN) == "stable_token"
    assert endpoint_name(CLASSIC, TokenKind.ACCESS_TOKEN) == "token"
    assert endpoint_name(CLASSIC, TokenKind.JSAPI_TICKET) == "getticket"


# -- replies that are believed ------------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [{}, {"errcode": 0, "errmsg": "ok"}, {"errcode": "0"}])
def test_a_value_and_a_lifetime_are_accepted_with_or_without_errcode_0(errcode: dict[str, object]) -> None:
    assert parsed(access_token="T", expires_in=7200, **errcode) == IssuedToken("T", 7200)


@pytest.mark.parametrize("life", [1, 7200, 31 * 86_400, "7200", 7200.0, "7200.0"])
def test_a_lifetime_is_a_whole_number_of_seconds_up_to_31_days(life: float | str) -> None:
    assert parsed(access_token="T", expires_in=life) == IssuedToken("T", int(float(life)))


@pytest.mark.parametrize(
    "life", [0, -1, 31 * 86_400 + 1, 7200.5, "7200.5", True, None, "", "-1", "7200 ", "٧٢٠٠", "9" * 10, [], 10**400]
)
def test_any_other_lifetime_is_rejected(life: object) -> None:
    assert parsed(access_token="T", expires_in=life) == TransportFailure(
        FailureKind.UNEXPECTED_JSON, "no usable expires_in"
    )


@pytest.mark.parametrize("value", ["", " ", "two words", "tab\t", "密", "line\n", None, 5, ["T"], "T" * 2049])
def test_a_value_that_cannot_be_sent_back_is_rejected(value: object) -> None:
    assert parsed(access_token=value, expires_in=7200) == TransportFailure(
        FailureKind.UNEXPECTED_JSON, "no usable access_token"
    )


def test_a_value_may_be_longer_than_wechat_documents() -> None:
    assert parsed(access_token="T" * 2048, expires_in=7200) == IssuedToken("T" * 2048, 7200)


# -- replies that are not -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "silence"),
    [
        (Reply(302, b'{"access_token":"T","expires_in":7200}'), TransportFailure(FailureKind.REDIRECTED, "302")),
        (Reply(503, b'{"access_token":"T","expires_in":7200}'), TransportFailure(FailureKind.HTTP_STATUS, "503")),
        (Reply(201, b'{"access_token":"T","expires_in":7200}'), TransportFailure(FailureKind.HTTP_STATUS, "201")),
        (Reply(200, b""), TransportFailure(FailureKind.NOT_JSON)),
        (Reply(200, b"<html>"), TransportFailure(FailureKind.NOT_JSON, "html")),
        (Reply(200, b'{"access_token":"T","expi'), TransportFailure(FailureKind.NOT_JSON)),
        (
            Reply(200, b'{"access_token":"T","access_token":"U","expires_in":7200}'),
            TransportFailure(FailureKind.NOT_JSON),
        ),
        (Reply(200, b'{"access_token":"T","expires_in":NaN}'), TransportFailure(FailureKind.NOT_JSON)),
        (
            Reply(200, '{"access_token":"é"}'.encode("latin-1")),
            TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable access_token"),
        ),
        (Reply(403, b'{"errcode":0,"errmsg":"ok"}'), TransportFailure(FailureKind.HTTP_STATUS, "403")),
        (Reply(403, b'{"errcode":"x"}'), TransportFailure(FailureKind.HTTP_STATUS, "403")),
        (Reply(302, b'{"errcode":40013}'), TransportFailure(FailureKind.REDIRECTED, "302")),
        (Reply(200, b"[" * 60_000), TransportFailure(FailureKind.NOT_JSON)),
        (Reply(200, b"[]"), TransportFailure(FailureKind.UNEXPECTED_JSON, "not an object")),
        (Reply(200, b"null"), TransportFailure(FailureKind.UNEXPECTED_JSON, "not an object")),
        (Reply(200, b" " * REPLY_MAX + b"{}"), TransportFailure(FailureKind.TOO_BIG)),
    ],
)
def test_an_unusable_reply_is_a_failure_with_its_kind(reply: Reply, silence: TransportFailure) -> None:
    assert parse_token_reply(reply, "access_token") == silence


@pytest.mark.parametrize("errcode", [None, True, 1.5, "x", "1e3", [], 10**9 + 1, "1" * 10])
def test_an_invalid_errcode_makes_the_reply_unusable(errcode: object) -> None:
    said = parsed(errcode=errcode, access_token="T", expires_in=7200)

    assert said == TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable errcode")


_BUSY = "系统繁忙 rid: 6176a2e0-0a0b0c0d-00000001"


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(status, f'{{"errcode":-1,"errmsg":"{_BUSY}"}}'.encode()) for status in (200, 403, 412, 429, 500, 201)),
        Reply(200, f'\ufeff{{"errcode":-1,"errmsg":"{_BUSY}"}}'.encode()),
        Reply(200, f'{{"errcode":-1,"errmsg":"{_BUSY}"}}'.encode("gbk")),
        Reply(200, f'{{"errCode":-1,"errMsg":"{_BUSY}"}}'.encode()),
        Reply(200, f'{{"errcode":-1.0,"errmsg":"{_BUSY}"}}'.encode()),
        Reply(200, f'{{"errcode":"-1","errmsg":"{_BUSY}"}}'.encode()),
        Reply(200, f'{{"errcode":"-1.0","err_msg":"{_BUSY}"}}'.encode()),
        Reply(200, f'{{"base_resp":{{"ret":-1,"err_msg":"{_BUSY}"}}}}'.encode()),
        Reply(200, f'{{"errcode":0,"base_resp":{{"ret":-1,"err_msg":"{_BUSY}"}}}}'.encode()),
    ],
)
def test_a_refusal_is_read_in_every_form(reply: Reply) -> None:
    assert parse_token_reply(reply, "access_token") == Refusal(-1, _BUSY, "6176a2e0-0a0b0c0d-00000001")


def test_a_rid_of_its_own_and_a_proxy_are_kept() -> None:
    body = b'{"errcode":40164,"errmsg":"invalid ip 203.0.113.9","rid":"6176a2e0-0a0b0c0d-00000001"}'
    refusal = Refusal(40164, "invalid ip 203.0.113.9", "6176a2e0-0a0b0c0d-00000001", "203.0.113.9", is_proxied=True)
    assert parse_token_reply(Reply(200, body, is_proxied=True), "access_token") == refusal


# -- refusals -----------------------------------------------------------------------------------------


def test_a_refusal_has_errcode_errmsg_and_rid() -> None:
    said = parsed(errcode=40125, errmsg="invalid appsecret rid: 6176a2e0-0a0b0c0d-00000001")

    assert said == Refusal(40125, "invalid appsecret rid: 6176a2e0-0a0b0c0d-00000001", "6176a2e0-0a0b0c0d-00000001")


@pytest.mark.parametrize("errcode", [-1, "-1"])
def test_an_errcode_may_be_negative_or_a_string(errcode: object) -> None:
    assert parsed(errcode=errcode, errmsg="busy") == Refusal(-1, "busy")


@pytest.mark.parametrize("errmsg", [{}, {"errmsg": None}, {"errmsg": 7}])
def test_a_refusal_may_lack_an_errmsg(errmsg: dict[str, object]) -> None:
    assert parsed(errcode=48001, **errmsg) == Refusal(48001, "")


@pytest.mark.parametrize(
    ("errmsg", "ip"),
    [
        ("invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6176a2e0-0-1", "203.0.113.7"),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("access clientip is not registered requestIP: 203.0.113.7 rid: 1-2-3", "203.0.113.7"),
        ("invalid ip 203.0.113.7.", "203.0.113.7"),
        ("invalid ip: 203.0.113.7", "203.0.113.7"),
        ("request from ip:203.0.113.7", "203.0.113.7"),
        ("invalid ip ::ffff:203.0.113.7", "::ffff:203.0.113.7"),
        ("invalid ip address", None),
        ("invalid ip", None),
        ("system error", None),
    ],
)
def test_the_ip_of_the_caller_is_found_in_errmsg(errmsg: str, ip: str | None) -> None:
    said = parsed(errcode=40164, errmsg=errmsg)

    assert isinstance(said, Refusal)
    assert said.ip == ip


def test_a_secret_in_errmsg_is_removed() -> None:
    reply = json_reply(errcode=40125, errmsg=f"bad secret {SECRET} for {SECRET}")

    said = parse_token_reply(reply, "access_token", secrets=("", SECRET))

    assert said == Refusal(40125, "bad secret … for …")


def test_errmsg_is_cleaned_and_shortened() -> None:
    said = parsed(errcode=1, errmsg="a\0b\nc\x1b[31m\ud800 \u202e d" + "x" * 5000)

    assert isinstance(said, Refusal)
    assert said.errmsg.startswith("a b c [31m d")
    assert len(said.errmsg) == 500
    assert said.errmsg.isprintable()


# -- anything at all ------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "access_token": JSON | st.just("T"),
        "expires_in": JSON | st.just(7200),
        "errcode": JSON | st.sampled_from([0, 40001, -1]),
        "errmsg": JSON,
    },
)


def is_sound(said: protocol.Answer) -> bool:
    match said:
        case IssuedToken(value, expires_in):
            return value.isascii() and value.isprintable() and bool(value) and 0 < expires_in <= 31 * 86_400
        case Refusal(errcode, errmsg):
            return errcode != 0 and len(errmsg) <= 500 and errmsg.isprintable()
        case TransportFailure():
            return said.kind in FailureKind


@given(st.integers(100, 599), st.binary(max_size=300))
def test_any_bytes_give_a_valid_answer(status: int, body: bytes) -> None:
    assert is_sound(parse_token_reply(Reply(status, body), "access_token"))


@given(FIELDS | JSON)
def test_any_json_gives_a_valid_answer(fields: object) -> None:
    reply = Reply(200, json.dumps(fields).encode("utf-8", "surrogatepass"))

    assert is_sound(parse_token_reply(reply, "access_token", secrets=("T",)))


@pytest.mark.parametrize(
    "body",
    [
        b"a" * 1_000_000,
        b'{"errcode":1,"errmsg":"' + b"rid: 0" * 10_900 + b'"}',
        b'{"errcode":1,"errmsg":"' + b"invalid ip " * 5_900 + b'"}',
        b'{"errcode":1,"errmsg":"invalid ip ' + b"a" * 65_000 + b'"}',
        b'{"errcode":1,"errmsg":"rid:' + b" " * 65_000 + b'"}',
        b'{"errcode":1,"errmsg":"invalid ip' + b" " * 65_000 + b'"}',
        b'{"expires_in":' + b"9" * 65_000 + b"}",
    ],
    ids=["too big", "many rids", "many ips", "no end of an ip", "no end of spaces", "nor after an ip", "a long number"],
)
def test_any_reply_is_parsed_quickly(body: bytes) -> None:
    began = time.thread_time()

    parse_token_reply(Reply(200, body), "access_token")

    assert time.thread_time() - began < 1


# -- where WeChat is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("https://api.weixin.qq.com", "https://api.weixin.qq.com"),
        (" https://api.weixin.qq.com/ ", "https://api.weixin.qq.com"),
        ("https://proxy.example:8443/wechat/", "https://proxy.example:8443/wechat"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_api_base_is_https_or_on_the_loopback_interface(text: str, base: str) -> None:
    assert normalize_api_base(text) == base


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.weixin.qq.com",
        "http://api.weixin.qq.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "https://",
        "https://user:word@api.weixin.qq.com",
        "https://api.weixin.qq.com?x=1",
        "https://api.weixin.qq.com#x",
        "https://api.weixin.qq.com:port",
        "https://[::1",
    ],
)
def test_an_unencrypted_api_base_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bad-api-base"):
        normalize_api_base(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ftp://x/y?z", "ftp://x/y?z"),
        ("https://me:pass@x", "https://…@x"),
        ("https://me:p/a@s@x", "https://…@x"),
        ("a\nb", "a…b"),
        ("x" * 900, "x" * 200),
    ],
)
def test_an_api_base_is_shown_in_one_line_without_password(text: str, shown: str) -> None:
    assert redact_api_base(text) == shown


# -- a reply that contradicts itself ----------------------------------------------------------------


@pytest.mark.parametrize("errcode", [-1, 40001, 40125, 40164, 45009, "40001", 987654])
@pytest.mark.parametrize("expires_in", [7200, None])
def test_with_an_errcode_and_a_value_at_once_neither_is_believed(errcode: object, expires_in: object) -> None:
    both = parsed(errcode=errcode, errmsg="invalid", access_token="T", expires_in=expires_in)

    assert both == TransportFailure(FailureKind.UNEXPECTED_JSON, f"errcode with a value {errcode}")


def test_an_errcode_of_0_beside_a_value_is_no_contradiction() -> None:
    assert parsed(errcode=0, errmsg="ok", access_token="T", expires_in=7200) == IssuedToken("T", 7200)


@pytest.mark.parametrize("value", ["", None, 0, "two words"])
def test_a_refusal_with_an_empty_value_is_a_refusal(value: object) -> None:
    assert isinstance(parsed(errcode=40013, errmsg="invalid appid", access_token=value), Refusal)
