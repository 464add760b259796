"""Queries about an account besides the refresh: is a token valid, details of a rid, quotas and their reset.

Based on WeChat's pages getApiDomainIp, getRidInfo, getApiQuota and clearQuota.
"""

import json
import re

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, Reply, Request, TransportFailure
from guarddog_gui.domain.wechat.reply_body import parse_whole_number

TEXT_MAX = 2_000  # characters shown of each text in a rid report
MONTHLY_CLEARS_MAX = 10  # clearQuota; resets in the WeChat console count too
QUOTA_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/ticket/getticket")

# quotes, spaces and backslashes between a field's name and its value, also percent-encoded in a nested URL
_SEPARATOR = r"(?:[\s\"'\\+]|%(?:25)*(?:0[ad]|2[027b]|5c))*"
_SECRET_FIELD = re.compile(
    rf"(?i)((?:token|secret|ticket){_SEPARATOR}(?:[=:>]|%(?:25)*3[ade]){_SEPARATOR}(?:<!\[cdata\[)?)"
    r"(?:[^&\"'\s,}\]<>\\%]|%(?!(?:25)*(?:2[267c]|3[ce]|5[cd]|7d)))+"
)


class TokenValid(Struct, frozen=True):
    """WeChat accepts this token."""


class Quota(Struct, frozen=True):
    """Daily quota of one API call, and its rate limit (0 if WeChat states none)."""

    path: str
    limit: int
    used: int
    remaining: int
    rate_calls: int = 0
    rate_seconds: int = 0


class RidReport(HiddenFields, Struct, frozen=True):
    """Details that WeChat keeps about one request; tokens and secrets are masked. `requested_at` is in Unix seconds."""

    hidden_fields = ("url", "body", "response")

    requested_at: int
    cost_ms: int
    url: str
    body: str
    response: str
    client_ip: str


class QuotaCleared(Struct, frozen=True):
    """The day's counters of all calls were reset to zero."""


TOKEN_CHECK_ENDPOINT = "get_api_domain_ip"  # noqa: S105 - the name of a call in errcodes.json


def token_check_request(access_token: str) -> Request:
    """Build the harmless request that shows if a token is valid (getApiDomainIp)."""
    return Request(f"/cgi-bin/{TOKEN_CHECK_ENDPOINT}", query=(("access_token", access_token),))


def parse_token_check(reply: Reply, access_token: str) -> TokenValid | Refusal | TransportFailure:
    """Read the reply: the token is valid if a list of addresses came back."""
    fields = protocol.parse_reply_fields(reply, secrets=(access_token,))
    if not isinstance(fields, dict):
        return fields
    has_list = isinstance(fields.get("ip_list"), list)
    return TokenValid() if has_list else TransportFailure(FailureKind.UNEXPECTED_JSON, "no ip_list")


def address_probe_request(appid: str) -> Request:
    """Build a request that WeChat refuses in any case: for its address if that is not listed, else for its secret."""
    body = (("grant_type", "client_credential"), ("appid", appid), ("secret", ""), ("force_refresh", False))
    return Request("/cgi-bin/stable_token", body=body)


def rid_request(access_token: str, rid: str) -> Request:
    return Request("/cgi-bin/openapi/rid/get", query=(("access_token", access_token),), body=(("rid", rid),))


def parse_rid(reply: Reply, access_token: str) -> RidReport | Refusal | TransportFailure:
    fields = protocol.parse_reply_fields(reply, secrets=(access_token,))
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
    return Request("/cgi-bin/openapi/quota/get", query=(("access_token", access_token),), body=(("cgi_path", path),))


def parse_quota(reply: Reply, access_token: str, path: str) -> Quota | Refusal | TransportFailure:
    """Read the quota; WeChat says that its numbers may be off by one per cent."""
    fields = protocol.parse_reply_fields(reply, secrets=(access_token,))
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
    """Build the request that resets the day's counters, allowed ten times a month (clearQuota)."""
    return Request("/cgi-bin/clear_quota", query=(("access_token", access_token),), body=(("appid", appid),))


def clear_quota_by_secret_request(appid: str, secret: Secret) -> Request:
    """Build the request that resets the counters without a token (clearQuotaByAppSecret).

    WeChat's example and some SDKs put both values into the query; in the body they are in no server's log.
    """
    return Request("/cgi-bin/clear_quota/v2", body=(("appid", appid), ("appsecret", secret.reveal())))


def parse_clear_quota(reply: Reply, credential: str) -> QuotaCleared | Refusal | TransportFailure:
    """Read the reply to either request; `credential` is the token or the secret that was in it."""
    fields = protocol.parse_reply_fields(reply, secrets=(credential,))
    return QuotaCleared() if isinstance(fields, dict) else fields


def redact_secrets(text: str, *secrets: str) -> str:
    """Replace tokens and secrets in a text, both the given ones and everything in fields named like one."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return _SECRET_FIELD.sub(r"\1…", text)


def _redacted_text(field: object, access_token: str) -> str:
    text = field if isinstance(field, str) else json.dumps(field, ensure_ascii=False) if field else ""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return redact_secrets(plain, access_token)[:TEXT_MAX]  # shorten last: a truncated token would not be recognised


def _parse_number(field: object) -> int:
    number = parse_whole_number(field, digits_max=15) or 0
    return number if 0 <= number < 2**53 else 0
