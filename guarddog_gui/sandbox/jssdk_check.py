"""Check of a page's `wx.config`, by the rules of WeChat's page "JS-SDK instructions", appendix 5; pure."""

import hmac
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment
from guarddog_gui.sandbox.accounts import SandboxAccount

_SECONDS_LIMIT = 10**10  # WeChat rejects a timestamp in milliseconds (13 digits) as an invalid signature


class ConfigCheckReason(StrEnum):
    """Outcome of the check; the test page has a text for each."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN_APPID = "unknown-appid"
    DOMAIN = "domain"
    SIGNATURE = "signature"


_ERRMSGS = {
    ConfigCheckReason.OK: "config:ok",
    ConfigCheckReason.MISSING: "config:fail",
    ConfigCheckReason.UNKNOWN_APPID: "config:fail",
    ConfigCheckReason.DOMAIN: "config:invalid url domain",
    ConfigCheckReason.SIGNATURE: "config:invalid signature",
}


class ConfigCheckResult(Struct, frozen=True):
    """Result passed to `wx.ready` or `wx.error`. `missing` lists parameters that are absent or invalid."""

    reason: ConfigCheckReason
    missing: tuple[str, ...] = ()

    @property
    def errmsg(self) -> str:
        return _ERRMSGS[self.reason]


def check_config(
    config: Mapping[str, Any], url: str, account: SandboxAccount | None, tickets: Iterable[str]
) -> ConfigCheckResult:
    """Check the argument of `wx.config` in the page at `url`.

    `account` is the account with the appId of `config` (None if unknown), `tickets` its accepted tickets.
    """
    missing = tuple(name for name, is_usable in _VALIDATORS.items() if not is_usable(config.get(name)))
    if missing:
        return ConfigCheckResult(ConfigCheckReason.MISSING, missing)
    if account is None:
        return ConfigCheckResult(ConfigCheckReason.UNKNOWN_APPID)
    if not account.allows_page(urlsplit(url).hostname or ""):
        return ConfigCheckResult(ConfigCheckReason.DOMAIN)
    timestamp = int(config["timestamp"])
    signature = config["signature"].encode("utf-8", "surrogatepass")
    page = strip_fragment(url)
    valid = (SignatureInput(ticket, config["nonceStr"], timestamp, page).signature for ticket in tickets)
    if timestamp < _SECONDS_LIMIT and any(hmac.compare_digest(signature, each.encode()) for each in valid):
        return ConfigCheckResult(ConfigCheckReason.OK)
    return ConfigCheckResult(ConfigCheckReason.SIGNATURE)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_timestamp(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) <= 20
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_VALIDATORS = {
    "appId": _is_text,
    "timestamp": _is_timestamp,
    "nonceStr": _is_text,
    "signature": _is_text,
    "jsApiList": _is_list_of_names,
}
