"""Find out which IP address WeChat sees for an account, in a way that costs nothing.

Nothing but WeChat's own answers tells the address: echo services mislead behind proxies and with IPv6. Two answers do:

- A call from an address that is not on the account's IP whitelist is refused with 40164, which names the address. The
  whitelist is checked before the parameters, so a request for a stable token with an empty AppSecret is enough: it can
  neither issue nor end a token, and the secret is not sent. Its quota is 500,000 a day (page getStableAccessToken).
  From a listed address the answer is that the secret is missing.
- WeChat keeps a record of each call for seven days, with the address, found by the rid of its answer (page getRidInfo).
  So with a valid access token a call with a wrong parameter is made, which is refused with a rid, and looked up.

That failed calls use up no quota is not documented; each of these has one that is never used up by hand.
"""

import ipaddress
from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import ProxyInUse
from guarddog_gui.domain.refresh.history import ADDRESS_KEY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.own_address import (
    ADDRESS_UNCHECKED,
    ADDRESSES_MAX,
    NOT_LISTED_ERRCODES,
    AddressHistory,
    address_history,
    earlier_ip,
    refusal_detail,
)
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat import account_queries, protocol
from guarddog_gui.domain.wechat.account_queries import RidReport
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.ports import Clock, DogFileReader, HistoryStore, Transport

_SECRET_MISSING = frozenset({41004, 40125, 40001})  # the address was accepted, only the empty secret was not
_UNKNOWN_PATH = "/guarddog/own-address"  # no API, so that its quota is refused with a rid


class OwnAddress(Struct, frozen=True):
    """Answer of WeChat: the address, empty if it was not named, and if the whitelist accepts it (None: unknown)."""

    ip: str
    is_listed: bool | None
    is_proxied: bool = False


class AddressReport(Struct, frozen=True):
    """What is known of the address of an account's calls, and WeChat's answer if it was asked just now."""

    known: AddressHistory
    proxy: ProxyInUse
    answer: OwnAddress | Refusal | TransportFailure | None = None


class AddressQuery(Struct, kw_only=True, eq=False):
    """Ask for the address of an account, and remember it in the history."""

    transport: Transport
    dog_files: DogFileReader
    history: HistoryStore
    clock: Clock
    find_proxy: Callable[[Account], ProxyInUse]

    def report(self, account: Account, *, asks: bool = False) -> AddressReport:
        """Return what is known; with `asks`, ask WeChat first."""
        answer = self.ask(account) if asks else None
        return AddressReport(self.known(account), self.find_proxy(account), answer)

    def known(self, account: Account) -> AddressHistory:
        """Return what WeChat's answers so far have told; nothing is sent."""
        return address_history(self.history.addresses(account.appid, ADDRESSES_MAX))

    def ask(self, account: Account, trigger: Trigger = Trigger.USER) -> OwnAddress | Refusal | TransportFailure:
        """Ask WeChat with at most three calls; a refusal for another reason than the address is returned."""
        started_at = self.clock()
        reply = self.transport.send(account_queries.address_probe_request(account.appid), account)
        if isinstance(reply, TransportFailure):
            return reply
        answer = protocol.parse_reply_fields(reply)
        if isinstance(answer, TransportFailure):
            return answer
        is_listed: bool | None = None
        if isinstance(answer, Refusal):
            if answer.ip:
                is_unlisted = answer.errcode in NOT_LISTED_ERRCODES
                return self._remember(
                    account, trigger, OwnAddress(answer.ip, None if not is_unlisted else False, answer.is_proxied),
                    started_at, 1, answer,
                )  # fmt: skip
            if answer.errcode not in _SECRET_MISSING:
                return answer
            is_listed = True
        ip, calls = self._ask_by_rid(account)
        found = OwnAddress(ip, is_listed, reply.is_proxied)
        return self._remember(account, trigger, found, started_at, 1 + calls) if ip else found

    def _ask_by_rid(self, account: Account) -> tuple[str, int]:
        """Return the address in WeChat's record of a call with the access token, if any, and the number of calls."""
        record = self.dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if record is None or record.remaining_s(self.clock()) <= 0:
            return "", 0
        token = record.value
        reply = self.transport.send(account_queries.quota_request(token, _UNKNOWN_PATH), account)
        refused = reply if isinstance(reply, TransportFailure) else protocol.parse_reply_fields(reply, (token,))
        if not isinstance(refused, Refusal) or not refused.rid:
            return "", 1
        if refused.ip:
            return _valid_address(refused.ip), 1
        reply = self.transport.send(account_queries.rid_request(token, refused.rid), account)
        report = reply if isinstance(reply, TransportFailure) else account_queries.parse_rid(reply, token)
        return (_valid_address(report.client_ip) if isinstance(report, RidReport) else ""), 2

    def _remember(
        self,
        account: Account,
        trigger: Trigger,
        found: OwnAddress,
        started_at: float,
        calls: int,
        refusal: Refusal | None = None,
    ) -> OwnAddress:
        earlier = earlier_ip(self.history.addresses(account.appid, ADDRESSES_MAX), found.ip, started_at)
        detail = refusal_detail(found.ip, earlier, is_proxied=found.is_proxied)
        self.history.append(
            HistoryEntry(
                started_at, account.appid, ADDRESS_KEY, trigger, AttemptResult.ADDRESS_SEEN, calls=calls,
                errcode=refusal.errcode if refusal is not None else None, ip=found.ip,
                rid=refusal.rid if refusal is not None else None,
                detail=detail if found.is_listed is not None else ADDRESS_UNCHECKED,
            )
        )  # fmt: skip
        return found


def _valid_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
