"""Tickets and tokens that a page may have been signed with, and the mistake that each one means."""

from dataclasses import dataclass, field
from enum import StrEnum

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes


class TicketOrigin(StrEnum):
    """Origin of a candidate: the current ticket, or a value that was used in its place."""

    CURRENT = "current"
    GIVEN_BY_USER = "given"  # the user says that it is the current one
    OLD = "old"
    PASTED = "pasted"  # was pasted together with the wx.config
    OTHER_ACCOUNT = "other"  # the current ticket of another account
    OTHER_ACCOUNT_OLD = "other-old"
    CARD = "card"  # the ticket of type wx_card
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a source
    OTHER_ACCESS_TOKEN = "other-access-token"  # noqa: S105 - the name of a source


@dataclass(frozen=True, slots=True)
class CandidateTicket:
    """Ticket, or access token that was used as one, with the account that it belongs to."""

    value: str = field(repr=False)
    origin: TicketOrigin
    appid: str = ""
    account_name: str = ""

    @property
    def is_correct(self) -> bool:
        """Return True if WeChat checks signatures with this ticket."""
        return self.origin in (TicketOrigin.CURRENT, TicketOrigin.GIVEN_BY_USER)

    @property
    def mistakes(self) -> Mistakes:
        other_account = Mistake(MistakeKind.OTHER_ACCOUNT, self.account_name)
        old, token = Mistake(MistakeKind.OLD_TICKET), Mistake(MistakeKind.ACCESS_TOKEN)
        match self.origin:
            case TicketOrigin.CURRENT | TicketOrigin.GIVEN_BY_USER:
                return ()
            case TicketOrigin.OLD:
                return (old,)
            case TicketOrigin.PASTED:
                return (Mistake(MistakeKind.FOREIGN_TICKET),)
            case TicketOrigin.CARD:
                return (Mistake(MistakeKind.CARD_TICKET),)
            case TicketOrigin.OTHER_ACCOUNT:
                return (other_account,)
            case TicketOrigin.OTHER_ACCOUNT_OLD:
                return (other_account, old)
            case TicketOrigin.ACCESS_TOKEN:
                return (token,)
            case TicketOrigin.OTHER_ACCESS_TOKEN:
                return (other_account, token)
