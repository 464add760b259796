"""Signing for windows: a ticket is requested once, and its result is reported."""

import time
from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.diagnosis.diagnosis_input import InvalidDiagnosisInput
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.wechat.protocol import Reply
from guarddog_gui.runtime.jobs import DiagnosisProgress, JobHandle
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, SignedPage, SignRequest, TicketUnsupported
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness

URL = "https://shop.example.com/p?id=1"
REQUEST = SignRequest(URL, "nonce")


@pytest.fixture
def results(harness: RuntimeHarness) -> list[RefreshResult]:
    """Results of the requested tickets, as they are reported."""
    results: list[RefreshResult] = []
    harness.signing.ticket_refreshed.connect(lambda _appid, outcome: results.append(outcome))
    return results


def ready(harness: RuntimeHarness, *accounts: Account) -> None:
    """The accounts are known, and nothing is refreshed by itself."""
    harness.controller.pause(NOW + 1e6)
    harness.accounts.stored = accounts or (SHOP,)
    for account in harness.accounts.stored:
        harness.secrets.stored[account.appid] = Secret(SECRET)
    harness.controller.reload_from_disk()


def test_a_page_is_signed_with_the_ticket_on_the_disk(harness: RuntimeHarness) -> None:
    harness.put_value(SHOP, TICKET, "T" * 40, age_s=60)
    signed = harness.signing.sign(SHOP, REQUEST)
    assert isinstance(signed, SignedPage)
    assert signed.signature_input == SignatureInput("T" * 40, "nonce", int(NOW), URL)


def test_what_cannot_be_signed_is_not(harness: RuntimeHarness) -> None:
    assert isinstance(harness.signing.sign(SHOP, REQUEST), NoLiveTicket)
    assert isinstance(harness.signing.sign(SHOP, replace(REQUEST, url="/p")), InvalidField)
    assert isinstance(harness.signing.sign(GAME, REQUEST), TicketUnsupported)


def test_a_ticket_that_is_needed_twice_is_requested_once(
    harness: RuntimeHarness, results: list[RefreshResult], qtbot: QtBot
) -> None:
    ready(harness)
    for _ in range(3):
        harness.signing.ensure_fresh_ticket(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert [(outcome.kind, outcome.is_success) for outcome in results] == [(TICKET, True)]
    assert isinstance(harness.signing.sign(SHOP, REQUEST), SignedPage)


def test_the_next_need_is_a_new_request(harness: RuntimeHarness, results: list[RefreshResult], qtbot: QtBot) -> None:
    ready(harness)
    for _ in range(2):
        harness.signing.ensure_fresh_ticket(SHOP.appid)
        harness.wait_until_idle(qtbot)
        harness.clock.advance(8000)
    assert harness.transport.endpoints == ["stable_token", "getticket"] * 2
    assert len(results) == 2


@pytest.mark.parametrize(
    ("answer", "result"),
    [(error_reply(40164), AttemptResult.REFUSED), (OFFLINE_FAILURE, AttemptResult.NO_ANSWER)],
    ids=str,
)
def test_without_an_access_token_its_failure_is_the_answer(
    harness: RuntimeHarness, results: list[RefreshResult], qtbot: QtBot, answer: Reply, result: AttemptResult
) -> None:
    ready(harness)
    harness.wechat.forced_token_reply = answer
    harness.signing.ensure_fresh_ticket(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert [(outcome.kind, outcome.entry.result) for outcome in results] == [(TOKEN, result)]


def test_a_refused_ticket_and_a_locked_keyring_are_answers(
    harness: RuntimeHarness, results: list[RefreshResult], qtbot: QtBot
) -> None:
    ready(harness, SHOP, CAFE)
    harness.wechat.forced_ticket_reply = error_reply(48001)
    harness.signing.ensure_fresh_ticket(SHOP.appid)
    harness.wait_until_idle(qtbot)
    harness.secrets.lookup_result = KeyringIsLocked("locked")
    harness.signing.ensure_fresh_ticket(CAFE.appid)
    harness.wait_until_idle(qtbot)
    assert [(outcome.appid, outcome.entry.result) for outcome in results] == [
        (SHOP.appid, AttemptResult.REFUSED),
        (CAFE.appid, AttemptResult.KEYRING_LOCKED),
    ]


def test_what_nobody_wished_for_is_not_told(
    harness: RuntimeHarness, results: list[RefreshResult], qtbot: QtBot
) -> None:
    ready(harness, SHOP, CAFE)
    harness.signing.ensure_fresh_ticket(CAFE.appid)
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert {outcome.appid for outcome in results} == {CAFE.appid}


def test_a_signed_address_is_kept_without_its_oauth_code(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.signing.remember_url(SHOP.appid, f"{URL}&code=081abc&state=s")
    harness.signing.remember_url(SHOP.appid, "https://shop.example.com/q")
    harness.wait_until_idle(qtbot)
    assert harness.signing.recent_urls(SHOP.appid) == ("https://shop.example.com/q", URL)
    assert harness.signing.recent_urls(CAFE.appid) == ()


def test_what_is_forgotten_is_not_remembered_by_a_lane_that_was_slower(harness: RuntimeHarness, qtbot: QtBot) -> None:
    for number in range(50):
        harness.signing.remember_url(SHOP.appid, f"{URL}{number}")
        harness.signing.forget_urls(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert harness.signing.recent_urls(SHOP.appid) == ()


def test_addresses_are_kept_while_all_that_talk_to_wechat_hang(harness: RuntimeHarness, qtbot: QtBot) -> None:
    others = [replace(SHOP, appid=f"wx-hangs-{number}", name=f"Hangs {number}") for number in range(4)]
    ready(harness, *others)
    harness.wechat.hanging_appids |= {other.appid for other in others}
    harness.controller.refresh()
    harness.signing.remember_url(SHOP.appid, URL)
    qtbot.waitUntil(lambda: harness.signing.recent_urls(SHOP.appid) == (URL,), timeout=2000)
    harness.wechat.release()
    harness.wait_until_idle(qtbot)


QUERY = "&".join(f"p{number}=v{number}" for number in range(12))


COMPLAINT = DiagnosisRequest(f"https://a.example.cn/p/?{QUERY}", "0" * 40, "n1", str(int(NOW)))


@pytest.fixture
def with_tickets(harness: RuntimeHarness) -> RuntimeHarness:
    harness.put_fresh_values(SHOP)
    harness.controller.reload_from_disk()
    return harness


def outcome_of(handle: JobHandle[Any], qtbot: QtBot) -> object:
    with qtbot.waitSignal(handle.finished, timeout=20_000) as finished:
        pass
    assert finished.args is not None
    return finished.args[0]


def test_a_search_tells_how_far_it_is(with_tickets: RuntimeHarness, qtbot: QtBot) -> None:
    progress = DiagnosisProgress()
    result = outcome_of(with_tickets.signing.diagnose(SHOP, COMPLAINT, progress), qtbot)
    assert isinstance(result, NoMatch)
    assert 0 < progress.tried <= progress.total


def test_a_cancelled_search_ends_soon(with_tickets: RuntimeHarness, qtbot: QtBot) -> None:
    progress = DiagnosisProgress()
    handle = with_tickets.signing.diagnose(SHOP, COMPLAINT, progress)
    progress.cancel()
    assert isinstance(outcome_of(handle, qtbot), DiagnosisCancelled)


def test_what_is_no_evidence_comes_back_as_such(with_tickets: RuntimeHarness, qtbot: QtBot) -> None:
    request = DiagnosisRequest("/p", "0" * 40, "n1", "1")
    handle = with_tickets.signing.diagnose(SHOP, request, DiagnosisProgress())
    assert isinstance(outcome_of(handle, qtbot), InvalidDiagnosisInput)


def test_the_program_ends_while_it_searches(with_tickets: RuntimeHarness) -> None:
    progress = DiagnosisProgress()
    with_tickets.signing.diagnose(SHOP, COMPLAINT, progress)
    deadline = time.monotonic() + 10
    while progress.total == 0 and time.monotonic() < deadline:  # until it has begun
        time.sleep(0.001)
    with_tickets.signing.stop()
    assert with_tickets.worker_pool.stop(3000)


def test_a_live_ticket_is_one_that_works_now(with_tickets: RuntimeHarness) -> None:
    assert with_tickets.signing.has_valid_ticket(SHOP)
    with_tickets.clock.advance(7200)
    assert not with_tickets.signing.has_valid_ticket(SHOP)
