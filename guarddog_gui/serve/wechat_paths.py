"""WeChat's own paths for tokens and tickets, for SDKs whose API base is set to this server.

A client sends its key in the place of the AppSecret. "Page" names the page of WeChat's documentation that each follows.
"""

import hmac
from collections.abc import Callable, Mapping

from guarddog_gui.domain.accounts.account import Account, Platform, find_by_appid
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.serve import refusals
from guarddog_gui.serve.access.issued_tokens import IssuedTokens
from guarddog_gui.serve.http_messages import Answer, Request
from guarddog_gui.serve.refusals import refuse, without_value
from guarddog_gui.serve.served_accounts import Caller, ServedAccounts

_GRANT_TYPE = "client_credential"
_TICKET_KINDS = {"jsapi": TokenKind.JSAPI_TICKET, "wx_card": TokenKind.CARD_TICKET}


class WechatPaths:
    """Endpoints of WeChat. Their answers have the HTTP status 200 in every case, as WeChat's have."""

    def __init__(self, served: ServedAccounts) -> None:
        self._served = served
        self._issued = IssuedTokens()
        self.endpoints: dict[str, Callable[[Request], Answer]] = {
            "/cgi-bin/token": self._token,
            "/cgi-bin/stable_token": self._stable_token,
            "/cgi-bin/ticket/getticket": self._ticket,
        }

    def _token(self, request: Request) -> Answer:
        """Page: getAccessToken. The token is that of the account's endpoint; a call makes no new one."""
        if request.method != "GET":
            return refuse(refusals.NEEDS_GET)
        return self._give_token(request, request.query, is_reported_invalid=False)

    def _stable_token(self, request: Request) -> Answer:
        """Page: getStableAccessToken. `force_refresh` makes no new token, see `ValueRefreshes`."""
        if request.method != "POST":
            return refuse(refusals.NEEDS_POST)
        fields = request.parse_body()
        if fields is None or not isinstance(fields.get("force_refresh", False), bool):
            return refuse(refusals.BAD_JSON)
        texts = {name: text for name, text in fields.items() if isinstance(text, str)}
        return self._give_token(request, texts, is_reported_invalid=fields.get("force_refresh") is True)

    def _give_token(self, request: Request, fields: Mapping[str, str], *, is_reported_invalid: bool) -> Answer:
        if fields.get("grant_type") != _GRANT_TYPE:
            return refuse(refusals.INVALID_GRANT)
        for name, errcode in (("appid", refusals.NO_APPID), ("secret", refusals.NO_KEY)):
            if not fields.get(name):
                return refuse(errcode)
        caller = self._served.identify(fields["secret"], request.address, fields["appid"])
        if not isinstance(caller, Caller):
            return caller
        account, client = caller.account, caller.client
        token = self._served.values.get(account, TokenKind.ACCESS_TOKEN, is_reported_invalid=is_reported_invalid)
        if not isinstance(token, TokenRecord):
            return without_value(token, self._served.errcode_catalog, client=client, appid=account.appid)
        self._issued.add(token.value, account.appid, token.expires_at)
        fields_of_answer = {"access_token": token.value, "expires_in": self._served.seconds_left(token)}
        return Answer(fields_of_answer, client=client, appid=account.appid)

    def _ticket(self, request: Request) -> Answer:
        """Page: getTicket. As with WeChat, the access token alone is the credential."""
        if request.method != "GET":
            return refuse(refusals.NEEDS_GET)
        token = request.query.get("access_token", "")
        if not token:
            return refuse(refusals.NO_TOKEN)
        account = self._find_account(token)
        if account is None:
            return self._served.refuse_wrong_key(request.address, refusals.INVALID_CREDENTIAL)
        refusal = self._served.count_ticket(account, request.address)
        return self._give_ticket(account, request.query.get("type", "")) if refusal is None else refusal

    def _give_ticket(self, account: Account, ticket_type: str) -> Answer:
        appid, kind = account.appid, _TICKET_KINDS.get(ticket_type)
        if kind is None:
            return refuse(refusals.INVALID_ARGS, appid=appid, detail="type has to be jsapi or wx_card")
        if account.platform is Platform.MINI_PROGRAM:
            return refuse(refusals.NO_PERMISSION, appid=appid, detail="a mini program has no tickets")
        if kind not in account.token_kinds:
            return refuse(refusals.NO_PERMISSION, appid=appid, detail="the account keeps no ticket for cards")
        ticket = self._served.values.get(account, kind)
        if not isinstance(ticket, TokenRecord):
            return without_value(ticket, self._served.errcode_catalog, client="", appid=appid)
        fields = {"errcode": 0, "errmsg": "ok", "ticket": ticket.value}
        return Answer({**fields, "expires_in": self._served.seconds_left(ticket)}, appid=appid)

    def _find_account(self, token: str) -> Account | None:
        """Return the account of a token that was given out, or is the current one of an account here.

        The latter is one that was given out before this server was started.
        """
        appid = self._issued.find_appid(token, self._served.clock())
        accounts = self._served.accounts()
        if appid is not None:
            return find_by_appid(accounts, appid)
        found = None
        for account in accounts:
            current = self._served.values.read(account, TokenKind.ACCESS_TOKEN)
            if current is not None and hmac.compare_digest(current.value.encode(), token.encode("utf-8", "replace")):
                found = account
        return found
