"""The scheduler: when it looks, and what it makes of a clock that jumps."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.runtime.scheduler import Scheduler
from tests.fakes import FakeClock


class SchedulerSetup:
    """A scheduler with both its clocks, and the signals it emits."""

    def __init__(self) -> None:
        self.wall = FakeClock()
        self.steady = FakeClock(5.0)
        self.scheduler = Scheduler(self.wall, self.steady)
        self.events: list[float | str] = []
        self.scheduler.clock_jumped.connect(self.events.append)
        self.scheduler.ticked.connect(lambda: self.events.append("tick"))

    @property
    def armed_ms(self) -> int | None:
        timer = self.scheduler._timer
        return timer.interval() if timer.isActive() else None

    def pass_time(self, wall: float, steady: float) -> None:
        self.wall.advance(wall)
        self.steady.advance(steady)
        self.scheduler.check_clock()


@pytest.fixture
def watch(qapp: QApplication) -> SchedulerSetup:  # noqa: ARG001 - timers need one
    return SchedulerSetup()


@pytest.mark.parametrize(
    ("due_in", "armed_ms"),
    [(10.0, 10_000), (29.0, 29_000), (3600.0, 30_000), (float("inf"), 30_000), (0.0, 50), (-86_400.0, 50)],
)
def test_it_looks_when_something_is_due_and_at_the_latest_after_half_a_minute(
    watch: SchedulerSetup, due_in: float, armed_ms: int
) -> None:
    watch.scheduler.schedule(watch.wall() + due_in)
    assert watch.armed_ms == armed_ms


def test_with_nothing_due_it_looks_every_half_minute(watch: SchedulerSetup) -> None:
    watch.scheduler.schedule(None)
    assert watch.armed_ms == 30_000


def test_it_ticks_by_itself_when_the_time_has_come(watch: SchedulerSetup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(watch.scheduler.ticked, timeout=2000):
        watch.scheduler.schedule(watch.wall() + 0.06)


def test_after_a_tick_it_continues_without_a_new_schedule(watch: SchedulerSetup) -> None:
    watch.pass_time(30, 30)
    assert watch.events == ["tick"]
    assert watch.armed_ms == 30_000


def test_a_stopped_one_says_nothing(watch: SchedulerSetup, qtbot: QtBot) -> None:
    watch.scheduler.schedule(watch.wall())
    watch.scheduler.stop()
    qtbot.wait(120)
    assert watch.events == []


@pytest.mark.parametrize("moved", [8 * 3600.0, 61.0, 30 * 86_400.0, -3600.0, -61.0])
def test_a_jump_of_the_wall_clock_is_reported_before_the_tick(watch: SchedulerSetup, moved: float) -> None:
    watch.pass_time(30 + moved, 30)
    assert watch.events == [pytest.approx(moved), "tick"]


@pytest.mark.parametrize("moved", [0.0, 5.0, 59.0, -59.0])
def test_what_a_time_server_nudges_is_no_gap(watch: SchedulerSetup, moved: float) -> None:
    watch.pass_time(30 + moved, 30)
    assert watch.events == ["tick"]


def test_a_tick_that_is_late_because_the_machine_is_busy_is_no_jump(watch: SchedulerSetup) -> None:
    watch.pass_time(300, 300)
    assert watch.events == ["tick"]


def test_a_gap_is_told_once(watch: SchedulerSetup) -> None:
    watch.pass_time(3630, 30)
    watch.pass_time(30, 30)
    assert watch.events == [pytest.approx(3600), "tick", "tick"]
