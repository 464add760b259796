"""Test pages for any account: on a server of this computer that believes the account's own ticket."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from PySide6.QtCore import QUrl

from guarddog_gui.app.signature_test_page import SignatureTestServer
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.fakes import FakeClock, FakeDogFileStore
from tests.runtime.harness import CAFE, SHOP

TICKET = "ticket-of-the-account-" + "t" * 40


class SignatureTestServerSetup:
    """An account with a live ticket, and the pages that prove its signatures."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dogs = FakeDogFileStore()
        self.pages = SignatureTestServer(self.dogs, self.clock)
        self.put(TICKET)

    def put(self, ticket: str, *, life: int = 7200) -> None:
        record = TokenRecord(ticket, life, int(self.clock() * 1000), "", SHOP.ahead)
        self.dogs.put_text(SHOP, TokenKind.JSAPI_TICKET, dog_format.format_token_record(record))

    def config(self, url: str) -> WxConfig:
        """Return what the window shows for that page."""
        signable = SignatureInput(TICKET, "nonce", int(self.clock()), url)
        return WxConfig(SHOP.appid, signable.timestamp, "nonce", signable.signature, ("chooseImage",))

    def address(self, url: str) -> str:
        address = self.pages.make_page_url(SHOP, url, self.config(url))
        assert address is not None
        return address


@pytest.fixture
def scene() -> Iterator[SignatureTestServerSetup]:
    scene = SignatureTestServerSetup()
    yield scene
    scene.pages.stop()


def verdict(address: str) -> str:
    """Return what the server answers to the page at this address as the browser gets it."""
    page, _, fragment = bytes(QUrl(address).toEncoded().data()).decode().partition("#")
    text = fragment.rpartition("guarddog=")[2]
    config = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    base = "http://" + urlsplit(page).netloc
    body = {"url": page, "mode": "current", "config": config}
    answer = requests.post(f"{base}/jssdk-check", json=body, headers={"Origin": base}, timeout=5)
    return str(answer.json()["errMsg"])


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://shop.example.com", "/jssdk/"),
        ("https://shop.example.com/?a=1", "/jssdk/?a=1"),
        ("https://shop.example.com?a=1", "/jssdk/?a=1"),
        ("http://127.0.0.1:8080/a/b.html?id=7&x=", "/jssdk/a/b.html?id=7&x="),
        ("https://shop.example.com/旗舰店?名=值", "/jssdk/%E6%97%97%E8%88%B0%E5%BA%97?%E5%90%8D=%E5%80%BC"),
        ("https://shop.example.com/%e4%b8%ad", "/jssdk/%E4%B8%AD"),
        ("https://shop.example.com/p?q={a}|^`", "/jssdk/p?q=%7Ba%7D%7C%5E%60"),
        ("https://shop.example.com/100%?a=%zz", "/jssdk/100%25?a=%25zz"),
        ("https://shop.example.com\\p", "/jssdk/p"),
        ("https://[::1]:8000/p?a'b", "/jssdk/p?a%27b"),
        ("http://[1]/p", "/jssdk/p"),  # urllib would not take it for an address
    ],
)
def test_a_page_of_the_same_path_and_query_is_config_ok(scene: SignatureTestServerSetup, url: str, page: str) -> None:
    address = scene.address(url)
    parts = urlsplit(address)
    assert (parts.scheme, parts.hostname) == ("http", "127.0.0.1")
    assert f"{parts.path}?{parts.query}".rstrip("?") == page
    assert verdict(address) == "config:ok"


def test_the_page_is_there(scene: SignatureTestServerSetup) -> None:
    answer = requests.get(scene.address("https://shop.example.com/旗舰店?a=1"), timeout=5)
    assert answer.status_code == 200
    assert "JS-SDK" in answer.text
    assert TICKET not in answer.text


def test_the_address_holds_no_ticket_and_all_that_the_config_says(scene: SignatureTestServerSetup) -> None:
    address = scene.address("https://shop.example.com/p")
    text = address.rpartition("guarddog=")[2]
    config = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert TICKET not in json.dumps(config)
    assert config["appId"] == SHOP.appid
    assert config["nonceStr"] == "nonce"
    assert config["jsApiList"] == ["chooseImage"]


def test_all_pages_are_on_one_server(scene: SignatureTestServerSetup) -> None:
    first, second = (urlsplit(scene.address(f"https://shop.example.com/{page}")) for page in "ab")
    assert first.netloc == second.netloc


def test_a_replaced_ticket_is_believed_from_the_next_page_on(scene: SignatureTestServerSetup) -> None:
    old = scene.address("https://shop.example.com/p")
    scene.put("another-ticket-" + "u" * 40)
    new = scene.address("https://shop.example.com/p")
    assert verdict(new) == "config:ok"
    assert verdict(old) == "config:invalid signature"


def test_without_a_live_ticket_there_is_no_page_and_no_server(scene: SignatureTestServerSetup) -> None:
    config = scene.config("https://shop.example.com/p")
    assert scene.pages.make_page_url(CAFE, "https://shop.example.com/p", config) is None
    scene.clock.advance(8000)
    assert scene.pages.make_page_url(SHOP, "https://shop.example.com/p", config) is None
    assert scene.pages._server is None


def test_stopped_it_serves_no_more_and_may_begin_again(scene: SignatureTestServerSetup) -> None:
    address = scene.address("https://shop.example.com/p")
    scene.pages.stop()
    scene.pages.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)
    assert verdict(scene.address("https://shop.example.com/p")) == "config:ok"
