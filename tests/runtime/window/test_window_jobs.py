"""Jobs about accounts and reads of the history: what is reported before the handles, and what is counted."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, SecretFound
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, TransportFailure
from guarddog_gui.runtime.jobs import (
    JobCrashed,
    JobFailed,
    JobHandle,
    QueryKind,
    QueryWeChat,
    RemoveAccount,
    SaveAccount,
    VerifyCredentials,
)
from guarddog_gui.services.account_queries import NoLiveToken
from guarddog_gui.services.accounts.account_removals import AccountRemoved
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved
from guarddog_gui.services.accounts.account_verification import VerificationResult
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TOKEN, RuntimeHarness, SupersededRecorder, started, taken


def ask(
    harness: RuntimeHarness, qtbot: QtBot, answer: Reply | TransportFailure, account: Account = SHOP
) -> QueryWeChat:
    usual = harness.wechat

    def handler(request: Request) -> Reply | TransportFailure:
        return answer if request.path.endswith("get_api_domain_ip") else usual(request)

    harness.transport.handler = handler
    handle = harness.controller.account_jobs.query_wechat(account, QueryKind.TOKEN_VALID)
    with qtbot.waitSignal(handle.finished):
        pass
    assert isinstance(handle.job, QueryWeChat)
    return handle.job


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_check_that_is_refused_shows_that_somebody_took_it(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot, errcode: int
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    value = harness.value(SHOP, TOKEN)
    assert value is not None
    job = ask(harness, qtbot, error_reply(errcode, f"invalid credential {value} rid: 6176a2e0-0a0b0c0d-00000001"))
    ((appid, entry),) = recorder.entries
    assert (appid, entry.result, entry.trigger) == (SHOP.appid, AttemptResult.REFUSED, Trigger.USER)
    assert (entry.errcode, entry.at, entry.rid) == (errcode, harness.clock(), "6176a2e0-0a0b0c0d-00000001")
    assert value not in repr(entry)
    assert taken(harness) == entry
    ((answered, done),) = harness.job_results
    assert answered is job
    assert isinstance(done, Refusal)


@pytest.mark.parametrize(
    "answer", [json_reply(ip_list=["203.0.113.1"]), error_reply(45009), error_reply(-1), OFFLINE_FAILURE]
)
def test_any_other_answer_to_a_check_accuses_nobody(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot, answer: Reply | TransportFailure
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    ask(harness, qtbot, answer)
    assert recorder.entries == []
    assert taken(harness) is None
    assert len(harness.job_results) == 1


def test_a_live_token_is_said_to_live_and_the_check_fetches_nothing(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    job = ask(harness, qtbot, json_reply(ip_list=[]))
    assert harness.job_results == [(job, TokenValid())]
    assert harness.transport.endpoints == ["get_api_domain_ip"]
    assert harness.history.entries == []


def test_without_a_token_a_check_calls_nothing(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot
) -> None:
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    started(harness, qtbot)
    asked = len(harness.transport.requests)
    job = ask(harness, qtbot, json_reply(ip_list=[]))
    assert harness.job_results == [(job, NoLiveToken())]
    assert len(harness.transport.requests) == asked
    assert recorder.entries == []


def test_an_account_that_is_removed_during_its_check_is_no_trouble(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.accounts.update(lambda _: ())
    harness.transport.handler = lambda _: error_reply(40001)
    harness.controller.account_jobs.query_wechat(SHOP, QueryKind.TOKEN_VALID)
    harness.controller.tick()
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert recorder.entries == []


def test_a_mistake_of_ours_in_a_question_is_answered_too(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)

    def broken(_: Request) -> Reply:
        raise ZeroDivisionError(SECRET)

    harness.transport.handler = broken
    handle = harness.controller.account_jobs.query_wechat(SHOP, QueryKind.TOKEN_VALID)
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert harness.job_results == [(handle.job, JobCrashed("ZeroDivisionError"))]
    assert recorder.entries == []


def test_a_forced_token_is_counted_and_the_next_one_has_to_wait(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)

    def find_allowance() -> ForceAllowance:
        answers: list[ForceAllowance] = []
        harness.controller.history_queries.load_force_allowance(SHOP.appid, answers.append)
        return answers[0]

    assert find_allowance().is_allowed
    harness.controller.force_new_token(SHOP.appid)
    harness.wait_until_idle(qtbot)
    may = find_allowance()
    assert not may.is_allowed
    assert may.allowed_at == harness.clock() + 30
    harness.clock.advance(31)
    assert find_allowance().remaining_today == 19


def test_a_check_answers_with_the_job_that_asked(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.start()
    handle = harness.controller.account_jobs.verify_credentials(CAFE, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    ((job, verdict),) = harness.job_results
    assert job is handle.job
    assert isinstance(verdict, VerificationResult)
    assert verdict.is_valid
    assert harness.controller.overview().account(CAFE.appid) is None


def test_a_check_that_fails_changes_nothing(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.controller.account_jobs.verify_credentials(CAFE, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    verdict = harness.job_results[0][1]
    assert isinstance(verdict, VerificationResult)
    assert isinstance(verdict.answer, Refusal)
    assert harness.history.entries == []


def test_a_saved_account_is_there_and_fetched_at_once(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    handle = harness.controller.account_jobs.save_account(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert harness.job_results == [(handle.job, AccountSaved(GAME))]
    harness.wait_until_idle(qtbot)
    assert harness.key_status(GAME, TOKEN).state is KeyState.FRESH
    assert harness.secrets.get(GAME.appid) == SecretFound(Secret(SECRET))


def test_a_saved_account_with_its_verdict_costs_no_second_token(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    started(harness, qtbot)
    harness.controller.account_jobs.verify_credentials(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: len(harness.job_results) == 1)
    verdict = harness.job_results[0][1]
    assert isinstance(verdict, VerificationResult)
    harness.controller.account_jobs.save_account(GAME, Secret(SECRET), verdict)
    qtbot.waitUntil(lambda: len(harness.job_results) == 2)
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints == ["stable_token"]
    assert harness.key_status(GAME, TOKEN).state is KeyState.FRESH


def test_saving_again_ends_what_was_waiting_for_a_person(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)
    started(harness, qtbot)
    harness.wechat.forced_token_reply = None
    harness.controller.account_jobs.save_account(SHOP, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().state is KeyState.FRESH


def test_an_account_that_could_not_be_saved_is_not_there(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.secrets.store_result = KeyringIsLocked()
    handle = harness.controller.account_jobs.save_account(GAME, Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert harness.job_results == [(handle.job, AccountNotSaved(GAME, KeyringIsLocked()))]
    assert harness.controller.overview().account(GAME.appid) is None


def test_input_that_cannot_be_used_comes_back_as_trouble(harness: RuntimeHarness, qtbot: QtBot) -> None:
    handle = harness.controller.account_jobs.save_account(replace(GAME, appid="no appid"), Secret(SECRET))
    qtbot.waitUntil(lambda: bool(harness.job_results))
    ((job, trouble),) = harness.job_results
    assert job is handle.job
    assert isinstance(trouble, JobFailed)
    assert str(trouble.error) == "bad-appid"


def test_a_removed_account_is_gone_at_once(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    handle = harness.controller.removals.remove_now(SHOP)
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert harness.job_results[0] == (handle.job, AccountRemoved(SHOP))
    assert harness.controller.overview().accounts == ()
    assert harness.secrets.stored == {}
    assert (SHOP.appid, TOKEN) in harness.dogs.files


@pytest.mark.parametrize("kind", [VerifyCredentials, SaveAccount, RemoveAccount])
def test_a_mistake_of_ours_in_a_job_is_told_as_such(
    harness: RuntimeHarness, qtbot: QtBot, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(harness.worker_pool, "_make_context", broken)
    acts: dict[type, Callable[[], JobHandle[Any]]] = {
        VerifyCredentials: lambda: harness.controller.account_jobs.verify_credentials(CAFE, Secret(SECRET)),
        SaveAccount: lambda: harness.controller.account_jobs.save_account(CAFE, Secret(SECRET)),
        RemoveAccount: lambda: harness.controller.removals.remove_now(SHOP),
    }
    handle = acts[kind]()
    qtbot.waitUntil(lambda: bool(harness.job_results))
    assert harness.job_results == [(handle.job, JobCrashed("ZeroDivisionError"))]
