"""Candidate tickets for a diagnosis, collected from all accounts."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket
from guarddog_gui.domain.diagnosis.search import SignatureMatch, diagnose
from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.diagnosis import CopiedInput, DiagnosisRequest, read_copied_text, single_candidate
from tests.builders import make_record
from tests.fakes import NOW, FakeAccountStore
from tests.in_memory_services import ScriptedServices

SHOP = Account("wx1234567890abcdef", "Shop")
CAFE = Account("wxabcdefabcdefabcd", "咖啡")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
PAGE = "https://a.cn/p?x=1"
S = TicketOrigin


class TicketSourceSetup:
    """Three accounts with their files, and the tickets that were replaced."""

    def __init__(self) -> None:
        services = ScriptedServices(accounts=FakeAccountStore(MINI, CAFE, SHOP))
        self.clock, self.dogs, self.earlier = services.clock, services.dogs, services.tickets
        self.shelf = services.ticket_source
        for account in (SHOP, CAFE):
            self.put(account, TokenKind.ACCESS_TOKEN, f"{account.name}-token")
            self.put(account, TokenKind.JSAPI_TICKET, f"{account.name}-ticket")
        self.put(MINI, TokenKind.ACCESS_TOKEN, "mini-token")
        self.earlier.stored = {
            SHOP.appid: (ReplacedTicket("Shop-old", NOW - 7200), ReplacedTicket("Shop-too-old", NOW - 90_000))
        }

    def put(self, account: Account, kind: TokenKind, value: str) -> None:
        self.dogs.put_record(account, kind, make_record(value, at=self.clock()))

    def known(self, account: Account = SHOP, replaced: str = "") -> list[tuple[str, TicketOrigin, str]]:
        return [(ticket.value, ticket.origin, ticket.account_name) for ticket in self.shelf.collect(account, replaced)]


def test_all_known_tickets_are_candidates_the_most_likely_first() -> None:
    assert TicketSourceSetup().known() == [
        ("Shop-ticket", S.CURRENT, "Shop"),
        ("Shop-old", S.OLD, "Shop"),
        ("咖啡-ticket", S.OTHER_ACCOUNT, "咖啡"),
        ("Shop-token", S.ACCESS_TOKEN, "Shop"),
        ("mini-token", S.OTHER_ACCESS_TOKEN, "小店"),
        ("咖啡-token", S.OTHER_ACCESS_TOKEN, "咖啡"),
    ]
    assert {ticket.appid for ticket in TicketSourceSetup().shelf.collect(SHOP)} == {SHOP.appid, CAFE.appid, MINI.appid}


def test_a_card_ticket_is_a_candidate() -> None:
    kennel = TicketSourceSetup()
    kennel.put(SHOP, TokenKind.CARD_TICKET, "Shop-card")
    assert ("Shop-card", S.CARD, "Shop") in kennel.known()
    assert "Shop-card" not in {value for value, _, _ in kennel.known(CAFE)}


def test_origins_depend_on_the_account() -> None:
    sources = {value: source for value, source, _ in TicketSourceSetup().known(CAFE)}

    assert sources["咖啡-ticket"] is S.CURRENT
    assert sources["Shop-ticket"] is S.OTHER_ACCOUNT
    assert sources["Shop-old"] is S.OTHER_ACCOUNT_OLD
    assert sources["Shop-token"] is S.OTHER_ACCESS_TOKEN


def test_an_expired_ticket_counts_as_old() -> None:
    kennel = TicketSourceSetup()
    kennel.clock.advance(7200)
    kennel.put(SHOP, TokenKind.JSAPI_TICKET, "Shop-new")

    known = kennel.known(replaced="Shop-ticket")

    assert known[:3] == [("Shop-new", S.CURRENT, "Shop"), ("Shop-ticket", S.OLD, "Shop"), ("Shop-old", S.OLD, "Shop")]
    assert ("咖啡-ticket", S.OTHER_ACCOUNT_OLD, "咖啡") in known
    kennel.clock.advance(7200)
    assert ("Shop-new", S.OLD, "Shop") in kennel.known()


def test_without_files_there_are_no_candidates() -> None:
    kennel = TicketSourceSetup()
    kennel.dogs.files.clear()
    kennel.earlier.stored.clear()

    assert kennel.known() == []


def test_the_account_is_found_by_the_appid_of_the_config() -> None:
    shelf = TicketSourceSetup().shelf

    assert shelf.find_account(DiagnosisRequest(PAGE, "", "", "", appid=CAFE.appid)) == CAFE
    assert shelf.find_account(DiagnosisRequest(PAGE, "", "", "", appid="wxffffffffffffffff")) is None
    assert shelf.find_account(DiagnosisRequest(PAGE, "", "", "")) is None


def test_a_pasted_config_leads_to_the_mistake() -> None:
    kennel = TicketSourceSetup()
    signature = SignatureInput("Shop-token", "n", int(NOW), PAGE).signature
    config = read_config(
        f"wx.config({{appId: '{SHOP.appid}', nonceStr: 'n', timestamp: {int(NOW)}, signature: '{signature}', jsApiList: []}})"
    )

    complaint = DiagnosisRequest.from_config(config, PAGE, "https://a.cn/home")
    result = diagnose(complaint.to_input(kennel.shelf.collect(SHOP)))

    assert complaint.entry_url == "https://a.cn/home"
    assert isinstance(result, SignatureMatch)
    assert [mistake.kind for mistake in result.mistakes] == [MistakeKind.ACCESS_TOKEN]
    assert result.ticket.account_name == "Shop"


def test_a_pasted_ticket_is_tried_after_the_correct_one() -> None:
    complaint = DiagnosisRequest(PAGE, "", "", "", pasted_ticket="strange", claimed_url="https://b.cn/", appid="wx1")

    evidence = complaint.to_input(TicketSourceSetup().shelf.collect(SHOP))

    assert [(ticket.value, ticket.origin) for ticket in evidence.tickets[:3]] == [
        ("Shop-ticket", S.CURRENT),
        ("strange", S.PASTED),
        ("Shop-old", S.OLD),
    ]
    assert (evidence.claimed_url, evidence.appid) == ("https://b.cn/", "wx1")
    assert "strange" not in repr(complaint)


def test_a_pasted_ticket_that_is_known_keeps_its_origin() -> None:
    known = TicketSourceSetup().shelf.collect(SHOP)

    for value in ("Shop-ticket", "Shop-old", "咖啡-ticket"):
        assert DiagnosisRequest(PAGE, "", "", "", pasted_ticket=value).to_input(known).tickets == known


def test_a_given_ticket_is_the_only_candidate() -> None:
    assert single_candidate("t") == (CandidateTicket("t", S.GIVEN_BY_USER),)


CONFIG_TEXT = f"wx.config({{ timestamp: 1795157576, nonceStr: 'Wm3WZYTPz0wzccnW', signature: '{'a' * 40}' }});"


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        (CONFIG_TEXT, CopiedInput(CONFIG_TEXT)),
        (" https://a.cn/p?id=1\n", CopiedInput(url="https://a.cn/p?id=1")),
        (f"https://a.cn/p\n{CONFIG_TEXT}", CopiedInput(f"https://a.cn/p\n{CONFIG_TEXT}", "https://a.cn/p")),
        (f"{CONFIG_TEXT}\n  http://a.cn/p ", CopiedInput(f"{CONFIG_TEXT}\n  http://a.cn/p ", "http://a.cn/p")),
        ("0123456789abcdef0123456789abcdef", None),
        ("see https://a.cn/p", None),
        ("wx.config({ timestamp, nonceStr, signature })", None),
        ("", None),
    ],
)
def test_a_copied_text_is_read_only_if_it_has_a_config_or_is_a_url(text: str, copied: CopiedInput | None) -> None:
    assert read_copied_text(text) == copied


def test_the_address_that_wechat_names_is_the_pages() -> None:
    text = f'{CONFIG_TEXT}\nrealAuthUrl: ["https://a.cn/real"]\nhttps://a.cn/other'
    copied = read_copied_text(text)
    assert copied is not None
    assert copied.url == "https://a.cn/real"
