"""The sandbox for tests: its rules without a server and with a clock that tests move, and as a server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.sandbox.server import SandboxServer

NOON_IN_BEIJING = 1_794_974_400.0  # 2026-11-18 12:00 in Beijing, 04:00 UTC
NOW = 1_795_000_000.0  # of the server
SHOP = SandboxAccount("wx00000000000000a1", "5" * 32, "Shop")
MINI = SandboxAccount("wx00000000000000b2", "6" * 32, "Mini", Platform.MINI_PROGRAM)


@dataclass
class RulesClient:
    """Client of SandboxRules; each call returns the fields of the answer."""

    now: float = NOON_IN_BEIJING
    ip: str = "198.51.100.7"
    rules: SandboxRules = field(init=False)

    def __post_init__(self) -> None:
        values = count(1)
        self.rules = SandboxRules(lambda: self.now, lambda: f"value-{next(values)}", (SHOP, MINI))

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def update_account(self, account: SandboxAccount = SHOP, **changes: Any) -> None:
        self.rules.set_account(replace(account, **changes))

    def call(self, method: str, path: str, body: bytes = b"", /, **query: str) -> dict[str, Any]:
        status, fields = self.rules.handle(method, path, query, body, self.ip)
        assert status == 200
        return fields

    def fetch_token(self, account: SandboxAccount = SHOP, **changes: str) -> dict[str, Any]:
        query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
        return self.call("GET", "/cgi-bin/token", **(query | changes))

    def fetch_stable_token(self, account: SandboxAccount = SHOP, **changes: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
        return self.call("POST", "/cgi-bin/stable_token", json.dumps(body | changes).encode())

    def force_stable_token(self) -> dict[str, Any]:
        return self.fetch_stable_token(force_refresh=True)

    def fetch_ticket(self, access_token: str, kind: str = "jsapi") -> dict[str, Any]:
        return self.call("GET", "/cgi-bin/ticket/getticket", access_token=access_token, type=kind)

    def post(self, path: str, access_token: str, **body: Any) -> dict[str, Any]:
        return self.call("POST", path, json.dumps(body).encode(), access_token=access_token)

    def token_errcode(self, access_token: str) -> int:
        """Return 0 for a valid token, else the errcode with which WeChat refuses it."""
        fields = self.call("GET", "/cgi-bin/get_api_domain_ip", access_token=access_token)
        return int(fields.get("errcode", 0))


@pytest.fixture
def client() -> RulesClient:
    return RulesClient()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(lambda: NOW) as server:
        yield server


def request_token(sandbox: SandboxServer, timeout_s: float = 5, *, stream: bool = False) -> requests.Response:
    account = sandbox.accounts[0]
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    url = f"{sandbox.base_url}/cgi-bin/token"
    return requests.get(url, params=query, timeout=timeout_s, allow_redirects=False, stream=stream)


def request_ticket(sandbox: SandboxServer) -> str:
    """Request a token and with it the jsapi ticket."""
    query = {"access_token": request_token(sandbox).json()["access_token"], "type": "jsapi"}
    url = f"{sandbox.base_url}/cgi-bin/ticket/getticket"
    return str(requests.get(url, params=query, timeout=5).json()["ticket"])


def send_command(
    sandbox: SandboxServer, path: str, body: Any = None, key: str | None = None, **headers: str
) -> requests.Response:
    """Send a command to the control interface: POST with a body, GET without."""
    headers["X-Sandbox-Key"] = sandbox.control_key if key is None else key
    method = "GET" if body is None else "POST"
    data = json.dumps(body) if body is not None else None
    return requests.request(method, f"{sandbox.base_url}/_sandbox/{path}", data=data, headers=headers, timeout=5)
