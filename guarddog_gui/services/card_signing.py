"""Signs what a page hands to addCard or chooseCard, with the account's live card ticket."""

from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.signing.card_signature import CardChoice, CardExt
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import Clock, DogStore
from guarddog_gui.services.signing import BadField, Field, NeverATicket, NoTicket, bad_values


@dataclass(frozen=True, slots=True)
class CardExtWish:
    """The cardExt of addCard for this card; `timestamp` is what was typed, None means now."""

    card_id: str
    nonce: str
    timestamp: str | None = None
    code: str = ""
    openid: str = ""


@dataclass(frozen=True, slots=True)
class CardChoiceWish:
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
class NoCardTicket:
    """The account keeps no card ticket: it is off until somebody switches it on."""


class CardSigner:
    """Reads the ticket from the `.dog` file; it never fetches one."""

    def __init__(self, *, dogs: DogStore, clock: Clock) -> None:
        self._dogs = dogs
        self._clock = clock

    def sign(
        self, account: Account, wish: CardExtWish | CardChoiceWish
    ) -> SignedCard | NeverATicket | NoCardTicket | BadField | NoTicket:
        """What the page needs. What is typed is checked before the ticket is."""
        if account.platform is Platform.MINI_PROGRAM:
            return NeverATicket()
        if TokenKind.CARD_TICKET not in account.kinds:
            return NoCardTicket()
        now = self._clock()
        bad = bad_values(wish.nonce, wish.timestamp, now)
        if bad is None and isinstance(wish, CardExtWish) and not wish.card_id:
            bad = BadField(Field.CARD_ID, "empty-card-id")
        if bad is not None:
            return bad
        ticket = self._dogs.read(account, TokenKind.CARD_TICKET)
        if ticket is None or ticket.left(now) <= 0:
            return NoTicket(TokenKind.CARD_TICKET)
        timestamp = int(now) if wish.timestamp is None else int(wish.timestamp)
        if isinstance(wish, CardExtWish):
            return SignedCard(_ext_fields(ticket.value, wish, timestamp))
        return SignedCard(_choice_fields(ticket.value, account.appid, wish, timestamp))


def _ext_fields(ticket: str, wish: CardExtWish, timestamp: int) -> dict[str, str]:
    ext = CardExt(ticket, wish.card_id, timestamp, wish.nonce, wish.code, wish.openid)
    optional = {"code": wish.code, "openid": wish.openid}
    return {
        **{name: value for name, value in optional.items() if value},
        "timestamp": str(timestamp),
        "nonce_str": wish.nonce,
        "signature": ext.signature,
    }


def _choice_fields(ticket: str, appid: str, wish: CardChoiceWish, timestamp: int) -> dict[str, str]:
    choice = CardChoice(ticket, appid, timestamp, wish.nonce, wish.shop_id, wish.card_id, wish.card_type)
    return {
        "shopId": wish.shop_id,
        "cardType": wish.card_type,
        "cardId": wish.card_id,
        "timestamp": str(timestamp),
        "nonceStr": wish.nonce,
        "signType": "SHA1",
        "cardSign": choice.signature,
    }
