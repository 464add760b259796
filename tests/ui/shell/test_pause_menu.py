"""The menu that pauses automatic refreshes: how long, and what its title says."""

from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.pause_menu import PauseMenu
from tests.runtime.harness import RuntimeHarness


@pytest.fixture
def pause(harness: RuntimeHarness, formatter: Formatter) -> PauseMenu:
    pause = PauseMenu(harness.controller, formatter)
    harness.controller.overview_changed.connect(pause.show_overview)
    harness.controller.start()
    return pause


def test_a_pause_lasts_as_long_as_its_text_says(pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot) -> None:
    for row, seconds in ((0, 1800), (1, 3600)):
        pause.menu.actions()[row].trigger()
        harness.wait_until_idle(qtbot)
        assert harness.controller.overview().paused_until == harness.clock() + seconds


def test_until_tomorrow_is_until_local_midnight(pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot) -> None:
    pause.menu.actions()[2].trigger()
    harness.wait_until_idle(qtbot)
    until = harness.controller.overview().paused_until
    assert until is not None
    today = datetime.fromtimestamp(harness.clock())  # noqa: DTZ006 - local midnight is meant
    tomorrow = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert until == tomorrow.timestamp()


def test_the_title_shows_the_end_of_a_pause_that_can_be_resumed(
    pause: PauseMenu, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    resume = pause.menu.actions()[3]
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()
    pause.menu.actions()[1].trigger()
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == f"Paused until {formatter.format_time(harness.clock() + 3600)}"
    assert resume.isVisible()
    resume.trigger()
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == "Pause"
    assert not resume.isVisible()


def test_the_title_of_a_pause_without_an_end_has_no_time(
    pause: PauseMenu, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.controller.pause(float("inf"))
    harness.wait_until_idle(qtbot)
    assert pause.menu.title() == "Paused"
