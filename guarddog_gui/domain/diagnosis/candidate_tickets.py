"""The values that can have been signed with, and where each of them comes from."""

from dataclasses import dataclass, field
from enum import StrEnum

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes


class TicketSource(StrEnum):
    """What a value is: the ticket to sign with, or one that was taken for it."""

    CURRENT = "current"
    GIVEN = "given"  # the person says that it is the one
    OLD = "old"
    PASTED = "pasted"  # came along with the wx.config
    OTHER = "other"  # the current one of another account
    OTHER_OLD = "other-old"
    CARD = "card"  # the ticket of type wx_card
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a source
    OTHER_ACCESS_TOKEN = "other-access-token"  # noqa: S105 - the name of a source


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket, or an access token that was taken for one, with the account that it belongs to."""

    value: str = field(repr=False)
    source: TicketSource
    appid: str = ""
    account: str = ""

    @property
    def is_right(self) -> bool:
        """Whether WeChat checks signatures with this one."""
        return self.source in (TicketSource.CURRENT, TicketSource.GIVEN)

    @property
    def mistakes(self) -> Mistakes:
        """What it means to have signed with it."""
        whose = Mistake(MistakeKind.OTHER_ACCOUNT, self.account)
        old, token = Mistake(MistakeKind.OLD_TICKET), Mistake(MistakeKind.ACCESS_TOKEN)
        match self.source:
            case TicketSource.CURRENT | TicketSource.GIVEN:
                return ()
            case TicketSource.OLD:
                return (old,)
            case TicketSource.PASTED:
                return (Mistake(MistakeKind.FOREIGN_TICKET),)
            case TicketSource.CARD:
                return (Mistake(MistakeKind.CARD_TICKET),)
            case TicketSource.OTHER:
                return (whose,)
            case TicketSource.OTHER_OLD:
                return (whose, old)
            case TicketSource.ACCESS_TOKEN:
                return (token,)
            case TicketSource.OTHER_ACCESS_TOKEN:
                return (whose, token)
