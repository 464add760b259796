"""Collect the tickets that an invalid signature may have been made with, for `domain/diagnosis`."""

from collections.abc import Iterator

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.config import PastedConfig, read_config
from guarddog_gui.domain.paste.config_call import CallMistake
from guarddog_gui.domain.paste.values import join_signature
from guarddog_gui.domain.signing.page_url import url_problem
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import AccountStore, Clock, DogFileReader, ReplacedTicketStore


class DiagnosisRequest(HiddenFields, Struct, frozen=True):
    """Facts that the user knows about a signature that WeChat rejects; empty means unknown."""

    hidden_fields = ("pasted_ticket",)

    url: str
    signature: str
    nonce: str
    timestamp: str
    entry_url: str = ""  # at which the user entered a single-page app; its history may have changed it since
    appid: str = ""  # this and the following: from the pasted `wx.config` or its debug output
    claimed_url: str = ""
    pasted_ticket: str = ""
    call_mistakes: tuple[CallMistake, ...] = ()

    @classmethod
    def from_config(cls, config: PastedConfig, url: str, entry_url: str = "") -> "DiagnosisRequest":
        return cls(
            url, join_signature(config.signature), config.nonce, config.timestamp, entry_url, config.appid,
            config.url, config.ticket, config.call_mistakes,
        )  # fmt: skip

    def to_input(self, tickets: tuple[CandidateTicket, ...]) -> DiagnosisInput:
        """Return the input of the search; a pasted ticket is tried after the correct ones."""
        if self.pasted_ticket not in ("", *(ticket.value for ticket in tickets)):
            index = sum(ticket.is_correct for ticket in tickets)
            pasted = CandidateTicket(self.pasted_ticket, TicketOrigin.PASTED)
            tickets = (*tickets[:index], pasted, *tickets[index:])
        return DiagnosisInput(
            self.url, self.signature, self.nonce, self.timestamp, tickets,
            entry_url=self.entry_url, claimed_url=self.claimed_url, appid=self.appid,
            call_mistakes=self.call_mistakes,
        )  # fmt: skip


class CopiedInput(HiddenFields, Struct, frozen=True):
    """What a copied text has for a diagnosis: a `wx.config` in any form, the page's URL, or both; empty if absent."""

    hidden_fields = ("config_text",)

    config_text: str = ""
    url: str = ""


def read_copied_text(text: str) -> CopiedInput | None:
    """Return what a copied text has for a diagnosis; None for any other text, which may be private."""
    if url_problem(text) is None:
        return CopiedInput(url=text.strip())
    config = read_config(text)
    if config.problem is not None:
        return None
    lines = (line.strip() for line in text.splitlines())
    url_lines = (line for line in lines if line.lower().startswith("http") and url_problem(line) is None)
    return CopiedInput(text, config.real_auth_url or next(url_lines, ""))


def single_candidate(value: str) -> tuple[CandidateTicket, ...]:
    """Return the ticket that the user states to be correct, as the only candidate."""
    return (CandidateTicket(value, TicketOrigin.GIVEN_BY_USER),)


class TicketSource(Struct, kw_only=True, eq=False):
    """Source of candidate tickets: `.dog` files and replaced tickets of all accounts; no requests."""

    dog_files: DogFileReader
    accounts: AccountStore
    replaced_tickets: ReplacedTicketStore
    clock: Clock

    def find_account(self, request: DiagnosisRequest) -> Account | None:
        """Return the account with the AppID in `wx.config`: WeChat checks with that account's ticket."""
        return next((account for account in self.accounts.load() if account.appid == request.appid), None)

    def collect(self, account: Account, replaced_ticket: str = "") -> tuple[CandidateTicket, ...]:
        """Return all candidate tickets for a page of the account, the most likely first.

        `replaced_ticket` is the account's ticket before a refresh that was made for this diagnosis.
        """
        others = [other for other in self.accounts.load() if other.appid != account.appid]
        candidates = [
            *self._tickets_of_account(account, replaced_ticket, is_own=True),
            *(ticket for other in others for ticket in self._tickets_of_account(other)),
        ]
        by_likelihood = tuple(TicketOrigin)
        return tuple(sorted(candidates, key=lambda ticket: by_likelihood.index(ticket.origin)))

    def _tickets_of_account(
        self, account: Account, replaced_ticket: str = "", *, is_own: bool = False
    ) -> Iterator[CandidateTicket]:
        now = self.clock()
        old = TicketOrigin.OLD if is_own else TicketOrigin.OTHER_ACCOUNT_OLD
        record = self.dog_files.read(account, TokenKind.JSAPI_TICKET)
        if record is not None:
            valid = TicketOrigin.CURRENT if is_own else TicketOrigin.OTHER_ACCOUNT
            origin = valid if record.remaining_s(now) > 0 else old
            yield CandidateTicket(record.value, origin, account.appid, account.name)
        for value in (replaced_ticket, *self.replaced_tickets.recent(account, now)):
            if value:
                yield CandidateTicket(value, old, account.appid, account.name)
        card = self.dog_files.read(account, TokenKind.CARD_TICKET) if is_own else None
        if card is not None:
            yield CandidateTicket(card.value, TicketOrigin.CARD, account.appid, account.name)
        token = self.dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if token is not None:
            origin = TicketOrigin.ACCESS_TOKEN if is_own else TicketOrigin.OTHER_ACCESS_TOKEN
            yield CandidateTicket(token.value, origin, account.appid, account.name)
