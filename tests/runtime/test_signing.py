"""The desk where pages are signed: a ticket is ordered once, and somebody hears what came of it."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import Locked
from guarddog_gui.domain.refresh.history import Result
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.wechat.protocol import Reply
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import BadField, NeverATicket, NoTicket, SignedPage, Wish
from tests.fakes import NOW, OFFLINE, refusal
from tests.runtime.stage import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, Stage

URL = "https://shop.example.com/p?id=1"
WISH = Wish(URL, "nonce")


@pytest.fixture
def heard(stage: Stage) -> list[Outcome]:
    """What those who wait for a ticket have heard."""
    heard: list[Outcome] = []
    stage.signing.ticket_came.connect(lambda _appid, outcome: heard.append(outcome))
    return heard


def ready(stage: Stage, *accounts: Account) -> None:
    """The accounts are known, and nothing is refreshed by itself."""
    stage.controller.pause(NOW + 1e6)
    stage.accounts.known = accounts or (SHOP,)
    for account in stage.accounts.known:
        stage.secrets.stored[account.appid] = Secret(SECRET)
    stage.controller.read()


def test_a_page_is_signed_with_the_ticket_on_the_disk(stage: Stage) -> None:
    stage.put(SHOP, TICKET, "T" * 40, age=60)
    signed = stage.signing.sign(SHOP, WISH)
    assert isinstance(signed, SignedPage)
    assert signed.signable == Signable("T" * 40, "nonce", int(NOW), URL)


def test_what_cannot_be_signed_is_not(stage: Stage) -> None:
    assert isinstance(stage.signing.sign(SHOP, WISH), NoTicket)
    assert isinstance(stage.signing.sign(SHOP, replace(WISH, url="/p")), BadField)
    assert isinstance(stage.signing.sign(GAME, WISH), NeverATicket)


def test_a_ticket_that_is_wanted_twice_is_ordered_once(
    stage: Stage, heard: list[Outcome], qtbot: QtBot
) -> None:
    ready(stage)
    for _ in range(3):
        stage.signing.want_ticket(SHOP.appid)
    stage.settle(qtbot)
    assert stage.transport.paths == ["stable_token", "getticket"]
    assert [(outcome.kind, outcome.is_good) for outcome in heard] == [(TICKET, True)]
    assert isinstance(stage.signing.sign(SHOP, WISH), SignedPage)


def test_the_next_wish_is_an_order_of_its_own(stage: Stage, heard: list[Outcome], qtbot: QtBot) -> None:
    ready(stage)
    for _ in range(2):
        stage.signing.want_ticket(SHOP.appid)
        stage.settle(qtbot)
        stage.clock.advance(8000)
    assert stage.transport.paths == ["stable_token", "getticket"] * 2
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("answer", "result"), [(refusal(40164), Result.REFUSED), (OFFLINE, Result.UNHEARD)], ids=str
)
def test_without_an_access_token_its_failure_is_the_answer(
    stage: Stage, heard: list[Outcome], qtbot: QtBot, answer: Reply, result: Result
) -> None:
    ready(stage)
    stage.wechat.refuses = answer
    stage.signing.want_ticket(SHOP.appid)
    stage.settle(qtbot)
    assert [(outcome.kind, outcome.entry.result) for outcome in heard] == [(TOKEN, result)]


def test_a_refused_ticket_and_a_locked_keyring_are_answers(
    stage: Stage, heard: list[Outcome], qtbot: QtBot
) -> None:
    ready(stage, SHOP, CAFE)
    stage.wechat.refuses_ticket = refusal(48001)
    stage.signing.want_ticket(SHOP.appid)
    stage.settle(qtbot)
    stage.secrets.trouble = Locked("locked")
    stage.signing.want_ticket(CAFE.appid)
    stage.settle(qtbot)
    assert [(outcome.appid, outcome.entry.result) for outcome in heard] == [
        (SHOP.appid, Result.REFUSED),
        (CAFE.appid, Result.KEYRING_LOCKED),
    ]


def test_what_nobody_wished_for_is_not_told(stage: Stage, heard: list[Outcome], qtbot: QtBot) -> None:
    ready(stage, SHOP, CAFE)
    stage.signing.want_ticket(CAFE.appid)
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert {outcome.appid for outcome in heard} == {CAFE.appid}


def test_a_signed_address_is_kept_without_its_oauth_code(stage: Stage, qtbot: QtBot) -> None:
    stage.signing.remember(SHOP.appid, f"{URL}&code=081abc&state=s")
    stage.signing.remember(SHOP.appid, "https://shop.example.com/q")
    stage.settle(qtbot)
    assert stage.signing.recent(SHOP.appid) == ("https://shop.example.com/q", URL)
    assert stage.signing.recent(CAFE.appid) == ()


def test_what_is_forgotten_is_not_remembered_by_a_lane_that_was_slower(stage: Stage, qtbot: QtBot) -> None:
    for number in range(50):
        stage.signing.remember(SHOP.appid, f"{URL}{number}")
        stage.signing.forget(SHOP.appid)
    stage.settle(qtbot)
    assert stage.signing.recent(SHOP.appid) == ()


def test_addresses_are_kept_while_all_that_talk_to_wechat_hang(stage: Stage, qtbot: QtBot) -> None:
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    ready(stage, *others)
    stage.wechat.hanging |= {other.appid for other in others}
    stage.controller.refresh()
    stage.signing.remember(SHOP.appid, URL)
    qtbot.waitUntil(lambda: stage.signing.recent(SHOP.appid) == (URL,), timeout=2000)
    stage.wechat.go_on()
    stage.settle(qtbot)
