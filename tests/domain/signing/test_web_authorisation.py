"""Web authorisation: the link and its warnings, the pasted code, and the reply without its tokens."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.web_authorisation import (
    AUTHORISATION_BASE,
    AuthorisationCode,
    AuthorisationLink,
    LinkWarning,
    Scope,
    WebAuthorisation,
    authorisation_base,
    exchange_request,
    make_link,
    parse_exchange,
    read_code,
)
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, TransportFailure

SHOP = Account("wx00000000000000a1", "Shop")
SECRET = Secret("0123456789abcdef" * 2)
CODE = "0a1B2c3D4e5F6g7H"


def link_of(url: str, state: str = "s1", account: Account = SHOP) -> AuthorisationLink:
    link = make_link(account, url, Scope.BASE, state)
    assert isinstance(link, AuthorisationLink)
    return link


def test_the_link_is_that_of_wechats_example() -> None:
    link = link_of("https://shop.example.cn/p?a=1&b=2")
    assert link.url.startswith(f"{AUTHORISATION_BASE}/connect/oauth2/authorize?appid=wx00000000000000a1&redirect_uri=")
    assert link.url.endswith("#wechat_redirect")
    assert [name for name, _ in parse_qsl(urlsplit(link.url).query)] == [
        "appid", "redirect_uri", "response_type", "scope", "state",
    ]  # fmt: skip
    assert dict(parse_qsl(urlsplit(link.url).query))["redirect_uri"] == "https://shop.example.cn/p?a=1&b=2"
    assert (link.domain, link.warnings) == ("shop.example.cn", ())


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("http://shop.example.cn/", (LinkWarning.HTTP,)),
        ("https://shop.example.cn:8443/", (LinkWarning.PORT,)),
        ("https://shop.example.cn:443/", ()),
        ("http://127.0.0.1:8080/", (LinkWarning.LOCAL,)),
        ("http://localhost/", (LinkWarning.LOCAL,)),
        ("https://203.0.113.9/", (LinkWarning.LOCAL,)),
        ("https://shop.example.cn/#/login", (LinkWarning.FRAGMENT,)),
        ("https%3A%2F%2Fshop.example.cn%2Fp", (LinkWarning.DECODED,)),
    ],
)
def test_what_is_usually_wrong_is_found(url: str, warnings: tuple[LinkWarning, ...]) -> None:
    assert link_of(url).warnings == warnings


@pytest.mark.parametrize("state", ["a-1", "a b", "a" * 129, "汉"])
def test_a_state_that_wechat_refuses_is_found(state: str) -> None:
    assert link_of("https://a.cn/", state).warnings == (LinkWarning.INVALID_STATE,)
    assert link_of("https://a.cn/", "").warnings == ()


def test_a_domain_of_the_account_is_no_warning() -> None:
    account = replace(SHOP, js_domains=("shop.example.cn",))
    assert link_of("https://shop.example.cn/p", account=account).warnings == ()
    assert link_of("https://a.cn/", account=account).warnings == (LinkWarning.OTHER_DOMAIN,)


@pytest.mark.parametrize("url", ["", "shop.example.cn", "ftp://a.cn/", "https://"])
def test_what_is_no_page_has_no_link(url: str) -> None:
    assert isinstance(make_link(SHOP, url, Scope.BASE, "s"), InputProblem)


def test_a_mini_program_has_no_link() -> None:
    mini = replace(SHOP, platform=Platform.MINI_PROGRAM)
    assert make_link(mini, "https://a.cn/", Scope.BASE, "s") is InputProblem.NO_WEB_AUTHORISATION


def test_only_the_sandbox_has_an_authorisation_page_of_its_own() -> None:
    assert authorisation_base("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert authorisation_base("https://api2.weixin.qq.com") == authorisation_base("") == AUTHORISATION_BASE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CODE, AuthorisationCode(CODE)),
        (f' "{CODE}"\n', AuthorisationCode(CODE)),
        (f"https://a.cn/p?code={CODE}&state=s1#/x", AuthorisationCode(CODE, "s1")),
        (f"https://a.cn/p?a=1&code={CODE}", AuthorisationCode(CODE)),
        (f'{{"code": "{CODE}", "state": "s1"}}', AuthorisationCode(CODE)),
        (f"code={CODE}", AuthorisationCode(CODE)),
        ("hello", InputProblem.CODE_NOT_FOUND),
        ("", InputProblem.CODE_NOT_FOUND),
        ('{"errcode":40029,"errmsg":"invalid code"}', InputProblem.CODE_NOT_FOUND),
    ],
)
def test_a_code_is_read_from_what_is_pasted(text: str, code: AuthorisationCode | InputProblem) -> None:
    assert read_code(text) == code


def test_secret_and_code_are_in_no_repr() -> None:
    code = AuthorisationCode(CODE, "s1")
    assert CODE not in repr(code)
    request = exchange_request(SHOP.appid, SECRET, code)
    assert CODE not in repr(request)
    assert SECRET.reveal() not in repr(request)


def reply(**fields: object) -> Reply:
    return Reply(200, json.dumps(fields).encode())


def test_the_tokens_of_the_reply_are_dropped() -> None:
    user = parse_exchange(reply(access_token="87_x", refresh_token="87_y", openid="o\x1b1", scope="snsapi_base"), ())
    assert user == WebAuthorisation("o1", "snsapi_base")
    assert "87_" not in repr(user)


def test_a_reply_without_an_openid_is_no_answer() -> None:
    assert isinstance(parse_exchange(reply(access_token="87_x"), ()), TransportFailure)


def test_a_refusal_has_neither_code_nor_secret() -> None:
    refused = parse_exchange(reply(errcode=40029, errmsg=f"invalid code {CODE}"), (SECRET.reveal(), CODE))
    assert isinstance(refused, Refusal)
    assert CODE not in refused.errmsg
