"""A line of the history."""

import pytest

from guarddog_gui.domain.refresh.history import Entry, Result, Trigger

GOOD = {Result.NEW, Result.SAME, Result.ADOPTED, Result.STILL_FRESH, Result.CLEARED}


@pytest.mark.parametrize("result", Result)
def test_an_attempt_is_good_when_it_ended_as_it_should(result: Result) -> None:
    assert Entry(0, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result).is_good == (result in GOOD)
