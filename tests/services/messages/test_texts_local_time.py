"""Times as the clock on the wall shows them."""

import re
from datetime import datetime

import pytest

from guarddog_gui.services.messages.texts import INVALID_TIME, ShortTimeFormat, format_iso, format_timestamp

NOON = datetime(2026, 11, 3, 12, 0).astimezone().timestamp()
LOCAL = ShortTimeFormat(lambda: NOON)


def test_today_needs_no_date_and_another_day_does() -> None:
    assert LOCAL(NOON + 3600) == "13:00"
    assert LOCAL(NOON + 86_400) == "2026-11-04 12:00"
    assert LOCAL(NOON - 86_400) == "2026-11-02 12:00"


def test_a_stamp_and_an_iso_time_are_the_same_moment() -> None:
    assert format_timestamp(NOON) == "2026-11-03 12:00:00"
    text = format_iso(NOON)
    assert text is not None
    assert re.fullmatch(r"2026-11-03T12:00:00[+-]\d\d:\d\d", text)
    assert datetime.fromisoformat(text).timestamp() == NOON


@pytest.mark.parametrize("at", [1e18, -1e18, float("inf"), float("nan")])
def test_a_moment_that_no_calendar_has_is_no_crash(at: float) -> None:
    assert LOCAL(at) == format_timestamp(at) == INVALID_TIME
    assert format_iso(at) is None
