"""What the running app does about files that others write while nothing is due."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.services.refresh import Eagerness, Order
from tests.fakes import refusal
from tests.runtime.stage import SHOP, TICKET, TOKEN, Stage

THEIRS = "THEIRS-" + "b" * 60


def noticed(stage: Stage) -> list[Entry]:
    return [entry for entry in stage.history.entries if entry.detail == FOREIGN]


def started(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    stage.settle(qtbot)
    stage.clock.advance(600)


def written(stage: Stage, qtbot: QtBot, value: str, *, age: float = 1, life: int = 7200) -> None:
    """Another program writes, and the app looks."""
    stage.put(SHOP, TOKEN, value, age=age, life=life)
    stage.beat()
    stage.settle(qtbot)


def test_another_programs_writes_are_counted_for_an_hour_and_each_is_noted_once(
    stage: Stage, qtbot: QtBot
) -> None:
    started(stage, qtbot)
    asked = len(stage.transport.requests)
    for number in range(3):
        written(stage, qtbot, f"{THEIRS}{number}")
        stage.later(60)
        stage.settle(qtbot)

    status = stage.controller.overview().accounts[0]
    assert status.foreign is not None
    assert (status.foreign.kind, status.foreign.foreign) == (TOKEN, 3)
    assert len(noticed(stage)) == 3
    assert len(stage.transport.requests) == asked
    stage.clock.advance(3600)
    assert stage.controller.overview().accounts[0].foreign is None


def test_one_who_knows_of_it_is_left_in_peace(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    written(stage, qtbot, THEIRS)
    stage.controller.dismiss_second_writer(SHOP.appid)
    assert stage.controller.overview().accounts[0].foreign is None


def test_what_was_written_while_the_app_was_off_is_noticed_at_its_start(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.controller.stop()
    stage.put(SHOP, TOKEN, THEIRS, age=60)
    stage.controller._known.clear()

    stage.controller.start()
    stage.settle(qtbot)

    assert [entry.expires_at for entry in noticed(stage)] == [stage.clock() - 60 + 7200]


def test_it_is_noticed_in_a_pause_and_while_a_person_has_to_act_and_nobody_is_called(
    stage: Stage, qtbot: QtBot
) -> None:
    started(stage, qtbot)
    stage.wechat.refuses = refusal(40125)
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    stage.controller.pause(float("inf"))
    asked = len(stage.transport.requests)

    written(stage, qtbot, THEIRS)

    assert len(noticed(stage)) == 1
    assert stage.key(SHOP, TOKEN).state is State.FAILED
    assert len(stage.transport.requests) == asked


def test_a_look_is_no_refresh_and_is_told_only_if_there_was_something(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    told = len(stage.attempts)
    stage.put(SHOP, TOKEN, THEIRS, age=1)
    stage.controller._look()
    assert stage.key(SHOP, TOKEN).state is State.FRESH
    stage.settle(qtbot)
    assert [outcome.entry.result for outcome in stage.attempts[told:]] == [Result.ADOPTED]

    order = Order(SHOP, (TOKEN,), Trigger.COMMAND, Eagerness.FORCE)
    stage.engine().refresher.refresh(order)  # another Guard Dog
    stage.beat()
    stage.settle(qtbot)
    assert len(stage.attempts) == told + 1
    assert len(noticed(stage)) == 1


def test_what_another_guard_dog_mended_is_no_failure_any_more(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.wechat.refuses = refusal(40125)
    stage.controller.refresh(SHOP.appid)
    stage.settle(qtbot)
    stage.wechat.refuses = None
    stage.clock.advance(60)

    stage.engine().refresher.refresh(Order(SHOP, (TOKEN,), Trigger.PERSON, Eagerness.ASK))
    stage.beat()
    stage.settle(qtbot)

    assert stage.key(SHOP, TOKEN).state is State.FRESH


def test_a_follower_in_our_folder_never_shows(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    ours = stage.key(SHOP, TOKEN).record
    assert ours is not None
    asked = len(stage.transport.requests)
    for age in (0, 30, 60):
        written(stage, qtbot, ours.value, age=age, life=20)
        assert stage.key(SHOP, TOKEN).record == ours
    rest = round(ours.expires_at - stage.clock())
    written(stage, qtbot, ours.value, age=0, life=rest)

    assert stage.key(SHOP, TOKEN).record == ours
    assert noticed(stage) == []
    assert len(stage.transport.requests) == asked


def test_a_look_that_has_to_wait_is_taken_at_the_next_beat(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.lock.busy = True
    written(stage, qtbot, THEIRS)
    assert noticed(stage) == []
    assert [entry for entry in stage.history.entries if entry.result is Result.BUSY] == []
    stage.lock.busy = False
    stage.later(30)
    stage.settle(qtbot)
    assert len(noticed(stage)) == 1


def test_a_persons_click_that_comes_during_a_look_is_not_lost(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.put(SHOP, TOKEN, THEIRS, age=1)
    stage.controller._look()
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    assert [o.entry.result for o in stage.attempts[2:]] == [Result.ADOPTED, Result.NEW]


def test_a_value_that_the_disk_did_not_take_is_given_up_for_a_newer_one_of_another_program(
    stage: Stage, qtbot: QtBot
) -> None:
    started(stage, qtbot)
    stage.dogs.full = True
    stage.controller.refresh(SHOP.appid, TOKEN)
    stage.settle(qtbot)
    assert stage.key(SHOP, TOKEN).state is State.FAILED

    written(stage, qtbot, THEIRS)

    assert stage.value(SHOP, TOKEN) == THEIRS
    assert stage.key(SHOP, TOKEN).state is State.FRESH


def test_a_ticket_that_another_program_wrote_is_one_of_unknown_age(stage: Stage, qtbot: QtBot) -> None:
    started(stage, qtbot)
    stage.put(SHOP, TICKET, "TICKET-" + "t" * 60, age=1)
    stage.beat()
    stage.settle(qtbot)
    looked_at = stage.clock() - 600
    assert stage.key(SHOP, TICKET).next_at == looked_at + policy.look_every(7200)
