import pytest

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.target import CheckTarget, parse_target


def target(text: str, verify_file: str = "") -> CheckTarget:
    parsed = parse_target(text, verify_file)
    assert isinstance(parsed, CheckTarget)
    return parsed


@pytest.mark.parametrize(
    ("text", "url", "is_whole_page"),
    [
        ("shop.example.cn", "https://shop.example.cn/", False),
        (" Shop.Example.cn/ ", "https://shop.example.cn/", False),
        ("http://a.cn:80/p?x=1#top", "https://a.cn/p?x=1", True),
        ("https://a.cn:443", "https://a.cn/", False),
        ("http://a.cn:443", "https://a.cn/", False),
        ("localhost:9999", "https://localhost:9999/", False),
        ("商店.cn/页", "https://xn--czrs0t.cn/%E9%A1%B5", True),
    ],
)
def test_a_domain_or_page_becomes_a_https_url(text: str, url: str, is_whole_page: bool) -> None:  # noqa: FBT001 - a table
    parsed = target(text)
    assert (parsed.page_url, parsed.is_whole_page) == (url, is_whole_page)


def test_the_file_is_at_the_root() -> None:
    parsed = target("https://a.cn:8443/deep/page", "MP_verify_abcd.txt")
    assert parsed.verify_file_url == "https://a.cn:8443/MP_verify_abcd.txt"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.EMPTY_DOMAIN),
        ("   ", InputProblem.EMPTY_DOMAIN),
        ("ftp://a.cn", InputProblem.URL_OTHER_SCHEME),
        ("https://", InputProblem.URL_WITHOUT_HOST),
        ("https://user:pass@a.cn/", InputProblem.INVALID_JS_DOMAIN),
        ("a.cn:99999", InputProblem.URL_WITHOUT_HOST),
        ("a\x00.cn", InputProblem.URL_UNPRINTABLE),
        ("a" * 9000, InputProblem.URL_TOO_LONG),
    ],
)
def test_what_cannot_be_checked_is_refused(text: str, problem: InputProblem) -> None:
    assert parse_target(text) is problem


def test_a_file_that_is_not_wechats_is_refused() -> None:
    assert parse_target("a.cn", "robots.txt") is InputProblem.INVALID_VERIFY_FILE
