"""WeChat's behaviour: turn an API call into the fields of its answer, without sockets or system clock."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox import endpoints
from guarddog_gui.sandbox.access_checks import AccessChecks, ApiCall, CallRefused
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.common_calls.endpoints import ROUTES, CallAnswer, Handler
from guarddog_gui.sandbox.endpoints import ResponseFields
from guarddog_gui.sandbox.errmsgs import format_errmsg
from guarddog_gui.sandbox.http_messages import FileAnswer
from guarddog_gui.sandbox.jssdk_check import ConfigCheckResult, check_config
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.request_log import LoggedCall, RequestLog

_LOGGED_TEXT_MAX = 2000  # characters of a URL or body that the rid log keeps


class SandboxRules:
    """Simulated WeChat for a set of accounts. Thread-safe.

    `clock` returns Unix seconds, `make_value` a unique token or ticket; `call_counts` counts calls by path.
    """

    def __init__(
        self, clock: Callable[[], float], make_value: Callable[[], str], accounts: Iterable[SandboxAccount] = ()
    ) -> None:
        self._clock = clock
        self._lock = RLock()
        self._checks = AccessChecks(make_value)
        self._request_log = RequestLog()
        self._guest_tickets: dict[str, str] = {}  # tickets of real accounts, by appid: see accept_ticket
        self.call_counts: Counter[str] = Counter()
        self._routes: dict[str, tuple[str, Handler]] = {
            "/cgi-bin/token": ("GET", endpoints.token),
            "/cgi-bin/stable_token": ("POST", endpoints.stable_token),
            "/cgi-bin/ticket/getticket": ("GET", endpoints.getticket),
            "/cgi-bin/get_api_domain_ip": ("GET", partial(endpoints.list_ips, endpoints.DOMAIN_IPS)),
            "/cgi-bin/getcallbackip": ("GET", partial(endpoints.list_ips, endpoints.CALLBACK_IPS)),
            "/cgi-bin/clear_quota": ("POST", endpoints.clear_quota),
            "/cgi-bin/clear_quota/v2": ("POST", endpoints.clear_quota_v2),
            "/cgi-bin/openapi/quota/get": ("POST", endpoints.quota_get),
            "/cgi-bin/openapi/quota/clear": ("POST", endpoints.quota_clear),
            "/sns/oauth2/access_token": ("GET", endpoints.exchange_code),
            "/cgi-bin/openapi/rid/get": ("POST", partial(endpoints.rid_get, self._request_log)),
            **ROUTES,
        }
        for account in accounts:
            self.set_account(account)

    # API calls.

    def handle(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str
    ) -> tuple[int, ResponseFields]:
        """Answer an API call of which the answer is no file. Return the HTTP status and the JSON fields."""
        status, answer = self.answer(method, path, query, body, ip)
        if isinstance(answer, FileAnswer):
            raise InternalError(f"{path} answers with a file")
        return status, answer

    def answer(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str, content_type: str = ""
    ) -> tuple[int, CallAnswer]:
        """Answer an API call. Return the HTTP status, always 200 as with WeChat, and the JSON fields or a file."""
        with self._lock:
            call = self._make_call(method, path, query, body, ip)
            call.content_type = content_type
            try:
                return 200, self._dispatch(call)
            except CallRefused as refusal:
                return 200, self._make_refusal(call, refusal.errcode)

    def refuse(
        self, errcode: int, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str
    ) -> tuple[int, ResponseFields]:
        """Answer an API call with this errcode and a rid, without executing it."""
        with self._lock:
            call = self._make_call(method, path, query, body, ip)
            call.account_state = self._checks.guess_account_state(call)
            return 200, self._make_refusal(call, errcode)

    def _make_call(self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str) -> ApiCall:
        self.call_counts[path if path in self._routes else "elsewhere"] += 1
        return ApiCall(method, path, query, body, ip, self._clock())

    def _dispatch(self, call: ApiCall) -> CallAnswer:
        if call.path not in self._routes:
            raise CallRefused(40066)
        method, endpoint = self._routes[call.path]
        if call.method != method:
            raise CallRefused(43002 if method == "POST" else 43001)
        return endpoint(self._checks, call)

    def _make_refusal(self, call: ApiCall, errcode: int) -> ResponseFields:
        rid = self._request_log.make_rid(call.now)
        fields: ResponseFields = {"errcode": errcode, "errmsg": format_errmsg(errcode, call.ip, rid)}
        url = f"{DEFAULT_API_BASE}{call.path}?{urlencode(call.query, errors='replace')}".rstrip("?")
        logged = LoggedCall(
            appid=call.account_state.account.appid if call.account_state else None,
            at=call.now,
            url=url[:_LOGGED_TEXT_MAX],
            request_body=call.body[:_LOGGED_TEXT_MAX].decode("utf-8", "replace"),
            response_body=json.dumps(fields),
            ip=call.ip,
        )
        self._request_log.add(rid, logged)
        return fields

    # Settings and counters of WeChat's console.

    @property
    def accounts(self) -> tuple[SandboxAccount, ...]:
        with self._lock:
            return tuple(state.account for state in self._checks.account_states.values())

    def account(self, appid: str) -> SandboxAccount | None:
        with self._lock:
            state = self._checks.account_states.get(appid)
            return state.account if state else None

    def set_account(self, account: SandboxAccount) -> None:
        """Add or replace an account. Its tokens stay valid, but a change of `life` replaces them."""
        with self._lock:
            self._checks.set_account(account, self._clock())

    def set_limit(self, path: str, limit: QuotaLimit) -> None:
        with self._lock:
            self._checks.limits[path] = limit

    def used_today(self, appid: str, path: str) -> int:
        """Return the calls of today that count against the quota; 0 for an unknown account."""
        with self._lock:
            state = self._checks.account_states.get(appid)
            return state.quotas.used_today(path, self._clock()) if state else 0

    def revoke_tokens(self, appid: str) -> None:
        """Invalidate the account's tokens, like a forced refresh by another server. Ignore unknown appids."""
        with self._lock:
            if state := self._checks.account_states.get(appid):
                state.token_issuer.replace_all(revoked_at=self._clock())

    # Pages that use web authorisation.

    def issue_oauth_code(self, appid: str, scope: str) -> str | None:
        """Return a code as the authorisation page gives it to a page; None for an unknown account."""
        with self._lock:
            is_known = appid in self._checks.account_states
            return self._checks.oauth_codes.issue(appid, scope, self._clock()) if is_known else None

    # Pages that use the JS-SDK.

    def accept_ticket(self, appid: str, ticket: str) -> None:
        """Accept this ticket of a real account, so that the test page can check its signatures."""
        with self._lock:
            self._guest_tickets[appid] = ticket

    def accepted_tickets(self, appid: str, kind: str = "jsapi") -> tuple[str, ...]:
        """Return the tickets whose signatures are accepted now, newest first; none for an unknown account."""
        with self._lock:
            state = self._checks.account_states.get(appid)
            return state.token_issuer.accepted_tickets(kind, self._clock()) if state else ()

    def check_page_config(self, config: Mapping[str, Any], url: str) -> ConfigCheckResult:
        appid = config.get("appId")
        appid = appid if isinstance(appid, str) else ""
        with self._lock:
            if appid in self._guest_tickets:
                guest = SandboxAccount(appid, name=appid, secret="")
                return check_config(config, url, guest, (self._guest_tickets[appid],))
            return check_config(config, url, self.account(appid), self.accepted_tickets(appid))
