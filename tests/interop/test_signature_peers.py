"""Other people's signers and another URL parser, each as it is published, come to our results."""

import json
import random
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from wechatpy.client.api import jsapi

from guarddog_gui.domain.signing.page_url import url_problem, url_to_sign
from guarddog_gui.domain.signing.signature import SignatureInput, sign_card, strip_fragment
from guarddog_gui.domain.signing.url_warnings import UrlWarningKind, find_url_warnings
from tests.interop.node import INTEROP_FOLDER, require_node_package

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
# wechat-jssdk finds a fragment by what url.parse makes of it, and loses one in which that escapes something
FRAGMENTS = ["", "", "#", "#top", "#/route?x=1&y=图", "#a#b", "#!/пример", "#&from=timeline", "#%E5%9B%BE"]


def some_urls(chance: random.Random) -> Iterator[str]:
    """Addresses in every script, with queries, fragments and all that people do to percent signs."""

    def word() -> str:
        text = "".join(chance.choices(chance.choice(SCRIPTS), k=chance.randint(1, 8)))
        match chance.randrange(5):
            case 0:
                return quote(text)
            case 1:
                return quote(quote(text))
            case 2:
                return quote(text, encoding="gbk", errors="replace").lower()
            case _:
                return text

    while True:
        path = "".join("/" + chance.choice(["p", ""]) + word() for _ in range(chance.randint(0, 3)))
        query = "&".join(chance.choice(["", "q=", "×tamp=", "code="]) + word() for _ in range(chance.randint(0, 4)))
        mark = chance.choice(["?", ""]) if not query else "?"
        host, scheme = chance.choice(HOSTS), chance.choice(["https", "http", "HTTPS"])
        url = f"{scheme}://{host}{path}{mark}{query}{chance.choice(FRAGMENTS)}"
        # it takes `null` for the fragment of an address without one; dots of their own are a path's business
        if "null" not in url and not any(part in (".", "..") for part in path.split("/")):
            yield url.strip()


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, str]]:
    """Addresses, each with a ticket."""
    chance = random.Random(4)  # noqa: S311 - test data
    urls = some_urls(chance)
    return [(next(urls), "".join(chance.choices(TICKET, k=86))) for _ in range(PAGES)]


@pytest.fixture(scope="module")
def made_by_node(pages: list[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Nonce, timestamp and signature of wechat-jssdk and the href of Node's URL, from one process for all."""
    done = subprocess.run(
        [require_node_package("wechat-jssdk"), str(INTEROP_FOLDER / "signatures.js")],
        input=json.dumps(pages),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made: list[tuple[str, str, str, str]] = json.loads(done.stdout)
    return made


def test_the_pages_are_as_different_as_they_should_be(pages: list[tuple[str, str]]) -> None:
    urls = [url for url, _ in pages]
    assert len(set(urls)) > PAGES * 0.95
    for part in ("?", "#", "%25", "%", "图", "×tamp", "ภ", "😀"):
        assert sum(part in url for url in urls) > 100, part
    assert [url for url in urls if url_problem(url) is not None] == []


def test_wechat_jssdk_signs_as_we_do(
    pages: list[tuple[str, str]], made_by_node: list[tuple[str, str, str, str]]
) -> None:
    for (url, ticket), (nonce, timestamp, signature, _) in zip(pages, made_by_node, strict=True):
        ours = SignatureInput(ticket, nonce, int(timestamp), url_to_sign(url))
        assert ours.signature == signature, url


def test_wechatpy_signs_as_we_do_what_it_is_given_without_a_fragment(pages: list[tuple[str, str]]) -> None:
    chance = random.Random(5)  # noqa: S311 - test data
    peer = WECHATPY()
    for url, ticket in pages:
        nonce = "".join(chance.choices(TICKET, k=chance.randint(1, 32)))
        timestamp = chance.randint(0, 2**33)
        ours = SignatureInput(ticket, nonce, timestamp, url_to_sign(url))
        theirs = peer.get_jsapi_signature(nonce, ticket, timestamp, strip_fragment(url))
        assert ours.signature == theirs, url


def test_wechatpy_signs_the_choice_of_a_card_as_we_do() -> None:
    client = type("Client", (), {"appid": "wx1234567890abcdef"})()
    given = {"noncestr": "jonyqin", "timestamp": "1404896688"}
    theirs = WECHATPY(client).get_jsapi_card_params("ticket", "GROUPON", **given)
    ours = sign_card("ticket", "wx1234567890abcdef", "1404896688", "jonyqin", "GROUPON")
    assert ours == theirs["sign"]


def test_the_corrected_address_is_what_a_browser_reports(
    pages: list[tuple[str, str]], made_by_node: list[tuple[str, str, str, str]]
) -> None:
    """Node's URL follows the standard that browsers follow."""
    spelling = (UrlWarningKind.NO_PATH, UrlWarningKind.PORT, UrlWarningKind.BROWSER_SPELLING)
    changed = 0
    for (url, _), (_, _, _, href) in zip(pages, made_by_node, strict=True):
        corrected = url
        for kind in spelling:
            found = [warning.corrected for warning in find_url_warnings(corrected) if warning.kind is kind]
            corrected = next((text for text in found if text is not None), corrected)
        assert url_to_sign(corrected) == strip_fragment(href), url
        changed += corrected != url
    assert PAGES * 0.5 < changed < PAGES
