import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.accounts.account import Account, account_problem
from guarddog_gui.domain.accounts.route import (
    api_base_problem,
    has_login,
    parse_api_host,
    password_problem,
    proxy_problem,
    split_proxy,
    with_proxy_password,
)
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("api2.weixin.qq.com", "https://api2.weixin.qq.com"),
        (" https://gateway.example.cn/wechat/ ", "https://gateway.example.cn/wechat"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_api_host_is_stored_as_an_address(text: str, stored: str) -> None:
    assert parse_api_host(text) == stored
    assert api_base_problem(stored) is None


@pytest.mark.parametrize(
    "text", ["http://api.weixin.qq.com", "https://", "https://me:pw@a.cn", "a.cn/?x", "ftp://a.cn"]
)
def test_an_api_host_that_would_leak_the_secret_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_api_host(text)
    assert account_problem(Account("wx1", "Shop", api_base=text)) is InputProblem.INVALID_API_HOST


@pytest.mark.parametrize(
    ("text", "stored", "password"),
    [
        ("", "", ""),
        (" Direct ", "direct", ""),
        ("127.0.0.1:7890", "http://127.0.0.1:7890", ""),
        ("http://Proxy.Example.cn:8080/", "http://proxy.example.cn:8080", ""),
        ("socks5h://me@h:1080", "socks5h://me@h:1080", ""),
        ("socks5://me:p%40ss@[::1]:1080", "socks5://me@[::1]:1080", "p%40ss"),
        ("http://me:a:b@h:1", "http://me@h:1", "a:b"),
    ],
)
def test_a_proxy_is_stored_without_its_password(text: str, stored: str, password: str) -> None:
    assert split_proxy(text) == (stored, password)
    assert proxy_problem(stored) is None
    assert account_problem(Account("wx1", "Shop", proxy=stored)) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("socks4://h:1", InputProblem.SOCKS4_PROXY),
        ("http://h", InputProblem.PROXY_WITHOUT_PORT),
        ("http://h:0", InputProblem.PROXY_WITHOUT_PORT),
        ("http://h:99999", InputProblem.INVALID_PROXY),
        ("ftp://h:1", InputProblem.INVALID_PROXY),
        ("http://h:1/path", InputProblem.INVALID_PROXY),
        ("http://:pw@h:1", InputProblem.INVALID_PROXY),
        ("http://a b:1", InputProblem.INVALID_PROXY),
        ("http://代理:1", InputProblem.INVALID_PROXY),
        ("system", InputProblem.PROXY_WITHOUT_PORT),
    ],
)
def test_what_is_no_proxy_is_refused(text: str, problem: InputProblem) -> None:
    with pytest.raises(BadInput) as caught:
        split_proxy(text)
    assert caught.value.problem is problem
    assert text not in repr(caught.value)


def test_a_stored_proxy_has_no_password() -> None:
    assert proxy_problem("http://me:pw@h:1") is InputProblem.PROXY_HAS_PASSWORD
    assert proxy_problem("h:1") is InputProblem.INVALID_PROXY
    assert proxy_problem(f"http://{'h' * 300}:1") is InputProblem.INVALID_PROXY


def test_the_password_is_put_in_for_the_connection() -> None:
    assert has_login("http://me@h:1")
    assert not has_login("http://h:1")
    assert with_proxy_password("socks5://me@h:1", "p@s:/s") == "socks5://me:p%40s%3A%2Fs@h:1"


@pytest.mark.parametrize(
    ("password", "is_valid"), [("x", True), ("汉" * 85, True), ("", False), ("a\n", False), ("x" * 256, False)]
)
def test_passwords(password: str, is_valid: bool) -> None:  # noqa: FBT001 - a table
    assert (password_problem(password) is None) is is_valid


@given(st.text(alphabet="htps5ock:/@.[]1ab%", max_size=30))
def test_what_is_split_once_is_split(text: str) -> None:
    try:
        stored, _ = split_proxy(text)
    except BadInput:
        return
    assert split_proxy(stored) == (stored, "")
