"""The month of tests/services once more, with the controller of the real program in its middle."""

from collections.abc import Callable

import pytest

from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Job, Save
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import Lanes
from guarddog_gui.services.accounts import Saved
from guarddog_gui.services.refresh import Eagerness, Order, Refresher
from guarddog_gui.services.worker_context import Engine
from tests.catalogue import CATALOGUE
from tests.fakes import NOW, MemoryAccounts
from tests.services.misfortunes import Misfortunes
from tests.services.world import DAY_S, World, some_accounts, summary


class NoThreads(Lanes):
    """Does each job at once, in the thread that submits it."""

    def __init__(self, refresher: Refresher) -> None:
        super().__init__(self._no_engine)
        self._refresher = refresher

    def submit(self, job: Job) -> None:
        match job:
            case Order():
                self.finished.emit(job, self._refresher.refresh(job))
            case Save(account):
                self.finished.emit(job, Saved(account))

    def _no_engine(self) -> Engine:
        raise AssertionError("nothing here runs in a lane")


class Armed(Scheduler):
    """Remembers for when it was armed; the world does the waiting."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock, clock)
        self.due_at: float | None = None

    def arm(self, due_at: float | None) -> None:
        self.due_at = due_at


class RealProgram:
    """A controller as a program for the world."""

    def __init__(self, world: World) -> None:
        self._accounts = {account.appid: account for account in world.accounts}
        self._scheduler = Armed(world.wall)
        self._controller = Controller(
            accounts=MemoryAccounts(*world.accounts),
            dogs=world.dogs,
            history=world.history,
            catalogue=CATALOGUE,
            clock=world.wall,
            lanes=NoThreads(world.refresher),
            scheduler=self._scheduler,
        )
        self._controller.start()

    def look(self) -> None:
        self._scheduler.beat.emit()

    def next_look(self) -> float | None:
        self._controller._publish()
        return self._scheduler.due_at

    def click(self, appid: str, eagerness: Eagerness = Eagerness.ASK) -> None:
        if eagerness is Eagerness.FORCE:
            self._controller.force(appid)
        else:
            self._controller.refresh(appid)

    def saved(self, appid: str) -> None:
        self._controller.save(self._accounts[appid], None)

    def woke(self) -> None:
        self._controller.on_woke()

    def network_up(self) -> None:
        self._controller.on_network_up()

    def gap(self, moved: float) -> None:
        self._scheduler.gap.emit(moved)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("seed", [3, 13, 31, 40, 47, 110])
def test_whatever_fails_the_real_controller_has_a_value_that_can_be_had_on_disk_soon_after(seed: int) -> None:
    world = World(some_accounts(4), seed, RealProgram)
    world.start()
    Misfortunes(world).plan()

    world.run(NOW + 30 * DAY_S)

    numbers = summary(world, NOW)
    print(f"\nseed {seed}, {world.looks} looks: {numbers}")  # noqa: T201 - for who asks with -s
    late = {key: round(t.worst_at - NOW) for key, t in world.tallies.items() if t.inexcusable > 1}
    assert not late, f"without a value at these seconds: {late}"
    assert numbers.calls_a_day < 90
    assert world.looks < 60_000  # it does not spin
