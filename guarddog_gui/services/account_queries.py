"""Asks WeChat what a person wants to know about a token, a rid or the quota, with the live access token."""

from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat import account_queries as inquiries
from guarddog_gui.domain.wechat.account_queries import Alive, Cleared, Quota, RidReport
from guarddog_gui.domain.wechat.protocol import Refusal, Silence
from guarddog_gui.services.ports import Clock, DogStore, Transport


@dataclass(frozen=True, slots=True)
class NoToken:
    """There is no live access token to ask with."""


Heard = Alive | RidReport | Cleared | tuple[Quota, ...] | Refusal | Silence | NoToken


class Inquirer:
    """Reads the token from the `.dog` file; it never fetches one."""

    def __init__(self, *, transport: Transport, dogs: DogStore, clock: Clock) -> None:
        self._transport = transport
        self._dogs = dogs
        self._clock = clock

    def is_alive(self, account: Account) -> Alive | Refusal | Silence | NoToken:
        """Whether WeChat takes the token that we hold."""
        token = self._token(account)
        if token is None:
            return NoToken()
        sent = self._transport.send(inquiries.alive_request(token.value))
        return sent if isinstance(sent, Silence) else inquiries.parse_alive(sent, token.value)

    def about_rid(self, account: Account, rid: str) -> RidReport | Refusal | Silence | NoToken:
        """What WeChat remembers of a request of the last seven days."""
        token = self._token(account)
        if token is None:
            return NoToken()
        sent = self._transport.send(inquiries.rid_request(token.value, rid))
        return sent if isinstance(sent, Silence) else inquiries.parse_rid(sent, token.value)

    def quotas(self, account: Account) -> tuple[Quota, ...] | Refusal | Silence | NoToken:
        """The day's numbers of the calls that Guard Dog makes."""
        token = self._token(account)
        if token is None:
            return NoToken()
        found = []
        for path in inquiries.QUOTA_PATHS:
            sent = self._transport.send(inquiries.quota_request(token.value, path))
            if isinstance(sent, Silence):
                return sent
            answer = inquiries.parse_quota(sent, token.value, path)
            if not isinstance(answer, Quota):
                return answer
            found.append(answer)
        return tuple(found)

    def clear_quota(self, account: Account) -> Cleared | Refusal | Silence | NoToken:
        """Set the day's counters to zero; ten times a month, so a person is asked first."""
        token = self._token(account)
        if token is None:
            return NoToken()
        sent = self._transport.send(inquiries.clear_request(token.value, account.appid))
        return sent if isinstance(sent, Silence) else inquiries.parse_cleared(sent, token.value)

    def _token(self, account: Account) -> TokenRecord | None:
        record = self._dogs.read(account, TokenKind.ACCESS_TOKEN)
        return record if record is not None and record.left(self._clock()) > 0 else None
