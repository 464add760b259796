"""Detection of a tray: none, one from the start, one that appears later."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.tray.availability import FAST_POLLS_MAX, POLL_INTERVAL_MS, SLOW_POLL_INTERVAL_MS, TrayAvailability


class FakePlatformTray:
    """Tray of the platform, which a test switches on and off."""

    def __init__(self) -> None:
        self.is_there = False

    def isSystemTrayAvailable(self) -> bool:  # noqa: N802 - Qt's own name
        return self.is_there


@pytest.fixture
def platform_tray(monkeypatch: pytest.MonkeyPatch) -> FakePlatformTray:
    platform_tray = FakePlatformTray()
    monkeypatch.setattr("guarddog_gui.ui.tray.availability.QSystemTrayIcon", platform_tray)
    return platform_tray


@pytest.fixture
def availability(qapp: QApplication, platform_tray: FakePlatformTray) -> Iterator[TrayAvailability]:  # noqa: ARG001
    availability = TrayAvailability()
    yield availability
    for timer in availability.findChildren(QTimer):
        timer.stop()


def poll_timer(availability: TrayAvailability) -> QTimer:
    (timer,) = (timer for timer in availability.findChildren(QTimer) if not timer.isSingleShot())
    return timer


def test_a_tray_that_is_there_is_reported_at_once(
    availability: TrayAvailability, platform_tray: FakePlatformTray, qtbot: QtBot
) -> None:
    platform_tray.is_there = True

    with qtbot.waitSignal(availability.became_available, timeout=0):
        availability.start()

    assert availability.is_available
    assert not poll_timer(availability).isActive()


def test_without_a_tray_it_is_looked_for_every_second(availability: TrayAvailability, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(availability.became_available):
        availability.start()

    assert not availability.is_available
    assert poll_timer(availability).isActive()
    assert poll_timer(availability).interval() == POLL_INTERVAL_MS


def test_a_tray_that_appears_later_is_reported_once(
    availability: TrayAvailability, platform_tray: FakePlatformTray, qtbot: QtBot
) -> None:
    reports: list[bool] = []
    availability.became_available.connect(lambda: reports.append(availability.is_available))
    availability.start()
    poll_timer(availability).setInterval(1)
    platform_tray.is_there = True

    qtbot.waitUntil(lambda: bool(reports))

    assert reports == [True]
    assert not poll_timer(availability).isActive()


def test_after_a_minute_without_a_tray_it_is_looked_for_less_often(
    availability: TrayAvailability, qtbot: QtBot
) -> None:
    availability.start()
    polls = poll_timer(availability)
    assert FAST_POLLS_MAX * POLL_INTERVAL_MS == 60_000
    polls.setInterval(1)

    qtbot.waitUntil(lambda: polls.interval() == SLOW_POLL_INTERVAL_MS)

    assert polls.isActive()


def test_without_a_bus_the_icon_does_not_use_it(availability: TrayAvailability) -> None:
    availability.start()

    assert not availability.uses_dbus
