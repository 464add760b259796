"""Published WeChat clients work with `guarddogctl serve` by configuration alone: its address, and a key as the AppSecret."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.interop.node import run_node_script
from tests.interop.sandbox_redirect import SandboxRedirectAdapter
from tests.interop.test_classic_program import NodeLoaderProcess, ShortLivedSandboxAccount
from tests.interop.token_check import is_token_valid
from tests.serve.serve_process import ServeProcess

pytestmark = [pytest.mark.interop, pytest.mark.only_on("linux", "darwin")]


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        server.rules.set_limit("/cgi-bin/getcallbackip", QuotaLimit(10**9))
        yield server


@pytest.fixture
def server(sandbox: SandboxServer, tmp_path: Path) -> Iterator[ServeProcess]:
    with ServeProcess(tmp_path, sandbox, "--rate", "100000") as process:
        yield process
    secret = process.ctl.shop.secret
    assert secret not in process.errors + "".join(process.lines)


def count_token_calls(sandbox: SandboxServer) -> int:
    return sandbox.rules.call_counts["/cgi-bin/stable_token"] + sandbox.rules.call_counts["/cgi-bin/token"]


# wechatpy, from PyPI.


class Client(WeChatClient):
    """Client of resources/docs/serve.md."""

    server = ""

    def fetch_access_token(self) -> Any:
        query = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.server}/cgi-bin/token", query)  # type: ignore[no-untyped-call]


@pytest.fixture
def wechatpy(sandbox: SandboxServer, server: ServeProcess) -> Iterator[Any]:
    client = Client(server.appid, server.key, timeout=5)  # type: ignore[no-untyped-call]
    client.server = server.base
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(sandbox.base_url))  # everything else goes to WeChat
    yield client
    client._http.close()


@pytest.fixture
def redirected_wechatpy(server: ServeProcess) -> Iterator[Any]:
    """Return a client as it is published, whose address of WeChat leads to the server."""
    client = WeChatClient(server.appid, server.key, timeout=5)  # type: ignore[no-untyped-call]
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(server.base))
    yield client
    client._http.close()


def test_wechatpy_changes_nothing_but_address_and_secret(sandbox: SandboxServer, redirected_wechatpy: Any) -> None:
    calls = count_token_calls(sandbox)
    assert is_token_valid(sandbox, redirected_wechatpy.access_token)
    assert redirected_wechatpy.jsapi.get_jsapi_ticket() in sandbox.rules.accepted_tickets(redirected_wechatpy.appid)
    assert count_token_calls(sandbox) == calls
    with pytest.raises(WeChatClientException, match="40066"):
        redirected_wechatpy.misc.get_wechat_ips()


def test_wechatpy_gets_token_and_ticket_and_calls_wechat_with_them(sandbox: SandboxServer, wechatpy: Any) -> None:
    calls = count_token_calls(sandbox)
    assert is_token_valid(sandbox, wechatpy.access_token)
    assert wechatpy.jsapi.get_jsapi_ticket() in sandbox.rules.accepted_tickets(wechatpy.appid)
    assert wechatpy.misc.get_wechat_ips()
    assert count_token_calls(sandbox) == calls


def test_wechatpy_gets_the_current_token_after_it_was_replaced(
    sandbox: SandboxServer, server: ServeProcess, wechatpy: Any
) -> None:
    old = wechatpy.access_token
    sandbox.rules.revoke_tokens(wechatpy.appid)
    assert server.ctl("refresh").returncode == 0  # of Guard Dog, as the tray app does it
    assert wechatpy.misc.get_wechat_ips()
    assert wechatpy.access_token != old


def test_wechatpy_names_the_refusal_of_a_revoked_key(server: ServeProcess, wechatpy: Any) -> None:
    assert server.ctl("serve", "keys", "revoke", "tester").returncode == 0
    with pytest.raises(WeChatClientException, match="40125"):
        _ = wechatpy.access_token


# co-wechat-api, from npm.


def co_wechat_api(server: ServeProcess, key: str, appid: str = "") -> dict[str, Any]:
    account = {"appid": appid or server.appid, "secret": key}
    fields: dict[str, Any] = run_node_script("co-wechat-api", "co_wechat_api.js", [server.base], stdin=account)
    return fields


def test_co_wechat_api_gets_token_and_ticket(sandbox: SandboxServer, server: ServeProcess) -> None:
    calls = count_token_calls(sandbox)
    values = co_wechat_api(server, server.key)
    assert is_token_valid(sandbox, values["accessToken"])
    assert values["ticket"] in sandbox.rules.accepted_tickets(server.appid)
    assert count_token_calls(sandbox) == calls


def test_co_wechat_api_calls_wechat_with_the_tokens_of_the_server(sandbox: SandboxServer, server: ServeProcess) -> None:
    calls = count_token_calls(sandbox)
    account = {"appid": server.appid, "key": server.key}
    answer = run_node_script("co-wechat-api", "co_wechat_api_serve.js", [server.base, sandbox.base_url], stdin=account)
    assert answer["ip_list"]
    assert count_token_calls(sandbox) == calls


def test_co_wechat_api_understands_the_refusals(server: ServeProcess) -> None:
    assert co_wechat_api(server, "0" * 32) == {"code": 40125}
    assert co_wechat_api(server, server.key, "wx0000000000000000") == {"code": 40013}


def test_co_wechat_api_does_not_storm_when_wechat_refuses_the_appsecret(
    sandbox: SandboxServer, server: ServeProcess
) -> None:
    """It repeats a call that ends with 40001 without end, see `peers`: thousands in two seconds."""
    for dog in (server.ctl.home / "guarddog" / "data" / "dogs").rglob("*.dog"):
        dog.unlink()
    for own in (server.ctl.home / "guarddog" / "data" / "dogs").rglob("*"):
        if own.is_file():
            own.unlink()
    sandbox.faults.add(Fault(FaultKind.ERRCODE, number=40001), endpoint="stable_token", times=10**6)
    calls = count_token_calls(sandbox)
    assert co_wechat_api(server, server.key) == {"code": -1}
    assert count_token_calls(sandbox) - calls <= 2
    assert len(server.lines) < 50


# guard_dog, from npm, in the program of its README.


def test_the_classic_program_never_gets_a_dead_value(
    sandbox: SandboxServer, server: ServeProcess, tmp_path: Path
) -> None:
    shop = server.ctl.shop
    sandbox.rules.set_account(ShortLivedSandboxAccount(shop.appid, shop.secret, shop.name, life=8))
    assert server.ctl("accounts", "edit", shop.appid, "--ahead", "6").returncode == 0
    assert server.ctl("refresh", "--force", "--yes").returncode == 0
    folder = tmp_path / "node"
    folder.mkdir()
    environ = {
        "WECHAT_API": server.base, "WECHAT_APPID": shop.appid, "WECHAT_SECRET": server.key, "DOGS": str(folder),
    }  # fmt: skip
    user = NodeLoaderProcess("classic", sandbox, shop.appid, environ)
    try:
        time.sleep(14)
    finally:
        errors = user.stop()
    assert errors == ""
    for values in user.seen.values():
        assert values.count > 100
        assert values.dead == []
        assert len(values.values) > 1


def test_the_classic_program_and_the_tray_app_use_one_token(
    sandbox: SandboxServer, server: ServeProcess, tmp_path: Path
) -> None:
    sandbox.rules.set_account(replace(sandbox.accounts[0], life=7200))
    environ = {
        "WECHAT_API": server.base, "WECHAT_APPID": server.appid, "WECHAT_SECRET": server.key, "DOGS": str(tmp_path),
    }  # fmt: skip
    user = NodeLoaderProcess("classic", sandbox, server.appid, environ)
    try:
        user.wait_for(1)
    finally:
        user.stop()
    assert user.seen["ACCESS_TOKEN"].values == {server.ctl("token").stdout.strip()}
    assert user.seen["JSAPI_TICKET"].values == {server.ctl("token", "--key", "JSAPI_TICKET").stdout.strip()}
