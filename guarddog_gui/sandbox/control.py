"""The control interface under /_sandbox/: scripts plan failures and change accounts here.

Every call needs the key of this run in the header X-Sandbox-Key and a loopback name in Host, so that
neither another user of this machine nor a page in a browser can use it.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.accounts import SandboxAccount, ip_entry_problem
from guarddog_gui.sandbox.faults.fault import Faults, named_fault
from guarddog_gui.sandbox.loopback import is_our_name
from guarddog_gui.sandbox.quotas import Limit
from guarddog_gui.sandbox.rules import Rules

PREFIX = "/_sandbox/"
_TIMES_MAX = 1_000_000
_SECONDS_MAX = 3600

_Order = Callable[[dict[str, Any]], dict[str, Any]]
ControlAnswer = tuple[int, dict[str, Any]]  # HTTP status and JSON object


class _Wrong(Exception):
    """What is wrong with an order, in words."""


class Control:
    """Carries out the orders of one run's key holder."""

    def __init__(self, rules: Rules, faults: Faults, key: str) -> None:
        self._rules = rules
        self._faults = faults
        self._key = key
        self._orders: dict[tuple[str, str], _Order] = {
            ("GET", "state"): self._state,
            ("POST", "fail"): self._fail,
            ("POST", "clear"): self._clear,
            ("POST", "accounts"): self._put_account,
            ("POST", "limits"): self._set_limit,
            ("POST", "void"): self._void,
            ("POST", "tickets"): self._tickets,
        }

    def handle(self, method: str, path: str, body: bytes, host: str, key: str) -> ControlAnswer:
        """The answer to one order; 403 for strangers, 400 with a reason for a wrong order."""
        if not is_our_name(host):
            return 403, {"error": "the Host header names another machine"}
        if not hmac.compare_digest(key.encode("utf-8", "surrogatepass"), self._key.encode()):
            return 403, {"error": "X-Sandbox-Key is missing or wrong"}
        order = self._orders.get((method, path.removeprefix(PREFIX)))
        if order is None:
            return 404, {"error": "no such order"}
        try:
            return 200, order(_fields(body))
        except _Wrong as wrong:
            return 400, {"error": str(wrong)}

    def _state(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "accounts": [_told(account) for account in self._rules.accounts],
            "faults": [
                {"how": fault.how, "number": fault.number, "times": times, "endpoint": endpoint}
                for fault, times, endpoint in self._faults.planned()
            ],
            "calls": dict(self._rules.calls),
        }

    def _fail(self, order: dict[str, Any]) -> dict[str, Any]:
        seconds = _number(order, "seconds", 30, 0, _SECONDS_MAX)
        fault = named_fault(_text(order, "how"), seconds, _text(order, "text", ""))
        if fault is None:
            raise _Wrong("how: an errcode, http-<status>, or one of the words of faults.How")
        times = int(_number(order, "times", 1, 1, _TIMES_MAX))
        self._faults.fail(fault, times, _text(order, "endpoint", "") or None)
        return {"planned": times}

    def _clear(self, _: dict[str, Any]) -> dict[str, Any]:
        self._faults.clear()
        return {"planned": 0}

    def _put_account(self, order: dict[str, Any]) -> dict[str, Any]:
        appid = _text(order, "appid")
        old = self._rules.account(appid)
        account = old or SandboxAccount(appid, _text(order, "secret"))
        changes: dict[str, Any] = {}
        for name in ("secret", "name"):
            if name in order:
                changes[name] = _text(order, name)
        if "platform" in order:
            changes["platform"] = _platform(order["platform"])
        if "ip_list" in order:
            changes["ip_list"] = _ip_list(order["ip_list"])
        if "frozen" in order:
            changes["frozen"] = _flag(order["frozen"])
        if "domains" in order:
            changes["domains"] = _domains(order["domains"])
        if "life" in order:
            changes["life"] = int(_number(order, "life", 0, 1, 7200))
        self._rules.put(replace(account, **changes))
        return _told(replace(account, **changes))

    def _set_limit(self, order: dict[str, Any]) -> dict[str, Any]:
        path = _text(order, "path")
        daily = int(_number(order, "daily", 0, 0, 10**9))
        minute = None if order.get("minute") is None else int(_number(order, "minute", 0, 0, 10**9))
        self._rules.set_limit(path, Limit(daily, minute))
        return {"path": path, "daily": daily, "minute": minute}

    def _void(self, order: dict[str, Any]) -> dict[str, Any]:
        appid = self._known_appid(order)
        self._rules.void(appid)
        return {"appid": appid}

    def _tickets(self, order: dict[str, Any]) -> dict[str, Any]:
        """The jsapi tickets that are accepted now, the newest first: what a test signs a page with."""
        appid = self._known_appid(order)
        return {"appid": appid, "tickets": self._rules.tickets(appid)}

    def _known_appid(self, order: dict[str, Any]) -> str:
        appid = _text(order, "appid")
        if self._rules.account(appid) is None:
            raise _Wrong("appid: no such account")
        return appid


def _told(account: SandboxAccount) -> dict[str, Any]:
    """An account without its secret."""
    return {
        "appid": account.appid,
        "name": account.name,
        "platform": account.platform,
        "ip_list": account.ip_list,
        "frozen": account.frozen,
        "life": account.life,
        "domains": account.domains,
    }


def _fields(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise _Wrong("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise _Wrong("the body is not a JSON object")
    return fields


def _text(order: dict[str, Any], name: str, default: str | None = None) -> str:
    text = order.get(name, default)
    if not isinstance(text, str) or (default is None and not text):
        raise _Wrong(f"{name}: a text is wanted")
    return text


def _number(order: dict[str, Any], name: str, default: float, least: float, most: float) -> float:
    number = order.get(name, default)
    if isinstance(number, bool) or not isinstance(number, int | float) or not least <= number <= most:
        raise _Wrong(f"{name}: a number from {least} to {most} is wanted")
    return float(number)


def _flag(flag: Any) -> bool:
    if not isinstance(flag, bool):
        raise _Wrong("frozen: true or false is wanted")
    return flag


def _platform(text: Any) -> Platform:
    if text not in list(Platform):
        raise _Wrong(f"platform: one of {', '.join(Platform)} is wanted")
    return Platform(text)


def _ip_list(entries: Any) -> tuple[str, ...] | None:
    if entries is None:
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise _Wrong("ip_list: a list of texts or null is wanted")
    for entry in entries:
        if problem := ip_entry_problem(entry):
            raise _Wrong(f"ip_list: {problem}")
    return tuple(entries)


def _domains(names: Any) -> tuple[str, ...] | None:
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise _Wrong("domains: a list of texts or null is wanted")
    return tuple(name.lower() for name in names)
