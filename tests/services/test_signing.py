"""Signatures of pages and cards with a valid ticket, and the reasons for refusing one."""

from hashlib import sha1

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.url_warnings import UrlWarningKind
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.signing.signatures import not_signed_message
from guarddog_gui.services.signing import (
    CardChoiceRequest,
    CardExtRequest,
    CardTicketDisabled,
    InvalidField,
    NoLiveTicket,
    SignedCard,
    SignedPage,
    Signer,
    SignField,
    SignRequest,
    TicketUnsupported,
)
from tests.builders import make_record
from tests.fakes import NOW, FakeClock, FakeDogFileStore
from tests.services.messages.languages import CHINESE, ENGLISH

SHOP = Account("wx1234567890abcdef", "Shop")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
CARD_SHOP = replace(SHOP, card_ticket=True)
CARD_TICKET = "E0o2-at6NcC2OsJiQTlwlC-card-ticket"
WISH = SignRequest("https://a.cn/p?x=1#/route", "Wm3WZYTPz0wzccnW")


class SigningSetup:
    """A signer, its clock and its dog files."""

    def __init__(self, now: float = NOW) -> None:
        self.clock = FakeClock(now)
        self.dogs = FakeDogFileStore()
        self.signer = Signer(dog_files=self.dogs, clock=self.clock)
        self.ticket = make_record(TICKET, at=now)
        self.dogs.put_record(SHOP, TokenKind.JSAPI_TICKET, self.ticket)

    def sign(self, wish: SignRequest = WISH, *domains: str) -> SignedPage:
        signed = self.signer.sign_page(replace(SHOP, js_domains=domains), wish)
        assert isinstance(signed, SignedPage)
        return signed


@pytest.fixture
def desk() -> SigningSetup:
    return SigningSetup()


def test_the_official_example_has_its_signature() -> None:
    desk = SigningSetup(1414587457.0)

    page = desk.sign(SignRequest("http://mp.weixin.qq.com?params=value", "Wm3WZYTPz0wzccnW", "1414587457"))

    assert page.signature_input.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert [warning.kind for warning in page.warnings] == [UrlWarningKind.HTTP, UrlWarningKind.NO_PATH]


def test_a_page_is_signed_without_fragment_and_with_the_current_time(desk: SigningSetup) -> None:
    desk.clock.advance(100.9)

    page = desk.sign()

    assert page.signature_input == SignatureInput(TICKET, "Wm3WZYTPz0wzccnW", int(NOW) + 100, "https://a.cn/p?x=1")
    assert page.appid == SHOP.appid
    assert page.ticket == desk.ticket
    assert [warning.kind for warning in page.warnings] == [UrlWarningKind.FRAGMENT]


def test_js_safe_domains_are_checked(desk: SigningSetup) -> None:
    kinds = [warning.kind for warning in desk.sign(WISH, "b.cn").warnings]
    assert kinds == [UrlWarningKind.FRAGMENT, UrlWarningKind.UNLISTED_DOMAIN]


@pytest.mark.parametrize(
    ("wish", "bad"),
    [
        (SignRequest("", "n"), InvalidField(SignField.URL, InputProblem.EMPTY_URL)),
        (SignRequest("a.cn/p", "n"), InvalidField(SignField.URL, InputProblem.URL_RELATIVE)),
        (
            SignRequest("https%3A%2F%2Fa.cn%2F", "n"),
            InvalidField(SignField.URL, InputProblem.URL_ENCODED, "https://a.cn/"),
        ),
        (SignRequest("https://a.cn/", ""), InvalidField(SignField.NONCE, InputProblem.EMPTY_NONCE)),
        (SignRequest("https://a.cn/", "a&b"), InvalidField(SignField.NONCE, InputProblem.INVALID_NONCE)),
        (SignRequest("https://a.cn/", "n", ""), InvalidField(SignField.TIMESTAMP, InputProblem.INVALID_TIMESTAMP)),
        (
            SignRequest("https://a.cn/", "n", "1790000000123"),
            InvalidField(SignField.TIMESTAMP, InputProblem.TIMESTAMP_IN_MS, "1790000000"),
        ),
        (SignRequest("", "", ""), InvalidField(SignField.URL, InputProblem.EMPTY_URL)),
    ],
)
def test_invalid_input_is_reported_with_its_field(desk: SigningSetup, wish: SignRequest, bad: InvalidField) -> None:
    assert desk.signer.sign_page(SHOP, wish) == bad
    desk.dogs.files.clear()
    assert desk.signer.sign_page(SHOP, wish) == bad, "nobody fetches a ticket for it"


def test_a_mini_program_has_no_ticket_even_with_a_file(desk: SigningSetup) -> None:
    desk.dogs.put_record(MINI, TokenKind.JSAPI_TICKET, desk.ticket)

    assert desk.signer.sign_page(MINI, WISH) == TicketUnsupported()


def test_without_a_valid_ticket_nothing_is_signed(desk: SigningSetup) -> None:
    desk.clock.advance(7199)
    assert desk.sign().ticket.remaining_s(desk.clock()) == 1
    desk.clock.advance(1)
    assert desk.signer.sign_page(SHOP, WISH) == NoLiveTicket()
    desk.dogs.put_text(SHOP, TokenKind.JSAPI_TICKET, "damaged")
    assert desk.signer.sign_page(SHOP, WISH) == NoLiveTicket()
    desk.dogs.files.clear()
    assert desk.signer.sign_page(SHOP, WISH) == NoLiveTicket()


class CardSigningSetup:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dogs = FakeDogFileStore()
        self.signer = Signer(dog_files=self.dogs, clock=self.clock)
        self.put(TokenKind.CARD_TICKET, CARD_TICKET)
        self.put(TokenKind.JSAPI_TICKET, "another-ticket")

    def put(self, kind: TokenKind, value: str) -> None:
        self.dogs.put_record(CARD_SHOP, kind, make_record(value))

    def fields(self, wish: CardExtRequest | CardChoiceRequest) -> dict[str, str]:
        signed = self.signer.sign_card(CARD_SHOP, wish)
        assert isinstance(signed, SignedCard)
        return signed.fields


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_contains_the_signed_fields_and_the_signature() -> None:
    when = str(int(NOW))
    plain = CardSigningSetup().fields(CardExtRequest("pCard", "n1"))
    assert plain == {"timestamp": when, "nonce_str": "n1", "signature": digest(CARD_TICKET, when, "pCard", "n1")}
    full = CardSigningSetup().fields(CardExtRequest("pCard", "n1", None, "code1", "openid1"))
    assert full["signature"] == digest(CARD_TICKET, when, "pCard", "n1", "code1", "openid1")
    assert (full["code"], full["openid"]) == ("code1", "openid1")


def test_a_card_choice_may_be_filtered() -> None:
    when = str(int(NOW))
    wide = CardSigningSetup().fields(CardChoiceRequest("n1"))
    assert wide["cardSign"] == digest(CARD_TICKET, CARD_SHOP.appid, when, "n1")
    assert (wide["signType"], wide["cardType"]) == ("SHA1", "")
    narrow = CardSigningSetup().fields(CardChoiceRequest("n1", when, "270", "pCard", "GROUPON"))
    assert narrow["cardSign"] == digest(CARD_TICKET, CARD_SHOP.appid, when, "n1", "270", "pCard", "GROUPON")
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
    assert CardSigningSetup().signer.sign_card(CARD_SHOP, wish) == bad
    for sentences in (ENGLISH, CHINESE):
        assert not_signed_message(bad, CARD_SHOP, sentences).text


def test_without_a_card_ticket_the_message_tells_how_to_enable_it() -> None:
    desk = CardSigningSetup()
    off = replace(CARD_SHOP, card_ticket=False)
    assert desk.signer.sign_card(off, CardChoiceRequest("n1")) == CardTicketDisabled()
    assert "--card-ticket" in not_signed_message(CardTicketDisabled(), off, ENGLISH).advice
    assert desk.signer.sign_card(MINI, CardChoiceRequest("n1")) == TicketUnsupported()
    desk.clock.advance(7200)
    assert desk.signer.sign_card(CARD_SHOP, CardChoiceRequest("n1")) == NoLiveTicket(TokenKind.CARD_TICKET)
    assert "wx_card" in not_signed_message(NoLiveTicket(TokenKind.CARD_TICKET), CARD_SHOP, ENGLISH).summary


def test_a_timestamp_of_long_ago_is_signed_with_a_warning(desk: SigningSetup) -> None:
    """WeChat's own example has one of 2014, and must be reproducible."""
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    desk.dogs.put_record(SHOP, TokenKind.JSAPI_TICKET, make_record(ticket))
    request = SignRequest("http://mp.weixin.qq.com?params=value", "Wm3WZYTPz0wzccnW", "1414587457")

    page = desk.signer.sign_page(SHOP, request)

    assert isinstance(page, SignedPage)
    assert page.signature_input.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert page.timestamp_warning is InputProblem.TIMESTAMP_FAR_FROM_NOW
