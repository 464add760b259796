"""Tickets and tokens that a page may have been signed with, and the mistake that each one means."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.hidden_fields import HiddenFields


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


class CandidateTicket(HiddenFields, Struct, frozen=True):
    """Ticket, or access token that was used as one, with the account that it belongs to."""

    hidden_fields = ("value",)

    value: str
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
        mistakes: dict[TicketOrigin, Mistakes] = {
            TicketOrigin.CURRENT: (),
            TicketOrigin.GIVEN_BY_USER: (),
            TicketOrigin.OLD: (old,),
            TicketOrigin.PASTED: (Mistake(MistakeKind.FOREIGN_TICKET),),
            TicketOrigin.CARD: (Mistake(MistakeKind.CARD_TICKET),),
            TicketOrigin.OTHER_ACCOUNT: (other_account,),
            TicketOrigin.OTHER_ACCOUNT_OLD: (other_account, old),
            TicketOrigin.ACCESS_TOKEN: (token,),
            TicketOrigin.OTHER_ACCESS_TOKEN: (other_account, token),
        }
        return mistakes[self.origin]
