"""`oauth`: the link of a web authorisation, and its code exchanged at the sandbox over HTTP."""

from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli

PAGE = "https://shop.example.cn/login?from=menu"


def follow(link: str) -> str:
    """Open the link as a browser does, and return the address that it leads to."""
    parts = urlsplit(link)
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    connection.close()
    return response.headers["Location"]


def make_link(ctl: InProcessCli, *more: str) -> str:
    return ctl("oauth", "link", PAGE, *more).stdout.strip()


def test_the_link_has_its_parameters_in_wechats_order_and_encoded_once(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("oauth", "link", PAGE, "--state", "abc123", "--scope", "userinfo")

    assert ran.exit_code == 0
    assert ran.stdout == (
        f"{ctl_with_account.wechat.base_url}/connect/oauth2/authorize?appid={ctl_with_account.shop.appid}"
        "&redirect_uri=https%3A%2F%2Fshop.example.cn%2Flogin%3Ffrom%3Dmenu&response_type=code"
        "&scope=snsapi_userinfo&state=abc123#wechat_redirect\n"
    )
    assert "web-authorisation domain has to be shop.example.cn" in ran.stderr
    assert "40163, 40029" in ran.stderr


def test_what_is_wrong_with_the_link_is_said(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("oauth", "link", "http://shop.example.cn:8080/#/login", "--state", "a-1", "--json")

    assert ran.exit_code == 0
    assert len(ran.json["warnings"]) == 4
    assert ran.json["domain"] == "shop.example.cn"


def test_without_a_state_one_is_made(ctl_with_account: InProcessCli) -> None:
    states = [parse_qs(urlsplit(make_link(ctl_with_account)).query)["state"][0] for _ in range(2)]
    assert states[0] != states[1]


def test_a_code_is_exchanged_once_and_no_token_is_shown(ctl_with_account: InProcessCli) -> None:
    address = follow(make_link(ctl_with_account, "--state", "s1"))
    assert address.startswith(f"{PAGE}&code=")
    assert address.endswith("&state=s1")
    files = sorted(path for path in ctl_with_account.home.rglob("*") if path.is_file())

    ran = ctl_with_account("oauth", "exchange", address)

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == "openid: oSandboxUser000000000000001\nscope: snsapi_base\n"
    assert sorted(path for path in ctl_with_account.home.rglob("*") if path.is_file()) == files

    again = ctl_with_account("oauth", "exchange", address)
    assert again.exit_code == 4
    assert "already used" in again.stderr
    assert "(40163" in again.stderr


def test_a_code_alone_and_from_standard_input_is_taken(ctl_with_account: InProcessCli) -> None:
    code = parse_qs(urlsplit(follow(make_link(ctl_with_account))).query)["code"][0]
    ran = ctl_with_account("oauth", "exchange", "-", "--json", stdin=f"{code}\n")
    assert ran.json == {
        "openid": "oSandboxUser000000000000001",
        "scope": "snsapi_base",
        "unionid": None,
        "is_snapshot_user": False,
    }


@pytest.mark.parametrize("code", ["0a1B2c3D4e5F6g7H", "https://shop.example.cn/login?code=0a1B2c3D4e5F6g7H&state=s"])
def test_a_wrong_code_is_explained(ctl_with_account: InProcessCli, code: str) -> None:
    ran = ctl_with_account("oauth", "exchange", code)
    assert ran.exit_code == 4
    assert "(40029" in ran.stderr
    assert "0a1B2c3D" not in ran.stderr


def test_an_old_code_is_refused(ctl_with_account: InProcessCli) -> None:
    address = follow(make_link(ctl_with_account))
    ctl_with_account.clock.advance(301)
    assert "(40029" in ctl_with_account("oauth", "exchange", address).stderr


@pytest.mark.parametrize("text", ["", "hello", "https://shop.example.cn/login?state=1"])
def test_a_text_without_a_code_is_wrong_usage(ctl_with_account: InProcessCli, text: str) -> None:
    ran = ctl_with_account("oauth", "exchange", text)
    assert ran.exit_code == 2
    assert "no authorisation code" in ran.stderr


def test_a_busy_wechat_can_be_asked_later(ctl_with_account: InProcessCli) -> None:
    address = follow(make_link(ctl_with_account))
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, -1))
    assert ctl_with_account("oauth", "exchange", address).exit_code == 5


def test_a_mini_program_has_no_web_authorisation(guarddogctl: InProcessCli) -> None:
    assert guarddogctl.add_account(guarddogctl.mini, "Mini", "--platform", "mini-program").exit_code == 0
    ran = guarddogctl("oauth", "link", PAGE)
    assert ran.exit_code == 2
    assert "wx.login" in ran.stderr


def test_a_page_without_a_scheme_is_refused(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account("oauth", "link", "shop.example.cn/login").exit_code == 2
