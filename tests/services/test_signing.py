"""From a live ticket to a signature, and every reason why there is none."""

from dataclasses import replace

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.signing.url_warnings import UrlFlaw
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.signing import BadField, Field, NeverATicket, NoTicket, SignedPage, Signer, Wish
from tests.fakes import NOW, FakeClock, MemoryDogs

SHOP = Account("wx1234567890abcdef", "Shop")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
WISH = Wish("https://a.cn/p?x=1#/route", "Wm3WZYTPz0wzccnW")


class Desk:
    """A signer, its clock and its dog files."""

    def __init__(self, now: float = NOW) -> None:
        self.clock = FakeClock(now)
        self.dogs = MemoryDogs()
        self.signer = Signer(dogs=self.dogs, clock=self.clock)
        self.ticket = TokenRecord(TICKET, 7200, int(now * 1000), "", 290)
        self.dogs.put(SHOP, TokenKind.JSAPI_TICKET, dogfile.to_text(self.ticket))

    def sign(self, wish: Wish = WISH, *domains: str) -> SignedPage:
        signed = self.signer.sign(replace(SHOP, js_domains=domains), wish)
        assert isinstance(signed, SignedPage)
        return signed


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_official_vector_comes_out_on_its_own_day() -> None:
    desk = Desk(1414587457.0)

    page = desk.sign(Wish("http://mp.weixin.qq.com?params=value", "Wm3WZYTPz0wzccnW", "1414587457"))

    assert page.signable.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert [warning.kind for warning in page.warnings] == [UrlFlaw.HTTP, UrlFlaw.BARE]


def test_a_page_is_signed_without_its_fragment_and_with_the_seconds_of_now(desk: Desk) -> None:
    desk.clock.advance(100.9)

    page = desk.sign()

    assert page.signable == Signable(TICKET, "Wm3WZYTPz0wzccnW", int(NOW) + 100, "https://a.cn/p?x=1")
    assert page.appid == SHOP.appid
    assert page.ticket == desk.ticket
    assert [warning.kind for warning in page.warnings] == [UrlFlaw.FRAGMENT]


def test_the_js_safe_domains_are_looked_at(desk: Desk) -> None:
    kinds = [warning.kind for warning in desk.sign(WISH, "b.cn").warnings]
    assert kinds == [UrlFlaw.FRAGMENT, UrlFlaw.DOMAIN]


@pytest.mark.parametrize(
    ("wish", "bad"),
    [
        (Wish("", "n"), BadField(Field.URL, "empty-url")),
        (Wish("a.cn/p", "n"), BadField(Field.URL, "relative-url")),
        (
            Wish("https%3A%2F%2Fa.cn%2F", "n"),
            BadField(Field.URL, "encoded-url", "https://a.cn/"),
        ),
        (Wish("https://a.cn/", ""), BadField(Field.NONCE, "empty-nonce")),
        (Wish("https://a.cn/", "a&b"), BadField(Field.NONCE, "bad-nonce")),
        (Wish("https://a.cn/", "n", ""), BadField(Field.TIMESTAMP, "bad-timestamp")),
        (Wish("https://a.cn/", "n", "1414587457"), BadField(Field.TIMESTAMP, "far-timestamp")),
        (
            Wish("https://a.cn/", "n", "1790000000123"),
            BadField(Field.TIMESTAMP, "ms-timestamp", "1790000000"),
        ),
        (Wish("", "", ""), BadField(Field.URL, "empty-url")),
    ],
)
def test_what_must_not_be_signed_is_named_by_its_field(desk: Desk, wish: Wish, bad: BadField) -> None:
    assert desk.signer.sign(SHOP, wish) == bad
    desk.dogs.files.clear()
    assert desk.signer.sign(SHOP, wish) == bad, "nobody fetches a ticket for it"


def test_a_mini_program_never_has_a_ticket_not_even_when_a_file_lies_there(desk: Desk) -> None:
    desk.dogs.put(MINI, TokenKind.JSAPI_TICKET, dogfile.to_text(desk.ticket))

    assert desk.signer.sign(MINI, WISH) == NeverATicket()


def test_without_a_live_ticket_nothing_is_signed(desk: Desk) -> None:
    desk.clock.advance(7199)
    assert desk.sign().ticket.left(desk.clock()) == 1
    desk.clock.advance(1)
    assert desk.signer.sign(SHOP, WISH) == NoTicket()
    desk.dogs.put(SHOP, TokenKind.JSAPI_TICKET, "damaged")
    assert desk.signer.sign(SHOP, WISH) == NoTicket()
    desk.dogs.files.clear()
    assert desk.signer.sign(SHOP, WISH) == NoTicket()
