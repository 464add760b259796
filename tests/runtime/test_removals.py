"""Removals that can be undone: they end by themselves, at the next start at the latest."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval
from tests.runtime.harness import SECRET, SHOP, RuntimeHarness


def start(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)


def remove(harness: RuntimeHarness, qtbot: QtBot) -> None:
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.remove_later(SHOP)


def test_a_removed_account_is_gone_and_can_be_put_back(harness: RuntimeHarness, qtbot: QtBot) -> None:
    start(harness, qtbot)
    removals = harness.controller.removals
    remove(harness, qtbot)
    assert harness.controller.overview().accounts == ()
    assert [removal.account for removal in removals.recent] == [SHOP]
    assert harness.secrets.stored == {SHOP.appid: Secret(SECRET)}
    with qtbot.waitSignal(removals.changed):
        removals.undo(SHOP.appid)
    assert [status.account for status in harness.controller.overview().accounts] == [SHOP]
    assert removals.recent == ()


def test_the_secret_goes_when_the_time_is_over(harness: RuntimeHarness, qtbot: QtBot) -> None:
    start(harness, qtbot)
    remove(harness, qtbot)
    timer = harness.controller.removals._timer
    assert UNDO_S * 1000 <= timer.remainingTime() <= (UNDO_S + 2) * 1000
    harness.clock.advance(UNDO_S)
    with qtbot.waitSignal(harness.controller.removals.changed):
        timer.start(0)
    assert harness.secrets.stored == {}
    assert harness.controller.removals.recent == ()
    assert not timer.isActive()


def test_a_removal_ends_at_once_when_asked(harness: RuntimeHarness, qtbot: QtBot) -> None:
    start(harness, qtbot)
    remove(harness, qtbot)
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.remove_now(SHOP)
    assert harness.secrets.stored == {}


def test_a_start_takes_up_the_removals_of_the_last_run(harness: RuntimeHarness, qtbot: QtBot) -> None:
    due = PendingRemoval("wx00000000000000b2", "Café", undo_until=harness.clock() - 1)
    harness.secrets.stored[due.appid] = Secret(SECRET)
    harness.accounts.removals = (due,)
    recent = PendingRemoval(SHOP.appid, SHOP.name, removed=SHOP, undo_until=harness.clock() + 60)
    harness.accounts.start_removal(recent)
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.check()  # by the background engine
    assert harness.controller.removals.recent == (recent,)
    assert harness.secrets.stored.keys() == {SHOP.appid}


def test_an_undo_that_comes_too_late_is_refused(harness: RuntimeHarness, qtbot: QtBot) -> None:
    start(harness, qtbot)
    remove(harness, qtbot)
    harness.clock.advance(UNDO_S)
    handle = harness.controller.removals.undo(SHOP.appid)
    with qtbot.waitSignal(handle.failed):
        pass
    harness.wait_until_idle(qtbot)
    assert harness.controller.overview().accounts == ()
    assert harness.secrets.stored == {}
