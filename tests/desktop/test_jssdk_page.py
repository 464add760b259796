"""The test page in a real Chromium: what is signed well is config:ok, and each common mistake is not."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.config_parser import parse_pasted_config
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.search import SignatureMatch, diagnose
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.jssdk import pages
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.diagnosis import DiagnosisRequest
from tests.desktop.browser import Browser, private_browser
from tests.desktop.jssdk_mistakes import MISTAKES, PAGE_PATH, ConfigFields, SigningInputs, correct_config
from tests.desktop.processes import minimal_environment, wait_until
from tests.desktop.program_process import script_path
from tests.fakes import FakeClock

OK, INVALID = "config:ok", "config:invalid signature"
NONCE = "Wm3WZYTPz0wzccnW"


@dataclass
class BrowserScene:
    """A sandbox whose first account has had two tickets, and the browser that looks at its page."""

    sandbox: SandboxServer
    browser: Browser
    timestamp: int
    previous_ticket: str
    access_token: str
    ticket: str

    def ingredients(self, path: str) -> SigningInputs:
        """What a page at this path below /jssdk is signed with; the path is spelt as browsers do it."""
        return SigningInputs(
            appid=self.sandbox.accounts[0].appid,
            ticket=self.ticket,
            previous_ticket=self.previous_ticket,
            access_token=self.access_token,
            nonce=NONCE,
            timestamp=self.timestamp,
            url=f"{self.sandbox.base_url}/jssdk{path}",
        )

    def config(self, path: str) -> ConfigFields:
        return correct_config(self.ingredients(path))

    def open(self, path: str, config: ConfigFields) -> str:
        """What the page at this path says to that config."""
        self.browser.open(pages.make_test_page_url(self.sandbox.base_url, path, json.dumps(config)))
        return self.said(after=0)

    @property
    def shown(self) -> int:
        """How many verdicts the page has shown since it was loaded."""
        return int(self.browser.execute_script("return document.getElementById('result').dataset.shown") or 0)

    def said(self, *, after: int) -> str:
        wait_until(lambda: self.shown > after, "a verdict")
        return self.browser.text("#result")

    def said_to(self, deed: Callable[[], object]) -> str:
        """What the page says next, when this is done to it."""
        before = self.shown
        deed()
        return self.said(after=before)

    def push(self, to: str) -> str:
        """What it says after it went there without being loaded."""
        self.browser.execute_script("document.getElementById('push-to').value = arguments[0]", to)
        return self.said_to(lambda: self.browser.click("#push-now"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with private_browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def scene(browser: Browser) -> Iterator[BrowserScene]:
    clock = FakeClock()
    with SandboxServer(clock) as sandbox:
        _, previous = token_and_ticket(sandbox)
        clock.advance(3 * 3600 + 1)
        access_token, ticket = token_and_ticket(sandbox)
        yield BrowserScene(sandbox, browser, int(clock.now), previous, access_token, ticket)


@contextmanager
def domains(scene: BrowserScene, *names: str) -> Iterator[None]:
    """The JS-safe domains of the account are these for a while."""
    account = scene.sandbox.accounts[0]
    scene.sandbox.rules.set_account(replace(account, domains=names))
    try:
        yield
    finally:
        scene.sandbox.rules.set_account(account)


def token_and_ticket(sandbox: SandboxServer) -> tuple[str, str]:
    account = sandbox.accounts[0]
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    token = requests.get(f"{sandbox.base_url}/cgi-bin/token", query, timeout=5).json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    ticket = requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", query, timeout=5).json()["ticket"]
    return token, ticket


# -- what was signed well -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "as_browser"),
    [
        ("/", "/"),
        ("/p", "/p"),
        ("/p/", "/p/"),
        ("?a=1", "/?a=1"),
        ("/a/b.html?id=7&from=singlemessage&isappinstalled=0", None),
        ("/p?q=a%20b+c&empty=&url=https%3A%2F%2Fa.cn%2F%3Fx%3D1%23y", None),
        ("/p#own", "/p"),
        ("/p?a=1#/route/2?b=3&guarddog=x", "/p?a=1"),
        ("/中文/商品?名=值#片段", "/%E4%B8%AD%E6%96%87/%E5%95%86%E5%93%81?%E5%90%8D=%E5%80%BC"),
        ("/%E4%B8%AD%E6%96%87?a=%e4%b8%ad", None),
        ("/🐶?q=`'\"<>|", "/%F0%9F%90%B6?q=`%27%22%3C%3E|"),
        ("/p?" + "x" * 6000, None),
    ],
)
def test_what_was_signed_for_the_url_as_the_browser_has_it_is_ok(
    scene: BrowserScene, path: str, as_browser: str | None
) -> None:
    real = as_browser or path
    assert scene.open(path, scene.config(real)) == OK
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk{real}"


def test_chinese_that_was_signed_as_it_is_typed_is_invalid(scene: BrowserScene) -> None:
    assert scene.open("/中文", scene.config("/中文")) == INVALID


def test_a_timestamp_that_a_server_sends_as_text_is_as_good(scene: BrowserScene) -> None:
    config = scene.config("/p")
    assert scene.open("/p", config | {"timestamp": str(config["timestamp"])}) == OK


# -- the ten commonest mistakes -------------------------------------------------------------------


def test_the_page_on_which_the_mistakes_are_made_is_ok_without_one(scene: BrowserScene) -> None:
    assert scene.open(PAGE_PATH, correct_config(scene.ingredients(PAGE_PATH))) == OK


@pytest.mark.parametrize(("name", "mistaken", "kind"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_a_mistake_is_an_invalid_signature_and_the_diagnosis_names_it(
    scene: BrowserScene, name: str, mistaken: Callable[[SigningInputs], ConfigFields], kind: MistakeKind
) -> None:
    have = scene.ingredients(PAGE_PATH)
    wrong = mistaken(have)
    assert wrong != correct_config(have), name
    assert scene.open(PAGE_PATH, wrong) == INVALID
    assert "signature belongs to another" in scene.browser.text("#why")

    # what a person does next: paste the block from the page, and the address that the browser shows
    config = parse_pasted_config(scene.browser.text("#config"))
    assert config.problem is None
    complaint = DiagnosisRequest.from_config(config, have.url)
    found = diagnose(complaint.to_input(known(have)))
    assert isinstance(found, SignatureMatch)
    assert [mistake.kind for mistake in found.mistakes] == [kind]


def known(have: SigningInputs) -> tuple[CandidateTicket, ...]:
    """What Guard Dog has on disk."""
    return (
        CandidateTicket(have.ticket, TicketOrigin.CURRENT, have.appid),
        CandidateTicket(have.previous_ticket, TicketOrigin.OLD, have.appid),
        CandidateTicket(have.access_token, TicketOrigin.ACCESS_TOKEN, have.appid),
    )


# -- the same from the command line, without Qt ---------------------------------------------------


@pytest.fixture
def command_line(scene: BrowserScene, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """guarddogctl in a home that has the account and its values on disk; gives the JSON that it prints."""
    environment = minimal_environment(GUARDDOG_HOME=str(tmp_path), DBUS_SESSION_BUS_ADDRESS="disabled:")
    stores = make_container(environment, time.time)
    account = Account(scene.sandbox.accounts[0].appid, "Shop")
    stores.accounts.update(lambda _: (account,))
    for kind, value in ((TokenKind.ACCESS_TOKEN, scene.access_token), (TokenKind.JSAPI_TICKET, scene.ticket)):
        stores.dog_files.write(account, kind, TokenRecord(value, 7200, int(time.time() * 1000), "", 290))
    stores.replaced_tickets.add(account, scene.previous_ticket, time.time() - 60)

    def run(*arguments: str, typed: str = "") -> dict[str, Any]:
        done = subprocess.run(
            [script_path("guarddogctl"), *arguments, "--json"],
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    return run


@pytest.mark.parametrize("path", ["/shop?id=7&from=timeline#own", "/%E5%BA%97/?q=%E4%B9%A6", "/"])
def test_what_the_command_line_signs_is_ok(
    scene: BrowserScene, command_line: Callable[..., dict[str, Any]], path: str
) -> None:
    signed = command_line("sign", f"{scene.sandbox.base_url}/jssdk{path}")
    assert scene.open(path, signed["config"]) == OK


@pytest.mark.parametrize(("name", "mistaken", "kind"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_the_command_line_names_what_the_browser_refused(
    scene: BrowserScene,
    command_line: Callable[..., dict[str, Any]],
    name: str,
    mistaken: Callable[[SigningInputs], ConfigFields],
    kind: MistakeKind,
) -> None:
    have = scene.ingredients(PAGE_PATH)
    assert scene.open(PAGE_PATH, mistaken(have)) == INVALID, name
    found = command_line("diagnose", have.url, "--config", "-", typed=scene.browser.text("#config"))
    assert [mistake["kind"] for mistake in found["mistakes"]] == [kind]


# -- single-page apps -----------------------------------------------------------------------------


def test_after_push_state_android_looks_at_the_url_of_now_and_ios_at_the_first_one(scene: BrowserScene) -> None:
    assert scene.open("/shop?step=1#own", scene.config("/shop?step=1")) == OK
    assert scene.push("cart?step=2") == INVALID
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk/cart?step=2"
    assert scene.said_to(lambda: scene.browser.click("#as-ios")) == OK
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk/shop?step=1"
    assert scene.push("pay?step=3") == OK
    assert scene.said_to(lambda: scene.browser.click("#as-android")) == INVALID


def test_what_was_signed_for_where_push_state_leads_is_ok_there_on_android_and_never_on_ios(
    scene: BrowserScene,
) -> None:
    assert scene.open("/shop", scene.config("/%E8%B4%AD%E7%89%A9%E8%BD%A6?step=2")) == INVALID
    assert scene.push("/jssdk/购物车?step=2") == OK
    assert scene.said_to(lambda: scene.browser.click("#as-ios")) == INVALID


def test_a_real_load_makes_the_url_of_now_the_first_one(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/cart")) == INVALID
    scene.push("cart")
    scene.browser.execute_script("location.reload()")
    wait_until(lambda: scene.shown == 1, "the page to be loaded anew")
    assert scene.said_to(lambda: scene.browser.click("#as-ios")) == OK


def test_the_way_back_is_checked_too(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/shop")) == OK
    assert scene.push("cart") == INVALID
    assert scene.said_to(lambda: scene.browser.execute_script("history.back()")) == OK


def test_a_new_config_in_the_address_bar_is_taken_without_a_load(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/cart")) == INVALID
    address = pages.make_test_page_url(scene.sandbox.base_url, "/shop", json.dumps(scene.config("/shop")))
    assert scene.said_to(lambda: scene.browser.execute_script("location.href = arguments[0]", address)) == OK


def test_an_app_can_sign_again_wherever_it_goes(scene: BrowserScene) -> None:
    scene.open("/shop", scene.config("/shop"))
    scene.browser.execute_script("history.pushState(null, '', '/elsewhere?a=1')")
    url = f"{scene.sandbox.base_url}/elsewhere?a=1"
    again = correct_config(replace(scene.ingredients("/"), url=url))
    assert scene.said_to(lambda: scene.browser.execute_script("wx.config(arguments[0])", again)) == OK


def test_of_two_questions_at_once_only_the_last_one_is_answered(scene: BrowserScene) -> None:
    good, wrong = scene.config("/shop"), scene.config("/cart")
    scene.open("/shop", good)
    before = scene.shown
    both = "wx.config(arguments[0]); wx.config(arguments[1])"
    assert scene.said_to(lambda: scene.browser.execute_script(both, wrong, good)) == OK
    assert scene.said_to(lambda: scene.browser.execute_script("wx.config(arguments[0])", wrong)) == INVALID
    assert scene.shown == before + 2


# -- other verdicts -------------------------------------------------------------------------------


def test_a_page_outside_the_js_safe_domains_is_an_invalid_url_domain(scene: BrowserScene) -> None:
    with domains(scene, "shop.example"):
        assert scene.open("/p", scene.config("/p")) == "config:invalid url domain"
        assert "JS-safe domains" in scene.browser.text("#why")
    with domains(scene, "shop.example", "127.0.0.1"):
        assert scene.open("/p", scene.config("/p")) == OK


def test_a_missing_parameter_is_named(scene: BrowserScene) -> None:
    config = scene.config("/p")
    del config["nonceStr"], config["jsApiList"]
    assert scene.open("/p", config) == "config:fail"
    assert scene.browser.text("#why").endswith("nonceStr, jsApiList")


def test_of_an_account_that_is_not_its_own_the_sandbox_says_that_it_cannot_tell(scene: BrowserScene) -> None:
    assert scene.open("/p", scene.config("/p") | {"appId": "wx0123456789abcdef"}) == "config:fail"
    assert "does not know this appId" in scene.browser.text("#why")


def test_an_address_without_a_config_says_so(scene: BrowserScene) -> None:
    for fragment in ("", "#own", "#guarddog=", "#guarddog=e30x", "#guarddog=IiI", "#guarddog=bnVsbA"):
        scene.browser.open(f"{scene.sandbox.base_url}/jssdk/p{fragment}")
        assert scene.said(after=0) == "config:fail"
        assert "carries no config" in scene.browser.text("#why")


def test_a_sandbox_that_has_gone_is_not_a_verdict(scene: BrowserScene) -> None:
    clock = FakeClock()
    with SandboxServer(clock) as gone:
        scene.browser.open(pages.make_test_page_url(gone.base_url, "/p", "{}"))
        scene.said(after=0)
    assert scene.said_to(lambda: scene.browser.click("#as-ios")) == "config:fail"
    assert "gave no verdict" in scene.browser.text("#why")


def test_a_script_that_lies_about_its_url_is_contradicted_by_the_browser(scene: BrowserScene) -> None:
    scene.open("/p", scene.config("/p"))
    other = scene.config("/other")
    scene.browser.execute_script(
        "wx.checkedUrl = () => arguments[0]; wx.config(arguments[1])", f"{scene.sandbox.base_url}/jssdk/other", other
    )
    wait_until(lambda: "gave no verdict" in scene.browser.text("#why"), "no verdict")


def test_markup_in_a_config_is_text(scene: BrowserScene) -> None:
    markup = "<img src=x onerror=\"document.title='owned'\">"
    assert scene.open("/p", scene.config("/p") | {"nonceStr": markup, "appId": markup}) == "config:fail"
    assert markup in json.loads(scene.browser.text("#config"))["appId"]
    assert scene.browser.execute_script("return document.querySelectorAll('img').length") == 0
    assert scene.browser.execute_script("return document.title") == "Guard Dog · JS-SDK"


def test_the_page_speaks_the_language_of_the_browser(scene: BrowserScene) -> None:
    scene.open("/p", scene.config("/p"))
    assert scene.browser.text("h1") == "JS-SDK test page"
    scene.browser.execute_script("document.documentElement.lang = 'zh-CN'")
    assert scene.browser.text("h1") == "JS-SDK 测试页"
    assert "校验通过" in scene.browser.text("#why")
    assert "signature" not in scene.browser.text("#why")
