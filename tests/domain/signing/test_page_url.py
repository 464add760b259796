"""Validation of page URLs, and the part of them that is signed."""

import subprocess
import sys
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.page_url import (
    URL_MAX,
    browser_host,
    decode_url,
    parse_page_url,
    url_problem,
    url_to_sign,
)

ANY_TEXT = st.text() | st.builds("https://{}".format, st.text()) | st.builds("http://a.cn/{}".format, st.text())


@pytest.mark.parametrize(
    "url",
    [
        "http://mp.weixin.qq.com?params=value",
        "https://a.cn",
        "HTTPS://A.CN/",
        "https://a.cn:8443/p",
        "https://a.cn:/p",
        "https://例子.中国/路径?问=答",
        "https://a.cn/p?next=https://b.cn/#/route",
        "https://[::1]:80/",
        "http://127.0.0.1:9999/",
        "https://who:pass@a.cn/",
        "https://a.cn/👩‍👩‍👧?q= x",
        "https://a_b.cn\\p",
        " \u3000https://a.cn/\ufeff\n",
        "https://a.cn/" + "p" * (URL_MAX - 13),
    ],
)
def test_a_page_url_can_be_signed(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "empty-url"),
        (" \n\u3000", "empty-url"),
        ("/p?x=1", "relative-url"),
        ("a.cn/p", "relative-url"),
        ("//a.cn/p", "relative-url"),
        ("localhost:9999/p", "relative-url"),
        ("?x=1", "relative-url"),
        ("图", "relative-url"),
        ("ftp://a.cn/", "other-scheme-url"),
        ("file:///p", "other-scheme-url"),
        ("javascript:alert(1)", "other-scheme-url"),
        ("weixin://dl/business", "other-scheme-url"),
        ("https:", "no-host-url"),
        ("https://", "no-host-url"),
        ("https:///p", "no-host-url"),
        ("https://:80/", "no-host-url"),
        ("https://who@/p", "no-host-url"),
        ("https:a.cn", "no-host-url"),
        ("https://a b.cn/", "no-host-url"),
        ("https://a%20b.cn/", "no-host-url"),
        ("https://℀.cn/", "no-host-url"),
        ("https://a.cn:port/", "no-host-url"),
        ("https://a.cn:65536/", "no-host-url"),
        ("https://a.cn:８０/", "no-host-url"),
        ("https://[a.cn/", "no-host-url"),
        ("https://[g]/", "no-host-url"),
        ("https%3A%2F%2Fa.cn%2F", "encoded-url"),
        ("HTTP%253a%252F%252Fa.cn", "encoded-url"),
        ("https://a.cn/\np", "unprintable-url"),
        ("https://a.cn/\tp", "unprintable-url"),
        ("https://a.cn/\x00", "unprintable-url"),
        ("https://a.cn/p\x1b[31mred", "unprintable-url"),
        ("https://a.cn/\x85x", "unprintable-url"),
        ("https://a.cn/\u2028x", "unprintable-url"),
        ("https://a.cn/\udcff", "unprintable-url"),
        ("https://a.cn/" + "p" * URL_MAX, "long-url"),
        (" " * 100_000, "long-url"),
    ],
)
def test_an_invalid_url_has_a_problem(url: str, problem: str) -> None:
    assert url_problem(url) == problem


@pytest.mark.parametrize("part", ["a", "@", "/", "%25", "×tamp=", "https://", "中", " "])
def test_100_kb_are_refused_at_once(part: str) -> None:
    begun = time.thread_time()

    assert url_problem("https://a.cn/?" + part * 100_000) == "long-url"

    assert time.thread_time() - begun < 0.05


@given(ANY_TEXT)
@example("https://[")
@example("https://\u3002")
def test_any_text_can_be_checked_and_a_valid_url_is_parsed_without_loss(url: str) -> None:
    if url_problem(url) is None:
        page = parse_page_url(url.strip())
        signed = url_to_sign(url)
        assert signed
        assert "#" not in signed
        assert signed in url
        assert url_problem(signed) is None
        if page is not None:
            assert page.full_url == url.strip()


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value"),
        ("\u3000https://a.cn/p?x=1#/route?y=2#z ", "https://a.cn/p?x=1"),
        ("HTTPS://A.CN:443/%25E4 图×tamp=1", "HTTPS://A.CN:443/%25E4 图×tamp=1"),
        ("https://a.cn/p #x", "https://a.cn/p "),
    ],
)
def test_only_the_fragment_and_surrounding_blanks_are_not_signed(url: str, signed: str) -> None:
    assert url_to_sign(url) == signed


def test_an_encoded_url_is_decoded_once() -> None:
    assert decode_url(" https%3A%2F%2Fa.cn%2F%25E5%259B%25BE%3Fq%3D1") == "https://a.cn/%E5%9B%BE?q=1"
    assert decode_url("https%253A%252F%252Fa.cn") == "https%3A%2F%2Fa.cn"


@pytest.mark.parametrize("url", ["https%3A%2F%2Fa.cn%2F%1B", "https%3A%2F%2Fa.cn%2F%E4%E5", "https%3A"])
def test_an_encoded_url_with_an_invalid_result_is_not_decoded(url: str) -> None:
    assert decode_url(url) is None


@pytest.mark.parametrize(
    ("url", "spelt"),
    [
        ("HTTPS://A.Cn/P?Q", "https://a.cn/P?Q"),
        ("https://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
        ("https://例子。cn/", "https://xn--fsqu00a.cn/"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://ａ.cn/", "https://a.cn/"),
        ("https://a.cn/图 片?q=图 片", "https://a.cn/%E5%9B%BE%20%E7%89%87?q=%E5%9B%BE%20%E7%89%87"),
        ("https://a.cn/\"<>`{}'|[]?\"<>`{}'|[]", "https://a.cn/%22%3C%3E%60%7B%7D'|[]?%22%3C%3E`{}%27|[]"),
        ("https://a.cn\\p?\\", "https://a.cn/p?\\"),
        ("https://a.cn/%e5%9b%be?50%", "https://a.cn/%e5%9b%be?50%"),
        ("https://a.cn:443", "https://a.cn:443"),
    ],
)
def test_a_url_is_spelt_as_browsers_report_it(url: str, spelt: str) -> None:
    page = parse_page_url(url)
    assert page is not None
    assert page.browser_form.full_url == spelt
    assert page.browser_form.browser_form == page.browser_form


@pytest.mark.parametrize(
    ("host", "reported"),
    [
        ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
        ("Bücher.DE", "xn--bcher-kva.de"),
        ("ＷＷＷ.例子.cn", "www.xn--fsqu00a.cn"),
        ("faß.de", "xn--fa-hia.de"),
        ("💩.la", "xn--ls8h.la"),
        ("a_b.例子.cn", "a_b.xn--fsqu00a.cn"),
        ("a\u2488com", ""),
    ],
)
def test_a_host_in_another_script_is_spelt_as_browsers_report_it(host: str, reported: str) -> None:
    assert browser_host(host) == reported


def test_a_host_that_browsers_refuse_cannot_be_signed() -> None:
    assert url_problem("https://a\u2488com/p") == "no-host-url"


def test_the_tables_of_unicode_are_not_loaded_for_a_host_in_ascii() -> None:
    code = (
        "import sys; from guarddog_gui.domain.signing.page_url import browser_host; browser_host('A.cn');"
        " sys.exit('idna' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
