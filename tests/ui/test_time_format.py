"""Times as the window shows them: with the day only where it is not today."""

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from guarddog_gui.ui.time_format import format_short


def at(year: int, month: int, day: int, hour: int, minute: int) -> float:
    return datetime(year, month, day, hour, minute).timestamp()  # noqa: DTZ001 - local times are meant


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (at(2026, 11, 23, 16, 5), "16:05"),
        (at(2026, 11, 23, 0, 0), "00:00"),
        (at(2026, 11, 24, 0, 0), "Tue 00:00"),
        (at(2026, 11, 22, 23, 59), "Sun 23:59"),
        (at(2026, 11, 29, 9, 0), "Sun 09:00"),
        (at(2026, 11, 30, 9, 0), "2026-11-30 09:00"),
        (at(2027, 1, 1, 9, 0), "2027-01-01 09:00"),
    ],
)
def test_a_short_time_has_its_day_unless_it_is_today(timestamp: float, text: str) -> None:
    locale = QLocale(QLocale.Language.English)
    assert format_short(timestamp, at(2026, 11, 23, 12, 0), locale) == text
