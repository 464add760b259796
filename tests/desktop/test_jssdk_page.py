"""The test page in a real Chromium: a correct signature is config:ok, and each common mistake is not."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.search import SignatureMatch, diagnose
from guarddog_gui.domain.paste.config import read_config
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
    """Browser and sandbox; the sandbox's first account has had two tickets."""

    sandbox: SandboxServer
    browser: Browser
    timestamp: int
    previous_ticket: str
    access_token: str
    ticket: str

    def signing_inputs(self, path: str) -> SigningInputs:
        """Return the inputs for the page at a path below /jssdk, which is spelled as browsers do."""
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
        return correct_config(self.signing_inputs(path))

    def open(self, path: str, config: ConfigFields) -> str:
        """Open the page at this path with a config, and return its result."""
        self.browser.open(pages.make_test_page_url(self.sandbox.base_url, path, json.dumps(config)))
        return self.wait_for_result(after=0)

    @property
    def result_count(self) -> int:
        """Number of results that the page has shown since it was loaded."""
        return int(self.browser.execute_script("return document.getElementById('result').dataset.shown") or 0)

    def wait_for_result(self, *, after: int) -> str:
        """Wait until the page has shown more results than `after`, and return the last one."""
        wait_until(lambda: self.result_count > after, "a result")
        return self.browser.text("#result")

    def result_after(self, action: Callable[[], object]) -> str:
        """Run an action and return the next result of the page."""
        before = self.result_count
        action()
        return self.wait_for_result(after=before)

    def push(self, path: str) -> str:
        """Go to a path with history.pushState, which loads nothing, and return the result."""
        self.browser.execute_script("document.getElementById('push-to').value = arguments[0]", path)
        return self.result_after(lambda: self.browser.click("#push-now"))


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
    """Set the JS-safe domains of the account temporarily."""
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


# -- correct signatures ---------------------------------------------------------------------------


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
def test_a_signature_of_the_url_that_the_browser_reports_is_ok(
    scene: BrowserScene, path: str, as_browser: str | None
) -> None:
    browser_path = as_browser or path
    assert scene.open(path, scene.config(browser_path)) == OK
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk{browser_path}"


def test_a_signature_of_unencoded_chinese_is_invalid(scene: BrowserScene) -> None:
    assert scene.open("/中文", scene.config("/中文")) == INVALID


def test_a_timestamp_may_be_a_string(scene: BrowserScene) -> None:
    config = scene.config("/p")
    assert scene.open("/p", config | {"timestamp": str(config["timestamp"])}) == OK


# -- the ten most common mistakes -----------------------------------------------------------------


def test_the_page_of_the_mistakes_is_ok_without_one(scene: BrowserScene) -> None:
    assert scene.open(PAGE_PATH, correct_config(scene.signing_inputs(PAGE_PATH))) == OK


@pytest.mark.parametrize(("name", "mistaken", "kind"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_a_mistake_is_an_invalid_signature_and_the_diagnosis_names_it(
    scene: BrowserScene, name: str, mistaken: Callable[[SigningInputs], ConfigFields], kind: MistakeKind
) -> None:
    inputs = scene.signing_inputs(PAGE_PATH)
    wrong = mistaken(inputs)
    assert wrong != correct_config(inputs), name
    assert scene.open(PAGE_PATH, wrong) == INVALID
    assert "signature belongs to another" in scene.browser.text("#why")

    # The user then pastes the config shown by the page, and the URL shown by the browser.
    config = read_config(scene.browser.text("#config"))
    assert config.problem is None
    request = DiagnosisRequest.from_config(config, inputs.url)
    result = diagnose(request.to_input(candidate_tickets(inputs)))
    assert isinstance(result, SignatureMatch)
    assert [mistake.kind for mistake in result.mistakes] == [kind]


def candidate_tickets(inputs: SigningInputs) -> tuple[CandidateTicket, ...]:
    """Return the tickets and tokens that Guard Dog has on disk."""
    return (
        CandidateTicket(inputs.ticket, TicketOrigin.CURRENT, inputs.appid),
        CandidateTicket(inputs.previous_ticket, TicketOrigin.OLD, inputs.appid),
        CandidateTicket(inputs.access_token, TicketOrigin.ACCESS_TOKEN, inputs.appid),
    )


# -- the same from the command line, without Qt ---------------------------------------------------


@pytest.fixture
def command_line(scene: BrowserScene, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Function that runs guarddogctl, with the account and its values on disk, and returns its JSON output."""
    environment = minimal_environment(GUARDDOG_HOME=str(tmp_path), DBUS_SESSION_BUS_ADDRESS="disabled:")
    container = make_container(environment, time.time)
    account = Account(scene.sandbox.accounts[0].appid, "Shop")
    container.accounts.update(lambda _: (account,))
    for kind, value in ((TokenKind.ACCESS_TOKEN, scene.access_token), (TokenKind.JSAPI_TICKET, scene.ticket)):
        container.dog_files.write(account, kind, TokenRecord(value, 7200, int(time.time() * 1000), "", 290))
    container.replaced_tickets.add(account, scene.previous_ticket, time.time() - 60)

    def run(*arguments: str, stdin: str = "") -> dict[str, Any]:
        result = subprocess.run(
            [script_path("guarddogctl"), *arguments, "--json"],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        output: dict[str, Any] = json.loads(result.stdout)
        return output

    return run


@pytest.mark.parametrize("path", ["/shop?id=7&from=timeline#own", "/%E5%BA%97/?q=%E4%B9%A6", "/"])
def test_a_signature_of_the_command_line_is_ok(
    scene: BrowserScene, command_line: Callable[..., dict[str, Any]], path: str
) -> None:
    signed = command_line("sign", f"{scene.sandbox.base_url}/jssdk{path}")
    assert scene.open(path, signed["config"]) == OK


@pytest.mark.parametrize(("name", "mistaken", "kind"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_the_command_line_names_the_mistake_that_the_browser_refused(
    scene: BrowserScene,
    command_line: Callable[..., dict[str, Any]],
    name: str,
    mistaken: Callable[[SigningInputs], ConfigFields],
    kind: MistakeKind,
) -> None:
    inputs = scene.signing_inputs(PAGE_PATH)
    assert scene.open(PAGE_PATH, mistaken(inputs)) == INVALID, name
    result = command_line("diagnose", inputs.url, "--config", "-", stdin=scene.browser.text("#config"))
    assert [mistake["kind"] for mistake in result["mistakes"]] == [kind]


# -- single-page apps -----------------------------------------------------------------------------


def test_after_push_state_android_checks_the_current_url_and_ios_the_first_one(scene: BrowserScene) -> None:
    assert scene.open("/shop?step=1#own", scene.config("/shop?step=1")) == OK
    assert scene.push("cart?step=2") == INVALID
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk/cart?step=2"
    assert scene.result_after(lambda: scene.browser.click("#as-ios")) == OK
    assert scene.browser.text("#url") == f"{scene.sandbox.base_url}/jssdk/shop?step=1"
    assert scene.push("pay?step=3") == OK
    assert scene.result_after(lambda: scene.browser.click("#as-android")) == INVALID


def test_a_signature_of_the_pushed_url_is_ok_on_android_and_invalid_on_ios(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/%E8%B4%AD%E7%89%A9%E8%BD%A6?step=2")) == INVALID
    assert scene.push("/jssdk/购物车?step=2") == OK
    assert scene.result_after(lambda: scene.browser.click("#as-ios")) == INVALID


def test_a_reload_makes_the_current_url_the_first_one(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/cart")) == INVALID
    scene.push("cart")
    scene.browser.execute_script("location.reload()")
    wait_until(lambda: scene.result_count == 1, "the page to be reloaded")
    assert scene.result_after(lambda: scene.browser.click("#as-ios")) == OK


def test_going_back_is_checked_too(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/shop")) == OK
    assert scene.push("cart") == INVALID
    assert scene.result_after(lambda: scene.browser.execute_script("history.back()")) == OK


def test_a_new_config_in_the_address_bar_is_used_without_a_load(scene: BrowserScene) -> None:
    assert scene.open("/shop", scene.config("/cart")) == INVALID
    address = pages.make_test_page_url(scene.sandbox.base_url, "/shop", json.dumps(scene.config("/shop")))
    assert scene.result_after(lambda: scene.browser.execute_script("location.href = arguments[0]", address)) == OK


def test_an_app_can_sign_again_for_another_url(scene: BrowserScene) -> None:
    scene.open("/shop", scene.config("/shop"))
    scene.browser.execute_script("history.pushState(null, '', '/elsewhere?a=1')")
    url = f"{scene.sandbox.base_url}/elsewhere?a=1"
    again = correct_config(replace(scene.signing_inputs("/"), url=url))
    assert scene.result_after(lambda: scene.browser.execute_script("wx.config(arguments[0])", again)) == OK


def test_of_two_checks_at_once_only_the_last_result_is_shown(scene: BrowserScene) -> None:
    good, wrong = scene.config("/shop"), scene.config("/cart")
    scene.open("/shop", good)
    before = scene.result_count
    both = "wx.config(arguments[0]); wx.config(arguments[1])"
    assert scene.result_after(lambda: scene.browser.execute_script(both, wrong, good)) == OK
    assert scene.result_after(lambda: scene.browser.execute_script("wx.config(arguments[0])", wrong)) == INVALID
    assert scene.result_count == before + 2


# -- other results --------------------------------------------------------------------------------


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


def test_an_account_unknown_to_the_sandbox_cannot_be_checked(scene: BrowserScene) -> None:
    assert scene.open("/p", scene.config("/p") | {"appId": "wx0123456789abcdef"}) == "config:fail"
    assert "does not know this appId" in scene.browser.text("#why")


def test_a_url_without_a_config_is_reported(scene: BrowserScene) -> None:
    for fragment in ("", "#own", "#guarddog=", "#guarddog=e30x", "#guarddog=IiI", "#guarddog=bnVsbA"):
        scene.browser.open(f"{scene.sandbox.base_url}/jssdk/p{fragment}")
        assert scene.wait_for_result(after=0) == "config:fail"
        assert "carries no config" in scene.browser.text("#why")


def test_a_stopped_sandbox_gives_no_verdict(scene: BrowserScene) -> None:
    clock = FakeClock()
    with SandboxServer(clock) as gone:
        scene.browser.open(pages.make_test_page_url(gone.base_url, "/p", "{}"))
        scene.wait_for_result(after=0)
    assert scene.result_after(lambda: scene.browser.click("#as-ios")) == "config:fail"
    assert "gave no verdict" in scene.browser.text("#why")


def test_a_script_that_sends_a_false_url_is_refused_by_the_referer(scene: BrowserScene) -> None:
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


def test_the_page_is_in_the_language_of_the_browser(scene: BrowserScene) -> None:
    scene.open("/p", scene.config("/p"))
    assert scene.browser.text("h1") == "JS-SDK test page"
    scene.browser.execute_script("document.documentElement.lang = 'zh-CN'")
    assert scene.browser.text("h1") == "JS-SDK 测试页"
    assert "校验通过" in scene.browser.text("#why")
    assert "signature" not in scene.browser.text("#why")
