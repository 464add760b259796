"""Gathers what an invalid signature can have been made with: the tickets and tokens that Guard Dog knows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.config_parser import PastedConfig
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import AccountStore, Clock, DogFileStore, ReplacedTicketStore


@dataclass(frozen=True, slots=True)
class DiagnosisRequest:
    """What a person knows about a signature that WeChat refuses; what is empty is unknown.

    `url` is the page's address, `entry` the one at which a single-page app was entered; `appid`, `claimed`
    (a URL) and `pasted` (a ticket) came along with the `wx.config`.
    """

    url: str
    signature: str
    nonce: str
    timestamp: str
    entry_url: str = ""
    appid: str = ""
    claimed_url: str = ""
    pasted_ticket: str = field(default="", repr=False)

    @classmethod
    def from_config(cls, config: PastedConfig, url: str, entry_url: str = "") -> "DiagnosisRequest":
        """The complaint about a pasted `wx.config`."""
        return cls(
            url,
            config.signature,
            config.nonce,
            config.timestamp,
            entry_url,
            config.appid,
            config.url,
            config.ticket,
        )

    def to_input(self, tickets: tuple[CandidateTicket, ...]) -> DiagnosisInput:
        """What `forensics.diagnose` works with."""
        if self.pasted_ticket not in ("", *(ticket.value for ticket in tickets)):
            place = sum(ticket.is_correct for ticket in tickets)
            tickets = (
                *tickets[:place],
                CandidateTicket(self.pasted_ticket, TicketOrigin.PASTED),
                *tickets[place:],
            )
        return DiagnosisInput(
            page_url=self.url,
            signature=self.signature,
            nonce=self.nonce,
            timestamp=self.timestamp,
            tickets=tickets,
            entry_url=self.entry_url,
            claimed_url=self.claimed_url,
            appid=self.appid,
        )


def single_candidate(value: str) -> tuple[CandidateTicket, ...]:
    """The only ticket to try: the one that a person says is right."""
    return (CandidateTicket(value, TicketOrigin.GIVEN_BY_USER),)


class TicketSource:
    """Reads the `.dog` files and the earlier tickets of all accounts; it never fetches anything."""

    def __init__(
        self,
        *,
        dog_files: DogFileStore,
        accounts: AccountStore,
        replaced_tickets: ReplacedTicketStore,
        clock: Clock,
    ) -> None:
        self._dog_files = dog_files
        self._accounts = accounts
        self._replaced_tickets = replaced_tickets
        self._clock = clock

    def find_account(self, request: DiagnosisRequest) -> Account | None:
        """The account that `wx.config` names, if it is known: WeChat checks with its ticket."""
        accounts = self._accounts.load()
        return next((account for account in accounts if account.appid == request.appid), None)

    def collect(self, account: Account, replaced_ticket: str = "") -> tuple[CandidateTicket, ...]:
        """What can have been signed with, the likeliest first.

        `replaced` is the account's ticket from before a refresh that was just made.
        """
        others = [other for other in self._accounts.load() if other.appid != account.appid]
        found = [
            *self._tickets_of_account(account, replaced_ticket, is_own=True),
            *(ticket for other in others for ticket in self._tickets_of_account(other)),
        ]
        return tuple(sorted(found, key=lambda ticket: _SOURCES_BY_LIKELIHOOD.index(ticket.origin)))

    def _tickets_of_account(
        self, account: Account, replaced_ticket: str = "", *, is_own: bool = False
    ) -> Iterator[CandidateTicket]:
        now = self._clock()
        old = TicketOrigin.OLD if is_own else TicketOrigin.OTHER_ACCOUNT_OLD
        record = self._dog_files.read(account, TokenKind.JSAPI_TICKET)
        if record is not None:
            live = TicketOrigin.CURRENT if is_own else TicketOrigin.OTHER_ACCOUNT
            yield _make_candidate(record.value, live if record.remaining_s(now) > 0 else old, account)
        for value in (replaced_ticket, *self._replaced_tickets.recent(account, now)):
            if value:
                yield _make_candidate(value, old, account)
        card = self._dog_files.read(account, TokenKind.CARD_TICKET) if is_own else None
        if card is not None:
            yield _make_candidate(card.value, TicketOrigin.CARD, account)
        token = self._dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if token is not None:
            source = TicketOrigin.ACCESS_TOKEN if is_own else TicketOrigin.OTHER_ACCESS_TOKEN
            yield _make_candidate(token.value, source, account)


_SOURCES_BY_LIKELIHOOD = tuple(TicketOrigin)


def _make_candidate(value: str, source: TicketOrigin, account: Account) -> CandidateTicket:
    return CandidateTicket(value, source, account.appid, account.name)
