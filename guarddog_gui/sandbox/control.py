"""Control interface under /_sandbox/, with which scripts plan faults and change accounts.

Every call needs the key of this run in the header X-Sandbox-Key, so that neither another user of this machine
nor a page in a browser can use it.
"""

import hmac
import json
from collections.abc import Callable
from typing import Annotated, Any

from msgspec import Meta, ValidationError, convert
from msgspec.structs import asdict, replace

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.accounts import SandboxAccount, ip_entry_problem
from guarddog_gui.sandbox.faults.fault import NAMED_FAULTS, FaultPlan, parse_fault
from guarddog_gui.sandbox.http_messages import HttpRequest
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.rules import SandboxRules

CONTROL_PREFIX = "/_sandbox/"
_TIMES_MAX = 1_000_000
_SECONDS_MAX = 3600

_Text = Annotated[str, Meta(min_length=1)]
_ACCOUNT_FIELDS: dict[str, tuple[Any, str]] = {  # type of each parameter, and its name in the refusal
    "secret": (_Text, "a text"),
    "name": (_Text, "a text"),
    "platform": (Platform, f"one of {', '.join(Platform)}"),
    "ip_list": (tuple[str, ...] | None, "a list of texts or null"),
    "frozen": (bool, "true or false"),
    "domains": (tuple[_Text, ...] | None, "a list of texts or null"),
}

_CommandHandler = Callable[[dict[str, Any]], dict[str, Any]]
ControlResponse = tuple[int, dict[str, Any]]  # HTTP status and JSON object


class _BadCommand(Exception):
    """Raised for a command with invalid parameters, with the message to answer."""


class ControlApi:
    """Commands of the control interface, for the holder of this run's key."""

    def __init__(self, rules: SandboxRules, faults: FaultPlan, key: str) -> None:
        self._rules = rules
        self._faults = faults
        self._key = key
        self._commands: dict[tuple[str, str], _CommandHandler] = {
            ("GET", "state"): self._get_state,
            ("POST", "fail"): self._plan_fault,
            ("POST", "clear"): self._clear_faults,
            ("POST", "accounts"): self._put_account,
            ("POST", "limits"): self._set_limit,
            ("POST", "void"): self._revoke_tokens,
            ("POST", "tickets"): self._list_tickets,
        }

    def handle(self, request: HttpRequest) -> ControlResponse:
        """Run one command. Answer 403 to strangers, 404 to an unknown command, 400 to invalid parameters."""
        if not hmac.compare_digest(request.sandbox_key.encode("utf-8", "surrogatepass"), self._key.encode()):
            return 403, {"error": "X-Sandbox-Key is missing or wrong"}
        command = self._commands.get((request.method, request.path.removeprefix(CONTROL_PREFIX)))
        if command is None:
            return 404, {"error": "no such order"}
        try:
            return 200, command(_parse_body(request.body))
        except _BadCommand as error:
            return 400, {"error": str(error)}

    def _get_state(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "accounts": [_account_fields(account) for account in self._rules.accounts],
            "faults": [
                {"how": fault.kind, "number": fault.number, "times": times, "endpoint": endpoint}
                for fault, times, endpoint in self._faults.pending()
            ],
            "calls": dict(self._rules.call_counts),
        }

    def _plan_fault(self, params: dict[str, Any]) -> dict[str, Any]:
        seconds = _get_number(params, "seconds", 30, 0, _SECONDS_MAX)
        fault = parse_fault(_get_text(params, "how"), seconds, _get_text(params, "text", ""))
        if fault is None:
            raise _BadCommand(f"how: an errcode, http-<status>, or one of {', '.join(NAMED_FAULTS)}")
        times = int(_get_number(params, "times", 1, 1, _TIMES_MAX))
        self._faults.add(fault, times, _get_text(params, "endpoint", "") or None)
        return {"planned": times}

    def _clear_faults(self, _: dict[str, Any]) -> dict[str, Any]:
        self._faults.clear()
        return {"planned": 0}

    def _put_account(self, params: dict[str, Any]) -> dict[str, Any]:
        appid = _get_text(params, "appid")
        account = self._rules.account(appid) or SandboxAccount(appid, _get_text(params, "secret"))
        changes = {name: _convert(name, params[name]) for name in _ACCOUNT_FIELDS if name in params}
        for problem in filter(None, map(ip_entry_problem, changes.get("ip_list") or ())):
            raise _BadCommand(f"ip_list: {problem}")
        if changes.get("domains"):
            changes["domains"] = tuple(name.lower() for name in changes["domains"])
        if "life" in params:
            changes["life"] = int(_get_number(params, "life", 0, 1, 7200))
        account = replace(account, **changes)
        self._rules.set_account(account)
        return _account_fields(account)

    def _set_limit(self, params: dict[str, Any]) -> dict[str, Any]:
        path = _get_text(params, "path")
        daily = int(_get_number(params, "daily", 0, 0, 10**9))
        minute = None if params.get("minute") is None else int(_get_number(params, "minute", 0, 0, 10**9))
        self._rules.set_limit(path, QuotaLimit(daily, minute))
        return {"path": path, "daily": daily, "minute": minute}

    def _revoke_tokens(self, params: dict[str, Any]) -> dict[str, Any]:
        appid = self._require_appid(params)
        self._rules.revoke_tokens(appid)
        return {"appid": appid}

    def _list_tickets(self, params: dict[str, Any]) -> dict[str, Any]:
        """List the accepted jsapi tickets, newest first, for tests that sign a page."""
        appid = self._require_appid(params)
        return {"appid": appid, "tickets": self._rules.accepted_tickets(appid)}

    def _require_appid(self, params: dict[str, Any]) -> str:
        appid = _get_text(params, "appid")
        if self._rules.account(appid) is None:
            raise _BadCommand("appid: no such account")
        return appid


def _account_fields(account: SandboxAccount) -> dict[str, Any]:
    """Return the account's fields except its secret."""
    return {name: value for name, value in asdict(account).items() if name != "secret"}


def _parse_body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise _BadCommand("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise _BadCommand("the body is not a JSON object")
    return fields


def _get_text(params: dict[str, Any], name: str, default: str | None = None) -> str:
    text = params.get(name, default)
    if not isinstance(text, str) or (default is None and not text):
        raise _BadCommand(f"{name}: a text is wanted")
    return text


def _get_number(params: dict[str, Any], name: str, default: float, minimum: float, maximum: float) -> float:
    number = params.get(name, default)
    if isinstance(number, bool) or not isinstance(number, int | float) or not minimum <= number <= maximum:
        raise _BadCommand(f"{name}: a number from {minimum} to {maximum} is wanted")
    return float(number)


def _convert(name: str, value: Any) -> Any:
    value_type, wanted = _ACCOUNT_FIELDS[name]
    try:
        return convert(value, value_type)
    except (ValidationError, UnicodeError):  # UnicodeError: a lone surrogate
        raise _BadCommand(f"{name}: {wanted} is wanted") from None
