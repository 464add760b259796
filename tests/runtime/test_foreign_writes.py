"""Files that other programs write while nothing is due."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.foreign_writes import is_of_other_program
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.refresh_request import RefreshMode, RefreshRequest
from tests.fakes import error_reply, ticket_reply, token_reply
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness

THEIRS = "THEIRS-" + "b" * 60


def noticed(harness: RuntimeHarness) -> list[HistoryEntry]:
    return [entry for entry in harness.history.entries if is_of_other_program(entry)]


def started(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    harness.clock.advance(600)


def written(harness: RuntimeHarness, qtbot: QtBot, value: str, *, age: float = 1, life: int = 7200) -> None:
    """Another program writes, and the app looks."""
    harness.put_value(SHOP, TOKEN, value, age_s=age, lifetime_s=life, is_foreign=True)
    harness.tick()
    harness.wait_until_idle(qtbot)


def test_writes_of_another_program_are_counted_for_an_hour_and_recorded_once(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started(harness, qtbot)
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
    started(harness, qtbot)
    written(harness, qtbot, THEIRS)
    harness.controller.dismiss_foreign_writes(SHOP.appid)
    assert harness.controller.overview().accounts[0].foreign_refreshed_key is None


def test_what_was_written_while_the_app_was_off_is_noticed_at_its_start(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.replace_controller()
    harness.put_value(SHOP, TOKEN, THEIRS, age_s=60, is_foreign=True)

    harness.controller.start()
    harness.wait_until_idle(qtbot)

    assert [entry.result for entry in noticed(harness)] == [AttemptResult.NOT_ADOPTED]
    assert harness.value(SHOP, TOKEN) != THEIRS


def test_it_is_noticed_in_a_pause_and_while_a_person_has_to_act_and_nobody_is_called(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started(harness, qtbot)
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
    started(harness, qtbot)
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
    started(harness, qtbot)
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
    started(harness, qtbot)
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
    started(harness, qtbot)
    harness.lock.is_busy = True
    written(harness, qtbot, THEIRS)
    assert noticed(harness) == []
    assert [entry for entry in harness.history.entries if entry.result is AttemptResult.LOCK_BUSY] == []
    harness.lock.is_busy = False
    harness.advance(30)
    harness.wait_until_idle(qtbot)
    assert len(noticed(harness)) == 1


def test_a_persons_click_that_comes_during_a_look_is_not_lost(harness: RuntimeHarness, qtbot: QtBot) -> None:
    started(harness, qtbot)
    harness.wechat.forced_token_reply = token_reply(THEIRS)
    harness.put_value(SHOP, TOKEN, THEIRS, age_s=1, is_foreign=True)
    harness.controller.tick()
    harness.controller.refresh(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert [o.entry.result for o in harness.refresh_results[2:]] == [AttemptResult.ADOPTED, AttemptResult.SAME]


def test_a_value_that_could_not_be_written_replaces_that_of_another_program(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    started(harness, qtbot)
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
    started(harness, qtbot)
    harness.wechat.forced_ticket_reply = ticket_reply("TICKET-" + "t" * 60)
    harness.put_value(SHOP, TICKET, "TICKET-" + "t" * 60, age_s=1, is_foreign=True)
    harness.tick()
    harness.wait_until_idle(qtbot)
    assert harness.key_status(SHOP, TICKET).next_attempt_at == harness.clock() + 7200 - SHOP.ahead
