"""Published signers (wechat-jssdk, wechatpy) and Node's URL parser return the same results as our code."""

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from wechatpy.client.api import jsapi

from guarddog_gui.domain.signing.card_signature import ChooseCard
from guarddog_gui.domain.signing.page_url import url_problem, url_to_sign
from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment
from guarddog_gui.domain.signing.url_warnings import UrlWarningKind, find_url_warnings
from tests.interop.node import run_node_script

pytestmark = pytest.mark.interop

WECHATPY: Any = jsapi.WeChatJSAPI  # it has no types
PAGES = 10_000
TICKET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
SCRIPTS = [
    "abcXYZ019-_.~", "中文签名网页", "繁體網頁", "ひらカナ", "한국어", "привет", "ελληνικά", "عربي", "עברית", "हिन्दी",
    "ภาษาไทย", "తెలుగు", "ქართ", "ភាសា", "ñöçßœ", "😀👩‍👩‍👧🐕", "ﬁ½Å", "!$'()*,;:@+|", '"<>`{}[]', " \u3000\xa0",
]  # fmt: skip
HOSTS = [
    "a.cn", "Shop.Example.COM", "例子.中国", "пример.рф", "παράδειγμα.gr", "한국.kr", "ドメイン.jp", "faß.de", "ａ.cn",
    "xn--fsqu00a.cn", "a.cn:443", "a.cn:80", "a.cn:8443", "localhost:9999", "localhost:80", "203.0.113.7", "[2001:db8::1]",
]  # fmt: skip
# wechat-jssdk looks for the fragment as url.parse spells it, and misses one in which url.parse escapes characters
FRAGMENTS = ["", "", "#", "#top", "#/route?x=1&y=图", "#a#b", "#!/пример", "#&from=timeline", "#%E5%9B%BE"]


def some_urls(rng: random.Random) -> Iterator[str]:
    """Yield random URLs in many scripts, with queries, fragments and percent-encoding of several kinds."""

    def word() -> str:
        text = "".join(rng.choices(rng.choice(SCRIPTS), k=rng.randint(1, 8)))
        match rng.randrange(5):
            case 0:
                return quote(text)
            case 1:
                return quote(quote(text))
            case 2:
                return quote(text, encoding="gbk", errors="replace").lower()
            case _:
                return text

    while True:
        path = "".join("/" + rng.choice(["p", ""]) + word() for _ in range(rng.randint(0, 3)))
        query = "&".join(rng.choice(["", "q=", "×tamp=", "code="]) + word() for _ in range(rng.randint(0, 4)))
        mark = rng.choice(["?", ""]) if not query else "?"
        host, scheme = rng.choice(HOSTS), rng.choice(["https", "http", "HTTPS"])
        url = f"{scheme}://{host}{path}{mark}{query}{rng.choice(FRAGMENTS)}"
        # wechat-jssdk takes the text `null` for the fragment of a URL without one. A browser resolves the
        # path segments "." and "..".
        if "null" not in url and not any(part in (".", "..") for part in path.split("/")):
            yield url.strip()


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, str]]:
    """Return URLs, each with a ticket."""
    rng = random.Random(4)  # noqa: S311 - test data
    urls = some_urls(rng)
    return [(next(urls), "".join(rng.choices(TICKET, k=86))) for _ in range(PAGES)]


@pytest.fixture(scope="module")
def node_results(pages: list[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Return nonce, timestamp and signature of wechat-jssdk and Node's `URL.href` for each page."""
    results: list[tuple[str, str, str, str]] = run_node_script(
        "wechat-jssdk", "signatures.js", stdin=pages, timeout_s=120
    )
    return results


def test_the_pages_cover_every_kind_of_url(pages: list[tuple[str, str]]) -> None:
    urls = [url for url, _ in pages]
    assert len(set(urls)) > PAGES * 0.95
    for part in ("?", "#", "%25", "%", "图", "×tamp", "ภ", "😀"):
        assert sum(part in url for url in urls) > 100, part
    assert [url for url in urls if url_problem(url) is not None] == []


def test_wechat_jssdk_signs_as_we_do(
    pages: list[tuple[str, str]], node_results: list[tuple[str, str, str, str]]
) -> None:
    for (url, ticket), (nonce, timestamp, signature, _) in zip(pages, node_results, strict=True):
        ours = SignatureInput(ticket, nonce, int(timestamp), url_to_sign(url))
        assert ours.signature == signature, url


def test_wechatpy_signs_urls_without_fragment_as_we_do(pages: list[tuple[str, str]]) -> None:
    rng = random.Random(5)  # noqa: S311 - test data
    peer = WECHATPY()
    for url, ticket in pages:
        nonce = "".join(rng.choices(TICKET, k=rng.randint(1, 32)))
        timestamp = rng.randint(0, 2**33)
        ours = SignatureInput(ticket, nonce, timestamp, url_to_sign(url))
        theirs = peer.get_jsapi_signature(nonce, ticket, timestamp, strip_fragment(url))
        assert ours.signature == theirs, url


def test_wechatpy_signs_the_choice_of_a_card_as_we_do() -> None:
    client = type("Client", (), {"appid": "wx1234567890abcdef"})()
    parameters = {"noncestr": "jonyqin", "timestamp": "1404896688"}
    theirs = WECHATPY(client).get_jsapi_card_params("ticket", "GROUPON", **parameters)
    ours = ChooseCard("ticket", "wx1234567890abcdef", 1404896688, "jonyqin", card_type="GROUPON")
    assert ours.signature == theirs["sign"]


def test_the_corrected_url_is_the_one_that_a_browser_reports(
    pages: list[tuple[str, str]], node_results: list[tuple[str, str, str, str]]
) -> None:
    """Node's URL follows the same standard as browsers."""
    spelling = (UrlWarningKind.NO_PATH, UrlWarningKind.PORT, UrlWarningKind.BROWSER_SPELLING)
    changed = 0
    for (url, _), (_, _, _, href) in zip(pages, node_results, strict=True):
        corrected = url
        for kind in spelling:
            texts = [warning.corrected for warning in find_url_warnings(corrected) if warning.kind is kind]
            corrected = next((text for text in texts if text is not None), corrected)
        assert url_to_sign(corrected) == strip_fragment(href), url
        changed += corrected != url
    assert PAGES * 0.5 < changed < PAGES
