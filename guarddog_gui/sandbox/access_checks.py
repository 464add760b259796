"""Who is calling, and may they: the checks that every endpoint shares.

Order of the checks, as far as it was observed: method and shape of the body, IP whitelist, missing
parameters, appid, grant_type, frozen secret, wrong secret, quota.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.quotas import DEFAULT_LIMITS, Quotas
from guarddog_gui.sandbox.token_issuer import Mint, Token


@dataclass(slots=True)
class Holder:
    """An account with what it has in circulation and what it has used up."""

    account: SandboxAccount
    mint: Mint
    quotas: Quotas


@dataclass(slots=True)
class Call:
    """One call on its way through the checks; `holder` is filled in as soon as it is known."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str
    now: float
    holder: Holder | None = None


class Refused(Exception):
    """WeChat says no, with this errcode: how a check ends a call. It never leaves the rules."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class Desk:
    """All accounts, the tokens by which they are recognised, and how often they may call what."""

    def __init__(self, make_value: Callable[[], str]) -> None:
        self._make_value = make_value
        self._tokens: dict[str, Token] = {}
        self.holders: dict[str, Holder] = {}
        self.limits = dict(DEFAULT_LIMITS)

    def put(self, account: SandboxAccount, now: float) -> None:
        holder = self.holders.get(account.appid)
        if holder is None:
            self.holders[account.appid] = Holder(account, Mint(self._make_value, self._tokens), Quotas())
            return
        changed_life = account.life != holder.account.life
        holder.account = account
        if changed_life:
            holder.mint.retire(account, now)

    def by_secret(
        self, call: Call, given: Mapping[str, Any], secret_field: str, grant_type: str | None = None
    ) -> Holder:
        """The account that the appid and secret in `given` belong to; Refused if they do not.

        With `grant_type` that field is wanted too.
        """
        appid, secret = given.get("appid", ""), given.get(secret_field, "")
        if not isinstance(appid, str) or not isinstance(secret, str):
            raise Refused(47001)
        holder = call.holder = self.holders.get(appid)
        if holder is not None and not holder.account.lets_in(call.ip):
            raise Refused(40164)
        if not appid:
            raise Refused(41002)
        if not secret:
            raise Refused(41004)
        if holder is None:
            raise Refused(40013)
        if grant_type is not None and given.get("grant_type") != grant_type:
            raise Refused(40002)
        if holder.account.frozen:
            raise Refused(40243)
        if not hmac.compare_digest(_bytes(secret), _bytes(holder.account.secret)):
            raise Refused(40125)
        return holder

    def by_token(self, call: Call) -> Holder:
        """The account that the access_token in the query belongs to; Refused if it is not alive."""
        value = call.query.get("access_token", "")
        if not value:
            raise Refused(41001)
        token = self._tokens.get(value)
        if token is None:
            raise Refused(40014)
        holder = call.holder = self.holders[token.appid]
        if holder.account.guards_every_call and not holder.account.lets_in(call.ip):
            raise Refused(40164)
        if errcode := token.errcode(call.now):
            raise Refused(errcode)
        return holder

    def count(self, call: Call, holder: Holder) -> None:
        """Count the call against its quota; Refused if that is used up."""
        limit = self.limits.get(call.path)
        errcode = holder.quotas.refusal(call.path, limit, call.now) if limit else None
        if errcode is not None:
            raise Refused(errcode)

    def likely_holder(self, call: Call) -> Holder | None:
        """Whose call it seems to be, without checking anything."""
        token = self._tokens.get(call.query.get("access_token", ""))
        appid = token.appid if token else call.query.get("appid")
        if appid is None and call.body:
            try:
                appid = json_object(call.body).get("appid")
            except Refused:
                return None
        return self.holders.get(appid) if isinstance(appid, str) else None


def json_object(body: bytes) -> dict[str, Any]:
    """The fields of a JSON body; Refused with 44002 if it is empty, with 47001 if it is anything else."""
    if not body:
        raise Refused(44002)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(47001) from None
    if not isinstance(fields, dict):
        raise Refused(47001)
    return fields


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
