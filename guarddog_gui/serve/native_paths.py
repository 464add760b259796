"""Guard Dog's own paths under /v1: the key in the Authorization header, times as moments, signatures."""

import secrets
from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.serve import refusals
from guarddog_gui.serve.http_messages import Answer, Request
from guarddog_gui.serve.refusals import refuse, without_value
from guarddog_gui.serve.served_accounts import Caller, ServedAccounts
from guarddog_gui.services.fresh_values import FetchedValues
from guarddog_gui.services.messages.texts import format_iso
from guarddog_gui.services.ports import DogFileReader
from guarddog_gui.services.signing import InvalidField, SignedPage, Signer, SignRequest

_TICKET_KINDS = {"": TokenKind.JSAPI_TICKET, "jsapi": TokenKind.JSAPI_TICKET, "wx_card": TokenKind.CARD_TICKET}

_SIGNATURE_PARAMETERS = frozenset({"account", "url", "nonce", "timestamp"})
_SHOWN_LENGTH_MAX = 40  # characters of a client's own words
_PROBLEM_TEXTS = {
    InputProblem.EMPTY_URL: "is missing",
    InputProblem.URL_TOO_LONG: "is too long",
    InputProblem.URL_UNPRINTABLE: "has a space, a line break or a control character",
    InputProblem.URL_ENCODED: "is percent-encoded as a whole: encode it once in the query",
    InputProblem.URL_WITHOUT_HOST: "has no host",
    InputProblem.URL_RELATIVE: "has no https:// or http:// in front",
    InputProblem.URL_OTHER_SCHEME: "has to begin with https:// or http://",
    InputProblem.NONCE_TOO_LONG: "is too long",
    InputProblem.INVALID_NONCE: "has a space, an & or an unprintable character",
    InputProblem.INVALID_TIMESTAMP: "has to be a time in Unix seconds",
    InputProblem.TIMESTAMP_IN_MS: "is in milliseconds, it has to be in seconds",
}


class NativePaths:
    """Endpoints under /v1, all for GET with `Authorization: Bearer KEY` and `account` in the query."""

    def __init__(self, served: ServedAccounts, dog_files: DogFileReader) -> None:
        self._served = served
        self._dog_files = dog_files
        self.endpoints: dict[str, Callable[[Request], Answer]] = {
            "/v1/token": self._token,
            "/v1/ticket": self._ticket,
            "/v1/signature": self._signature,
        }

    def _identify(self, request: Request) -> Caller | Answer:
        if request.method != "GET":
            return refuse(refusals.NEEDS_GET)
        if not request.bearer_key:
            return refuse(refusals.NO_KEY, detail="send it as Authorization: Bearer KEY")
        return self._served.identify(request.bearer_key, request.address, request.query.get("account", ""))

    def _token(self, request: Request) -> Answer:
        caller = self._identify(request)
        return self._give(caller, TokenKind.ACCESS_TOKEN) if isinstance(caller, Caller) else caller

    def _ticket(self, request: Request) -> Answer:
        caller = self._identify(request)
        if not isinstance(caller, Caller):
            return caller
        kind = _TICKET_KINDS.get(request.query.get("type", ""))
        if kind is None:
            detail = "type has to be jsapi or wx_card"
            return refuse(refusals.INVALID_ARGS, client=caller.client, appid=caller.account.appid, detail=detail)
        return self._give(caller, kind)

    def _give(self, caller: Caller, kind: TokenKind) -> Answer:
        record = self._get(caller, kind)
        if isinstance(record, Answer):
            return record
        appid, now = caller.account.appid, self._served.clock()
        fields = {
            "appid": appid,
            "key": kind.value,
            "value": record.value,
            "expires_at": int(record.expires_at),
            "expires_at_iso": format_iso(record.expires_at),
            "seconds_left": self._served.seconds_left(record),
            "server_time": int(now),
        }
        return Answer(fields, client=caller.client, appid=appid)

    def _get(self, caller: Caller, kind: TokenKind) -> TokenRecord | Answer:
        account, client = caller.account, caller.client
        if kind not in account.token_kinds:
            return refuse(refusals.NO_PERMISSION, client=client, appid=account.appid, detail=_why_no_ticket(account))
        value = self._served.values.get(account, kind)
        if isinstance(value, TokenRecord):
            return value
        return without_value(value, self._served.errcode_catalog, client=client, appid=account.appid)

    def _signature(self, request: Request) -> Answer:
        """Sign the page of `url`, with `nonce` and `timestamp` if they are given."""
        caller = self._identify(request)
        if not isinstance(caller, Caller):
            return caller
        ticket = self._get(caller, TokenKind.JSAPI_TICKET)
        if isinstance(ticket, Answer):
            return ticket
        account, query = caller.account, request.query
        unknown = sorted(query.keys() - _SIGNATURE_PARAMETERS)
        if unknown:  # of the page, mostly: the address up to its first & would be signed
            detail = f"no parameter {unknown[0][:_SHOWN_LENGTH_MAX]!a} here; percent-encode the whole address in url"
            return refuse(refusals.INVALID_ARGS, client=caller.client, appid=account.appid, detail=detail)
        values = FetchedValues(self._dog_files, account, {TokenKind.JSAPI_TICKET: ticket})
        nonce = query.get("nonce", "") or secrets.token_hex(8)
        sign_request = SignRequest(query.get("url", ""), nonce, query.get("timestamp") or None)
        signed = Signer(dog_files=values, clock=self._served.clock).sign_page(account, sign_request)
        if not isinstance(signed, SignedPage):
            detail = _why_not_signed(signed) if isinstance(signed, InvalidField) else "no ticket"
            return refuse(refusals.INVALID_ARGS, client=caller.client, appid=account.appid, detail=detail)
        return Answer(_signature_fields(signed), client=caller.client, appid=account.appid)


def _why_not_signed(field: InvalidField) -> str:
    reason = _PROBLEM_TEXTS.get(field.problem, field.problem.value)
    return f"{field.field} {reason}"


def _why_no_ticket(account: Account) -> str:
    is_mini_program = account.platform is Platform.MINI_PROGRAM
    return "a mini program has no tickets" if is_mini_program else "the account keeps no ticket for cards"


def _signature_fields(signed: SignedPage) -> dict[str, object]:
    """Return what `wx.config` needs; the ticket is no part of it."""
    page = signed.signature_input
    return {
        "appId": signed.appid,
        "timestamp": page.timestamp,
        "nonceStr": page.nonce,
        "signature": page.signature,
        "url": page.url,
        "warnings": [warning.kind.value for warning in signed.warnings],
    }
