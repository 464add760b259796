"""Warnings about page URLs, and their corrections."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.page_url import url_problem, url_to_sign
from guarddog_gui.domain.signing.url_warnings import SHARE_PARAMETERS, UrlWarning, UrlWarningKind, find_url_warnings

# parts that are combined into URLs with many flaws
HOSTS = ["a.cn", "A.CN", "例子.cn", "10.0.0.1", "localhost", "[::1]", "a.cn:443", "a.cn:80", "a.cn:8080", "a.cn:"]
PIECES = [
    "code=1", "state=", "from=timeline", "scene=2", "isappinstalled=0", "x=1", "×tamp=5", "%C3%97tamp=5", "¶m=",
    "&amp;", "&amp;amp;y=", "&", "%25E4", "%252525E4", "%2525", "图", " ", "\u3000", "'", "%3A%2F%2F", "=", "?", "/",
    "\\", "http://b.cn", "https%3A%2F%2F",
]  # fmt: skip
JOINED = st.lists(st.sampled_from(PIECES)).map("".join)
URLS = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", " ", "\ufeff"]),
    st.sampled_from(["http://", "https://", "HTTP://", "https%3A%2F%2F", "https%253A%252F%252F", ""]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", "/", "/p", "/%25E4图"]),
    st.just("") | st.builds("?{}".format, st.lists(JOINED).map("&".join)),
    st.sampled_from(["", "#", "#/route?code=1&state=2", "#图 "]),
)


def only(url: str, *domains: str) -> UrlWarning:
    (warning,) = find_url_warnings(url, domains)
    return warning


@pytest.mark.parametrize(
    "url", ["https://a.cn/", "https://a.cn/p?x=1&y=%E5%9B%BE", "https://a.cn/p?from=home&code=86&t=100%"]
)
def test_an_ordinary_url_has_no_warnings(url: str) -> None:
    assert find_url_warnings(url) == ()
    assert find_url_warnings(url, ("a.cn",)) == ()


@pytest.mark.parametrize(
    ("url", "kind", "detail", "corrected"),
    [
        (" https://a.cn/\n", UrlWarningKind.SURROUNDING_WHITESPACE, "2", "https://a.cn/"),
        ("https%3A%2F%2Fa.cn%2F", UrlWarningKind.ENCODED, "https%3A%2F%2Fa.cn%2F", "https://a.cn/"),
        ("https%3A%2F%2Fa.cn%2F%00", UrlWarningKind.ENCODED, "https%3A%2F%2Fa.cn%2F%00", None),
        ("https://a.cn/p?x=1#/r?y", UrlWarningKind.FRAGMENT, "#/r?y", "https://a.cn/p?x=1"),
        ("https://a.cn/p#", UrlWarningKind.FRAGMENT, "#", "https://a.cn/p"),
        ("https://a.cn/?a=1%C3%97tamp=2", UrlWarningKind.HTML_ENTITY, "%C3%97", "https://a.cn/?a=1&timestamp=2"),
        ("https://a.cn/?a=1&amp;b=2", UrlWarningKind.HTML_ENTITY, "&amp;", "https://a.cn/?a=1&b=2"),
        ("https://a.cn/%25E5%259B?q=%25BE", UrlWarningKind.TWICE_ENCODED, "%25E5", "https://a.cn/%E5%9B?q=%BE"),
        ("http://a.cn/", UrlWarningKind.HTTP, "http", "https://a.cn/"),
        ("https://a.cn:8443/p", UrlWarningKind.PORT, ":8443", None),
        ("https://a.cn:443/p", UrlWarningKind.PORT, ":443", "https://a.cn/p"),
        ("https://a.cn:/p", UrlWarningKind.PORT, ":", "https://a.cn/p"),
        ("https://a.cn:80/p", UrlWarningKind.PORT, ":80", None),
        ("https://203.0.113.7/", UrlWarningKind.IP_ADDRESS, "203.0.113.7", None),
        ("https://[2001:db8::1]/", UrlWarningKind.IP_ADDRESS, "[2001:db8::1]", None),
        ("http://localhost:9999/", UrlWarningKind.LOCAL_HOST, "localhost", None),
        ("http://127.0.0.1:9999/", UrlWarningKind.LOCAL_HOST, "127.0.0.1", None),
        ("http://shop.localhost/", UrlWarningKind.LOCAL_HOST, "shop.localhost", None),
        ("http://[::1]:8080/", UrlWarningKind.LOCAL_HOST, "[::1]", None),
        ("https://a.cn/?code=0a&x=1&state=b", UrlWarningKind.OAUTH_PARAMETER, "code, state", "https://a.cn/?x=1"),
        ("https://a.cn/?code=0a&state=b", UrlWarningKind.OAUTH_PARAMETER, "code, state", "https://a.cn/"),
        ("https://a.cn/?x=1&from=singlemessage", UrlWarningKind.SHARE_PARAMETER, "from", "https://a.cn/?x=1"),
        (
            "https://a.cn/?from=timeline&x=&isappinstalled=0&scene=1",
            UrlWarningKind.SHARE_PARAMETER,
            "from, isappinstalled, scene",
            "https://a.cn/?x=",
        ),
        ("https://a.cn/?lang=zh_CN&x=1", UrlWarningKind.SHARE_PARAMETER, "lang", "https://a.cn/?x=1"),
        ("https://a.cn/?weixin=1&version=18002a2f", UrlWarningKind.SHARE_PARAMETER, "version, weixin", "https://a.cn/"),
        (
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=http%3a%2f%2fb.cn%2fp&scope=s",
            UrlWarningKind.OAUTH_LINK,
            "open.weixin.qq.com/connect/oauth2/authorize",
            "http://b.cn/p",
        ),
        (
            "https://open.weixin.qq.com/connect/qrconnect",
            UrlWarningKind.OAUTH_LINK,
            "open.weixin.qq.com/connect/qrconnect",
            None,
        ),
        ("https://a.cn", UrlWarningKind.NO_PATH, "a.cn", "https://a.cn/"),
        ("https://a.cn?x=/", UrlWarningKind.NO_PATH, "a.cn", "https://a.cn/?x=/"),
        ("https://A.cn/", UrlWarningKind.BROWSER_SPELLING, "https://a.cn/", "https://a.cn/"),
        ("https://a.cn/图", UrlWarningKind.BROWSER_SPELLING, "https://a.cn/%E5%9B%BE", "https://a.cn/%E5%9B%BE"),
    ],
)
def test_each_flaw_has_a_warning_with_its_correction(
    url: str, kind: UrlWarningKind, detail: str, corrected: str | None
) -> None:
    assert only(url) == UrlWarning(kind, detail, corrected)


@pytest.mark.parametrize("name", sorted(SHARE_PARAMETERS))
def test_each_parameter_of_wechat_has_a_warning(name: str) -> None:
    warning = only(f"https://a.cn/?x=1&{name}=abc")
    assert (warning.kind, warning.detail) == (UrlWarningKind.SHARE_PARAMETER, name)


@pytest.mark.parametrize("parameter", ["lang=fr", "version=3.1", "weixin=shop", "from=home"])
def test_a_parameter_that_only_has_the_name_of_one_of_wechat_has_no_warning(parameter: str) -> None:
    assert find_url_warnings(f"https://a.cn/?{parameter}") == ()


def test_a_decoded_html_entity_is_restored() -> None:
    entity, spelling = find_url_warnings("https://a.cn/?a=1×tamp=2¶m=3§ion=4")
    assert entity.kind is UrlWarningKind.HTML_ENTITY
    assert entity.corrected == "https://a.cn/?a=1&timestamp=2&param=3&section=4"
    assert spelling.kind is UrlWarningKind.BROWSER_SPELLING
    assert UrlWarningKind.HTML_ENTITY not in {
        warning.kind for warning in find_url_warnings("https://a.cn/2×3?size=2×3")
    }


def test_each_of_several_flaws_is_corrected_separately() -> None:
    warnings = find_url_warnings(" http://a.cn?from=timeline&code=1&state=2#x")

    assert {warning.kind: warning.corrected for warning in warnings} == {
        UrlWarningKind.SURROUNDING_WHITESPACE: "http://a.cn?from=timeline&code=1&state=2#x",
        UrlWarningKind.FRAGMENT: " http://a.cn?from=timeline&code=1&state=2",
        UrlWarningKind.HTTP: " https://a.cn?from=timeline&code=1&state=2#x",
        UrlWarningKind.OAUTH_PARAMETER: " http://a.cn?from=timeline#x",
        UrlWarningKind.SHARE_PARAMETER: " http://a.cn?code=1&state=2#x",
        UrlWarningKind.NO_PATH: " http://a.cn/?from=timeline&code=1&state=2#x",
    }


def test_the_official_example_has_warnings_and_is_signed_unchanged() -> None:
    url = "http://mp.weixin.qq.com?params=value"

    assert [warning.kind for warning in find_url_warnings(url)] == [UrlWarningKind.HTTP, UrlWarningKind.NO_PATH]
    assert url_to_sign(url) == url


@pytest.mark.parametrize("domain", ["a.cn", "A.CN", "shop.a.cn", " a.cn "])
def test_a_domain_covers_itself_and_its_subdomains(domain: str) -> None:
    assert find_url_warnings("https://shop.a.cn/", (domain,)) == ()


@pytest.mark.parametrize("domain", ["b.cn", "x.shop.a.cn", "p.a.cn", "op.a.cn", "cn.a"])
def test_an_unlisted_domain_has_a_warning(domain: str) -> None:
    assert only("https://shop.a.cn/", domain) == UrlWarning(UrlWarningKind.UNLISTED_DOMAIN, "shop.a.cn")
    assert find_url_warnings("https://shop.a.cn/", (domain, "a.cn")) == ()


def test_a_default_port_always_has_a_warning() -> None:
    local, port = find_url_warnings("http://localhost:80/")
    assert local == UrlWarning(UrlWarningKind.LOCAL_HOST, "localhost")
    assert port == UrlWarning(UrlWarningKind.PORT, ":80", "http://localhost/")


def test_an_idn_matches_in_both_forms() -> None:
    assert find_url_warnings("https://xn--fsqu00a.cn/", ("例子.cn",)) == ()
    assert only("https://例子.cn/", "xn--fsqu00a.cn").kind is UrlWarningKind.BROWSER_SPELLING


def test_a_listed_host_has_no_warning_whatever_it_is() -> None:
    assert find_url_warnings("http://localhost:9999/", ("localhost:9999",)) == ()
    assert find_url_warnings("https://203.0.113.7/", ("203.0.113.7",)) == ()
    assert only("https://203.0.113.7/", "a.cn").kind is UrlWarningKind.IP_ADDRESS


@pytest.mark.parametrize("url", ["", "/p", "ftp://a.cn", "https://", "https://a.cn/\n#", "https://a.cn/" * 9999])
def test_an_invalid_url_has_no_warnings(url: str) -> None:
    assert find_url_warnings(url) == ()


@given(URLS | st.text(), st.data(), st.sampled_from([(), ("a.cn",), ("b.cn", "localhost")]))
@example("https://a.cn?" + "%25" * 40 + "E4", None, ())
def test_corrections_terminate_in_any_order(url: str, data: st.DataObject | None, domains: tuple[str, ...]) -> None:
    for _ in range(2 * len(url) + 20):
        offered = [warning for warning in find_url_warnings(url, domains) if warning.corrected is not None]
        if not offered:
            break
        warning = data.draw(st.sampled_from(offered)) if data is not None else offered[0]
        assert warning.corrected not in (None, url)
        assert url_problem(str(warning.corrected)) in (None, "encoded-url")
        url = str(warning.corrected)
    else:
        pytest.fail(url)


SINGLE = set(UrlWarningKind) - {
    UrlWarningKind.ENCODED,
    UrlWarningKind.TWICE_ENCODED,
    UrlWarningKind.HTML_ENTITY,
}  # those can be nested


@given(URLS)
def test_a_correction_removes_its_flaw(url: str) -> None:
    for warning in find_url_warnings(url):
        if warning.corrected is not None and warning.kind in SINGLE:
            left = {other.kind for other in find_url_warnings(warning.corrected)}
            assert warning.kind not in left
