"""Other people's WeChat clients, as they are published, take the sandbox for WeChat."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from wechatpy.client import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.interop.node import INTEROP_FOLDER, require_node_package
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
    assert sandbox.rules.is_ticket_accepted(wechatpy.appid, ticket)


def test_wechatpy_fetches_again_when_its_token_was_superseded(sandbox: SandboxServer, wechatpy: Any) -> None:
    old = wechatpy.access_token
    sandbox.rules.revoke_tokens(wechatpy.appid)
    ticket = wechatpy.jsapi.get_jsapi_ticket()
    assert sandbox.rules.is_ticket_accepted(wechatpy.appid, ticket)
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
    done = subprocess.run(
        [require_node_package("co-wechat-api"), str(INTEROP_FOLDER / "co_wechat_api.js"), sandbox.base_url],
        input=json.dumps({"appid": appid, "secret": secret}),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    fields: dict[str, Any] = json.loads(done.stdout)
    return fields


def test_co_wechat_api_gets_a_token_and_a_ticket(sandbox: SandboxServer) -> None:
    account = sandbox.accounts[0]
    got = co_wechat_api(sandbox, account.appid, account.secret)
    assert is_token_valid(sandbox, got["accessToken"])
    assert sandbox.rules.is_ticket_accepted(account.appid, got["ticket"])


def test_co_wechat_api_understands_a_refusal(sandbox: SandboxServer) -> None:
    assert co_wechat_api(sandbox, sandbox.accounts[0].appid, "0" * 32) == {"code": 40125}
    mini = sandbox.accounts[2]
    assert co_wechat_api(sandbox, mini.appid, mini.secret) == {"code": 48001}
