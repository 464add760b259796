"""Questions to WeChat beside the refresh: does a token live, what is a rid about, how much quota is left.

Facts come from WeChat's pages getApiDomainIp, getRidInfo, getApiQuota and clearQuota.
"""

import json
import re
from dataclasses import dataclass, field

from guarddog_gui.domain.wechat.protocol import (
    FailureKind,
    Refusal,
    Reply,
    Request,
    TransportFailure,
    parse_reply_fields,
)

TEXT_MAX = 2_000  # characters shown of what a rid brings back
MONTHLY_CLEARS_MAX = 10  # clearQuota, shared with the console's button
QUOTA_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/ticket/getticket")

# between a field's name and its value: quotes, spaces and backslashes, also as a URL within a URL has them
_SEPARATOR = r"(?:[\s\"'\\+]|%(?:25)*(?:0[ad]|2[027b]|5c))*"
_SECRET_FIELD = re.compile(
    rf"(?i)((?:token|secret|ticket){_SEPARATOR}(?:[=:>]|%(?:25)*3[ade]){_SEPARATOR}(?:<!\[cdata\[)?)"
    r"(?:[^&\"'\s,}\]<>\\%]|%(?!(?:25)*(?:2[267c]|3[ce]|5[cd]|7d)))+"
)


@dataclass(frozen=True, slots=True)
class TokenValid:
    """WeChat takes this token."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The daily limit of one call, and its limit in a short time (0 where WeChat names none)."""

    path: str
    limit: int
    used: int
    remaining: int
    rate_calls: int = 0
    rate_seconds: int = 0


@dataclass(frozen=True, slots=True)
class RidReport:
    """What WeChat remembers of one request; tokens and secrets are masked. `at` is Unix seconds."""

    requested_at: int
    cost_ms: int
    url: str = field(repr=False)
    body: str = field(repr=False)
    response: str = field(repr=False)
    client_ip: str


@dataclass(frozen=True, slots=True)
class QuotaCleared:
    """The day's counters of all calls are at zero again."""


TOKEN_CHECK_ENDPOINT = "get_api_domain_ip"  # noqa: S105 - the call by its last word, as the catalogue of errcodes names it


def token_check_request(access_token: str) -> Request:
    """The harmless call that tells whether a token lives."""
    return Request(f"/cgi-bin/{TOKEN_CHECK_ENDPOINT}", query=(("access_token", access_token),))


def parse_token_check(reply: Reply, access_token: str) -> TokenValid | Refusal | TransportFailure:
    """Alive when the list of addresses came."""
    fields = parse_reply_fields(reply, secrets=(access_token,))
    if not isinstance(fields, dict):
        return fields
    return (
        TokenValid()
        if isinstance(fields.get("ip_list"), list)
        else TransportFailure(FailureKind.UNEXPECTED_JSON, "no ip_list")
    )


def rid_request(access_token: str, rid: str) -> Request:
    """Ask about a request of the last seven days."""
    return Request("/cgi-bin/openapi/rid/get", query=(("access_token", access_token),), body=(("rid", rid),))


def parse_rid(reply: Reply, access_token: str) -> RidReport | Refusal | TransportFailure:
    """What is known about it, with everything masked that opens a door."""
    fields = parse_reply_fields(reply, secrets=(access_token,))
    if not isinstance(fields, dict):
        return fields
    request = fields.get("request")
    if not isinstance(request, dict):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no request")
    return RidReport(
        requested_at=_parse_number(request.get("invoke_time")),
        cost_ms=_parse_number(request.get("cost_in_ms")),
        url=_redacted_text(request.get("request_url"), access_token),
        body=_redacted_text(request.get("request_body"), access_token),
        response=_redacted_text(request.get("response_body"), access_token),
        client_ip=_redacted_text(request.get("client_ip"), access_token),
    )


def quota_request(access_token: str, path: str) -> Request:
    """Ask how much of a call's quota is left."""
    return Request(
        "/cgi-bin/openapi/quota/get", query=(("access_token", access_token),), body=(("cgi_path", path),)
    )


def parse_quota(reply: Reply, access_token: str, path: str) -> Quota | Refusal | TransportFailure:
    """The numbers, which WeChat itself calls one per cent wrong."""
    fields = parse_reply_fields(reply, secrets=(access_token,))
    if not isinstance(fields, dict):
        return fields
    quota, rate = fields.get("quota"), fields.get("rate_limit")
    if not isinstance(quota, dict):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no quota")
    rate = rate if isinstance(rate, dict) else {}
    return Quota(
        path,
        limit=_parse_number(quota.get("daily_limit")),
        used=_parse_number(quota.get("used")),
        remaining=_parse_number(quota.get("remain")),
        rate_calls=_parse_number(rate.get("call_count")),
        rate_seconds=_parse_number(rate.get("refresh_second")),
    )


def clear_quota_request(access_token: str, appid: str) -> Request:
    """Set all counters of the day to zero; ten times a month."""
    return Request("/cgi-bin/clear_quota", query=(("access_token", access_token),), body=(("appid", appid),))


def parse_clear_quota(reply: Reply, access_token: str) -> QuotaCleared | Refusal | TransportFailure:
    """Cleared unless WeChat refuses."""
    fields = parse_reply_fields(reply, secrets=(access_token,))
    return QuotaCleared() if isinstance(fields, dict) else fields


def redact_secrets(text: str, *secrets: str) -> str:
    """The text without tokens and secrets, whatever they are called in it."""
    for hidden in secrets:
        if hidden:
            text = text.replace(hidden, "…")
    return _SECRET_FIELD.sub(r"\1…", text)


def _redacted_text(field: object, access_token: str) -> str:
    text = field if isinstance(field, str) else json.dumps(field, ensure_ascii=False) if field else ""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return redact_secrets(plain, access_token)[:TEXT_MAX]  # cut last: half a token is none to recognise


def _parse_number(field: object) -> int:
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 15:
        return int(field)
    return field if isinstance(field, int) and not isinstance(field, bool) and 0 <= field < 2**53 else 0
