"""Signs what a page hands to addCard or chooseCard, with the account's live card ticket."""

from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.card_signature import CardExt, ChooseCard
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import Clock, DogFileStore
from guarddog_gui.services.signing import (
    InvalidField,
    NoLiveTicket,
    SignField,
    TicketUnsupported,
    find_invalid_nonce_or_timestamp,
)


@dataclass(frozen=True, slots=True)
class CardExtRequest:
    """The cardExt of addCard for this card; `timestamp` is what was typed, None means now."""

    card_id: str
    nonce: str
    timestamp: str | None = None
    code: str = ""
    openid: str = ""


@dataclass(frozen=True, slots=True)
class CardChoiceRequest:
    """The argument of chooseCard; the last three narrow the choice and may be empty."""

    nonce: str
    timestamp: str | None = None
    shop_id: str = ""
    card_id: str = ""
    card_type: str = ""


@dataclass(frozen=True, slots=True)
class SignedCard:
    """What the page hands over, under WeChat's own names, its signature included."""

    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class CardTicketDisabled:
    """The account keeps no card ticket: it is off until somebody switches it on."""


class CardSigner:
    """Reads the ticket from the `.dog` file; it never fetches one."""

    def __init__(self, *, dog_files: DogFileStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock

    def sign(
        self, account: Account, request: CardExtRequest | CardChoiceRequest
    ) -> SignedCard | TicketUnsupported | CardTicketDisabled | InvalidField | NoLiveTicket:
        """What the page needs. What is typed is checked before the ticket is."""
        if account.platform is Platform.MINI_PROGRAM:
            return TicketUnsupported()
        if TokenKind.CARD_TICKET not in account.token_kinds:
            return CardTicketDisabled()
        now = self._clock()
        bad = find_invalid_nonce_or_timestamp(request.nonce, request.timestamp, now)
        if bad is None and isinstance(request, CardExtRequest) and not request.card_id:
            bad = InvalidField(SignField.CARD_ID, InputProblem.EMPTY_CARD_ID)
        if bad is not None:
            return bad
        ticket = self._dog_files.read(account, TokenKind.CARD_TICKET)
        if ticket is None or ticket.remaining_s(now) <= 0:
            return NoLiveTicket(TokenKind.CARD_TICKET)
        timestamp = int(now) if request.timestamp is None else int(request.timestamp)
        if isinstance(request, CardExtRequest):
            return SignedCard(_card_ext_fields(ticket.value, request, timestamp))
        return SignedCard(_card_choice_fields(ticket.value, account.appid, request, timestamp))


def _card_ext_fields(ticket: str, request: CardExtRequest, timestamp: int) -> dict[str, str]:
    ext = CardExt(ticket, request.card_id, timestamp, request.nonce, request.code, request.openid)
    optional = {"code": request.code, "openid": request.openid}
    return {
        **{name: value for name, value in optional.items() if value},
        "timestamp": str(timestamp),
        "nonce_str": request.nonce,
        "signature": ext.signature,
    }


def _card_choice_fields(
    ticket: str, appid: str, request: CardChoiceRequest, timestamp: int
) -> dict[str, str]:
    choice = ChooseCard(
        ticket, appid, timestamp, request.nonce, request.shop_id, request.card_id, request.card_type
    )
    return {
        "shopId": request.shop_id,
        "cardType": request.card_type,
        "cardId": request.card_id,
        "timestamp": str(timestamp),
        "nonceStr": request.nonce,
        "signType": "SHA1",
        "cardSign": choice.signature,
    }
