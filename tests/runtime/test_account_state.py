"""State of one account: the previous token, superseded tokens, and files that other programs write."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import is_of_other_program
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.tokens.record import PreviousToken, fingerprint
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.runtime.account_state import merge_requests
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from tests.fakes import OFFLINE_FAILURE, error_reply, ticket_reply, token_reply
from tests.runtime.harness import (
    SHOP,
    TICKET,
    TOKEN,
    RuntimeHarness,
    SupersededRecorder,
    runtime_harness,
    started,
    taken,
)

MINUTE = 60.0


CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=600)


@pytest.fixture
def classic(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - threads and timers need one
    with runtime_harness(CLASSIC) as harness:
        yield harness


def previous(harness: RuntimeHarness, account: Account = SHOP) -> PreviousToken | None:
    return harness.key_status(account, TOKEN).previous_token


def refuse_once(harness: RuntimeHarness, errcode: int, path: str = "getticket") -> None:
    """The next call of this kind is refused, as if the token in it had died."""
    usual: Callable[[Request], Reply | TransportFailure] = harness.wechat
    left = [error_reply(errcode)]

    def answer(request: Request) -> Reply | TransportFailure:
        return left.pop() if left and request.path.endswith(path) else usual(request)

    harness.transport.handler = answer


# -- the previous token ----------------------------------------------------------------------------


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


# -- a token that another program superseded --------------------------------------------------------


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


def test_a_classic_token_is_checked_every_minute_beside_another_program(classic: RuntimeHarness, qtbot: QtBot) -> None:
    harness = classic
    harness.controller.start()
    harness.wait_until_idle(qtbot)

    def checks() -> int:
        return sum(request.path.endswith("get_api_domain_ip") for request in harness.transport.requests)

    def let_twenty_minutes_pass() -> None:
        for _ in range(40):
            harness.advance(30)
            harness.wait_until_idle(qtbot)

    let_twenty_minutes_pass()
    assert 4 <= checks() <= 5
    (state,) = harness.controller._states
    state.superseded_at = harness.clock()  # another program has shown up
    let_twenty_minutes_pass()
    assert 18 <= checks() - 5 <= 20

    dead = harness.key_status(CLASSIC, TOKEN).record
    assert dead is not None
    refuse_once(harness, 40001, "get_api_domain_ip")
    for _ in range(10):
        harness.advance(30)
        harness.wait_until_idle(qtbot)
    refused = [entry for entry in harness.history.entries if entry.result is AttemptResult.REFUSED]
    assert [entry.fingerprint for entry in refused] == [fingerprint(dead.value)]
    assert harness.value(CLASSIC, TOKEN) not in (None, dead.value)


# -- files that other programs write ---------------------------------------------------------------

THEIRS = "THEIRS-" + "b" * 60


def noticed(harness: RuntimeHarness) -> list[HistoryEntry]:
    return [entry for entry in harness.history.entries if is_of_other_program(entry)]


def started_ten_minutes_ago(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.clock.advance(600)


def written(harness: RuntimeHarness, qtbot: QtBot, value: str, *, age: float = 1, life: int = 7200) -> None:
    """Another program writes, and the app looks."""
    harness.put_value(SHOP, TOKEN, value, age_s=age, lifetime_s=life, is_foreign=True)
    harness.tick()
    harness.wait_until_idle(qtbot)


def test_writes_of_another_program_are_counted_for_an_hour_and_recorded_once(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started_ten_minutes_ago(harness, qtbot)
    asked = len(harness.transport.requests)
    for number in range(3):
        harness.wechat.forced_token_reply = token_reply(f"{THEIRS}{number}")
        written(harness, qtbot, f"{THEIRS}{number}")
        harness.advance(60)
        harness.wait_until_idle(qtbot)

    status = harness.controller.overview().accounts[0]
    assert status.foreign_refreshed_key is not None
    assert (status.foreign_refreshed_key.kind, status.foreign_refreshed_key.foreign_refresh_count) == (TOKEN, 3)
    assert len(noticed(harness)) == 3
    assert len(harness.transport.requests) == asked + 3
    harness.clock.advance(3600)
    assert harness.controller.overview().accounts[0].foreign_refreshed_key is None


def test_a_value_of_another_account_is_never_shown_and_ours_is_put_back(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    ours = harness.key_status(SHOP, TOKEN).record
    assert ours is not None
    harness.wechat.forced_token_reply = token_reply(ours.value)
    for number in range(20):
        harness.put_value(SHOP, TOKEN, f"{THEIRS}{number}", age_s=1, is_foreign=True)
        harness.controller.tick()
        assert harness.value(SHOP, TOKEN) == ours.value
        harness.wait_until_idle(qtbot)
        assert harness.value(SHOP, TOKEN) == ours.value
        on_disk = harness.dogs.read(SHOP, TOKEN)
        assert on_disk is not None
        assert on_disk.value == ours.value
    assert len(noticed(harness)) <= 2
    assert len(harness.transport.requests) <= 2 + 1


def test_one_who_knows_of_it_is_left_in_peace(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    written(harness, qtbot, THEIRS)
    harness.controller.dismiss_foreign_writes(SHOP.appid)
    assert harness.controller.overview().accounts[0].foreign_refreshed_key is None


def test_what_was_written_while_the_app_was_off_is_noticed_at_its_start(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.replace_controller()
    harness.put_value(SHOP, TOKEN, THEIRS, age_s=60, is_foreign=True)

    harness.controller.start()
    harness.wait_until_idle(qtbot)

    assert [entry.result for entry in noticed(harness)] == [AttemptResult.NOT_ADOPTED]
    assert harness.value(SHOP, TOKEN) != THEIRS


def test_it_is_noticed_in_a_pause_and_while_a_person_has_to_act_and_nobody_is_called(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    harness.controller.pause(float("inf"))
    asked = len(harness.transport.requests)

    written(harness, qtbot, THEIRS)

    assert len(noticed(harness)) == 1
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    assert len(harness.transport.requests) == asked


def test_a_look_is_no_refresh_and_is_told_only_if_there_was_something(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    before = len(harness.refresh_results)
    harness.wechat.forced_token_reply = token_reply(THEIRS)
    harness.put_value(SHOP, TOKEN, THEIRS, age_s=1, is_foreign=True)
    harness.controller.tick()
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH
    harness.wait_until_idle(qtbot)
    assert [outcome.entry.result for outcome in harness.refresh_results[before:]] == [AttemptResult.ADOPTED]

    harness.wechat.forced_token_reply = None
    request = RefreshRequest(SHOP, (TOKEN,), Trigger.COMMAND, RefreshMode.FORCE)
    harness.make_context().refresher.refresh(request)  # another Guard Dog
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert len(harness.refresh_results) == before + 1
    assert len(noticed(harness)) == 1


def test_what_another_guard_dog_mended_is_no_failure_any_more(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    harness.wechat.forced_token_reply = None
    harness.clock.advance(60)

    harness.make_context().refresher.refresh(RefreshRequest(SHOP, (TOKEN,), Trigger.USER, RefreshMode.ALWAYS))
    harness.tick()
    harness.wait_until_idle(qtbot)

    assert harness.key_status(SHOP, TOKEN).state is KeyState.FRESH


def test_a_follower_in_our_folder_never_shows(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    ours = harness.key_status(SHOP, TOKEN).record
    assert ours is not None
    asked = len(harness.transport.requests)
    for age in (0, 30, 60):
        written(harness, qtbot, ours.value, age=age, life=20)
        assert harness.key_status(SHOP, TOKEN).record == ours
    rest = round(ours.expires_at - harness.clock())
    written(harness, qtbot, ours.value, age=0, life=rest)

    assert harness.key_status(SHOP, TOKEN).record == ours
    assert noticed(harness) == []
    assert len(harness.transport.requests) == asked


def test_a_look_that_has_to_wait_is_taken_at_the_next_beat(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.lock.is_busy = True
    written(harness, qtbot, THEIRS)
    assert noticed(harness) == []
    assert [entry for entry in harness.history.entries if entry.result is AttemptResult.LOCK_BUSY] == []
    harness.lock.is_busy = False
    harness.advance(30)
    harness.wait_until_idle(qtbot)
    assert len(noticed(harness)) == 1


def test_a_persons_click_that_comes_during_a_look_is_not_lost(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.wechat.forced_token_reply = token_reply(THEIRS)
    harness.put_value(SHOP, TOKEN, THEIRS, age_s=1, is_foreign=True)
    harness.controller.tick()
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert [o.entry.result for o in harness.refresh_results[2:]] == [AttemptResult.ADOPTED, AttemptResult.SAME]


def test_a_value_that_could_not_be_written_replaces_that_of_another_program(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.dogs.is_disk_full = True
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TOKEN).state is KeyState.FAILED
    ours = harness.value(SHOP, TOKEN)
    harness.dogs.is_disk_full = False

    written(harness, qtbot, THEIRS)

    on_disk = harness.dogs.read(SHOP, TOKEN)
    assert on_disk is not None
    assert harness.value(SHOP, TOKEN) == on_disk.value == ours


def test_a_ticket_that_is_seen_replacing_ours_has_its_whole_life(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started_ten_minutes_ago(harness, qtbot)
    harness.wechat.forced_ticket_reply = ticket_reply("TICKET-" + "t" * 60)
    harness.put_value(SHOP, TICKET, "TICKET-" + "t" * 60, age_s=1, is_foreign=True)
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TICKET).next_attempt_at == harness.clock() + 7200 - SHOP.ahead


# -- requests --------------------------------------------------------------------------------------


def test_two_wishes_make_an_order_that_does_what_both_want() -> None:
    timer = RefreshRequest(SHOP, (TICKET,), Trigger.TIMER, RefreshMode.IF_NEEDED)
    copy = RefreshRequest(SHOP, (TICKET,), Trigger.COPY, RefreshMode.IF_NEEDED)
    force = RefreshRequest(SHOP, (TOKEN,), Trigger.USER, RefreshMode.FORCE)
    both = merge_requests(force, timer)
    assert (both.kinds, both.mode, both.trigger) == ((TOKEN, TICKET), RefreshMode.FORCE, Trigger.USER)
    assert merge_requests(timer, force) == both
    assert merge_requests(timer, copy).trigger is Trigger.COPY
    assert merge_requests(timer, timer) == timer
