"""Cards: what a page hands to addCard and chooseCard, signed with the card ticket and no other."""

from dataclasses import replace
from hashlib import sha1

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.card_signing import (
    CardChoiceWish,
    CardExtWish,
    CardSigner,
    NoCardTicket,
    SignedCard,
)
from guarddog_gui.services.messages.signing import not_signed
from guarddog_gui.services.signing import BadField, Field, NeverATicket, NoTicket
from tests.fakes import NOW, FakeClock, MemoryDogs
from tests.services.messages.test_message import CHINESE, ENGLISH

SHOP = Account("wx1234567890abcdef", "Shop", card_ticket=True)
MINI = Account("wxabcdefabcdefabcd", "Mini", Platform.MINI_PROGRAM)
TICKET = "E0o2-at6NcC2OsJiQTlwlC-card-ticket"


class Desk:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dogs = MemoryDogs()
        self.signer = CardSigner(dogs=self.dogs, clock=self.clock)
        self.put(TokenKind.CARD_TICKET, TICKET)
        self.put(TokenKind.JSAPI_TICKET, "another-ticket")

    def put(self, kind: TokenKind, value: str) -> None:
        record = TokenRecord(value, 7200, int(NOW * 1000), "", 290)
        self.dogs.put(SHOP, kind, dogfile.to_text(record))

    def fields(self, wish: CardExtWish | CardChoiceWish) -> dict[str, str]:
        signed = self.signer.sign(SHOP, wish)
        assert isinstance(signed, SignedCard)
        return signed.fields


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_has_what_is_used_and_its_signature() -> None:
    when = str(int(NOW))
    plain = Desk().fields(CardExtWish("pCard", "n1"))
    assert plain == {"timestamp": when, "nonce_str": "n1", "signature": digest(TICKET, when, "pCard", "n1")}
    full = Desk().fields(CardExtWish("pCard", "n1", None, "code1", "openid1"))
    assert full["signature"] == digest(TICKET, when, "pCard", "n1", "code1", "openid1")
    assert (full["code"], full["openid"]) == ("code1", "openid1")


def test_a_choice_may_be_narrowed() -> None:
    when = str(int(NOW))
    wide = Desk().fields(CardChoiceWish("n1"))
    assert wide["cardSign"] == digest(TICKET, SHOP.appid, when, "n1")
    assert (wide["signType"], wide["cardType"]) == ("SHA1", "")
    narrow = Desk().fields(CardChoiceWish("n1", when, "270", "pCard", "GROUPON"))
    assert narrow["cardSign"] == digest(TICKET, SHOP.appid, when, "n1", "270", "pCard", "GROUPON")
    assert (narrow["shopId"], narrow["cardId"]) == ("270", "pCard")


@pytest.mark.parametrize(
    ("wish", "bad"),
    [
        (CardExtWish("", "n1"), BadField(Field.CARD_ID, "empty-card-id")),
        (CardExtWish("p", "a&b"), BadField(Field.NONCE, "bad-nonce")),
        (CardChoiceWish("n1", "1790000000123"), BadField(Field.TIMESTAMP, "ms-timestamp", "1790000000")),
        (CardChoiceWish("n1", "soon"), BadField(Field.TIMESTAMP, "bad-timestamp")),
    ],
)
def test_nothing_is_signed_by_accident(wish: CardExtWish | CardChoiceWish, bad: BadField) -> None:
    assert Desk().signer.sign(SHOP, wish) == bad
    for sentences in (ENGLISH, CHINESE):
        assert not_signed(bad, SHOP, sentences).text


def test_without_a_card_ticket_it_says_how_to_have_one() -> None:
    desk = Desk()
    off = replace(SHOP, card_ticket=False)
    assert desk.signer.sign(off, CardChoiceWish("n1")) == NoCardTicket()
    assert "--card-ticket" in not_signed(NoCardTicket(), off, ENGLISH).todo
    assert desk.signer.sign(MINI, CardChoiceWish("n1")) == NeverATicket()
    desk.clock.advance(7200)
    assert desk.signer.sign(SHOP, CardChoiceWish("n1")) == NoTicket(TokenKind.CARD_TICKET)
    assert "wx_card" in not_signed(NoTicket(TokenKind.CARD_TICKET), SHOP, ENGLISH).what
