"""Ask WeChat about a token, a rid or the daily quota, with an account's valid access token.

Nothing here issues a token: without a valid one in the `.dog` file the answer is `NoLiveToken`.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretFound, SecretMissing
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import account_queries
from guarddog_gui.domain.wechat.account_queries import Quota, QuotaCleared, RidReport, TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, TransportFailure
from guarddog_gui.services.ports import Clock, DogFileReader, SecretStore, Transport

if TYPE_CHECKING:
    from guarddog_gui.domain.signing.web_authorisation import AuthorisationCode, WebAuthorisation

Parsed = TypeVar("Parsed")


class NoLiveToken(Struct, frozen=True):
    """The account has no valid access token to ask with."""


NoSecret = SecretMissing | KeyringIsLocked | KeyringIsDown
QueryAnswer = (
    TokenValid | RidReport | QuotaCleared | tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken | NoSecret
)
QUOTA_USED_UP = 45009


class AccountQueries(Struct, kw_only=True, eq=False):
    """Queries about one account, each with the access token from its `.dog` file; a reset also with the AppSecret."""

    transport: Transport
    secrets: SecretStore
    dog_files: DogFileReader
    clock: Clock

    def check_token(self, account: Account) -> TokenValid | Refusal | TransportFailure | NoLiveToken:
        token = self._valid_token(account)
        return NoLiveToken() if token is None else send_token_check(self.transport, account, token)

    def get_rid_report(self, account: Account, rid: str) -> RidReport | Refusal | TransportFailure | NoLiveToken:
        """Return WeChat's record of the request with this rid; WeChat keeps it for seven days."""
        return self._ask(account, partial(account_queries.rid_request, rid=rid), account_queries.parse_rid)

    def get_quotas(self, account: Account) -> tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken:
        """Return today's quota of each endpoint that Guard Dog calls."""
        token = self._valid_token(account)
        if token is None:
            return NoLiveToken()
        quotas = []
        for path in account_queries.QUOTA_PATHS:
            request = account_queries.quota_request(token, path)
            answer = self._send(account, request, token, partial(account_queries.parse_quota, path=path))
            if not isinstance(answer, Quota):
                return answer
            quotas.append(answer)
        return tuple(quotas)

    def clear_quota(self, account: Account) -> QuotaCleared | Refusal | TransportFailure | NoSecret:
        """Reset today's call counters of the account.

        WeChat allows ten resets a month (its page on clear_quota), so the user must confirm first. Where the token
        endpoint itself has no calls left there may be no token to ask with: then the AppSecret resets the counters.
        """
        request = partial(account_queries.clear_quota_request, appid=account.appid)
        answer = self._ask(account, request, account_queries.parse_clear_quota)
        is_used_up = isinstance(answer, Refusal) and answer.errcode == QUOTA_USED_UP
        return self._clear_quota_by_secret(account) if isinstance(answer, NoLiveToken) or is_used_up else answer

    def _clear_quota_by_secret(self, account: Account) -> QuotaCleared | Refusal | TransportFailure | NoSecret:
        lookup = self.secrets.get(account.appid)
        if not isinstance(lookup, SecretFound):
            return lookup
        request = account_queries.clear_quota_by_secret_request(account.appid, lookup.secret)
        return self._send(account, request, lookup.secret.reveal(), account_queries.parse_clear_quota)

    def exchange_code(
        self, account: Account, code: "AuthorisationCode"
    ) -> "WebAuthorisation | Refusal | TransportFailure | NoSecret":
        """Exchange the code of a web authorisation, once; the user's tokens are dropped with the reply."""
        from guarddog_gui.domain.signing import web_authorisation  # rarely needed

        lookup = self.secrets.get(account.appid)
        if not isinstance(lookup, SecretFound):
            return lookup
        reply = self.transport.send(web_authorisation.exchange_request(account.appid, lookup.secret, code), account)
        if isinstance(reply, TransportFailure):
            return reply
        return web_authorisation.parse_exchange(reply, (lookup.secret.reveal(), code.code))

    def _ask(
        self, account: Account, make_request: Callable[[str], Request], parse: Callable[[Reply, str], Parsed]
    ) -> Parsed | TransportFailure | NoLiveToken:
        token = self._valid_token(account)
        return NoLiveToken() if token is None else self._send(account, make_request(token), token, parse)

    def _send(
        self, account: Account, request: Request, credential: str, parse: Callable[[Reply, str], Parsed]
    ) -> Parsed | TransportFailure:
        """Send a request that has the token or the secret in it, which `parse` removes from the answer."""
        reply = self.transport.send(request, account)
        return reply if isinstance(reply, TransportFailure) else parse(reply, credential)

    def _valid_token(self, account: Account) -> str | None:
        record = self.dog_files.read(account, TokenKind.ACCESS_TOKEN)
        return record.value if record is not None and record.remaining_s(self.clock()) > 0 else None


def send_token_check(transport: Transport, account: Account, token: str) -> TokenValid | Refusal | TransportFailure:
    """Check that WeChat accepts this access token, with a call that has no side effects."""
    reply = transport.send(account_queries.token_check_request(token), account)
    return reply if isinstance(reply, TransportFailure) else account_queries.parse_token_check(reply, token)
