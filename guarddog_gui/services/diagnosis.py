"""Gathers what an invalid signature can have been made with: the tickets and tokens that Guard Dog knows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket, TicketSource
from guarddog_gui.domain.diagnosis.config_parser import PastedConfig
from guarddog_gui.domain.diagnosis.search import Evidence
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import AccountStore, Clock, DogStore, TicketStore


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a person knows about a signature that WeChat refuses; what is empty is unknown.

    `url` is the page's address, `entry` the one at which a single-page app was entered; `appid`, `claimed`
    (a URL) and `pasted` (a ticket) came along with the `wx.config`.
    """

    url: str
    signature: str
    nonce: str
    timestamp: str
    entry: str = ""
    appid: str = ""
    claimed: str = ""
    pasted: str = field(default="", repr=False)

    @classmethod
    def about(cls, config: PastedConfig, url: str, entry: str = "") -> "Complaint":
        """The complaint about a pasted `wx.config`."""
        return cls(
            url,
            config.signature,
            config.nonce,
            config.timestamp,
            entry,
            config.appid,
            config.url,
            config.ticket,
        )

    def evidence(self, tickets: tuple[KnownTicket, ...]) -> Evidence:
        """What `forensics.diagnose` works with."""
        if self.pasted not in ("", *(ticket.value for ticket in tickets)):
            place = sum(ticket.is_right for ticket in tickets)
            tickets = (*tickets[:place], KnownTicket(self.pasted, TicketSource.PASTED), *tickets[place:])
        return Evidence(
            page=self.url,
            signature=self.signature,
            nonce=self.nonce,
            timestamp=self.timestamp,
            tickets=tickets,
            entry=self.entry,
            claimed=self.claimed,
            appid=self.appid,
        )


def given_ticket(value: str) -> tuple[KnownTicket, ...]:
    """The only ticket to try: the one that a person says is right."""
    return (KnownTicket(value, TicketSource.GIVEN),)


class TicketShelf:
    """Reads the `.dog` files and the earlier tickets of all accounts; it never fetches anything."""

    def __init__(self, *, dogs: DogStore, accounts: AccountStore, earlier: TicketStore, clock: Clock) -> None:
        self._dogs = dogs
        self._accounts = accounts
        self._earlier = earlier
        self._clock = clock

    def account_in(self, complaint: Complaint) -> Account | None:
        """The account that `wx.config` names, if it is known: WeChat checks with its ticket."""
        accounts = self._accounts.accounts()
        return next((account for account in accounts if account.appid == complaint.appid), None)

    def tickets(self, account: Account, replaced: str = "") -> tuple[KnownTicket, ...]:
        """What can have been signed with, the likeliest first.

        `replaced` is the account's ticket from before a refresh that was just made.
        """
        others = [other for other in self._accounts.accounts() if other.appid != account.appid]
        found = [
            *self._of(account, replaced, own=True),
            *(ticket for other in others for ticket in self._of(other)),
        ]
        return tuple(sorted(found, key=lambda ticket: _LIKELIHOOD.index(ticket.source)))

    def _of(self, account: Account, replaced: str = "", *, own: bool = False) -> Iterator[KnownTicket]:
        now = self._clock()
        old = TicketSource.OLD if own else TicketSource.OTHER_OLD
        record = self._dogs.read(account, TokenKind.JSAPI_TICKET)
        if record is not None:
            live = TicketSource.CURRENT if own else TicketSource.OTHER
            yield _known(record.value, live if record.left(now) > 0 else old, account)
        for value in (replaced, *self._earlier.tickets(account, now)):
            if value:
                yield _known(value, old, account)
        card = self._dogs.read(account, TokenKind.CARD_TICKET) if own else None
        if card is not None:
            yield _known(card.value, TicketSource.CARD, account)
        token = self._dogs.read(account, TokenKind.ACCESS_TOKEN)
        if token is not None:
            source = TicketSource.ACCESS_TOKEN if own else TicketSource.OTHER_ACCESS_TOKEN
            yield _known(token.value, source, account)


_LIKELIHOOD = tuple(TicketSource)


def _known(value: str, source: TicketSource, account: Account) -> KnownTicket:
    return KnownTicket(value, source, account.appid, account.name)
