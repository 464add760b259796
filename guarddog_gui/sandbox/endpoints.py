"""Endpoints of the sandbox: each is a function that takes a call and returns the fields of its answer.

"Page" names the page of WeChat's documentation that the endpoint follows.
"""

from collections.abc import Callable
from typing import Any

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.access_checks import AccessChecks, ApiCall, CallRefused, SandboxAccountState
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.request_log import RETENTION_S, RequestLog
from guarddog_gui.sandbox.token_issuer import SandboxToken

ResponseFields = dict[str, Any]  # JSON object of an answer
EndpointHandler = Callable[[AccessChecks, ApiCall], ResponseFields]

DOMAIN_IPS = ("203.0.113.10", "203.0.113.11", "203.0.113.12")
OAUTH_OPENID = "oSandboxUser000000000000001"
CALLBACK_IPS = ("203.0.113.80", "203.0.113.81")
_TICKET_KINDS = ("jsapi", "wx_card")
_GRANT_TYPE = "client_credential"


def token(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Page: getAccessToken."""
    state = checks.authenticate_by_secret(call, call.query, "secret", _GRANT_TYPE)
    checks.count_call(call, state)
    fresh = state.token_issuer.issue_classic_token(state.account, call.now)
    return {"access_token": fresh.value, "expires_in": fresh.remaining_s(call.now)}


def stable_token(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Page: getStableAccessToken."""
    params = call.parse_body()
    state = checks.authenticate_by_secret(call, params, "secret", _GRANT_TYPE)
    force = params.get("force_refresh", False)
    if not isinstance(force, bool):
        raise CallRefused(47001)
    checks.count_call(call, state)
    stable = _force_token(state, call.now) if force else state.token_issuer.get_stable_token(state.account, call.now)
    return {"access_token": stable.value, "expires_in": stable.remaining_s(call.now)}


def _force_token(account_state: SandboxAccountState, now: float) -> SandboxToken:
    if account_state.quotas.is_force_too_soon(now):
        return account_state.token_issuer.get_stable_token(account_state.account, now)
    if not account_state.quotas.count_forced_refresh(now):
        raise CallRefused(45009)
    return account_state.token_issuer.force_stable_token(account_state.account, now)


def getticket(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Page: getTicket. As with WeChat, expires_in is the full lifetime, however old the ticket is."""
    state = checks.authenticate_by_token(call)
    if state.account.platform is Platform.MINI_PROGRAM:
        raise CallRefused(48001)
    kind = call.query.get("type", "")
    if kind not in _TICKET_KINDS:
        raise CallRefused(40097)
    checks.count_call(call, state)
    ticket = state.token_issuer.get_ticket(kind, state.account, call.now)
    return {**_success_fields(), "ticket": ticket.value, "expires_in": ticket.lifetime_s}


def list_ips(ips: tuple[str, ...], checks: AccessChecks, call: ApiCall) -> ResponseFields:
    checks.count_call(call, checks.authenticate_by_token(call))
    return {"ip_list": ips}


def clear_quota(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    state = checks.authenticate_by_token(call)
    if call.parse_body().get("appid") != state.account.appid:
        raise CallRefused(40013)
    return _reset_all_quotas(state, call.now)


def clear_quota_v2(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Accept query or JSON body: WeChat's page documents the body, its example and the SDKs use the query."""
    return _reset_all_quotas(
        checks.authenticate_by_secret(call, call.query or call.parse_body(), "appsecret"), call.now
    )


def exchange_code(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Page: snsAccessToken. The tokens are a user's: no other endpoint accepts them."""
    state = checks.authenticate_by_secret(call, call.query, "secret", "authorization_code")
    code = call.query.get("code", "")
    if not code:
        raise CallRefused(41008)
    redeemed = checks.oauth_codes.redeem(code, state.account.appid, call.now)
    if isinstance(redeemed, int):
        raise CallRefused(redeemed)
    access_token, refresh_token = checks.oauth_codes.make_tokens()
    return {
        "access_token": access_token,
        "expires_in": 7200,
        "refresh_token": refresh_token,
        "openid": OAUTH_OPENID,
        "scope": redeemed.scope,
    }


def _reset_all_quotas(account_state: SandboxAccountState, now: float) -> ResponseFields:
    if not account_state.quotas.reset_all(now):
        raise CallRefused(48006)
    return _success_fields()


def quota_get(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    state = checks.authenticate_by_token(call)
    path, limit = _parse_limited_path(checks, call)
    used = state.quotas.used_today(path, call.now)
    remain = max(0, limit.per_day - used)
    fields = {**_success_fields(), "quota": {"daily_limit": limit.per_day, "used": used, "remain": remain}}
    if limit.per_minute is not None:
        fields["rate_limit"] = {"call_count": limit.per_minute, "refresh_second": 60}
    return fields


def quota_clear(checks: AccessChecks, call: ApiCall) -> ResponseFields:
    state = checks.authenticate_by_token(call)
    path, _ = _parse_limited_path(checks, call)
    if not state.quotas.reset_one(path, call.now):
        raise CallRefused(45009)
    return _success_fields()


def _parse_limited_path(checks: AccessChecks, call: ApiCall) -> tuple[str, QuotaLimit]:
    path = call.parse_body().get("cgi_path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise CallRefused(76003)
    if path.startswith("/sns/"):
        raise CallRefused(76022)
    if path not in checks.limits:
        raise CallRefused(76021)
    return path, checks.limits[path]


def rid_get(request_log: RequestLog, checks: AccessChecks, call: ApiCall) -> ResponseFields:
    """Return the refused call with this rid, with its URL as it was sent."""
    state = checks.authenticate_by_token(call)
    rid = call.parse_body().get("rid")
    if not isinstance(rid, str) or rid.count("-") != 2:
        raise CallRefused(76002)
    logged = request_log.find(rid)
    if logged is None:
        raise CallRefused(76001)
    if logged.appid != state.account.appid:
        raise CallRefused(76003)
    if call.now - logged.at > RETENTION_S:
        raise CallRefused(76004)
    request = {
        "invoke_time": int(logged.at),
        "cost_in_ms": 1,
        "request_url": logged.url,
        "request_body": logged.request_body,
        "response_body": logged.response_body,
        "client_ip": logged.ip,
    }
    return {**_success_fields(), "request": request}


def _success_fields() -> ResponseFields:
    return {"errcode": 0, "errmsg": "ok"}
