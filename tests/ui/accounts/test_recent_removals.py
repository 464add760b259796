"""List of removed accounts: a row for each that can be undone, with named buttons."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.removal import UNDO_S
from guarddog_gui.ui.accounts.recent_removals import RecentRemovals
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find


@pytest.fixture
def removals(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> RecentRemovals:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    removals = RecentRemovals(harness.controller.removals, formatter)
    qtbot.addWidget(removals)
    return removals


def test_it_is_hidden_while_nothing_was_removed(removals: RecentRemovals) -> None:
    assert removals.isHidden()


def test_a_removed_account_can_be_undone_or_ended(
    removals: RecentRemovals, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.remove_later(SHOP)
    assert not removals.isHidden()
    with qtbot.waitSignal(removals.undo_requested) as undo:
        find.button(removals, "Undo the removal of Shop").click()
    assert undo.args == [SHOP.appid]
    with qtbot.waitSignal(removals.removal_requested) as remove:
        find.button(removals, "Remove the AppSecret of Shop now").click()
    assert remove.args == [SHOP]


def test_a_row_goes_when_its_time_is_over(removals: RecentRemovals, harness: RuntimeHarness, qtbot: QtBot) -> None:
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.remove_later(SHOP)
    harness.clock.advance(UNDO_S)
    with qtbot.waitSignal(harness.controller.removals.changed):
        harness.controller.removals.check()
    assert removals.isHidden()
