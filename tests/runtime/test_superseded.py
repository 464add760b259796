"""A token that somebody else ended: how it is noticed and told, and what is said of the one before."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens.record import Previous
from guarddog_gui.domain.wechat.account_queries import Alive
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, Request, Silence
from guarddog_gui.runtime.jobs import Answered, Ask, Crash, Question
from guarddog_gui.services.account_queries import NoToken
from tests.fakes import OFFLINE, json_reply, refusal
from tests.runtime.stage import SECRET, SHOP, TICKET, TOKEN, Stage, stage_with

MINUTE = 60.0
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=600)


class Told:
    """What the controller said about taken tokens."""

    def __init__(self, stage: Stage) -> None:
        self.heard: list[tuple[str, Entry]] = []
        stage.controller.taken.connect(lambda appid, entry: self.heard.append((appid, entry)))


@pytest.fixture
def told(stage: Stage) -> Told:
    return Told(stage)


@pytest.fixture
def classic(qapp: QApplication) -> Iterator[Stage]:  # noqa: ARG001 - threads and timers need one
    with stage_with(CLASSIC) as stage:
        yield stage


def previous(stage: Stage, account: Account = SHOP) -> Previous | None:
    return stage.key(account, TOKEN).previous


def taken(stage: Stage, account: Account = SHOP) -> Entry | None:
    status = stage.controller.overview().account(account.appid)
    assert status is not None
    return status.taken


def refuse_once(stage: Stage, errcode: int, path: str = "getticket") -> None:
    """The next call of this kind is refused, as if the token in it had died."""
    usual: Callable[[Request], Reply | Silence] = stage.wechat
    left = [refusal(errcode)]

    def answer(request: Request) -> Reply | Silence:
        return left.pop() if left and request.path.endswith(path) else usual(request)

    stage.transport.handler = answer


def started(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    stage.settle(qtbot)


# -- the token before -----------------------------------------------------------------------------


def test_a_first_token_has_none_before_it(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    assert previous(stage) is None


def test_the_token_before_is_shown_while_wechat_takes_it_and_then_no_more(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    old = stage.value(SHOP, TOKEN)
    assert old is not None
    stage.later(7000)
    stage.settle(qtbot)
    assert stage.value(SHOP, TOKEN) != old
    began = stage.clock()
    assert previous(stage) == Previous(old, began + 200)  # its own end comes before the five minutes do
    stage.clock.advance(199)
    assert previous(stage) is not None
    stage.clock.advance(1)
    assert previous(stage) is None


def test_the_overlap_is_five_minutes_at_most(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    old = stage.value(SHOP, TOKEN)
    assert old is not None
    stage.clock.advance(MINUTE)
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    assert previous(stage) == Previous(old, stage.clock() + 5 * MINUTE)
    stage.clock.advance(5 * MINUTE)
    assert previous(stage) is None


def test_a_forced_stable_token_leaves_none_before_it(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(MINUTE)
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    assert previous(stage) is not None
    stage.clock.advance(MINUTE)
    stage.controller.force(SHOP.appid)
    stage.settle(qtbot)
    assert previous(stage) is None


def test_a_forced_classic_token_leaves_the_one_before_for_five_minutes(classic: Stage, qtbot: QtBot) -> None:
    started(classic, qtbot)
    classic.clock.advance(MINUTE)
    classic.controller.force(SHOP.appid)
    classic.settle(qtbot)
    assert previous(classic, CLASSIC) is not None


def test_a_failure_does_not_end_the_overlap(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(MINUTE)
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    before = previous(stage)
    assert before is not None
    stage.wechat.refuses = OFFLINE
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    assert previous(stage) == before


def test_a_ticket_has_no_overlap(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(MINUTE)
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    assert previous(stage) is not None
    assert stage.key(SHOP, TICKET).previous is None


# -- on the way to a ticket -----------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_ticket_that_is_refused_for_a_live_token_shows_that_somebody_took_it(
    stage: Stage, told: Told, qtbot: QtBot, errcode: int
) -> None:
    started(stage, qtbot)
    old = stage.value(SHOP, TOKEN)
    stage.clock.advance(MINUTE)
    refuse_once(stage, errcode)
    stage.controller.refresh(SHOP.appid, TICKET)
    stage.settle(qtbot)
    assert stage.value(SHOP, TOKEN) != old
    ((appid, entry),) = told.heard
    assert (appid, entry.key, entry.at) == (SHOP.appid, TOKEN, stage.clock())
    assert taken(stage) == entry
    assert previous(stage) is None  # whoever took it ended it
    assert stage.history.entries[-2].detail == policy.TAKEN


def test_a_refusal_of_the_ticket_itself_says_nothing_about_the_token(
    stage: Stage, told: Told, qtbot: QtBot
) -> None:
    started(stage, qtbot)
    stage.clock.advance(MINUTE)
    refuse_once(stage, 48001)
    stage.controller.refresh(SHOP.appid, TICKET)
    stage.settle(qtbot)
    assert told.heard == []
    assert taken(stage) is None


def test_it_is_shown_until_somebody_knows(stage: Stage, told: Told, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.clock.advance(MINUTE)
    refuse_once(stage, 40001)
    stage.controller.refresh(SHOP.appid, TICKET)
    stage.settle(qtbot)
    stage.later(7000)  # a whole life later, and after a refresh that went well
    stage.settle(qtbot)
    assert taken(stage) is not None
    stage.published.clear()
    stage.controller.dismiss_taken(SHOP.appid)
    stage.settle(qtbot)
    assert taken(stage) is None
    assert [status.taken for status in stage.published[-1].accounts] == [None]
    stage.controller.dismiss_taken("wx-nobody")
    assert len(told.heard) == 1


# -- by a check -----------------------------------------------------------------------------------


def ask(stage: Stage, qtbot: QtBot, answer: Reply | Silence, account: Account = SHOP) -> Ask:
    usual = stage.wechat

    def handler(request: Request) -> Reply | Silence:
        return answer if request.path.endswith("get_api_domain_ip") else usual(request)

    stage.transport.handler = handler
    job = stage.controller.ask(account, Question.ALIVE)
    with qtbot.waitSignal(stage.controller.job_done):
        pass
    return job


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_check_that_is_refused_shows_that_somebody_took_it(
    stage: Stage, told: Told, qtbot: QtBot, errcode: int
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    value = stage.value(SHOP, TOKEN)
    assert value is not None
    job = ask(stage, qtbot, refusal(errcode, f"invalid credential {value} rid: 6176a2e0-0a0b0c0d-00000001"))
    ((appid, entry),) = told.heard
    assert (appid, entry.result, entry.trigger) == (SHOP.appid, Result.REFUSED, Trigger.PERSON)
    assert (entry.errcode, entry.at, entry.rid) == (errcode, stage.clock(), "6176a2e0-0a0b0c0d-00000001")
    assert value not in repr(entry)
    assert taken(stage) == entry
    ((answered, done),) = stage.jobs_done
    assert answered is job
    assert isinstance(done, Answered)
    assert isinstance(done.heard, Refusal)


@pytest.mark.parametrize(
    "answer", [json_reply(ip_list=["203.0.113.1"]), refusal(45009), refusal(-1), OFFLINE]
)
def test_any_other_answer_to_a_check_accuses_nobody(
    stage: Stage, told: Told, qtbot: QtBot, answer: Reply | Silence
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    ask(stage, qtbot, answer)
    assert told.heard == []
    assert taken(stage) is None
    assert len(stage.jobs_done) == 1


def test_a_live_token_is_said_to_live_and_the_check_fetches_nothing(stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    job = ask(stage, qtbot, json_reply(ip_list=[]))
    assert stage.jobs_done == [(job, Answered(Alive()))]
    assert stage.transport.paths == ["get_api_domain_ip"]
    assert stage.history.entries == []


def test_without_a_token_a_check_asks_nobody(stage: Stage, told: Told, qtbot: QtBot) -> None:
    stage.wechat.refuses = OFFLINE
    started(stage, qtbot)
    asked = len(stage.transport.requests)
    job = ask(stage, qtbot, json_reply(ip_list=[]))
    assert stage.jobs_done == [(job, Answered(NoToken()))]
    assert len(stage.transport.requests) == asked
    assert told.heard == []


def test_an_account_that_is_removed_during_its_check_is_no_trouble(
    stage: Stage, told: Told, qtbot: QtBot
) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)
    stage.accounts.change(lambda _: ())
    stage.transport.handler = lambda _: refusal(40001)
    stage.controller.ask(SHOP, Question.ALIVE)
    stage.controller.on_list_changed("")
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert told.heard == []


def test_a_mistake_of_ours_in_a_question_is_answered_too(stage: Stage, told: Told, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    started(stage, qtbot)

    def broken(_: Request) -> Reply:
        raise ZeroDivisionError(SECRET)

    stage.transport.handler = broken
    job = stage.controller.ask(SHOP, Question.ALIVE)
    qtbot.waitUntil(lambda: bool(stage.jobs_done))
    assert stage.jobs_done == [(job, Crash("ZeroDivisionError"))]
    assert told.heard == []
