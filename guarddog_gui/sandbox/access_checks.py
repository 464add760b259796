"""Who is calling, and may they: the checks that every endpoint shares.

Order of the checks, as far as it was observed: method and shape of the body, IP whitelist, missing
parameters, appid, grant_type, frozen secret, wrong secret, quota.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.quotas import DEFAULT_LIMITS, Quotas
from guarddog_gui.sandbox.token_issuer import SandboxToken, TokenIssuer


@dataclass(slots=True)
class SandboxAccountState:
    """An account with what it has in circulation and what it has used up."""

    account: SandboxAccount
    token_issuer: TokenIssuer
    quotas: Quotas


@dataclass(slots=True)
class ApiCall:
    """One call on its way through the checks; `holder` is filled in as soon as it is known."""

    method: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    ip: str
    now: float
    account_state: SandboxAccountState | None = None


class CallRefused(Exception):
    """WeChat says no, with this errcode: how a check ends a call. It never leaves the rules."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class AccessChecks:
    """All accounts, the tokens by which they are recognised, and how often they may call what."""

    def __init__(self, make_value: Callable[[], str]) -> None:
        self._make_value = make_value
        self._tokens_by_value: dict[str, SandboxToken] = {}
        self.account_states: dict[str, SandboxAccountState] = {}
        self.limits = dict(DEFAULT_LIMITS)

    def set_account(self, account: SandboxAccount, now: float) -> None:
        holder = self.account_states.get(account.appid)
        if holder is None:
            self.account_states[account.appid] = SandboxAccountState(
                account, TokenIssuer(self._make_value, self._tokens_by_value), Quotas()
            )
            return
        changed_life = account.life != holder.account.life
        holder.account = account
        if changed_life:
            holder.token_issuer.rotate_all(account, now)

    def authenticate_by_secret(
        self, call: ApiCall, credentials: Mapping[str, Any], secret_field: str, grant_type: str | None = None
    ) -> SandboxAccountState:
        """The account that the appid and secret in `given` belong to; Refused if they do not.

        With `grant_type` that field is wanted too.
        """
        appid, secret = credentials.get("appid", ""), credentials.get(secret_field, "")
        if not isinstance(appid, str) or not isinstance(secret, str):
            raise CallRefused(47001)
        holder = call.account_state = self.account_states.get(appid)
        if holder is not None and not holder.account.allows_ip(call.ip):
            raise CallRefused(40164)
        if not appid:
            raise CallRefused(41002)
        if not secret:
            raise CallRefused(41004)
        if holder is None:
            raise CallRefused(40013)
        if grant_type is not None and credentials.get("grant_type") != grant_type:
            raise CallRefused(40002)
        if holder.account.frozen:
            raise CallRefused(40243)
        if not hmac.compare_digest(_encode(secret), _encode(holder.account.secret)):
            raise CallRefused(40125)
        return holder

    def authenticate_by_token(self, call: ApiCall) -> SandboxAccountState:
        """The account that the access_token in the query belongs to; Refused if it is not alive."""
        value = call.query.get("access_token", "")
        if not value:
            raise CallRefused(41001)
        token = self._tokens_by_value.get(value)
        if token is None:
            raise CallRefused(40014)
        holder = call.account_state = self.account_states[token.appid]
        if holder.account.checks_ip_on_every_call and not holder.account.allows_ip(call.ip):
            raise CallRefused(40164)
        if errcode := token.errcode(call.now):
            raise CallRefused(errcode)
        return holder

    def count_call(self, call: ApiCall, account_state: SandboxAccountState) -> None:
        """Count the call against its quota; Refused if that is used up."""
        limit = self.limits.get(call.path)
        errcode = account_state.quotas.count_call(call.path, limit, call.now) if limit else None
        if errcode is not None:
            raise CallRefused(errcode)

    def guess_account_state(self, call: ApiCall) -> SandboxAccountState | None:
        """Whose call it seems to be, without checking anything."""
        token = self._tokens_by_value.get(call.query.get("access_token", ""))
        appid = token.appid if token else call.query.get("appid")
        if appid is None and call.body:
            try:
                appid = parse_json_object(call.body).get("appid")
            except CallRefused:
                return None
        return self.account_states.get(appid) if isinstance(appid, str) else None


def parse_json_object(body: bytes) -> dict[str, Any]:
    """The fields of a JSON body; Refused with 44002 if it is empty, with 47001 if it is anything else."""
    if not body:
        raise CallRefused(44002)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise CallRefused(47001) from None
    if not isinstance(fields, dict):
        raise CallRefused(47001)
    return fields


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
