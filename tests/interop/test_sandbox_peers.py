"""Published WeChat clients (wechatpy, co-wechat-api) work with the sandbox as with WeChat."""

from collections.abc import Iterator
from typing import Any

import pytest
from wechatpy.client import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.interop.node import run_node_script
from tests.interop.sandbox_redirect import SandboxRedirectAdapter
from tests.interop.token_check import is_token_valid

pytestmark = pytest.mark.interop


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(lambda: 1_795_000_000.0) as server:
        yield server


# wechatpy, from PyPI.


@pytest.fixture
def wechatpy(sandbox: SandboxServer) -> Iterator[Any]:
    account = sandbox.accounts[0]
    client = WeChatClient(account.appid, account.secret, timeout=5)  # type: ignore[no-untyped-call] # has no types
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(sandbox.base_url))
    yield client
    client._http.close()


def test_wechatpy_gets_a_token_and_a_ticket(sandbox: SandboxServer, wechatpy: Any) -> None:
    assert is_token_valid(sandbox, wechatpy.access_token)
    ticket = wechatpy.jsapi.get_jsapi_ticket()
    assert ticket in sandbox.rules.accepted_tickets(wechatpy.appid)


def test_wechatpy_fetches_a_new_token_when_its_token_was_superseded(sandbox: SandboxServer, wechatpy: Any) -> None:
    old = wechatpy.access_token
    sandbox.rules.revoke_tokens(wechatpy.appid)
    ticket = wechatpy.jsapi.get_jsapi_ticket()
    assert ticket in sandbox.rules.accepted_tickets(wechatpy.appid)
    assert wechatpy.access_token != old


def test_wechatpy_understands_the_refusals(sandbox: SandboxServer, wechatpy: Any) -> None:
    sandbox.faults.add(Fault(FaultKind.ERRCODE, number=45009), endpoint="getticket")
    with pytest.raises(APILimitedException, match="45009"):
        wechatpy.jsapi.get_jsapi_ticket()
    sandbox.rules.revoke_tokens(wechatpy.appid)
    wechatpy.session.delete(wechatpy.access_token_key)
    wechatpy.secret = "0" * 32
    with pytest.raises(WeChatClientException, match="40125"):
        wechatpy.jsapi.get_jsapi_ticket()


# co-wechat-api, from npm.


def co_wechat_api(sandbox: SandboxServer, appid: str, secret: str) -> dict[str, Any]:
    account = {"appid": appid, "secret": secret}
    fields: dict[str, Any] = run_node_script("co-wechat-api", "co_wechat_api.js", [sandbox.base_url], stdin=account)
    return fields


def test_co_wechat_api_gets_a_token_and_a_ticket(sandbox: SandboxServer) -> None:
    account = sandbox.accounts[0]
    values = co_wechat_api(sandbox, account.appid, account.secret)
    assert is_token_valid(sandbox, values["accessToken"])
    assert values["ticket"] in sandbox.rules.accepted_tickets(account.appid)


def test_co_wechat_api_understands_a_refusal(sandbox: SandboxServer) -> None:
    assert co_wechat_api(sandbox, sandbox.accounts[0].appid, "0" * 32) == {"code": 40125}
    mini = sandbox.accounts[2]
    assert co_wechat_api(sandbox, mini.appid, mini.secret) == {"code": 48001}
