"""A sandbox without a server: one clock that tests move, and calls in the words of the documentation."""

import json
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import SandboxRules

NOON_IN_BEIJING = 1_794_974_400.0  # 2026-11-18 12:00 there, 04:00 UTC
SHOP = SandboxAccount("wx00000000000000a1", "5" * 32, "Shop")
MINI = SandboxAccount("wx00000000000000b2", "6" * 32, "Mini", Platform.MINI_PROGRAM)


@dataclass
class RulesClient:
    """The rules with their clock; every call answers with the fields of the reply."""

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
        """0 for a live token, else the errcode with which WeChat refuses it."""
        fields = self.call("GET", "/cgi-bin/get_api_domain_ip", access_token=access_token)
        return int(fields.get("errcode", 0))


@pytest.fixture
def client() -> RulesClient:
    return RulesClient()
