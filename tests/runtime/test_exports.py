"""Outlets while the program runs: handed on whenever something is new, beside the refreshes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.runtime.jobs import Crash, HandOn
from tests.fakes import refusal
from tests.runtime.stage import SHOP, TICKET, TOKEN, Stage, stage_with

ENV = Outlet(OutletForm.ENV, "/srv/.env")
RUN = Outlet(OutletForm.COMMAND, command=("notify",))
WRITTEN = replace(SHOP, outlets=(ENV, RUN))
FAILED = OutletTrouble(OutletFault.EXIT, "3")

pytestmark = pytest.mark.usefixtures("qapp")


def started(stage: Stage, qtbot: QtBot) -> None:
    stage.controller.start()
    stage.settle(qtbot)


def reports(stage: Stage) -> tuple[OutletReport, ...]:
    (status,) = stage.controller.overview().accounts
    return status.outlets


@contextmanager
def ending_with(deed: Callable[[], None]) -> Iterator[None]:
    """Also when the test fails: a lane that waits on would abort the whole run."""
    try:
        yield
    finally:
        deed()


def last_ran(stage: Stage) -> dict[str, str]:
    _, _, values = stage.commands.ran[-1]
    return {kind.value: value for kind, value in values.items()}


def test_what_a_refresh_brings_is_handed_on_and_told(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        started(stage, qtbot)

        assert last_ran(stage) == {kind: stage.value(SHOP, kind) for kind in (TOKEN, TICKET)}
        assert [report.written_at for report in reports(stage)] == [stage.clock(), stage.clock()]
        assert stage.published[-1].accounts[0].outlets == reports(stage)


def test_a_start_hands_on_what_failed_the_last_time_and_runs_no_command_twice(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        stage.put_fresh(WRITTEN)
        started(stage, qtbot)
        assert len(stage.commands.ran) == 1
        stage.later(60)
        stage.settle(qtbot)
        assert len(stage.commands.ran) == 1

        with stage_with(WRITTEN) as second:
            second.dogs, second.journal = stage.dogs, stage.journal
            second.controller._dogs = stage.dogs
            started(second, qtbot)
            assert not second.commands.ran
            assert reports(second) == reports(stage)


def test_what_another_program_has_written_is_handed_on(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        stage.put_fresh(WRITTEN)
        started(stage, qtbot)

        stage.put(SHOP, TOKEN, "THEIR-TOKEN", age=0)
        stage.later(1)
        stage.settle(qtbot)

        assert last_ran(stage)[TOKEN] == "THEIR-TOKEN"


def test_an_outlet_that_is_added_is_written_at_once_and_one_that_is_removed_is_forgotten(
    qtbot: QtBot,
) -> None:
    with stage_with(SHOP) as stage:
        stage.put_fresh(SHOP)
        started(stage, qtbot)
        assert not stage.foreign_files.written

        stage.controller.save(replace(SHOP, outlets=(ENV,)), None)
        stage.settle(qtbot)
        assert len(stage.foreign_files.written) >= 1
        assert [report.outlet for report in reports(stage)] == [ENV]

        stage.controller.save(SHOP, None)
        stage.settle(qtbot)
        assert reports(stage) == ()
        assert stage.journal.kept[SHOP.appid] == ()


def test_a_failure_is_told_is_no_failure_of_the_account_and_is_tried_again(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        stage.commands.trouble = FAILED
        started(stage, qtbot)
        assert [report.trouble for report in reports(stage)] == [None, FAILED]
        assert stage.controller.overview().state is State.FRESH

        stage.commands.trouble = None
        stage.controller.refresh()
        stage.settle(qtbot)
        assert [report.trouble for report in reports(stage)] == [None, None]


def test_a_refresh_that_fails_hands_nothing_on(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        stage.wechat.refuses = refusal(40164)
        started(stage, qtbot)

        assert not stage.commands.ran


def test_a_slow_command_holds_up_neither_the_refresh_nor_the_next_one(qtbot: QtBot) -> None:
    go_on = threading.Event()
    with stage_with(WRITTEN) as stage, ending_with(go_on.set):
        stage.commands.meanwhile = lambda: go_on.wait(60)
        stage.controller.start()
        qtbot.waitUntil(lambda: bool(stage.commands.ran), timeout=20_000)
        qtbot.waitUntil(lambda: stage.controller.overview().state is State.FRESH, timeout=20_000)

        first = stage.value(SHOP, TOKEN)
        stage.later(7200 - 280)
        qtbot.waitUntil(lambda: stage.value(SHOP, TOKEN) != first, timeout=20_000)
        assert len(stage.commands.ran) == 1, "one at a time"
        go_on.set()
        stage.settle(qtbot)

        assert last_ran(stage)[TOKEN] == stage.value(SHOP, TOKEN)


def test_a_bug_of_ours_is_told_and_the_next_one_is_tried(qtbot: QtBot) -> None:
    with stage_with(WRITTEN) as stage:
        stage.put_fresh(WRITTEN)
        stage.commands.meanwhile = lambda: 1 / 0
        started(stage, qtbot)
        assert stage.crashes == ["ZeroDivisionError"]

        stage.commands.meanwhile = lambda: None
        stage.controller.refresh()
        stage.settle(qtbot)
        assert [report.trouble for report in reports(stage)] == [None, None]


def test_an_answer_that_comes_after_the_account_has_gone_is_nobodys(qtbot: QtBot) -> None:
    with stage_with() as stage:
        started(stage, qtbot)

        stage.controller._on_finished(HandOn(WRITTEN), Crash("late"))

        assert stage.crashes == []
