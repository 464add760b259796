"""Checks that the endpoints share: identify the account that calls, and refuse calls that it may not make.

The order of the checks follows WeChat as far as it was observed: method and format of the body, IP whitelist,
missing parameters, appid, grant_type, frozen secret, wrong secret, quota.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.sandbox.accounts import AccountData, SandboxAccount
from guarddog_gui.sandbox.oauth_codes import OAuthCodes
from guarddog_gui.sandbox.quotas import DEFAULT_LIMITS, Quotas
from guarddog_gui.sandbox.token_issuer import SandboxToken, TokenIssuer


class SandboxAccountState(Struct):
    """An account with its tokens, its tickets, its used quota, and the data that calls have changed."""

    account: SandboxAccount
    token_issuer: TokenIssuer
    quotas: Quotas
    data: AccountData = field(default_factory=AccountData)


class ApiCall(HiddenFields, Struct):
    """One API call. `now` is in Unix seconds; `account_state` is set once the account is identified."""

    hidden_fields = ("query", "body")

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str
    now: float
    account_state: SandboxAccountState | None = None
    content_type: str = ""

    def parse_body(self) -> dict[str, Any]:
        """Parse the JSON object in the body. Raises CallRefused: 44002 for an empty body, 47001 for anything else."""
        if not self.body:
            raise CallRefused(44002)
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            raise CallRefused(47001) from None
        if not isinstance(fields, dict):
            raise CallRefused(47001)
        return fields


class CallRefused(Exception):
    """Raised by a check or an endpoint to answer with this errcode; caught by SandboxRules."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class AccessChecks:
    """State of all accounts, their tokens by value, and the call limits by path."""

    def __init__(self, make_value: Callable[[], str]) -> None:
        self._make_value = make_value
        self._tokens_by_value: dict[str, SandboxToken] = {}
        self.account_states: dict[str, SandboxAccountState] = {}
        self.limits = dict(DEFAULT_LIMITS)
        self.oauth_codes = OAuthCodes(make_value)

    def set_account(self, account: SandboxAccount, now: float) -> None:
        """Add or replace an account. If its token lifetime has changed, the next call issues new tokens."""
        state = self.account_states.get(account.appid)
        if state is None:
            self.account_states[account.appid] = SandboxAccountState(
                account, TokenIssuer(self._make_value, self._tokens_by_value), Quotas()
            )
            return
        lifetime_changed = account.life != state.account.life
        state.account = account
        if lifetime_changed:
            state.token_issuer.replace_all(revoked_at=now + account.overlap_s)

    def authenticate_by_secret(
        self, call: ApiCall, credentials: Mapping[str, Any], secret_field: str, grant_type: str | None = None
    ) -> SandboxAccountState:
        """Return the account of these credentials (appid, secret, `grant_type` if given), or raise CallRefused."""
        appid, secret = credentials.get("appid", ""), credentials.get(secret_field, "")
        if not isinstance(appid, str) or not isinstance(secret, str):
            raise CallRefused(47001)
        state = call.account_state = self.account_states.get(appid)
        if state is not None and not state.account.allows_ip(call.ip):
            raise CallRefused(40164)
        if not appid:
            raise CallRefused(41002)
        if not secret:
            raise CallRefused(41004)
        if state is None:
            raise CallRefused(40013)
        if grant_type is not None and credentials.get("grant_type") != grant_type:
            raise CallRefused(40002)
        if state.account.frozen:
            raise CallRefused(40243)
        if not hmac.compare_digest(_encode(secret), _encode(state.account.secret)):
            raise CallRefused(40125)
        return state

    def authenticate_by_token(self, call: ApiCall) -> SandboxAccountState:
        """Return the account of the access_token in the query. Raises CallRefused if the token is not valid."""
        value = call.query.get("access_token", "")
        if not value:
            raise CallRefused(41001)
        token = self._tokens_by_value.get(value)
        if token is None:
            raise CallRefused(40014)
        state = call.account_state = self.account_states[token.appid]
        if state.account.checks_ip_on_every_call and not state.account.allows_ip(call.ip):
            raise CallRefused(40164)
        if errcode := token.errcode(call.now):
            raise CallRefused(errcode)
        return state

    def count_call(self, call: ApiCall, account_state: SandboxAccountState) -> None:
        """Count the call against its quota. Raises CallRefused if that is used up."""
        limit = self.limits.get(call.path)
        errcode = account_state.quotas.count_call(call.path, limit, call.now) if limit else None
        if errcode is not None:
            raise CallRefused(errcode)

    def guess_account_state(self, call: ApiCall) -> SandboxAccountState | None:
        """Return the account that the call claims to come from, without any check; None if unknown."""
        token = self._tokens_by_value.get(call.query.get("access_token", ""))
        appid = token.appid if token else call.query.get("appid")
        if appid is None and call.body:
            try:
                appid = call.parse_body().get("appid")
            except CallRefused:
                return None
        return self.account_states.get(appid) if isinstance(appid, str) else None


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
