"""The JS-SDK test page over HTTP: its paths, the check of requests, and no ticket in any answer."""

import json
import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest
import requests

from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.sandbox.jssdk import pages
from guarddog_gui.sandbox.jssdk_check import ConfigCheckReason
from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import NOW, request_ticket

BASE = "http://127.0.0.1:8000"


def make_check(sandbox: SandboxServer, path: str = "/jssdk/p?a=1") -> dict[str, Any]:
    url = f"{sandbox.base_url}{path}"
    config = {
        "appId": sandbox.accounts[0].appid,
        "timestamp": int(NOW),
        "nonceStr": "n",
        "signature": SignatureInput(request_ticket(sandbox), "n", int(NOW), url).signature,
        "jsApiList": ["chooseImage"],
    }
    return {"url": url, "mode": "current", "config": config}


def post_check(sandbox: SandboxServer, fields: object, **headers: str) -> requests.Response:
    """Post a check as the page does; headers given as "" are left out."""
    all_headers = {"content-type": "application/json", "origin": sandbox.base_url, **headers}
    data = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    sent = {name: value for name, value in all_headers.items() if value}
    return requests.post(f"{sandbox.base_url}/jssdk-check", data, headers=sent, timeout=5)


# Paths and content.


@pytest.mark.parametrize("path", ["/jssdk/", "/jssdk/a/b.html?c=d", "/jssdk/%E4%B8%AD", "/jssdk/%ff/x"])
def test_the_page_is_served_at_every_path_below_its_prefix(sandbox: SandboxServer, path: str) -> None:
    answer = requests.get(f"{sandbox.base_url}{path}", timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "JS-SDK 测试页" in answer.text


def test_the_page_loads_only_its_own_script(sandbox: SandboxServer) -> None:
    page = requests.get(f"{sandbox.base_url}/jssdk/p", timeout=5).text
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["data:,", "/jssdk.js"]
    script = requests.get(f"{sandbox.base_url}/jssdk.js", timeout=5)
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "wx.config" in script.text


@pytest.mark.parametrize("why", [*ConfigCheckReason, "no-config", "no-answer"])
def test_the_page_has_a_text_for_every_result_in_both_languages(sandbox: SandboxServer, why: str) -> None:
    page = requests.get(f"{sandbox.base_url}/jssdk/p", timeout=5).text
    text = re.search(rf'<p data-why="{why}" hidden>(.*?)</p>', page, re.DOTALL)
    assert text
    english = re.search(r'<span lang="en">([^<]+)</span>', text[1])
    chinese = re.search(r'<span lang="zh-CN">([^<]+)</span>', text[1])
    assert english
    assert chinese
    assert not re.search(r"[\u4e00-\u9fff]", english[1])
    assert re.search(r"[\u4e00-\u9fff]", chinese[1])


def test_every_text_exists_in_both_languages(sandbox: SandboxServer) -> None:
    page = requests.get(f"{sandbox.base_url}/jssdk/p", timeout=5).text
    assert page.count('<span lang="en">') == page.count('<span lang="zh-CN">') == 13


# The check.


def test_a_config_signed_for_the_page_is_ok(sandbox: SandboxServer) -> None:
    answer = post_check(sandbox, fields := make_check(sandbox), referer=f"{sandbox.base_url}/jssdk/p?a=1")
    assert answer.json() == {"errMsg": "config:ok", "why": "ok", "missing": []}
    assert post_check(sandbox, fields).json()["errMsg"] == "config:ok"


def test_no_answer_contains_a_ticket_or_anything_that_was_sent(sandbox: SandboxServer) -> None:
    fields = make_check(sandbox)
    fields["config"]["nonceStr"] = "<b>mine</b>"
    own_config: dict[str, Any] = fields["config"]
    for config in (own_config, own_config | {"appId": "<i>"}, dict[str, Any]()):
        text = post_check(sandbox, fields | {"config": config}).text
        assert request_ticket(sandbox) not in text
        assert "<" not in text


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1"])
def test_another_origin_is_refused(sandbox: SandboxServer, origin: str) -> None:
    assert post_check(sandbox, make_check(sandbox), origin=origin).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_a_domain_that_resolves_to_this_machine_is_refused(sandbox: SandboxServer, host: str) -> None:
    fields = make_check(sandbox) | {"url": f"http://{host}/jssdk/p"}
    assert post_check(sandbox, fields, host=host, origin=f"http://{host}").status_code == 403
    for path in ("/jssdk/p", "/jssdk.js"):
        assert requests.get(f"{sandbox.base_url}{path}", headers={"Host": host}, timeout=5).status_code == 403


def test_localhost_is_accepted_as_host(sandbox: SandboxServer) -> None:
    fields = make_check(sandbox)
    base = sandbox.base_url.replace("127.0.0.1", "localhost")
    answer = post_check(sandbox, fields | {"url": f"{base}/jssdk/p"}, host=base[7:], origin=base)
    assert answer.json()["errMsg"] == "config:invalid signature"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_content_types_that_a_foreign_form_can_send_are_refused(sandbox: SandboxServer, kind: str) -> None:
    assert post_check(sandbox, make_check(sandbox), **{"content-type": kind}).status_code == 415


def test_a_preflight_gets_no_permission(sandbox: SandboxServer) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = requests.options(f"{sandbox.base_url}/jssdk-check", headers=headers, timeout=5)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(("method", "path"), [("GET", "/jssdk-check"), ("POST", "/jssdk/p"), ("PUT", "/jssdk.js")])
def test_a_wrong_method_is_refused(sandbox: SandboxServer, method: str, path: str) -> None:
    answer = requests.request(method, f"{sandbox.base_url}{path}", timeout=5)
    assert answer.status_code == 405
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://evil.example/jssdk/p"},
        {"url": "/jssdk/p"},
        {"url": 5},
        {"mode": "both"},
        {"config": None},
        {"config": []},
    ],
)
def test_an_invalid_check_is_refused_with_a_reason(sandbox: SandboxServer, changes: dict[str, Any]) -> None:
    answer = post_check(sandbox, make_check(sandbox) | changes)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 50_000])
def test_a_body_that_is_no_check_is_refused(sandbox: SandboxServer, body: bytes) -> None:
    assert post_check(sandbox, body).status_code == 400


def test_the_current_url_must_match_the_referer(sandbox: SandboxServer) -> None:
    fields = make_check(sandbox)
    other = f"{sandbox.base_url}/jssdk/other"
    assert post_check(sandbox, fields, referer=other).status_code == 400
    assert post_check(sandbox, fields | {"mode": "entry"}, referer=other).json()["errMsg"] == "config:ok"
    for shortened in (sandbox.base_url, f"{sandbox.base_url}/"):
        assert post_check(sandbox, fields, referer=shortened).json()["errMsg"] == "config:ok"


def test_the_page_is_unaffected_by_faults_and_not_counted_as_a_call(sandbox: SandboxServer) -> None:
    from guarddog_gui.sandbox.faults.fault import Fault, FaultKind

    sandbox.faults.add(Fault(FaultKind.HTTP_STATUS, number=500))
    assert requests.get(f"{sandbox.base_url}/jssdk/p", timeout=5).status_code == 200
    assert any(sandbox.faults.pending())
    assert not sandbox.rules.call_counts


# The URL.


def config_in(url: str) -> str:
    text = url.rpartition("guarddog=")[2]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


@pytest.mark.parametrize(
    ("path", "page", "fragment"),
    [
        ("", "/jssdk/", ""),
        ("/", "/jssdk/", ""),
        ("?a=1", "/jssdk/?a=1", ""),
        ("/a/b?c=d&e=f", "/jssdk/a/b?c=d&e=f", ""),
        ("/a#b", "/jssdk/a", "b&"),
        ("/a#/route?x#y", "/jssdk/a", "/route?x#y&"),
        ("/a#", "/jssdk/a", ""),
        ("/jssdk/a?b", "/jssdk/a?b", ""),
        ("/jssdk", "/jssdk/jssdk", ""),
        ("/中文?名=值", "/jssdk/中文?名=值", ""),
        ("//a.cn/b", "/jssdk//a.cn/b", ""),
    ],
)
def test_the_config_follows_the_fragment_and_the_rest_is_signed(path: str, page: str, fragment: str) -> None:
    config = '{"nonceStr": "?>~ÿ🐶", "b": [1]}'
    url = pages.make_test_page_url(BASE, path, config)
    assert url.startswith(f"{BASE}{page}#{fragment}guarddog=")
    assert config_in(url) == config
    assert re.fullmatch(r"[\w-]+", url.rpartition("=")[2], re.ASCII)
