"""Ask WeChat about a token, a rid or the daily quota, with an account's valid access token.

Nothing here issues a token: without a valid one in the `.dog` file the answer is `NoLiveToken`.
"""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import account_queries
from guarddog_gui.domain.wechat.account_queries import Quota, QuotaCleared, RidReport, TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, TransportFailure
from guarddog_gui.services.ports import Clock, DogFileStore, Transport

Parsed = TypeVar("Parsed")


class NoLiveToken(Struct, frozen=True):
    """The account has no valid access token to ask with."""


QueryAnswer = TokenValid | RidReport | QuotaCleared | tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken


class AccountQueries(Struct, kw_only=True, eq=False):
    """Queries about one account, each with the access token from its `.dog` file."""

    transport: Transport
    dog_files: DogFileStore
    clock: Clock

    def check_token(self, account: Account) -> TokenValid | Refusal | TransportFailure | NoLiveToken:
        token = self._valid_token(account)
        return NoLiveToken() if token is None else send_token_check(self.transport, token)

    def get_rid_report(self, account: Account, rid: str) -> RidReport | Refusal | TransportFailure | NoLiveToken:
        """Return WeChat's record of the request with this rid; WeChat keeps it for seven days."""
        token = self._valid_token(account)
        if token is None:
            return NoLiveToken()
        request = account_queries.rid_request(token, rid)
        return _send(self.transport, request, lambda reply: account_queries.parse_rid(reply, token))

    def get_quotas(self, account: Account) -> tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken:
        """Return today's quota of each endpoint that Guard Dog calls."""
        token = self._valid_token(account)
        if token is None:
            return NoLiveToken()
        quotas = []
        for path in account_queries.QUOTA_PATHS:
            reply = self.transport.send(account_queries.quota_request(token, path))
            if isinstance(reply, TransportFailure):
                return reply
            answer = account_queries.parse_quota(reply, token, path)
            if not isinstance(answer, Quota):
                return answer
            quotas.append(answer)
        return tuple(quotas)

    def clear_quota(self, account: Account) -> QuotaCleared | Refusal | TransportFailure | NoLiveToken:
        """Reset today's call counters of the account.

        WeChat allows ten resets a month (its page on clear_quota), so the user must confirm first.
        """
        token = self._valid_token(account)
        if token is None:
            return NoLiveToken()
        request = account_queries.clear_quota_request(token, account.appid)
        return _send(self.transport, request, lambda reply: account_queries.parse_clear_quota(reply, token))

    def _valid_token(self, account: Account) -> str | None:
        record = self.dog_files.read(account, TokenKind.ACCESS_TOKEN)
        return record.value if record is not None and record.remaining_s(self.clock()) > 0 else None


def send_token_check(transport: Transport, token: str) -> TokenValid | Refusal | TransportFailure:
    """Check that WeChat accepts this access token, with a call that has no side effects."""
    request = account_queries.token_check_request(token)
    return _send(transport, request, lambda reply: account_queries.parse_token_check(reply, token))


def _send(transport: Transport, request: Request, parse: Callable[[Reply], Parsed]) -> Parsed | TransportFailure:
    reply = transport.send(request)
    return reply if isinstance(reply, TransportFailure) else parse(reply)
