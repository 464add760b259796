import pytest

from guarddog_gui.domain.readiness.answers import (
    HOPS_MAX,
    AddressChange,
    PageAnswer,
    address_change,
    may_follow,
    redirect_target,
)
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure


def redirect(url: str, location: str, status: int = 302) -> PageAnswer:
    return PageAnswer(url, status=status, location=location)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b#top", "https://a.cn/b"),
        ("//c.cn/", "https://c.cn/"),
        ("HTTPS://A.CN/X", "https://a.cn/X"),
        ("https://a.cn/页", "https://a.cn/%E9%A1%B5"),
        ("weixin://dl", "weixin://dl"),
        ("http://[", "http://["),
    ],
)
def test_where_a_redirect_leads(location: str, target: str) -> None:
    assert redirect_target(redirect("https://a.cn/a", location)) == target


@pytest.mark.parametrize(
    "answer",
    [
        PageAnswer("https://a.cn/", status=200, location="/x"),
        PageAnswer("https://a.cn/", status=302),
        PageAnswer("https://a.cn/", status=302, location="/x", failure=TransportFailure(FailureKind.TIMEOUT)),
        PageAnswer("https://a.cn/", status=304, location="/x"),
    ],
)
def test_what_is_no_redirect(answer: PageAnswer) -> None:
    assert redirect_target(answer) is None


@pytest.mark.parametrize(
    ("target", "is_followed"),
    [
        ("https://a.cn/b", True),
        ("http://a.cn/b", True),
        ("https://www.a.cn/b", False),
        ("https://a.cn:8443/b", False),
        ("https://me:pw@a.cn/b", False),
        ("https://a.cn/", False),
        ("ftp://a.cn/", False),
    ],
)
def test_only_redirects_within_the_named_host_are_followed(target: str, is_followed: bool) -> None:  # noqa: FBT001
    assert may_follow((redirect("https://a.cn/", target),), target) is is_followed


def test_a_chain_has_an_end() -> None:
    answers = tuple(redirect(f"https://a.cn/{n}", f"/{n + 1}") for n in range(HOPS_MAX))
    assert not may_follow(answers, "https://a.cn/99")
    assert may_follow(answers[:-1], "https://a.cn/99")


@pytest.mark.parametrize(
    ("end", "change"),
    [
        ("https://a.cn/p?x=1", AddressChange.NONE),
        ("https://a.cn/p/?x=1", AddressChange.SLASH),
        ("https://a.cn/q?x=1", AddressChange.PATH),
        ("https://a.cn/p", AddressChange.QUERY),
        ("http://a.cn/p?x=1", AddressChange.NO_TLS),
        ("https://www.a.cn/p?x=1", AddressChange.HOST),
        ("https://a.cn:8443/p?x=1", AddressChange.PORT),
        ("https://a.cn:443/p?x=1", AddressChange.NONE),
        ("weixin://dl/", AddressChange.NOT_A_PAGE),
        ("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1", AddressChange.LOGIN),
    ],
)
def test_how_the_address_changes(end: str, change: AddressChange) -> None:
    assert address_change("https://a.cn/p?x=1", end, is_loop=False) is change


def test_a_loop_is_named_before_all_else() -> None:
    assert address_change("https://a.cn/", "http://a.cn/", is_loop=True) is AddressChange.LOOP
