"""Signed arguments of addCard and chooseCard."""

from dataclasses import replace
from hashlib import sha1

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.card_signing import (
    CardChoiceRequest,
    CardExtRequest,
    CardSigner,
    CardTicketDisabled,
    SignedCard,
)
from guarddog_gui.services.messages.signing import not_signed_message
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, SignField, TicketUnsupported
from tests.builders import make_record
from tests.fakes import NOW, FakeClock, FakeDogFileStore
from tests.services.messages.test_message import CHINESE, ENGLISH

SHOP = Account("wx1234567890abcdef", "Shop", card_ticket=True)
MINI = Account("wxabcdefabcdefabcd", "Mini", Platform.MINI_PROGRAM)
TICKET = "E0o2-at6NcC2OsJiQTlwlC-card-ticket"


class CardSigningSetup:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dogs = FakeDogFileStore()
        self.signer = CardSigner(dog_files=self.dogs, clock=self.clock)
        self.put(TokenKind.CARD_TICKET, TICKET)
        self.put(TokenKind.JSAPI_TICKET, "another-ticket")

    def put(self, kind: TokenKind, value: str) -> None:
        self.dogs.put_record(SHOP, kind, make_record(value))

    def fields(self, wish: CardExtRequest | CardChoiceRequest) -> dict[str, str]:
        signed = self.signer.sign(SHOP, wish)
        assert isinstance(signed, SignedCard)
        return signed.fields


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_contains_the_signed_fields_and_the_signature() -> None:
    when = str(int(NOW))
    plain = CardSigningSetup().fields(CardExtRequest("pCard", "n1"))
    assert plain == {"timestamp": when, "nonce_str": "n1", "signature": digest(TICKET, when, "pCard", "n1")}
    full = CardSigningSetup().fields(CardExtRequest("pCard", "n1", None, "code1", "openid1"))
    assert full["signature"] == digest(TICKET, when, "pCard", "n1", "code1", "openid1")
    assert (full["code"], full["openid"]) == ("code1", "openid1")


def test_a_card_choice_may_be_filtered() -> None:
    when = str(int(NOW))
    wide = CardSigningSetup().fields(CardChoiceRequest("n1"))
    assert wide["cardSign"] == digest(TICKET, SHOP.appid, when, "n1")
    assert (wide["signType"], wide["cardType"]) == ("SHA1", "")
    narrow = CardSigningSetup().fields(CardChoiceRequest("n1", when, "270", "pCard", "GROUPON"))
    assert narrow["cardSign"] == digest(TICKET, SHOP.appid, when, "n1", "270", "pCard", "GROUPON")
    assert (narrow["shopId"], narrow["cardId"]) == ("270", "pCard")


@pytest.mark.parametrize(
    ("wish", "bad"),
    [
        (CardExtRequest("", "n1"), InvalidField(SignField.CARD_ID, InputProblem.EMPTY_CARD_ID)),
        (CardExtRequest("p", "a&b"), InvalidField(SignField.NONCE, InputProblem.INVALID_NONCE)),
        (
            CardChoiceRequest("n1", "1790000000123"),
            InvalidField(SignField.TIMESTAMP, InputProblem.TIMESTAMP_IN_MS, "1790000000"),
        ),
        (CardChoiceRequest("n1", "soon"), InvalidField(SignField.TIMESTAMP, InputProblem.INVALID_TIMESTAMP)),
    ],
)
def test_invalid_card_requests_are_not_signed(wish: CardExtRequest | CardChoiceRequest, bad: InvalidField) -> None:
    assert CardSigningSetup().signer.sign(SHOP, wish) == bad
    for sentences in (ENGLISH, CHINESE):
        assert not_signed_message(bad, SHOP, sentences).text


def test_without_a_card_ticket_the_message_tells_how_to_enable_it() -> None:
    desk = CardSigningSetup()
    off = replace(SHOP, card_ticket=False)
    assert desk.signer.sign(off, CardChoiceRequest("n1")) == CardTicketDisabled()
    assert "--card-ticket" in not_signed_message(CardTicketDisabled(), off, ENGLISH).advice
    assert desk.signer.sign(MINI, CardChoiceRequest("n1")) == TicketUnsupported()
    desk.clock.advance(7200)
    assert desk.signer.sign(SHOP, CardChoiceRequest("n1")) == NoLiveTicket(TokenKind.CARD_TICKET)
    assert "wx_card" in not_signed_message(NoLiveTicket(TokenKind.CARD_TICKET), SHOP, ENGLISH).summary
