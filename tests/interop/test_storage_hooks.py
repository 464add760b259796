"""Other people's SDKs take our token and ticket through their own storage hooks, and never ask WeChat for one."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from wechatpy.client import WeChatClient
from wechatpy.session import SessionStorage

from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli
from tests.interop.node import INTEROP_FOLDER, require_node_package
from tests.interop.sandbox_redirect import SandboxRedirectAdapter

pytestmark = pytest.mark.interop

PAGE = "https://shop.example.com/buy?id=1&name=图"


@dataclass(frozen=True)
class SandboxAccountFiles:
    """What Guard Dog keeps of one account, and the WeChat that it is of."""

    sandbox: SandboxServer
    shop: SandboxAccount
    dogs: AccountDogFiles
    account: Account

    def read(self, kind: TokenKind) -> TokenRecord:
        record = self.dogs.read(self.account, kind)
        assert record is not None
        return record

    def let_it_go_stale(self) -> None:
        for kind in (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET):
            record = self.read(kind)
            self.dogs.write(self.account, kind, replace(record, generated_ms=record.generated_ms - 7_300_000))

    def is_signed(self, config: dict[str, Any], url: str) -> bool:
        """Whether our own signature under our ticket is the same, and the sandbox takes it."""
        ticket = self.read(TokenKind.JSAPI_TICKET).value
        ours = SignatureInput(ticket, config["nonceStr"], int(config["timestamp"]), url)
        return ours.signature == config["signature"] and self.sandbox.rules.is_ticket_accepted(self.shop.appid, ticket)

    @property
    def calls_for_values(self) -> Counter[str]:
        paths = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/ticket/getticket")
        return Counter({path: self.sandbox.rules.call_counts[path] for path in paths})


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[SandboxAccountFiles]:
    with SandboxServer(time.time) as sandbox:
        person = SubprocessCli(tmp_path, sandbox)
        assert person.add_account().returncode == 0
        assert person("token", "--key", "JSAPI_TICKET").returncode == 0
        dogs = AccountDogFiles(tmp_path / "guarddog" / "data" / "dogs")
        yield SandboxAccountFiles(sandbox, person.shop, dogs, Account(person.shop.appid, "Shop"))


# From npm.


def with_dogs_as_storage(sdk: str, kept: SandboxAccountFiles) -> dict[str, Any]:
    folder = kept.dogs.directory(kept.account)
    done = subprocess.run(
        [
            require_node_package(sdk),
            str(INTEROP_FOLDER / "storage_hooks.js"),
            sdk,
            kept.sandbox.base_url,
            folder,
            kept.shop.appid,
            PAGE,
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_co_wechat_api_calls_and_signs_with_ours(kept: SandboxAccountFiles) -> None:
    before = kept.calls_for_values

    made = with_dogs_as_storage("co-wechat-api", kept)

    assert "error" not in made
    assert len(made["ip_list"]) == 2
    assert kept.is_signed(made["config"], PAGE)
    assert kept.calls_for_values == before


def test_wechat_jssdk_signs_with_ours(kept: SandboxAccountFiles) -> None:
    before = kept.calls_for_values

    made = with_dogs_as_storage("wechat-jssdk", kept)

    assert "error" not in made
    assert kept.is_signed(made["config"], PAGE)
    assert kept.calls_for_values == before


@pytest.mark.parametrize(("sdk", "error"), [("co-wechat-api", "accessToken Error"), ("wechat-jssdk", "dead")])
def test_with_dead_ones_they_fail_and_do_not_ask_themselves(kept: SandboxAccountFiles, sdk: str, error: str) -> None:
    kept.let_it_go_stale()
    before = kept.calls_for_values

    assert with_dogs_as_storage(sdk, kept) == {"error": error}
    assert kept.calls_for_values == before


# From PyPI.


class DogStorage(SessionStorage):
    """Gives wechatpy what is in our files."""

    def __init__(self, kept: SandboxAccountFiles) -> None:
        self._kept = kept

    def get(self, key: str, default: Any = None) -> Any:
        name = key.removeprefix(f"{self._kept.shop.appid}_")
        match name:
            case "access_token":
                return self._kept.read(TokenKind.ACCESS_TOKEN).value
            case "jsapi_ticket":
                return self._kept.read(TokenKind.JSAPI_TICKET).value
            case "jsapi_ticket_expires_at":
                return self._kept.read(TokenKind.JSAPI_TICKET).expires_at
        return default

    def set(self, key: str, *_: object) -> None:
        raise AssertionError(f"{key} is ours")


def test_wechatpy_calls_and_signs_with_ours(kept: SandboxAccountFiles) -> None:
    before = kept.calls_for_values
    client: Any = WeChatClient(kept.shop.appid, "not needed", session=DogStorage(kept), timeout=5)  # type: ignore[no-untyped-call] # has no types
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(kept.sandbox.base_url))

    ips = client.misc.get_wechat_ips()
    ticket = client.jsapi.get_jsapi_ticket()
    signature = client.jsapi.get_jsapi_signature("Wm3WZYTPz0wzccnW", ticket, 1795411200, PAGE)
    client._http.close()

    assert len(ips) == 2
    made = {"nonceStr": "Wm3WZYTPz0wzccnW", "timestamp": 1795411200, "signature": signature}
    assert kept.is_signed(made, PAGE)
    assert kept.calls_for_values == before
