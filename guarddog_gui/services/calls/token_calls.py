"""Calls to WeChat that issue an access token or a ticket, and how their failures enter the history."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretFound, SecretMissing
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.own_address import ADDRESSES_MAX, earlier_ip, refusal_detail
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.ports import Clock, HistoryStore, SecretStore, Transport

NoSecret = SecretMissing | KeyringIsLocked | KeyringIsDown


class TokenCall(Struct, frozen=True):
    """Answer of WeChat to a request for one value.

    `started_at` is the Unix time at which the last request was sent; the life of a new value starts here.
    """

    answer: protocol.Answer
    started_at: float
    count: int = 1  # requests that were sent


class TokenCalls(Struct, eq=False):
    """Request tokens and tickets, and measure how far the local clock is ahead of WeChat's."""

    transport: Transport
    secrets: SecretStore
    errcode_catalog: ErrcodeCatalog
    clock: Clock
    clock_skew_s: float | None = None  # None until a reply carries WeChat's time

    def request_token(self, account: Account, *, force: bool) -> TokenCall | NoSecret:
        """Request an access token with the stored AppSecret.

        If WeChat refuses the secret, read it from the keyring again and retry once with a different one: the
        first may have been cached before the user stored another.
        """
        lookup = self.secrets.get(account.appid)
        if not isinstance(lookup, SecretFound):
            return lookup
        started_at = self.clock()
        answer = self.send_token_request(account, lookup.secret, force=force)
        if isinstance(answer, Refusal) and self._is_secret_refused(answer):
            self.secrets.invalidate(account.appid)
            stored = self.secrets.get(account.appid)
            if isinstance(stored, SecretFound) and stored.secret != lookup.secret:
                started_at = self.clock()
                answer = self.send_token_request(account, stored.secret, force=force)
                return TokenCall(answer, started_at, count=2)
        return TokenCall(answer, started_at)

    def send_token_request(self, account: Account, secret: Secret, *, force: bool) -> protocol.Answer:
        request = protocol.token_request(account, secret, force=force)
        return self._send(account, request, "access_token", secret=secret.reveal())

    def request_ticket(self, account: Account, token: TokenRecord, kind: TokenKind) -> TokenCall:
        started_at = self.clock()
        request = protocol.ticket_request(token.value, kind)
        return TokenCall(self._send(account, request, "ticket", secret=token.value), started_at)

    def is_token_refused(self, answer: protocol.Answer) -> bool:
        """Return True if a ticket was refused because of the access token in the request."""
        return (
            isinstance(answer, Refusal)
            and self.errcode_catalog.kind_for(answer.errcode, "getticket") is ErrcodeKind.TOKEN
        )

    def _send(self, account: Account, request: protocol.Request, field: str, *, secret: str) -> protocol.Answer:
        reply = self.transport.send(request, account)
        if isinstance(reply, TransportFailure):
            return reply
        if reply.server_at is not None:
            self.clock_skew_s = self.clock() - reply.server_at
        return protocol.parse_token_reply(reply, field, secrets=(secret,))

    def _is_secret_refused(self, refusal: Refusal) -> bool:
        known = self.errcode_catalog.find(refusal.errcode)
        return known is not None and known.account_field == "secret"


def result_without_secret(lookup: NoSecret) -> tuple[AttemptResult, str]:
    match lookup:
        case SecretMissing():
            return AttemptResult.NO_SECRET, ""
        case KeyringIsLocked(detail):
            return AttemptResult.KEYRING_LOCKED, detail
        case KeyringIsDown(detail):
            return AttemptResult.KEYRING_DOWN, detail


def with_failure(
    entry: HistoryEntry, answer: Refusal | TransportFailure, count: int = 1, history: HistoryStore | None = None
) -> HistoryEntry:
    """Return the history entry completed with WeChat's refusal or the network's failure.

    A request that did not reach WeChat does not count against its quota. With the `history`, a refusal of the IP
    address also says which one WeChat saw before.
    """
    if isinstance(answer, TransportFailure):
        calls, detail = count if answer.may_have_counted else 0, f"{answer.kind} {answer.detail}".strip()
        return replace(entry, result=AttemptResult.NO_ANSWER, calls=calls, detail=detail)
    known = history.addresses(entry.appid, ADDRESSES_MAX) if answer.ip and history is not None else ()
    earlier = earlier_ip(known, answer.ip or "", entry.at)
    detail = refusal_detail(answer.ip or "", earlier, is_proxied=answer.is_proxied)
    return replace(
        entry, result=AttemptResult.REFUSED, calls=count,
        errcode=answer.errcode, errmsg=answer.errmsg, rid=answer.rid, ip=answer.ip, detail=detail or entry.detail,
    )  # fmt: skip
