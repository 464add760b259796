"""Sign the arguments of the JS-SDK's `wx.addCard` and `wx.chooseCard` with the account's card ticket."""

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
    """Request for the `cardExt` of `wx.addCard`; `timestamp` is Unix seconds as typed, None means now."""

    card_id: str
    nonce: str
    timestamp: str | None = None
    code: str = ""
    openid: str = ""


@dataclass(frozen=True, slots=True)
class CardChoiceRequest:
    """Request for the argument of `wx.chooseCard`; the last three fields filter the cards, or are empty."""

    nonce: str
    timestamp: str | None = None
    shop_id: str = ""
    card_id: str = ""
    card_type: str = ""


@dataclass(frozen=True, slots=True)
class SignedCard:
    """Fields to pass to the JS-SDK, named as WeChat names them, with the signature."""

    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class CardTicketDisabled:
    """The account keeps no card ticket; the user must enable it in the account's settings."""


class CardSigner:
    """Sign with the card ticket from the `.dog` file; never request one."""

    def __init__(self, *, dog_files: DogFileStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock

    def sign(
        self, account: Account, request: CardExtRequest | CardChoiceRequest
    ) -> SignedCard | TicketUnsupported | CardTicketDisabled | InvalidField | NoLiveTicket:
        """Return the signed fields, or the first reason against it; input is checked before the ticket."""
        if account.platform is Platform.MINI_PROGRAM:
            return TicketUnsupported()
        if TokenKind.CARD_TICKET not in account.token_kinds:
            return CardTicketDisabled()
        now = self._clock()
        invalid = find_invalid_nonce_or_timestamp(request.nonce, request.timestamp, now)
        if invalid is None and isinstance(request, CardExtRequest) and not request.card_id:
            invalid = InvalidField(SignField.CARD_ID, InputProblem.EMPTY_CARD_ID)
        if invalid is not None:
            return invalid
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


def _card_choice_fields(ticket: str, appid: str, request: CardChoiceRequest, timestamp: int) -> dict[str, str]:
    choice = ChooseCard(ticket, appid, timestamp, request.nonce, request.shop_id, request.card_id, request.card_type)
    return {
        "shopId": request.shop_id,
        "cardType": request.card_type,
        "cardId": request.card_id,
        "timestamp": str(timestamp),
        "nonceStr": request.nonce,
        "signType": "SHA1",
        "cardSign": choice.signature,
    }
