"""What can have been signed with: gathered from every account, the likeliest first."""

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket, TicketSource
from guarddog_gui.domain.diagnosis.config_parser import pasted_config
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.replaced_tickets import EarlierTicket
from guarddog_gui.domain.diagnosis.search import Match, diagnose
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.diagnosis import Complaint, TicketShelf, given_ticket
from tests.fakes import NOW, FakeClock, MemoryAccounts, MemoryDogs, MemoryTickets

SHOP = Account("wx1234567890abcdef", "Shop")
CAFE = Account("wxabcdefabcdefabcd", "咖啡")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
PAGE = "https://a.cn/p?x=1"
S = TicketSource


class Kennel:
    """Three accounts with their files, and the tickets that were replaced."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dogs = MemoryDogs()
        self.earlier = MemoryTickets()
        self.shelf = TicketShelf(
            dogs=self.dogs,
            accounts=MemoryAccounts(MINI, CAFE, SHOP),
            earlier=self.earlier,
            clock=self.clock,
        )
        for account in (SHOP, CAFE):
            self.put(account, TokenKind.ACCESS_TOKEN, f"{account.name}-token")
            self.put(account, TokenKind.JSAPI_TICKET, f"{account.name}-ticket")
        self.put(MINI, TokenKind.ACCESS_TOKEN, "mini-token")
        self.earlier.kept = {
            SHOP.appid: (EarlierTicket("Shop-old", NOW - 7200), EarlierTicket("Shop-too-old", NOW - 90_000))
        }

    def put(self, account: Account, kind: TokenKind, value: str) -> None:
        record = TokenRecord(value, 7200, int(self.clock() * 1000), "", 290)
        self.dogs.put(account, kind, dogfile.to_text(record))

    def known(self, account: Account = SHOP, replaced: str = "") -> list[tuple[str, TicketSource, str]]:
        return [
            (ticket.value, ticket.source, ticket.account) for ticket in self.shelf.tickets(account, replaced)
        ]


def test_everything_that_is_known_is_there_with_the_likeliest_first() -> None:
    assert Kennel().known() == [
        ("Shop-ticket", S.CURRENT, "Shop"),
        ("Shop-old", S.OLD, "Shop"),
        ("咖啡-ticket", S.OTHER, "咖啡"),
        ("Shop-token", S.ACCESS_TOKEN, "Shop"),
        ("mini-token", S.OTHER_ACCESS_TOKEN, "小店"),
        ("咖啡-token", S.OTHER_ACCESS_TOKEN, "咖啡"),
    ]
    assert {ticket.appid for ticket in Kennel().shelf.tickets(SHOP)} == {SHOP.appid, CAFE.appid, MINI.appid}


def test_a_ticket_for_cards_is_among_what_can_have_been_taken_for_the_right_one() -> None:
    kennel = Kennel()
    kennel.put(SHOP, TokenKind.CARD_TICKET, "Shop-card")
    assert ("Shop-card", S.CARD, "Shop") in kennel.known()
    assert "Shop-card" not in {value for value, _, _ in kennel.known(CAFE)}


def test_seen_from_another_account_the_same_values_are_something_else() -> None:
    sources = {value: source for value, source, _ in Kennel().known(CAFE)}

    assert sources["咖啡-ticket"] is S.CURRENT
    assert sources["Shop-ticket"] is S.OTHER
    assert sources["Shop-old"] is S.OTHER_OLD
    assert sources["Shop-token"] is S.OTHER_ACCESS_TOKEN


def test_a_ticket_that_has_died_is_an_old_one() -> None:
    kennel = Kennel()
    kennel.clock.advance(7200)
    kennel.put(SHOP, TokenKind.JSAPI_TICKET, "Shop-new")

    known = kennel.known(replaced="Shop-ticket")

    assert known[:3] == [
        ("Shop-new", S.CURRENT, "Shop"),
        ("Shop-ticket", S.OLD, "Shop"),
        ("Shop-old", S.OLD, "Shop"),
    ]
    assert ("咖啡-ticket", S.OTHER_OLD, "咖啡") in known
    kennel.clock.advance(7200)
    assert ("Shop-new", S.OLD, "Shop") in kennel.known()


def test_without_files_nothing_is_known() -> None:
    kennel = Kennel()
    kennel.dogs.files.clear()
    kennel.earlier.kept.clear()

    assert kennel.known() == []


def test_the_account_is_the_one_that_the_config_names() -> None:
    shelf = Kennel().shelf

    assert shelf.account_in(Complaint(PAGE, "", "", "", appid=CAFE.appid)) == CAFE
    assert shelf.account_in(Complaint(PAGE, "", "", "", appid="wxffffffffffffffff")) is None
    assert shelf.account_in(Complaint(PAGE, "", "", "")) is None


def test_from_a_pasted_config_to_the_mistake() -> None:
    kennel = Kennel()
    signature = Signable("Shop-token", "n", int(NOW), PAGE).signature
    config = pasted_config(
        f"wx.config({{appId: '{SHOP.appid}', nonceStr: 'n', timestamp: {int(NOW)}, signature: '{signature}'}})"
    )

    complaint = Complaint.about(config, PAGE, "https://a.cn/home")
    result = diagnose(complaint.evidence(kennel.shelf.tickets(SHOP)))

    assert complaint.entry == "https://a.cn/home"
    assert isinstance(result, Match)
    assert [mistake.kind for mistake in result.mistakes] == [MistakeKind.ACCESS_TOKEN]
    assert result.ticket.account == "Shop"


def test_a_ticket_that_was_pasted_along_is_tried_after_the_right_one() -> None:
    complaint = Complaint(PAGE, "", "", "", pasted="strange", claimed="https://b.cn/", appid="wx1")

    evidence = complaint.evidence(Kennel().shelf.tickets(SHOP))

    assert [(ticket.value, ticket.source) for ticket in evidence.tickets[:3]] == [
        ("Shop-ticket", S.CURRENT),
        ("strange", S.PASTED),
        ("Shop-old", S.OLD),
    ]
    assert (evidence.claimed, evidence.appid) == ("https://b.cn/", "wx1")
    assert "strange" not in repr(complaint)


def test_a_pasted_ticket_that_is_known_keeps_its_name() -> None:
    known = Kennel().shelf.tickets(SHOP)

    for value in ("Shop-ticket", "Shop-old", "咖啡-ticket"):
        assert Complaint(PAGE, "", "", "", pasted=value).evidence(known).tickets == known


def test_a_given_ticket_is_the_only_one() -> None:
    assert given_ticket("t") == (KnownTicket("t", S.GIVEN),)
