"""The check of a `wx.config` without a browser: each rule, and their order."""

from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.sandbox.jssdk_check import ConfigCheckReason, ConfigCheckResult, check_config
from tests.sandbox.conftest import MINI, SHOP, RulesClient

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
URL = "http://mp.weixin.qq.com?params=value"
OFFICIAL: dict[str, Any] = {
    "appId": SHOP.appid,
    "timestamp": 1414587457,
    "nonceStr": "Wm3WZYTPz0wzccnW",
    "signature": "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
    "jsApiList": [],
}


def check_reason(url: str = URL, tickets: tuple[str, ...] = (TICKET,), **changes: Any) -> ConfigCheckReason:
    return check_config(OFFICIAL | changes, url, SHOP, tickets).reason


def test_the_official_example_is_ok() -> None:
    result = check_config(OFFICIAL, URL, SHOP, [TICKET])
    assert result == ConfigCheckResult(ConfigCheckReason.OK)
    assert result.errmsg == "config:ok"


def test_the_fragment_of_the_page_does_not_count() -> None:
    assert check_reason(f"{URL}#anything") is ConfigCheckReason.OK


def test_any_accepted_ticket_is_enough_but_one_is_required() -> None:
    assert check_reason(tickets=("another", TICKET)) is ConfigCheckReason.OK
    assert check_reason(tickets=("another",)) is ConfigCheckReason.SIGNATURE
    assert check_reason(tickets=()) is ConfigCheckReason.SIGNATURE


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": 1414587458},
        {"nonceStr": "wm3WZYTPz0wzccnW"},
        {"signature": OFFICIAL["signature"].upper()},
        {"signature": "0" * 40},
        {"signature": "签名"},
        {"nonceStr": "\ud800"},
    ],
)
def test_any_difference_from_the_signed_values_is_an_invalid_signature(changes: dict[str, Any]) -> None:
    assert check_reason(**changes) is ConfigCheckReason.SIGNATURE


def test_milliseconds_are_an_invalid_signature_even_if_signed() -> None:
    timestamp_ms = OFFICIAL["timestamp"] * 1000
    signed = SignatureInput(TICKET, OFFICIAL["nonceStr"], timestamp_ms, URL).signature
    assert check_reason(timestamp=timestamp_ms, signature=signed) is ConfigCheckReason.SIGNATURE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("appId", ""),
        ("appId", 7),
        ("timestamp", None),
        ("timestamp", True),
        ("timestamp", -1),
        ("timestamp", 1414587457.5),
        ("timestamp", "soon"),
        ("timestamp", "١٤١٤٥٨٧٤٥٧"),
        ("timestamp", "1" * 5000),
        ("nonceStr", None),
        ("nonceStr", 5),
        ("signature", ""),
        ("jsApiList", None),
        ("jsApiList", "chooseImage"),
        ("jsApiList", [1]),
    ],
)
def test_missing_or_invalid_parameters_are_named(name: str, value: Any) -> None:
    result = check_config(OFFICIAL | {name: value}, URL, SHOP, [TICKET])
    assert result == ConfigCheckResult(ConfigCheckReason.MISSING, (name,))
    assert result.errmsg == "config:fail"


def test_an_empty_config_misses_every_parameter() -> None:
    assert check_config({}, URL, None, ()).missing == tuple(OFFICIAL)


def test_a_timestamp_may_be_a_string() -> None:
    assert check_reason(timestamp="1414587457") is ConfigCheckReason.OK


def test_an_unknown_appid_is_not_an_invalid_signature() -> None:
    result = check_config(OFFICIAL, URL, None, ())
    assert (result.reason, result.errmsg) == (ConfigCheckReason.UNKNOWN_APPID, "config:fail")


@pytest.mark.parametrize(
    ("domains", "good"),
    [
        (None, True),
        ((), False),
        (("qq.com",), True),
        (("mp.weixin.qq.com",), True),
        (("a.cn", "weixin.qq.com"), True),
        (("xin.qq.com",), False),
        (("www.mp.weixin.qq.com",), False),
    ],
)
def test_a_js_safe_domain_covers_its_subdomains(domains: tuple[str, ...] | None, *, good: bool) -> None:
    result = check_config(OFFICIAL, URL, replace(SHOP, domains=domains), [TICKET])
    assert result.reason is (ConfigCheckReason.OK if good else ConfigCheckReason.DOMAIN)
    assert result.errmsg == ("config:ok" if good else "config:invalid url domain")


# With the tickets of an account.


def signed(ticket: str) -> dict[str, Any]:
    return OFFICIAL | {"signature": SignatureInput(ticket, OFFICIAL["nonceStr"], 1414587457, URL).signature}


def test_a_replaced_ticket_is_accepted_for_half_a_lifetime_a_card_ticket_never(client: RulesClient) -> None:
    old = client.fetch_ticket(client.fetch_token()["access_token"])["ticket"]
    card = client.fetch_ticket(client.fetch_token()["access_token"], "wx_card")["ticket"]
    client.advance(7200)
    new = client.fetch_ticket(client.fetch_token()["access_token"])["ticket"]
    assert client.rules.accepted_tickets(SHOP.appid) == (new, old)
    results = [client.rules.check_page_config(signed(each), URL).reason for each in (old, new, card)]
    assert results == [ConfigCheckReason.OK, ConfigCheckReason.OK, ConfigCheckReason.SIGNATURE]
    client.advance(3600)
    assert client.rules.check_page_config(signed(old), URL).reason is ConfigCheckReason.SIGNATURE
    assert client.rules.check_page_config(signed(new), URL).reason is ConfigCheckReason.OK


def test_tickets_are_valid_only_for_their_account(client: RulesClient) -> None:
    ticket = client.fetch_ticket(client.fetch_token()["access_token"])["ticket"]
    assert client.rules.check_page_config(signed(ticket), URL).reason is ConfigCheckReason.OK
    assert (
        client.rules.check_page_config(signed(ticket) | {"appId": MINI.appid}, URL).reason
        is ConfigCheckReason.SIGNATURE
    )
    assert (
        client.rules.check_page_config(signed(ticket) | {"appId": "wx1"}, URL).reason is ConfigCheckReason.UNKNOWN_APPID
    )
    assert client.rules.check_page_config(signed(ticket) | {"appId": [1]}, URL).reason is ConfigCheckReason.MISSING
