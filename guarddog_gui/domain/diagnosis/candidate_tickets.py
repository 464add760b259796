"""The values that can have been signed with, and where each of them comes from."""

from dataclasses import dataclass, field
from enum import StrEnum

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes


class TicketOrigin(StrEnum):
    """What a value is: the ticket to sign with, or one that was taken for it."""

    CURRENT = "current"
    GIVEN_BY_USER = "given"  # the person says that it is the one
    OLD = "old"
    PASTED = "pasted"  # came along with the wx.config
    OTHER_ACCOUNT = "other"  # the current one of another account
    OTHER_ACCOUNT_OLD = "other-old"
    CARD = "card"  # the ticket of type wx_card
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a source
    OTHER_ACCESS_TOKEN = "other-access-token"  # noqa: S105 - the name of a source


@dataclass(frozen=True, slots=True)
class CandidateTicket:
    """A ticket, or an access token that was taken for one, with the account that it belongs to."""

    value: str = field(repr=False)
    origin: TicketOrigin
    appid: str = ""
    account_name: str = ""

    @property
    def is_correct(self) -> bool:
        """Whether WeChat checks signatures with this one."""
        return self.origin in (TicketOrigin.CURRENT, TicketOrigin.GIVEN_BY_USER)

    @property
    def mistakes(self) -> Mistakes:
        """What it means to have signed with it."""
        whose = Mistake(MistakeKind.OTHER_ACCOUNT, self.account_name)
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
                return (whose,)
            case TicketOrigin.OTHER_ACCOUNT_OLD:
                return (whose, old)
            case TicketOrigin.ACCESS_TOKEN:
                return (token,)
            case TicketOrigin.OTHER_ACCESS_TOKEN:
                return (whose, token)
