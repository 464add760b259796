"""Published SDKs read our token and ticket through their storage hooks, and never fetch one from WeChat."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from wechatpy.client import WeChatClient
from wechatpy.session import SessionStorage

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli
from tests.interop.node import run_node_script
from tests.interop.sandbox_redirect import SandboxRedirectAdapter

pytestmark = pytest.mark.interop

PAGE = "https://shop.example.com/buy?id=1&name=图"


@dataclass(frozen=True)
class SandboxAccountFiles:
    """Files of one account of the sandbox, written by Guard Dog."""

    sandbox: SandboxServer
    shop: SandboxAccount
    dogs: AccountDogFiles
    account: Account

    def read(self, kind: TokenKind) -> TokenRecord:
        record = self.dogs.read(self.account, kind)
        assert record is not None
        return record

    def make_values_stale(self) -> None:
        for kind in (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET):
            record = self.read(kind)
            self.dogs.write(self.account, kind, replace(record, generated_ms=record.generated_ms - 7_300_000))

    def is_signed(self, config: dict[str, Any], url: str) -> bool:
        """Return True if our signature with our ticket is the same, and the sandbox accepts the ticket."""
        ticket = self.read(TokenKind.JSAPI_TICKET).value
        ours = SignatureInput(ticket, config["nonceStr"], int(config["timestamp"]), url)
        return ours.signature == config["signature"] and ticket in self.sandbox.rules.accepted_tickets(self.shop.appid)

    @property
    def calls_for_values(self) -> Counter[str]:
        paths = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/ticket/getticket")
        return Counter({path: self.sandbox.rules.call_counts[path] for path in paths})


@pytest.fixture
def files(tmp_path: Path) -> Iterator[SandboxAccountFiles]:
    with SandboxServer(time.time) as sandbox:
        ctl = SubprocessCli(tmp_path, sandbox)
        assert ctl.add_account().returncode == 0
        assert ctl("token", "--key", "JSAPI_TICKET").returncode == 0
        dogs = AccountDogFiles(tmp_path / "guarddog" / "data" / "dogs")
        yield SandboxAccountFiles(sandbox, ctl.shop, dogs, Account(ctl.shop.appid, "Shop"))


# From npm.


def run_sdk(sdk: str, files: SandboxAccountFiles) -> dict[str, Any]:
    folder = files.dogs.directory(files.account)
    result: dict[str, Any] = run_node_script(
        sdk, "storage_hooks.js", [sdk, files.sandbox.base_url, folder, files.shop.appid, PAGE]
    )
    return result


def test_co_wechat_api_calls_and_signs_with_ours(files: SandboxAccountFiles) -> None:
    before = files.calls_for_values

    result = run_sdk("co-wechat-api", files)

    assert "error" not in result
    assert len(result["ip_list"]) == 2
    assert files.is_signed(result["config"], PAGE)
    assert files.calls_for_values == before


def test_wechat_jssdk_signs_with_ours(files: SandboxAccountFiles) -> None:
    before = files.calls_for_values

    result = run_sdk("wechat-jssdk", files)

    assert "error" not in result
    assert files.is_signed(result["config"], PAGE)
    assert files.calls_for_values == before


@pytest.mark.parametrize(("sdk", "error"), [("co-wechat-api", "accessToken Error"), ("wechat-jssdk", "dead")])
def test_with_expired_values_they_fail_and_fetch_none(files: SandboxAccountFiles, sdk: str, error: str) -> None:
    files.make_values_stale()
    before = files.calls_for_values

    assert run_sdk(sdk, files) == {"error": error}
    assert files.calls_for_values == before


# From PyPI.


class DogStorage(SessionStorage):
    """Storage of wechatpy that reads our files."""

    def __init__(self, files: SandboxAccountFiles) -> None:
        self._files = files

    def get(self, key: str, default: Any = None) -> Any:
        name = key.removeprefix(f"{self._files.shop.appid}_")
        match name:
            case "access_token":
                return self._files.read(TokenKind.ACCESS_TOKEN).value
            case "jsapi_ticket":
                return self._files.read(TokenKind.JSAPI_TICKET).value
            case "jsapi_ticket_expires_at":
                return self._files.read(TokenKind.JSAPI_TICKET).expires_at
        return default

    def set(self, key: str, *_: object) -> None:
        raise AssertionError(f"wechatpy wants to store {key}")


def test_wechatpy_calls_and_signs_with_ours(files: SandboxAccountFiles) -> None:
    before = files.calls_for_values
    client: Any = WeChatClient(files.shop.appid, "not needed", session=DogStorage(files), timeout=5)  # type: ignore[no-untyped-call] # has no types
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(files.sandbox.base_url))

    ips = client.misc.get_wechat_ips()
    ticket = client.jsapi.get_jsapi_ticket()
    signature = client.jsapi.get_jsapi_signature("Wm3WZYTPz0wzccnW", ticket, 1795411200, PAGE)
    client._http.close()

    assert len(ips) == 2
    result = {"nonceStr": "Wm3WZYTPz0wzccnW", "timestamp": 1795411200, "signature": signature}
    assert files.is_signed(result, PAGE)
    assert files.calls_for_values == before
