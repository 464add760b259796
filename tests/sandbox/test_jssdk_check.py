"""The verdict on a `wx.config`, without a browser: each check, and which of them speaks first."""

from dataclasses import replace
from typing import Any

import pytest

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


def why(url: str = URL, tickets: tuple[str, ...] = (TICKET,), **changes: Any) -> ConfigCheckReason:
    return check_config(OFFICIAL | changes, url, SHOP, tickets).reason


def test_the_official_example_is_ok() -> None:
    verdict = check_config(OFFICIAL, URL, SHOP, [TICKET])
    assert verdict == ConfigCheckResult(ConfigCheckReason.OK)
    assert verdict.errmsg == "config:ok"


def test_the_fragment_of_the_page_does_not_count() -> None:
    assert why(f"{URL}#anything") is ConfigCheckReason.OK


def test_any_accepted_ticket_will_do_and_none_is_none() -> None:
    assert why(tickets=("another", TICKET)) is ConfigCheckReason.OK
    assert why(tickets=("another",)) is ConfigCheckReason.SIGNATURE
    assert why(tickets=()) is ConfigCheckReason.SIGNATURE


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
def test_what_differs_from_what_was_signed_is_an_invalid_signature(changes: dict[str, Any]) -> None:
    assert why(**changes) is ConfigCheckReason.SIGNATURE


def test_milliseconds_are_an_invalid_signature_even_if_they_were_signed() -> None:
    millis = OFFICIAL["timestamp"] * 1000
    signed = SignatureInput(TICKET, OFFICIAL["nonceStr"], millis, URL).signature
    assert why(timestamp=millis, signature=signed) is ConfigCheckReason.SIGNATURE


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
def test_what_is_missing_or_unusable_is_named(name: str, value: Any) -> None:
    verdict = check_config(OFFICIAL | {name: value}, URL, SHOP, [TICKET])
    assert verdict == ConfigCheckResult(ConfigCheckReason.MISSING, (name,))
    assert verdict.errmsg == "config:fail"


def test_an_empty_config_lacks_everything() -> None:
    assert check_config({}, URL, None, ()).missing == tuple(OFFICIAL)


def test_a_timestamp_as_text_is_a_timestamp() -> None:
    assert why(timestamp="1414587457") is ConfigCheckReason.OK


def test_a_stranger_is_not_called_invalid() -> None:
    verdict = check_config(OFFICIAL, URL, None, ())
    assert (verdict.reason, verdict.errmsg) == (ConfigCheckReason.UNKNOWN_APPID, "config:fail")


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
def test_a_js_safe_domain_covers_its_sub_domains(domains: tuple[str, ...] | None, *, good: bool) -> None:
    verdict = check_config(OFFICIAL, URL, replace(SHOP, domains=domains), [TICKET])
    assert verdict.reason is (ConfigCheckReason.OK if good else ConfigCheckReason.DOMAIN)
    assert verdict.errmsg == ("config:ok" if good else "config:invalid url domain")


# With the tickets of an account.


def signed(ticket: str) -> dict[str, Any]:
    return OFFICIAL | {"signature": SignatureInput(ticket, OFFICIAL["nonceStr"], 1414587457, URL).signature}


def test_a_replaced_ticket_is_believed_for_half_a_life_and_a_card_ticket_never(client: RulesClient) -> None:
    old = client.fetch_ticket(client.fetch_token()["access_token"])["ticket"]
    card = client.fetch_ticket(client.fetch_token()["access_token"], "wx_card")["ticket"]
    client.advance(7200)
    new = client.fetch_ticket(client.fetch_token()["access_token"])["ticket"]
    assert client.rules.accepted_tickets(SHOP.appid) == (new, old)
    verdicts = [client.rules.check_page_config(signed(each), URL).reason for each in (old, new, card)]
    assert verdicts == [ConfigCheckReason.OK, ConfigCheckReason.OK, ConfigCheckReason.SIGNATURE]
    client.advance(3600)
    assert client.rules.check_page_config(signed(old), URL).reason is ConfigCheckReason.SIGNATURE
    assert client.rules.check_page_config(signed(new), URL).reason is ConfigCheckReason.OK


def test_each_account_has_tickets_of_its_own(client: RulesClient) -> None:
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
