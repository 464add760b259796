"""Requests for tokens and tickets, and what their failures leave in the history."""

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.own_address import earlier_address
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, Reply, TransportFailure
from guarddog_gui.services.calls.token_calls import TokenCall, TokenCalls, result_without_secret, with_failure
from tests.builders import SHOP, TICKET, make_entry, make_record
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import (
    NOW,
    OFFLINE_FAILURE,
    FakeClock,
    FakeHistoryStore,
    FakeSecretStore,
    error_reply,
    scripted_transport,
    ticket_reply,
    token_reply,
)

OLD, NEW = "0" * 32, "1" * 32


def make_calls(secrets: FakeSecretStore, *replies: Reply | TransportFailure) -> TokenCalls:
    return TokenCalls(
        transport=scripted_transport(*replies), secrets=secrets, errcode_catalog=CATALOGUE, clock=FakeClock()
    )


def test_a_token_is_requested_with_the_stored_secret() -> None:
    calls = make_calls(FakeSecretStore(**{SHOP.appid: OLD}), token_reply("T1"))

    assert calls.request_token(SHOP, force=False) == TokenCall(IssuedToken("T1", 7200), NOW)
    assert calls.clock_skew_s is None


def test_a_cached_secret_that_is_refused_is_replaced_by_the_stored_one() -> None:
    secrets = FakeSecretStore(**{SHOP.appid: NEW})
    secrets.cached[SHOP.appid] = Secret(OLD)
    calls = make_calls(secrets, error_reply(40125), token_reply("T1"))

    call = calls.request_token(SHOP, force=False)

    assert call == TokenCall(IssuedToken("T1", 7200), NOW, count=2)
    assert secrets.invalidated == [SHOP.appid]


def test_a_stored_secret_that_is_refused_is_not_tried_twice() -> None:
    calls = make_calls(FakeSecretStore(**{SHOP.appid: OLD}), error_reply(40125))

    call = calls.request_token(SHOP, force=False)

    assert isinstance(call, TokenCall)
    assert isinstance(call.answer, Refusal)
    assert call.count == 1


def test_without_a_secret_nothing_is_sent() -> None:
    assert make_calls(FakeSecretStore()).request_token(SHOP, force=False) == SecretMissing()


def test_the_clock_skew_is_measured_with_the_time_of_the_reply() -> None:
    reply = ticket_reply("J1")
    calls = make_calls(FakeSecretStore(), Reply(reply.status, reply.body, server_at=NOW - 90))

    calls.request_ticket(SHOP, make_record("T1"), TICKET)

    assert calls.clock_skew_s == 90


def test_a_ticket_refused_because_of_its_token_is_recognised() -> None:
    calls = make_calls(FakeSecretStore(), error_reply(40001), error_reply(-1), OFFLINE_FAILURE)

    answers = [calls.request_ticket(SHOP, make_record("T1"), TICKET).answer for _ in range(3)]

    assert [calls.is_token_refused(answer) for answer in answers] == [True, False, False]


def test_each_answer_of_the_keyring_has_its_result() -> None:
    assert result_without_secret(SecretMissing()) == (AttemptResult.NO_SECRET, "")
    assert result_without_secret(KeyringIsLocked("prompt")) == (AttemptResult.KEYRING_LOCKED, "prompt")
    assert result_without_secret(KeyringIsDown("no bus")) == (AttemptResult.KEYRING_DOWN, "no bus")


def test_a_request_that_did_not_reach_wechat_is_not_counted() -> None:
    timeout = TransportFailure(FailureKind.TIMEOUT, "read")

    assert with_failure(make_entry(), OFFLINE_FAILURE, 2).calls == 0
    assert with_failure(make_entry(), timeout, 2).calls == 2
    assert with_failure(make_entry(), timeout).detail == f"{FailureKind.TIMEOUT} read"


def test_a_refused_address_names_the_one_before() -> None:
    history = FakeHistoryStore()
    details = []
    for minute, ip in enumerate(("203.0.113.7", "203.0.113.9", "203.0.113.9")):
        entry = HistoryEntry(NOW + 60 * minute, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW)
        history.append(with_failure(entry, Refusal(40164, "invalid ip", ip=ip), 1, history))
        details.append(earlier_address(history.entries[-1].detail))
    assert details == ["", "203.0.113.7", "203.0.113.7"]
