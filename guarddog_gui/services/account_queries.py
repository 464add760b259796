"""Asks WeChat what a person wants to know about a token, a rid or the quota, with the live access token."""

from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat import account_queries
from guarddog_gui.domain.wechat.account_queries import Quota, QuotaCleared, RidReport, TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.ports import Clock, DogFileStore, Transport


@dataclass(frozen=True, slots=True)
class NoLiveToken:
    """There is no live access token to ask with."""


QueryAnswer = (
    TokenValid | RidReport | QuotaCleared | tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken
)


class AccountQueries:
    """Reads the token from the `.dog` file; it never fetches one."""

    def __init__(self, *, transport: Transport, dog_files: DogFileStore, clock: Clock) -> None:
        self._transport = transport
        self._dog_files = dog_files
        self._clock = clock

    def check_token(self, account: Account) -> TokenValid | Refusal | TransportFailure | NoLiveToken:
        """Whether WeChat takes the token that we hold."""
        token = self._live_token(account)
        if token is None:
            return NoLiveToken()
        sent = self._transport.send(account_queries.token_check_request(token.value))
        return (
            sent
            if isinstance(sent, TransportFailure)
            else account_queries.parse_token_check(sent, token.value)
        )

    def get_rid_report(
        self, account: Account, rid: str
    ) -> RidReport | Refusal | TransportFailure | NoLiveToken:
        """What WeChat remembers of a request of the last seven days."""
        token = self._live_token(account)
        if token is None:
            return NoLiveToken()
        sent = self._transport.send(account_queries.rid_request(token.value, rid))
        return sent if isinstance(sent, TransportFailure) else account_queries.parse_rid(sent, token.value)

    def get_quotas(self, account: Account) -> tuple[Quota, ...] | Refusal | TransportFailure | NoLiveToken:
        """The day's numbers of the calls that Guard Dog makes."""
        token = self._live_token(account)
        if token is None:
            return NoLiveToken()
        found = []
        for path in account_queries.QUOTA_PATHS:
            sent = self._transport.send(account_queries.quota_request(token.value, path))
            if isinstance(sent, TransportFailure):
                return sent
            answer = account_queries.parse_quota(sent, token.value, path)
            if not isinstance(answer, Quota):
                return answer
            found.append(answer)
        return tuple(found)

    def clear_quota(self, account: Account) -> QuotaCleared | Refusal | TransportFailure | NoLiveToken:
        """Set the day's counters to zero; ten times a month, so a person is asked first."""
        token = self._live_token(account)
        if token is None:
            return NoLiveToken()
        sent = self._transport.send(account_queries.clear_quota_request(token.value, account.appid))
        return (
            sent
            if isinstance(sent, TransportFailure)
            else account_queries.parse_clear_quota(sent, token.value)
        )

    def _live_token(self, account: Account) -> TokenRecord | None:
        record = self._dog_files.read(account, TokenKind.ACCESS_TOKEN)
        return record if record is not None and record.remaining_s(self._clock()) > 0 else None
