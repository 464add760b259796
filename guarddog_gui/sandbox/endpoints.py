"""The endpoints of the embedded WeChat, each a function from a call to the fields of its answer."""

from collections.abc import Callable
from typing import Any

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.access_checks import Call, Desk, Holder, Refused, json_object
from guarddog_gui.sandbox.quotas import Limit
from guarddog_gui.sandbox.request_log import KEPT_S, RidLog
from guarddog_gui.sandbox.token_issuer import Token

Fields = dict[str, Any]  # the JSON object of an answer
Endpoint = Callable[[Desk, Call], Fields]

_DOMAIN_IPS = ("203.0.113.10", "203.0.113.11", "203.0.113.12")
_CALLBACK_IPS = ("203.0.113.80", "203.0.113.81")
_TICKET_KINDS = ("jsapi", "wx_card")
_GRANT_TYPE = "client_credential"


def token(desk: Desk, call: Call) -> Fields:
    """Page: getAccessToken."""
    holder = desk.by_secret(call, call.query, "secret", _GRANT_TYPE)
    desk.count(call, holder)
    fresh = holder.mint.classic_token(holder.account, call.now)
    return {"access_token": fresh.value, "expires_in": fresh.left(call.now)}


def stable_token(desk: Desk, call: Call) -> Fields:
    """Page: getStableAccessToken."""
    wishes = json_object(call.body)
    holder = desk.by_secret(call, wishes, "secret", _GRANT_TYPE)
    force = wishes.get("force_refresh", False)
    if not isinstance(force, bool):
        raise Refused(47001)
    desk.count(call, holder)
    stable = _forced(holder, call.now) if force else holder.mint.stable_token(holder.account, call.now)
    return {"access_token": stable.value, "expires_in": stable.left(call.now)}


def _forced(holder: Holder, now: float) -> Token:
    if holder.quotas.too_soon_to_force(now):
        return holder.mint.stable_token(holder.account, now)
    if not holder.quotas.may_force(now):
        raise Refused(45009)
    return holder.mint.forced_token(holder.account, now)


def getticket(desk: Desk, call: Call) -> Fields:
    """Page: getTicket. What it says in expires_in is the full life, however old the ticket is."""
    holder = desk.by_token(call)
    if holder.account.platform is Platform.MINI_PROGRAM:
        raise Refused(48001)
    kind = call.query.get("type", "")
    if kind not in _TICKET_KINDS:
        raise Refused(40097)
    desk.count(call, holder)
    ticket = holder.mint.ticket(kind, holder.account, call.now)
    return {**_ok(), "ticket": ticket.value, "expires_in": ticket.life}


def get_api_domain_ip(desk: Desk, call: Call) -> Fields:
    desk.count(call, desk.by_token(call))
    return {"ip_list": list(_DOMAIN_IPS)}


def getcallbackip(desk: Desk, call: Call) -> Fields:
    desk.count(call, desk.by_token(call))
    return {"ip_list": list(_CALLBACK_IPS)}


def clear_quota(desk: Desk, call: Call) -> Fields:
    holder = desk.by_token(call)
    if json_object(call.body).get("appid") != holder.account.appid:
        raise Refused(40013)
    return _reset_all(holder, call.now)


def clear_quota_v2(desk: Desk, call: Call) -> Fields:
    """The page says JSON body, its example and the SDKs say query: both are taken."""
    return _reset_all(desk.by_secret(call, call.query or json_object(call.body), "appsecret"), call.now)


def _reset_all(holder: Holder, now: float) -> Fields:
    if not holder.quotas.reset_all(now):
        raise Refused(48006)
    return _ok()


def quota_get(desk: Desk, call: Call) -> Fields:
    holder = desk.by_token(call)
    path, limit = _limited_path(desk, call)
    used = holder.quotas.used(path, call.now)
    remain = max(0, limit.daily - used)
    fields = {**_ok(), "quota": {"daily_limit": limit.daily, "used": used, "remain": remain}}
    if limit.minute is not None:
        fields["rate_limit"] = {"call_count": limit.minute, "refresh_second": 60}
    return fields


def quota_clear(desk: Desk, call: Call) -> Fields:
    holder = desk.by_token(call)
    path, _ = _limited_path(desk, call)
    if not holder.quotas.reset_one(path, call.now):
        raise Refused(45009)
    return _ok()


def _limited_path(desk: Desk, call: Call) -> tuple[str, Limit]:
    path = json_object(call.body).get("cgi_path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise Refused(76003)
    if path.startswith("/sns/"):
        raise Refused(76022)
    if path not in desk.limits:
        raise Refused(76021)
    return path, desk.limits[path]


def rid_get(rids: RidLog, desk: Desk, call: Call) -> Fields:
    """The refused call that a rid stands for, with its URL as it was sent."""
    holder = desk.by_token(call)
    rid = json_object(call.body).get("rid")
    if not isinstance(rid, str) or rid.count("-") != 2:
        raise Refused(76002)
    past = rids.find(rid)
    if past is None:
        raise Refused(76001)
    if past.appid != holder.account.appid:
        raise Refused(76003)
    if call.now - past.at > KEPT_S:
        raise Refused(76004)
    request = {
        "invoke_time": int(past.at),
        "cost_in_ms": 1,
        "request_url": past.url,
        "request_body": past.body,
        "response_body": past.answer,
        "client_ip": past.ip,
    }
    return {**_ok(), "request": request}


def _ok() -> Fields:
    return {"errcode": 0, "errmsg": "ok"}
