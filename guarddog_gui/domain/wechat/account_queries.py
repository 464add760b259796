"""Questions to WeChat beside the refresh: does a token live, what is a rid about, how much quota is left.

Facts come from WeChat's pages getApiDomainIp, getRidInfo, getApiQuota and clearQuota.
"""

import json
import re
from dataclasses import dataclass

from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, Silence, Unheard, parse_fields

TEXT_MAX = 2_000  # characters shown of what a rid brings back
CLEARS_A_MONTH = 10  # clearQuota, shared with the console's button
QUOTA_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/ticket/getticket")

# between a field's name and its value: quotes, spaces and backslashes, also as a URL within a URL has them
_GLUE = r"(?:[\s\"'\\+]|%(?:25)*(?:0[ad]|2[027b]|5c))*"
_SECRET_FIELD = re.compile(
    rf"(?i)((?:token|secret|ticket){_GLUE}(?:[=:>]|%(?:25)*3[ade]){_GLUE}(?:<!\[cdata\[)?)"
    r"(?:[^&\"'\s,}\]<>\\%]|%(?!(?:25)*(?:2[267c]|3[ce]|5[cd]|7d)))+"
)


@dataclass(frozen=True, slots=True)
class Alive:
    """WeChat takes this token."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The daily limit of one call, and its limit in a short time (0 where WeChat names none)."""

    path: str
    limit: int
    used: int
    remain: int
    rate_calls: int = 0
    rate_seconds: int = 0


@dataclass(frozen=True, slots=True)
class RidReport:
    """What WeChat remembers of one request; tokens and secrets are masked. `at` is Unix seconds."""

    at: int
    cost_ms: int
    url: str
    body: str
    answer: str
    client_ip: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The day's counters of all calls are at zero again."""


ALIVE = "get_api_domain_ip"  # the call by its last word, as the catalogue of errcodes names it


def alive_request(access_token: str) -> Request:
    """The harmless call that tells whether a token lives."""
    return Request(f"/cgi-bin/{ALIVE}", query=(("access_token", access_token),))


def parse_alive(reply: Reply, access_token: str) -> Alive | Refusal | Silence:
    """Alive when the list of addresses came."""
    fields = parse_fields(reply, hide=(access_token,))
    if not isinstance(fields, dict):
        return fields
    return Alive() if isinstance(fields.get("ip_list"), list) else Silence(Unheard.NONSENSE, "no ip_list")


def rid_request(access_token: str, rid: str) -> Request:
    """Ask about a request of the last seven days."""
    return Request("/cgi-bin/openapi/rid/get", query=(("access_token", access_token),), body=(("rid", rid),))


def parse_rid(reply: Reply, access_token: str) -> RidReport | Refusal | Silence:
    """What is known about it, with everything masked that opens a door."""
    fields = parse_fields(reply, hide=(access_token,))
    if not isinstance(fields, dict):
        return fields
    request = fields.get("request")
    if not isinstance(request, dict):
        return Silence(Unheard.NONSENSE, "no request")
    return RidReport(
        at=_number(request.get("invoke_time")),
        cost_ms=_number(request.get("cost_in_ms")),
        url=_shown(request.get("request_url"), access_token),
        body=_shown(request.get("request_body"), access_token),
        answer=_shown(request.get("response_body"), access_token),
        client_ip=_shown(request.get("client_ip"), access_token),
    )


def quota_request(access_token: str, path: str) -> Request:
    """Ask how much of a call's quota is left."""
    return Request(
        "/cgi-bin/openapi/quota/get", query=(("access_token", access_token),), body=(("cgi_path", path),)
    )


def parse_quota(reply: Reply, access_token: str, path: str) -> Quota | Refusal | Silence:
    """The numbers, which WeChat itself calls one per cent wrong."""
    fields = parse_fields(reply, hide=(access_token,))
    if not isinstance(fields, dict):
        return fields
    quota, rate = fields.get("quota"), fields.get("rate_limit")
    if not isinstance(quota, dict):
        return Silence(Unheard.NONSENSE, "no quota")
    rate = rate if isinstance(rate, dict) else {}
    return Quota(
        path,
        limit=_number(quota.get("daily_limit")),
        used=_number(quota.get("used")),
        remain=_number(quota.get("remain")),
        rate_calls=_number(rate.get("call_count")),
        rate_seconds=_number(rate.get("refresh_second")),
    )


def clear_request(access_token: str, appid: str) -> Request:
    """Set all counters of the day to zero; ten times a month."""
    return Request("/cgi-bin/clear_quota", query=(("access_token", access_token),), body=(("appid", appid),))


def parse_cleared(reply: Reply, access_token: str) -> Cleared | Refusal | Silence:
    """Cleared unless WeChat refuses."""
    fields = parse_fields(reply, hide=(access_token,))
    return Cleared() if isinstance(fields, dict) else fields


def masked(text: str, *hide: str) -> str:
    """The text without tokens and secrets, whatever they are called in it."""
    for hidden in hide:
        if hidden:
            text = text.replace(hidden, "…")
    return _SECRET_FIELD.sub(r"\1…", text)


def _shown(field: object, access_token: str) -> str:
    text = field if isinstance(field, str) else json.dumps(field, ensure_ascii=False) if field else ""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return masked(plain, access_token)[:TEXT_MAX]  # cut last: half a token is none to recognise


def _number(field: object) -> int:
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 15:
        return int(field)
    return field if isinstance(field, int) and not isinstance(field, bool) and 0 <= field < 2**53 else 0
