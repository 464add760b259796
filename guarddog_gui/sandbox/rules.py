"""The rules of the embedded WeChat: a call in, the fields of its answer out; no socket, no own clock."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox import endpoints
from guarddog_gui.sandbox.access_checks import Call, Desk, Refused
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.endpoints import Endpoint, Fields
from guarddog_gui.sandbox.errmsgs import errmsg
from guarddog_gui.sandbox.jssdk_check import Verdict, judged
from guarddog_gui.sandbox.quotas import Limit
from guarddog_gui.sandbox.request_log import PastCall, RidLog

_KEPT_TEXT = 2000  # characters of a URL or body that the rid log keeps


class Rules:
    """WeChat's answers for a set of accounts. Safe to use from several threads.

    `clock` gives Unix seconds; `make_value` gives a text that no token or ticket had before.
    `calls` counts the calls per path.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        make_value: Callable[[], str],
        accounts: Iterable[SandboxAccount] = (),
    ) -> None:
        self._clock = clock
        self._lock = RLock()
        self._desk = Desk(make_value)
        self._rids = RidLog()
        self._guests: dict[str, str] = {}  # tickets of accounts that are not ours, by appid
        self.calls: Counter[str] = Counter()
        self._routes: dict[str, tuple[str, Endpoint]] = {
            "/cgi-bin/token": ("GET", endpoints.token),
            "/cgi-bin/stable_token": ("POST", endpoints.stable_token),
            "/cgi-bin/ticket/getticket": ("GET", endpoints.getticket),
            "/cgi-bin/get_api_domain_ip": ("GET", endpoints.get_api_domain_ip),
            "/cgi-bin/getcallbackip": ("GET", endpoints.getcallbackip),
            "/cgi-bin/clear_quota": ("POST", endpoints.clear_quota),
            "/cgi-bin/clear_quota/v2": ("POST", endpoints.clear_quota_v2),
            "/cgi-bin/openapi/quota/get": ("POST", endpoints.quota_get),
            "/cgi-bin/openapi/quota/clear": ("POST", endpoints.quota_clear),
            "/cgi-bin/openapi/rid/get": ("POST", partial(endpoints.rid_get, self._rids)),
        }
        for account in accounts:
            self.put(account)

    # What a program does.

    def handle(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str
    ) -> tuple[int, Fields]:
        """The HTTP status, 200 whatever happens, and the fields of the answer."""
        with self._lock:
            call = self._received(method, path, query, body, ip)
            try:
                return 200, self._answer(call)
            except Refused as no:
                return 200, self._refusal(call, no.errcode)

    def refuse(
        self, errcode: int, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str
    ) -> tuple[int, Fields]:
        """The same with an errcode that somebody chose: nothing is done, and the rid stands for the call."""
        with self._lock:
            call = self._received(method, path, query, body, ip)
            call.holder = self._desk.likely_holder(call)
            return 200, self._refusal(call, errcode)

    def _received(self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str) -> Call:
        self.calls[path if path in self._routes else "elsewhere"] += 1
        return Call(method, path, query, body, ip, self._clock())

    def _answer(self, call: Call) -> Fields:
        if call.path not in self._routes:
            raise Refused(40066)
        method, endpoint = self._routes[call.path]
        if call.method != method:
            raise Refused(43002 if method == "POST" else 43001)
        return endpoint(self._desk, call)

    def _refusal(self, call: Call, errcode: int) -> Fields:
        rid = self._rids.make(call.now)
        fields: Fields = {"errcode": errcode, "errmsg": errmsg(errcode, call.ip, rid)}
        url = f"{DEFAULT_API_BASE}{call.path}?{urlencode(call.query, errors='replace')}".rstrip("?")
        past = PastCall(
            appid=call.holder.account.appid if call.holder else None,
            at=call.now,
            url=url[:_KEPT_TEXT],
            body=call.body[:_KEPT_TEXT].decode("utf-8", "replace"),
            answer=json.dumps(fields),
            ip=call.ip,
        )
        self._rids.keep(rid, past)
        return fields

    # What a person does in the console.

    @property
    def accounts(self) -> tuple[SandboxAccount, ...]:
        with self._lock:
            return tuple(holder.account for holder in self._desk.holders.values())

    def account(self, appid: str) -> SandboxAccount | None:
        with self._lock:
            holder = self._desk.holders.get(appid)
            return holder.account if holder else None

    def put(self, account: SandboxAccount) -> None:
        """Add an account, or change one: new secret, whitelist, frozen or not.

        Its tokens survive that; only under a new `life` the next call gives new ones.
        """
        with self._lock:
            self._desk.put(account, self._clock())

    def set_limit(self, path: str, limit: Limit) -> None:
        """How often each account may call `path`."""
        with self._lock:
            self._desk.limits[path] = limit

    def limit(self, path: str) -> Limit | None:
        with self._lock:
            return self._desk.limits.get(path)

    def used(self, appid: str, path: str) -> int:
        """Calls of today that count against the quota; 0 for an unknown account."""
        with self._lock:
            holder = self._desk.holders.get(appid)
            return holder.quotas.used(path, self._clock()) if holder else 0

    def void(self, appid: str) -> None:
        """Kill the account's tokens as somebody else's forced refresh would; unknown appids are ignored."""
        with self._lock:
            if holder := self._desk.holders.get(appid):
                holder.mint.void(self._clock())

    # What a page in WeChat does.

    def lend(self, appid: str, ticket: str) -> None:
        """Believe this ticket of an account that is not ours, so that its signatures can be tried here."""
        with self._lock:
            self._guests[appid] = ticket

    def tickets(self, appid: str, kind: str = "jsapi") -> tuple[str, ...]:
        """The tickets with which a signature is believed now, the newest first; none for a stranger."""
        with self._lock:
            holder = self._desk.holders.get(appid)
            return holder.mint.accepted_tickets(kind, self._clock()) if holder else ()

    def accepts_ticket(self, appid: str, ticket: str, kind: str = "jsapi") -> bool:
        """Whether a signature made with this ticket would be believed now."""
        return ticket in self.tickets(appid, kind)

    def judged_config(self, config: Mapping[str, Any], url: str) -> Verdict:
        """What `wx.config` with this argument comes to in the page at `url`."""
        appid = config.get("appId")
        known = appid if isinstance(appid, str) else ""
        with self._lock:
            if known in self._guests:
                guest = SandboxAccount(known, name=known, secret="")
                return judged(config, url, guest, (self._guests[known],))
            return judged(config, url, self.account(known), self.tickets(known))
