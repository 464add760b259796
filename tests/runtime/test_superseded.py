"""A token that another program superseded: how it is noticed and reported, and the state of the previous one."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import PreviousToken, fingerprint
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, TransportFailure
from guarddog_gui.runtime.jobs import JobCrashed, QueryKind, QueryWeChat
from guarddog_gui.services.account_queries import NoLiveToken
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply
from tests.runtime.harness import SECRET, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness

MINUTE = 60.0
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=600)


class SupersededRecorder:
    """Reports of the controller about superseded tokens."""

    def __init__(self, harness: RuntimeHarness) -> None:
        self.entries: list[tuple[str, HistoryEntry]] = []
        harness.controller.token_superseded.connect(lambda appid, entry: self.entries.append((appid, entry)))


@pytest.fixture
def recorder(harness: RuntimeHarness) -> SupersededRecorder:
    return SupersededRecorder(harness)


@pytest.fixture
def classic(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - threads and timers need one
    with runtime_harness(CLASSIC) as harness:
        yield harness


def previous(harness: RuntimeHarness, account: Account = SHOP) -> PreviousToken | None:
    return harness.key_status(account, TOKEN).previous_token


def taken(harness: RuntimeHarness, account: Account = SHOP) -> HistoryEntry | None:
    status = harness.controller.overview().account(account.appid)
    assert status is not None
    return status.superseded_entry


def refuse_once(harness: RuntimeHarness, errcode: int, path: str = "getticket") -> None:
    """The next call of this kind is refused, as if the token in it had died."""
    usual: Callable[[Request], Reply | TransportFailure] = harness.wechat
    left = [error_reply(errcode)]

    def answer(request: Request) -> Reply | TransportFailure:
        return left.pop() if left and request.path.endswith(path) else usual(request)

    harness.transport.handler = answer


def started(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)


# -- the token before -----------------------------------------------------------------------------


def test_a_first_token_has_none_before_it(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    assert previous(harness) is None


def test_the_token_before_is_shown_while_wechat_takes_it_and_then_no_more(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started(harness, qtbot)
    old = harness.value(SHOP, TOKEN)
    assert old is not None
    harness.advance(7000)
    harness.wait_until_idle(qtbot)
    assert harness.value(SHOP, TOKEN) != old
    began = harness.clock()
    assert previous(harness) == PreviousToken(old, began + 200)  # its own end comes before the five minutes do
    harness.clock.advance(199)
    assert previous(harness) is not None
    harness.clock.advance(1)
    assert previous(harness) is None


def test_the_overlap_is_five_minutes_at_most(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    old = harness.value(SHOP, TOKEN)
    assert old is not None
    harness.clock.advance(MINUTE)
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert previous(harness) == PreviousToken(old, harness.clock() + 5 * MINUTE)
    harness.clock.advance(5 * MINUTE)
    assert previous(harness) is None


def test_a_forced_stable_token_leaves_none_before_it(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(MINUTE)
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert previous(harness) is not None
    harness.clock.advance(MINUTE)
    harness.controller.force_new_token(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert previous(harness) is None


def test_a_forced_classic_token_leaves_the_one_before_for_five_minutes(classic: RuntimeHarness, qtbot: QtBot) -> None:
    started(classic, qtbot)
    classic.clock.advance(MINUTE)
    classic.controller.force_new_token(SHOP.appid)
    classic.wait_until_idle(qtbot)
    assert previous(classic, CLASSIC) is not None


def test_a_failure_does_not_end_the_overlap(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(MINUTE)
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    before = previous(harness)
    assert before is not None
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert previous(harness) == before


def test_a_ticket_has_no_overlap(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(MINUTE)
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert previous(harness) is not None
    assert harness.key_status(SHOP, TICKET).previous_token is None


# -- on the way to a ticket -----------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_ticket_that_is_refused_for_a_live_token_shows_that_somebody_took_it(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot, errcode: int
) -> None:
    started(harness, qtbot)
    old = harness.value(SHOP, TOKEN)
    harness.clock.advance(MINUTE)
    refuse_once(harness, errcode)
    harness.controller.refresh(SHOP.appid, TICKET)
    harness.wait_until_idle(qtbot)
    assert harness.value(SHOP, TOKEN) != old
    ((appid, entry),) = recorder.entries
    assert (appid, entry.key, entry.at) == (SHOP.appid, TOKEN, harness.clock())
    assert taken(harness) == entry
    assert previous(harness) is None  # the new token ended it
    assert harness.history.entries[-2].detail == policy.SUPERSEDED


def test_a_refusal_of_the_ticket_itself_says_nothing_about_the_token(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot
) -> None:
    started(harness, qtbot)
    harness.clock.advance(MINUTE)
    refuse_once(harness, 48001)
    harness.controller.refresh(SHOP.appid, TICKET)
    harness.wait_until_idle(qtbot)
    assert recorder.entries == []
    assert taken(harness) is None


def test_it_is_shown_until_the_user_dismisses_it(
    harness: RuntimeHarness, recorder: SupersededRecorder, qtbot: QtBot
) -> None:
    started(harness, qtbot)
    harness.clock.advance(MINUTE)
    refuse_once(harness, 40001)
    harness.controller.refresh(SHOP.appid, TICKET)
    harness.wait_until_idle(qtbot)
    harness.advance(7000)  # a whole life later, and after a refresh that went well
    harness.wait_until_idle(qtbot)
    assert taken(harness) is not None
    harness.overviews.clear()
    harness.controller.dismiss_superseded(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert taken(harness) is None
    assert [status.superseded_entry for status in harness.overviews[-1].accounts] == [None]
    harness.controller.dismiss_superseded("wx-nobody")
    assert len(recorder.entries) == 1


# -- by a check -----------------------------------------------------------------------------------


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
    harness.controller.on_config_folder_changed("")
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


def test_a_classic_token_beside_a_second_program_is_checked_every_five_minutes(
    classic: RuntimeHarness, qtbot: QtBot
) -> None:
    harness = classic
    harness.controller.start()
    harness.wait_until_idle(qtbot)

    def checks() -> int:
        return sum(request.path.endswith("get_api_domain_ip") for request in harness.transport.requests)

    for _ in range(4):
        harness.advance(5 * MINUTE)
        harness.wait_until_idle(qtbot)
    assert checks() == 0  # nothing speaks for a second program

    (state,) = harness.controller._states
    state.superseded_at = harness.clock()
    for _ in range(40):
        harness.advance(30)
        harness.wait_until_idle(qtbot)
    assert 3 <= checks() <= 5

    dead = harness.key_status(CLASSIC, TOKEN).record
    assert dead is not None
    refuse_once(harness, 40001, "get_api_domain_ip")
    for _ in range(10):
        harness.advance(30)
        harness.wait_until_idle(qtbot)
    refused = [entry for entry in harness.history.entries if entry.result is AttemptResult.REFUSED]
    assert [entry.fingerprint for entry in refused] == [fingerprint(dead.value)]
    assert harness.value(CLASSIC, TOKEN) not in (None, dead.value)
